"""From where somebody may stand to what care cannot do without (domain/zones.md 11.3).

Possible: over conversations that were seen, whenever. Seen: each hop at work after the one before it and within a day (`ways`). A path that
was seen is evidence; one that is only possible is exposure.
"""

from collections.abc import Iterator
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from otwatch.conclusions import Conclusion, conclusion
from otwatch.results import LinkRow
from otwatch.zones.analyses.scene import Flow, Scene, criticality
from otwatch.zones.analyses.ways import HOPS, begun_by, seen_ways

if TYPE_CHECKING:
    from networkx import DiGraph

CHEAPEST = 0.25
SHOWN = 12
"""Pairs of zones that are told; the worst first."""
WAYS, TRIED = 5, 20
"""Ways to one asset that are told, and that are looked at for them: many are longer than HOPS."""
_ALL, _NEED = "every exposed asset", "every vital asset"
"""Beginning and end of all ways: no ids of zones, which hold no blanks."""

_Found = tuple[float, tuple[str, ...]]


def paths(scene: Scene) -> Iterator[Conclusion]:
    """For each exposed and each vital zone a way between them, other ways to the same asset, and where the fewest flows would cut all."""
    graph, out = _possible(scene), begun_by(scene.flows)
    if not scene.exposed & set(graph) or not scene.vital:
        return
    best: dict[tuple[str, str], list[_Found]] = {}
    for target, cost, path in _easiest(graph, scene):
        pair = (scene.assets[path[0]].zone, scene.assets[target].zone)
        best.setdefault(pair, []).append((cost, path))
    worst = {pair: max(criticality(scene.assets[path[-1]].criticality) for _, path in found) for pair, found in best.items()}
    for pair in sorted(best, key=lambda pair: (-worst[pair], min(best[pair])))[:SHOWN]:
        yield from _between(scene, graph, out, pair, sorted(best[pair]))
    yield from _cut(scene)


def _between(
    scene: Scene, graph: "DiGraph[str]", out: dict[str, list[Flow]], pair: tuple[str, str], found: list[_Found]
) -> Iterator[Conclusion]:
    """What was seen in order is told first; else the easiest of what is possible."""
    cost, path = found[0]
    sources = [key for key in scene.exposed if scene.assets[key].zone == pair[0]]
    seen = seen_ways(out, sources, {target for _, (*_, target) in found})
    links = [graph.edges[one, other]["link"] for one, other in pairwise(path)]
    is_direct = len(links) == 1 and links[0].state == "established"
    way = () if is_direct else min(seen.values(), key=lambda way: (len(way), [flow.link.frame for flow in way]), default=())
    if way:
        path = (way[0].client, *(flow.server for flow in way))
        links = [flow.link for flow in way]
        cost = sum(graph.edges[one, other]["cost"] for one, other in pairwise(path))
    yield _told(scene, pair, path, links, cost, targets=len(found), seen=bool(way))
    yield from _others(scene, graph, pair, path)


def _others(scene: Scene, graph: "DiGraph[str]", pair: tuple[str, str], told: tuple[str, ...]) -> Iterator[Conclusion]:
    """Further ways to the same asset, the easiest first: closing one of them closes nothing."""
    from networkx import DiGraph, shortest_simple_paths

    wider: DiGraph[str] = DiGraph(graph)
    doors = sorted(scene.exposed & set(graph))  # of ways that cost the same the first is found first
    wider.add_edges_from((_ALL, key, {"cost": 0.0}) for key in doors if scene.assets[key].zone == pair[0])
    ways = [tuple(way[1:]) for way in islice(shortest_simple_paths(wider, _ALL, told[-1], weight="cost"), TRIED)]
    short = [way for way in ways if len(way) <= HOPS + 1 and not scene.exposed & set(way[1:])][:WAYS]
    others = [way for way in short if way != told]
    if others:
        yield conclusion(
            "paths", "ways", zone_from=pair[0], asset_target=told[-1], ways=" / ".join(" -> ".join(way) for way in others),
            asset_doors=tuple(dict.fromkeys(way[-2] for way in others)), number=len(others),
        )  # fmt: skip


def _possible(scene: Scene) -> "DiGraph[str]":
    """Edges cost less where they write, more where they were only tried; of several conversations the cheapest counts."""
    from networkx import DiGraph

    graph: DiGraph[str] = DiGraph()
    clear = {(alert.client, alert.server) for alert in scene.results.alerts if alert.detection.startswith("cred.")}
    for flow in scene.tried:
        cost = 1.0 + 2 * (flow.link.state != "established") - 0.5 * (flow.link.writes > 0) - 0.5 * ((flow.client, flow.server) in clear)
        cost = max(cost, CHEAPEST)
        if not graph.has_edge(flow.client, flow.server) or cost < graph.edges[flow.client, flow.server]["cost"]:
            graph.add_edge(flow.client, flow.server, cost=cost, link=flow.link)
    return graph


def _easiest(graph: "DiGraph[str]", scene: Scene) -> Iterator[tuple[str, float, tuple[str, ...]]]:
    """The cheapest path to each vital asset, in the order of their keys."""
    from networkx import multi_source_dijkstra

    sources = sorted(scene.exposed & set(graph))
    reached: Any = multi_source_dijkstra(graph, sources, weight="cost")
    costs, found = reached
    for target in sorted(scene.vital & found.keys()):
        if 1 < len(found[target]) <= HOPS + 1:
            yield target, round(costs[target], 2), tuple(found[target])


def _told(
    scene: Scene, pair: tuple[str, str], path: tuple[str, ...], links: list[LinkRow], cost: float, *, targets: int, seen: bool
) -> Conclusion:
    weakest = max(links, key=lambda link: (link.writes, link.bytes_sent + link.bytes_received, link.frame))
    key = "path_seen" if seen else "path_possible"
    spoken = ", ".join(dict.fromkeys(link.protocol or f"{link.transport}/{link.port}" for link in links))
    return conclusion(
        "paths", key if len(path) > 2 else "direct_tried" if links[0].state != "established" else "direct",
        tuple(link.frame for link in links), zone_from=pair[0], zone_to=pair[1], asset_path=path, targets=targets,
        criticality=scene.assets[path[-1]].criticality, protocols=spoken, writes=sum(link.writes for link in links), cost=f"{cost:g}",
        asset_weakest=(weakest.client, weakest.server),
    )  # fmt: skip


def _cut(scene: Scene) -> Iterator[Conclusion]:
    """The fewest pairs of zones whose flows, once closed, leave no way from exposed to vital zones."""
    from networkx import DiGraph, minimum_cut

    sources = {scene.assets[key].zone for key in scene.exposed}
    targets = {scene.assets[key].zone for key in scene.vital} - sources
    graph: DiGraph[str] = DiGraph()
    for flow in scene.flows:
        if flow.is_crossing:
            graph.add_edge(flow.link.client_zone, flow.link.server_zone, capacity=1)
    graph.add_edges_from([(_ALL, zone) for zone in sorted(sources)] + [(zone, _NEED) for zone in sorted(targets)])
    graph.add_nodes_from([_ALL, _NEED])
    closed, (near, far) = minimum_cut(graph, _ALL, _NEED)
    pairs = sorted((one, other) for one, other in graph.edges() if one in near and other in far)
    if closed and pairs:
        conduits = _conduits(scene, set(pairs))
        zones = ", ".join(f"{one or '-'} -> {other or '-'}" for one, other in pairs)
        key = "cut_conduits" if conduits else "cut"
        yield conclusion("paths", key, zones=zones, number=len(pairs), conduits=", ".join(conduits))


def _conduits(scene: Scene, pairs: set[tuple[str, str]]) -> list[str]:
    """Conduits that let flows between these zones through."""
    flows = (flow.link for flow in scene.flows if (flow.link.client_zone, flow.link.server_zone) in pairs)
    return sorted({link.rule for link in flows if link.verdict == "allowed" and link.rule})
