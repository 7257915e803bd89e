"""Hosts by which one zone reaches another: levels skipped (11.1), sessions that are carried on, and transit (11.2)."""

from collections.abc import Iterator

from otwatch.conclusions import Conclusion, conclusion
from otwatch.inventory.links import EPOCH_HOURS, HOUR_NS, WEEK_HOURS
from otwatch.results import LinkRow
from otwatch.zones.analyses.scene import Flow, Scene
from otwatch.zones.graphs.graph import NEEDED

BOUNDARIES = (3.0, 3.5, 4.0)
"""B3, B2, B1 of zones.md 11.1: a flow crosses one where one side is below it and the other at it or above."""
INTERACTIVE = frozenset({"rdp", "vnc", "ssh", "telnet", "fox", "foxs", "winrm", "winrm-tls", "teamviewer", "anydesk"})
"""Sessions in which a person works on another machine."""
SESSIONS = INTERACTIVE | {"smb"}
WEB = frozenset({"http", "https", "tls"})
WEB_BYTES = 50_000
"""Bytes from the client from which a web session may carry commands."""
LATER_NS = 300_000_000_000
"""How long after a session its host may begin what was asked in it."""
ENOUGH = 3
SHOWN = 10
WORK, FEWEST = 1_000_000, 10
"""Nodes and edges that are walked to find who stands between most others; in a large network from a sample of hosts, always the same."""


def skips(scene: Scene) -> Iterator[Conclusion]:
    """Flows that cross two boundaries or more, and that no conduit declares; one for two zones."""
    groups: dict[tuple[str, str], list[Flow]] = {}
    for flow in scene.flows:
        known = all(scene.is_classified(zone) for zone in (flow.link.client_zone, flow.link.server_zone))
        if flow.is_crossing and known and flow.link.verdict not in {"allowed", "intra"} and _depth(scene, flow) >= 2:
            groups.setdefault((flow.link.client_zone, flow.link.server_zone), []).append(flow)
    for pair in sorted(groups, key=lambda pair: (-_depth(scene, groups[pair][0]), pair)):
        flows = groups[pair]
        writes = sum(flow.link.writes for flow in flows)
        first = max(flows, key=lambda flow: (flow.link.writes, -flow.link.first_ns))
        yield conclusion(
            "skips", "skip", (first.link.frame,), zone_from=pair[0], zone_to=pair[1], asset_example=(first.client, first.server),
            flows=len(flows), depth=_depth(scene, first), writes=writes,
        )  # fmt: skip


def _depth(scene: Scene, flow: Flow) -> int:
    zones = (scene.zones.get(flow.link.client_zone), scene.zones.get(flow.link.server_zone))
    low, high = sorted(2.0 if zone is None else zone.level for zone in zones)
    return sum(low < boundary <= high for boundary in BOUNDARIES)


def chains(scene: Scene) -> Iterator[Conclusion]:
    """A session from X on H, and during it or right after something that H begins with Y in a third zone."""
    into: dict[str, list[Flow]] = {}
    for flow in scene.flows:
        if flow.is_crossing and _is_session(flow):
            into.setdefault(flow.server, []).append(flow)
    found: list[tuple[int, Flow, Flow]] = []
    for flow in scene.flows:
        for session in into.get(flow.client, ()) if flow.is_crossing else ():
            score = _score(session, flow)
            if score >= ENOUGH and flow.server != session.client and flow.link.server_zone != session.link.client_zone:
                found.append((score, session, flow))
    for score, session, flow in sorted(found, key=lambda one: (-one[0], one[1].link.first_ns, one[2].link.frame))[:SHOWN]:
        declared = session.link.verdict == flow.link.verdict == "allowed"
        spoken = flow.link.protocol or f"{flow.link.transport}/{flow.link.port}"
        yield conclusion(
            "chains", "chain_declared" if declared else "chain", (session.link.frame, flow.link.frame), asset_from=session.client,
            asset_via=flow.client, asset_to=flow.server, zone_from=session.link.client_zone, zone_to=flow.link.server_zone,
            session=session.link.protocol, protocol=spoken, writes=flow.link.writes,
            score=score,
        )  # fmt: skip


def _is_session(flow: Flow) -> bool:
    return flow.link.protocol in SESSIONS or (flow.link.protocol in WEB and flow.link.bytes_sent > WEB_BYTES)


def _score(session: Flow, flow: Flow) -> int:
    """zones.md 11.2, as far as rows tell: what began in the session is new in this record, and volumes in time are not kept."""
    begins = flow.link.first_ns
    if not session.link.first_ns <= begins <= session.link.last_ns + LATER_NS or not _at_work(session.link, begins):
        return 0
    return (2 if begins <= session.link.last_ns else 1) + 2 * (flow.link.writes > 0) + 1


def _at_work(session: LinkRow, time_ns: int) -> bool:
    """Whether the session was heard in that hour of the week, or shortly before: between its first and last day it was not always open."""
    hours = int(session.hours or "0", 16)
    bits = {(at // HOUR_NS + EPOCH_HOURS) % WEEK_HOURS for at in (time_ns, time_ns - LATER_NS)}
    return not hours or any(hours >> bit & 1 for bit in bits)


def transit(scene: Scene) -> Iterator[Conclusion]:
    """Hosts that are reached from one zone and reach another, those on most shortest ways first."""
    from math import log2

    from networkx import DiGraph, betweenness_centrality

    into, out = _zones_of(scene, "server", "client_zone"), _zones_of(scene, "client", "server_zone")
    hosts = [host for host in into if host in out and len(into[host] | out[host]) >= 2]
    if not hosts:
        return
    graph: DiGraph[str] = DiGraph()
    for flow in scene.flows:
        before = graph.get_edge_data(flow.client, flow.server, {"flows": 0})["flows"]
        graph.add_edge(flow.client, flow.server, flows=before + 1, weight=1 / log2(3 + before))
    samples = max(FEWEST, WORK // (len(graph) + graph.number_of_edges()))
    between = betweenness_centrality(graph, k=min(len(graph), samples), weight="weight", seed=0)
    for host in sorted(hosts, key=lambda host: (-between[host], host))[:SHOWN]:
        yield conclusion("transit", "transit", asset_host=host, zone_from=tuple(sorted(into[host])), zone_to=tuple(sorted(out[host])))


def _zones_of(scene: Scene, end: str, zone: str) -> dict[str, set[str]]:
    met: dict[str, set[str]] = {}
    for flow in scene.flows:
        if flow.is_crossing and flow.link.protocol not in NEEDED:
            met.setdefault(getattr(flow, end), set()).add(getattr(flow.link, zone))
    return met
