"""No line crosses a zone, none lies on another, and all stay inside the picture: for any zones and any lines between them."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from otwatch.outputs.page.grid import Stop, placed, ways
from otwatch.outputs.page.routes import Drawing, Point, Size, drawn

SIZE = Size(160.0, 62.0)
Piece = tuple[Point, Point]


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    levels = draw(st.lists(st.sampled_from((4.0, 3.0, 2.0, 1.0)), min_size=2, max_size=16))
    names = [f"z{at}" for at in range(len(levels))]
    grid = placed([Stop(name, level) for name, level in zip(names, levels, strict=True)], draw(st.integers(1, 5)))
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda pair: pair[0] != pair[1]), unique=True, max_size=25
        )
    )
    return drawn(grid, ways(grid, pairs), 26.0, SIZE)


def pieces(corners: tuple[Point, ...]) -> Iterator[Piece]:
    return ((one, other) for one, other in pairwise(corners) if one != other)


def is_across(piece: Piece, x: float, y: float) -> bool:
    """Whether a piece goes through the inside of the box at this corner."""
    (x1, y1), (x2, y2) = piece
    return min(x1, x2) < x + SIZE.width and max(x1, x2) > x and min(y1, y2) < y + SIZE.height and max(y1, y2) > y


def overlap(one: Piece, other: Piece) -> bool:
    """Whether two pieces share more than a point."""
    for along, over in ((0, 1), (1, 0)):
        flat = {one[0][over], one[1][over], other[0][over], other[1][over]}
        if len(flat) == 1:
            begin = max(min(one[0][along], one[1][along]), min(other[0][along], other[1][along]))
            return begin < min(max(one[0][along], one[1][along]), max(other[0][along], other[1][along]))
    return False


@given(found=drawings())
def test_lines_go_straight_and_across_no_zone(found: Drawing) -> None:
    for corners in found.paths:
        for piece in pieces(corners):
            assert piece[0][0] == piece[1][0] or piece[0][1] == piece[1][1]
            assert not [box for box in found.boxes if is_across(piece, box.x, box.y)]


@given(found=drawings())
def test_no_line_lies_on_another(found: Drawing) -> None:
    for one, other in combinations(found.paths, 2):
        assert not [pair for pair in ((a, b) for a in pieces(one) for b in pieces(other)) if overlap(*pair)]


@given(found=drawings())
def test_everything_is_inside(found: Drawing) -> None:
    for corners in found.paths:
        assert all(26 <= x <= found.width and 0 <= y <= found.height for x, y in corners)
    assert all(
        box.x >= 26 and box.x + SIZE.width <= found.width and box.y >= 0 and box.y + SIZE.height <= found.height for box in found.boxes
    )
    assert all(0 <= top < bottom <= found.height for top, bottom in found.bands)


@given(found=drawings())
def test_lines_begin_and_end_at_their_zones(found: Drawing) -> None:
    edges = {y for box in found.boxes for y in (box.y, box.y + SIZE.height)}
    assert all({corners[0][1], corners[-1][1]} <= edges for corners in found.paths)


def test_the_same_zones_are_drawn_the_same() -> None:
    grid = placed([Stop("office", 4), Stop("plc", 1)], 5)
    found = drawn(grid, ways(grid, [("office", "plc")]), 26.0, SIZE)
    assert found == drawn(grid, ways(grid, [("office", "plc")]), 26.0, SIZE)
    assert [(box.name, box.x, box.y) for box in found.boxes] == [("office", 46.0, 30.0), ("plc", 46.0, 122.0)]
    assert found.paths == (((129.0, 92.0), (129.0, 122.0)),)
