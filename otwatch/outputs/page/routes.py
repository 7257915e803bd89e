"""Coordinates for a grid and its ways: boxes, gaps as wide as their tracks need, and a path of straight pieces for every way."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from otwatch.outputs.page.grid import Band, Grid, Way, tracks

TRACK = 13.0
"""Between two lines that run side by side."""
GAP = 20.0
"""Of a gap without lines, and around its lines."""
_NEAR = 16.0
"""Ports of two boxes less apart than this are joined by a straight line."""

Point = tuple[float, float]


class Size(NamedTuple):
    """Of a box."""

    width: float
    height: float


class Box(NamedTuple):
    name: str
    x: float
    y: float


class Drawing(NamedTuple):
    """`paths`: for every way, in their order, the corners it goes through. `bands`: for every band, its top and its bottom."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    paths: tuple[tuple[Point, ...], ...]
    bands: tuple[tuple[float, float], ...]


class _Side(NamedTuple):
    """One side of a box: its lower or its upper edge."""

    name: str
    below: bool


def drawn(grid: Grid, ways: Sequence[Way], margin: float, size: Size) -> Drawing:
    """`margin`: room at the left for the names of levels."""
    gutters, gutter_sizes = _gutter_tracks(grid, ways)
    lefts, width = _sums(margin, gutter_sizes, grid.columns, size.width)
    columns = [left + gutter_sizes[at] for at, left in enumerate(lefts)]
    down = [lefts[way.gutter] + GAP / 2 + TRACK * (track + 0.5) for way, track in zip(ways, gutters, strict=True)]
    ports = _ports(grid, ways, columns, down, size.width)
    channels, sizes = _channel_tracks(grid, ways, ports, down)
    tops, height = _sums(0.0, sizes, grid.rows, size.height)
    rows = [top + sizes[at] for at, top in enumerate(tops)]
    levels = [_levels(tops, way, pair) for way, pair in zip(ways, channels, strict=True)]
    boxes = {name: Box(name, columns[cell.column], rows[cell.row]) for name, cell in grid.cells.items()}
    paths = tuple(_path(way, boxes, ports[at], down[at], levels[at], size.height) for at, way in enumerate(ways))
    return Drawing(width, height, tuple(boxes.values()), paths, tuple(_band(band, rows, size.height) for band in grid.bands))


def _band(band: Band, rows: list[float], height: float) -> tuple[float, float]:
    return rows[band.first] - GAP / 2, rows[band.last - 1] + height + GAP / 2


def _sums(begin: float, gaps: list[float], between: int, size: float) -> tuple[list[float], float]:
    """Where each gap begins, and the end of the last."""
    starts, at = [], begin
    for index, gap in enumerate(gaps):
        starts.append(at)
        at += gap + (size if index < between else 0.0)
    return starts, at


def _gutter_tracks(grid: Grid, ways: Sequence[Way]) -> tuple[list[int], list[float]]:
    given = [0] * len(ways)
    sizes = [GAP] * (grid.columns + 1)
    for gutter in range(grid.columns + 1):
        members = [at for at, way in enumerate(ways) if way.gutter == gutter]
        found, needed = tracks([(ways[at].leaves, ways[at].enters) for at in members], 0.0)
        for at, track in zip(members, found, strict=True):
            given[at] = track
        sizes[gutter] = GAP + TRACK * needed
    return given, sizes


def _ports(grid: Grid, ways: Sequence[Way], columns: list[float], down: list[float], width: float) -> list[tuple[float, float]]:
    """Where each way leaves and enters, in x. Ends on one side of a box stand in the order of where they come from."""
    ends: defaultdict[_Side, list[tuple[float, int, int]]] = defaultdict(list)
    for at, way in enumerate(ways):
        names = way.source, way.target
        for end, channel in enumerate((way.leaves, way.enters)):
            own, other = names[end], names[1 - end]
            towards = down[at] if way.gutter >= 0 else columns[grid.cells[other].column] + width / 2
            ends[_Side(own, channel > grid.cells[own].row)].append((towards, at, end))
    found = [[0.0, 0.0] for _ in ways]
    for side, members in ends.items():
        left = columns[grid.cells[side.name].column] + (3 if side.below else -3)  # so that ends of two boxes never share a line
        for place, (_, at, end) in enumerate(sorted(members), 1):
            found[at][end] = left + width * place / (len(members) + 1)
    return [(one[0], _straight(*one) if way.gutter < 0 else one[1]) for one, way in zip(found, ways, strict=True)]


def _straight(leaves: float, enters: float) -> float:
    return leaves if abs(leaves - enters) < _NEAR else enters


def _channel_tracks(
    grid: Grid, ways: Sequence[Way], ports: list[tuple[float, float]], down: list[float]
) -> tuple[list[list[int]], list[float]]:
    """The tracks of each way in the channels it leaves and enters by, and how high the channels are."""
    spans: defaultdict[int, list[tuple[tuple[float, float], int, int]]] = defaultdict(list)
    for at, way in enumerate(ways):
        if way.gutter < 0:
            if ports[at][0] != ports[at][1]:
                spans[way.leaves].append((ports[at], at, 0))
        else:
            spans[way.leaves].append(((ports[at][0], down[at]), at, 0))
            spans[way.enters].append(((down[at], ports[at][1]), at, 1))
    given = [[0, 0] for _ in ways]
    sizes = [GAP * 1.5] * (grid.rows + 1)
    for channel, members in spans.items():
        found, needed = tracks([span for span, _, _ in members], TRACK)
        for (_, at, end), track in zip(members, found, strict=True):
            given[at][end] = track
        sizes[channel] = GAP * 1.5 + TRACK * needed
    return given, sizes


def _levels(tops: list[float], way: Way, pair: list[int]) -> tuple[float, float]:
    """The y of a way in the two channels."""
    leaves, enters = (
        tops[channel] + GAP * 0.75 + TRACK * (track + 0.5) for channel, track in zip((way.leaves, way.enters), pair, strict=True)
    )
    return leaves, enters


def _path(
    way: Way, boxes: dict[str, Box], ports: tuple[float, float], down: float, levels: tuple[float, float], height: float
) -> tuple[Point, ...]:
    start, end = boxes[way.source], boxes[way.target]
    begin_y = start.y + height if levels[0] > start.y else start.y
    end_y = end.y + height if levels[1] > end.y else end.y
    if way.gutter >= 0:
        corners = [(ports[0], levels[0]), (down, levels[0]), (down, levels[1]), (ports[1], levels[1])]
    elif ports[0] == ports[1]:
        corners = []
    else:
        corners = [(ports[0], levels[0]), (ports[1], levels[0])]
    return (ports[0], begin_y), *corners, (ports[1], end_y)
