"""Zones in rows by level, and what goes between them as routes through the gaps: no line ever crosses a zone.

channel 0  -----------------------        Between rows run channels, between columns gutters. A route leaves its zone into the
row 0      | box |   | box |              channel beside it, takes a gutter where it passes other rows, and enters the other zone
channel 1  -----------------------        from the channel beside that one. Routes that would lie on each other get tracks of
         gutter 0  gutter 1  gutter 2     their own. Nothing is measured here: `routes.py` gives everything its place.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from math import ceil
from typing import NamedTuple


class Stop(NamedTuple):
    """A zone to place."""

    name: str
    level: float


class Cell(NamedTuple):
    row: int
    column: int


class Band(NamedTuple):
    """The rows of a level, from the first to before the last."""

    level: float
    first: int
    last: int


class Grid(NamedTuple):
    columns: int
    cells: dict[str, Cell]
    bands: tuple[Band, ...]

    @property
    def rows(self) -> int:
        return self.bands[-1].last if self.bands else 0


class Way(NamedTuple):
    """How a route goes: `leaves` and `enters` are channels, `gutter` is -1 where both are the same channel."""

    source: str
    target: str
    leaves: int
    enters: int
    gutter: int


def placed(stops: Sequence[Stop], columns: int) -> Grid:
    """The highest level on top, rows of a level as even as they can be and centred, in the order given."""
    bands: list[Band] = []
    rows: list[list[str]] = []
    for level, members in groupby(sorted(stops, key=lambda stop: -stop.level), key=lambda stop: stop.level):
        names = [stop.name for stop in members]
        lines = ceil(len(names) / columns)
        bands.append(Band(level, len(rows), len(rows) + lines))
        for line in range(lines):
            inside = names[line * len(names) // lines : (line + 1) * len(names) // lines]
            rows.append(inside)
    used = max(map(len, rows), default=1)
    cells = {name: Cell(row, (used - len(inside)) // 2 + at) for row, inside in enumerate(rows) for at, name in enumerate(inside)}
    return Grid(used, cells, tuple(bands))


def ways(grid: Grid, pairs: Sequence[tuple[str, str]]) -> list[Way]:
    """A way for every ordered pair of zones, through the emptiest of the nearest gutters."""
    used: Counter[int] = Counter()
    found = []
    for source, target in pairs:
        start, end = grid.cells[source], grid.cells[target]
        down = start.row <= end.row
        leaves = start.row + 1 if down else start.row
        enters = end.row if start.row < end.row else end.row + 1
        gutter = -1
        if leaves != enters:
            near, far = sorted((start.column, end.column))
            gutter = min(range(near + (near != far), far + 1 + (near == far)), key=lambda at: (used[at], at))
            used[gutter] += 1
        found.append(Way(source, target, leaves, enters, gutter))
    return found


def tracks(spans: Sequence[tuple[float, float]], apart: float) -> tuple[list[int], int]:
    """For each span a track on which it touches no other, the lowest that is free, and how many tracks there are."""
    ends: list[float] = []
    given = [0] * len(spans)
    for at in sorted(range(len(spans)), key=lambda one: (min(spans[one]), max(spans[one]), one)):
        begin, end = min(spans[at]), max(spans[at])
        free = next((track for track, taken in enumerate(ends) if taken + apart < begin), len(ends))
        ends[free : free + 1] = [end]
        given[at] = free
    return given, len(ends)
