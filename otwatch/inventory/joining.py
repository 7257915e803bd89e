"""Which assets are one physical thing, once everything was seen: joined by the strongest keys, with the reason of each join.

    declared          one entry of the site file names both
    cip serial        vendor number and serial number: unique by CIP Vol. 1, 5-2.2.6
    serial            serial number, where the product is said too
    mac               addresses that the same network card holds now, each proven to be its own (ARP, neighbour discovery, link scope)
    bacnet instance   unique in a network by 135-2020 clause 12.11.1; the many places where it is not are conflicts
    controller        slot 0 of a box whose network port is the controller's own (no bridge) is the controller
    knx address       what a KNX interface sends under its own individual address is its own
    same device       children of joined parents under the same number

Nothing that a person declared as two things is ever joined: this is how a wrong join is undone. Zones, links and findings are judged
before, by the addresses they were seen with: a server with a leg in two zones is one asset and stays two ways in.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from otwatch.inventory.endpoints import BACNET, BEHIND, CIP, HOST, KNX, L2, UNIT
from otwatch.inventory.facts import Fact, Facts
from otwatch.inventory.holders import Holding
from otwatch.inventory.identity import host_of
from otwatch.inventory.macs import Seen
from otwatch.sightings import Frame

DECLARED, CIP_SERIAL, SERIAL, SAME_MAC, INSTANCE = "declared", "cip serial", "serial", "mac", "bacnet instance"
CONTROLLER, KNX_ADDRESS, CHILDREN = "controller", "knx address", "same device"

_PLC = "Programmable Logic Controller"
"""Device type 14 (CIP Vol. 1, 6-1): a bridge between network and backplane is a Communications Adapter, 12."""
_SLOT_0 = "/port 1/0"

_RANK = {HOST: 0, BACNET: 1, L2: 2, CIP: 3, UNIT: 4, KNX: 5}
_CIP_SOURCES = ("cip", "enip")
_MEANS_NONE = frozenset({"unknown", "none", "default", "not available", "not set", "serial", "serial number", "0123456789", "123456789"})
_SHORTEST_SERIAL = 5
_LONG_ADDRESS = 6
"""Hex digits of a station address from which on it may be a host's second face: a virtual MAC has 3 octets, MS/TP stations have one."""


class Bond(NamedTuple):
    """Two assets that are one thing. `value`: what they have in common; `frame` says it of `other`."""

    one: str
    other: str
    reason: str
    value: str
    frame: Frame
    first_ns: int
    last_ns: int


class Part(NamedTuple):
    """What joining knows of one asset."""

    key: str
    kind: str
    facts: Facts
    frame: Frame
    first_ns: int
    last_ns: int
    parent: str
    station: str
    pin: int | None


class Groups:
    """Keys that are one thing (disjoint sets), and which entry of the site file each set belongs to."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._parts = parts
        self._above: dict[str, str] = {}
        self._pins = {key: {part.pin} for key, part in parts.items() if part.pin is not None}

    def top(self, key: str) -> str:
        while (above := self._above.get(key, key)) != key:
            key = above
        return key

    def join(self, one: str, other: str) -> bool:
        """Whether the two are one thing now and were not before."""
        first, second = self.top(one), self.top(other)
        pins = self._pins.get(first, set()) | self._pins.get(second, set())
        if first == second or len(pins) > 1:
            return False
        self._above[second] = first
        if pins:
            self._pins[first] = pins
        return True

    def sets(self) -> list[list[Part]]:
        """Sets of more than one part."""
        found: dict[str, list[Part]] = {}
        for key in self._parts:
            found.setdefault(self.top(key), []).append(self._parts[key])
        return [parts for parts in found.values() if len(parts) > 1]


class Joined(NamedTuple):
    """`whole`: part -> the asset it belongs to; `bonds` the joins that were made."""

    whole: Mapping[str, str]
    bonds: tuple[Bond, ...]


def join(parts: Mapping[str, Part], holding: Holding, pins: Iterable[tuple[str, ...]]) -> Joined:
    """Join assets, the strongest keys first. `parts` in the order in which assets are shown; `pins` keys of each entry of the site file."""
    groups = Groups(parts)
    made: list[Bond] = []
    stated = (_declared(parts, pins), _serials(parts), _controllers(parts), _interfaces(parts))
    for bonds in (*stated, _cards(parts, holding), _instances(parts, holding)):
        made.extend(bond for bond in bonds if groups.join(bond.one, bond.other))
    made.extend(bond for bond in _children(parts, groups) if groups.join(bond.one, bond.other))
    whole = {part.key: _face_of(group).key for group in groups.sets() for part in group}
    return Joined(whole, tuple(made))


def _face_of(group: list[Part]) -> Part:
    """The part that the whole is called by: the address it has now, before what stands behind another and before a MAC."""
    best = min(_RANK.get(part.kind, 9) + 0.5 * (":" in part.key) for part in group)
    alike = sorted((part for part in group if _RANK.get(part.kind, 9) + 0.5 * (":" in part.key) == best), key=lambda part: part.first_ns)
    current = alike[0]
    for part in alike[1:]:
        current = part if part.first_ns > current.last_ns else current
    return current


def _declared(parts: Mapping[str, Part], pins: Iterable[tuple[str, ...]]) -> Iterator[Bond]:
    for keys in pins:
        there = [key for key in keys if key in parts and parts[key].kind not in BEHIND]
        for other in there[1:]:
            yield Bond(there[0], other, DECLARED, "", Frame("", 0), 0, 0)


def _serials(parts: Mapping[str, Part]) -> Iterator[Bond]:
    """Serial numbers, those of CIP first."""
    first: dict[tuple[str, str], str] = {}
    found = [(*said, part.key) for part in parts.values() if part.kind != UNIT for said in _serial_of(part.facts)]
    for reason, value, fact, key in sorted(found, key=lambda one: one[0]):
        before = first.setdefault((reason, value), key)
        if before != key:
            yield Bond(before, key, reason, value, *_seen(fact))


def _serial_of(facts: Facts) -> Iterator[tuple[str, str, Fact]]:
    maker = facts.value("vendor_id")
    product = (facts.value("model") or facts.value("product")).casefold()
    for fact in facts.of("serial"):
        if fact.source.startswith(_CIP_SOURCES):
            if maker and fact.value.strip("0x"):
                yield CIP_SERIAL, f"{maker}/{fact.value}", fact
        elif product and is_serial(fact.value):
            yield SERIAL, f"{product} {fact.value.casefold()}", fact


def is_serial(text: str) -> bool:
    """Whether a text can tell two devices apart: not "0000", not "unknown", not what makers write before they number."""
    plain = text.strip().casefold()
    varies = len(set(plain) - set(" -._")) > 1
    return varies and len(plain) >= _SHORTEST_SERIAL and any(map(str.isdigit, plain)) and plain not in _MEANS_NONE


def _controllers(parts: Mapping[str, Part]) -> Iterator[Bond]:
    for part in parts.values():
        slot = parts.get(f"{part.key}{_SLOT_0}")
        kind = part.facts.best("device_type")
        if slot is not None and kind is not None and kind.value.startswith(_PLC) and not slot.facts.value("serial"):
            yield Bond(part.key, slot.key, CONTROLLER, kind.value, *_seen(kind))


def _interfaces(parts: Mapping[str, Part]) -> Iterator[Bond]:
    for part in parts.values():
        own = part.facts.best("knx_address")
        child = parts.get(f"{part.key}/knx {own.value}") if own is not None else None
        if own is not None and child is not None:
            yield Bond(part.key, child.key, KNX_ADDRESS, own.value, *_seen(own))


def _cards(parts: Mapping[str, Part], holding: Holding) -> Iterator[Bond]:
    for mac, held in holding.proven():
        there = [one for one in held if one.ip in parts]
        for other in there[1:]:
            yield Bond(there[0].ip, other.ip, SAME_MAC, mac, *_seen(other.seen))


def _instances(parts: Mapping[str, Part], holding: Holding) -> Iterator[Bond]:
    """A host and a station, or two hosts, that say the same instance."""
    for instance, said in by_instance(parts).items():
        for at, (other, fact) in enumerate(said):
            one = next((one for one, _ in said[:at] if _one_device(parts[one], parts[other], holding)), None)
            if one is not None:
                yield Bond(one, other, INSTANCE, instance, *_seen(fact))


def by_instance(parts: Mapping[str, Part]) -> dict[str, list[tuple[str, Fact]]]:
    """Hosts, stations and MACs by the BACnet instance they say is theirs."""
    found: dict[str, list[tuple[str, Fact]]] = {}
    for part in parts.values():
        fact = part.facts.best("device_instance") if part.kind in (HOST, BACNET, L2) else None
        if fact is not None:
            found.setdefault(fact.value, []).append((part.key, fact))
    return {instance: said for instance, said in found.items() if len(said) > 1}


def _one_device(one: Part, other: Part, holding: Holding) -> bool:
    """Whether two that say one instance are one device: nothing else contradicts, and it can stand in both places."""
    if any(_contradict(one.facts, other.facts, name) for name in ("vendor_id", "model", "serial", "name")):
        return False
    if one.kind == other.kind == HOST:
        return (one.last_ns < other.first_ns or other.last_ns < one.first_ns) and not holding.differ(one.key, other.key)
    direct, station = (other, one) if one.kind == BACNET else (one, other)
    if direct.kind == L2:
        return bool(station.station) and direct.key.replace(":", "").endswith(station.station)
    return direct.kind == HOST and station.kind == BACNET and (station.parent == direct.key or len(station.station) >= _LONG_ADDRESS)


def _contradict(one: Facts, other: Facts, name: str) -> bool:
    said, also = one.value(name), other.value(name)
    return bool(said and also and said != also)


def _children(parts: Mapping[str, Part], groups: Groups) -> Iterator[Bond]:
    """Units and slots of parents that were joined."""
    first: dict[tuple[str, str], str] = {}
    for part in parts.values():
        if part.kind in BEHIND:
            place = (groups.top(host_of(part.key)), part.key.partition("/")[2])
            before = first.setdefault(place, part.key)
            if before != part.key:
                yield Bond(before, part.key, CHILDREN, place[1], part.frame, part.first_ns, part.last_ns)


def _seen(what: Fact | Seen) -> tuple[Frame, int, int]:
    return what.frame, what.first_ns, what.last_ns
