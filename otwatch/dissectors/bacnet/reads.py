"""Services that read, subscribe and transfer files (135-2020 clauses 13.14 to 13.16, 14, 15.5 to 15.8; protocols 2.5)."""

from otwatch.dissectors.bacnet import values
from otwatch.dissectors.bacnet.names import OBJECT_TYPES, property_name
from otwatch.dissectors.bacnet.parameters import (
    CONSTRUCT,
    MANY,
    Given,
    Said,
    bounded,
    context,
    facts,
    groups,
    need,
    object_number,
    object_point,
    point,
    property_part,
    property_parts,
    shown,
)
from otwatch.dissectors.bacnet.tags import APPLICATION, CLOSING, OPENING, expect, tag, walk
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Details, Point, Route

_RANGES = {
    CONSTRUCT + 3: ("by", "position"),
    CONSTRUCT + 4: ("by", "time"),
    CONSTRUCT + 6: ("by", "sequence"),
    CONSTRUCT + 7: ("by", "time"),
}
"""Choices of readRange (clause 15.8.1); 4 is the older form by time."""


_ONE_PROPERTY, _SIZE, _FORM = ">BIBBBB", 9, (0x0C, 0x1E, 0x09, 0x1F)
"""One object and one of its properties: the layout, and the tags of it (clause 20.2.1)."""


def read_property(read: Reader, _sender: Route) -> Said:
    given = context(read)
    return Said((object_point(need(given, 0, read), property_part(given, read, 1)[1]),))


def read_property_multiple(read: Reader, _sender: Route) -> Said:
    points = _one_property_each(read)
    for given in groups(read):
        target = object_number(need(given, 0, read))
        points += [point(*target, part) for part in property_parts(need(given, CONSTRUCT + 1, read))]
        bounded(points, read)
    return Said(tuple(points))


def _one_property_each(read: Reader) -> list[Point]:
    """The form that nearly all polls have, as far as it goes: [0] object, [1] one property without index (clause 15.7.4.1.1).

    What comes behind it must begin the next object: by any other number it would be part of the last one.
    """
    points: list[Point] = []
    rows = read.rows(_ONE_PROPERTY)[:MANY]
    for opens, number, begins, names, part, ends in rows:
        if (opens, begins, names, ends) != _FORM:
            break
        points.append(point(number >> 22, number & 0x3FFFFF, property_name(part)))
    read.take(len(points) * _SIZE)
    if points and read.left and read.peek() != bytes(_FORM[:1]):
        points.pop()
        read.at -= _SIZE
    return points


def read_range(read: Reader, _sender: Route) -> Said:
    given = context(read)
    asked = object_point(need(given, 0, read), property_part(given, read, 1)[1])
    ways = tuple(_RANGES[way] for way in given if way in _RANGES)
    for way in given.keys() & _RANGES.keys():
        walk(given[way])
    return Said((asked,), details=ways)


def subscribe(read: Reader, _sender: Route) -> Said:
    """subscribeCOV and subscribeCOVProperty; neither "confirmed" nor "lifetime" means: cancel (clause 13.14.1.4)."""
    given = context(read)
    part = property_part(context(given[CONSTRUCT + 4]), read)[1] if CONSTRUCT + 4 in given else ""
    return Said((object_point(need(given, 1, read), part),), details=_subscription(given, {2, 3}, 3))


def subscribe_multiple(read: Reader, _sender: Route) -> Said:
    given = context(read)
    points: list[Point] = []
    for wanted in groups(need(given, CONSTRUCT + 4, read)):
        target = object_number(need(wanted, 0, read))
        for reference in groups(need(wanted, CONSTRUCT + 1, read)):
            points.append(point(*target, property_part(context(need(reference, CONSTRUCT, read)), read)[1]))
            bounded(points, read)
    return Said(tuple(points), details=_subscription(given, {1, 2}, 2))


def _subscription(given: Given, marks: set[int], lifetime: int) -> Details:
    cancel = "" if given.keys() & marks else "yes"
    return facts(("process", shown(given, 0)), ("lifetime_s", shown(given, lifetime)), ("cancel", cancel))


def audit_log(read: Reader, _sender: Route) -> Said:
    """auditLogQuery: the log is [0]; what is looked for is set aside."""
    log = object_point(read.part(expect(read, 0)))
    walk(read)
    return Said((log,))


def last_event_object(read: Reader, _sender: Route) -> Said:
    """getEventInformation: [0] is where the last answer ended."""
    given = context(read)
    return Said((object_point(given[0]),) if 0 in given else ())


def file_access(read: Reader, _sender: Route) -> Said:
    """atomicReadFile, atomicWriteFile (clause 14): the file, [0] stream or [1] record access, start and size.

    What is written is set aside: otwatch says that a file was written, not what.
    """
    kind, instance = values.object_id(read, expect(read, values.OBJECT, APPLICATION))
    at = read.at
    access = tag(read)
    if access.form != OPENING or access.number > 1:
        raise Malformed("stream or record access expected", at)
    start = values.signed(read, expect(read, values.SIGNED, APPLICATION))
    how = (("access", ("stream", "record")[access.number]), ("start", str(start)), *_amount(read))
    return Said((Point(OBJECT_TYPES[kind], instance),), details=how)


def _amount(read: Reader) -> Details:
    """To the closing tag: the number of octets or records asked for, and the octets that are written."""
    said: list[tuple[str, str]] = []
    octets = 0
    while (found := tag(read)).form != CLOSING:
        if found.form != APPLICATION or found.number not in (values.UNSIGNED, values.OCTETS):
            raise Malformed("a count or file contents expected", read.at)
        if found.number == values.UNSIGNED:
            said.append(("count", str(values.unsigned(read, found.size))))
        else:
            octets += found.size
            read.aside(found.size)
            said = [pair for pair in said if pair[0] != "octets"] + [("octets", str(octets))]
    return tuple(said[:3])
