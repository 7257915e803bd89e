"""From where somebody may stand to what care cannot do without (domain/zones.md 11.3).

Possible: over conversations that were seen, whenever. Seen: each hop begins after the one before it and within a day. A path that
was seen is evidence; one that is only possible is exposure.
"""

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from otwatch.conclusions import Conclusion, conclusion
from otwatch.results import LinkRow
from otwatch.zones.analyses.scene import Flow, Scene, criticality

if TYPE_CHECKING:
    from networkx import DiGraph

HOPS = 6
DAY_NS = 86_400_000_000_000
CHEAPEST = 0.25
SHOWN = 12
"""Pairs of zones that are told; the worst first."""
_ALL = "every exposed asset"


def paths(scene: Scene) -> Iterator[Conclusion]:
    """For each exposed and each vital zone the easiest path between them, and where the fewest flows would cut them all."""
    graph = _possible(scene)
    if not scene.exposed & set(graph) or not scene.vital:
        return
    seen = _arrivals(scene.flows, scene.exposed)
    best: dict[tuple[str, str], list[tuple[float, tuple[str, ...]]]] = {}
    for target, cost, path in _easiest(graph, scene):
        pair = (scene.assets[path[0]].zone, scene.assets[target].zone)
        best.setdefault(pair, []).append((cost, path))
    worst = {pair: max(criticality(scene.assets[path[-1]].criticality) for _, path in found) for pair, found in best.items()}
    for pair in sorted(best, key=lambda pair: (-worst[pair], min(best[pair])))[:SHOWN]:
        yield _told(scene, graph, pair, sorted(best[pair]), seen)
    yield from _cut(scene)


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
    scene: Scene, graph: "DiGraph[str]", pair: tuple[str, str], found: list[tuple[float, tuple[str, ...]]], seen: dict[str, int]
) -> Conclusion:
    cost, path = found[0]
    links: list[LinkRow] = [graph.edges[one, other]["link"] for one, other in pairwise(path)]
    weakest = max(links, key=lambda link: (link.writes, link.bytes_sent + link.bytes_received, link.frame))
    key = "path_seen" if path[-1] in seen and all(link.state == "established" for link in links) else "path_possible"
    spoken = ", ".join(dict.fromkeys(link.protocol or f"{link.transport}/{link.port}" for link in links))
    return conclusion(
        "paths", key if len(path) > 2 else "direct_tried" if links[0].state != "established" else "direct",
        tuple(link.frame for link in links), zone_from=pair[0], zone_to=pair[1], asset_path=path, targets=len(found),
        criticality=scene.assets[path[-1]].criticality, protocols=spoken, writes=sum(link.writes for link in links), cost=f"{cost:g}",
        asset_weakest=(weakest.client, weakest.server),
    )  # fmt: skip


def _arrivals(flows: tuple[Flow, ...], sources: frozenset[str]) -> dict[str, int]:
    """When each asset can have been reached first, each hop after the one before it and within a day of it."""
    out: dict[str, list[Flow]] = {}
    for flow in flows:
        out.setdefault(flow.client, []).append(flow)
    queue = [(flow.link.first_ns, flow.client) for source in sources for flow in out.get(source, ())]
    queue.sort()
    reached: dict[str, int] = {}
    while queue:
        time_ns, asset = heappop(queue)
        for flow in out.get(asset, ()):
            begins = max(time_ns, flow.link.first_ns)
            if begins <= flow.link.last_ns and begins - time_ns <= DAY_NS and begins < reached.get(flow.server, begins + 1):
                reached[flow.server] = begins
                heappush(queue, (begins, flow.server))
    return reached


def _cut(scene: Scene) -> Iterator[Conclusion]:
    """The fewest pairs of zones whose flows, once closed, leave no way from exposed to vital zones."""
    from networkx import DiGraph, minimum_cut

    sources = {scene.assets[key].zone for key in scene.exposed}
    targets = {scene.assets[key].zone for key in scene.vital} - sources
    graph: DiGraph[str] = DiGraph()
    for flow in scene.flows:
        if flow.is_crossing:
            graph.add_edge(flow.link.client_zone, flow.link.server_zone, capacity=1)
    graph.add_edges_from([(_ALL, zone) for zone in sorted(sources)] + [(zone, "") for zone in sorted(targets)])
    graph.add_nodes_from([_ALL, ""])
    closed, (near, far) = minimum_cut(graph, _ALL, "")
    pairs = sorted((one, other) for one, other in graph.edges() if one in near and other in far)
    if closed and pairs:
        yield conclusion("paths", "cut", zones=", ".join(f"{one} -> {other}" for one, other in pairs), number=len(pairs))
