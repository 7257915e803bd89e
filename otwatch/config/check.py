"""What is wrong with the meaning of a site file whose form is right: ids, references, networks, dates (domain/zones.md 5.9, errors)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from otwatch.config.problems import Problem, Severity
from otwatch.config.reading import near
from otwatch.config.site import CONDITIONS, At, DeclaredZone, Match, Side, Site, Window
from otwatch.words import Phrase, phrase

VERSION = 1
RETENTION_DAYS = 90
"""Three months at least: PA-108 R207, ReCyF 20.5."""


class Fault(NamedTuple):
    """A problem before it knows its file."""

    at: At
    key: str
    said: Phrase
    severity: Severity = "error"

    def of(self, file: str) -> Problem:
        where = f"{self.at.where}.{self.key}".strip(".")
        return Problem(file, self.at.of(self.key), where, self.severity, self.said)


class Reference(NamedTuple):
    """A key that names things declared elsewhere in the file."""

    section: str
    key: str
    field: str
    targets: tuple[str, ...]


REFERENCES = (
    Reference("zones", "parent", "parent", ("zones",)),
    Reference("zones", "depends_on", "depends_on", ("zones",)),
    Reference("conduits", "from", "sources", ("zones",)),
    Reference("conduits", "to", "targets", ("zones",)),
    Reference("conduits", "hosts_from", "hosts_from", ("assets",)),
    Reference("conduits", "hosts_to", "hosts_to", ("assets",)),
    Reference("conduits", "write_hosts", "write_hosts", ("assets",)),
    Reference("conduits", "window", "window", ("windows",)),
    Reference("never", "except_conduits", "except_conduits", ("conduits",)),
    Reference("never", "except_windows", "except_windows", ("windows",)),
    Reference("never", "from", "source", ("zones",)),
    Reference("never", "to", "target", ("zones",)),
    Reference("interventions", "sources", "sources", ("assets",)),
    Reference("interventions", "targets", "targets", ("zones", "assets")),
    Reference("expected_operations", "sources", "sources", ("assets",)),
    Reference("expected_operations", "targets", "targets", ("zones", "assets")),
    Reference("expected_writers", "client", "client", ("assets",)),
    Reference("expected_writers", "server", "server", ("assets",)),
    Reference("expected_writers", "window", "window", ("windows",)),
    Reference("limits", "server", "server", ("assets",)),
    Reference("scanners", "window", "window", ("windows",)),
    Reference("assets", "zone", "zone", ("zones",)),
)
IDENTIFIED = ("zones", "conduits", "never", "windows", "interventions", "expected_operations", "limits", "assets")


def errors(site: Site, today: date) -> Iterator[Fault]:
    """Every error of meaning, section by section."""
    if site.version != VERSION:
        yield Fault(site.at, "version", phrase("problem.version", said=site.version))
    for section in IDENTIFIED:
        yield from _duplicates(rows(site, section))
    for reference in REFERENCES:
        yield from _dangling(site, reference)
    yield from _matches(site.zones or ())
    yield from _parents(site.zones or ())
    yield from _dates(site, today)
    for asset in site.assets:
        if (asset.ip, asset.mac, asset.modbus, asset.bacnet_instance) == (None, None, None, None):
            yield Fault(asset.at, "id", phrase("problem.asset_key"))
    for limit in site.limits:
        if limit.least is None and limit.most is None:
            yield Fault(limit.at, "id", phrase("problem.limit_open"))
        elif limit.least is not None and limit.most is not None and limit.least > limit.most:
            yield Fault(limit.at, "min", phrase("problem.limit_order", least=limit.least, most=limit.most))


def rows(site: Site, section: str) -> tuple[Any, ...]:
    """The structs of a section; words in their place ("defaults") left out."""
    return tuple(row for row in getattr(site, section) or () if not isinstance(row, str))


def _duplicates(section: Iterable[Any]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for row in section:
        if row.id in first:
            yield Fault(row.at, "id", phrase("problem.duplicate_id", id=row.id, line=first[row.id]))
        first.setdefault(row.id, row.at.of("id"))


def _dangling(site: Site, reference: Reference) -> Iterator[Fault]:
    known = {row.id for target in reference.targets for row in rows(site, target)}
    for row in rows(site, reference.section):
        for name in _named(getattr(row, reference.field)):
            if name not in known:
                yield Fault(row.at, reference.key, phrase("problem.unknown_reference", name=name, near=near(name, known)))


def _named(value: Any) -> tuple[str, ...]:
    """The ids inside a value: addresses, networks and windows of their own are none."""
    if isinstance(value, Side):
        return value.zones
    several = value if isinstance(value, tuple) and not isinstance(value, Window) else (value,)
    return tuple(name for name in several if isinstance(name, str))


def _matches(zones: tuple[DeclaredZone, ...]) -> Iterator[Fault]:
    """Rules without condition; the same network, or the same fallback, in two zones with nothing to tell them apart."""
    networks: dict[tuple[object, ...], tuple[str, int]] = {}
    fallbacks: dict[str, int] = {}
    for zone, match in ((one, match) for one in zones for match in one.match):
        given = conditions(match)
        if not given:
            yield Fault(match.at, "", phrase("problem.empty_rule"))
        holder, line = (zone.id, 0) if given != ("cidr",) else networks.setdefault((match.cidr, match.priority), (zone.id, match.at.line))
        if holder != zone.id:
            yield Fault(match.at, "cidr", phrase("problem.same_network", network=match.cidr, zone=holder, line=line))
        if match.fallback and fallbacks.setdefault(match.fallback, match.at.line) != match.at.line:
            yield Fault(match.at, "fallback", phrase("problem.fallback_twice", said=match.fallback, line=fallbacks[match.fallback]))


def conditions(match: Match) -> tuple[str, ...]:
    """Names of the conditions a rule has."""
    return tuple(name for name in CONDITIONS if getattr(match, name) is not None)


def _parents(zones: tuple[DeclaredZone, ...]) -> Iterator[Fault]:
    parent = {zone.id: zone.parent for zone in zones}
    for zone in zones:
        seen, above = {zone.id}, zone.parent
        while above is not None and above not in seen:
            seen.add(above)
            above = parent.get(above)
        if above == zone.id:
            yield Fault(zone.at, "parent", phrase("problem.parent_loop", zone=zone.id))


def _dates(site: Site, today: date) -> Iterator[Fault]:
    for conduit in site.conduits or ():
        if conduit.expires is not None and conduit.expires < today:
            yield Fault(conduit.at, "expires", phrase("problem.expired", day=conduit.expires))
    own = tuple(scanner.window for scanner in site.scanners if isinstance(scanner.window, Window))
    for window in (*site.windows, *own):
        if not window.days and not window.dates:
            yield Fault(window.at, "days", phrase("problem.window_days"))
        if window.opens == window.closes:
            yield Fault(window.at, "to", phrase("problem.window_empty"))
    for works in site.interventions:
        if works.end.replace(tzinfo=None) <= works.start.replace(tzinfo=None):
            yield Fault(works.at, "end", phrase("problem.intervention_order"))
