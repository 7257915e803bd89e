"""The plants' side: PLCs, gateways, air handlers, the camera and the UPS, each a real server.

pymodbus serves Modbus, bacpypes3 BACnet, cpppo EtherNet/IP, net-snmp SNMP and Python's http.server the camera's page.
cpppo is GPL: it runs as a program from an environment of its own (`CPPPO`), nothing of it is imported.
"""

import asyncio
import tempfile
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from socketserver import TCPServer

from bacpypes3.ipv4.app import NormalApplication
from bacpypes3.local.analog import AnalogInputObject, AnalogValueObjectCmd
from bacpypes3.local.binary import BinaryOutputObject
from bacpypes3.local.device import DeviceObject
from bacpypes3.pdu import IPv4Address
from pymodbus import ModbusDeviceIdentification
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from pcaps.hospital import hosts
from pcaps.hospital.timetable import BOOT, Day

CPPPO = Path(tempfile.gettempdir()) / "otwatch-pcaps" / "cpppo"
CPPPO_NEEDS = ("cpppo==5.2.5",)
COMMUNITY = "Valmont-ro-7"
CAMERA_LOGINS = ("securite:Valmont-cam-31", "root:pass")
"""Fictional; the second is the default that Axis published for its old firmware, left in place beside the first."""

UPS_STATE = {".1.3.6.1.2.1.33.1.2.1.0": 2, ".1.3.6.1.2.1.33.1.2.4.0": 100, ".1.3.6.1.2.1.33.1.4.1.0": 3}
"""UPS-MIB (RFC 1628): battery normal, 100 % charged, output from the mains."""

WATER_TAGS = {"NIVEAU_BACHE": "(REAL)71.5", "PRESSION_RESEAU": "(REAL)4.2", "POMPE_1_MARCHE": "(DINT)1"}
"""Tank level (%), network pressure (bar), pump 1 runs; type and value as cpppo writes them."""

_DRAW = Random(20261013)


async def _drift(server: ModbusTcpServer, unit: int, first: int, values: list[int]) -> None:
    """Measured values wander a little every five seconds."""
    while True:
        values = [max(0, value + _DRAW.randint(-2, 2)) for value in values]
        await server.async_setValues(unit, 16, first, values)
        await asyncio.sleep(5)


def _identification(host: hosts.Host) -> ModbusDeviceIdentification:
    names = {"VendorName": "vendor", "ProductCode": "product_code", "MajorMinorRevision": "firmware"}
    return ModbusDeviceIdentification(info_name={theirs: host.says[ours] for theirs, ours in names.items()})


async def hvac_plc(day: Day) -> None:
    """Unit 1: measured temperatures (0.1 degree) from register 0, setpoints (degrees) from register 4000."""
    measured = SimData(0, count=20, values=215, datatype=DataType.REGISTERS)
    setpoints = SimData(4000, count=100, values=20, datatype=DataType.REGISTERS)
    server = ModbusTcpServer(
        SimDevice(1, [measured, setpoints]), identity=_identification(hosts.HVAC_PLC), address=(hosts.HVAC_PLC.address, 502)
    )
    await asyncio.gather(server.serve_forever(), _drift(server, 1, 0, [215] * 20))


def _mute_on_listen_only(sending: bool, frame: bytes) -> bytes:
    """Modbus v1.1b3 6.8 sub 4: "no response is returned"; pymodbus would echo the request. Byte 7 is the function code."""
    return b"" if sending and frame[7:10] == b"\x08\x00\x04" else frame


async def switchboard(day: Day) -> None:
    """Units 1 to 3, the meters of three feeders: voltage (V), current (A) and power (kW) from register 3000; unit 255 is the gateway."""
    meters = [SimDevice(unit, [SimData(3000, values=[231, 90 * unit, 20 * unit], datatype=DataType.REGISTERS)]) for unit in (1, 2, 3)]
    gateway = SimDevice(255, [SimData(0, count=4, values=0, datatype=DataType.REGISTERS)])
    server = ModbusTcpServer(
        [*meters, gateway],
        identity=_identification(hosts.SWITCHBOARD),
        address=(hosts.SWITCHBOARD.address, 502),
        trace_packet=_mute_on_listen_only,
    )
    drifts = (_drift(server, unit, 3000, [231, 90 * unit, 20 * unit]) for unit in (1, 2, 3))
    await asyncio.gather(server.serve_forever(), *drifts)


def bacnet_application(host: hosts.Host, device: DeviceObject) -> NormalApplication:
    """bacpypes3 on UDP 47808; its broadcasts are limited ones (255.255.255.255), for all hosts share one link."""
    address = IPv4Address(f"{host.address}/{hosts.PREFIX}")
    address.addrBroadcastTuple = ("255.255.255.255", 47808)
    return NormalApplication(device, address)


async def air_handler(host: hosts.Host) -> None:
    """A temperature that wanders (analog-input 1), a setpoint (analog-value 1) and the supply fan (binary-output 1)."""
    says = host.says
    device = DeviceObject(
        objectIdentifier=("device", int(says["device_instance"])), objectName=says["name"], vendorName=says["vendor"],
        vendorIdentifier=int(says["vendor_id"]), modelName=says["model"], firmwareRevision=says["firmware"],
        applicationSoftwareVersion=says["software"], location=says["location"],
    )  # fmt: skip
    supply = AnalogInputObject(
        objectIdentifier="analog-input,1", objectName="T_SOUFFLAGE", presentValue=19.5, units="degreesCelsius", covIncrement=0.2
    )
    setpoint = AnalogValueObjectCmd(
        objectIdentifier="analog-value,1", objectName="CONSIGNE_SOUFFLAGE", presentValue=20.0, relinquishDefault=20.0,
        units="degreesCelsius", covIncrement=0.5,
    )  # fmt: skip
    fan = BinaryOutputObject(
        objectIdentifier="binary-output,1", objectName="CMD_VENTILATEUR", presentValue="active", relinquishDefault="active",
        polarity="normal",
    )  # fmt: skip
    application = bacnet_application(host, device)
    for point in (supply, setpoint, fan):
        application.add_object(point)
    while True:
        await asyncio.sleep(12)
        supply.presentValue = round(19.5 + _DRAW.uniform(-1, 1), 1)


def _camera_page(day: Day) -> type[BaseHTTPRequestHandler]:
    accepted = {f"Basic {b64encode(login.encode()).decode()}" for login in CAMERA_LOGINS}
    page = b"<html><head><title>AXIS M3004 Network Camera</title></head><body>Live view</body></html>"

    class CameraPage(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            known = self.headers.get("Authorization", "") in accepted
            body = page if known else b"Unauthorized"
            self.send_response(200 if known else 401)
            if not known:
                self.send_header("WWW-Authenticate", f'Basic realm="{hosts.CAMERA_SAYS["realm"]}"')
            self.send_header("Content-Type", "text/html" if known else "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def version_string(self) -> str:
            return hosts.CAMERA_SAYS["software"]

        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string(day.story_time() if timestamp is None else timestamp)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Quiet: the make prints its own lines."""

    return CameraPage


class _NamelessServer(ThreadingHTTPServer):
    """HTTPServer asks the DNS for its own name when it binds: this computer's resolver has no place in the capture."""

    def server_bind(self) -> None:
        TCPServer.server_bind(self)


async def camera(day: Day) -> None:
    server = _NamelessServer((hosts.CAMERA.address, 80), _camera_page(day))
    try:
        await asyncio.to_thread(server.serve_forever)
    finally:
        server.shutdown()


async def program(*command: str) -> None:
    """Run a program to its end, and end it when this task ends first; what it prints is dropped."""
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL)
    try:
        await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def water_plc(day: Day) -> None:
    says = hosts.ENIP_PLC_SAYS
    major, minor = map(int, says["firmware"].split("."))
    identity = (
        f"[Identity]\nVendor Number = 1\nDevice Type = 14\nProduct Code Number = 107\nProduct Revision = {minor << 8 | major}\n"
        f"Serial Number = {int(says['serial'], 16)}\nProduct Name = {says['product']}\nStatus Word = 12384\nState = 3\n"
    )
    address = hosts.WATER_PLC.address
    python = (f"{CPPPO}/bin/python", "-m")
    with tempfile.NamedTemporaryFile("w", suffix=".cfg") as settings:
        settings.write(f"{identity}[TCPIP]\nHost Name = api-eau\n")
        settings.flush()
        tags = [f"{name}={value.partition(')')[0].strip('(')}" for name, value in WATER_TAGS.items()]
        serving = program(*python, "cpppo.server.enip", "-c", settings.name, "-a", address, *tags)
        # From the PLC to itself: this never leaves the host, so it is not in the capture.
        values = [f"{name}={value}" for name, value in WATER_TAGS.items()]
        await asyncio.gather(serving, day.at(-BOOT / 3, lambda: program(*python, "cpppo.server.enip.client", "-a", address, *values)))


async def ups(day: Day) -> None:
    says = hosts.UPS_SAYS
    settings = (
        f"rocommunity {COMMUNITY}\nsysDescr {says['description']}\nsysObjectID {says['object_id']}\nsysName {says['name']}\n"
        f"sysLocation {says['location']}\nsysContact services techniques\n"
    ) + "".join(f"override {oid[1:]} integer {value}\n" for oid, value in UPS_STATE.items())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "snmpd.conf")
        path.write_text(settings)
        command = ("/usr/sbin/snmpd", "-f", "-Ln", "-C", "-c", str(path), "-p", f"{folder}/pid", f"udp:{hosts.UPS.address}:161")
        await program("env", f"SNMP_PERSISTENT_DIR={folder}", "MIBS=", *command)
