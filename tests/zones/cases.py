"""Cases A to J of domain/zones.md 13 as conversations, and as the captures in `pcaps/cases/`.

    .venv/bin/python -m tests.zones.cases      writes them anew: the same bytes, every time
"""

from ipaddress import IPv4Address
from pathlib import Path
from struct import pack, unpack
from typing import NamedTuple

from tests.capture.builders import pcap
from tests.decode.builders import Frame

from .conftest import at
from .packets import (
    COV,
    PICTURES,
    READ_ANSWER,
    READ_PROPERTY,
    REMOTE_DESKTOP,
    SECOND,
    UMAS_STOP,
    WHO_IS,
    asked,
    bacnet,
    bacnet_write,
    ntp,
    read,
    wrote,
)

FOLDER = Path(__file__).parents[2] / "pcaps" / "cases"
MILLISECOND = 1_000_000
OFFICE, CAMERA, DESK = "10.10.5.20", "10.24.5.9", "10.20.2.50"
GTB, GTE, ENGINEERING, OUTSIDE = "10.20.1.10", "10.20.1.12", "10.20.3.5", "10.30.10.8"
AIR, BREAKER, CLOCK, FIRE, DOORS, GENSET = "10.22.1.30", "10.21.2.9", "10.20.4.10", "10.24.1.3", "10.24.2.10", "10.21.4.5"
INTERNET_CLOCK = "203.0.113.123"

Flow = tuple[str, str, str]


class Case(NamedTuple):
    """When it happened (local time), what was said, the verdict on each flow, and the findings it must and must not give."""

    begins: str
    frames: list[Frame]
    verdicts: dict[Flow, str]
    told: frozenset[str] = frozenset()
    untold: frozenset[str] = frozenset()


_MORNING, _NIGHT = "2026-10-06T10:00", "2026-10-06T23:00"
_FLOWS = frozenset({"zone.flow.forbidden", "zone.flow.undeclared", "zone.conduit.violation"})
_CHAIN = asked(OUTSIDE, ENGINEERING, 3389, *REMOTE_DESKTOP) + asked(ENGINEERING, BREAKER, 502, *UMAS_STOP, begin=240 * SECOND)
_HALVES: tuple[Flow, Flow] = ((OUTSIDE, ENGINEERING, "rdp"), (ENGINEERING, BREAKER, "modbus"))
_TESTED = {(GTE, GENSET, "modbus"): "violation c10 op"}
_FORBIDDEN = {(GTE, GENSET, "modbus"): "forbidden n09"}

CASES = {
    "a": Case(_MORNING, read(OFFICE, "10.22.1.15"), {(OFFICE, "10.22.1.15", "modbus"): "forbidden n03"},
              frozenset({"zone.flow.forbidden", "zone.level.skip"})),
    "b": Case(_MORNING, bacnet_write(GTE, AIR, 10), {(GTE, AIR, "bacnet"): "violation c01 write_hosts"},
              frozenset({"zone.conduit.violation", "bacnet.write.unexpected"})),
    "c": Case(_MORNING, [bacnet("10.22.1.254", "10.22.1.255", WHO_IS, origin=GTB)], {(GTB, "10.22.1.255", "bacnet"): "allowed c01"},
              untold=_FLOWS),
    "d": Case(_MORNING, [bacnet("10.22.1.40", GTB, COV)], {("10.22.1.40", GTB, "bacnet"): "allowed c02"}, untold=_FLOWS),
    "e": Case(_MORNING, [ntp(INTERNET_CLOCK, CLOCK, 4), ntp(INTERNET_CLOCK, "10.21.2.7", 4)],
              {(CLOCK, INTERNET_CLOCK, "ntp"): "allowed c21 op?", ("10.21.2.7", INTERNET_CLOCK, "ntp"): "forbidden n02"},
              frozenset({"zone.flow.forbidden"})),
    "f": Case(_MORNING, _CHAIN, dict(zip(_HALVES, ("allowed c18 tls?", "allowed c13"), strict=True)),
              frozenset({"eng.mode.changed"}), _FLOWS | {"zone.chain.jump"}),
    "f-night": Case(_NIGHT, _CHAIN, dict(zip(_HALVES, ("violation c18 window tls?", "violation c13 window"), strict=True)),
                    frozenset({"eng.mode.changed", "zone.conduit.violation"})),
    "g": Case(_MORNING, wrote(GTE, "10.20.1.60", "10000000010200ff", unit=17), {(GTE, "10.20.1.60/unit 17", "modbus"): "violation c09 op"},
              frozenset({"zone.conduit.violation"})),
    "h": Case(_MORNING, [*asked(DESK, CAMERA, 554, *PICTURES), bacnet(CAMERA, AIR, READ_PROPERTY, at=30 * SECOND),
                         bacnet(AIR, CAMERA, READ_ANSWER, at=31 * SECOND)],
              {(CAMERA, AIR, "bacnet"): "forbidden n05", (DESK, CAMERA, "rtsp"): "allowed c26"},
              frozenset({"zone.flow.forbidden", "zone.camera.initiator"})),
    "i": Case(_MORNING, [*wrote(FIRE, DOORS, "050001ff00"), *wrote(DOORS, FIRE, "050001ff00")],
              {(FIRE, DOORS, "modbus"): "allowed c25", (DOORS, FIRE, "modbus"): "forbidden n04"}, frozenset({"zone.flow.forbidden"})),
    "j": Case("2026-10-07T07:00", wrote(GTE, GENSET), _TESTED, frozenset({"zone.conduit.violation"}), frozenset({"zone.flow.forbidden"})),
    "j-later": Case("2026-10-07T10:00", wrote(GTE, GENSET), _FORBIDDEN, frozenset({"zone.flow.forbidden"})),
}  # fmt: skip
"""Case -> what it is. F has a day and a night, J an hour inside the window of tests and one after it."""


def captured(case: Case) -> bytes:
    """A pcap of the case: each host with a MAC of its own, one frame a millisecond, with sums that Wireshark finds right."""
    begins_ns, rows = at(case.begins), []
    for number, frame in enumerate(case.frames):
        time_ns = begins_ns + frame.time_ns // MILLISECOND * MILLISECOND + number * MILLISECOND
        rows.append((time_ns // SECOND, time_ns % SECOND // 1000, _sound(frame.data)))
    return pcap(rows)


def _sound(frame: bytes) -> bytes:
    """The frame with the MACs of its hosts, and the sums of IP (RFC 1071) and of what it carries."""
    header, body = bytearray(frame[14:34]), bytearray(frame[34:])
    header[10:12] = _sum(bytes(header))
    place = {6: 16, 17: 6}[header[9]]
    body[place : place + 2] = b"\0\0"
    body[place : place + 2] = _sum(bytes(header[12:20]) + pack("!BBH", 0, header[9], len(body)) + bytes(body))
    return _mac(header[16:20]) + _mac(header[12:16]) + frame[12:14] + bytes(header) + bytes(body)


def _mac(address: bytes | bytearray) -> bytes:
    return b"\xff" * 6 if address[3] == 255 else b"\x02\x00" + IPv4Address(bytes(address)).packed


def _sum(content: bytes) -> bytes:
    whole = content + bytes(len(content) % 2)
    total = sum(unpack(f"!{len(whole) // 2}H", whole))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return pack("!H", ~total & 0xFFFF)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, one in CASES.items():
        (FOLDER / f"{name}.pcap").write_bytes(captured(one))
