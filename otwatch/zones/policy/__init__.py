"""The declared site as an object that answers questions: zones resolved, never rules, conduits, windows, writers, scanners.

It judges nothing (that is `compare`) and places nothing (that is `matching`). Two zones exist without being declared:
UNKNOWN for what no rule holds, and OUTSIDE for public addresses where the site declares no fallback for them,
so that "never to the Internet" holds even in the shortest site file.

kinds      what a kind of zone gives by default                    never    the rules that hold where the site says nothing
hosts, windows, writers   what lists of hosts, windows and expected writers of the file mean
check      errors and warnings of a site file                      expected what a site file lets one expect to hear
"""

from collections.abc import Iterable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from otwatch.config.site import Conduit, DeclaredZone, ExpectedOperation, Host, Intervention, Never, Scanner, Side, Site, Window
from otwatch.config.words import ANY, CRITICALITIES
from otwatch.events import Request, Verb
from otwatch.zones.policy import writers
from otwatch.zones.policy.hosts import Hosts
from otwatch.zones.policy.kinds import INHERITING, KINDS, REQUIREMENTS
from otwatch.zones.policy.never import never_rules
from otwatch.zones.policy.windows import is_active, is_open


class Zone(NamedTuple):
    """A zone with everything resolved.

    sl_t        FR1 to FR7
    confidence  1.0 where a person declared it; below for a suggested zone (zones.md 8.4)
    """

    id: str
    kind: str
    name: str
    level: float
    trust: str
    criticality: str
    sl_t: tuple[int, ...]
    parent: str = ""
    intra: str = "any"
    depends_on: tuple[str, ...] = ()
    anssi_class: int | None = None
    confidence: float = 1.0


SUPPORTING = frozenset({"time_ntp", "ot_backbone", "supervision"})
"""Kinds of zones that others depend on (zones.md 3.2)."""
UNKNOWN_ID = ""
OUTSIDE_ID = "(internet)"
"""No slug, so no declared zone can have it."""


class Placed(NamedTuple):
    """One side of a link: an asset in its zone. `ip` is "" for assets without; `confidence` 0..1 is that of the decision."""

    asset: str
    ip: str
    zone: Zone
    confidence: float = 1.0


class Policy:
    """Answers from the site file. `suggested` confidences make it a draft, and so does a file that nobody has accepted:
    only never rules between sure zones are judged then."""

    def __init__(self, site: Site, suggested: dict[str, float] | None = None) -> None:
        self.site = site
        if suggested is None and site.suggested_on is not None and not site.accepted_by:
            suggested = {zone.id: zone.confidence for zone in site.zones or () if zone.confidence is not None} | {UNKNOWN_ID: 0.0}
        self.draft = suggested is not None
        self.clock = ZoneInfo(site.site.timezone)
        self.zones = _resolved(site.zones or (), suggested or {})
        self.conduits = {conduit.id: conduit for conduit in site.conduits or ()}
        self.never = never_rules(site.never, site.zones or (), site.conduits or ())
        self.assets = {asset.id: asset for asset in site.assets}
        self._windows = {window.id: window for window in site.windows}
        self._between: dict[tuple[str, str], list[Conduit]] = {}
        for conduit in site.conduits or ():
            for pair in ((source, target) for source in conduit.sources for target in conduit.targets):
                self._between.setdefault(pair, []).append(conduit)
        self._hosts: dict[tuple[Host, ...], Hosts] = {}

    @property
    def has_conduits(self) -> bool:
        """Whether the site declares conduits at all; without, only never rules are judged (zones.md 5.1)."""
        return self.site.conduits is not None

    def zone(self, zone_id: str) -> Zone:
        """The zone with this id; the unknown zone for an id that no zone has."""
        return self.zones.get(zone_id, self.zones[UNKNOWN_ID])

    def needed(self, zone: Zone) -> str:
        """What a zone of time, backbone or supervision counts for those that depend on it: the highest of them, less one; "" for none."""
        if zone.kind not in SUPPORTING:
            return ""
        worst = max((other.criticality for other in self.zones.values() if zone.id in other.depends_on), default="")
        return CRITICALITIES[max(0, _rank(worst) - 1)] if worst else ""

    def is_built_in(self, zone_id: str) -> bool:
        """Whether the zone exists without being declared."""
        return zone_id in {UNKNOWN_ID, OUTSIDE_ID}

    def between(self, source: str, target: str) -> list[Conduit]:
        """Conduits from one zone to another, in file order, expired ones too."""
        return self._between.get((source, target), [])

    def hosts(self, listed: tuple[Host, ...]) -> Hosts:
        """Hosts of a list in the file, with declared assets resolved. Remembered: there are as many as lists in the file."""
        if listed not in self._hosts:
            self._hosts[listed] = Hosts(listed, self.assets)
        return self._hosts[listed]

    def is_open(self, window: str | Window | None, time_ns: int) -> bool:
        """Whether a window is open; none is always open, an unknown one never."""
        if window is None:
            return True
        found = self._windows.get(window) if isinstance(window, str) else window
        return found is not None and is_open(found, time_ns, self.clock)

    def expected(self, request: Request, client: str, server: str, time_ns: int) -> str | None:
        """The line of `expected_writers` that allows a write ("expected_writers[0]"), None where none does.

        `client`, `server`: addresses or asset ids ("10.20.1.60", "10.20.1.60/17", "gtb-srv1").
        """
        for at, line in enumerate(self.site.expected_writers):
            if (
                client in self.hosts(line.client)
                and server in self.hosts(line.server)
                and self.is_open(line.window, time_ns)
                and writers.allows(line, request)
            ):
                return line.at.where or f"expected_writers[{at}]"
        return None

    def intervention(self, client: Placed, server: Placed, verb: Verb | None, time_ns: int) -> Intervention | None:
        """The active intervention that explains what `client` does to `server`; it never excuses a never rule (zones.md 5.6)."""
        for works in self.site.interventions:
            sources = self.hosts(works.sources).holds(client.asset, client.ip)
            if sources and self._is_target(works, server) and has_op(works.ops, verb) and is_active(works, time_ns, self.clock):
                return works
        return None

    def tests(self, client: Placed, server: Placed, verb: Verb | None, time_ns: int) -> str:
        """The open window in which the site does what a never rule else forbids between these two, "" without (zones.md 13, case J)."""
        rules = (rule for rule in self.never if means(rule, client.zone, server.zone) and has_op(rule.ops, verb))
        named = (window for rule in rules for window in rule.except_windows)
        return next((window for window in named if self.is_open(window, time_ns)), "")

    def is_expected(self, operation: ExpectedOperation, client: Placed, server: Placed, verb: Verb | None) -> bool:
        """Whether this is the operation that has to be seen every so many days."""
        sources = self.hosts(operation.sources).holds(client.asset, client.ip)
        return sources and self._is_target(operation, server) and has_op(operation.ops, verb)

    def _is_target(self, works: Intervention | ExpectedOperation, server: Placed) -> bool:
        if not works.targets or server.zone.id in works.targets:
            return True
        named = tuple(name for name in works.targets if name in self.assets)
        return bool(named) and self.hosts(named).holds(server.asset, server.ip)

    def scanner(self, ip: str, time_ns: int) -> tuple[Scanner, bool] | None:
        """The declared scanner with this address, and whether it may scan now."""
        for scanner in self.site.scanners:
            if ip in self.hosts(scanner.ip):
                return scanner, self.is_open(scanner.window, time_ns)
        return None


def has_op(ops: frozenset[str], verb: Verb | None) -> bool:
    """Whether a list of ops means this verb: an empty one means all; what cannot be read is a SESSION (zones.md 9.6)."""
    return not ops or ANY in ops or (verb or Verb.SESSION) in ops


def is_side(side: Side, zone: Zone) -> bool:
    """Whether a side of a never rule means this zone: everything it states holds."""
    return (
        (not side.zones or zone.id in side.zones)
        and (not side.kinds or zone.kind in side.kinds)
        and (not side.trusts or zone.trust in side.trusts)
        and (side.level_min is None or zone.level >= side.level_min)
        and (side.level_max is None or zone.level <= side.level_max)
        and (side.criticality_min is None or _rank(zone.criticality) >= _rank(side.criticality_min))
    )


def means(rule: Never, source: Zone, target: Zone) -> bool:
    """Whether a never rule is about this pair of zones."""
    return is_side(rule.source, source) and is_side(rule.target, target)


def _rank(criticality: str) -> int:
    return CRITICALITIES.index(criticality)


def _resolved(declared: Iterable[DeclaredZone], suggested: dict[str, float]) -> dict[str, Zone]:
    lines = {zone.id: zone for zone in declared}
    zones = {name: _zone(line, lines, suggested.get(name, 1.0)) for name, line in lines.items()}
    for name, kind in ((UNKNOWN_ID, "unknown"), (OUTSIDE_ID, "internet")):
        zones[name] = _zone(DeclaredZone(name, kind), {}, suggested.get(name, 1.0))
    return zones


def _zone(line: DeclaredZone, lines: dict[str, DeclaredZone], confidence: float) -> Zone:
    kind, above = KINDS[line.kind], _giver(line, lines)
    given = KINDS[above.kind]
    return Zone(
        line.id,
        line.kind,
        line.name or kind.fr,
        kind.level if line.level is None else line.level,
        line.trust or kind.trust,
        line.criticality or above.criticality or given.criticality,
        line.sl_t or above.sl_t or (given.sl_t,) * len(REQUIREMENTS),
        line.parent or "",
        line.intra,
        line.depends_on,
        line.anssi_class,
        confidence,
    )


def _giver(line: DeclaredZone, lines: dict[str, DeclaredZone]) -> DeclaredZone:
    """Whose criticality and SL-T a zone has: its own, or those of the first parent that does not inherit too."""
    seen = {line.id}
    while line.kind in INHERITING and line.parent in lines and line.parent not in seen:
        seen.add(line.parent)
        line = lines[line.parent]
    return line
