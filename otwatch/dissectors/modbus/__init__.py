"""Modbus on TCP and UDP (Modbus application protocol v1.1b3, messaging on TCP/IP v1.0b).

A message is the MBAP header and a function:

    transaction 2 | protocol 2 = 0 | length 2 of what follows | unit 1 | function 1 | data

An answer repeats transaction, unit and function, with bit 7 of the function set when it is an exception. Nothing else tells
requests from answers, and many look alike, so the side that sends decides; where nobody knows the sides, the data does.
What stands behind a function is one row of `functions`.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.modbus import answers, umas
from otwatch.dissectors.modbus.codes import ACKNOWLEDGE
from otwatch.dissectors.modbus.forms import NOTHING_ASKED, NOTHING_TOLD, Asked, Told
from otwatch.dissectors.modbus.functions import BROADCAST, KNOWN, function
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Answer, Details, Event, Identity, Request, Route

NAME = "modbus"
PREFIX = 6
"""Bytes that the length field does not count."""

MAX_LENGTH, MAX_UMAS_LENGTH = 254, 1100
"""UMAS negotiates messages longer than Modbus allows."""

EXCEPTION = 0x80

Said = TypeVar("Said", Asked, Told)


def cut(read: Reader) -> Reader | None:
    """The next message by its length field. A length of 1 is cut, to be called malformed without losing what follows it."""
    left = read.left
    if left < PREFIX:
        return None
    protocol, length = read.ahead(">2xHH")
    if protocol:
        raise Malformed(f"protocol {protocol} is not 0", read.at + 2)
    longest = MAX_LENGTH if 1 <= length <= MAX_LENGTH else _longest(read)
    if not 1 <= length <= longest:
        raise Malformed(f"length {length} is not 2..{longest}", read.at + 4)
    return read.part(PREFIX + length) if left >= PREFIX + length else None


def _longest(read: Reader) -> int:
    """What the length field may say; UMAS is believed as long as the function is not here yet."""
    return MAX_UMAS_LENGTH if read.left < PREFIX + 2 or _code(read) == umas.CODE else MAX_LENGTH


def looks_like(read: Reader, hinted: bool) -> bool:
    """Whether this is Modbus: its header, and a function we know or at least one whole message.

    Away from its ports all messages must be whole and fit the layout of their function: other protocols, DICOM
    for one, have a length at the same place.
    """
    protocol, length = read.ahead(">2xHH")
    if protocol or not 1 <= length <= MAX_UMAS_LENGTH:
        return False
    if hinted and read.left >= PREFIX + 2 and _code(read) in KNOWN:
        cut(read)
        return True
    first = read.at
    while read.left:
        message = cut(read)
        if message is None or not (hinted or _plausible(message)):
            return hinted and read.at > first
    return True


def decode(read: Reader, is_request: bool | None) -> Iterable[Event]:
    """The request or the answer of one unit, what it says about itself, and then its flaw."""
    read.ticket(2)
    (unit,) = read.fields(">4xB")
    code = read.u8()
    if is_request is None:
        is_request = _asks(read, code)
        read = _ahead(read)  # all of it decided which side speaks, so none of it may be set aside
    return (_request if is_request else _answer)(read, unit, code)


def joined(request: Request, read: Reader) -> Iterator[Event]:
    """UMAS answers, which do not say what they answer."""
    if request.code != umas.CODE:
        return
    read.take(PREFIX + 2)
    yield from umas.joined(request, read)


def _request(read: Reader, unit: int, code: int) -> Iterable[Event]:
    row = function(code)
    asked, flaw = _said(row.ask, read, NOTHING_ASKED)
    points, values, operation, verb, details, facts, _ = asked
    one_way = unit == 0 and code in BROADCAST
    request = Request(
        NAME, verb or row.verb, operation or row.name, code, _UNITS[unit], (), points, values, None, details, one_way
    )  # fmt: skip
    return _followed(request, umas.NAME, (), facts, flaw) if facts or flaw else (request,)


def _answer(read: Reader, unit: int, code: int) -> Iterable[Event]:
    row = function(code & ~EXCEPTION)
    if code & EXCEPTION:
        told, flaw = _said(answers.exception, read, _CODELESS)
    else:
        told, flaw = _said(row.tell, read, NOTHING_TOLD)
    operation, error, error_code, details, facts, _ = told
    target, final = _UNITS[unit], error_code != ACKNOWLEDGE
    answer = Answer(NAME, operation or row.name, code & ~EXCEPTION, target, (), error, error_code, details, final)
    return _followed(answer, NAME, target, facts, flaw) if facts or flaw else (answer,)


def _followed(event: Event, speaker: str, subject: Route, facts: Details, flaw: Malformed | None) -> Iterator[Event]:
    yield event
    if facts:
        yield Identity(speaker, subject, facts)
    if flaw:
        raise flaw


_UNITS: tuple[Route, ...] = tuple((f"unit {unit}",) for unit in range(256))
_CODELESS = Told(error="exception without a code")


def _said(form: Callable[[Reader], Said], read: Reader, nothing: Said) -> tuple[Said, Malformed | None]:
    """What a form makes of the rest of the message, and what is wrong with it; `nothing` where it is too short to say anything."""
    try:
        said = form(read)
    except Malformed as short:
        return nothing, short
    if said.flaw:
        return said, Malformed(said.flaw, read.at)
    return said, Malformed(f"bytes behind the end of the function: {read.left}", read.at) if read.left else None


def _asks(read: Reader, code: int) -> bool:
    """Whether a message of an unknown side is a request: it fits as one, or does not fit as an answer either."""
    if code & EXCEPTION:
        return False
    row = function(code)
    return _fits(row.ask, read, NOTHING_ASKED) or not _fits(row.tell, read, NOTHING_TOLD)


def _fits(form: Callable[[Reader], Said], read: Reader, nothing: Said) -> bool:
    return _said(form, _ahead(read), nothing)[1] is None


def _plausible(message: Reader) -> bool:
    """Whether a message fits the layout of a public function, on either side."""
    message.take(PREFIX + 1)
    code = message.u8()
    row = function(code & ~EXCEPTION)
    if row.is_opaque:
        return False
    if code & EXCEPTION:
        return _fits(answers.exception, message, NOTHING_TOLD)
    return _fits(row.ask, message, NOTHING_ASKED) or _fits(row.tell, message, NOTHING_TOLD)


def _code(read: Reader) -> int:
    (code,) = read.ahead(">7xB")
    return code & ~EXCEPTION


def _ahead(read: Reader) -> Reader:
    """A reader to look ahead with: what it passes stays to be read, and what it sets aside does not count."""
    return Reader(read.data, read.at, read.end)


MODBUS = Dissector(
    name=NAME,
    title="Modbus",
    transports=frozenset({"tcp", "udp"}),
    ports=frozenset({502}),
    looks_like=looks_like,
    cut=cut,
    decode=decode,
    joined=joined,
    joins=umas.joins,
    marks=((2, frozenset({0})), (3, frozenset({0}))),
)
