"""The whole check of a site file: the errors of `config`, and warnings that need to know zones (domain/zones.md 5.9)."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path

from otwatch.config import Problem, read_site
from otwatch.config.check import RETENTION_DAYS as SHORTEST
from otwatch.config.check import Fault
from otwatch.config.site import Address, Allowance, Conduit, Match, Never, Site
from otwatch.config.words import ANY, ANY_PROTOCOL, OT_VERBS, PROTOCOLS
from otwatch.words import phrase
from otwatch.zones.policy import Policy, means

CRITICAL = frozenset({"C3", "C4"})
_WITHOUT_OPS = {ANY_PROTOCOL: (ANY,)}


def check_site(path: Path, today: date | None = None) -> list[Problem]:
    """Every error and warning of a site file, in the order of its lines. Warnings are looked for once there is no error."""
    site, problems = read_site(path, today)
    if site is None or problems:
        return problems
    found = (fault._replace(severity="warning").of(path.name) for fault in _warnings(Policy(site)))
    return sorted(found, key=lambda problem: problem.line)


def _warnings(policy: Policy) -> Iterator[Fault]:
    site = policy.site
    for conduit in site.conduits or ():
        yield from _contradictions(policy, conduit)
        yield from _openness(policy, conduit)
    yield from _empty_zones(site)
    yield from _outside_pins(site)
    yield from _shared_vlans(policy)
    if policy.draft:
        yield Fault(site.at, "suggested_on", phrase("problem.not_accepted"))
    if site.retention_days < SHORTEST:
        yield Fault(site.at, "retention_days", phrase("problem.retention", days=site.retention_days))


# -- conduits ---------------------------------------------------------------------------------------------------------------------------


def _contradictions(policy: Policy, conduit: Conduit) -> Iterator[Fault]:
    """Never rules that always forbid something the conduit allows; a rule is told once a conduit."""
    for rule in policy.never:
        if conduit.id in rule.except_conduits or rule.except_windows or not any(_collides(rule, line) for line in conduit.protocols):
            continue
        pairs = product(conduit.sources, conduit.targets)
        hit = next(((a, b) for a, b in pairs if a != b and means(rule, policy.zone(a), policy.zone(b))), None)
        if hit:
            yield Fault(conduit.at, "", phrase("problem.contradicted", rule=rule.id, source=hit[0], target=hit[1]))


def _collides(rule: Never, line: Allowance) -> bool:
    """Whether a rule forbids some of what a line allows. IT protocols without `ops` are not told apart by verbs: no collision by verb."""
    named = not rule.protocols or any(ANY_PROTOCOL in {line.proto, other.proto} or line.proto == other.proto for other in rule.protocols)
    ops = line.ops if line.ops is not None else frozenset(OT_VERBS if PROTOCOLS[line.proto].ot else _WITHOUT_OPS.get(line.proto, ()))
    return named and (not rule.ops or ANY in ops or ANY in rule.ops or bool(ops & rule.ops))


def _openness(policy: Policy, conduit: Conduit) -> Iterator[Fault]:
    if any(line.proto == ANY_PROTOCOL for line in conduit.protocols):
        for target in (policy.zone(name) for name in conduit.targets):
            if target.criticality in CRITICAL:
                yield Fault(conduit.at, "protocols", phrase("problem.any_protocol", zone=target.id, criticality=target.criticality))
    if conduit.window is None and any(ANY in (line.ops or ()) for line in conduit.protocols):
        yield Fault(conduit.at, "protocols", phrase("problem.any_without_window"))


# -- zones and assets -------------------------------------------------------------------------------------------------------------------


def _empty_zones(site: Site) -> Iterator[Fault]:
    pinned = {asset.zone for asset in site.assets}
    for zone in site.zones or ():
        if not zone.match and zone.id not in pinned:
            yield Fault(zone.at, "id", phrase("problem.no_match", zone=zone.id))


def _outside_pins(site: Site) -> Iterator[Fault]:
    matches = [match for zone in site.zones or () for match in zone.match]
    for asset in site.assets:
        if asset.zone and asset.ip and not any(_holds(match, asset.ip) for match in matches):
            yield Fault(asset.at, "zone", phrase("problem.pin_outside", address=asset.ip, zone=asset.zone))


def _holds(match: Match, ip: Address) -> bool:
    return match.ip == ip or (match.cidr is not None and ip in match.cidr)


def _shared_vlans(policy: Policy) -> Iterator[Fault]:
    """VLANs that rules of two zones of different criticality name."""
    first: dict[int, str] = {}
    rules = ((zone.id, match) for zone in policy.site.zones or () for match in zone.match)
    for zone_id, match in rules:
        for vlan in match.vlan or ():
            holder = policy.zone(first.setdefault(vlan, zone_id))
            if holder.criticality != policy.zone(zone_id).criticality:
                yield Fault(match.at, "vlan", phrase("problem.shared_vlan", vlan=vlan, zone=holder.id))
