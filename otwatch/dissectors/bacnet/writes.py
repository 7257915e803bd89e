"""Services that change properties, lists, objects and groups (135-2020 clauses 15.1 to 15.4, 15.9 to 15.11; protocols 2.5, 2.7)."""

from otwatch.dissectors.bacnet import values
from otwatch.dissectors.bacnet.names import OBJECT_TYPES, meaning
from otwatch.dissectors.bacnet.parameters import (
    CONSTRUCT,
    Given,
    Said,
    bounded,
    context,
    facts,
    groups,
    need,
    number,
    object_number,
    object_point,
    point,
    property_part,
    shown,
)
from otwatch.dissectors.bacnet.tags import CONTEXT, OPENING, expect, inside, tag
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Point, Route, Verb

PROPERTY_VERBS = {
    85: Verb.WRITE,  # present-value
    87: Verb.WRITE,  # priority-array
    104: Verb.WRITE,  # relinquish-default
    108: Verb.WRITE,  # setpoint
    176: Verb.WRITE,  # adjust-value
    90: Verb.CONTROL,  # program-change
    417: Verb.CONTROL,  # command of a network port
    56: Verb.TIME,  # local-date
    57: Verb.TIME,  # local-time
}
"""What a write to a property does (protocols 2.7); every other standard property is configuration."""

_SHOWN = 16
"""Values whose meaning is told; the others are in `values`."""

_PROPRIETARY = 512
"""From here to 4194303 properties are the maker's own (clause 23.1): nobody can tell, so they count as process values."""

_STRONGEST_FIRST = (Verb.CONTROL, Verb.ADMIN, Verb.TIME, Verb.WRITE)


def property_verb(found: int) -> Verb:
    return PROPERTY_VERBS.get(found, Verb.WRITE if _PROPRIETARY <= found < 0x400000 else Verb.ADMIN)


def write_property(read: Reader, _sender: Route) -> Said:
    """Object, property and index, value and what it means, priority."""
    given = context(read)
    found, part = property_part(given, read, 1)
    kind, instance = object_number(need(given, 0, read))
    written = values.value(need(given, CONSTRUCT + 3, read))
    known = facts(("meaning", meaning(kind, found, written)))
    return Said((point(kind, instance, part),), (written,), _priority(given, 4), known, property_verb(found))


def write_property_multiple(read: Reader, _sender: Route) -> Said:
    """Several objects, several properties each; the strongest priority and the strongest verb stand for all."""
    points: list[Point] = []
    written: list[str] = []
    priorities: list[int | None] = []
    verbs: set[Verb] = set()
    meanings: list[str] = []
    for given in groups(read):
        target = object_number(need(given, 0, read))
        for change in groups(need(given, CONSTRUCT + 1, read)):
            found, part = property_part(change, read)
            points.append(point(*target, part))
            written.append(values.value(need(change, CONSTRUCT + 2, read)))
            meanings.append(meaning(target[0], found, written[-1]))
            priorities.append(_priority(change, 3))
            verbs.add(property_verb(found))
            bounded(points, read)
    strongest = min((found for found in priorities if found is not None), default=None)
    known = facts(("meaning", ", ".join(text or "-" for text in meanings[:_SHOWN]) if any(meanings) else ""))
    own = facts(("priorities", " ".join(str(found or "-") for found in priorities) if len(set(priorities)) > 1 else ""))
    return Said(tuple(points), tuple(written), strongest, own + known, _strongest(verbs))


def _priority(given: Given, place: int) -> int | None:
    part = given.get(place)
    return None if part is None else number(part)


def _priorities(given: Given, place: int) -> list[int]:
    found = _priority(given, place)
    return [] if found is None else [found]


def _strongest(verbs: set[Verb]) -> Verb | None:
    return next((verb for verb in _STRONGEST_FIRST if verb in verbs), None)


def change_list(read: Reader, _sender: Route) -> Said:
    """addListElement, removeListElement: the elements are the value."""
    given = context(read)
    _, part = property_part(given, read, 1)
    return Said((object_point(need(given, 0, read), part),), (values.value(need(given, CONSTRUCT + 3, read)),))


def create_object(read: Reader, _sender: Route) -> Said:
    """A type, and the device chooses the instance; or a whole identifier. Initial values become points of that object."""
    given = context(read)
    asked = context(need(given, CONSTRUCT, read))
    made = Point(OBJECT_TYPES[number(asked[0]) & 0x3FF]) if 0 in asked else object_point(need(asked, 1, read))
    points, written = [made], [""]
    for initial in groups(given[CONSTRUCT + 1]) if CONSTRUCT + 1 in given else ():
        points.append(made._replace(part=property_part(initial, read)[1]))
        written.append(values.value(need(initial, CONSTRUCT + 2, read)))
        bounded(points, read)
    initially = tuple(written) if len(written) > 1 else ()
    return Said(tuple(points), initially, details=(("instance", "chosen by the device" if 0 in asked else str(made.first)),))


def delete_object(read: Reader, _sender: Route) -> Said:
    """The object."""
    kind, instance = values.object_id(read, expect(read, values.OBJECT, 0))
    return Said((Point(OBJECT_TYPES[kind], instance),))


def write_group(read: Reader, _sender: Route) -> Said:
    """writeGroup (clause 15.11): values for numbered channels of a group; point "write-group:group channel n"."""
    given = context(read)
    group = number(need(given, 0, read))
    priorities = _priorities(given, 1)
    points: list[Point] = []
    written: list[str] = []
    changes = need(given, CONSTRUCT + 2, read)
    delayed = "yes" if shown(given, 3) not in ("", "0") else ""
    while changes.left:
        channel, own, shown_value = _channel_value(changes)
        points.append(Point("write-group", group, 1, f"channel {channel}"))
        written.append(shown_value)
        priorities += own
        bounded(points, changes)
    return Said(tuple(points), tuple(written), min(priorities, default=None), facts(("inhibit_delay", delayed)))


def _channel_value(read: Reader) -> tuple[int, list[int], str]:
    """BACnetGroupChannelValue: channel [0], overriding priority [1] or none, a primitive or a lighting command in [0]."""
    channel = values.unsigned(read, expect(read, 0))
    found = tag(read)
    own: list[int] = []
    if found.form == CONTEXT:
        if found.number != 1:
            raise Malformed("overriding priority expected", read.at)
        own.append(values.unsigned(read, found.size))
        found = tag(read)
    if found.form == OPENING:
        return channel, own, values.value(inside(read, found.number))
    return channel, own, values.primitive(read, found)
