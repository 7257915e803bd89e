"""Parameters of services: sequences of context tags (135-2020 clause 20.2.15), and what a service says with them."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from otwatch.dissectors.bacnet import values
from otwatch.dissectors.bacnet.names import OBJECT_TYPES, property_name
from otwatch.dissectors.bacnet.tags import CLOSING, CONTEXT, inside, tag, walk
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Details, Event, Point, Route, Verb

MANY = 4096
"""Points of one request: more do not fit into the largest APDU of any device we know."""

REMEMBERED = 16_384
"""Points made once."""

CONSTRUCT = 0x100
"""Added to the number of a parameter that stands between an opening and a closing tag: where a value is due, a construct is none."""

Given = dict[int, Reader]
"""Parameters by number, constructs by CONSTRUCT + number."""


class Said(NamedTuple):
    """What the parameters of a request say.

    verb   where the parameters, not the service, decide what it does
    facts  events beside the request
    """

    points: tuple[Point, ...] = ()
    values: tuple[str, ...] = ()
    priority: int | None = None
    details: Details = ()
    verb: Verb | None = None
    facts: tuple[Event, ...] = ()


NOTHING = Said()


class Service(NamedTuple):
    """A row of a table of services: what it is called, what it does, how its parameters are read.

    `say` gets the parameters and the route of the sender.
    """

    name: str
    verb: Verb
    say: Callable[[Reader, Route], Said]


def structure(read: Reader, _sender: Route) -> Said:
    """Parameters that say nothing to us: the structure is checked, the values are set aside."""
    walk(read)
    return NOTHING


def opaque(read: Reader, _sender: Route) -> Said:
    """Contents in a form of the maker's own."""
    read.aside(read.left)
    return NOTHING


def groups(read: Reader, value: int = -1) -> Iterator[Given]:
    """Sequences of context parameters, one after the other: a number that does not ascend begins the next one.

    Construct `value` holds sampled values, which are set aside; it is given as empty.
    """
    given: Given = {}
    last = -1
    while read.left:
        at = read.at
        number, form, size, _ = tag(read)
        if not form or form == CLOSING:
            raise Malformed("closing tag without opening" if form else "context tag expected", at)
        if number <= last:
            yield given
            given = {}
        last = number
        if form == CONTEXT:
            given[last] = read.part(size)
        elif number == value:
            walk(read, number)
            given[CONSTRUCT + last] = read.part(0)
        else:
            given[CONSTRUCT + last] = inside(read, last)
    if given:
        yield given


def context(read: Reader) -> Given:
    """One sequence of context parameters, to the end of `read`."""
    at = read.at
    sequences = groups(read)
    given = next(sequences, {})
    if read.left or next(sequences, None) is not None:
        raise Malformed("parameters out of order", at)
    return given


def need(given: Given, number: int, read: Reader) -> Reader:
    """A parameter that must be there; `read` only says where it is missing."""
    found = given.get(number)
    if found is None:
        raise Malformed(f"parameter {number % CONSTRUCT} is missing", read.at)
    return found


def number(part: Reader) -> int:
    size = part.left
    return part.u8() if size == 1 else values.unsigned(part, size)


def shown(given: Given, number_of: int) -> str:
    """A number as text; empty where the parameter is absent."""
    part = given.get(number_of)
    return "" if part is None else str(number(part))


def text(given: Given, number_of: int) -> str:
    """A character string; empty where the parameter is absent."""
    part = given.get(number_of)
    return "" if part is None else values.text(part, part.left)


def facts(*pairs: tuple[str, str]) -> Details:
    """The pairs that have a value."""
    return tuple([pair for pair in pairs if pair[1]])


@lru_cache(REMEMBERED)
def point(kind: int, instance: int, of: str = "") -> Point:
    """Property `of` of an object. Points are few and come again for ever, in polls, notifications and writes."""
    return Point(OBJECT_TYPES[kind], instance, 1, of)


def object_number(part: Reader) -> tuple[int, int]:
    """Object type and instance of an object identifier that is the whole parameter."""
    return values.object_id(part, part.left)


def object_point(part: Reader, of: str = "") -> Point:
    return point(*object_number(part), of)


def property_part(given: Given, read: Reader, first: int = 0) -> tuple[int, str]:
    """A property reference whose parameters are `first` (property) and `first + 1` (array index): its number and its text."""
    found = number(given[first] if first in given else need(given, first, read))
    name = property_name(found)
    return found, f"{name}[{number(given[first + 1])}]" if first + 1 in given else name


def property_parts(references: Reader) -> tuple[str, ...]:
    """A list of property references: the same few lists are asked of every object, so their meaning is remembered."""
    start = references.at
    raw = references.rest()
    try:
        return _property_parts(raw)
    except Malformed as flaw:
        raise Malformed(flaw.reason, start + flaw.offset) from None


@lru_cache(REMEMBERED)
def _property_parts(raw: bytes) -> tuple[str, ...]:
    read = Reader(raw)
    return tuple([property_part(reference, read)[1] for reference in groups(read)])


def bounded(points: list[Point], read: Reader) -> None:
    """Malformed once there are more than MANY points."""
    if len(points) > MANY:
        raise Malformed(f"more than {MANY} points", read.at)
