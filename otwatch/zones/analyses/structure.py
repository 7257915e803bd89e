"""How the network holds together, and how far one host reaches (domain/zones.md 11.4, 11.5)."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from otwatch.conclusions import Conclusion, conclusion
from otwatch.results import AssetRow
from otwatch.sightings import Frame
from otwatch.zones.analyses.scene import Flow, Scene, criticality
from otwatch.zones.graphs.graph import NEEDED, dependency_graph

if TYPE_CHECKING:
    from networkx import DiGraph, Graph

COHESION, MANY = 0.3, 5
"""A zone with more than MANY assets whose share of inner conversations is below COHESION is probably cut wrongly."""
REACH = 3
"""Hops over which an order can be passed on."""
OT_LEVEL = 3.0
MANY_ZONES = 3
LINKS_SHOWN = 2
"""Both ends of such a link are single points too, so the largest are enough."""
CENTRAL = frozenset({
    "supervision", "historian", "engineering", "time_ntp", "ot_services", "ot_backbone", "dmz_itot", "remote_maintenance", "internet",
    "third_party", "office_it", "hospital_is", "wifi_guest", "unknown",
})  # fmt: skip
"""Kinds of zones whose hosts talk with many others, or of which nothing is known."""
SHOWN, LOOKED_AT = 5, 50


def structure(scene: Scene) -> Iterator[Conclusion]:
    yield from _shared_domains(scene)
    yield from _single_points(scene)
    yield from _single_links(scene)
    yield from _many_zones(scene)
    yield from _islands(scene)
    yield from _cohesion(scene)


def _shared_domains(scene: Scene) -> Iterator[Conclusion]:
    """VLANs with assets of several zones, told once each (zones.md 9.3); those of an unclassified zone say nothing."""
    found: dict[int, list[AssetRow]] = {}
    for row in scene.assets.values():
        if row.vlan >= 0 and row.kind == "host" and scene.is_classified(row.zone):
            found.setdefault(row.vlan, []).append(row)
    for vlan, rows in sorted(found.items()):
        zones = sorted({row.zone for row in rows})
        if len(zones) > 1:
            first = [min((row for row in rows if row.zone == zone), key=lambda row: row.key) for zone in zones]
            members = tuple(row.key for row in first)
            frames = tuple(row.frame for row in first)
            yield conclusion("structure", "shared_domain", frames, vlan=vlan, zone_of=tuple(zones), asset_members=members, number=len(rows))


def _plant(scene: Scene) -> "Graph[str]":
    """The technical networks, undirected: assets of level 3 and below and what connects them; that all have one clock connects nobody."""
    from networkx import Graph

    graph: Graph[str] = Graph()
    inside = {key for key, row in scene.assets.items() if (zone := scene.zones.get(row.zone)) is None or zone.level <= OT_LEVEL}
    inside -= {key for key, row in scene.assets.items() if row.kind == "external"}
    for flow in scene.flows:
        if {flow.client, flow.server} <= inside and flow.link.protocol not in NEEDED:
            graph.add_edge(flow.client, flow.server)
    return graph


def _single_points(scene: Scene) -> Iterator[Conclusion]:
    """Hosts whose loss parts others from everybody else; of many, those with most neighbours are looked at."""
    from networkx import articulation_points, connected_components, node_connected_component

    graph = _plant(scene)
    found = []
    for host in sorted(articulation_points(graph), key=lambda host: (-graph.degree(host), host))[:LOOKED_AT]:
        rest = graph.subgraph(node_connected_component(graph, host) - {host})
        parts = sorted(connected_components(rest), key=lambda part: (-len(part), min(part)))
        parted = tuple(sorted(key for part in parts[1:] for key in part))
        if len(parted) > 1:
            found.append((len(parted), host, parted))
    for number, host, cut_off in sorted(found, key=lambda one: (-one[0], one[1]))[:SHOWN]:
        yield conclusion("structure", "single_point", asset_host=host, asset_parted=cut_off, number=number)


def _single_links(scene: Scene) -> Iterator[Conclusion]:
    """Pairs of assets whose exchange alone holds two parts together, the largest first; a single asset at the end of one is no part."""
    from networkx import bridges, connected_components, node_connected_component

    graph = _plant(scene)
    found = []
    links: list[tuple[str, str]] = sorted(map(tuple, bridges(graph)))  # type: ignore[arg-type]  # pairs
    for one, other in sorted(links, key=lambda ends: -min(graph.degree(ends[0]), graph.degree(ends[1])))[:LOOKED_AT]:
        if min(graph.degree(one), graph.degree(other)) > 1:
            rest = graph.subgraph(node_connected_component(graph, one)).copy()
            rest.remove_edge(one, other)
            smaller = min(connected_components(rest), key=lambda part: (len(part), min(part)))
            found.append((len(smaller), tuple(sorted((one, other))), tuple(sorted(smaller))))
    for number, ends, parted in sorted(found, key=lambda one: (-one[0], one[1]))[:LINKS_SHOWN]:
        yield conclusion("structure", "single_link", asset_example=ends, asset_parted=parted, number=number)


def _many_zones(scene: Scene) -> Iterator[Conclusion]:
    """Hosts with flows in three zones or more besides their own, of kinds that have no business there (zones.md 11.4)."""
    met: dict[str, set[str]] = {}
    for flow in scene.flows:
        if flow.is_crossing and flow.link.protocol not in NEEDED:
            met.setdefault(flow.client, set()).add(flow.link.server_zone)
            met.setdefault(flow.server, set()).add(flow.link.client_zone)
    odd = [key for key, zones in met.items() if len(zones) >= MANY_ZONES and _stays_at_home(scene, key)]
    for host in sorted(odd, key=lambda key: (-len(met[key]), key))[:SHOWN]:
        yield conclusion("structure", "many_zones", asset_host=host, zone_of=tuple(sorted(met[host])), zone_own=scene.assets[host].zone)


def _stays_at_home(scene: Scene, key: str) -> bool:
    zone = scene.zones.get(scene.assets[key].zone)
    return zone is not None and scene.is_classified(zone.id) and zone.kind not in CENTRAL


def _islands(scene: Scene) -> Iterator[Conclusion]:
    """Groups of assets that talk with each other and with nobody else."""
    from networkx import connected_components

    parts = sorted(connected_components(_plant(scene)), key=lambda part: (-len(part), min(part)))
    for part in parts[1 : SHOWN + 1]:
        zones = tuple(sorted({scene.assets[key].zone for key in part}))
        yield conclusion("structure", "island", asset_members=tuple(sorted(part)), zone_of=zones, number=len(part))


def _cohesion(scene: Scene) -> Iterator[Conclusion]:
    """Zones whose assets talk more outside than inside, the least coherent first; those of offices and the world do anyway."""
    touching: dict[str, list[Flow]] = {}
    for flow in scene.flows:
        for zone_id in {flow.link.client_zone, flow.link.server_zone}:
            touching.setdefault(zone_id, []).append(flow)
    found = []
    drawn = (zone for zone in scene.zones.values() if scene.is_classified(zone.id) and zone.level <= OT_LEVEL)
    for zone in (zone for zone in drawn if zone.assets > MANY and zone.id in touching):
        flows = touching[zone.id]
        outward = Counter(_own(flow, zone.id) for flow in flows if flow.is_crossing)
        inner = len(flows) - outward.total()
        if 0 < inner < COHESION * len(flows):
            most = tuple(sorted(outward, key=lambda key: (-outward[key], key))[:3])
            found.append((max(1, round(100 * inner / len(flows))), zone.id, most))
    for percent, zone_id, most in sorted(found)[:SHOWN]:
        yield conclusion("structure", "cohesion", zone_id=zone_id, percent=percent, asset_most=most)


def _own(flow: Flow, zone: str) -> str:
    """The side of a flow that is in the zone."""
    return flow.client if flow.link.client_zone == zone else flow.server


def reach(scene: Scene) -> Iterator[Conclusion]:
    """Which hosts' orders reach most, over conversations that change something, and what depends on what they reach."""
    from networkx import DiGraph, single_source_shortest_path_length

    graph: DiGraph[str] = DiGraph()
    frames: dict[str, Frame] = {}
    for flow in scene.flows:
        if flow.link.writes:
            graph.add_edge(flow.client, flow.server)
            frames.setdefault(flow.client, flow.link.frame)
    needing = _needing(scene)
    found = []
    for host in sorted(frames):
        hit = sorted(set(single_source_shortest_path_length(graph, host, cutoff=REACH)) - {host})
        zones = {scene.assets[key].zone for key in hit}
        dependent = sorted({other for zone in zones for other in needing.get(zone, ())} - zones)
        worst = max((criticality(scene.assets[key].criticality) for key in hit), default=0)
        found.append((worst, len(hit), host, tuple(hit), tuple(dependent)))
    for most, number, key, met, needy in sorted(found, key=lambda one: (-one[0], -one[1], one[2]))[:SHOWN]:
        yield conclusion(
            "reach", "reach_further" if needy else "reach", (frames[key],), asset_host=key, asset_hit=met, zone_dependent=needy,
            number=number, criticality=f"C{most}",
        )  # fmt: skip


def _needing(scene: Scene) -> dict[str, set[str]]:
    """Zone -> the zones that need it, near and far."""
    from networkx import ancestors

    graph: DiGraph[str] = dependency_graph(scene.results)
    return {zone: set(ancestors(graph, zone)) for zone in graph}
