"""What is new beside the findings, as lines for a SOC: assets, what was learnt of them later, and who talks to whom.

Suricata has no words for these, so they are event types of their own ("asset", "conversation") that share EVE's time, addresses,
ports and protocols. A line says what is so when it is written; it is told once, and again only where it says something else.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from otwatch.outputs.eve import ECS_VERSION, OBSERVER, Line, Scene, end, flow_id, moment
from otwatch.results import AssetRow, AttributeRow, LinkRow, Results
from otwatch.results.findings import identity

Json = dict[str, Any]


NAMED = frozenset({"vendor", "product", "firmware", "serial", "name"})
"""Attributes that are news when they become known; others are when they change."""


class Learnt(NamedTuple):
    """An attribute of an asset that was not known, or another, when the asset was met. `before`: what was said until then."""

    asset: AssetRow
    attribute: AttributeRow
    before: str


def learnt(results: Results) -> Iterator[Learnt]:
    met = {row.key: row for row in results.assets}
    said: dict[tuple[str, str, str], str] = {}  # by asset, name and source
    for row in sorted(results.attributes, key=lambda row: row.first_ns):
        before = said.get((row.asset, row.name, row.source), "")
        said[row.asset, row.name, row.source] = row.value
        asset = met.get(row.asset)
        if row.chosen and asset is not None and row.first_ns > asset.first_ns and (before or row.name in NAMED):
            yield Learnt(asset, row, before)


class Form(NamedTuple):
    """How each kind of news is put."""

    asset: Callable[[AssetRow, str, Scene], Json]
    learnt: Callable[[Learnt, str, Scene], Json]
    conversation: Callable[[LinkRow, str, Scene], Json]


def assets(results: Results, scene: Scene, form: Form) -> list[Line]:
    """Assets in the order they were met, and what was learnt of them later."""
    met = [(identity("asset", row.key), row.first_ns, row) for row in results.assets]
    later = [
        (identity("attribute", one.asset.key, one.attribute.name, one.attribute.value), one.attribute.first_ns, one)
        for one in learnt(results)
    ]
    return [
        *(Line.of(known, form.asset(row, known, scene), time_ns) for known, time_ns, row in met),
        *(Line.of(known, form.learnt(one, known, scene), time_ns) for known, time_ns, one in later),
    ]


def conversations(results: Results, scene: Scene, form: Form) -> list[Line]:
    """Each link once, and again where it is judged otherwise."""
    named = ((_way(row), row) for row in results.links)
    return [Line.of(known, form.conversation(row, known, scene), row.first_ns) for known, row in named]


def _way(row: LinkRow) -> str:
    return identity("conversation", row.client, row.server, row.transport, row.port, row.protocol, row.verdict)


KINDS: Mapping[str, Callable[[Results, Scene, Form], list[Line]]] = {"assets": assets, "conversations": conversations}


# -- EVE ----------------------------------------------------------------------------------------------------------------------------------


def _eve_asset(row: AssetRow, known: str, scene: Scene) -> Json:
    said = _described(row) | {"id": known, "change": "new"}
    return _event("asset", row.first_ns, src_ip=scene.address(row.key)) | {"asset": said}


def _eve_learnt(one: Learnt, known: str, scene: Scene) -> Json:
    what = {"attribute": one.attribute.name, "before": one.before, "after": one.attribute.value, "source": one.attribute.source}
    said = _described(one.asset) | what | {"id": known, "change": "attribute"}
    return _event("asset", one.attribute.first_ns, src_ip=scene.address(one.asset.key)) | {"asset": said}


def _described(row: AssetRow) -> Json:
    said = {
        "key": row.key, "label": row.label, "kind": row.kind, "parent": row.parent, "mac": list(row.macs), "zone": row.zone,
        "criticality": row.criticality, "role": row.roles[0][0] if row.roles else "", "vendor": row.vendor, "product": row.product,
        "firmware": row.firmware, "serial": row.serial,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


def _eve_conversation(row: LinkRow, known: str, scene: Scene) -> Json:
    ends = {"src_ip": scene.address(row.client), "dest_ip": scene.address(row.server), "dest_port": row.port}
    event = _event("conversation", row.first_ns, **ends, proto=row.transport.upper(), app_proto=row.protocol)
    return event | {"flow_id": flow_id(row.client, row.server, row.protocol), "conversation": _judged(row) | {"id": known}}


def _judged(row: LinkRow) -> Json:
    said = {
        "client": row.client, "server": row.server, "client_zone": row.client_zone, "server_zone": row.server_zone, "verdict": row.verdict,
        "rule": row.rule, "reasons": list(row.reasons), "state": row.state, "verbs": sorted(row.verbs), "writes": row.writes,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


def _event(kind: str, time_ns: int, **where: object) -> Json:
    return {"timestamp": moment(time_ns, "+0000"), "event_type": kind} | {name: value for name, value in where.items() if value}


EVE = Form(_eve_asset, _eve_learnt, _eve_conversation)


# -- ECS ----------------------------------------------------------------------------------------------------------------------------------


def _ecs(kind: str, category: str, types: list[str], dataset: str, known: str, time_ns: int) -> Json:
    told = {"kind": kind, "category": [category], "type": types, "module": "otwatch", "dataset": f"otwatch.{dataset}", "id": known}
    return {"@timestamp": moment(time_ns, "Z"), "ecs": {"version": ECS_VERSION}, "event": told, "observer": OBSERVER}


def _host(row: AssetRow, scene: Scene) -> Json:
    """MACs as ECS has them: capital letters and hyphens."""
    address = scene.address(row.key)
    macs = [mac.upper().replace(":", "-") for mac in row.macs]
    said = {"id": row.key, "name": row.label, "type": row.kind, "ip": [address] if address else [], "mac": macs}
    return {name: value for name, value in said.items() if value}


def _labels(**said: str) -> Json:
    return {name: value for name, value in said.items() if value}


def _ecs_asset(row: AssetRow, known: str, scene: Scene) -> Json:
    made = _labels(vendor=row.vendor, product=row.product, firmware=row.firmware)
    labels = _labels(zone=row.zone, criticality=row.criticality, parent=row.parent) | made
    return _ecs("asset", "host", ["info"], "asset", known, row.first_ns) | {"host": _host(row, scene), "labels": labels}


def _ecs_learnt(one: Learnt, known: str, scene: Scene) -> Json:
    labels = _labels(zone=one.asset.zone, attribute=one.attribute.name, before=one.before, after=one.attribute.value)
    event = _ecs("asset", "host", ["change"], "asset", known, one.attribute.first_ns)
    return event | {"host": _host(one.asset, scene), "labels": labels}


def _ecs_conversation(row: LinkRow, known: str, scene: Scene) -> Json:
    network = _labels(transport=row.transport, protocol=row.protocol.lower())
    target = end(row.server, scene) | ({"port": row.port} if row.port else {})
    labels = _labels(client_zone=row.client_zone, server_zone=row.server_zone, verdict=row.verdict, state=row.state)
    event = _ecs("event", "network", ["connection", "start"], "conversation", known, row.first_ns)
    return event | {"source": end(row.client, scene), "destination": target, "network": network, "labels": labels}


ECS = Form(_ecs_asset, _ecs_learnt, _ecs_conversation)
