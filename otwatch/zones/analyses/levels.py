"""SL-A from passive evidence: what each zone can have reached at most, next to its target (domain/zones.md 12). Indicative.

Passive evidence never proves more than 2. Every cap that is met lowers it (`caps`); with too little evidence the answer is NA, never 2.
"""

from otwatch.conclusions import Cap, Mark
from otwatch.config.words import REQUIREMENTS
from otwatch.results import ZoneRow
from otwatch.zones.analyses.caps import COVERED, DAY_NS, RULES, Rule, Seen
from otwatch.zones.analyses.scene import Scene

BEST = 2
DAYS = 30
"""Findings older than this no longer count."""
SHOWN = 5
WEIGHTS = {"C4": 5, "C3": 3, "C2": 2, "C1": 1, "C0": 0}
EXCUSED = frozenset({"expected", "false_positive"})
PROVES_ALONE = frozenset({"FR1", "FR2", "FR3", "FR4", "FR5"})
"""Requirements of which one cap is evidence enough."""


def levels(scene: Scene) -> tuple[Mark, ...]:
    """Seven marks for each zone with assets, those with the most to do first."""
    ranked = []
    for zone in scene.zones.values():
        if zone.assets and any(zone.sl_t) and scene.is_classified(zone.id):
            marks = _marks(_seen(scene, zone))
            ranked.append((-sum(mark.gap for mark in marks) * WEIGHTS.get(zone.criticality, 2), zone.id, marks))
    return tuple(mark for *_, marks in sorted(ranked) for mark in marks)


def _seen(scene: Scene, zone: ZoneRow) -> Seen:
    since = max((row.last_ns for row in scene.results.captures), default=0) - DAYS * DAY_NS
    alerts = (one for one in scene.results.alerts if zone.id in (one.client_zone, one.server_zone) and one.last_ns >= since)
    flows = [flow for flow in scene.flows if zone.id in (flow.link.client_zone, flow.link.server_zone)]
    into = tuple(flow for flow in flows if flow.link.client_zone != zone.id)
    out = tuple(flow for flow in flows if flow.link.server_zone != zone.id)
    inner = tuple(flow for flow in flows if not flow.is_crossing)
    return Seen(scene, zone, tuple(one for one in alerts if one.status not in EXCUSED), into, out, inner, scene.days, scene.covered)


def _marks(seen: Seen) -> list[Mark]:
    return [_mark(seen, name, target) for name, target in zip(REQUIREMENTS, seen.zone.sl_t, strict=True)]


def _mark(seen: Seen, name: str, target: int) -> Mark:
    caps = tuple(cap for rule in RULES if rule.requirement == name and (cap := _cap(rule, seen)) is not None)
    counted, needed, unit = _evidence(seen, name)
    enough = counted >= needed or (bool(caps) and name in PROVES_ALONE)
    reached = min((cap.most for cap in caps), default=BEST) if enough else None
    if reached is None or (reached >= BEST and target > BEST):
        status, gap = "not_assessable", 0
    else:
        status, gap = ("proven_gap", target - reached) if reached < target else ("no_gap_seen", 0)
    return Mark(seen.zone.id, name, target, reached, gap, status, counted, needed, unit, caps if enough else (), seen.covered)


def _cap(rule: Rule, seen: Seen) -> Cap | None:
    shown = rule.shown(seen)
    if shown is None:
        return None
    frames = [one.frames[0] for one in shown.alerts if one.frames] + list(shown.frames)
    return Cap(rule.key, rule.most, rule.sr, tuple(one.number for one in shown.alerts[:SHOWN]), tuple(frames[:SHOWN]))


def _evidence(seen: Seen, name: str) -> tuple[int, int, str]:
    """How much was seen that the answer rests on, how much it needs (zones.md 12), and of what."""
    flows = (*seen.into, *seen.inner)
    asked = sum((times for flow in flows for times in flow.link.verbs.values()), 0)
    logins = sum(flow.link.verbs.get("AUTH", 0) for flow in flows)
    days = seen.days if seen.covered >= COVERED else 0
    table = {
        "FR1": (logins, 10, "logins"),
        "FR2": (sum(flow.link.writes for flow in flows), 20, "writes"),
        "FR3": (asked, 1000, "messages"),
        "FR4": (logins + sum(flow.link.verbs.get("SESSION", 0) for flow in flows), 10, "sessions"),
        "FR5": (days, 7, "days"),
        "FR6": (seen.days, 7, "days"),
        "FR7": (days, 14, "days"),
    }
    return table[name]
