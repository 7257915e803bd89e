"""What is done in the scenes of the week, each by a real client. Rounds are apart by a pause, so that each can be told by itself."""

import asyncio
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bacpypes3.apdu import (
    AcknowledgeAlarmRequest,
    ConfirmedEventNotificationRequest,
    ReinitializeDeviceRequest,
    TimeSynchronizationRequest,
)
from bacpypes3.basetypes import DateTime, NotificationParameters, TimeStamp
from bacpypes3.local.device import DeviceObject
from bacpypes3.pdu import Address, IPv4Address, LocalBroadcast
from bacpypes3.primitivedata import Null
from pymodbus.client import AsyncModbusTcpClient

from pcaps.hospital import hosts as sample
from pcaps.hospital.devices import CAMERA_LOGINS, COMMUNITY, CPPPO, UPS_STATE, WATER_TAGS, program
from pcaps.hospital.hosts import Host
from pcaps.hospital.incidents import office_scan
from pcaps.hospital.network import CORE
from pcaps.hospital.stations import IDENTITY, READINGS, look_at_camera, modbus
from pcaps.week import hosts
from pcaps.week.pace import HOURS, PAUSE
from pcaps.week.servers import BACKUP_LOGIN, PEERS, UPS_LOGIN, Regulation, bacnet, theatre

FIRST_DAY = date(2026, 10, 5)
DAYS = 14
Act = Callable[[], Awaitable[object]]
THEATRES = sample.AIR_HANDLERS


async def rounds(times: int, act: Act) -> None:
    for _ in range(times):
        await act()
        await asyncio.sleep(PAUSE)


@asynccontextmanager
async def _asking(server: Host) -> AsyncIterator[AsyncModbusTcpClient]:
    """A connection that is open for a while before and after what is asked."""
    async with modbus(server) as client:
        await asyncio.sleep(PAUSE)
        yield client
        await asyncio.sleep(PAUSE)


async def heating_polled() -> None:
    """A day of polls; then the setpoint of the day, and that of the night."""
    async with _asking(sample.HVAC_PLC) as plc:

        async def poll() -> None:
            await plc.read_holding_registers(0, count=20, device_id=1)
            await plc.read_holding_registers(4000, count=10, device_id=1)

        await rounds(HOURS, poll)
        for degrees in (22, 19):
            await plc.write_register(4000, degrees, device_id=1)
            await asyncio.sleep(PAUSE)


async def meters_polled() -> None:
    async with _asking(sample.SWITCHBOARD) as gateway:

        async def poll() -> None:
            for unit in (1, 2, 3):
                await gateway.read_holding_registers(3000, count=3, device_id=unit)

        await rounds(HOURS, poll)


async def meters_lost() -> None:
    """The link of the gateway is down for five seconds: what is asked is sent again and again until it is there."""
    async with AsyncModbusTcpClient(sample.SWITCHBOARD.address, timeout=15, retries=0) as gateway:
        for at in range(6):
            await asyncio.sleep(1)
            if at == 2:
                _link(sample.SWITCHBOARD, "down")
                asyncio.get_running_loop().call_later(5, _link, sample.SWITCHBOARD, "up")
            await gateway.read_holding_registers(3000, count=3, device_id=1)


def _link(host: Host, state: str) -> None:
    subprocess.run(("ip", "-n", CORE, "link", "set", host.name, state), check=True)


async def hot_water_polled() -> None:
    async with _asking(hosts.HOT_WATER) as plc:
        await rounds(HOURS, lambda: plc.read_holding_registers(99, count=3, device_id=1))


async def gases_polled() -> None:
    async with _asking(hosts.GASES) as plc:
        await rounds(HOURS, lambda: plc.read_input_registers(7, count=1, device_id=1))


async def generator_polled() -> None:
    """A day of polls; then it is started, looked at, and stopped."""
    async with _asking(hosts.GENERATOR) as controller:

        def poll() -> Awaitable[object]:
            return controller.read_holding_registers(1, count=2, device_id=1)

        await rounds(HOURS, poll)
        for order in (1, 0):
            await controller.write_register(16, order, device_id=1)
            await asyncio.sleep(PAUSE)


async def tanks_polled() -> None:
    command = (f"{CPPPO}/bin/python", "-m", "cpppo.server.enip.client", "-a", sample.WATER_PLC.address, "--no-print", *WATER_TAGS)
    await rounds(4, lambda: program(*command))


async def ups_polled() -> None:
    command = ("env", "SNMP_PERSISTENT_DIR=/nonexistent", "snmpget", "-v2c", "-c", COMMUNITY, "-m", "", sample.UPS.address)
    await rounds(8, lambda: program(*command, *UPS_STATE))


async def ups_reports() -> None:
    """The trap that a test of the batteries was passed (RFC 1628, upsTrapTestCompleted)."""
    await program("env", "SNMP_PERSISTENT_DIR=/nonexistent", "snmptrap", "-v2c", "-c", COMMUNITY, "-m", "", sample.GTB_2.address, "123456",
                  ".1.3.6.1.2.1.33.2.2", ".1.3.6.1.2.1.33.1.7.3.0", "i", "1")  # fmt: skip


async def reports_heard() -> None:
    """Somebody listens for traps."""
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=(sample.GTB_2.address, 162))
    await asyncio.Event().wait()


def _supervision() -> Regulation:
    return bacnet(sample.GTB_1, DeviceObject(objectIdentifier=("device", 210001), objectName="GTB-SRV-1", vendorIdentifier=999))


def _at(host: Host) -> IPv4Address:
    return IPv4Address(host.address)


async def air_found() -> None:
    """Who is there, and what each one is."""
    application = _supervision()
    await rounds(1, lambda: asyncio.wait_for(application.who_is(210000, 219999, address=LocalBroadcast(), timeout=1), 2))

    async def identify() -> None:
        for server in THEATRES:
            for name in IDENTITY:
                await application.read_property(_at(server), f"device,{server.says['device_instance']}", name)

    await rounds(1, identify)


async def air_polled() -> None:
    application = _supervision()

    async def poll() -> None:
        for server in THEATRES:
            await application.read_property_multiple(_at(server), list(READINGS))
            await application.read_property(_at(server), "analog-input,12", "present-value")

    await rounds(HOURS, poll)


async def _set(point: str, priority: int, *values: Any) -> None:
    application = _supervision()
    for value in values:
        await application.write_property(_at(THEATRES[0]), point, "present-value", value, priority=priority)
        await asyncio.sleep(PAUSE)


async def air_set() -> None:
    """The setpoint of the day, and that of the night."""
    await _set("analog-value,1", 8, 21.0, 18.0)


async def air_forced() -> None:
    """The fan by hand, and released."""
    await _set("binary-output,1", 8, "active", Null(()))


async def air_followed() -> None:
    """A subscription to changes, and the first of them."""
    application = _supervision()
    async with application.change_of_value(
        Address(THEATRES[0].address), "analog-input,1", issue_confirmed_notifications=False, lifetime=600
    ):  # fmt: skip
        await asyncio.sleep(6)


async def clocks_set() -> None:
    """TimeSynchronization to both air handlers (135-2020, 16.7), at four in the morning of each day."""
    application = _supervision()
    for day in range(DAYS):
        today = FIRST_DAY + timedelta(day)
        now = DateTime(date=(today.year - 1900, today.month, today.day, today.isoweekday()), time=(4, 0, 0, 0))
        for server in THEATRES:
            await application.request(TimeSynchronizationRequest(time=now, destination=_at(server)))
        await asyncio.sleep(PAUSE)


async def alarm_told() -> None:
    """An air handler tells that its filter is dirty."""
    application = theatre(THEATRES[0])
    stamp = TimeStamp(sequenceNumber=7)
    request = ConfirmedEventNotificationRequest(
        processIdentifier=1, initiatingDeviceIdentifier=("device", 210103), eventObjectIdentifier=("analog-input", 12), timeStamp=stamp,
        notificationClass=1, priority=120, eventType="out-of-range", messageText="DP filtre", notifyType="alarm", ackRequired=True,
        fromState="normal", toState="high-limit",
        eventValues=NotificationParameters(outOfRange={"exceedingValue": 41.0, "statusFlags": [1, 0, 0, 0], "deadband": 1.0,
                                                       "exceededLimit": 40.0}),
        destination=_at(sample.GTB_1),
    )  # fmt: skip
    await application.request(request)
    await asyncio.sleep(4)


async def alarm_taken() -> None:
    """The supervision takes it, and later acknowledges it for its operator."""
    application = _supervision()
    await asyncio.sleep(3)
    await application.request(
        AcknowledgeAlarmRequest(
            acknowledgingProcessIdentifier=1, eventObjectIdentifier=("analog-input", 12), eventStateAcknowledged="high-limit",
            timeStamp=TimeStamp(sequenceNumber=7), acknowledgmentSource="astreinte", timeOfAcknowledgment=TimeStamp(sequenceNumber=8),
            destination=_at(THEATRES[0]),
        )
    )  # fmt: skip


async def air_begins() -> None:
    """A device that begins announces itself (135-2020, 16.10)."""
    application = theatre(THEATRES[1])
    await asyncio.sleep(PAUSE)
    application.i_am()
    await asyncio.sleep(PAUSE)


async def clock_asked() -> None:
    """chronyd asks once and leaves this computer's clock alone."""
    with tempfile.TemporaryDirectory() as folder:  # chronyd removes its pidfile, whatever that is
        await program("/usr/sbin/chronyd", "-Q", "-u", "root", "-t", "6", f"server {sample.TIME.address} iburst maxsamples 1",
                      f"pidfile {folder}/pid", "cmdport 0")  # fmt: skip


async def lease_renewed() -> None:
    """A lease is taken, and renewed once a day and half."""
    process = await asyncio.create_subprocess_exec("/usr/sbin/udhcpc", "-f", "-i", "eth0", "-s", "/bin/true", "-x", "hostname:pc-secu")
    await asyncio.sleep(6)
    for _ in range(4):
        process.send_signal(10)  # SIGUSR1: renew
        await asyncio.sleep(PAUSE)
    process.terminate()
    await process.wait()


NAMED = "import socket, sys; [socket.getaddrinfo(name, None, socket.AF_INET) for name in sys.argv[1:]]"


async def names_asked() -> None:
    await program(f"{PEERS}/bin/python", "-c", NAMED, "sauvegarde.valmont.lan", "heure.valmont.lan")


async def page_looked_at() -> None:
    command = ("curl", "-sk", "--tlsv1.3", "-o", "/dev/null", f"https://{sample.GTB_1.address}/")
    await rounds(3, lambda: program(*command))


async def camera_looked_at() -> None:
    await rounds(1, lambda: asyncio.to_thread(look_at_camera, CAMERA_LOGINS[0]))


SAVED = """
import io, sys; from impacket.smbconnection import SMBConnection
address, user, secret = sys.argv[1:]
share = SMBConnection(address, address); share.login(user, secret)
share.putFile("sauvegardes", "gtb.bak", io.BytesIO(b"GTB Valmont " * 300).read); share.logoff()
"""


async def saved() -> None:
    """The supervision saves its settings on a share."""
    await program(f"{PEERS}/bin/python", "-c", SAVED, hosts.BACKUP.address, *BACKUP_LOGIN)


async def history_saved() -> None:
    """A supervision server puts its day on the backup server."""
    user, secret = BACKUP_LOGIN
    with tempfile.NamedTemporaryFile(suffix=".csv") as day:
        Path(day.name).write_text("2026-10-05;OND-BLOC-A;100\n" * 60)
        await program("curl", "-s", "-T", day.name, f"ftp://{user}:{secret}@{hosts.BACKUP.address}/jour.csv")


async def ups_saved() -> None:
    """The backup server fetches the settings of the UPS card."""
    user, secret = UPS_LOGIN
    await program("curl", "-s", "-o", "/dev/null", f"ftp://{user}:{secret}@{sample.UPS.address}/config.ini")


async def engineer_looks() -> None:
    """A maintenance visit: what the devices are and what they hold; nothing is changed."""
    async with _asking(sample.HVAC_PLC) as plc:
        await plc.read_device_information(device_id=1)
        await plc.read_holding_registers(4000, count=10, device_id=1)
    application = _engineering()
    for name in ("object-name", "object-list", "protocol-services-supported", "system-status"):
        await application.read_property(_at(THEATRES[0]), "device,210103", name)
    for point in ("analog-input,1", "analog-input,12", "analog-value,1", "binary-output,1"):
        for name in ("object-name", "present-value", "units" if "analog" in point else "polarity"):
            await application.read_property(_at(THEATRES[0]), point, name)


def _engineering() -> Regulation:
    return bacnet(sample.ENGINEERING, DeviceObject(objectIdentifier=("device", 210090), objectName="INGENIERIE", vendorIdentifier=999))


async def engineer_works() -> None:
    """Declared works: the regulation is restarted."""
    application = _engineering()
    await application.request(
        ReinitializeDeviceRequest(reinitializedStateOfDevice="warmstart", password="Valmont-reg-9", destination=_at(THEATRES[0]))
    )
    await asyncio.sleep(2 * PAUSE)


# What should not happen.


async def default_login() -> None:
    await asyncio.to_thread(look_at_camera, CAMERA_LOGINS[1])


async def stranger_writes() -> None:
    """A supervision server that is no declared writer."""
    async with _asking(sample.HVAC_PLC) as plc:
        await plc.write_register(4001, 30, device_id=1)


async def priority_one() -> None:
    await _set("binary-output,1", 1, "inactive")


async def pumps_stopped() -> None:
    text = f"import snap7; client = snap7.client.Client(); client.connect('{hosts.LIFT_PUMPS.address}', 0, 1); client.plc_stop()"
    await program(f"{PEERS}/bin/python", "-c", text)


async def scanned() -> None:
    with suppress(OSError):
        await office_scan()


async def office_reads() -> None:
    async with _asking(sample.HVAC_PLC) as plc:
        await plc.read_holding_registers(4000, count=10, device_id=1)


async def other_setpoint() -> None:
    """The declared writer sets what it never set."""
    async with _asking(sample.HVAC_PLC) as plc:
        await plc.write_register(4051, 30, device_id=1)
