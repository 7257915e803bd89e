"""Graphs for other programs: readable by them, the same every time, whatever stands in names."""

import json
from io import BytesIO
from typing import Any

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.results import Results
from otwatch.zones.graphs.forms import FORMS, dot, gexf, graphml, node_link
from otwatch.zones.graphs.graph import asset_graph, zone_graph
from tests.outputs.samples import HOSPITAL, asset, link

NASTY = st.text(alphabet=st.characters(codec="utf-8"), max_size=20)


def _graphs(found: Results) -> list[Any]:
    return [zone_graph(found), asset_graph(found.assets, found.links)]


@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_same_record_gives_the_same_bytes(form: str) -> None:
    for one, other in zip(_graphs(HOSPITAL), _graphs(HOSPITAL), strict=True):
        assert FORMS[form](one) == FORMS[form](other)


@pytest.mark.parametrize("graph", _graphs(HOSPITAL))
def test_what_is_written_is_read_back(graph: Any) -> None:
    nodes, edges = set(graph.nodes), sorted((one, other) for one, other in graph.edges())
    read = json.loads(node_link(graph))
    assert {node["id"] for node in read["nodes"]} == nodes
    assert sorted((edge["source"], edge["target"]) for edge in read["links"]) == edges
    for back in (networkx.read_graphml(BytesIO(graphml(graph).encode())), networkx.read_gexf(BytesIO(gexf(graph).encode()))):
        assert set(back.nodes) == nodes
        assert sorted((one, other) for one, other in back.edges()) == edges


@given(NASTY, NASTY)
def test_hostile_names_break_no_form(name: str, product: str) -> None:
    assets = (asset("10.0.0.1", name, "cvc", product=product, macs=()), asset("10.0.0.2", "b", macs=()))
    graph = asset_graph(assets, [link("10.0.0.1", "10.0.0.2", "", "")])
    assert len(networkx.read_graphml(BytesIO(graphml(graph).encode())).nodes) == 2
    assert len(networkx.read_gexf(BytesIO(gexf(graph).encode())).nodes) == 2
    assert json.loads(node_link(graph))
    assert dot(graph).count("\n") == 6


def test_dot_shows_what_is_done_and_what_is_unused() -> None:
    text = dot(zone_graph(HOSPITAL))
    assert '  "bureautique" -> "cvc" [label="modbus WRITE", color="#c00000"];' in text
    assert '  "supervision" -> "cvc" [label="modbus READ WRITE", color="#2e7d32"];' in text
