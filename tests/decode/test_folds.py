"""Folding by slot and key, in whatever portions the rows arrive."""

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from otwatch.decode import folds
from otwatch.decode.folds import ANY, LAST, LEAST, MOST, SUM, Fold

ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 1000)), max_size=50).map(
    lambda rows: sorted(rows, key=lambda row: row[0])
)


def expected(rows: list[tuple[int, int, int]], before: int) -> list[tuple[int, ...]]:
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for slot, key, value in rows:
        groups[slot, key].append(value)
    out = []
    for (slot, key), values in sorted(groups.items()):
        bits = 0
        for value in values:
            bits |= value
        if slot < before:
            out.append((slot, key, sum(values), min(values), max(values), bits, values[-1]))
    return out


@given(ROWS, st.integers(0, 6), st.integers(1, 20), st.booleans())
def test_sums_do_not_depend_on_the_portions(rows: list[tuple[int, int, int]], before: int, portion: int, compact: bool) -> None:
    fold = Fold(SUM, LEAST, MOST, ANY, LAST)
    folds.COMPACT, usual = (3 if compact else folds.COMPACT), folds.COMPACT
    try:
        for at in range(0, len(rows), portion):
            slot, key, value = np.array(rows[at : at + portion], dtype=np.int64).T
            fold.add(slot, key, value, value, value, value, value)
        first = list(zip(*(column.tolist() for column in fold.closed(before)), strict=True))
        rest = list(zip(*(column.tolist() for column in fold.closed(99)), strict=True))
    finally:
        folds.COMPACT = usual
    assert first == expected(rows, before)
    assert first + rest == expected(rows, 99)
