"""Graphs of assets and zones from rows."""

from collections import Counter
from itertools import pairwise
from typing import Any

from otwatch.config.site import Site
from otwatch.results import AssetRow, AttributeRow, LinkRow, Results, ZoneRow
from otwatch.sightings import Frame
from otwatch.zones.graphs.forms import FORMS
from otwatch.zones.graphs.graph import BEHIND, REL_BBMD, asset_graph, assets_of, dependency_graph, stable_ids, zone_graph
from otwatch.zones.policy import Policy
from otwatch.zones.rows import conduit_rows, zone_rows
from tests.outputs.samples import alert

FRAME = Frame("test.pcap", 7)


def asset(key: str, zone: str = "", kind: str = "host", **more: Any) -> AssetRow:
    row = AssetRow(key, "", kind, "", key.partition("/")[0], (), -1, "", "", "", "", "", (), (), zone, "", "C2", 0, 0, 1, FRAME)
    return row._replace(**more)


def link(client: str, server: str, zones: tuple[str, str] = ("", ""), verdict: str = "allowed", **more: Any) -> LinkRow:
    row = LinkRow(
        client, server, "tcp", 502, "modbus", "syn", "established", *zones, verdict, "", (), 10, 100, 200, {"READ": 5}, 0, 0, 1, 2, FRAME
    )
    return row._replace(**more)


def test_ids_are_stable_and_of_the_strongest_identity() -> None:
    mac = asset("10.0.0.1", macs=("00:80:f4:00:00:01",))
    moved = mac._replace(key="10.0.0.2", address="10.0.0.2")
    serial = mac._replace(vendor="Schneider", serial="42")
    assert stable_ids([mac]) == {"10.0.0.1": stable_ids([moved])["10.0.0.2"]}
    assert stable_ids([serial])["10.0.0.1"] == stable_ids([serial._replace(macs=())])["10.0.0.1"] != stable_ids([mac])["10.0.0.1"]


def test_an_identity_that_two_share_names_neither() -> None:
    clones = [asset(ip, vendor="x", serial="0000") for ip in ("10.0.0.1", "10.0.0.2")]
    assert len(set(stable_ids(clones).values())) == 2


def test_asset_graph() -> None:
    rows = [asset("10.0.0.1"), asset("10.0.0.9"), asset("10.0.0.9/unit 5", kind="modbus-unit", parent="10.0.0.9")]
    graph = asset_graph(rows, [link("10.0.0.1", "10.0.0.9/unit 5"), link("10.0.0.1", "10.0.0.77")])
    ids = stable_ids(rows)
    edge = graph.edges[ids["10.0.0.1"], ids["10.0.0.9/unit 5"], "modbus/502"]
    assert (edge["packets"], edge["bytes_fwd"], edge["ops"], edge["verdict"], edge["evidence"]) == (
        10,
        100,
        {"READ": 5},
        "allowed",
        [("test.pcap", 7)],
    )
    assert graph.has_edge(ids["10.0.0.9/unit 5"], ids["10.0.0.9"], key=BEHIND)
    assert "10.0.0.77" in {facts["id"] for _, facts in graph.nodes(data=True)}  # a link without row is not lost


def test_public_addresses_are_grouped_and_their_links_added_up() -> None:
    rows = [asset("10.0.0.1"), *(asset(ip, kind="external") for ip in ("198.51.100.7", "198.51.100.8"))]
    links = [
        link("10.0.0.1", "198.51.100.7"),
        link("10.0.0.1", "198.51.100.8", verdict="forbidden", rule="d02", verbs={"READ": 1, "WRITE": 2}, writes=2),
    ]
    graph = asset_graph(rows, links)
    assert [facts["label"] for _, facts in graph.nodes(data=True)] == ["10.0.0.1", "198.51.100.0/24"]
    ((_, _, edge),) = graph.edges(data=True)
    assert (edge["flows"], edge["packets"], edge["ops"], edge["writes"]) == (2, 20, {"READ": 6, "WRITE": 2}, 2)
    assert (edge["verdict"], edge["rule"]) == ("forbidden", "d02")


def _found(site: Site, assets: list[AssetRow], links: list[LinkRow]) -> Results:
    policy = Policy(site)
    zones = zone_rows(policy, (), Counter(row.zone for row in assets))
    return Results("", (), (), tuple(assets), (), tuple(links), zones, (), {}, conduits=conduit_rows(policy))


def test_dependency_graph(example: Site) -> None:
    lines = tuple(zone._replace(depends_on=("bt",)) if zone.id == "cvc" else zone for zone in example.zones or ())
    rows = [asset("10.22.8.20", "cvc"), asset("10.20.4.10", "ntp")]
    links = [link("10.22.8.20", "10.20.4.10", ("cvc", "ntp"), protocol="ntp")]
    graph = dependency_graph(_found(example._replace(zones=lines), rows, links))
    assert sorted(graph.edges(data="why")) == [("cvc", "bt", "declared"), ("cvc", "ntp", "time")]


def test_zone_graph(example: Site) -> None:
    rows = [asset("10.20.1.10", "supervision"), asset("10.22.1.15", "cvc_bloc"), asset("10.10.5.20", "bureautique")]
    links = [
        link("10.20.1.10", "10.22.1.15", ("supervision", "cvc_bloc"), protocol="bacnet"),
        link("10.10.5.20", "10.22.1.15", ("bureautique", "cvc_bloc"), "forbidden", verbs={"WRITE": 1}, writes=1),
        link("10.20.1.10", "10.20.1.12", ("supervision", "supervision"), "intra"),
    ]
    graph = zone_graph(_found(example, rows, links))
    assert graph.nodes["cvc_bloc"]["assets"] == 1
    assert graph.nodes["cvc_bloc"]["criticality"] == "C4"
    seen, bad, idle = (graph.edges[pair] for pair in (("supervision", "cvc_bloc"), ("bureautique", "cvc_bloc"), ("supervision", "hta")))
    assert (seen["declared"], seen["observed"], seen["verdict"], seen["unused"]) == (["c01"], {"bacnet": {"READ": 5}}, "allowed", False)
    assert (bad["declared"], bad["verdict"], bad["writes"]) == ([], "forbidden", 1)
    assert (idle["declared"], idle["unused"]) == (["c08"], True)
    assert not graph.has_edge("supervision", "supervision")


def test_nodes_say_who_reaches_them_and_what_is_open() -> None:
    """10.1: within three hops, over what connected, in the direction of who begins."""
    hosts = {"8.8.8.8": "net", "10.0.0.1": "remote", "10.0.0.2": "eng", "10.0.0.3": "air", "10.0.0.4": "air", "10.0.0.5": "air"}
    kinds = {"net": "internet", "remote": "remote_maintenance", "eng": "engineering", "air": "hvac_critical"}
    zones = tuple(ZoneRow(name, {}, kind, 1.0, "C2", 1, False, 1.0, ()) for name, kind in kinds.items())
    chain = [link(one, other) for one, other in pairwise(hosts)]
    alerts = tuple(alert(at, 2, server="10.0.0.3", status=status) for at, status in enumerate(("new", "expected"), 1))
    found = Results("", (), (), tuple(asset(key, zone) for key, zone in hosts.items()), (), tuple(chain), zones, alerts, {})
    nodes = {facts["id"]: facts for _, facts in assets_of(found).nodes(data=True)}
    assert {key: facts["exposure"] for key, facts in nodes.items()} == {
        "8.8.8.8": [], "10.0.0.1": ["internet"], "10.0.0.2": ["internet", "remote"], "10.0.0.3": ["internet", "remote"],
        "10.0.0.4": ["remote"], "10.0.0.5": [],
    }  # fmt: skip
    assert (nodes["10.0.0.3"]["alerts_open"], nodes["10.0.0.3"]["level"], nodes["10.0.0.4"]["alerts_open"]) == (1, 1.0, 0)
    assert (nodes["10.0.0.3"]["score"], nodes["10.0.0.4"]["score"]) == (2, 0)
    tried = found._replace(links=tuple(row._replace(state="attempt") for row in found.links))
    assert not any(facts["exposure"] for _, facts in assets_of(tried).nodes(data=True))


def test_nodes_say_what_they_are_and_since_when() -> None:
    more = {"zone_rank": 60.024, "days": 3, "services": ("tcp/502 modbus", "udp/161 snmp"), "roles": (("controller", "answers Modbus"),)}
    row = asset("10.0.0.1", "air", **more)
    said = (
        AttributeRow("10.0.0.1", "host", "cta-3", "dhcp", "self", True, FRAME, 5, 9),
        AttributeRow("10.0.0.1", "vendor", "Schneider", "MAC address (IEEE)", "mac", True, FRAME, 5, 9),
    )
    ((_, facts),) = assets_of(Results("", (), (), (row,), said, (), (), (), {})).nodes(data=True)
    assert (facts["zone"], facts["zone_rank"], facts["days_seen"]) == ("air", 60.024, 3)
    assert facts["services"] == {"tcp/502": "modbus", "udp/161": "snmp"}
    assert facts["roles"] == {"controller": "answers Modbus"}
    assert (facts["names"], facts["identity_conf"]) == ([("cta-3", 5, 9)], 0.4)


def test_edges_say_what_was_asked_how_often_and_how_securely() -> None:
    rows = tuple(asset(key) for key in ("10.0.0.1", "10.0.0.2", "10.0.0.3"))
    polled = link("10.0.0.1", "10.0.0.2", codes={"Read": 4, "Write": 1}, errors=1, unanswered=2, period_s=60.0, period_cv=0.1, days=2)
    sealed = link("10.0.0.1", "10.0.0.3", protocol="https", port=443, verbs={})
    version = AttributeRow("10.0.0.3", "dialect", "TLS 1.2", "tls hello", "self", True, FRAME, 5, 9)
    login = alert(1, 0, detection="clear.login", client="10.0.0.1", server="10.0.0.2")
    graph = assets_of(Results("", (), (), rows, (version,), (polled, sealed), (), (login,), {}))
    edges = {key: edge for *_, key, edge in graph.edges(keys=True, data=True)}
    modbus, https = edges["modbus/502"], edges["https/443"]
    assert (modbus["codes"], modbus["results"]) == ({"Read": 4, "Write": 1}, {"ok": 2, "error": 1, "timeout": 2})
    assert (modbus["period_s"], modbus["period_cv"], modbus["active_days"]) == (60.0, 0.1, 2)
    assert (modbus["tls"], modbus["auth"], https["tls"], https["auth"]) == ("none", "clear", "TLS 1.2", "")


def test_who_passes_broadcasts_on_is_beside_the_flows() -> None:
    rows = [asset(key) for key in ("10.0.0.1", "10.0.0.2", "10.0.0.254")]
    graph = asset_graph(rows, [link("10.0.0.1", "10.0.0.2", via=("10.0.0.254",))])
    ids = stable_ids(rows)
    assert graph.has_edge(ids["10.0.0.1"], ids["10.0.0.254"], key=REL_BBMD)


def test_zones_say_their_levels(example: Site) -> None:
    rows = [asset("10.20.1.10", "supervision"), asset("10.22.1.15", "cvc_bloc")]
    wrote = link("10.20.1.10", "10.22.1.15", ("supervision", "cvc_bloc"), protocol="bacnet", writes=1)
    node = zone_graph(_found(example, rows, [wrote])).nodes["cvc_bloc"]
    assert (node["sl_a"]["FR1"], node["gap"]["FR1"], node["sl_a"]["FR7"], node["sl_t"][0]) == (1, 1, None, 2)


def test_ids_and_files_are_the_same_in_the_next_run(example: Site) -> None:
    rows = [asset("10.20.1.10", "supervision", macs=("00:80:f4:00:00:01",)), asset("10.22.1.15", "cvc_bloc"), asset("10.0.0.9", "inconnu")]
    links = [link("10.20.1.10", "10.22.1.15", ("supervision", "cvc_bloc"), codes={"Read": 1}), link("10.0.0.9", "10.22.1.15")]
    for make in (assets_of, zone_graph, dependency_graph):
        for name, write in FORMS.items():
            texts = {write(make(_found(example, one, other))) for one, other in ((rows, links), (list(rows), list(links)))}
            assert len(texts) == 1, name
