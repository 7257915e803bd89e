"""What was seen, as graphs of assets, of zones and of what they need (domain/zones.md 10). Rebuilt from rows whenever asked.

networkx costs 0.2 s to import, so it is imported where a graph is made.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import blake2s
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from otwatch.config.words import PROTOCOLS
from otwatch.results import AssetRow, AttributeRow, LinkRow, Results, ZoneRow
from otwatch.zones.analyses.levels import levels
from otwatch.zones.analyses.scene import Scene
from otwatch.zones.compare import Judged
from otwatch.zones.graphs.edges import begun, count, worse

if TYPE_CHECKING:
    from networkx import DiGraph, MultiDiGraph

BEHIND = "rel:behind"
"""Key of the edge from a thing to the gateway it stands behind; analyses of flows leave `rel:` edges aside."""
NEEDED = {"ntp": "time", "ptp": "time", "dns": "names"}
"""Protocols whose client depends on whoever answers."""
OPEN = frozenset({"new", "seen", "confirmed"})
"""Findings that nobody has settled."""
EXPOSED = {"internet": {"internet", "third_party"}, "office": {"office_it", "wifi_guest"}, "remote": {"remote_maintenance"}}
"""From where somebody reaches in, by kinds of zones (zones.md 10.1)."""
REACH = 3
REL_TIME = "rel:time"
"""Key of the edge from a client to its time source."""
REL_BBMD = "rel:bbmd"
"""Key of the edge from a BACnet device to the BBMD that passes its broadcasts on."""
_TRUSTED = {"declared": 1.0, "self": 0.9, "other": 0.6, "mac": 0.4, "port": 0.2}
"""How far an attribute tells what a thing is, by who said it."""
_IDENTITY = frozenset({"vendor", "product", "model", "product_code", "firmware", "serial", "name"})
_NAMES = frozenset({"name", "host", "title", "project"})


def stable_ids(assets: Iterable[AssetRow]) -> dict[str, str]:
    """Asset key -> node id: 16 hex digits that are the same in the next run, so that two exports can be compared.

    Hash of the strongest identity: maker and serial, else MAC, else the key. An identity that two assets share names neither.
    Public addresses share the node of their /24 (IPv6: /48).
    """
    rows = tuple(assets)
    names = {row.key: _strongest(row) for row in rows}
    shared = Counter(name for row in rows if row.kind != "external" for name in (names[row.key],))
    return {row.key: _digest(names[row.key] if shared[names[row.key]] < 2 else f"key {row.key}") for row in rows}


def _strongest(row: AssetRow) -> str:
    if row.kind == "external":
        return _outside_group(row)
    if row.vendor and row.serial:
        return f"serial {row.vendor} {row.serial}"
    if len(row.macs) == 1 and not row.parent:
        return f"mac {row.macs[0]}"
    return f"key {row.key}"


def _outside_group(row: AssetRow) -> str:
    try:
        address = ip_address(row.address or row.key)
    except ValueError:
        return f"key {row.key}"
    return f"external {ip_network((address, 24 if address.version == 4 else 48), strict=False)}"


def _digest(identity: str) -> str:
    return blake2s(identity.encode(), digest_size=8).hexdigest()


def asset_graph(assets: Iterable[AssetRow], links: Iterable[LinkRow]) -> "MultiDiGraph[str]":
    """Nodes are assets, edges what the initiator does with its target, keyed "protocol/port"; `rel:` edges beside them."""
    from networkx import MultiDiGraph

    rows = tuple(assets)
    ids = stable_ids(rows)
    graph: MultiDiGraph[str] = MultiDiGraph()
    for row in rows:
        if ids[row.key] not in graph:
            graph.add_node(ids[row.key], **_node(row))
        graph.nodes[ids[row.key]]["members"].append(row.key)
    for row in rows:
        if row.parent in ids:
            graph.add_edge(ids[row.key], ids[row.parent], key=BEHIND)
    for link in links:
        _add_link(graph, ids, link)
        if NEEDED.get(link.protocol) == "time" and link.state == "established":
            graph.add_edge(_end(graph, ids, link.client), _end(graph, ids, link.server), key=REL_TIME)
        for bbmd in link.via:
            graph.add_edge(_end(graph, ids, link.client), _end(graph, ids, bbmd), key=REL_BBMD)
    return graph


def assets_of(found: Results) -> "MultiDiGraph[str]":
    """The graph of all assets of a record, with what is known of each beside its row: level, open findings, and who reaches it.

    score   the severities of its open findings, added up (0 info .. 4 critical each)
    """
    graph = asset_graph(found.assets, found.links)
    zones = {zone.id: zone for zone in found.zones}
    opened = [alert for alert in found.alerts if alert.status in OPEN]
    alerts, scores = Counter(alert.server for alert in opened), Counter[str]()
    for alert in opened:
        scores[alert.server] += alert.severity
    exposed, said = _exposure(graph, zones), _attributes(found)
    for node, facts in graph.nodes(data=True):
        zone = zones.get(facts.get("zone", ""))
        members = facts["members"]
        facts.update(
            level=zone.level if zone is not None else 2.0, alerts_open=sum(alerts[key] for key in members),
            score=sum(scores[key] for key in members), exposure=exposed.get(node, []), **_told(members, said),
        )  # fmt: skip
    _secure(graph, found)
    return graph


def _attributes(found: Results) -> dict[str, list[AttributeRow]]:
    said: dict[str, list[AttributeRow]] = {}
    for row in found.attributes:
        said.setdefault(row.asset, []).append(row)
    return said


def _told(members: Iterable[str], said: Mapping[str, list[AttributeRow]]) -> dict[str, Any]:
    """Names with when each was heard first and last, and how sure it is what the thing is."""
    rows = [row for key in members for row in said.get(key, ())]
    names = [(row.value, row.first_ns, row.last_ns) for row in rows if row.name in _NAMES]
    sure = (_TRUSTED.get(row.confidence, 0.0) for row in rows if row.chosen and row.name in _IDENTITY)
    return {"names": names, "identity_conf": max(sure, default=0.0)}


def _secure(graph: "MultiDiGraph[str]", found: Results) -> None:
    """Of each edge which TLS its server speaks ("none" where it can be read), and the worst login seen on it."""
    versions = {row.asset: row.value for row in found.attributes if row.name == "dialect" and row.source.startswith("tls")}
    logins: dict[tuple[str, str], set[str]] = {}
    for alert in found.alerts:
        if alert.detection.startswith(("cred.", "clear.login")):
            logins.setdefault((alert.client, alert.server), set()).add("default" if alert.detection.startswith("cred.") else "clear")
    for one, other, key, edge in graph.edges(keys=True, data=True):
        if key.startswith("rel:"):
            continue
        ends = [(client, server) for client in graph.nodes[one]["members"] for server in graph.nodes[other]["members"]]
        spoken = PROTOCOLS.get(edge["proto"])
        met = {login for end in ends for login in logins.get(end, ())}
        version = next((versions[server] for _, server in ends if server in versions), "")
        edge["tls"] = "none" if spoken is not None and spoken.clear else version
        edge["auth"] = next((login for login in ("default", "clear") if login in met), "")


def _exposure(graph: "MultiDiGraph[str]", zones: Mapping[str, ZoneRow]) -> dict[str, list[str]]:
    """Node -> from where it is reached within REACH hops over conversations that connected: "internet", "office", "remote"."""
    from networkx import DiGraph, multi_source_dijkstra_path_length

    ways: DiGraph[str] = DiGraph()
    ways.add_nodes_from(graph)
    edges = graph.edges(keys=True, data=True)
    ways.add_edges_from((one, other) for one, other, key, facts in edges if not key.startswith("rel:") and facts["state"] == "established")
    found: dict[str, list[str]] = {}
    for name, kinds in EXPOSED.items():
        sources = {node for node, facts in graph.nodes(data=True) if (zone := zones.get(facts.get("zone", ""))) and zone.kind in kinds}
        for node in sorted(multi_source_dijkstra_path_length(ways, sources, cutoff=REACH)) if sources else ():
            if node not in sources:
                found.setdefault(node, []).append(name)
    return found


def _node(row: AssetRow) -> dict[str, Any]:
    label = _outside_group(row).removeprefix("external ") if row.kind == "external" else row.label or row.key
    kept = {name: value for name, value in row._asdict().items() if name not in {"key", "label", "frame", "parent", "services", "roles"}}
    services = {port: name for port, _, name in (service.partition(" ") for service in row.services)}
    return {"id": row.key, "label": label, "members": [], "days_seen": row.days, "services": services, "roles": dict(row.roles), **kept}


def _add_link(graph: "MultiDiGraph[str]", ids: Mapping[str, str], link: LinkRow) -> None:
    client, server = (_end(graph, ids, key) for key in (link.client, link.server))
    name = f"{link.protocol or link.transport}/{link.port}"
    if not graph.has_edge(client, server, key=name):
        graph.add_edge(client, server, key=name, **begun(link))
    count(graph.edges[client, server, name], link)


def _end(graph: "MultiDiGraph[str]", ids: Mapping[str, str], key: str) -> str:
    """The node of an asset; where its row was evicted or never made, a bare one, so that the link is shown all the same."""
    node = ids.get(key) or _digest(f"key {key}")
    if node not in graph:
        graph.add_node(node, id=key, label=key, kind="unknown", members=[key])
    return node


def zone_graph(found: Results) -> "DiGraph[str]":
    """One node a zone, one edge an ordered pair of zones that a conduit declares or a conversation was seen between."""
    from networkx import DiGraph

    graph: DiGraph[str] = DiGraph()
    severities: dict[str, Counter[int]] = {}
    for alert in found.alerts:
        severities.setdefault(alert.server_zone, Counter())[alert.severity] += 1
    reached = _levels(found)
    for zone in found.zones:
        counted = dict(sorted(severities.get(zone.id, {}).items()))
        graph.add_node(zone.id, **zone._asdict(), alerts_by_severity=counted, **reached.get(zone.id, {"sl_a": {}, "gap": {}}))
    for conduit in found.conduits:
        for source in conduit.sources:
            for target in conduit.targets:
                _pair(graph, source, target)["declared"].append(conduit.id)
    groups = {row.key for row in found.assets if row.kind == "group"}
    for link in found.links:
        if link.client_zone != link.server_zone and not (link.server in groups and link.verdict == Judged.NOT_JUDGED):
            _observe(_pair(graph, link.client_zone, link.server_zone), link)
    for _, _, edge in graph.edges(data=True):
        edge["unused"] = not edge["observed"]
    return graph


def _levels(found: Results) -> dict[str, dict[str, Any]]:
    """Of each zone the level it has reached at most, by requirement (None: NA), and what is missing to its target."""
    marks: dict[str, dict[str, Any]] = {}
    for mark in levels(Scene(found)):
        of_zone = marks.setdefault(mark.zone, {"sl_a": {}, "gap": {}})
        of_zone["sl_a"][mark.requirement], of_zone["gap"][mark.requirement] = mark.reached, mark.gap
    return marks


def dependency_graph(found: Results) -> "DiGraph[str]":
    """Zones and what they need: declared (`depends_on`, the zone around a field bus), and seen: who gives them the time and names."""
    from networkx import DiGraph

    graph: DiGraph[str] = DiGraph()
    for zone in found.zones:
        graph.add_node(zone.id, **zone._asdict())
    for zone in found.zones:
        for other in (*zone.depends_on, *filter(None, (zone.parent,))):
            graph.add_edge(zone.id, other, why="declared")
    for link in found.links:
        needed, pair = NEEDED.get(link.protocol), (link.client_zone, link.server_zone)
        if needed and link.state == "established" and pair[0] != pair[1] and set(pair) <= set(graph) and not graph.has_edge(*pair):
            graph.add_edge(*pair, why=needed)
    return graph


def _pair(graph: "DiGraph[str]", source: str, target: str) -> dict[str, Any]:
    if not graph.has_edge(source, target):
        graph.add_edge(source, target, declared=[], observed={}, verdict=Judged.NOT_JUDGED.value, writes=0)
    return graph.edges[source, target]


def _observe(edge: dict[str, Any], link: LinkRow) -> None:
    counts = edge["observed"].setdefault(link.protocol or link.transport, {})
    for verb, times in (link.verbs or {"SESSION": 1}).items():
        counts[verb] = counts.get(verb, 0) + times
    edge["writes"] += link.writes
    if worse(link.verdict, edge["verdict"]):
        edge["verdict"] = link.verdict
