"""Tables for spreadsheets: CSV files, and one XLSX workbook with a sheet a table. No cell is ever a formula or a link."""

import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from otwatch.outputs.asset import ATTRIBUTES, FACES
from otwatch.outputs.exports.ids import Inventory
from otwatch.outputs.tables import Cell, Column, View, as_csv
from otwatch.outputs.views import ASSETS, CONVERSATIONS
from otwatch.outputs.visible import inert
from otwatch.outputs.voice import Voice

_ASSET = Column("key", lambda row, _: row.asset)
Table = tuple[View, Iterable[Any]]
MOST_LETTERS = 31
"""Of the name of a sheet."""
_A4 = 9
LONGEST = 32_767
"""Characters of a cell that Excel takes."""
_MADE = datetime(1980, 1, 1, tzinfo=UTC)
"""The date of every workbook: the same record gives the same bytes."""


def _tables(found: Inventory) -> Iterator[Table]:
    ids = Column("id", lambda row, _: found.id(row.key))
    yield ASSETS._replace(columns=(ids, *ASSETS.columns)), found.assets
    yield ATTRIBUTES._replace(columns=(_ASSET, *ATTRIBUTES.columns)), found.attributes
    yield FACES._replace(columns=(_ASSET, *FACES.columns)), found.faces
    yield CONVERSATIONS, found.links


def as_csv_files(found: Inventory, voice: Voice) -> dict[str, bytes]:
    """One file a table, UTF-8 with its mark, as spreadsheets expect it."""
    return {f"{view.name}.csv": as_csv(view, rows, voice).encode("utf-8-sig") for view, rows in _tables(found)}


def as_workbook(found: Inventory, voice: Voice) -> dict[str, bytes]:
    return {"inventory.xlsx": workbook(_tables(found), voice)}


def workbook(tables: Iterable[Table], voice: Voice, label: str = "") -> bytes:
    """One sheet a table. `label` of the Traffic Light Protocol stands in the head and foot of every printed page."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it ships no types

    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties({"created": _MADE.replace(tzinfo=None)})
    bold = book.add_format({"bold": True})
    for view, rows in tables:
        sheet = book.add_worksheet(voice.words.term("sheet", view.name)[:MOST_LETTERS])
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        if label:
            sheet.set_header(f"&R{label}")
            sheet.set_footer(f"&L&P/&N&R{label}")
        for at, column in enumerate(view.columns):
            sheet.write_string(0, at, voice.words(f"column.{column.key}"), bold)
        count = 0
        for count, row in enumerate(rows, 1):
            for at, column in enumerate(view.columns):
                _write(sheet, count, at, column.value(row, voice))
        sheet.autofilter(0, 0, count, len(view.columns) - 1)
        sheet.set_column(0, len(view.columns) - 1, 18)
    book.close()
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Cell) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, inert(cell)[:LONGEST])
    else:
        sheet.write_number(row, column, cell)
