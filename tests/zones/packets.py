"""Packets of a hospital, from bytes through the whole chain with the example site: what flows become of them, and which findings."""

from collections.abc import Sequence
from dataclasses import replace
from struct import pack

from otwatch.config.site import Site
from otwatch.packets import ACK, SYN
from otwatch.results import LinkRow, Results
from otwatch.site import SiteHalf
from tests.decode.builders import Frame
from tests.wire.dialogues import End, connection, hear, ip, modbus, opened, tcp, udp

from .conftest import TUESDAY

RST = 4
BACNET = 47_808
SECOND = 1_000_000_000
PRESENT_VALUE = 85
WHO_IS, I_AM = bytes.fromhex("1008"), bytes.fromhex("1000c4020334782204009103210f")
COV = bytes.fromhex("100209011c020334782c0000000139004e09552e4441a800002f4f")
"""UnconfirmedCOVNotification of device 210040, analog input 1 (135-2020 13.7)."""
CONFIRMED_COV = bytes.fromhex("00050701") + COV[2:]
I_HAVE = bytes.fromhex("1001c402033478c4008000017503005554")


def results(site: Site, frames: Sequence[Frame], size: int = 16_384, began_ns: int = TUESDAY) -> Results:
    """What the site half makes of these frames; their times count from `began_ns`."""
    half = SiteHalf(site)
    for item in hear([replace(frame, time_ns=began_ns + frame.time_ns) for frame in frames], size):
        half.see(item)
    half.finish()
    return half.results((), {})


def flows(found: Results) -> dict[tuple[str, str, str], str]:
    """Initiator, target and protocol of every link -> verdict, what decided, reasons."""
    return {(row.client, row.server, row.protocol or row.transport): _said(row) for row in found.links}


def _said(row: LinkRow) -> str:
    return " ".join(part for part in (row.verdict, row.rule, *row.reasons) if part)


def detections(found: Results) -> set[str]:
    """Ids of the findings, and of those that the same act matches."""
    return {name for alert in found.alerts for name in (alert.detection, *alert.also)}


def tagged(frame: Frame, vlan: int) -> Frame:
    """The same with a tag of 802.1Q; untagged where `vlan` is 0."""
    return replace(frame, data=frame.data[:12] + pack("!HH", 0x8100, vlan) + frame.data[12:]) if vlan else frame


# -- conversations ----------------------------------------------------------------------------------------------------------------------


def asked(client: str, server: str, port: int, *said: bytes, opening: bool = True, begin: int = 0) -> list[Frame]:
    """A TCP connection on which client and server speak in turn."""
    asker, answerer = connection(End(client, 40_001), End(server, port))
    frames = opened(asker, answerer, begin) if opening else []
    return frames + [(answerer if at % 2 else asker).says(payload, begin + at + 1) for at, payload in enumerate(said)]


def refused(client: str, server: str, port: int) -> list[Frame]:
    one, other = End(client, 40_001), End(server, port)
    return [tcp(one, other, 1, flags=SYN), tcp(other, one, 0, flags=RST | ACK)]


def read(client: str, server: str, unit: int = 1, *, opening: bool = True) -> list[Frame]:
    body = bytes.fromhex("0300000001")
    return asked(client, server, 502, modbus(1, body, unit), modbus(1, bytes.fromhex("03020001"), unit), opening=opening)


def wrote(client: str, server: str, body: str = "0600100001", unit: int = 1) -> list[Frame]:
    """Answered; by default function 6, register 16."""
    said = bytes.fromhex(body)
    return asked(client, server, 502, modbus(1, said, unit), modbus(1, said[:5], unit))


def bacnet(source: str, target: str, apdu: bytes, *, broadcast: bool = False, origin: str = "", routed: str = "", at: int = 0) -> Frame:
    """BACnet/IP; `origin` of a Forwarded-NPDU (clause J.2.5), `routed`: SNET and SADR in hex, behind the sender."""
    control = (0x08 if routed else 0) | (0x04 if apdu[0] == 0 else 0)
    npdu = bytes([1, control]) + (bytes.fromhex(routed[:4]) + bytes([len(routed[4:]) // 2]) + bytes.fromhex(routed[4:]) if routed else b"")
    sender = bytes(map(int, origin.split("."))) + pack("!H", BACNET) if origin else b""
    function = 4 if origin else 0x0B if broadcast else 0x0A
    body = sender + npdu + apdu
    return udp(End(source, BACNET), End(target, BACNET), pack("!BBH", 0x81, function, 4 + len(body)) + body, at)


def bacnet_write(source: str, target: str, priority: int) -> list[Frame]:
    """WriteProperty of analog output 1, present value 21.0, and its acknowledgement (135-2020 15.9)."""
    request = bytes.fromhex("0005010f0c0040000119553e4441a800003f49") + bytes([priority])
    return [bacnet(source, target, request), bacnet(target, source, bytes.fromhex("20010f"), at=1)]


def ntp(source: str, target: str, mode: int, at: int = 0) -> Frame:
    ports = (50_123, 123) if mode == 3 else (123, 50_123 if mode == 4 else 123)
    return udp(End(source, ports[0]), End(target, ports[1]), bytes([0x20 | mode]) + bytes(47), at)


def icmp(source: str, target: str, kind: int, body: bytes = bytes(8)) -> Frame:
    return Frame(ip(End(source, 0), End(target, 0), 1, bytes([kind, 0, 0, 0]) + body))


def snmp(source: str, target: str, pdu: str, port: int) -> Frame:
    """A message of version 2c, community "public" (RFC 3416)."""
    body = bytes.fromhex("02010104067075626c6963") + bytes.fromhex(pdu)
    return udp(End(source, 50_000), End(target, port), bytes([0x30, len(body)]) + body)


READ_PROPERTY, READ_ANSWER = bytes.fromhex("0005010c0c004000011955"), bytes.fromhex("30010c0c0040000119553e4441a800003f")
"""ReadProperty of analog output 1, present value, and its answer (135-2020 15.5)."""
PICTURES = (
    b"OPTIONS rtsp://10.24.5.9/stream RTSP/1.0\r\nCSeq: 1\r\n\r\n", b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: DESCRIBE, PLAY\r\n\r\n",
)  # fmt: skip
"""RTSP, as a camera answers it (RFC 2326 10.1)."""
SETUP = (
    b"SETUP rtsp://10.24.5.9/stream RTSP/1.0\r\nCSeq: 2\r\nTransport: RTP/AVP;unicast;client_port=5000-5001\r\n\r\n",
    b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nTransport: RTP/AVP;unicast;client_port=5000-5001;server_port=6970-6971\r\nSession: 7\r\n\r\n",
)
UMAS_STOP = (modbus(1, bytes.fromhex("5a0141ff00"), 0), modbus(1, bytes.fromhex("5a01fe"), 0))
REMOTE_DESKTOP = (bytes.fromhex("030000130ee000000000000100080000000000"), bytes.fromhex("030000130ed000001234000200080000000000"))
GET = "a019020101020100020100300e300c06082b060102010101000500"
SET = "a319020101020100020100300e300c06082b060102010101000500"
KNX_WRITE = bytes.fromhex("061005300011" + "2900bce011140a03010081")
"""RoutingIndication: 1.1.20 writes 1 to the group 1/2/3 (03_08_05 2.3, 03_03_07 3.1.3)."""
FOX = b"fox a 1 -1 fox hello\n{\nfox.version=s:1.0\nid=i:1\n};;\n"
OPC_UA = (
    b"HELF" + pack("<IIIIII", 58, 0, 8192, 8192, 0, 0) + pack("<I", 26) + b"opc.tcp://10.20.1.130:4840",
    b"ACKF" + pack("<IIIIII", 28, 0, 8192, 8192, 0, 0),
)
"""Hello and Acknowledge (Part 6, 7.1.2)."""
TRAP = "a71a020101020100020100300f300d06082b06010201010300430105"
INFORM = "a61a020101020100020100300f300d06082b06010201010300430105"
"""InformRequest (RFC 3416 4.2.7): a notification that is acknowledged."""
S7_SETUP = tuple(
    bytes.fromhex(said) for said in (
        "0300001611e00000000100c0010ac1020100c2020102", "0300001611d00001000100c0010ac1020100c2020102",
        "0300001902f08032010000000000080000f0000001000101e0", "0300001b02f080320300000000000800000000f0000001000100f0",
    )
)  # fmt: skip
"""Connection of COTP, then communication is set up, both granted."""
