"""The tables that a report hands over, whatever carries them: a workbook, or a folder of CSV files."""

from collections.abc import Iterable, Sequence
from typing import Any

from otwatch.conclusions import Mark
from otwatch.outputs.asset import ATTRIBUTES
from otwatch.outputs.comparisons import DIFFERENCES
from otwatch.outputs.matrix import MATRIX, cells, crossing
from otwatch.outputs.points import POINTS
from otwatch.outputs.report.register import REGISTER, register
from otwatch.outputs.tables import Column, View
from otwatch.outputs.views import ALERTS, ASSETS, CAPTURES, CONDUITS, CONVERSATIONS, ZONES
from otwatch.record.differences import Difference
from otwatch.results import Results

Table = tuple[View, Iterable[Any]]
_IDENTITY = ATTRIBUTES._replace(columns=(Column("key", lambda row, _: row.asset), *ATTRIBUTES.columns))


def report_tables(results: Results, marks: Sequence[Mark], changes: Sequence[Difference] | None = None) -> dict[str, Table]:
    """By file name. Findings first; then what there is, what talks to what, what is declared, and how well was listened."""
    tables: dict[str, Table] = {
        "findings": (ALERTS, results.alerts),
        "assets": (ASSETS, results.assets),
        "identity": (_IDENTITY, results.attributes),
        "points": (POINTS, results.points),
        "conversations": (CONVERSATIONS, results.links),
        "between-zones": (MATRIX, cells(crossing(results.links, results.assets), results.zones)),
        "zones": (ZONES, results.zones),
        "conduits": (CONDUITS, results.conduits),
        "levels": (REGISTER, register(marks)),
        "listening": (CAPTURES, results.captures),
    }
    return tables if changes is None else {"changes": (DIFFERENCES, changes), **tables}
