"""GraphML: assets as nodes, conversations as edges (graphdrawing.org, structure 1.0)."""

from typing import Any
from xml.etree import ElementTree as Xml

from otwatch.outputs.exports.ids import Inventory
from otwatch.outputs.visible import visible
from otwatch.outputs.voice import Voice

NODE = ("label", "key", "kind", "address", "vendor", "product", "firmware", "zone", "criticality", "parent", "presence")
EDGE = ("protocol", "port", "verbs", "state", "verdict", "packets", "writes")


def as_graph(found: Inventory, voice: Voice) -> dict[str, bytes]:
    root = Xml.Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for sort, names in (("node", NODE), ("edge", EDGE)):
        for name in names:
            Xml.SubElement(root, "key", {"id": f"{sort}_{name}", "for": sort, "attr.name": name, "attr.type": "string"})
    graph = Xml.SubElement(root, "graph", edgedefault="directed")
    known = {row.key for row in found.assets}
    for row in found.assets:
        _data(Xml.SubElement(graph, "node", id=found.id(row.key)), "node", NODE, row, {"label": voice.label(row.key)})
    for at, link in enumerate(row for row in found.links if {row.client, row.server} <= known):
        ends = {"id": f"e{at}", "source": found.id(link.client), "target": found.id(link.server)}
        port = f"{link.transport}/{link.port}" if link.port else link.transport
        _data(Xml.SubElement(graph, "edge", ends), "edge", EDGE, link, {"port": port, "verbs": ", ".join(link.verbs)})
    Xml.indent(root)
    return {"inventory.graphml": Xml.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"}


def _data(element: Xml.Element, sort: str, names: tuple[str, ...], row: Any, said: dict[str, str]) -> None:
    for name in names:
        text = str(said.get(name, getattr(row, name)))
        if text:
            Xml.SubElement(element, "data", key=f"{sort}_{name}").text = visible(text)
