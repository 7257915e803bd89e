"""SL-A from passive evidence: what each zone can have reached at most, next to its target (domain/zones.md 12). Indicative.

Passive evidence never proves more than 2. Every cap that is met lowers it; with too little evidence the answer is NA, never 2.
Not judged, because nothing here shows it: MAC spoofing that is confirmed, restarts after malformed traffic, storms, drifting clocks.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from otwatch.conclusions import Cap, Mark
from otwatch.config.words import PROTOCOLS, REQUIREMENTS
from otwatch.results import AlertRow, ZoneRow
from otwatch.zones.analyses.scene import EXPOSED_TRUSTS, Flow, Scene

BEST = 2
DAYS = 30
"""Findings older than this no longer count."""
DAY_NS = 86_400_000_000_000
SHOWN = 5
COVERED = 95
"""Percent of the time in which something was captured, from which absence means something."""
WEIGHTS = {"C4": 5, "C3": 3, "C2": 2, "C1": 1, "C0": 0}
SESSIONS = frozenset({"rdp", "vnc", "ssh", "telnet", "winrm", "teamviewer", "anydesk"})
EXCUSED = frozenset({"expected", "false_positive"})
WRONG = frozenset({"undeclared", "forbidden"})
LOGS = frozenset({("syslog", 514), ("syslog", 6514), ("syslog-tls", 6514), ("snmp", 162)})
OT_LEVEL, FIELD_LEVEL = 3.0, 2.0
OFFICE = frozenset({"office_it", "hospital_is", "wifi_guest", "telephony"})


class Seen(NamedTuple):
    """All that concerns one zone. `into`, `out`, `inner`: conversations that connected, by where they began."""

    scene: Scene
    zone: ZoneRow
    alerts: tuple[AlertRow, ...]
    into: tuple[Flow, ...]
    out: tuple[Flow, ...]
    inner: tuple[Flow, ...]
    days: int
    covered: int

    def other(self, flow: Flow) -> ZoneRow | None:
        """The zone at the other end."""
        mine = flow.link.client_zone == self.zone.id
        return self.scene.zones.get(flow.link.server_zone if mine else flow.link.client_zone)


Shown = tuple[tuple[AlertRow, ...], tuple[Flow, ...]]
"""What shows a cap; nothing of either where it is not met. `ABSENT` is met by what is missing."""
ABSENT: Shown | None = ((), ())


class _Rule(NamedTuple):
    requirement: str
    most: int
    key: str
    sr: str
    shown: Callable[[Seen], Shown | None]


def _found(*names: str, variants: Iterable[str] = ()) -> Callable[[Seen], Shown | None]:
    wanted = frozenset(variants)

    def shown(seen: Seen) -> Shown | None:
        mine = (one for one in seen.alerts if one.server_zone == seen.zone.id)
        met = tuple(one for one in mine if one.detection in names and (not wanted or one.variant in wanted))
        return (met, ()) if met else None

    return shown


def _flows(which: Callable[[Seen], Iterable[Flow]]) -> Callable[[Seen], Shown | None]:
    def shown(seen: Seen) -> Shown | None:
        met = tuple(which(seen))
        return ((), met) if met else None

    return shown


def _border(seen: Seen) -> tuple[Flow, ...]:
    """Conversations that cross the zone's border, either way."""
    return (*seen.into, *seen.out)


def _clear(flow: Flow) -> bool:
    spoken = PROTOCOLS.get(flow.link.protocol)
    return spoken is not None and spoken.ot and spoken.clear


def _of_kinds(seen: Seen, flows: Iterable[Flow], kinds: frozenset[str] = frozenset(), trusts: frozenset[str] = frozenset()) -> list[Flow]:
    return [flow for flow in flows if (zone := seen.other(flow)) is not None and (zone.kind in kinds or zone.trust in trusts)]


def _remote(seen: Seen) -> list[Flow]:
    into = [flow for flow in seen.into if flow.link.protocol in SESSIONS and seen.zone.kind != "engineering"]
    return _of_kinds(seen, into, frozenset({"remote_maintenance"}), EXPOSED_TRUSTS)


def _internet(seen: Seen) -> list[Flow]:
    return _of_kinds(seen, _border(seen), frozenset({"internet"})) if seen.zone.level <= OT_LEVEL else []


def _office(seen: Seen) -> list[Flow]:
    return _of_kinds(seen, seen.into, OFFICE) if seen.zone.level <= FIELD_LEVEL else []


def _transient(seen: Seen) -> list[Flow]:
    """Changes from a host that had only just come when it made them, and not because listening had only just begun."""
    begin_ns = min((row.first_ns for row in seen.scene.results.captures if row.frames), default=0)
    came = {key: row.first_ns for key, row in seen.scene.assets.items() if row.first_ns - begin_ns > DAY_NS}
    changing = (flow for flow in (*seen.into, *seen.inner) if flow.link.writes and flow.client in came)
    return [flow for flow in changing if flow.link.first_ns - came[flow.client] < DAY_NS]


def _clear_backups(seen: Seen) -> list[Flow]:
    """Files only ever move by protocols that anybody can read and change on the way."""
    moved = [flow for flow in (*seen.into, *seen.out) if flow.link.protocol in {"ftp", "tftp"}]
    return [] if any(flow.link.protocol == "ssh" for flow in (*seen.into, *seen.out)) else moved


def _outsiders(seen: Seen) -> Shown | None:
    """Programs and stops that were taken from elsewhere than engineering, and that no intervention explains."""
    names = {"eng.program.download", "eng.mode.changed", "zone.engineering.office"}
    met = [one for one in seen.alerts if one.detection in names and one.variant not in {"failure", "unknown", "observed"}]
    strange = tuple(one for one in met if one.server_zone == seen.zone.id and _kind(seen.scene, one.client_zone) != "engineering")
    return (strange, ()) if strange else None


def _kind(scene: Scene, zone_id: str) -> str:
    zone = scene.zones.get(zone_id)
    return zone.kind if zone is not None else ""


def _logins(crossing: bool) -> Callable[[Seen], Shown | None]:
    def shown(seen: Seen) -> Shown | None:
        met = tuple(one for one in seen.alerts if one.detection == "clear.login" and (one.client_zone != one.server_zone) == crossing)
        return (met, ()) if met else None

    return shown


def _missing(days: int, flows: Callable[[Seen], Iterable[Flow]]) -> Callable[[Seen], Shown | None]:
    """What is not there counts only where long enough was listened, without gaps."""
    return lambda seen: ABSENT if seen.days >= days and seen.covered >= COVERED and seen.zone.assets and not list(flows(seen)) else None


def _vlans(seen: Seen) -> Shown | None:
    own = {row.vlan for row in seen.scene.of_zone(seen.zone.id) if row.vlan >= 0}
    others = {row.vlan for row in seen.scene.assets.values() if row.zone != seen.zone.id and row.kind == "host"}
    return ABSENT if own & others else None


_UNEXPECTED = ("modbus.write.unexpected", "umas.write.unexpected", "bacnet.write.unexpected", "cip.write.unexpected", "snmp.set.unexpected")
RULES = (
    _Rule("FR1", 0, "default_secret", "SR 1.1, SR 1.5", _found("cred.default.cleartext", variants=("success", "anonymous"))),
    _Rule("FR1", 0, "no_password", "SR 1.1, SR 1.5", _found("cred.bacnet", variants=("none", "default"))),
    _Rule("FR1", 0, "controller_open", "SR 1.1, SR 1.5", _found("cred.controller", variants=("default",))),
    _Rule("FR1", 0, "snmp_set", "SR 1.2, SR 1.5", _found("cred.snmp", variants=("set",))),
    _Rule("FR1", 1, "unauthenticated_writes", "SR 1.2", _flows(lambda s: (f for f in (*s.into, *s.inner) if _clear(f) and f.link.writes))),
    _Rule("FR1", 1, "no_lockout", "SR 1.11", _found("cred.bruteforce")),
    _Rule("FR1", 1, "remote", "SR 1.13", _flows(_remote)),
    _Rule("FR2", 0, "outsiders_program", "SR 2.1", _outsiders),
    _Rule("FR2", 1, "unexpected_writes", "SR 2.1", _found(*_UNEXPECTED, variants=("success", "variables", "memory", "control", "other"))),
    _Rule("FR2", 1, "no_reservation_password", "SR 2.1", _found("cred.controller", variants=("open",))),
    _Rule("FR2", 1, "transient", "SR 2.3", _flows(_transient)),
    _Rule("FR3", 1, "clear_crossing", "SR 3.1", _flows(lambda s: (f for f in _border(s) if _clear(f) and s.zone.level <= OT_LEVEL))),
    _Rule("FR3", 1, "firmware", "SR 3.4", _found("inv.firmware.changed")),
    _Rule("FR3", 1, "duplicate", "SR 3.4", _found("integ.dup.ip")),
    _Rule("FR4", 0, "login_crossing", "SR 4.1", _logins(crossing=True)),
    _Rule("FR4", 1, "login_inside", "SR 4.1", _logins(crossing=False)),
    _Rule("FR5", 0, "internet", "SR 5.1, SR 5.2", _flows(_internet)),
    _Rule("FR5", 0, "office", "SR 5.1, SR 5.2", _flows(_office)),
    _Rule("FR5", 1, "undeclared", "SR 5.2 RE 1", _flows(lambda s: (f for f in _border(s) if f.link.verdict in WRONG))),
    _Rule("FR5", 1, "shared_vlan", "SR 5.1", _vlans),
    _Rule("FR6", 0, "not_covered", "SR 6.2", lambda s: ABSENT if s.days >= 7 and s.covered < COVERED else None),
    _Rule("FR6", 1, "no_log", "SR 6.1, SR 6.2", _missing(7, lambda s: (f for f in s.out if (f.link.protocol, f.link.port) in LOGS))),
    _Rule("FR7", 1, "clear_backups", "SR 7.3", _flows(_clear_backups)),
    _Rule("FR7", 1, "no_clock", "SR 2.11", _missing(14, lambda s: (f for f in (*s.out, *s.inner) if f.link.protocol in {"ntp", "ptp"}))),
)  # fmt: skip


def levels(scene: Scene) -> tuple[Mark, ...]:
    """Seven marks for each zone with assets, those with the most to do first."""
    ranked = []
    for zone in scene.zones.values():
        if zone.assets and zone.sl_t and scene.is_classified(zone.id):
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
    enough = counted >= needed or (bool(caps) and name in {"FR1", "FR2", "FR3", "FR4", "FR5"})
    reached = min((cap.most for cap in caps), default=BEST) if enough else None
    if reached is None or (reached >= BEST and target > BEST):
        status, gap = "not_assessable", 0
    else:
        status, gap = ("proven_gap", target - reached) if reached < target else ("no_gap_seen", 0)
    return Mark(seen.zone.id, name, target, reached, gap, status, counted, needed, unit, caps if enough else ())


def _cap(rule: _Rule, seen: Seen) -> Cap | None:
    shown = rule.shown(seen)
    if shown is None:
        return None
    alerts, flows = shown
    frames = [one.frames[0] for one in alerts if one.frames] + [flow.link.frame for flow in flows]
    return Cap(rule.key, rule.most, rule.sr, tuple(one.number for one in alerts[:SHOWN]), tuple(frames[:SHOWN]))


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
