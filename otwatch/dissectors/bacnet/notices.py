"""Services that tell: who is there, what changed, which alarm came, what time it is (135-2020 clauses 13, 16; protocols 2.5)."""

from functools import lru_cache

from otwatch.dissectors.bacnet import values
from otwatch.dissectors.bacnet.names import DEVICE, SEGMENTATION, VENDORS, event_type, named
from otwatch.dissectors.bacnet.parameters import (
    CONSTRUCT,
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
    text,
)
from otwatch.dissectors.bacnet.tags import APPLICATION, expect, tag, walk
from otwatch.dissectors.reader import Reader
from otwatch.events import Binding, Details, Identity, Point, Route

_EVENT_STATES = ("normal", "fault", "offnormal", "high-limit", "low-limit", "life-safety-alarm")
_NOTIFY_TYPES = ("alarm", "event", "ack-notification")


REMEMBERED = 1024
"""Makers and abilities of devices, of which a site has a few dozen."""


@lru_cache(REMEMBERED)
def vendor_facts(vendor: int) -> Details:
    name = VENDORS.get(vendor)
    number_fact = ("vendor_id", str(vendor))
    return (number_fact, ("vendor", name)) if name else (number_fact,)


def _application(read: Reader, data_type: int) -> int:
    return values.unsigned(read, expect(read, data_type, APPLICATION))


def _application_object(read: Reader) -> tuple[int, int]:
    return values.object_id(read, expect(read, values.OBJECT, APPLICATION))


def _application_text(read: Reader) -> str:
    return values.text(read, expect(read, values.TEXT, APPLICATION))


def i_am(read: Reader, sender: Route) -> Said:
    """Clause 16.10: device, largest APDU in octets, segmentation, vendor."""
    device = _application_object(read)
    largest = _application(read, values.UNSIGNED)
    segmentation = _application(read, values.ENUMERATED)
    vendor = _application(read, values.UNSIGNED)
    name = str(device[1])
    about: Details = (("device_instance", name), *vendor_facts(vendor))
    said = (Identity("bacnet", sender, about), Binding("bacnet-device", name, "", sender))
    return Said((point(*device),), (), None, _abilities(vendor, largest, segmentation), None, said)


@lru_cache(REMEMBERED)
def _abilities(vendor: int, largest: int, segmentation: int) -> Details:
    return ("vendor_id", str(vendor)), ("max_apdu", str(largest)), ("segmentation", named(SEGMENTATION, segmentation))


def i_have(read: Reader, sender: Route) -> Said:
    """Clause 16.9.2: the device, the object, the object's name."""
    _, device = _application_object(read)
    kind, instance = _application_object(read)
    name = _application_text(read)
    said: tuple[Binding | Identity, ...] = (Binding("bacnet-device", str(device), "", sender),)
    if (kind, instance) == (DEVICE, device):
        said += (Identity("bacnet", sender, facts(("device_instance", str(instance)), ("name", name))),)
    return Said((point(kind, instance),), details=facts(("device", str(device)), ("name", name)), facts=said)


def who_is(read: Reader, _sender: Route) -> Said:
    """Clause 16.10.1: everybody, or the instances from low to high. Only these are read: padding may follow (Linux cooked)."""
    if not read.left:
        return Said()
    low, high = (str(values.unsigned(read, expect(read, limit))) for limit in (0, 1))
    return Said(details=(("low", low), ("high", high)))


def who_has(read: Reader, _sender: Route) -> Said:
    """Instances from low to high; the object or its name."""
    given = context(read)
    points = (object_point(given[2]),) if 2 in given else ()
    return Said(points, details=facts(("low", shown(given, 0)), ("high", shown(given, 1)), ("name", text(given, 3))))


def who_am_i(read: Reader, sender: Route) -> Said:
    """Clause 16.11: a device without a configuration names its vendor, model and serial number."""
    about = _unconfigured(read)
    return Said(facts=(Identity("bacnet", sender, about),))


def you_are(read: Reader, _sender: Route) -> Said:
    """Clause 16.11: the device of that vendor, model and serial number is given an instance and an address."""
    about = _unconfigured(read)
    while read.left:
        found = tag(read)
        name = {values.OBJECT: "device", values.OCTETS: "address"}.get(found.number, f"parameter {found.number}")
        about += ((name, values.primitive(read, found)),)
        if len(about) > 8:
            break
    return Said(details=about)


def _unconfigured(read: Reader) -> Details:
    vendor = _application(read, values.UNSIGNED)
    return (*vendor_facts(vendor), *facts(("model", _application_text(read)), ("serial", _application_text(read))))


def changed(read: Reader, _sender: Route) -> Said:
    """COV notification (clause 13.6): which object and properties; the time left and the values are set aside."""
    given = context(read)
    target = object_number(need(given, 2, read))
    _set_aside(need(given, 3, read))
    points: list[Point] = []
    for report in groups(need(given, CONSTRUCT + 4, read), value=2):
        points.append(point(*target, property_part(report, read)[1]))
        need(report, CONSTRUCT + 2, read)
        bounded(points, read)
    return Said(tuple(points), details=_notifier(read, given.get(1)))


def changed_multiple(read: Reader, _sender: Route) -> Said:
    """COV notification of several objects (clause 13.16)."""
    given = context(read)
    _set_aside(need(given, 2, read))
    if CONSTRUCT + 3 in given:
        walk(given[CONSTRUCT + 3])
    points: list[Point] = []
    for item in groups(need(given, CONSTRUCT + 4, read)):
        target = object_number(need(item, 0, read))
        for report in groups(need(item, CONSTRUCT + 1, read), value=2):
            points.append(point(*target, property_part(report, read)[1]))
            need(report, CONSTRUCT + 2, read)
            bounded(points, read)
    return Said(tuple(points), details=_notifier(read, given.get(1)))


def _set_aside(part: Reader) -> None:
    part.aside(part.left)


def _notifier(read: Reader, device: Reader | None) -> Details:
    return () if device is None else (("device", str(values.object_id(device, device.left)[1])),)


def event_notice(read: Reader, _sender: Route) -> Said:
    """Event notification (clause 13.8): the object, what happened to it, the text; time stamps and event values are set aside."""
    given = context(read)
    for timed in given.keys() & {CONSTRUCT + 3, CONSTRUCT + 12}:
        walk(given[timed])
    said = facts(
        *_notifier(read, given.get(1)),
        ("class", shown(given, 4)),
        ("event_priority", shown(given, 5)),
        ("event_type", event_type(number(given[6])) if 6 in given else ""),
        ("text", text(given, 7)),
        ("notify", named(_NOTIFY_TYPES, number(need(given, 8, read)))),
        ("from", state(given.get(10))),
        ("to", state(given.get(11))),
    )
    return Said((object_point(need(given, 2, read)),), details=said)


def state(part: Reader | None) -> str:
    """An event state; empty where it is absent."""
    return "" if part is None else named(_EVENT_STATES, number(part))


def text_message(read: Reader, _sender: Route) -> Said:
    """Sender, text, and whether it is urgent."""
    given = context(read)
    if CONSTRUCT + 1 in given:
        walk(given[CONSTRUCT + 1])
    said = facts(("text", text(given, 3)), ("urgent", "yes" if shown(given, 2) == "1" else ""))
    return Said((object_point(need(given, 0, read)),), details=said)


def set_time(read: Reader, _sender: Route) -> Said:
    """timeSynchronization (local), utcTimeSynchronization: date and time as "2025-11-23 14:30:00"."""
    date = values.date(read, expect(read, values.DATE, APPLICATION))
    return Said(details=(("time", f"{date} {values.time(read, expect(read, values.TIME, APPLICATION))}"),))
