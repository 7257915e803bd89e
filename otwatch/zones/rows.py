"""Zones and conduits of a policy as rows: what the record keeps of them."""

from collections.abc import Iterable, Mapping

from otwatch.config.site import Allowance, Conduit, Spans
from otwatch.results import AllowanceRow, ConduitRow, ZoneRow
from otwatch.zones.compare import allowed_ops
from otwatch.zones.matching.matcher import rule_text
from otwatch.zones.policy import Policy, Zone
from otwatch.zones.policy.kinds import KINDS
from otwatch.zones.suggestion.suggest import Suggestion


def zone_rows(policy: Policy, suggestions: Iterable[Suggestion], assets: Mapping[str, int]) -> tuple[ZoneRow, ...]:
    """Every declared zone, and those that exist without being declared where an asset is in them. `assets`: how many, by zone."""
    suggested = {one.zone: one for one in suggestions}
    rules = {zone.id: tuple(map(rule_text, zone.match)) for zone in policy.site.zones or ()}
    nothing = Suggestion("", "", "", (), (), 0.0, 0.0, "", ())
    return tuple(
        ZoneRow(
            id=zone.id, name=names(zone), kind=zone.kind, level=zone.level, criticality=zone.criticality, assets=assets.get(zone.id, 0),
            suggested=policy.draft, confidence=zone.confidence, reasons=suggested.get(zone.id, nothing).reasons, trust=zone.trust,
            sl_t=zone.sl_t, parent=zone.parent, depends_on=zone.depends_on, rules=rules.get(zone.id, ()),
            proposed=suggested.get(zone.id, nothing).proposed,
        )
        for zone in policy.zones.values() if assets.get(zone.id) or not policy.is_built_in(zone.id)
    )  # fmt: skip


def names(zone: Zone) -> dict[str, str]:
    """The zone's name as the site gives it, else that of its kind, in every language."""
    kind = KINDS[zone.kind]
    return {"en": kind.en, "fr": kind.fr} if zone.name in {"", kind.fr} else {"en": zone.name, "fr": zone.name}


def conduit_rows(policy: Policy) -> tuple[ConduitRow, ...]:
    """Every conduit of the site file, in its order."""
    return tuple(map(_conduit_row, policy.conduits.values()))


def _conduit_row(conduit: Conduit) -> ConduitRow:
    return ConduitRow(
        id=conduit.id, sources=conduit.sources, targets=conduit.targets, protocols=tuple(map(_allowance_row, conduit.protocols)),
        hosts_from=tuple(map(str, conduit.hosts_from)), hosts_to=tuple(map(str, conduit.hosts_to)),
        write_hosts=tuple(map(str, conduit.write_hosts)), strongest_bacnet_priority=conduit.strongest_bacnet_priority or 0,
        unidirectional=conduit.unidirectional, window=conduit.window or "", purpose=conduit.purpose, owner=conduit.owner,
        ticket=conduit.ticket, expires="" if conduit.expires is None else conduit.expires.isoformat(),
    )  # fmt: skip


def _allowance_row(line: Allowance) -> AllowanceRow:
    ops = tuple(sorted(allowed_ops(line)))
    return AllowanceRow(line.proto, line.transport or "", spans_text(line.ports or ()), ops, line.tls, line.version or "")


def spans_text(spans: Spans) -> str:
    """ "1-40,60"."""
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in spans)
