"""A draft of the declaration of an incident, for a person to complete and to send: otwatch sends nothing.

What was seen fills its fields. What a network cannot say (who declares, what care has lost, whether somebody meant it) stays blank, and
the effect is never "proven" by otwatch alone (domain/zones.md 3.3). Deadlines run from when somebody became aware, which only they know.
"""

import tomllib
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from otwatch.outputs.documents import document, plain
from otwatch.outputs.evidence import places
from otwatch.outputs.layout import Head, Paragraph, facts, grid, heading, indented, said
from otwatch.outputs.voice import Voice
from otwatch.results import AlertRow, Results

if TYPE_CHECKING:
    from rich.console import RenderableType

EFFECTS = ("proven", "potential", "none")
GRAVE = frozenset({"C3", "C4"})
_WENT_WELL = {"outcome": {"ok", "finished", "unheard"}, "login": {"success"}, "state": {"established"}}
"""Facts of a finding by which an act reached its aim; "unheard": an order that is never answered."""
_BLANK = "·" * 24
Value = str | tuple[str, ...]
Fields = tuple[tuple[str, Value], ...]


class Deadline(NamedTuple):
    """`due`: by the site's clock, "" where nobody said when they became aware."""

    key: str
    due: str


class Declaration(NamedTuple):
    """Sections of fields, by key; a value "" is unknown, several are a tuple.

    level      of the establishment, 1 to 4, 0 unknown
    priority   "" where the level is unknown
    """

    sections: dict[str, Fields]
    effect: str
    level: int
    priority: str
    deadlines: tuple[Deadline, ...]


class Known(NamedTuple):
    """What only people know. `level` of the establishment, 0 unknown; `aware`: when somebody became aware, with its time zone."""

    level: int = 0
    aware: datetime | None = None


def declaration(results: Results, alerts: Sequence[AlertRow], voice: Voice, known: Known, sums: Mapping[str, str]) -> Declaration:
    """`sums`: SHA-256 of the captures that are still there, by name."""
    level, aware = known
    effect = proposed_effect(results, alerts)
    priority = _table()["priority"][effect][level - 1] if level else ""
    sections = {
        "establishment": (("name", results.site), ("finess", ""), ("level", str(level or "")), ("address", "")),
        "declarant": (("person", ""), ("function", ""), ("phone", ""), ("mail", "")),
        "incident": tuple(_incident(alerts, voice, aware)),
        "effect": tuple(_effect(results, alerts, voice, effect)),
        "measures": (("taken", ""), ("proposed", _lines(voice.words.of(one.next_step) for one in alerts)), ("support", "")),
        "others": (("ars", ""), ("anssi", ""), ("cnil", ""), ("complaint", ""), ("providers", "")),
        "evidence": (
            ("frames", _lines(" ".join(place) for one in alerts for place in places(one, voice))),
            ("captures", _lines(f"{frame.capture} {sums.get(frame.capture, '')}".strip() for one in alerts for frame in one.frames)),
        ),
    }
    return Declaration(sections, effect, level, priority, tuple(_deadlines(aware, voice)))


def proposed_effect(results: Results, alerts: Sequence[AlertRow]) -> str:
    """ "potential" where an act that care depends on reached its aim; never "proven": that is for people to say."""
    levels = {row.key: row.criticality for row in results.assets} | {row.id: row.criticality for row in results.zones}
    grave = any(_succeeded(one) and {levels.get(one.server), levels.get(one.server_zone)} & GRAVE for one in alerts)
    return "potential" if grave else "none"


def _succeeded(alert: AlertRow) -> bool:
    return any(alert.facts.get(name) in values for name, values in _WENT_WELL.items())


def _incident(alerts: Sequence[AlertRow], voice: Voice, aware: datetime | None) -> Iterator[tuple[str, Value]]:
    words = voice.words
    yield "aware", _moment(aware.astimezone(voice.clock)) if aware else ""
    yield "first", voice.at(min(one.first_ns for one in alerts))
    yield "last", voice.at(max(one.last_ns for one in alerts))
    yield "going_on", ""
    yield "what", _lines(words.of(one.title) for one in alerts)
    yield "description", _lines(words.of(one.sentence) for one in alerts)
    yield "techniques", ", ".join(dict.fromkeys(technique for one in alerts for technique in one.techniques))
    yield from (("meant", ""), ("cause", ""))


def _effect(results: Results, alerts: Sequence[AlertRow], voice: Voice, effect: str) -> Iterator[tuple[str, Value]]:
    keys = dict.fromkeys(one.server for one in alerts if one.server)
    zones = dict.fromkeys(one.server_zone for one in alerts if one.server_zone)
    levels = {zone.id: voice.words.term("criticality", zone.criticality) for zone in results.zones}
    yield "care", voice.words(f"incident.effect.{effect}")
    yield "services", _lines(f"{voice.zone(zone)} ({levels[zone]})" if levels.get(zone) else voice.zone(zone) for zone in zones)
    yield "equipment", _lines(map(voice.label, keys))
    yield from (("patients", ""), ("degraded", ""), ("data", ""))


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


# -- deadlines --------------------------------------------------------------------------------------------------------------------------


def _deadlines(aware: datetime | None, voice: Voice) -> Iterator[Deadline]:
    for one in _table()["deadline"]:
        due = _later(aware.astimezone(UTC) + timedelta(hours=one["hours"]), one.get("months", 0)) if aware else None
        yield Deadline(one["key"], _moment(due.astimezone(voice.clock)) if due else "")


def _later(moment: datetime, months: int) -> datetime:
    """So many months later, on the last day of a shorter month (Regulation (EEC, Euratom) 1182/71, article 3(2)(c))."""
    year, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + year, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("incident.toml").read_text("utf-8"))


# -- for people, and for programs -------------------------------------------------------------------------------------------------------


def declaration_text(made: Declaration, voice: Voice) -> "Iterator[RenderableType]":
    """What is not known is a dotted line."""
    words = voice.words
    yield said(words("incident.title"), "bold")
    yield Paragraph(words("incident.about"), "dim")
    for section, fields in made.sections.items():
        yield heading(words(f"incident.section.{section}"))
        yield indented(facts(row for key, value in fields for row in _rows(words(f"incident.field.{key}"), value)))
    yield heading(words("incident.priority"))
    yield indented(_matrix(made, voice))
    yield heading(words("incident.clock"))
    yield indented(facts((one.due or _BLANK[:16], words(f"incident.deadline.{one.key}")) for one in made.deadlines))


def _rows(name: str, value: Value) -> Iterator[tuple[str, str]]:
    """A field, value by value; a dotted line where there is none."""
    first, *others = (value,) if isinstance(value, str) else value or ("",)
    yield name, first or _BLANK
    yield from (("", other) for other in others)


def _matrix(made: Declaration, voice: Voice) -> "RenderableType":
    """All cells; that of the incident in brackets, so that it is seen without colours."""
    words = voice.words

    def cell(effect: str, at: int) -> str:
        name = words(f"incident.level.{_table()['priority'][effect][at - 1]}")
        return f"[{name}]" if (effect, at) == (made.effect, made.level) else name

    heads = [Head(""), *(Head(words("incident.of_level", level=at)) for at in range(1, 5))]
    return grid(heads, ([words(f"incident.effect.{effect}"), *(cell(effect, at) for at in range(1, 5))] for effect in EFFECTS))


def declaration_document(made: Declaration) -> str:
    """Unknown values are null, several are a list."""
    sections = {name: {key: plain(value) or None for key, value in fields} for name, fields in made.sections.items()}
    known = {"effect": made.effect, "level": made.level or None, "priority": made.priority or None}
    deadlines = {one.key: one.due or None for one in made.deadlines}
    return document({"sent": False, "declaration": sections, "proposed": known, "deadlines": deadlines})
