"""DHCP for IPv4 (RFC 2131, options of RFC 2132): who asks for an address, as what, and which one it gets.

    operation 1 | hardware 1 = 1, 6 | hops 1 | transaction 4 | seconds 2 | flags 2 | four addresses 4 each: of the client, given,
    of the next server, of the relay | MAC 16 | server name 64 | file 128 | cookie 4 | code 1, length 1, value ... | 255

What a client says is said about its MAC, for it has no address yet. The list of what it asks for (option 55) is the same for all
machines with the same software: it is kept as a fingerprint.
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.reader import Reader
from otwatch.events import Binding, Details, Event, Identity, Route, clean

NAME = "dhcp"
REQUEST, REPLY = 1, 2
_ETHERNET, _COOKIE, _COOKIE_AT = 1, 0x63825363, 236
_PAD, _END = 0, 255
_ROUTERS, _RESOLVERS, _TYPE, _WISHES, _CLASS, _QUALIFIED = 3, 6, 53, 55, 60, 81
_ACK = 5
_HANDED = {_ROUTERS: "route", _RESOLVERS: "resolver"}
"""RFC 2132 3.5, 3.8: ways out and DNS servers, as bindings."""
_ANYWHERE = "0.0.0.0"
MOST = 8
"""Ways out and DNS servers of one message that are told, the preferred ones first: an option has room for 63, and clients use three."""

TEXTS = {12: "host", 60: "vendor_class"}
"""RFC 2132 3.14, 9.13: the name and the class that a client gives itself."""
SYSTEMS = {
    "MSFT 98": "Windows 98", "MSFT 5.0": "Windows 2000 or later", "android-dhcp-": "Android", "udhcp": "embedded Linux (BusyBox)",
}  # fmt: skip
"""Beginnings of classes that name an operating system."""


class Options(NamedTuple):
    """`kind`: of the message (option 53), 0 for BOOTP; `handed`: what a server tells everybody to use."""

    kind: int
    fields: Details
    handed: tuple[Binding, ...]


def looks_like(read: Reader, _hinted: bool) -> bool:
    operation, hardware, size = read.fields(">3B")
    read.take(_COOKIE_AT - 3)
    return operation in (REQUEST, REPLY) and (hardware, size) == (_ETHERNET, 6) and read.u32() == _COOKIE


def decode(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    operation = read.u8()
    read.take(2)
    read.aside(1 + 4 + 2 + 2)  # hops, transaction, seconds, flags: they change and tell nothing
    own, given = _ip(read), _ip(read)
    read.aside(4 + 4)
    mac = read.take(6).hex(":")
    read.aside(10 + 64 + 128)
    read.take(4)
    options = _options(read)
    if operation == REQUEST:
        yield from _asks(mac, own, options.fields)
    else:
        yield Identity(NAME, (), (("capability", "dhcp-server"),))
        if options.kind == _ACK and given:
            yield Binding("lease", given, mac)
        yield from options.handed
        if ways := [one.value for one in options.handed if one.kind == _HANDED[_ROUTERS]]:
            yield Binding("gateway", mac, ways[0])


def _asks(mac: str, own: str, fields: Details) -> Iterator[Event]:
    """What a client says of itself; with an address it asks for more, or for longer, and the address is its own."""
    subject: Route = (f"mac {mac}",)
    if fields:
        yield Identity(NAME, subject, fields)
    if own:
        yield Binding("lease", own, mac)


def _options(read: Reader) -> Options:
    kind = 0
    fields: list[tuple[str, str]] = []
    handed: list[Binding] = []
    while read.left:
        code = read.u8()
        if code == _PAD:
            continue
        if code == _END:
            break
        value = read.part(read.u8())
        if code == _TYPE and value.left:
            kind = value.u8()
        if code in _HANDED:
            handed.extend(islice(_bindings(_HANDED[code], value), MOST - len(handed)))
        fields.extend(_field(code, value))
        value.aside(value.left)
    read.aside(read.left)
    return Options(kind, tuple(fields), tuple(handed))


def _bindings(kind: str, value: Reader) -> Iterator[Binding]:
    while value.left >= 4:
        address = _ip(value)
        yield Binding(kind, _ANYWHERE, address) if kind == "route" else Binding(kind, address)


def _field(code: int, value: Reader) -> Details:
    if code in TEXTS:
        text = clean(value.rest())
        systems = (("os", name) for start, name in SYSTEMS.items() if text.startswith(start))
        return ((TEXTS[code], text), *(systems if code == _CLASS else ()))
    if code == _WISHES:
        return (("fingerprint", ",".join(map(str, value.rest()))),)
    if code == _QUALIFIED:
        return _qualified(value)
    return ()


def _qualified(value: Reader) -> Details:
    """RFC 4702 2: flags, two bytes of no use, the name: in the form of DNS if bit 2 is set, else as text."""
    flags = value.u8()
    value.aside(2)
    labels: list[bytes] = []
    if not flags & 4:
        labels = [value.rest()]
    while value.left and (size := value.u8()):
        labels.append(value.take(size))
    name = clean(b".".join(labels)).rstrip(".")
    return (("host", name),) if name else ()


def _ip(read: Reader) -> str:
    octets = read.fields(">4B")
    return ".".join(map(str, octets)) if any(octets) else ""


DHCP = Dissector(
    name=NAME,
    title="DHCP",
    transports=frozenset({"udp"}),
    ports=frozenset({67, 68}),
    looks_like=looks_like,
    cut=whole,
    decode=decode,
    tells=True,
    marks=((0, frozenset({REQUEST, REPLY})), (1, frozenset({_ETHERNET})), (2, frozenset({6})), (_COOKIE_AT, frozenset({0x63}))),
    fixed=True,
    names=True,
)
