"""HSRP and GLBP: routers that share an address tell each other so (RFC 2281 5; version 2 and GLBP by Cisco, no public standard).

    HSRP 1   version 0 | operation 1 | state 1 | times 2 | priority 1 | group 1 | 0 | password 8 | virtual address 4
    HSRP 2   type 1 | length 1 = 40 | version 2 | operation 1 | state 1 | IP 1 | group 2 | MAC 6 | priority 4 | times 8 | virtual address 16
    GLBP     version 1 | 1 | group 2 | 2 | MAC of the owner 6 | type 1, length 1, value ...

Of one who routes no more than that is told, and which address it shares, which is nobody's own; the password, which stands there in clear,
is set aside. VRRP is a dissector of its own.
"""

from collections.abc import Iterator
from ipaddress import IPv6Address

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.reader import Reader
from otwatch.events import Binding, Event, Identity

_HELLO = 0
_UNKNOWN = frozenset({"0.0.0.0", "::"})
"""What a router says that has not learnt the address yet (RFC 2281 5.1)."""
_OPERATIONS = frozenset({0, 1, 2, 3})
_SIZE, _SIZE_2, _IPV4 = 20, 40, 4
STATES = {0: "initial", 1: "learn", 2: "listen", 4: "speak", 8: "standby", 16: "active"}
"""RFC 2281 5.1."""
STATES_2 = dict(enumerate(("disabled", "initial", "learn", "listen", "speak", "standby", "active")))


def _looks_like_hsrp(read: Reader, _hinted: bool) -> bool:
    first, second = read.fields(">BB")
    if first == 0:
        return second in _OPERATIONS and read.u8() in STATES and read.left >= _SIZE - 3
    return (first, second) == (1, _SIZE_2) and read.u8() == 2 and read.left >= _SIZE_2 - 1


def _hsrp(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    yield from _second(read) if read.u8() else _first(read)
    read.aside(read.left)


def _first(read: Reader) -> Iterator[Event]:
    operation, state = read.fields(">BB")
    read.aside(3)
    group = read.u8()
    read.aside(1 + 8)
    address = ".".join(map(str, read.fields(">4B")))
    if operation == _HELLO:
        yield from _shared("hsrp", group, STATES.get(state, f"state {state}"), address)


def _second(read: Reader) -> Iterator[Event]:
    read.take(2)
    operation, state, version, group = read.fields(">BBBH")
    read.aside(6 + 4 + 8)
    raw = read.take(16)
    address = ".".join(map(str, Reader(raw).fields(">4B"))) if version == _IPV4 else str(IPv6Address(raw))
    if operation == _HELLO:
        yield from _shared("hsrp", group, STATES_2.get(state, f"state {state}"), address)


def _looks_like_glbp(read: Reader, hinted: bool) -> bool:
    """Elements up to the end."""
    if not hinted or read.u8() != 1:
        return False
    read.take(11)
    while read.left:
        read.take(1)
        size = read.u8()
        if size < 2:
            return False
        read.take(size - 2)
    return True


def _glbp(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    read.take(2)
    group = read.u16()
    read.aside(read.left)
    yield _router("glbp", group, "", "")


def _shared(protocol: str, group: int, state: str, address: str) -> Iterator[Event]:
    yield _router(protocol, group, state, address)
    if address not in _UNKNOWN:
        yield Binding("virtual", address, f"{protocol.upper()} {group}")


def _router(protocol: str, group: int, state: str, address: str) -> Identity:
    """The group, its state here, and the address that is shared."""
    more = f" {state} for {address}" if state else ""
    return Identity(protocol, (), (("capability", "router"), ("description", f"{protocol.upper()} group {group}{more}")))


HSRP = Dissector(
    name="hsrp",
    title="HSRP",
    transports=frozenset({"udp"}),
    ports=frozenset({1985, 2029}),
    looks_like=_looks_like_hsrp,
    cut=whole,
    decode=_hsrp,
    tells=True,
    marks=((0, frozenset({0, 1})),),
    fixed=True,
    names=True,
)
GLBP = HSRP._replace(
    name="glbp", title="GLBP", ports=frozenset({3222}), looks_like=_looks_like_glbp, decode=_glbp, marks=((0, frozenset({1})),)
)
