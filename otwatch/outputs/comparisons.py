"""Tables of comparisons: two records (`diff`), and what is declared with what is observed (`assets drift`)."""

from typing import Any

from otwatch.outputs.tables import Column, View
from otwatch.outputs.voice import Voice


def _when(row: Any, voice: Voice) -> str:
    return voice.at(row.time_ns) if row.time_ns else ""


def _field(row: Any, voice: Voice) -> str:
    """An attribute, or a column of a table, in words."""
    words = voice.words
    said = words.term("attribute", row.field)
    return said if said != row.field else words.term("column", row.field)


DIFFERENCES = View("differences", (
    Column("section", lambda row, voice: voice.words.term("section", row.section), brief=True),
    Column("sort", lambda row, voice: voice.words.term("sort", row.sort), brief=True),
    Column("what", lambda row, _: row.label if row.what in row.label else f"{row.label} {row.what}".strip(), brief=True),
    Column("key", lambda row, _: row.what),
    Column("field", _field, brief=True),
    Column("before", lambda row, _: row.before, brief=True),
    Column("after", lambda row, _: row.after, brief=True),
    Column("first", _when, brief=True),
), "diff.none")  # fmt: skip

DRIFT = View("drift", (
    Column("sort", lambda row, voice: voice.words.term("sort", row.sort), brief=True),
    Column("label", lambda row, _: row.label, brief=True),
    Column("key", lambda row, _: row.asset, brief=True),
    Column("field", _field, brief=True),
    Column("declared_value", lambda row, _: row.declared, brief=True),
    Column("observed", lambda row, _: row.observed, brief=True),
    Column("by", lambda row, voice: voice.words.term("attribute", row.by), brief=True),
    Column("line", lambda row, _: row.line or "", brief=True),
), "drift.none")  # fmt: skip
