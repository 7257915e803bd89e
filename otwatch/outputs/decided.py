"""The tables of decisions: those that stand, and the log of all there ever were."""

from collections.abc import Callable
from typing import Any

from otwatch.outputs.apart import last_day
from otwatch.outputs.tables import Cell, Column, View
from otwatch.outputs.voice import Voice


def _until(row: Any, voice: Voice) -> str:
    """A decision about what has happened has no end."""
    return "–" if row.until_ns is None else last_day(row.until_ns, voice)


def _field(name: str) -> Callable[[Any, Voice], Cell]:
    return lambda row, _: getattr(row, name)


def _ends(row: Any, voice: Voice) -> str:
    return " → ".join(voice.label(end) for end in (row.client, row.server) if end)


_FINDING = (
    Column("title", lambda row, voice: voice.words.of(row.title), brief=True),
    Column("ends", _ends, brief=True),
    Column("author", _field("author"), brief=True),
)
_BEHIND = (
    Column("until", _until, brief=True),
    Column("reason", _field("reason"), brief=True),
    Column("detection", _field("detection")),
    Column("finding", _field("finding")),
)

DECISIONS = View("decisions", (
    Column("number", lambda row, _: row.number or "", brief=True, number=True),
    Column("decided", lambda row, voice: voice.words(f"decided.{row.action}"), brief=True),
    Column("holds", lambda row, voice: voice.words(f"decided.{row.state}"), brief=True),
    *_FINDING,
    Column("time", lambda row, voice: voice.at(row.time_ns)),
    *_BEHIND,
), "decided.none")  # fmt: skip

LOG = View("log", (
    Column("line", _field("line"), brief=True, number=True),
    Column("time", lambda row, voice: voice.at(row.time_ns), brief=True),
    Column("decided", lambda row, voice: voice.words(f"decided.{row.action}"), brief=True),
    *_FINDING,
    Column("account", _field("account")),
    Column("severity", lambda row, voice: voice.severity(row.severity)),
    *_BEHIND,
), "decided.none")  # fmt: skip
