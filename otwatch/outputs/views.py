"""The tables of a record: which columns, and how each field of a row is said. Columns that are not `brief` stand in CSV only."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from otwatch.outputs.tables import Cell, Column, View
from otwatch.outputs.voice import Voice
from otwatch.results.findings import finding
from otwatch.sightings import Frame


def _field(name: str) -> Callable[[Any, Voice], Cell]:
    """The field as it is."""
    read = attrgetter(name)
    return lambda row, _: read(row)


def _zone(name: str) -> Callable[[Any, Voice], Cell]:
    read = attrgetter(name)
    return lambda row, voice: voice.zone(read(row))


def _label(name: str) -> Callable[[Any, Voice], Cell]:
    read = attrgetter(name)
    return lambda row, voice: voice.label(read(row)) if read(row) else ""


def _stamp(name: str) -> Callable[[Any, Voice], Cell]:
    read = attrgetter(name)
    return lambda row, voice: voice.stamp(read(row))


def _term(family: str, name: str) -> Callable[[Any, Voice], Cell]:
    read = attrgetter(name)
    return lambda row, voice: voice.words.term(family, read(row))


def _text(name: str) -> Callable[[Any, Voice], Cell]:
    read = attrgetter(name)
    return lambda row, voice: voice.words.of(read(row))


def _joined(name: str) -> Callable[[Any, Voice], Cell]:
    read = attrgetter(name)
    return lambda row, _: ", ".join(read(row))


def frame(place: Frame) -> str:
    return f"{place.capture} {place.number}"


ASSETS = View("assets", (
    Column("label", lambda row, voice: voice.name(row), brief=True),
    Column("key", _field("key")),
    Column("address", _field("address"), brief=True),
    Column("made", lambda row, voice: voice.made(row), brief=True),
    Column("role", lambda row, voice: voice.roles(row), brief=True),
    Column("zone", _zone("zone"), brief=True),
    Column("zone_id", _field("zone")),
    Column("zone_rule", _field("zone_rule")),
    Column("criticality", _field("criticality")),
    Column("parent", _label("parent"), brief=True),
    Column("kind", _term("kind", "kind")),
    Column("presence", _term("presence", "presence")),
    Column("vendor", _field("vendor")),
    Column("product", _field("product")),
    Column("firmware", _field("firmware")),
    Column("serial", _field("serial")),
    Column("name", _field("name")),
    Column("macs", _joined("macs")),
    Column("vlan", lambda row, _: row.vlan if row.vlan >= 0 else ""),
    Column("services", _joined("services")),
    Column("packets", _field("packets")),
    Column("first", _stamp("first_ns")),
    Column("last", _stamp("last_ns")),
    Column("frame", lambda row, _: frame(row.frame)),
), "assets.none")  # fmt: skip

CONVERSATIONS = View("conversations", (
    Column("client", _label("client"), brief=True),
    Column("server", _label("server"), brief=True),
    Column("protocol", _field("protocol"), brief=True),
    Column("port", lambda row, _: f"{row.transport}/{row.port}" if row.port else row.transport, brief=True),
    Column("verbs", lambda row, voice: voice.done(row), brief=True),
    Column("state", _term("state", "state")),
    Column("verdict", _term("verdict", "verdict"), brief=True),
    Column("rule", _field("rule"), brief=True),
    Column("reasons", _joined("reasons")),
    Column("client_zone", _zone("client_zone")),
    Column("server_zone", _zone("server_zone")),
    Column("packets", _field("packets"), brief=True, number=True),
    Column("bytes_sent", _field("bytes_sent")),
    Column("bytes_received", _field("bytes_received")),
    Column("writes", _field("writes")),
    Column("errors", _field("errors")),
    Column("initiator", _term("initiator", "role")),
    Column("first", _stamp("first_ns")),
    Column("last", _stamp("last_ns")),
    Column("frame", lambda row, _: frame(row.frame)),
), "conversations.none")  # fmt: skip

ZONES = View("zones", (
    Column("zone", _field("id"), brief=True),
    Column("name", _text("name"), brief=True),
    Column("kind", _field("kind"), brief=True),
    Column("level", lambda row, _: f"{row.level:g}", brief=True, number=True),
    Column("criticality", _field("criticality"), brief=True),
    Column("assets", _field("assets"), brief=True, number=True),
    Column("declared", lambda row, voice: voice.words("zones.suggested" if row.suggested else "zones.declared"), brief=True),
    Column("confidence", lambda row, _: f"{row.confidence:.2f}", brief=True, number=True),
    Column("reasons", _joined("reasons")),
), "zones.none")  # fmt: skip

ALERTS = View("alerts", (
    Column("number", _field("number"), brief=True, number=True),
    Column("severity", lambda row, voice: voice.severity(row.severity), brief=True),
    Column("title", _text("title"), brief=True),
    Column("client", _label("client"), brief=True),
    Column("server", _label("server"), brief=True),
    Column("times", _field("times"), brief=True, number=True),
    Column("first", _stamp("first_ns"), brief=True),
    Column("last", _stamp("last_ns")),
    Column("sentence", _text("sentence")),
    Column("next_step", _text("next_step")),
    Column("detection", _field("detection")),
    Column("variant", _field("variant")),
    Column("confidence", _field("confidence")),
    Column("client_zone", _zone("client_zone")),
    Column("server_zone", _zone("server_zone")),
    Column("protocol", _field("protocol")),
    Column("status", _term("status", "status")),
    Column("decided_by", lambda row, _: row.decision.author if row.decision else ""),
    Column("decided_until", lambda row, voice: voice.stamp(row.decision.until_ns) if row.decision and row.decision.until_ns else ""),
    Column("decided_why", lambda row, _: row.decision.reason if row.decision else ""),
    Column("finding", lambda row, _: finding(row)),
    Column("techniques", _joined("techniques")),
    Column("requirements", _joined("requirements")),
    Column("filter", _field("filter")),
    Column("frames", lambda row, _: ", ".join(map(frame, row.frames))),
), "alerts.none")  # fmt: skip

CAPTURES = View("captures", (
    Column("capture", _field("name"), brief=True),
    Column("format", _field("format"), brief=True),
    Column("bytes", _field("bytes"), brief=True, number=True),
    Column("packets", _field("frames"), brief=True, number=True),
    Column("first", _stamp("first_ns"), brief=True),
    Column("last", _stamp("last_ns"), brief=True),
    Column("broken", _field("broken"), brief=True),
), "captures.none")  # fmt: skip


def _zones(name: str) -> Callable[[Any, Voice], Cell]:
    read = attrgetter(name)
    return lambda row, voice: ", ".join(map(voice.zone, read(row)))


CONDUITS = View("conduits", (
    Column("conduit", _field("id"), brief=True),
    Column("client_zone", _zones("sources"), brief=True),
    Column("server_zone", _zones("targets"), brief=True),
    Column("protocol", lambda row, _: ", ".join(one.proto for one in row.protocols), brief=True),
    Column("allows", lambda row, _: "; ".join(f"{one.proto} {' '.join(one.ops)}".strip() for one in row.protocols)),
    Column("write_hosts", _joined("write_hosts")),
    Column("unidirectional", lambda row, voice: voice.words("conduits.one_way") if row.unidirectional else "", brief=True),
    Column("window", _field("window"), brief=True),
    Column("purpose", _field("purpose"), brief=True),
    Column("owner", _field("owner")),
    Column("ticket", _field("ticket")),
    Column("expires", _field("expires")),
), "conduits.none")  # fmt: skip
