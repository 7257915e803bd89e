"""Function code and data, however they travel: what one unit is asked, what it answers, and then its flaw.

Nothing tells requests from answers but the side that sends; where nobody knows the sides, the layout of the data decides.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from otwatch.dissectors.modbus import answers, umas
from otwatch.dissectors.modbus.codes import ACKNOWLEDGE
from otwatch.dissectors.modbus.forms import NOTHING_ASKED, NOTHING_TOLD, Asked, Told
from otwatch.dissectors.modbus.functions import BROADCAST, function, is_public
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Answer, Details, Event, Identity, Request, Route

NAME = "modbus"
EXCEPTION = 0x80
"""Bit of the function code of an answer that is an exception."""

Said = TypeVar("Said", Asked, Told)


def said(read: Reader, unit: int, is_request: bool | None) -> Iterable[Event]:
    """What a function code and its data mean; `is_request` None where nobody knows."""
    code = read.u8()
    if is_request is None:
        is_request = _asks(read, code)
        read = ahead(read)  # all of it decided which side speaks, so none of it may be set aside
    return (_request if is_request else _answer)(read, unit, code)


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
    return _said(form, ahead(read), nothing)[1] is None


def is_plausible(read: Reader) -> bool:
    """Whether a function code and its data fit the layout of a public function, on either side."""
    code = read.u8()
    if not is_public(code & ~EXCEPTION):
        return False
    row = function(code & ~EXCEPTION)
    if code & EXCEPTION:
        return _fits(answers.exception, read, NOTHING_TOLD)
    return _fits(row.ask, read, NOTHING_ASKED) or _fits(row.tell, read, NOTHING_TOLD)


def ahead(read: Reader) -> Reader:
    """A reader to look ahead with: what it passes stays to be read, and what it sets aside does not count."""
    return Reader(read.data, read.at, read.end)
