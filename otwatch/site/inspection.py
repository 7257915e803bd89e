"""What shows only when everything was seen: systems that nobody looks after any more, hosts with legs in several networks, and commands
that were left in place."""

import re
from collections.abc import Iterator
from itertools import combinations

from otwatch.advisories.ageing import NO_THINGS, rules
from otwatch.alerts.detections.priorities import STALE_NS
from otwatch.changes import AssetAged, CardShared, OverrideHeld
from otwatch.inventory import Inventory
from otwatch.inventory.facts import OTHER
from otwatch.inventory.macs import Seen
from otwatch.inventory.rows import asset_keys

MOVED_NS = 600_000_000_000
"""A laptop that was plugged in elsewhere is at one place at a time: 10 minutes between the two (zone.multihomed)."""


def inspect(inventory: Inventory, now_ns: int) -> Iterator[AssetAged | CardShared | OverrideHeld]:
    """`now_ns`: the time of the last packet."""
    yield from _aged(inventory)
    yield from _shared(inventory)
    yield from _left(inventory, now_ns)


def _aged(inventory: Inventory) -> Iterator[AssetAged]:
    """What an asset says of itself, once for each rule of advisories/ageing.toml."""
    told = [(rule, re.compile(rule.says, re.IGNORECASE)) for rule in rules() if rule.says]
    for key in asset_keys(inventory):
        if inventory.knowledge.kind(key) in NO_THINGS:
            continue
        facts = [fact for fact in inventory.knowledge.facts(key) if fact.confidence != OTHER]
        for rule, pattern in told:
            fact = next((one for one in facts if one.name in rule.attributes and pattern.search(one.value)), None)
            if fact is not None:
                yield AssetAged(key, fact.name, fact.value, rule.since, fact.last_ns, fact.frame)


def _shared(inventory: Inventory) -> Iterator[CardShared]:
    for mac, legs in inventory.macs.legs():
        for (one, seen), (other, also) in combinations(sorted(legs.items()), 2):
            if _at_once(seen, also):
                yield CardShared(mac, one, other, max(seen.first_ns, also.first_ns), (seen.frame, also.frame))


def _left(inventory: Inventory, now_ns: int) -> Iterator[OverrideHeld]:
    """The strongest command of every object, where it stands for a day."""
    for (server, _, point), written in inventory.habits.points.all():
        if written.slots:
            held = min(written.slots)
            if now_ns - held.since_ns >= STALE_NS:
                covers = len(written.slots) > 1
                yield OverrideHeld(held.client, server, point, held.priority, held.value, covers, held.since_ns, now_ns, held.frame)


def _at_once(one: Seen, other: Seen) -> bool:
    """Whether neither had been silent for long when the other spoke."""
    return max(one.first_ns, other.first_ns) - min(one.last_ns, other.last_ns) < MOVED_NS
