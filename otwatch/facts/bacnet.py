"""BACnet, counted: layers of every message, services, errors, who is there, what is written and ordered."""

import re
from collections.abc import Callable, Iterator

from otwatch.events import UNNAMED, Answer, Details, Point, Request, Route
from otwatch.facts import wireshark
from otwatch.facts.ledger import ANSWERED, Ends, Item, Ledger, ends
from otwatch.sightings import Sighting

SECTION = "bacnet"

_UNCONFIRMED, _NETWORK, _BVLC, _BVLC6 = 256, 512, 1024, 1280
"""Where the kinds of operation begin in `Request.code` (dissectors/bacnet)."""
_ABOUT_NETWORKS = frozenset({*range(_NETWORK, _NETWORK + 10), _NETWORK + 0x13})
"""Network messages that name networks: 0 to 9, and Network-Number-Is (135-2020 clause 6.4)."""
_WRITE, _WRITE_MULTIPLE, _COMMUNICATION, _REINITIALIZE = 15, 16, 17, 20
_I_AM, _I_HAVE, _WHO_IS = _UNCONFIRMED, _UNCONFIRMED + 1, _UNCONFIRMED + 8
_REGISTER, _REGISTER6 = _BVLC + 5, _BVLC6 + 9

_PART = re.compile(r"(.*?)(?:\[(\d+)\])?")
"""A property, with an array index or without."""


def see(sighting: Sighting, ledger: Ledger) -> None:
    event = sighting.event
    if isinstance(event, Request):
        if _NETWORK <= event.code < _BVLC:
            _named(ledger, sighting, event)
        if event.code in _ASKED:
            field, items = _ASKED[event.code]
            for item in items(ends(sighting), event):
                ledger.add(SECTION, field, item, sighting)
        if sighting.outcome in ANSWERED:
            _refused(ledger, sighting, event.code, sighting.error, sighting.error_code)
    elif isinstance(event, Answer):
        _refused(ledger, sighting, event.code, event.error, event.error_code)


def envelope(around: Details, _side: str) -> Iterator[tuple[str, Item]]:
    """What the layers around a message count as: fields and items."""
    said = dict(around)
    for name, (field, shown) in _HEADERS.items():
        if name in said:
            yield field, (("name", shown(said[name])),)
    for name in ("snet", "dnet"):
        if name in said:
            yield "networks", (("name", f"{name} {said[name]}"),)
    if "service" in said:
        yield from _served(said["apdu"], wireshark.service(said["service"]))
    if said.get("segment") == "yes":
        yield "segmented_apdus", ()


def _named(ledger: Ledger, sighting: Sighting, event: Request) -> None:
    """A message of routers that is not routed itself is about the first network that it names."""
    network = dict(reversed(event.details)).get("network", "")
    if network and not event.target and event.code in _ABOUT_NETWORKS:
        ledger.add(SECTION, "networks", (("name", f"dnet {network.split(' ')[0]}"),), sighting)


_HEADERS: dict[str, tuple[str, Callable[[str], str]]] = {
    "bvlc": ("bvlc_functions", wireshark.bvlc_function),
    "result": ("bvlc_results", lambda code: wireshark.BVLC_RESULTS.get(code, "Unknown")),
    "forwarded_for": ("forwarded_for", str),
    "priority": ("npdu_priorities", str),
    "message": ("network_messages", lambda kind: wireshark.network_message(int(kind))),
    "apdu": ("apdu_types", str),
}
"""Parts of an envelope, the field that counts them, and how they are called there."""


def _served(kind: str, service: str) -> Iterator[tuple[str, Item]]:
    if kind == "Unconfirmed-REQ":
        yield "unconfirmed_services", (("name", service),)
        return
    yield "confirmed_services", (("name", service), ("kind", kind))
    if kind == "Confirmed-REQ" and service in _COUNTED_ALONE:
        yield _COUNTED_ALONE[service], ()


_COUNTED_ALONE = {
    "reinitializeDevice": "reinitialize_device_requests",
    "deviceCommunicationControl": "device_communication_control_requests",
}


def _refused(ledger: Ledger, sighting: Sighting, code: int, error: str, error_code: str) -> None:
    kind, _, reason = error.partition(": ")
    if kind in _GIVEN_UP and reason:
        ledger.add(SECTION, _GIVEN_UP[kind], (("name", wireshark.reason(reason)),), sighting, in_answer=True)
    elif error and code != UNNAMED and code < _UNCONFIRMED:
        name = wireshark.error(error, error_code)
        ledger.add(SECTION, "errors", (("name", name),), sighting, in_answer=True)


_GIVEN_UP = {"reject": "rejects", "abort": "aborts"}


def _i_am(way: Ends, event: Request) -> list[Item]:
    said = dict(event.details)
    about = (
        ("instance", event.points[0].first), ("vendor_id", int(said["vendor_id"])), ("max_apdu", int(said["max_apdu"])),
        ("segmentation", wireshark.SEGMENTATION.get(said["segmentation"], said["segmentation"])),
    ) if event.points else ()  # fmt: skip
    return [(("source", way.source), *_origin(event.origin), *about)]


def _origin(route: Route) -> Item:
    """The true sender of a forwarded message, and the station behind a router."""
    said: list[tuple[str, str | int]] = []
    for hop in route:
        kind, _, address = hop.partition(" ")
        if kind == "ip":
            said.append(("forwarded_for", address))
            continue
        network, _, station = address.partition("/")
        said += [("snet", int(network)), ("sadr", _station(station))]
    return tuple(said)


def _station(text: str) -> str:
    """One octet as a number (MS/TP), more as octets."""
    raw = bytes.fromhex(text)
    return str(raw[0]) if len(raw) == 1 else raw.hex(":")


def _i_have(_way: Ends, event: Request) -> list[Item]:
    return [(("name", dict(event.details).get("name", "?")),)]


def _who_is(_way: Ends, event: Request) -> list[Item]:
    said = dict(event.details)
    return [(("name", f"{said['low']}-{said.get('high')}" if "low" in said else "all"),)]


def _registered(way: Ends, event: Request) -> list[Item]:
    ttl = dict(event.details).get("ttl_s")
    return [(("source", way.source), ("bbmd", way.target), ("ttl", int(ttl)))] if ttl is not None else []


def _written(way: Ends, event: Request) -> list[Item]:
    priorities = dict(event.details).get("priorities", str(event.priority or "")).split(" ")
    own = dict(enumerate(priorities if len(priorities) > 1 else priorities * len(event.points)))
    where = (("source", way.source), ("destination", way.target))
    return [
        (*where, *_property(point), ("value", wireshark.value(value, point.kind, point.part)), *_priority(own[at]))
        for at, (point, value) in enumerate(zip(event.points, event.values, strict=False))
    ]


def _priority(text: str) -> Item:
    return (("priority", int(text)),) if text.isdecimal() else ()


def _property(point: Point) -> Item:
    found = _PART.fullmatch(point.part)
    name, index = found.groups() if found else (point.part, None)
    what: Item = (("object", wireshark.object_type(point.kind)), ("instance", point.first), ("property", wireshark.property_name(name)))
    return what if index is None else (*what, ("index", int(index)))


def _ordered(way: Ends, event: Request) -> list[Item]:
    """Of a password no more is told than that there is one, and whether it is empty."""
    said = dict(event.details)
    item: list[tuple[str, str | int]] = [("source", way.source), ("destination", way.target), ("service", event.operation)]
    if "state" in said:
        item.append(("state", said["state"]))
    if said.get("password", "absent") != "absent":
        item.append(("password", "" if said["password"] == "empty" else "present"))
    if "minutes" in said:
        item.append(("duration", int(said["minutes"])))
    return [tuple(item)]


_ASKED: dict[int, tuple[str, Callable[[Ends, Request], list[Item]]]] = {
    _I_AM: ("i_am", _i_am),
    _I_HAVE: ("i_have_objects", _i_have),
    _WHO_IS: ("who_is_ranges", _who_is),
    _REGISTER: ("foreign_device_registrations", _registered),
    _REGISTER6: ("foreign_device_registrations", _registered),
    _WRITE: ("write_property", _written),
    _WRITE_MULTIPLE: ("write_property", _written),
    _COMMUNICATION: ("device_control", _ordered),
    _REINITIALIZE: ("device_control", _ordered),
}
"""Operations whose parameters are told, by code."""
