"""One declared view of rows -> a grid for people, plain lines for pipes, CSV for spreadsheets."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from otwatch.outputs.layout import Head, grid, plain_lines
from otwatch.outputs.visible import inert
from otwatch.outputs.voice import Voice

if TYPE_CHECKING:
    from rich.table import Table

Cell = str | int | float


class Anew:
    """Rows that are made anew whenever they are gone through, because they are more than memory should hold."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[], Iterator[Any]]) -> None:
        self._make = make

    def __iter__(self) -> Iterator[Any]:
        return self._make()


class Column(NamedTuple):
    """A column of a view. `key` names its title in the catalogue (column.KEY); `brief`: shown to people too, not only in CSV."""

    key: str
    value: Callable[[Any, Voice], Cell]
    brief: bool = False
    number: bool = False


class View(NamedTuple):
    """Rows of one kind as a table; `nothing` is the catalogue's key for what to say when there are none."""

    name: str
    columns: tuple[Column, ...]
    nothing: str


def as_grid(view: View, rows: Iterable[Any], voice: Voice) -> "Table":
    """For a terminal."""
    shown = _brief(view)
    return grid(_heads(shown, voice), _lines(shown, rows, voice))


def as_lines(view: View, rows: Iterable[Any], voice: Voice) -> Iterator[str]:
    """For a pipe."""
    shown = _brief(view)
    return plain_lines(_heads(shown, voice), _lines(shown, rows, voice))


def as_csv(view: View, rows: Iterable[Any], voice: Voice) -> str:
    """RFC 4180, every column; no cell is a formula. Numbers stay numbers."""
    return "".join(csv_lines(view, rows, voice))


def csv_lines(view: View, rows: Iterable[Any], voice: Voice) -> Iterator[str]:
    """The same, line by line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_title(column, voice) for column in view.columns)
    for row in rows:
        yield out.getvalue()
        out.seek(0)
        out.truncate()
        cells = (column.value(row, voice) for column in view.columns)
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in cells])
    yield out.getvalue()


def _brief(view: View) -> Sequence[Column]:
    return [column for column in view.columns if column.brief]


def _title(column: Column, voice: Voice) -> str:
    return voice.words(f"column.{column.key}")


def _heads(columns: Sequence[Column], voice: Voice) -> list[Head]:
    return [Head(_title(column, voice), column.number) for column in columns]


def _lines(columns: Sequence[Column], rows: Iterable[Any], voice: Voice) -> Iterable[list[str]]:
    return ([str(column.value(row, voice)) for column in columns] for row in rows)
