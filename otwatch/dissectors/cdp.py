"""CDP: what Cisco's switches, telephones and access points say of themselves (no public standard; domain/protocols.md 12).

    version 1 | time to live 1 | checksum 2 | type 2, length 2 (with these four bytes), value | ...
"""

from collections.abc import Iterator

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Binding, Details, Event, Identity
from otwatch.events.text import prose

NAME = "cdp"
_VERSIONS = frozenset({1, 2})
_CAPABILITIES, _SOFTWARE = 4, 5
_ADDRESSES = frozenset({2, 0x16})
"""Of the port, and for management."""
_HEAD = 4
_IPV4 = (1, b"\xcc", 4)
"""Protocol as NLPID (ISO/IEC TR 9577), that of IP, and the length of its addresses."""

TEXTS = {1: "name", 5: "software", 6: "model", 0x14: "host"}
"""Device id, software version, platform, system name."""
BITS = {0: "router", 1: "bridge", 3: "bridge", 7: "telephone"}
"""Router, transparent bridge, switch, telephone."""


def looks_like(read: Reader, _hinted: bool) -> bool:
    return read.u8() in _VERSIONS


def decode(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    """One announcement. It is sent from the MAC of the port; addresses in it are those of the port's networks."""
    read.take(1)
    read.aside(1 + 2)
    fields: list[tuple[str, str]] = [("vendor", "Cisco")]
    addresses: list[str] = []
    while read.left:
        at = read.at
        kind, size = read.u16(), read.u16()
        if size < _HEAD:
            raise Malformed(f"length {size} of an element is less than its own head", at)
        value = read.part(size - _HEAD)
        if kind in _ADDRESSES:
            addresses.extend(_addresses(value))
        fields.extend(_fields(kind, value))
        value.aside(value.left)
    yield Identity(NAME, (), tuple(dict.fromkeys([*fields, *(("ip", address) for address in addresses)])))
    for address in dict.fromkeys(addresses):
        yield Binding("address", address)


def _addresses(value: Reader) -> Iterator[str]:
    """Count 4; then each: kind of protocol 1, length 1, protocol, length 2, address. Only IPv4 is told."""
    for _ in range(value.u32()):
        kind, protocol = value.u8(), value.take(value.u8())
        address = value.take(value.u16())
        if (kind, protocol, len(address)) == _IPV4 and any(address):
            yield ".".join(map(str, address))


def _fields(kind: int, value: Reader) -> Details:
    if kind == _CAPABILITIES:
        bits = value.u32()
        return tuple(("capability", word) for bit, word in BITS.items() if bits >> bit & 1)
    if kind not in TEXTS:
        return ()
    text = value.rest().decode("utf-8", "backslashreplace")
    return ((TEXTS[kind], prose(_versioned(text) if kind == _SOFTWARE else text)),)


def _versioned(text: str) -> str:
    """Of several lines the one that says which version, else the first."""
    lines = text.strip().splitlines() or [""]
    return next((line for line in lines if "Version" in line), lines[0])


CDP = Dissector(
    name=NAME,
    title="CDP",
    transports=frozenset({"ethernet"}),
    ports=frozenset(),
    looks_like=looks_like,
    cut=whole,
    decode=decode,
    ethertype=0x2000,
    tells=True,
    names=True,
)
