"""ICMP and ICMPv6: who says which way packets go, and questions that tell one system from another.

    type 1 | code 1 | checksum 2 | what the type says

    redirect             5     gateway 4 | IP header of the packet that is led elsewhere        RFC 792
    router advertisement 9     addresses 1, size 1, lifetime 2 | (address 4, preference 4)...   RFC 1256 3
    timestamp, information, address mask   13 15 17, answered by the next number                RFC 792, RFC 950
    router advertisement 134   hop limit 1, flags 1, lifetime 2, times 8 | options              RFC 4861 4.2
    redirect             137   4 | target 16 | destination 16 | options                         RFC 4861 4.5
    node information     139   answered by the next number                                      RFC 4620 4

Echoes say nothing: they carry no mark, so floods of them stay columns. What they carry is judged by how much of it goes each way
(alerts/detections/tunnels.py). Errors belong to the packets they quote (zones.md 9.2).
"""

from collections.abc import Iterator
from ipaddress import IPv6Address

from otwatch.dissectors.base import Dissector, whole
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Answer, Binding, Event, Identity, Request, Verb
from otwatch.events.text import prose

_REDIRECT, _ROUTER = 5, 9
_QUESTIONS = {13: "Timestamp", 15: "Information", 17: "Address mask"}
_REDIRECT_6, _ROUTER_6 = 137, 134
_QUESTIONS_6 = {139: "Node information"}
_ROUTES = "route"
_PREFIX, _PREFIX_SIZE = 3, 32
"""Option of RFC 4861 4.6.2: a prefix that is on the link."""


def _types(questions: dict[int, str], *others: int) -> frozenset[int]:
    return frozenset({*others, *questions, *(kind + 1 for kind in questions)})


_TYPES, _TYPES_6 = _types(_QUESTIONS, _REDIRECT, _ROUTER), _types(_QUESTIONS_6, _REDIRECT_6, _ROUTER_6)
_LEAST = {
    _REDIRECT: 28, _ROUTER: 8, 13: 20, 14: 20, 15: 8, 16: 8, 17: 12, 18: 12,
    _REDIRECT_6: 40, _ROUTER_6: 16, 139: 16, 140: 16,
}  # fmt: skip
"""Bytes that each type has at least."""


def _looks_like(read: Reader, _hinted: bool) -> bool:
    return read.left >= _LEAST.get(read.u8(), 1 << 16)


def _decode(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    kind = _begin(read)
    if kind == _REDIRECT:
        yield _redirect(read)
    elif kind == _ROUTER:
        read.aside(2)
        yield from _router("icmp", read.u16(), ())
    else:
        yield from _asked("icmp", kind, _QUESTIONS)
    read.aside(read.left)


def _decode_6(read: Reader, _is_request: bool | None) -> Iterator[Event]:
    kind = _begin(read)
    if kind == _REDIRECT_6:
        read.aside(4)
        gateway, destination = read.take(16), read.take(16)
        yield Binding(_ROUTES, str(IPv6Address(destination)), str(IPv6Address(gateway)))
    elif kind == _ROUTER_6:
        read.aside(2)
        lifetime = read.u16()
        read.aside(8)
        yield from _router("icmpv6", lifetime, tuple(_prefixes(read)))
    else:
        yield from _asked("icmpv6", kind, _QUESTIONS_6)
    read.aside(read.left)


def _begin(read: Reader) -> int:
    kind = read.u8()
    read.aside(1 + 2)
    return kind


def _redirect(read: Reader) -> Binding:
    """The packet it is about stands behind, as far as its first bytes: its destination from byte 16 on (RFC 791 3.1)."""
    gateway = _ip(read)
    read.aside(16)
    return Binding(_ROUTES, _ip(read), gateway)


def _router(protocol: str, lifetime: int, prefixes: tuple[str, ...]) -> Iterator[Identity]:
    """A lifetime of 0 says that it is no way out (RFC 4861 4.2, RFC 1256 4.1); it may hand out prefixes all the same."""
    if lifetime or prefixes:
        shown = (("description", prose(f"announces {', '.join(prefixes)}")),) if prefixes else ()
        yield Identity(protocol, (), (("capability", "router"), *shown))


def _prefixes(read: Reader) -> Iterator[str]:
    """Options, of eight bytes each as their second byte says (RFC 4861 4.6)."""
    while read.left:
        kind, size = read.u8(), 8 * read.u8()
        if not size:
            raise Malformed("option without a length", read.at - 1)
        option = read.part(size - 2)
        if kind == _PREFIX and size == _PREFIX_SIZE:
            bits = option.u8()
            option.aside(1 + 4 + 4 + 4)
            yield f"{IPv6Address(option.take(16))}/{bits}"
        option.aside(option.left)


def _asked(protocol: str, kind: int, questions: dict[int, str]) -> Iterator[Event]:
    if kind in questions:
        yield Request(protocol, Verb.DISCOVER, questions[kind], kind)
    elif kind - 1 in questions:
        yield Answer(protocol, questions[kind - 1], kind - 1)


def _ip(read: Reader) -> str:
    return ".".join(map(str, read.fields(">4B")))


ICMP = Dissector(
    name="icmp",
    title="ICMP",
    transports=frozenset({"ip 1"}),
    ports=frozenset(),
    looks_like=_looks_like,
    cut=whole,
    decode=_decode,
    tells=True,
    marks=((0, _TYPES),),
    names=True,
)
ICMPV6 = ICMP._replace(
    name="icmpv6", title="ICMPv6", transports=frozenset({"ip 58"}), decode=_decode_6, marks=((0, _TYPES_6),)
)
