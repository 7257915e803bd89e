"""What acknowledgements tell about the device that answers (135-2020 clauses 15.5, 15.7; protocols 2.7 "identity", 2.8).

Only identity properties of a Device object are read, and what other objects are called. All other values are set aside: a poll that
returns another temperature is the same statement.
"""

from collections.abc import Callable, Container, Iterable, Iterator

from otwatch.dissectors.bacnet import values
from otwatch.dissectors.bacnet.names import ANY_INSTANCE, DEVICE, OBJECT_TYPES, VENDORS, meaning, named
from otwatch.dissectors.bacnet.tags import CLOSING, CONTEXT, OPENING, expect, inside, tag, walk
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Binding, Details, Identity, Route

IDENTITY = {
    77: "name", 121: "vendor", 120: "vendor_id", 70: "model", 44: "firmware", 12: "software", 372: "serial", 28: "description",
    58: "location", 112: "run_state",
}  # fmt: skip
"""Properties of a Device object and the identity field each one fills."""

_RUN_STATES = ("operational", "operational-read-only", "download-required", "download-in-progress", "non-operational", "backup-in-progress")

CALLED = {77: "point-name", 28: "point-description", 117: "point-unit"}
"""Properties of other objects that say what they are called (clause 12), and the kind of binding of each."""
_UNITS = 117

Facts = Iterable[Identity | Binding]


def read_property(read: Reader, sender: Route) -> Facts:
    kind, instance = values.object_id(read, expect(read, 0))
    found = values.unsigned(read, expect(read, 1))
    opening = tag(read)
    indexed = opening.form == CONTEXT and opening.number == 2
    if indexed:
        values.unsigned(read, opening.size)
        opening = tag(read)
    if opening.form != OPENING or opening.number != 3:
        raise Malformed("opening tag 3 expected", read.at)
    if kind == DEVICE and found in IDENTITY and not indexed:
        yield from _identity(sender, instance, _fact(found, inside(read, 3)))
        return
    if kind != DEVICE and found in CALLED and not indexed:
        yield from _called(sender, kind, instance, found, inside(read, 3))
        return
    read.aside(read.left - 1)
    expect(read, 3, CLOSING)


def read_property_multiple(read: Reader, sender: Route) -> Facts:
    while read.left:
        kind, instance = values.object_id(read, expect(read, 0))
        if not read.left:
            return
        expect(read, 1, OPENING)
        if kind == DEVICE:
            yield from _identity(sender, instance, tuple(_results(read)))
        else:
            yield from _names(read, sender, kind, instance)


def _names(read: Reader, sender: Route, kind: int, instance: int) -> Iterator[Binding]:
    for asked, content in _values(read, CALLED):
        yield from _called(sender, kind, instance, asked, content)


def _called(sender: Route, kind: int, instance: int, asked: int, content: Reader) -> Iterator[Binding]:
    shown = values.value(content)
    shown = meaning(kind, asked, shown) or shown if asked == _UNITS else shown
    if shown:
        yield Binding(CALLED[asked], f"{OBJECT_TYPES[kind]}:{instance}", shown, sender)


def _results(read: Reader) -> Iterator[tuple[str, str]]:
    for asked, content in _values(read, IDENTITY):
        yield from _fact(asked, content)


def _values(read: Reader, wanted: Container[int]) -> Iterator[tuple[int, Reader]]:
    """Of one object: property [2], array index [3] or none, value [4] or error [5]; the values of those that are wanted."""
    while (found := tag(read)).form != CLOSING:
        if found.form != CONTEXT or found.number != 2:
            raise Malformed("property identifier expected", read.at)
        asked = values.unsigned(read, found.size)
        result = tag(read)
        indexed = result.form == CONTEXT and result.number == 3
        if indexed:
            read.take(result.size)
            result = tag(read)
        if result.form != OPENING:
            raise Malformed("value or error expected", read.at)
        if asked in wanted and result.number == 4 and not indexed:
            yield asked, inside(read, 4)
        else:
            walk(read, result.number)


def _fact(found: int, content: Reader) -> Details:
    shown = values.value(content)
    if found == 112 and shown.isdecimal():
        shown = named(_RUN_STATES, int(shown))
    return ((IDENTITY[found], shown),) if shown else ()


def _identity(sender: Route, instance: int, known: Details) -> Facts:
    """What the device says itself comes before what its vendor number stands for."""
    if not known:
        return
    fields = {} if instance == ANY_INSTANCE else {"device_instance": str(instance)}
    fields |= dict(known)
    vendor = fields.get("vendor_id", "")
    if vendor.isdecimal() and int(vendor) in VENDORS:
        fields.setdefault("vendor", VENDORS[int(vendor)])
    yield Identity("bacnet", sender, tuple(fields.items()))


def structure(read: Reader, _sender: Route) -> Facts:
    walk(read)
    return ()


def opaque(read: Reader, _sender: Route) -> Facts:
    read.aside(read.left)
    return ()


ANSWERS: dict[int, Callable[[Reader, Route], Facts]] = {12: read_property, 14: read_property_multiple, 18: opaque}
"""Acknowledgements by service choice that are not merely walked over."""
