"""Graphs of assets and zones from rows."""

from collections import Counter
from itertools import pairwise
from typing import Any

from otwatch.config.site import Site
from otwatch.results import AssetRow, LinkRow, Results, ZoneRow
from otwatch.sightings import Frame
from otwatch.zones.graphs.graph import BEHIND, asset_graph, assets_of, dependency_graph, stable_ids, zone_graph
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
    tried = found._replace(links=tuple(row._replace(state="attempt") for row in found.links))
    assert not any(facts["exposure"] for _, facts in assets_of(tried).nodes(data=True))
