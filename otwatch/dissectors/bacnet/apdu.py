"""The application layer: eight types of APDU (135-2020 clause 20.1; protocols 2.4).

The type says who speaks: types 0 and 1 ask, the others answer. A route in an event describes the operation, so what stands
in front of an answer is turned round: who sends the answer is who was asked.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from otwatch.dissectors.bacnet import envelope
from otwatch.dissectors.bacnet.answers import ANSWERS, structure
from otwatch.dissectors.bacnet.envelope import PROTOCOL
from otwatch.dissectors.bacnet.names import ABORT_REASONS, REJECT_REASONS, error_name, named
from otwatch.dissectors.bacnet.parameters import Service
from otwatch.dissectors.bacnet.services import UNCONFIRMED_CODES, confirmed, unconfirmed
from otwatch.dissectors.bacnet.tags import APPLICATION, CLOSING, OPENING, expect, tag, walk
from otwatch.dissectors.bacnet.values import ENUMERATED, unsigned
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, Answer, Details, Event, Piece, Request, Route

_SEGMENTED, _MORE, _NEGATIVE, _SERVER = 0x08, 0x04, 0x02, 0x01


class Ends(NamedTuple):
    """Who sends the APDU and to whom, and where its message begins (offset in the payload)."""

    sender: Route
    receiver: Route
    start: int


DIRECT = Ends((), (), 0)
"""Between two devices of one network: most messages."""


def decode(read: Reader, ends: Ends, around: Details) -> Iterable[Event]:
    """`around`: what the message travels in so far."""
    sealed = envelope.sealed(around)
    try:
        first = read.u8()
        if first >= 0x80:
            raise Malformed(f"APDU type {first >> 4} is reserved", read.at - 1)
        sealed = envelope.of_apdu(around, read, first)
        return envelope.before(sealed, _TYPES[first >> 4](read, first, ends))
    except Malformed as flaw:
        return envelope.flawed(sealed, flaw)


def _confirmed(read: Reader, first: int, ends: Ends) -> Iterable[Event]:
    read.u8()  # what the asking side can take: says nothing about the operation
    if first & _SEGMENTED:
        return (_piece(read, first, ends, f"request {_way(ends.receiver, ends.sender)}"),)
    read.ticket(1)
    choice = read.u8()
    return request(read, confirmed(choice), choice, ends, one_way=False)


def _unconfirmed(read: Reader, _first: int, ends: Ends) -> Iterable[Event]:
    choice = read.u8()
    return request(read, unconfirmed(choice), UNCONFIRMED_CODES + choice, ends, one_way=True)


def request(read: Reader, service: Service, code: int, ends: Ends, *, one_way: bool) -> Iterable[Event]:
    """The request with all that its parameters say; with flawed parameters the request alone, and then the flaw."""
    sender, receiver, _ = ends
    name, usual, say = service
    try:
        points, written, priority, details, verb, facts = say(read, sender)
    except Malformed as flaw:
        return _flawed(Request(PROTOCOL, usual, name, code, receiver, sender, one_way=one_way), flaw)
    asked = Request(PROTOCOL, verb or usual, name, code, receiver, sender, points, written, priority, details, one_way)
    return _followed(asked, facts, read) if read.left else (asked, *facts)


def _flawed(asked: Request, flaw: Malformed) -> Iterator[Event]:
    yield asked
    raise flaw


def _followed(asked: Request, facts: tuple[Event, ...], read: Reader) -> Iterator[Event]:
    """What a later revision added to the parameters is walked over."""
    yield asked
    yield from facts
    walk(read)


def _simple(read: Reader, _first: int, ends: Ends) -> Iterable[Event]:
    read.ticket(1)
    choice = read.u8()
    return (Answer(PROTOCOL, confirmed(choice).name, choice, ends.sender, ends.receiver),)


def _complex(read: Reader, first: int, ends: Ends) -> Iterable[Event]:
    sender, receiver, _ = ends
    if first & _SEGMENTED:
        return (_piece(read, first, ends, f"answer {_way(sender, receiver)}"),)
    read.ticket(1)
    choice = read.u8()
    return _acknowledged(read, Answer(PROTOCOL, confirmed(choice).name, choice, sender, receiver))


def _acknowledged(read: Reader, answer: Answer) -> Iterator[Event]:
    yield answer
    yield from ANSWERS.get(answer.code, structure)(read, answer.target)


def _segment_ack(read: Reader, first: int, ends: Ends) -> Iterator[Event]:
    """Either side acknowledges segments: no more than "go on", or with the negative bit "again from there"."""
    read.ticket(1)
    read.aside(2)  # sequence number, window
    asked, asking = _sides(first, ends)
    again = (("negative", "yes"),) if first & _NEGATIVE else ()
    yield Answer(PROTOCOL, "segmentAck", UNNAMED, asked, asking, details=again, final=False)


def _error(read: Reader, _first: int, ends: Ends) -> Iterator[Event]:
    """Class and code; services with more to say wrap them in context 0 (clause 21, BACnet-Error)."""
    read.ticket(1)
    choice = read.u8()
    at = read.at
    wrapped = tag(read).form == OPENING
    if not wrapped:
        read.at = at
    error_class, error_code = (unsigned(read, expect(read, ENUMERATED, APPLICATION)) for _ in range(2))
    error, code = error_name(error_class, error_code), f"{error_class}/{error_code}"
    yield Answer(PROTOCOL, confirmed(choice).name, choice, ends.sender, ends.receiver, error, code)
    if wrapped:
        expect(read, 0, CLOSING)
    walk(read)


def _reject(read: Reader, _first: int, ends: Ends) -> Iterator[Event]:
    read.ticket(1)
    reason = read.u8()
    error = f"reject: {named(REJECT_REASONS, reason)}"
    yield Answer(PROTOCOL, "reject", UNNAMED, ends.sender, ends.receiver, error, str(reason))


def _abort(read: Reader, first: int, ends: Ends) -> Iterator[Event]:
    """Either side gives up."""
    read.ticket(1)
    reason = read.u8()
    asked, asking = _sides(first, ends)
    by = () if first & _SERVER else (("by", "client"),)
    yield Answer(PROTOCOL, "abort", UNNAMED, asked, asking, f"abort: {named(ABORT_REASONS, reason)}", str(reason), by)


def _sides(first: int, ends: Ends) -> tuple[Route, Route]:
    """Who was asked and who asks, where both may send this type."""
    return (ends.sender, ends.receiver) if first & _SERVER else (ends.receiver, ends.sender)


def _way(asked: Route, asking: Route) -> str:
    return f"{' '.join(asking)} > {' '.join(asked)}"


def _piece(read: Reader, first: int, ends: Ends, way: str) -> Piece:
    """A segment (clause 5.2). Its head is the same message up to the service choice, as if it were whole."""
    invoke, number = read.u8(), read.u8()
    read.u8()  # window
    choice = read.u8()
    at = read.at
    read.at = ends.start
    size = _HEADS[first >> 4]
    before = read.take(at - ends.start - size)
    read.u8()  # type and flags
    sizes = read.take(size - 5)
    read.at = at
    head = before + bytes((first & 0xF0,)) + sizes + bytes((invoke, choice))
    return Piece(f"{way} {invoke}", number, bool(first & _MORE), head, read.rest(), bytes((invoke,)))


_HEADS = {0: 6, 3: 5}
"""Octets of a segment's header, by APDU type: type, [sizes,] invoke id, sequence, window, service."""

_TYPES: tuple[Callable[[Reader, int, Ends], Iterable[Event]], ...] = (
    _confirmed, _unconfirmed, _simple, _complex, _segment_ack, _error, _reject, _abort,
)  # fmt: skip
