"""What answers in the scenes of the week, each a real server; those of the sample hospital stand in pcaps/hospital/devices.py."""

import asyncio
import subprocess
import tempfile
import time
from math import sin, tau
from pathlib import Path
from typing import Any

from bacpypes3.apdu import ConfirmedEventNotificationRequest, ReinitializeDeviceRequest, SimpleAckPDU
from bacpypes3.ipv4.app import NormalApplication
from bacpypes3.local.analog import AnalogInputObject, AnalogValueObjectCmd
from bacpypes3.local.binary import BinaryOutputObject
from bacpypes3.local.device import DeviceObject
from bacpypes3.pdu import IPv4Address
from bacpypes3.primitivedata import ObjectIdentifier
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from pcaps.hospital import hosts as sample
from pcaps.hospital.devices import camera, program, ups, water_plc
from pcaps.hospital.hosts import PREFIX, Host
from pcaps.hospital.timetable import BOOT, Day
from pcaps.week import hosts
from pcaps.week.pace import HOURS, PAUSE

PEERS = Path(tempfile.gettempdir()) / "otwatch-pcaps" / "peers"
"""The environment of the programs that are no part of the project: pyftpdlib, impacket, python-snap7."""
PEERS_NEED = ("pyftpdlib==2.2.0", "impacket==0.13.1", "python-snap7==3.3.0")
BACKUP_LOGIN, UPS_LOGIN = ("sauvegarde", "Valmont-nas-52"), ("apc-valmont", "Valmont-ond-18")


def over_the_day(least: int, most: int, hour: float) -> int:
    """Least at midnight, most at noon."""
    return round(least + (most - least) * (1 - sin(tau * hour / 24 + tau / 4)) / 2)


async def registers(host: Host, table: str, first: int, *ranges: tuple[int, int]) -> None:
    """Unit 1 of a Modbus server; each value goes through a day, an hour a pause, again and again."""
    values = [least for least, _ in ranges]
    server = ModbusTcpServer(SimDevice(1, _tables(table, first, values)), address=(host.address, 502))

    async def live() -> None:
        step, function = 0, {"input": 4, "holding": 16}[table]
        while True:
            hour = step % (2 * HOURS) / 2
            await server.async_setValues(1, function, first, [over_the_day(*one, hour) for one in ranges])
            await asyncio.sleep(PAUSE / 2)
            step += 1

    await asyncio.gather(server.serve_forever(), live())


def _tables(table: str, first: int, values: list[int]) -> Any:
    words = [SimData(first, values=values, datatype=DataType.REGISTERS)]
    orders = [SimData(first + 15, values=[0, 0], datatype=DataType.REGISTERS)]
    if table == "input":
        bits = SimData(0, values=[False], datatype=DataType.BITS)
        return ([bits], [bits], [SimData(0, values=[0], datatype=DataType.REGISTERS)], words)
    return [*words, *orders]


class Regulation(NormalApplication):
    """An air handler that also obeys to a restart, and hears of alarms; bacpypes3 alone does neither."""

    async def do_ReinitializeDeviceRequest(self, apdu: ReinitializeDeviceRequest) -> None:  # noqa: N802  # bacpypes3 calls it by this name
        await self.response(SimpleAckPDU(context=apdu))
        await asyncio.sleep(PAUSE)
        self.i_am()

    async def do_AcknowledgeAlarmRequest(self, apdu: Any) -> None:  # noqa: N802  # bacpypes3 calls it by this name
        await self.response(SimpleAckPDU(context=apdu))

    async def do_ConfirmedEventNotificationRequest(self, apdu: ConfirmedEventNotificationRequest) -> None:  # noqa: N802  # bacpypes3 calls it by this name
        await self.response(SimpleAckPDU(context=apdu))

    async def do_TimeSynchronizationRequest(self, apdu: Any) -> None:  # noqa: N802  # bacpypes3 calls it by this name
        """Unconfirmed (135-2020, 16.7): nothing is said."""


def bacnet(host: Host, device: DeviceObject) -> Regulation:
    """bacpypes3 on UDP 47808; its broadcasts are limited ones, for all hosts share one link."""
    address = IPv4Address(f"{host.address}/{PREFIX}")
    address.addrBroadcastTuple = ("255.255.255.255", 47808)
    return Regulation(device, address)


def theatre(host: Host) -> Regulation:
    """Supply temperature, pressure of the theatre, the setpoint and the fan."""
    says = host.says
    device = DeviceObject(
        objectIdentifier=("device", int(says["device_instance"])), objectName=says["name"], vendorName=says["vendor"],
        vendorIdentifier=int(says["vendor_id"]), modelName=says["model"], firmwareRevision=says["firmware"],
        applicationSoftwareVersion=says["software"], location=says["location"],
    )  # fmt: skip
    application = bacnet(host, device)
    for point in (
        AnalogInputObject(objectIdentifier="analog-input,1", objectName="T_SOUFFLAGE", presentValue=19.5, units="degreesCelsius",
                          covIncrement=0.2),
        AnalogInputObject(objectIdentifier="analog-input,12", objectName="DP_SALLE", presentValue=18.0, units="pascals", covIncrement=5.0),
        AnalogValueObjectCmd(objectIdentifier="analog-value,1", objectName="CONSIGNE_SOUFFLAGE", presentValue=20.0, relinquishDefault=20.0,
                             units="degreesCelsius", covIncrement=0.5),
        BinaryOutputObject(objectIdentifier="binary-output,1", objectName="CMD_VENTILATEUR", presentValue="active",
                           relinquishDefault="active", polarity="normal"),
    ):  # fmt: skip
        application.add_object(point)
    return application


async def air_handler(host: Host) -> None:
    """A day of its pressure and temperature, an hour a pause."""
    application = theatre(host)
    supply, pressure = (application.get_object_id(ObjectIdentifier(("analog-input", number))) for number in (1, 12))
    step = 0
    while True:
        await asyncio.sleep(PAUSE / 2)
        step += 1
        pressure.presentValue = float(over_the_day(15, 25, step % (2 * HOURS) / 2))
        if step % 12 == 0:
            supply.presentValue = over_the_day(185, 205, step % (2 * HOURS) / 2) / 10


async def clock() -> None:
    """chronyd without a hand on this computer's clock."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder, "chrony.conf")
        settings.write_text(f"local stratum 2\nallow\ncmdport 0\npidfile {folder}/pid\nbindaddress {sample.TIME.address}\n")
        await program("/usr/sbin/chronyd", "-x", "-d", "-u", "root", "-f", str(settings))


async def names() -> None:
    """Names of the technical network (dnsmasq)."""
    known = {"sauvegarde": hosts.BACKUP, "heure": sample.TIME, "gtb-1": sample.GTB_1}
    rows = [f"--address=/{name}.valmont.lan/{host.address}" for name, host in known.items()]
    listen = f"--listen-address={hosts.SERVICES.address}"
    await program("/usr/sbin/dnsmasq", "-k", "-C", "/dev/null", "--user=root", "--no-resolv", "--no-hosts", "--bind-interfaces",
                  "--except-interface=lo", "--pid-file=", listen, *rows)  # fmt: skip


async def leases() -> None:
    """Addresses of the desks (dnsmasq): the security PC has the same one for ever."""
    await program(
        "/usr/sbin/dnsmasq", "-k", "-C", "/dev/null", "--user=root", "--port=0", "--no-ping", "--pid-file=", "--leasefile-ro",
        "--dhcp-range=10.20.2.50,10.20.2.60,255.255.255.0,12h", f"--dhcp-host={sample.SECURITY.mac},{sample.SECURITY.address}",
        f"--dhcp-option=option:router,{hosts.DESK_ROUTER.address}", f"--dhcp-option=option:dns-server,{hosts.SERVICES.address}",
    )  # fmt: skip


PAGE = """
import http.server, socketserver, ssl
class Nameless(http.server.ThreadingHTTPServer):
    server_bind = socketserver.TCPServer.server_bind
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"<title>GTB Valmont</title>" * 8
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def log_request(self, *said): pass
server = Nameless(("{address}", 443), Page)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain("{folder}/cert", "{folder}/key")
context.minimum_version = ssl.TLSVersion.TLSv1_3
server.socket = context.wrap_socket(server.socket, server_side=True); server.serve_forever()
"""


async def supervision_page() -> None:
    """The page of the supervision, over TLS 1.3 (Python's ssl)."""
    with tempfile.TemporaryDirectory() as folder:
        made = ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650",
                "-subj", "/CN=gtb-1.valmont.lan", "-keyout", f"{folder}/key", "-out", f"{folder}/cert")  # fmt: skip
        subprocess.run(made, check=True, stderr=subprocess.DEVNULL)
        text = PAGE.replace("{address}", sample.GTB_1.address).replace("{folder}", folder)
        await program(f"{PEERS}/bin/python", "-c", text)


async def shares() -> None:
    """A share for backups (impacket's server of SMB 2)."""
    user, secret = BACKUP_LOGIN
    with tempfile.TemporaryDirectory() as folder:
        await program(f"{PEERS}/bin/python", f"{PEERS}/bin/smbserver.py", "-smb2support", "-ip", hosts.BACKUP.address,
                      "-username", user, "-password", secret, "sauvegardes", folder)  # fmt: skip


async def files(host: Host, login: tuple[str, str], text: str = "") -> None:
    """Files by FTP (pyftpdlib): where backups go, and the settings that the card of a UPS gives."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "config.ini").write_text(text)
        await program(f"{PEERS}/bin/python", "-m", "pyftpdlib", "-i", host.address, "-p", "21", "-w", "-u", login[0], "-P", login[1],
                      "-d", folder)  # fmt: skip


UPS_SETTINGS = "; OND-BLOC-A\n[NetworkTCP/IP]\n" + "SystemIP=10.21.4.40\n" * 20


async def lift_pumps() -> None:
    """A controller that speaks S7 (python-snap7)."""
    text = (
        "import time, snap7.server; server = snap7.server.Server(); "
        f"server.start_to('{hosts.LIFT_PUMPS.address}', 102); time.sleep(3600)"
    )
    await program(f"{PEERS}/bin/python", "-c", text)


async def camera_page() -> None:
    await camera(Day(time.time()))


async def ups_card() -> None:
    await ups(Day(time.time()))


async def water() -> None:
    """Its tags get their values four seconds after it began."""
    await water_plc(Day(time.time() + BOOT / 3 + 4))
