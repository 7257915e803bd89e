"""VRRP: routers, or servers, that share an address (RFC 3768 version 2, RFC 5798 and RFC 9568 version 3, IPv6 too).

    2   version, type 1 = 21 | group 1 | priority 1 | count 1 | authentication 1 | interval 1 | checksum 2 | addresses 4 each | password 8
    3   version, type 1 = 31 | group 1 | priority 1 | count 1 | interval 2 | checksum 2 | addresses 4 or 16 each

Advertisements are the only message (RFC 9568 5.2.2), sent by whoever is active, or gives up (priority 0). The addresses are nobody's own,
but with priority 255, where they are the sender's (RFC 9568 1.6). A password of version 2 stands there in clear and is set aside. CARP has
the same protocol number and another length.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Binding, Event, Identity
from otwatch.events.text import prose

NAME = "vrrp"
TRANSPORT = "ip 112"
_SECOND, _THIRD = 0x21, 0x31
_HEAD, _PASSWORD = 8, 8
_SIZES = {_SECOND: (4,), _THIRD: (4, 16)}
_GIVES_UP = 0
"""RFC 9568 5.2.4: the active router stops."""
MOST = 16
"""Addresses of one group that are told; a message has room for 255, and a router for a few."""


def looks_like(read: Reader, _: bool) -> bool:
    kind, group, _priority, count = read.fields(">BBBB")
    return bool(group and count and _width(kind, count, read.left + 4))


def _width(kind: int, count: int, size: int) -> int:
    """Octets of an address, 0 where they do not fill the message."""
    rest = size - _HEAD - (_PASSWORD if kind == _SECOND else 0)
    return next((width for width in _SIZES.get(kind, ()) if width * count == rest), 0)


def decode(read: Reader, _: bool | None) -> Iterator[Event]:
    size = read.left
    kind, group, priority, count = read.fields(">BBBB")
    width = _width(kind, count, size)
    if not width:
        raise Malformed(f"{count} addresses do not fill {size} octets", 3)
    read.aside(4)
    addresses = [str(IPv4Address(raw) if width == 4 else IPv6Address(raw)) for raw in (read.take(width) for _ in range(min(count, MOST)))]
    read.aside(read.left)
    state = "gives up" if priority == _GIVES_UP else f"priority {priority}"
    text = f"VRRP group {group} {state} for {', '.join(addresses)}"
    yield Identity(NAME, (), (("capability", "router"), ("description", prose(text))))
    for address in addresses:
        yield Binding("virtual", address, f"VRRP {group}")


VRRP = Dissector(
    name=NAME,
    title="VRRP",
    transports=frozenset({TRANSPORT}),
    ports=frozenset(),
    looks_like=looks_like,
    cut=whole,
    decode=decode,
    tells=True,
    marks=((0, frozenset({_SECOND, _THIRD})),),
    names=True,
)
