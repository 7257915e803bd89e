"""DHCP for IPv6 (RFC 8415): what a client calls itself, and who is a server.

    type 1 | transaction 3 | code 2, length 2, value ... ; a relay's message (types 12 and 13) holds another one, which is not read

A client speaks from its link-local address, so what it says is about the sender. The MAC in its identifier (RFC 8415 11.2, 11.4) may be
that of another of its cards: it is a fact and binds no address.
"""

from collections.abc import Iterator

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.reader import Reader
from otwatch.events import Details, Event, Identity, clean

NAME = "dhcpv6"
CLIENT = frozenset({1, 3, 4, 5, 6, 8, 9, 11})
"""Solicit, request, confirm, renew, rebind, release, decline, information request."""
SERVER = frozenset({2, 7, 10})
"""Advertise, reply, reconfigure."""
_RELAY = frozenset({12, 13})
_TYPES = CLIENT | SERVER | _RELAY
_IDENTIFIER, _WISHES, _CLASS, _NAME = 1, 6, 16, 39
_WITH_TIME, _PLAIN, _ETHERNET = 1, 3, 1
SYSTEMS = {"MSFT 5.0": "Windows Vista or later"}


def looks_like(read: Reader, _hinted: bool) -> bool:
    """Options up to the end."""
    kind = read.u8()
    if kind in _RELAY:
        return read.left >= 33
    if kind not in _TYPES:
        return False
    read.take(3)
    while read.left:
        read.take(2)
        read.take(read.u16())
    return True


def decode(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    kind = read.u8()
    if kind in SERVER:
        yield Identity(NAME, (), (("capability", "dhcp-server"),))
    elif kind in CLIENT:
        read.aside(3)  # transaction
        fields: list[tuple[str, str]] = []
        while read.left:
            code, value = read.u16(), read.part(read.u16())
            fields.extend(_field(code, value))
            value.aside(value.left)
        if fields:
            yield Identity(NAME, (), tuple(fields))
    read.aside(read.left)


def _field(code: int, value: Reader) -> Details:
    if code == _IDENTIFIER:
        return _mac(value)
    if code == _WISHES:
        return (("fingerprint", "v6 " + ",".join(str(value.u16()) for _ in range(value.left // 2))),)
    if code == _CLASS:
        value.take(4)  # enterprise
        text = clean(value.take(value.u16()))
        return tuple(fact for fact in (("vendor_class", text), ("os", SYSTEMS.get(text, ""))) if fact[1])
    return _qualified(value) if code == _NAME else ()


def _mac(value: Reader) -> Details:
    """A DUID made of a card's address, with the time when it was made or without."""
    kind = value.u16()
    if kind not in (_WITH_TIME, _PLAIN) or value.u16() != _ETHERNET:
        return ()
    if kind == _WITH_TIME:
        value.aside(4)
    return (("mac", value.take(6).hex(":")),)


def _qualified(value: Reader) -> Details:
    """RFC 4704 4.1: flags, then a name in the form of DNS, whose end may be missing."""
    value.aside(1)
    labels: list[bytes] = []
    while value.left and (size := value.u8()):
        labels.append(value.take(size))
    name = clean(b".".join(labels))
    return (("host", name),) if name else ()


DHCPV6 = Dissector(
    name=NAME,
    title="DHCPv6",
    transports=frozenset({"udp"}),
    ports=frozenset({546, 547}),
    looks_like=looks_like,
    cut=whole,
    decode=decode,
    tells=True,
    marks=((0, _TYPES),),
    fixed=True,
    names=True,
)
