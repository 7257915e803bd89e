"""Forward Open and Forward Close: connections between an originator and a target (CIP volume 1, 3-5.5.2; domain/protocols.md 3.9).

Connection ids and timing ticks change with every connection and are set aside; of the ids the answer has the last word. What stays - who
opens, of which transport class, how fast, how much, to where - is what tells one client from another. The connection serial number
stays too: with vendor and serial number of the originator it names the connection, and Forward Close names it so.
"""

import re
from typing import NamedTuple

from otwatch.dissectors.cip.body import Body
from otwatch.dissectors.cip.path import Path, path
from otwatch.dissectors.reader import Reader
from otwatch.events import Details, Opened, Point, Request, Route, Verb

_TYPES = ("null", "multicast", "point to point", "reserved")
_OPEN, _LARGE_OPEN, _CLOSE = "Forward Open", "Large Forward Open", "Forward Close"
_OPENS = frozenset({_OPEN, _LARGE_OPEN})
_BOTH = _OPENS | {_CLOSE}
_IO = frozenset({0, 1})
_COUNT = (0, 2)
"""Bytes of the sequence count before the data, by transport class 0 and 1 (volume 1, 3-4.4)."""
_HOP = re.compile(r" (?=port \d+/)", re.ASCII)
_KEPT = ("class", "owner", "o_t_interval_us", "t_o_interval_us")
_WITHOUT_OUTPUTS = {254: "input only", 255: "listen only"}
"""Connection points that makers commonly use for the heartbeat of such connections; a device may use others."""


def opens(request: Request) -> bool:
    """Whether a request opens a connection."""
    return request.operation in _OPENS and request.protocol == "cip"


def opens_or_closes(request: Request) -> bool:
    """Whether a request opens or closes a connection."""
    return request.operation in _BOTH and request.protocol == "cip"


def forward_open(read: Reader, _path: Path) -> Body:
    """Originator, transport class, owner, and of each direction type, size and interval; route, assemblies and electronic key."""
    return _opened(read, 2)


def large_forward_open(read: Reader, _path: Path) -> Body:
    """The same with 32 bits of parameters a direction."""
    return _opened(read, 4)


class _Flow(NamedTuple):
    """Network connection parameters of one direction (volume 1, table 3-5.8)."""

    kind: str
    size: int
    redundant: bool
    interval_us: int

    def said(self, side: str) -> Details:
        kind = (f"{side}_type", self.kind)
        if self.kind == "null":
            return (kind,)
        return (kind, (f"{side}_bytes", str(self.size)), (f"{side}_interval_us", str(self.interval_us)))


def _opened(read: Reader, width: int) -> Body:
    read.aside(2 + 4 + 4)  # priority and ticks, both connection ids
    names = _names(read)
    read.aside(4)  # timeout multiplier, reserved
    sent, received = _flow(read, width), _flow(read, width)
    transport = read.u8() & 0x0F
    to = path(read, read.u8())
    owner: Details = (("owner", _owner(sent, transport, to)),) if transport in _IO else ()
    return Body(
        details=(*names, ("class", str(transport)), *owner, *sent.said("o_t"), *received.said("t_o"), *_where(to)),
        points=to.points,
        verb=Verb.SUBSCRIBE if transport in _IO else Verb.SESSION,
    )


def _names(read: Reader) -> Details:
    """Connection serial number, vendor and serial number of the originator."""
    serial, vendor, originator = read.fields("<HHI")
    return (("originator_vendor", str(vendor)), ("originator_serial", f"0x{originator:08X}"), ("connection_serial", f"0x{serial:04x}"))


def _flow(read: Reader, width: int) -> _Flow:
    interval = read.le32()
    parameters = read.le16() if width == 2 else read.le32()
    top = 8 * width - 1
    size = parameters & (0x1FF if width == 2 else 0xFFFF)
    return _Flow(_TYPES[parameters >> (top - 2) & 3], size, bool(parameters >> top), interval)


def _owner(sent: _Flow, transport: int, to: Path) -> str:
    """Who sends outputs owns them; who only lets hear that it is there receives inputs (volume 1, 3-6.4)."""
    if sent.redundant:
        return "redundant owner"
    if sent.kind != "null" and sent.size > _COUNT[transport]:
        return "exclusive owner"
    return _WITHOUT_OUTPUTS.get(next(iter(to.ends[-2:]), -1), "input only or listen only")


def _where(to: Path) -> Details:
    route: Details = (("route", " ".join(to.hops)),) if to.hops else ()
    key: Details = (("key", to.key),) if to.key else ()
    ends: Details = (("assemblies", " ".join(map(str, to.ends))),) if to.ends else ()
    return (*route, *to.details, *ends, *key)


def forward_close(read: Reader, _path: Path) -> Body:
    """Which connection of which originator."""
    read.aside(2)  # priority and ticks
    names = _names(read)
    words = read.u8()
    read.aside(1)
    to = path(read, words)
    return Body(details=(*names, *_where(to)), points=to.points)


def opened(request: Request, data: Reader) -> Opened:
    """The connection that the answer to `request` opens: both ids first (volume 1, table 3-5.19). A tag is produced as a whole."""
    asker, asked = data.fields("<II")
    said = dict(request.details)
    numbers = [int(number) for number in said.get("assemblies", "").split()][-2:]
    points = tuple((Point("cip", name=f"0x04/{number}"),) for number in numbers) or (request.points,)
    hops = tuple(_HOP.split(said["route"])) if "route" in said else ()
    kept = tuple((name, said[name]) for name in _KEPT if name in said)
    sends, receives = _number(asker, said.get("o_t_type", "")), _number(asked, said.get("t_o_type", ""))
    return Opened("cip", connection_name(request), sends, receives, (*through(request), *hops), (points[0], points[-1]), kept)


def through(request: Request) -> Route:
    """Who is asked; where that is whoever stands at the end of a connection, the connection is the first hop."""
    connections = tuple(f"connection {number}" for name, number in request.details if name == "connection")
    return connections + request.target


def _number(number: int, kind: str) -> str:
    return "" if kind == "null" else f"0x{number:08x}"


def connection_name(request: Request) -> str:
    """What names a connection between two devices (volume 1, 3-5.5.2)."""
    said = dict(request.details)
    return "/".join(said.get(name, "") for name in ("originator_vendor", "originator_serial", "connection_serial"))
