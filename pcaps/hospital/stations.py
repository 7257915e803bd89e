"""The people's side: what supervision, the security PC and the engineering station do on an ordinary Tuesday.

pymodbus asks over Modbus, bacpypes3 over BACnet, pycomm3 and cpppo over EtherNet/IP, net-snmp over SNMP, http.client over HTTP.
"""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.client import HTTPConnection

from bacpypes3.ipv4.app import NormalApplication
from bacpypes3.local.device import DeviceObject
from bacpypes3.pdu import Address, IPv4Address, LocalBroadcast
from pycomm3 import CIPDriver
from pymodbus.client import AsyncModbusTcpClient

from pcaps.hospital import hosts
from pcaps.hospital.devices import CAMERA_LOGINS, COMMUNITY, CPPPO, UPS_STATE, WATER_TAGS, bacnet_application, program
from pcaps.hospital.incidents import force_listen_only, office_scan, office_setpoint, priority_one
from pcaps.hospital.sntp import ask_time
from pcaps.hospital.timetable import CLOSING, DEFAULT_LOGIN, LISTEN_ONLY, OPENING, PRIORITY_1, SCAN, SETPOINT, Day

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


@asynccontextmanager
async def modbus(server: hosts.Host) -> AsyncIterator[AsyncModbusTcpClient]:
    client = AsyncModbusTcpClient(server.address, timeout=2, retries=0)
    await client.connect()
    try:
        yield client
    finally:
        client.close()


async def _poll_hvac(day: Day) -> None:
    """Reads every 2 s; writes a setpoint twice, as a declared writer does."""
    async with modbus(hosts.HVAC_PLC) as plc:

        async def poll() -> None:
            await plc.read_holding_registers(0, count=20, device_id=1)
            await plc.read_holding_registers(4000, count=10, device_id=1)

        async def write() -> None:
            await plc.write_register(4005, 21, device_id=1)

        await asyncio.gather(day.every(2, poll), day.at(40.5, write), day.at(172.5, write))


async def _poll_switchboard(day: Day) -> None:
    async with modbus(hosts.SWITCHBOARD) as gateway:
        await day.at(OPENING, lambda: gateway.read_device_information(device_id=255))

        async def poll() -> None:
            for unit in (1, 2, 3):
                await gateway.read_holding_registers(3000, count=3, device_id=unit)

        await day.every(5, poll, OPENING + 1)


async def _poll_water(day: Day) -> None:
    """Who the PLC is (ListIdentity, then CIP Identity object 1 Get Attributes All), then its tags."""

    def identify() -> None:
        with CIPDriver(hosts.WATER_PLC.address) as plc:
            plc.generic_message(0x01, 0x01, 1, connected=False, route_path=False, name="identity")

    async def poll() -> None:
        command = (f"{CPPPO}/bin/python", "-m", "cpppo.server.enip.client", "-a", hosts.WATER_PLC.address, "--no-print", *WATER_TAGS)
        await program(*command)

    await day.at(OPENING + 3, lambda: asyncio.to_thread(CIPDriver.list_identity, hosts.WATER_PLC.address))
    await day.at(OPENING + 4, lambda: asyncio.to_thread(identify))
    await day.every(15, poll, OPENING + 7)


async def gte(day: Day) -> None:
    clock = day.every(64, lambda: ask_time(day), OPENING + 1.3)
    await asyncio.gather(_poll_hvac(day), _poll_switchboard(day), _poll_water(day), clock)


IDENTITY = (
    "object-name", "vendor-name", "vendor-identifier", "model-name", "firmware-revision", "application-software-version", "location",
)  # fmt: skip
READINGS = (
    "analog-input,1", ["present-value", "status-flags"], "analog-value,1", ["present-value"], "binary-output,1", ["present-value"],
)  # fmt: skip


async def _identify(application: NormalApplication, server: hosts.Host) -> None:
    device = f"device,{server.says['device_instance']}"
    for name in IDENTITY:
        await application.read_property(IPv4Address(server.address), device, name)


async def _poll_air_handler(day: Day, application: NormalApplication, server: hosts.Host) -> None:
    async def poll() -> None:
        await application.read_property_multiple(IPv4Address(server.address), list(READINGS))

    await _identify(application, server)
    await day.every(5, poll, OPENING + 6)


async def _follow(day: Day, application: NormalApplication, server: hosts.Host) -> None:
    """A COV subscription that lasts the whole day."""
    async with application.change_of_value(
        Address(server.address), "analog-input,1", issue_confirmed_notifications=False, lifetime=600
    ):  # fmt: skip
        await day.until(CLOSING)


async def gtb_1(day: Day) -> None:
    """Finds and identifies the air handlers, polls them, follows a temperature, writes a setpoint; and the incident at priority 1."""
    device = DeviceObject(objectIdentifier=("device", 210001), objectName="GTB-SRV-1", vendorIdentifier=999)
    application = bacnet_application(hosts.GTB_1, device)
    theatre_3 = hosts.AIR_HANDLERS[0]
    await day.at(OPENING, lambda: application.who_is(210000, 219999, address=LocalBroadcast()))
    await day.until(OPENING + 4)
    polls = (_poll_air_handler(day, application, server) for server in hosts.AIR_HANDLERS)

    async def write_setpoint() -> None:
        await application.write_property(IPv4Address(theatre_3.address), "analog-value,1", "present-value", 19.0, priority=8)

    await asyncio.gather(
        *polls,
        _follow(day, application, theatre_3),
        day.at(55.5, write_setpoint),
        day.at(PRIORITY_1, lambda: priority_one(application, theatre_3)),
        day.every(64, lambda: ask_time(day), OPENING + 0.4),
    )
    application.close()


async def gtb_2(day: Day) -> None:
    """Reads what the UPS is (MIB-II system group) once, and how it is (UPS-MIB) every 10 s."""
    system = tuple(f".1.3.6.1.2.1.1.{field}.0" for field in (1, 2, 5, 6))

    async def get(*wanted: str) -> None:
        await program("env", "SNMP_PERSISTENT_DIR=/nonexistent", "snmpget", "-v2c", "-c", COMMUNITY, "-m", "", hosts.UPS.address, *wanted)

    await day.at(OPENING + 2, lambda: get(*system))
    await day.every(10, lambda: get(*UPS_STATE), OPENING + 5)


def look_at_camera(login: str) -> None:
    """What a browser does: asked for a login, it asks again with one."""
    connection = HTTPConnection(hosts.CAMERA.address, timeout=5)
    for given in ({}, {"Authorization": f"Basic {b64encode(login.encode()).decode()}"}):
        connection.request("GET", "/view/index.shtml", headers={"User-Agent": BROWSER, **given})
        connection.getresponse().read()
    connection.close()


async def pc_secu(day: Day) -> None:
    own, default = CAMERA_LOGINS
    await asyncio.gather(
        day.every(90, lambda: asyncio.to_thread(look_at_camera, own), OPENING + 12),
        day.at(DEFAULT_LOGIN, lambda: asyncio.to_thread(look_at_camera, default)),
    )


async def ingenierie(day: Day) -> None:
    """An integrator on a declared visit: asks the PLC what it is, and later silences a meter."""

    async def ask_identity() -> None:
        async with modbus(hosts.HVAC_PLC) as plc:
            await plc.read_device_information(device_id=1)

    async def silence() -> None:
        async with modbus(hosts.SWITCHBOARD) as gateway:
            await force_listen_only(gateway)

    await day.at(30, ask_identity)
    await day.at(LISTEN_ONLY, silence)


async def bureau(day: Day) -> None:
    """The office PC, from which two incidents come: it has no business here at all."""

    async def write() -> None:
        async with modbus(hosts.HVAC_PLC) as plc:
            await office_setpoint(plc)

    await day.at(SETPOINT, write)
    await day.at(SCAN, office_scan)
