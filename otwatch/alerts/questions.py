"""What questions about a device add to counters: what it is, what it holds, how it may be reached (detections.md, group 4).

None of them is asked by polling, so none costs anything while nothing but polling goes on.
"""

from collections.abc import Iterator

from otwatch.alerts.model import Site
from otwatch.alerts.tracks import Mark
from otwatch.events import Request, Verb
from otwatch.sightings import Outcome, Sighting

_LISTS = frozenset({"object-list", "all", "optional", "required"})
"""BACnet properties that tell what else there is: 76, 8, 80, 105 (135-2020 clause 21)."""
_DESCRIPTIONS = frozenset({
    "object-name", "description", "units", "object-type", "device-type", "profile-name", "property-list", "state-text", "active-text",
    "inactive-text",
})  # fmt: skip
"""Those that never change and say what an object is: whoever draws a map reads them, whoever polls does not."""
_MODULES = frozenset({"0x0011", "0x001c"})
"""Status lists of S7: order numbers, and names of the components."""
_IDENTIFIES = {
    "opcua": frozenset({"GetEndpoints", "FindServers"}), "knx": frozenset({"DescriptionRequest"}), "mms": frozenset({"Identify"}),
}  # fmt: skip
_CATALOGUES = frozenset({"Get Instance Attribute List", "UMAS 0x26 Data Dictionary", "UMAS 0x27 Data Dictionary Preload"})
_HIDDEN = frozenset({"401", "403", "404", "405"})
"""Answers of HTTP by which a server keeps a page to itself (RFC 9110 15.5)."""
_WALKS = frozenset({"GetNext", "GetBulk"})


def asks_contents(event: Request) -> bool:
    """Whether BACnet is asked what a device holds."""
    return any(_property(point.part) in _LISTS or _property(point.part) in _DESCRIPTIONS for point in event.points)


def contents(item: Sighting, event: Request, site: Site) -> Iterator[Mark]:
    """A list is read element by element as well; the same property of one object is one thing however often it is read."""
    client, server = site.ends(item)
    for point in event.points:
        name = _property(point.part)
        if name in _LISTS:
            yield Mark("bacnet_lists", client, server, item.first_ns, item.frame, item.times)
        elif name in _DESCRIPTIONS:
            yield Mark("bacnet_described", client, (server, point.kind, point.first, name), item.first_ns, item.frame, item.times)


def _property(part: str) -> str:
    return part.partition("[")[0]


def asks_identity(event: Request) -> bool:
    """Whether a single device is asked what it is."""
    if event.protocol == "s7":
        return dict(event.details).get("szl") in _MODULES
    if event.protocol == "modbus":
        return event.verb is Verb.DISCOVER
    return event.operation in _IDENTIFIES.get(event.protocol, ())


def identities(item: Sighting, event: Request, site: Site) -> Iterator[Mark]:
    client, server = site.ends(item)
    yield Mark("identities", client, site.host(server), item.first_ns, item.frame, item.times)


def asked_system(item: Sighting, event: Request, site: Site) -> Iterator[Mark]:
    """Questions of ICMP that no program asks: which of them a system answers tells which one it is."""
    yield Mark("odd", site.ends(item), f"ICMP {event.operation}", item.first_ns, item.frame, item.times)


def asks_catalogue(event: Request) -> bool:
    """Whether a controller is asked for the names of all its variables: class 0x6B of CIP, the data dictionary of UMAS."""
    return event.operation in _CATALOGUES


def connects(event: Request) -> bool:
    """Whether it opens a connection to a place in an S7 rack."""
    return event.operation == "Connect"


def places(item: Sighting, event: Request, site: Site) -> Iterator[Mark]:
    client, server = site.ends(item)
    yield Mark("s7_places", (client, server), event.details, item.first_ns, item.frame, item.times)


def walks(event: Request) -> bool:
    """Whether it asks for what comes next, whatever that is."""
    return event.operation in _WALKS


def walked(item: Sighting, event: Request, site: Site) -> Iterator[Mark]:
    client, server = site.ends(item)
    yield Mark("snmp_objects", (client, server), event.points, item.first_ns, item.frame, item.times)


def asks_page(event: Request) -> bool:
    """Whether it asks a web server for something."""
    return bool(event.points)


def pages(item: Sighting, event: Request, site: Site) -> Iterator[Mark]:
    """Pages that are not there, or not for everybody."""
    if item.outcome is Outcome.ERROR and item.error_code in _HIDDEN:
        yield Mark("pages", site.ends(item), event.points[0].name, item.first_ns, item.frame, item.times)
