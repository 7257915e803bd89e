"""A small hospital as rows, for the analyses."""

from otwatch.conclusions import Conclusion
from otwatch.results import AllowanceRow, CaptureRow, ConduitRow, LinkRow, Results, ZoneRow
from otwatch.zones.analyses.scene import Scene
from tests.outputs.samples import BEGIN_NS, asset, link

MINUTE, DAY = 60_000_000_000, 86_400_000_000_000
KINDS = {
    "office": ("office_it", 4.0, "C1", "internal"),
    "net": ("internet", 4.0, "C0", "external"),
    "remote": ("remote_maintenance", 3.5, "C2", "partner"),
    "sup": ("supervision", 3.0, "C3", "internal"),
    "eng": ("engineering", 3.0, "C3", "internal"),
    "ntp": ("time_ntp", 3.0, "C3", "internal"),
    "air": ("hvac_critical", 1.0, "C4", "internal"),
    "light": ("lighting", 1.0, "C1", "internal"),
}
"""Zone -> kind, level, criticality, trust."""


def flow(way: str, minute: int = 0, **more: object) -> LinkRow:
    """ "office.1 > sup.2": an asset is its zone and a number."""
    client, _, server = way.partition(" > ")
    zones = (client.partition(".")[0], server.partition(".")[0])
    begins = BEGIN_NS + minute * MINUTE
    facts: dict[str, object] = {"writes": 0, "verbs": {"READ": 1}, "rule": "", "first_ns": begins, "last_ns": begins + MINUTE}
    return link(client, server, *zones, **(facts | more))


def conduit(name: str, source: str, target: str, *ops: str, **more: object) -> ConduitRow:
    lines = (AllowanceRow("modbus", "", "", ops, "optional", ""),)
    plain = ConduitRow(name, (source,), (target,), lines, (), (), (), 0, False, "", "", "", "", "")
    return plain._replace(**more)  # type: ignore[arg-type]  # the fields are the caller's


def scene(*flows: LinkRow, conduits: tuple[ConduitRow, ...] = (), days: int = 1, needs: dict[str, tuple[str, ...]] | None = None) -> Scene:
    ends = sorted({end for one in flows for end in (one.client, one.server)})
    assets = tuple(asset(end, end, end.partition(".")[0], criticality=KINDS[end.partition(".")[0]][2]) for end in ends)
    zones = tuple(
        ZoneRow(name, {"en": name}, kind, level, worth, sum(one.zone == name for one in assets), False, 1.0, (), trust,
                depends_on=(needs or {}).get(name, ()))
        for name, (kind, level, worth, trust) in KINDS.items()
    )  # fmt: skip
    capture = CaptureRow("a.pcap", "pcap", (1,), 1, 1, BEGIN_NS, BEGIN_NS + (days - 1) * DAY, "")
    return Scene(Results("x", (capture,), (), assets, (), flows, zones, (), {}, conduits=conduits))


def tagged(made: Scene, vlan: int) -> Scene:
    """The same with all assets in one VLAN."""
    return Scene(made.results._replace(assets=tuple(row._replace(vlan=vlan) for row in made.results.assets)))


def keys(found: list[Conclusion]) -> list[str]:
    return [one.key for one in found]
