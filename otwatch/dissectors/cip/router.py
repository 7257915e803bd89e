"""Message router requests and answers, and what they wrap (CIP volume 1, 2-4; domain/protocols.md 3.5, 3.9).

Two services carry other requests. Unconnected Send hands one to a device behind this one: only the wrapped request
is told, its route in `target`. Multiple Service Packet carries many: each is told, with its place as ("packet", "2").
The envelopes count them all, the wrappers too.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from otwatch.dissectors.cip import pccc, services, status
from otwatch.dissectors.cip.body import NOTHING, Body
from otwatch.dissectors.cip.path import Path, path
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, Answer, Details, Envelope, Event, Request, Route

NESTING = 8
EMBEDDED = 256
"""Messages one packet may carry."""

REPLY = 0x80


class _Outer(NamedTuple):
    """What stands around a request or an answer."""

    target: Route = ()
    details: Details = ()
    depth: int = 0
    place: str = ""
    connection: str = ""

    def inner(self, at: int, target: Route = (), details: Details = (), place: str = "") -> "_Outer":
        if self.depth == NESTING:
            raise Malformed(f"messages nested deeper than {NESTING}", at)
        nested = f"{self.place}.{place}" if self.place and place else self.place or place
        return _Outer(self.target + target, self.details + details, self.depth + 1, nested, self.connection)

    @property
    def facts(self) -> Details:
        """What requests and answers say of their way here; the connection last, where it is looked for."""
        said = (*self.details, ("packet", self.place)) if self.place else self.details
        return (*said, ("connection", self.connection)) if self.connection else said


_BARE = _Outer()


@lru_cache
def _through(connection: str) -> _Outer:
    """A message of a connection; its events name the connection last."""
    return _Outer(connection=connection)


def decode(read: Reader, connection: str = "") -> Iterator[Event]:
    """The requests or answers of one message; bit 7 of the service tells which it is. `connection`: the id it travels under."""
    outer = _through(connection) if connection else _BARE
    return _answers(read, outer) if read.peek() >= b"\x80" else _requests(read, outer)


def _requests(read: Reader, outer: _Outer) -> Iterator[Event]:
    service = read.u8()
    if service & REPLY:
        raise Malformed("answer inside a request", read.at - 1)
    try:
        to = path(read, read.u8())
    except Malformed:
        yield _asking(service, "-")
        raise
    yield _asking(service, to.owner)
    if service == services.MULTIPLE and read.left > 2:
        yield from _packet(read, outer, _requests)
    elif service == services.UNCONNECTED_SEND and to.classes[-1:] == (services.CONNECTION_MANAGER,):
        yield from _unwrapped(read, outer)
    else:
        row = services.row(to.classes, to.symbolic, service)
        try:
            body = row.body(read, to)
        except Malformed:
            yield _request(row, service, to, outer, NOTHING)
            raise
        yield _request(row, service, to, outer, body)


@lru_cache
def _asking(service: int, owner: str) -> Envelope:
    return Envelope("cip", (("service", f"0x{service:02x}"), ("class", owner)))


@lru_cache
def _answering(service: int, general: int) -> Envelope:
    return Envelope("cip", (("answer", f"0x{service:02x}"), ("status", f"0x{general:02x}")))


def _packet(read: Reader, outer: _Outer, decode_one: Callable[[Reader, _Outer], Iterator[Event]]) -> Iterator[Event]:
    """What a Multiple Service Packet carries. Devices serve each part for itself, so a flaw in one must not hide the others."""
    count = 0
    flaw: Malformed | None = None
    for place, part in _parts(read):
        try:
            for said in decode_one(part, outer.inner(part.at, place=place)):
                count += not isinstance(said, Envelope)
                yield said
        except Malformed as found:
            flaw = flaw or found
        if count > EMBEDDED:
            raise Malformed(f"more than {EMBEDDED} messages in one packet", part.at)
    if flaw:
        raise flaw


def _parts(read: Reader) -> Iterator[tuple[str, Reader]]:
    """The messages of a Multiple Service Packet, counted from "1"; offsets begin at the number of services (volume 1, A-4.10)."""
    start = read.at
    count = read.le16()
    if not 0 < count <= EMBEDDED:
        raise Malformed(f"{count} services in one packet", start)
    offsets = [read.le16() for _ in range(count)]
    ends = [*offsets[1:], read.end - start]
    for place, (offset, end) in enumerate(zip(offsets, ends, strict=True), 1):
        if not read.at - start <= offset < end:
            raise Malformed(f"offset {offset} of embedded service {place}", start)
        read.take(offset - (read.at - start))
        yield str(place), read.part(end - offset)


def _unwrapped(read: Reader, outer: _Outer) -> Iterator[Event]:
    read.aside(2)  # priority, ticks
    size = read.le16()
    message = read.part(size)
    if size & 1:
        read.take(1)
    words = read.u8()
    read.take(1)
    way = path(read, words)
    yield from _requests(message, outer.inner(message.at, way.hops, (("via", "Unconnected Send"), *way.details)))


def _request(row: services.Row, service: int, to: Path, outer: _Outer, body: Body) -> Request:
    values, details, points, operation, verb = body
    target = outer.target + to.hops
    if to.far or outer is not _BARE:
        details += to.details + outer.facts
    return Request("cip", verb or row.verb, operation or row.name, service, target, (), points or to.points, values, None, details)


def _answers(read: Reader, outer: _Outer) -> Iterator[Event]:
    service, general = _head(read)
    yield _answering(service, general)
    extended = _additional(read)
    if service == services.MULTIPLE and read.left > 2:
        yield from _packet(read, outer, _answers)
        return
    error = number = ""
    if general != status.SUCCESS:
        error, number = status.words(general, extended), status.code(general, extended)
    if service == _EXECUTE_PCCC and not error:
        error, number = pccc.refusal(read)
    read.aside(read.left)
    details = _PARTIAL + outer.facts if general == status.PARTIAL else outer.facts
    yield Answer("cip", services.answered(service), _code(service, error), (), (), error, number, details)


_PARTIAL: Details = (("status", "Partial transfer"),)
_EXECUTE_PCCC = 0x4B
_WRAPPERS = frozenset({services.MULTIPLE, services.UNCONNECTED_SEND})


def _code(service: int, error: str) -> int:
    """A wrapper that failed answers for whatever it carried (volume 1, 3-5.5.4: the answer names the wrapper)."""
    return UNNAMED if error and service in _WRAPPERS else service


def _head(read: Reader) -> tuple[int, int]:
    """Service without bit 7, general status."""
    service = read.u8()
    if not service & REPLY:
        raise Malformed("request inside an answer", read.at - 1)
    read.u8()
    return service & ~REPLY, read.u8()


def _additional(read: Reader) -> int | None:
    """The first word of the additional status, None without."""
    words = read.u8()
    if not words:
        return None
    first = read.le16()
    read.aside(2 * (words - 1))
    return first


def reply(read: Reader, place: str) -> Reader:
    """The data of the answer at `place` of a Multiple Service Packet ("2", nested "2.1"), or of the only answer for ""."""
    service, _ = _head(read)
    _additional(read)
    first, _, further = place.partition(".")
    if not first or service != services.MULTIPLE:
        return read
    for number, part in _parts(read):
        if number == first:
            return reply(part, further)
    raise Malformed(f"no answer {place} in the packet", read.at)
