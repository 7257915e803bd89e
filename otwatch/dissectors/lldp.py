"""LLDP: what a switch, a telephone or a controller says of itself to its neighbour (IEEE 802.1AB-2016 clause 8).

    type 7 bits, length 9 bits, value | ... | type 0, length 0          the first three are chassis, port and time to live

LLDP-MED (ANSI/TIA-1057 10.2.6) adds what an inventory wants: hardware, firmware, software, serial number, maker, model, asset number.
"""

from collections.abc import Iterator

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.reader import Reader
from otwatch.events import Binding, Details, Event, Identity
from otwatch.events.text import prose

NAME = "lldp"
END, CHASSIS, PORT, TIME_TO_LIVE = range(4)
_CAPABILITIES, _ADDRESS, _ORGANISATION = 7, 8, 127
_MAC, _IPV4_ADDRESS = 4, 1

TEXTS = {5: "name", 6: "description"}
"""Clause 8.5: system name, system description."""
MED = {5: "hardware", 6: "firmware", 7: "software", 8: "serial", 9: "vendor", 10: "model", 11: "asset_tag"}
"""ANSI/TIA-1057 10.2.6.2 to 10.2.6.8, by subtype."""
_MED, _PROFINET, _STATION = 0x0012BB, 0x000ECF, 2

BITS = {2: "bridge", 3: "access-point", 4: "router", 5: "telephone"}
"""Clause 8.5.8, table 8-4: bits of the system capabilities that say what a thing is; "station only" and others say little."""


def looks_like(read: Reader, _hinted: bool) -> bool:
    """A chassis first (clause 8.2)."""
    kind, _ = _head(read)
    return kind == CHASSIS


def decode(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    """One announcement: who sends it, and its management address. Padding behind the end says nothing."""
    fields: list[tuple[str, str]] = []
    addresses: list[str] = []
    mac = ""
    while True:
        kind, size = _head(read)
        if kind == END:
            break
        value = read.part(size)
        if kind == CHASSIS:
            mac = _chassis(value)
        elif kind == _ADDRESS:
            addresses.append(_address(value))
        fields.extend(_fields(kind, value))
        value.aside(value.left)
        if not read.left:
            break
    read.aside(read.left)
    if mac:
        fields.append(("mac", mac))
    fields.extend(("ip", address) for address in dict.fromkeys(filter(None, addresses)))
    if any(fields):
        yield Identity(NAME, (), tuple(fields))
    for address in filter(None, addresses):
        yield from (Binding("address", address, port) for port in dict.fromkeys(("", mac)))


def _head(read: Reader) -> tuple[int, int]:
    head = read.u16()
    return head >> 9, head & 0x1FF


def _chassis(value: Reader) -> str:
    """Clause 8.5.2: subtype 4 is a MAC."""
    return value.take(6).hex(":") if value.u8() == _MAC and value.left == 6 else ""


def _address(value: Reader) -> str:
    """Clause 8.5.9: length, IANA address family, address; interface and object behind it. Only IPv4 is told."""
    size, family = value.u8(), value.u8()
    octets = value.fields(">4B") if (size, family) == (5, _IPV4_ADDRESS) else ()
    return ".".join(map(str, octets)) if any(octets) else ""


def _fields(kind: int, value: Reader) -> Details:
    if kind in TEXTS:
        return _text(TEXTS[kind], value)
    if kind == _CAPABILITIES:
        value.aside(2)  # what it could do, if it were switched on
        enabled = value.u16()
        return tuple(("capability", word) for bit, word in BITS.items() if enabled >> bit & 1)
    if kind != _ORGANISATION:
        return ()
    organisation, subtype = value.u24(), value.u8()
    if organisation == _MED and subtype in MED:
        return _text(MED[subtype], value)
    return _text("name", value) if (organisation, subtype) == (_PROFINET, _STATION) else ()


def _text(name: str, value: Reader) -> Details:
    text = prose(value.rest().strip(b"\0 "))
    return ((name, text),) if text else ()


LLDP = Dissector(
    name=NAME,
    title="LLDP",
    transports=frozenset({"ethernet"}),
    ports=frozenset(),
    looks_like=looks_like,
    cut=whole,
    decode=decode,
    ethertype=0x88CC,
    tells=True,
    names=True,
)
