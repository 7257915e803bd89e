"""The rows of a record, arranged for the analyses of domain/zones.md 11."""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from otwatch.config.words import CRITICALITIES
from otwatch.results import AssetRow, LinkRow, Results, ZoneRow

EXPOSED_TRUSTS = frozenset({"external", "untrusted"})
EXPOSED_KINDS = frozenset({"office_it", "remote_maintenance"})
"""Where somebody who should not be there stands first (zones.md 11.3)."""
VITAL = CRITICALITIES.index("C3")


class Flow(NamedTuple):
    """A conversation between two things, the initiator first; what goes to everybody is none."""

    client: str
    server: str
    link: LinkRow

    @property
    def is_crossing(self) -> bool:
        return self.link.client_zone != self.link.server_zone


class Scene:
    """Assets, zones and flows by their names."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.assets: dict[str, AssetRow] = {row.key: row for row in results.assets if row.kind != "group"}
        self.zones: dict[str, ZoneRow] = {row.id: row for row in results.zones}
        self.conduits = results.conduits
        self.conduit_ids = frozenset(row.id for row in results.conduits)

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """Every conversation that connected, in the order of the record."""
        return tuple(flow for flow in self.tried if flow.link.state == "established")

    @cached_property
    def tried(self) -> tuple[Flow, ...]:
        """Attempts and refusals too."""
        ends = self.assets.keys()
        rows = (row for row in self.results.links if {row.client, row.server} <= ends and row.client != row.server)
        return tuple(Flow(row.client, row.server, row) for row in rows)

    @cached_property
    def exposed(self) -> frozenset[str]:
        """Assets where an intruder stands first."""
        return frozenset(key for key, row in self.assets.items() if self._is_exposed(row.zone))

    @cached_property
    def vital(self) -> frozenset[str]:
        """Assets without which care suffers within hours (C3, C4), and that are not exposed themselves."""
        weights = {row.key: criticality(row.criticality) for row in self.assets.values()}
        return frozenset(key for key, weight in weights.items() if weight >= VITAL) - self.exposed

    def is_classified(self, zone_id: str) -> bool:
        """Whether the zone's level means something: a suggested zone of no kind stands at level 2 for want of a better one."""
        zone = self.zones.get(zone_id)
        return zone is not None and not (zone.suggested and zone.kind == "unknown")

    def _is_exposed(self, zone_id: str) -> bool:
        zone = self.zones.get(zone_id)
        return zone is not None and (zone.trust in EXPOSED_TRUSTS or zone.kind in EXPOSED_KINDS)

    @property
    def days(self) -> int:
        """How many days the record spans."""
        times = [(row.first_ns, row.last_ns) for row in self.results.captures if row.frames]
        return (max(last for _, last in times) - min(first for first, _ in times)) // 86_400_000_000_000 + 1 if times else 0

    @property
    def covered(self) -> int:
        """Percent of that time in which something was captured."""
        frames = [row for row in self.results.captures if row.frames]
        span_s = sum(row.last_ns - row.first_ns for row in frames) / 1e9
        silent = self.results.notes.get("capture: silent seconds", 0)
        return round(100 * max(0.0, span_s - silent) / span_s) if span_s else 100 * bool(frames)

    def of_zone(self, zone_id: str) -> Iterator[AssetRow]:
        return (row for row in self.assets.values() if row.zone == zone_id)


def criticality(word: str) -> int:
    """0 (C0) to 4 (C4); what nobody knows counts as C2."""
    return CRITICALITIES.index(word) if word in CRITICALITIES else CRITICALITIES.index("C2")
