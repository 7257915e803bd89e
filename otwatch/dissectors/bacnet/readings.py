"""Properties that somebody watches, read from acknowledgements and notifications (135-2020 clauses 13.6, 15.5, 15.7).

Where a notification tells of one of them, all its octets decide what it means: each is read anew, which is what is wanted.
"""

from collections.abc import Iterable, Iterator

from otwatch.dissectors.bacnet import bvlc, values
from otwatch.dissectors.bacnet.parameters import CONSTRUCT, Given, context, groups, need, object_number, point, property_part
from otwatch.dissectors.base import Dissector
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Answer, Event, Point, Request

_READ_PROPERTY, _READ_MULTIPLE = 12, 14
_READS = frozenset({_READ_PROPERTY, _READ_MULTIPLE})
_CHANGED = frozenset({1, 258})
"""confirmed- and unconfirmedCOVNotification, as `Request.code`."""
_TOLD = _READS | _CHANGED
_LEAST = 10
"""Octets of the shortest acknowledgement on IP. What was put together from pieces is shorter: its ticket alone is here."""
_DESTINATION, _SOURCE, _COMPLEX, _SEGMENTED = 0x20, 0x08, 0x30, 0x08

_BEFORE_CHOICE = {0x00: 2, _COMPLEX: 1}
"""Octets between the first of an APDU and its service choice; none in an unconfirmed request (clause 20.1)."""

Values = Iterator[tuple[Point, str]]


def reading(dissector: Dissector, watched: tuple[Point, ...]) -> Dissector:
    """The dissector that also joins reads of these points with their answers, and says their values."""
    ours = frozenset(one for one in watched if one.part)

    def joins(request: Request) -> bool:
        return request.code in _TOLD and not ours.isdisjoint(request.points)

    def joined(request: Request, read: Reader) -> Iterator[Event]:
        if request.code not in _READS or read.left < _LEAST or ours.isdisjoint(request.points):
            return
        details = tuple((str(one), text) for one, text in _acknowledged(read) if one in ours)
        if details:
            yield Answer(request.protocol, request.operation, request.code, request.target, details=details)

    def decode(read: Reader, is_request: bool | None) -> Iterable[Event]:
        ahead = Reader(read.data, read.at, read.end)
        said = _heard(dissector, ahead, is_request)
        if not any(isinstance(one, Request) and one.code in _CHANGED and not ours.isdisjoint(one.points) for one in said):
            return dissector.decode(read, is_request)
        texts = _notified(Reader(read.data, read.at, read.end))
        start, end = ahead.last_ticket(read.at)
        if end:  # a confirmed one: its invoke id stays its ticket, all other octets decide
            read.take(start - read.at)
            read.ticket(end - start)
        read.take(read.left)
        return tuple(_valued(one, texts) if isinstance(one, Request) else one for one in said)

    return dissector._replace(joined=joined, joins=joins, decode=decode) if ours else dissector


def _heard(dissector: Dissector, read: Reader, is_request: bool | None) -> tuple[Event, ...]:
    """What a message says; nothing of one that is flawed."""
    try:
        return tuple(dissector.decode(read, is_request))
    except Malformed:
        return ()


def _valued(request: Request, texts: dict[Point, str]) -> Request:
    return request._replace(values=tuple(texts.get(point, "") for point in request.points))


def _acknowledged(read: Reader) -> Values:
    """What readProperty and readPropertyMultiple were answered."""
    if _to_parameters(read, _COMPLEX) == _READ_PROPERTY:
        given = context(read)
        yield from _value(object_number(need(given, 0, read)), given, 1, 3)
        return
    for given in groups(read):
        target = object_number(need(given, 0, read))
        for result in groups(need(given, CONSTRUCT + 1, read)):
            yield from _value(target, result, 2, 4)


def _notified(read: Reader) -> dict[Point, str]:
    """What a notification of a change tells; nothing where it came in a form that only `decode` knows."""
    try:
        return dict(_changes(read))
    except Malformed:
        return {}


def _changes(read: Reader) -> Values:
    _to_parameters(read, 0)
    given = context(read)
    target = object_number(need(given, 2, read))
    for report in groups(need(given, CONSTRUCT + 4, read)):
        yield from _value(target, report, 0, 2)


def _value(target: tuple[int, int], given: Given, reference: int, value: int) -> Values:
    """The value of one property; an error in its place says nothing."""
    content = given.get(CONSTRUCT + value)
    if content is not None:
        _, part = property_part(given, content, reference)
        yield point(*target, part), values.value(content)


def _to_parameters(read: Reader, kind: int) -> int:
    """Pass all headers; the service choice. `kind`: the APDU type that is expected, 0 for a request of either type."""
    carried = read.u8(), read.u8()
    read.take(2)
    bvlc.true_sender(read, *carried)
    _, control = read.u8(), read.u8()
    for there in (_DESTINATION, _SOURCE):
        if control & there:
            read.take(2)
            read.take(read.u8())
    if control & _DESTINATION:
        read.u8()
    first = read.u8()
    if (first & 0xF0 == _COMPLEX) != (kind == _COMPLEX) or (first & _SEGMENTED and first < 0x40):
        raise Malformed("a whole acknowledgement or notification expected", read.at)
    read.take(_BEFORE_CHOICE.get(first & 0xF0, 0))
    return read.u8()
