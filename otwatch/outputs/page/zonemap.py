"""The map: zones by level, what goes between them, drawn for a wide screen and for a narrow one, and the same in words."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log10
from typing import NamedTuple

from otwatch.outputs.page.grid import Stop, placed, ways
from otwatch.outputs.page.naming import anchor, to
from otwatch.outputs.page.routes import Box, Drawing, Point, Size, drawn
from otwatch.outputs.passages import CALM, Passage, done, passages, protocols
from otwatch.outputs.voice import GROUP, Voice
from otwatch.results import Results, ZoneRow

_MARGIN = 26.0
_RADIUS = 6.0
_THIN, _PLAIN, _THICK = 1.3, 2.4, 4.5
"""Widths of lines: the least, the least of what needs attention, the most."""
_SHARES = (0.5, 0.3, 0.7, 0.15, 0.85)
"""Places on a piece where a number may stand."""
_MARK = 26.0
"""Room for a number."""
_UNZONED_LEVEL, _OUTSIDE_LEVEL = 2.0, 4.0
"""Of what stands in no zone, and of public addresses where the site declares none (zones.policy)."""
OUTSIDE_ID = "(internet)"


class Form(NamedTuple):
    """How a picture is drawn: so many columns of boxes, with so many letters to a line. Up to `widest` it can be read on a screen."""

    name: str
    columns: int
    box: Size
    letters: int
    lines: int
    widest: float


FORMS = (Form("wide", 5, Size(184.0, 62.0), 24, 2, 1700.0), Form("narrow", 2, Size(172.0, 84.0), 18, 3, 640.0))


class Tile(NamedTuple):
    """A zone as it is drawn. `worst` is the severity of its most serious finding, -1 without one."""

    href: str
    title: str
    lines: tuple[str, ...]
    note: str
    criticality: str
    worst: int
    findings: str
    zone: str
    x: float
    y: float


class Line(NamedTuple):
    """A passage as it is drawn: `path` and `arrow` in the language of SVG; `mark` is where its number stands."""

    href: str
    title: str
    verdict: str
    number: int
    source: str
    target: str
    path: str
    arrow: str
    writes: bool
    width: float
    mark: Point


class Band(NamedTuple):
    label: str
    top: float
    height: float


class Picture(NamedTuple):
    """`is_broad`: too wide to be shrunk to a screen, it is moved there."""

    name: str
    is_broad: bool
    width: float
    height: float
    box: Size
    tiles: tuple[Tile, ...]
    lines: tuple[Line, ...]
    bands: tuple[Band, ...]


class Crossing(NamedTuple):
    """A passage in words."""

    id: str
    href: str
    number: int
    client: str
    client_href: str
    server: str
    server_href: str
    verdict: str
    verdict_said: str
    protocols: str
    done: str
    writes: int
    size: str
    conversations: str


class ZoneMap(NamedTuple):
    """`silent`: zones of which nothing was heard."""

    pictures: tuple[Picture, ...]
    crossings: tuple[Crossing, ...]
    verdicts: tuple[tuple[str, str, int], ...]
    silent: tuple[str, ...]


def zone_map(results: Results, voice: Voice) -> ZoneMap:
    found = passages(results)
    zones = heard_zones(results, found)
    pictures = tuple(_picture(form, zones, found, results, voice) for form in FORMS)
    verdicts = Counter(passage.verdict for passage in found)
    counted = tuple((verdict, voice.words.term("verdict", verdict), times) for verdict, times in verdicts.items())
    there = {zone.id for zone in zones}
    silent = tuple(voice.zone(zone.id) for zone in results.zones if not zone.suggested and zone.id not in there)
    return ZoneMap(pictures, tuple(_crossing(number, one, voice) for number, one in enumerate(found, 1)), counted, silent)


def heard_zones(results: Results, found: Sequence[Passage]) -> list[ZoneRow]:
    """Zones in which something is or speaks, in the order of the site; what stands in no zone has a place, too."""
    members = Counter(asset.zone for asset in results.assets if asset.kind != GROUP)
    talking = {zone for passage in found for zone in (passage.client_zone, passage.server_zone)}
    known = [zone._replace(assets=members[zone.id]) for zone in results.zones if members[zone.id] or zone.id in talking]
    others = sorted((members.keys() | talking) - {zone.id for zone in results.zones})
    return known + [_undeclared(name, members[name]) for name in others]


def _undeclared(name: str, assets: int) -> ZoneRow:
    level = _OUTSIDE_LEVEL if name == OUTSIDE_ID else _UNZONED_LEVEL
    return ZoneRow(name, {}, "internet" if name == OUTSIDE_ID else "unknown", level, "", assets, False, 1.0, ())


def _picture(form: Form, zones: list[ZoneRow], found: Sequence[Passage], results: Results, voice: Voice) -> Picture:
    grid = placed([Stop(zone.id, zone.level) for zone in zones], form.columns)
    routes = ways(grid, [(passage.client_zone, passage.server_zone) for passage in found])
    drawing = drawn(grid, routes, _MARGIN, form.box)
    boxes = {box.name: box for box in drawing.boxes}
    tiles = tuple(_tile(zone, boxes[zone.id], form, results, voice) for zone in zones)
    marks = marked(drawing.paths)
    widths = _widths(found)
    lines = tuple(_line(number, *one, voice) for number, one in enumerate(zip(found, widths, drawing.paths, marks, strict=True), 1))
    bands = _bands(drawing, [band.level for band in grid.bands], voice)
    return Picture(form.name, drawing.width > form.widest, round(drawing.width, 1), round(drawing.height, 1), form.box, tiles, lines, bands)


def _bands(drawing: Drawing, levels: Sequence[float], voice: Voice) -> tuple[Band, ...]:
    named = zip(levels, drawing.bands, strict=True)
    return tuple(Band(voice.words("page.map.level", level=f"{level:g}"), round(top, 1), round(end - top, 1)) for level, (top, end) in named)


def _tile(zone: ZoneRow, box: Box, form: Form, results: Results, voice: Voice) -> Tile:
    words = voice.words
    alerts = [alert for alert in results.alerts if zone.id in {alert.client_zone, alert.server_zone}]
    name = voice.zone(zone.id)
    return Tile(
        to("zone", zone.id), name, folded(name, form.letters, form.lines), words.count("asset", zone.assets), zone.criticality,
        max((alert.severity for alert in alerts), default=-1), words.count("finding", len(alerts)) if alerts else "",
        anchor("zone", zone.id), round(box.x, 1), round(box.y, 1),
    )  # fmt: skip


def folded(name: str, letters: int, lines: int) -> tuple[str, ...]:
    """A name in at most so many lines; what does not fit ends in an ellipsis."""
    done_lines: list[str] = [""]
    for word in name.split():
        longer = f"{done_lines[-1]} {word}".strip()
        if len(longer) <= letters or not done_lines[-1]:
            done_lines[-1] = longer
        else:
            done_lines.append(word)
    if len(done_lines) > lines:
        done_lines = [*done_lines[: lines - 1], f"{done_lines[lines - 1]}…"]
    return tuple(line if len(line) <= letters + 1 else f"{line[:letters]}…" for line in done_lines)


# -- lines ------------------------------------------------------------------------------------------------------------------------


def _line(number: int, passage: Passage, width: float, corners: Sequence[Point], mark: Point, voice: Voice) -> Line:
    ends = passage.client_zone, passage.server_zone
    title = voice.words(
        "page.map.line", client=voice.zone(ends[0]), server=voice.zone(ends[1]), verdict=voice.words.term("verdict", passage.verdict),
        protocols=protocols(passage.links), done=done(passage.links, voice),
    )  # fmt: skip
    return Line(
        to("passage", *ends), title, passage.verdict.replace(" ", "-"), number, anchor("zone", ends[0]), anchor("zone", ends[1]),
        _curved(corners), _arrow(corners, width), passage.writes > 0, round(width, 1), mark,
    )  # fmt: skip


def _widths(found: Sequence[Passage]) -> list[float]:
    """By volume: a tenth of the largest volume makes a line half as wide."""
    most = max((passage.bytes for passage in found), default=0) or 1
    return [max(_THIN if one.verdict in CALM else _PLAIN, _THICK * (one.bytes / most) ** log10(2)) for one in found]


def _curved(corners: Sequence[Point]) -> str:
    """The corners as an SVG path, rounded."""
    steps = [f"M{_said(corners[0])}"]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        steps.append(f"L{_said(_towards(corner, before))}Q{_said(corner)} {_said(_towards(corner, after))}")
    return "".join([*steps, f"L{_said(corners[-1])}"])


def _towards(start: Point, end: Point) -> Point:
    """A point of the way from a corner, as far as the corner is round; not beyond the middle of a short piece."""
    length = abs(end[0] - start[0]) + abs(end[1] - start[1])
    share = min(_RADIUS, length / 2) / length if length else 0.0
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _said(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _arrow(corners: Sequence[Point], width: float) -> str:
    """A triangle whose tip touches the target."""
    (x, y), half = corners[-1], 4.0 + width / 2
    back = y - 2 * half if corners[-2][1] < y else y + 2 * half
    return f"M{_said((x, y))}L{_said((x - half, back))}L{_said((x + half, back))}Z"


def marked(paths: Sequence[Sequence[Point]]) -> list[Point]:
    """Where the number of each path stands: on a long piece of it, away from the numbers of paths before."""
    taken: list[Point] = []
    for corners in paths:
        pieces = sorted(pairwise(corners), key=lambda piece: -_length(piece))
        places = [_between(piece, share) for piece in pieces for share in _SHARES if _length(piece) > _MARK]
        free = (place for place in places if all(abs(place[0] - x) + abs(place[1] - y) > _MARK for x, y in taken))
        taken.append(next(free, (places or [corners[0]])[0]))
    return taken


def _length(piece: tuple[Point, Point]) -> float:
    return abs(piece[0][0] - piece[1][0]) + abs(piece[0][1] - piece[1][1])


def _between(piece: tuple[Point, Point], share: float) -> Point:
    (x, y), (to_x, to_y) = piece
    return round(x + (to_x - x) * share, 1), round(y + (to_y - y) * share, 1)


def _crossing(number: int, passage: Passage, voice: Voice) -> Crossing:
    ends = passage.client_zone, passage.server_zone
    return Crossing(
        anchor("passage", *ends), to("passage", *ends), number,
        voice.zone(ends[0]), to("zone", ends[0]), voice.zone(ends[1]), to("zone", ends[1]),
        passage.verdict.replace(" ", "-"), voice.words.term("verdict", passage.verdict),
        protocols(passage.links), done(passage.links, voice),
        passage.writes, voice.size(passage.bytes) if passage.bytes else "", voice.words.count("conversation", len(passage.links)),
    )  # fmt: skip
