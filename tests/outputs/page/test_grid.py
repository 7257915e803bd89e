"""Zones stand in rows by level, and lines that would lie on each other get tracks of their own."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from otwatch.outputs.page.grid import Band, Cell, Stop, placed, tracks, ways

LEVELS = (4.0, 3.5, 3.0, 2.0, 1.0, 0.0)
stops = st.lists(st.sampled_from(LEVELS), min_size=1, max_size=30).map(
    lambda levels: [Stop(f"z{at}", level) for at, level in enumerate(levels)]
)
spans = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=30)


def test_levels_from_top_to_bottom_rows_even_and_centred() -> None:
    grid = placed([Stop("plc", 1), Stop("office", 4), *(Stop(f"s{at}", 3) for at in range(6))], 5)
    assert grid.columns == 3
    assert grid.bands == (Band(4, 0, 1), Band(3, 1, 3), Band(1, 3, 4))
    assert grid.cells["office"] == Cell(0, 1)
    assert [grid.cells[f"s{at}"] for at in range(6)] == [Cell(1, 0), Cell(1, 1), Cell(1, 2), Cell(2, 0), Cell(2, 1), Cell(2, 2)]
    assert grid.cells["plc"] == Cell(3, 1)


def test_of_nothing_there_is_an_empty_grid() -> None:
    assert placed([], 5).rows == 0


@given(found=stops, columns=st.integers(1, 6))
def test_every_zone_has_a_cell_of_its_own_below_all_higher_ones(found: list[Stop], columns: int) -> None:
    grid = placed(found, columns)
    assert len(set(grid.cells.values())) == len(found)
    assert all(0 <= cell.column < grid.columns <= columns for cell in grid.cells.values())
    for one, other in combinations(found, 2):
        if one.level > other.level:
            assert grid.cells[one.name].row < grid.cells[other.name].row


def test_a_way_takes_the_channel_between_or_a_gutter_beside() -> None:
    grid = placed([Stop("a", 4), Stop("b", 4), Stop("c", 3), Stop("d", 3), Stop("e", 1), Stop("f", 1)], 2)
    found = [
        (way.leaves, way.enters, way.gutter) for way in ways(grid, [("a", "d"), ("d", "a"), ("c", "d"), ("a", "f"), ("e", "a"), ("a", "e")])
    ]
    assert found == [(1, 1, -1), (1, 1, -1), (2, 2, -1), (1, 2, 1), (2, 1, 0), (1, 2, 0)]


@given(given_spans=spans, apart=st.integers(0, 5))
def test_on_one_track_nothing_touches(given_spans: list[tuple[int, int]], apart: int) -> None:
    found, needed = tracks(given_spans, apart)
    assert all(0 <= track < needed for track in found)
    for (one, track), (other, other_track) in combinations(zip(given_spans, found, strict=True), 2):
        if track == other_track:
            assert max(one) + apart < min(other) or max(other) + apart < min(one)


def test_tracks_are_used_again() -> None:
    assert tracks([(0, 10), (5, 15), (20, 30), (12, 18)], 0) == ([0, 1, 0, 0], 2)
