"""Graphs as other programs read them: node-link JSON, GraphML, GEXF, DOT (domain/zones.md 10).

Lists and maps become text in the forms that know only numbers and text. The same record gives the same bytes.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from networkx import DiGraph, MultiDiGraph

    Graph = MultiDiGraph[str] | DiGraph[str]

_COLOURS = {"forbidden": "#c00000", "violation": "#e06c00", "undeclared": "#b59b00", "allowed": "#2e7d32"}


def node_link(graph: "Graph") -> str:
    from networkx import node_link_data

    return json.dumps(node_link_data(graph, edges="links"), default=list, indent=1) + "\n"


def graphml(graph: "Graph") -> str:
    from networkx import generate_graphml

    return "\n".join(generate_graphml(_flat(graph))) + "\n"


def gexf(graph: "Graph") -> str:
    """The day of writing is left out, so that two exports of one record are the same."""
    from networkx import generate_gexf

    return re.sub(r' lastmodifieddate="[^"]*"', "", "\n".join(generate_gexf(_flat(graph)))) + "\n"


def dot(graph: "Graph") -> str:
    """For Graphviz: what is done on each edge, in the colour of its verdict."""
    lines = ["digraph otwatch {", "  rankdir=LR; node [shape=box];"]
    for name, facts in graph.nodes(data=True):
        lines.append(f"  {_quoted(name)} [label={_quoted(facts.get('label') or facts.get('id') or name)}];")
    for one, other, facts in graph.edges(data=True):
        if facts.get("observed") or facts.get("declared") or "proto" in facts or "why" in facts:
            dashed = ", style=dashed" if facts.get("unused") else ""
            colour = _COLOURS.get(facts.get("verdict", ""), "#606060")
            lines.append(f'  {_quoted(one)} -> {_quoted(other)} [label={_quoted(_said(facts))}, color="{colour}"{dashed}];')
    return "\n".join([*lines, "}"]) + "\n"


def _said(facts: Mapping[str, Any]) -> str:
    if "why" in facts:
        return str(facts["why"])
    if "proto" in facts:
        return f"{facts['proto'] or facts['transport']} {' '.join(facts['ops'])}".strip()
    return ", ".join(f"{proto} {' '.join(ops)}".strip() for proto, ops in facts["observed"].items()) or " ".join(facts["declared"])


def _quoted(text: str) -> str:
    shown = _safe(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown}"'


def _flat(graph: "Graph") -> Any:
    """The same graph with numbers and text only."""
    flat: Any = graph.__class__()
    for name, facts in graph.nodes(data=True):
        flat.add_node(_safe(name), **_attributes(facts))
    every: Any = graph.edges
    edges = every(keys=True, data=True) if graph.is_multigraph() else every(data=True)
    for *ends, facts in edges:
        flat.add_edge(*map(_safe, ends), **_attributes(facts))
    return flat


def _safe(text: str) -> str:
    """Text that acts nowhere: records of other hands may hold anything, and XML takes no control characters."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _attributes(facts: Mapping[str, Any]) -> dict[str, str | int | float | bool]:
    """`id`, `label` and `key` have a meaning of their own in these forms."""
    renamed = {"id": "asset", "key": "asset_key"}
    return {renamed.get(name, name): _plain(value) for name, value in facts.items()}


def _plain(value: Any) -> str | int | float | bool:
    if value is None:
        return "NA"
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return _safe(";".join(f"{name}={_plain(part)}" for name, part in value.items()))
    if isinstance(value, tuple | list):
        return _safe(";".join(str(_plain(part)) for part in value))
    return _safe(str(value))


FORMS: dict[str, Callable[["Graph"], str]] = {"node-link": node_link, "graphml": graphml, "gexf": gexf, "dot": dot}
