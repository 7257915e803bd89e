"""Where assets stand: what the inventory knows of them, placed by the policy's rules."""

from collections import Counter
from math import log2
from typing import NamedTuple

from otwatch.alerts.model import ZoneView
from otwatch.config import Site
from otwatch.inventory import Inventory, Known
from otwatch.inventory.rows import Placed as PlacedRow
from otwatch.inventory.rows import asset_keys, days_seen
from otwatch.zones.matching.conditions import Identified
from otwatch.zones.matching.matcher import Decision, Matcher
from otwatch.zones.policy import Placed, Policy, Zone
from otwatch.zones.rows import names
from otwatch.zones.suggestion.cells import Host
from otwatch.zones.suggestion.suggest import Suggestion, draft, suggest

LIMIT = 131_072
"""Assets whose zone is remembered."""
ACCEPTED = 1.0
SURE = 0.69
"""The confidence that a zone of a draft can have at most: nobody has accepted it (zones.md 8.7)."""
UNKNOWN_CRITICALITY = "C2"


class Spot(NamedTuple):
    """An asset, the zone it is in and why; `placed` is the same for the policy, `view` for detections.

    since_ns   when it came there from another zone, 0 where it was there from the first
    """

    known: Known
    decision: Decision
    since_ns: int
    placed: Placed
    view: ZoneView

    @property
    def zone(self) -> Zone:
        return self.placed.zone


class Places:
    """Places assets, by a declared policy or by a draft; without either, nothing has a zone."""

    def __init__(self, inventory: Inventory, site: Site | None) -> None:
        self._inventory = inventory
        self.policy: Policy | None = None
        self._pins: tuple[str, ...] = ()
        self.suggestions: tuple[Suggestion, ...] = ()
        self._matcher: Matcher | None = None
        self._known: dict[str, Known] = {}
        self._spots: dict[str, Spot | None] = {}
        self._stays: dict[str, tuple[str, int]] = {}
        self._now_ns = 0
        if site is not None and site.zones:
            self._adopt(Policy(site))

    def suggest(self, site: Site) -> None:
        """Draft zones from what was seen, for a site that declares none."""
        self.suggestions = tuple(suggest(self._hosts(), self._talks(), self._inventory.macs.asked(), self._inventory.macs.gateways()))
        self._adopt(draft(self.suggestions, site.site))
        self.refresh()

    def refresh(self, now_ns: int = 0) -> None:
        """What was learnt since may change what is known of assets and where they stand. `now_ns` 0: no time has passed."""
        self._now_ns = now_ns or self._now_ns
        self._known.clear()
        self._spots.clear()

    def known(self, asset: str) -> Known:
        """What was known of an asset (by any of its keys) at its first question since `refresh`."""
        key = self._inventory.resolve(asset)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._inventory.knowledge.known(key)
        return known

    def spot(self, asset: str) -> Spot | None:
        """Where an asset (by any of its keys) is."""
        key = self._inventory.resolve(asset)
        if key not in self._spots:
            self._spots[key] = self._find(key)
        return self._spots[key]

    def placed(self, asset: str) -> Placed:
        """One side of a link, for the policy."""
        spot = self.spot(asset)
        if spot is None:
            raise LookupError("without a policy nothing is placed")
        return spot.placed

    def row(self, known: Known) -> PlacedRow:
        """The same for the rows of the record."""
        spot = self.spot(known.key)
        if spot is None:
            return PlacedRow("", "", UNKNOWN_CRITICALITY)
        found = spot.decision
        rule = f"{found.rule} ({found.rival}?)" if found.rival else found.rule
        return PlacedRow(spot.zone.id, rule, self.criticality(known.key), found.rank, spot.since_ns)

    def zone(self, asset: str) -> ZoneView | None:
        """The zone of an asset, as detections see it."""
        spot = self.spot(asset)
        return spot.view if spot is not None else None

    def sure_zone(self, asset: str) -> str:
        """The id of the zone that a person has put an asset in; "" where nobody has, or where nothing is known of it."""
        view = self.zone(asset)
        return view.id if view is not None and view.confidence >= ACCEPTED and view.kind != "unknown" else ""

    def criticality(self, asset: str) -> str:
        """The highest of what a person says of the asset, that of its zone, and what needs the zone (zones.md 3.2)."""
        spot = self.spot(asset)
        if spot is None:
            return UNKNOWN_CRITICALITY
        pinned = next((pin for pin in self._pins if pin in spot.decision.rule), "")
        said = self.policy.assets[pinned].criticality if self.policy is not None and pinned else None
        needed = self.policy.needed(spot.zone) if self.policy is not None else ""
        return max(said or "", spot.zone.criticality, needed)

    def _adopt(self, policy: Policy) -> None:
        self.policy = policy
        self._pins = tuple(pin for pin, asset in policy.assets.items() if asset.criticality)
        self._matcher = Matcher(policy.site)

    def _find(self, key: str) -> Spot | None:
        if self.policy is None or self._matcher is None:
            return None
        known = self.known(key)
        above = known.parent or known.same_host
        parent = self.spot(above) if above and above != key else None
        decision = self._matcher.place(_identified(known, parent.zone.id if parent else ""))
        zone = self.policy.zone(decision.zone)
        confidence = min(zone.confidence, SURE) if self.policy.draft else 1.0
        view = ZoneView(zone.id, names(zone), zone.kind, zone.trust, zone.level, zone.criticality, confidence)
        return Spot(known, decision, self._since(key, zone.id), Placed(key, known.ip, zone, confidence), view)

    def _since(self, key: str, zone: str) -> int:
        """Since when an asset is in its zone (zones.md 7, rule 4), 0 where it has not been seen in another."""
        before = self._stays.get(key)
        if before is None and len(self._stays) >= LIMIT:
            self._stays.clear()  # who comes next is there from the first again
        since_ns = 0 if before is None else before[1] if before[0] == zone else self._now_ns
        self._stays[key] = zone, since_ns
        return since_ns

    def notes(self) -> dict[str, int]:
        """Assets that rules of two zones claim alike, so that the order of the file decided (zones.md 7, rule 2)."""
        return {"config.ambiguous": sum(spot is not None and bool(spot.decision.rival) for spot in self._spots.values())}

    def _hosts(self) -> list[Host]:
        days = days_seen(self._inventory)
        return [self._host(self.known(key), max(1, days[key])) for key in asset_keys(self._inventory)]

    def _host(self, known: Known, days: int) -> Host:
        roles = {role.name: role.score for role in self._inventory.roles(known.key)}
        ip = known.ip if known.kind in {"host", "modbus-unit", "bacnet-device", "cip-node", "knx-device"} else ""
        return Host(known.key, ip, known.vlan, known.names, roles, days, known.bacnet_network)

    def _talks(self) -> dict[tuple[str, str], float]:
        """How much any two assets say to each other: the logarithm of their packets (zones.md 8.3)."""
        resolve = self._inventory.resolve
        packets: Counter[tuple[str, str]] = Counter()
        for link in self._inventory.links.all():
            packets[resolve(link.way.client), resolve(link.way.server)] += link.packets + link.messages
        return {pair: log2(1 + count) for pair, count in packets.items()}


def _identified(known: Known, parent_zone: str) -> Identified:
    return Identified(
        ip=known.ip, mac=known.mac, vlan=known.vlan, bacnet_network=known.bacnet_network, bacnet_mac=known.bacnet_mac,
        bacnet_instance=known.bacnet_instance, modbus_unit=known.unit, cip_path=known.cip_path, knx=known.knx, names=known.names,
        roles=known.roles, vendor=known.vendor, parent_zone=parent_zone,
    )  # fmt: skip
