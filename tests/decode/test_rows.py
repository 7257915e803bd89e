"""The hash table of the wire half against a dictionary."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.decode import rows as table
from otwatch.decode.rows import RowIndex, distinct, order

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2**64 - 1) | st.integers(0, 3)), max_size=60)


@given(st.lists(ROWS, max_size=4))
def test_numbers_rows_like_a_dictionary(batches: list[list[tuple[int, int]]]) -> None:
    index, known = RowIndex(2), {}
    for batch in batches:
        rows = np.array(batch, dtype=np.uint64).reshape(-1, 2).T
        numbers, fresh = index.number(rows, index.find(rows))
        first = [at for at, row in enumerate(batch) if row not in known and row not in batch[:at]]
        for row in batch:
            known.setdefault(row, len(known))
        assert numbers.tolist() == [known[row] for row in batch]
        assert fresh.tolist() == first
    assert index.size == len(known)


@given(ROWS, st.data())
def test_keep_renumbers_in_the_given_order(rows: list[tuple[int, int]], data: st.DataObject) -> None:
    distinct = list(dict.fromkeys(rows))
    index = RowIndex(2)
    index.add(np.array(distinct, dtype=np.uint64).reshape(-1, 2).T)
    chosen = data.draw(st.lists(st.sampled_from(range(len(distinct))), unique=True)) if distinct else []
    index.keep(np.array(chosen, dtype=np.int64))
    expected = [chosen.index(at) if at in chosen else -1 for at in range(len(distinct))]
    assert index.find(np.array(distinct, dtype=np.uint64).reshape(-1, 2).T).tolist() == expected


def test_many_rows_with_one_slot_are_told_apart() -> None:
    rows = np.arange(200_000, dtype=np.uint64).reshape(-1, 2).T
    index = RowIndex(2)
    numbers, _ = index.number(rows, index.find(rows))
    assert numbers.tolist() == list(range(100_000))
    assert index.find(rows[:, ::-1]).tolist() == list(range(100_000))[::-1]
    assert index.find(rows + np.uint64(1_000_000)).max() == -1


@given(ROWS, st.booleans())
def test_distinct_rows_are_told_apart_whatever_their_hash(rows: list[tuple[int, int]], same_hash: bool) -> None:
    known = list(dict.fromkeys(rows))
    with pytest.MonkeyPatch.context() as patch:
        if same_hash:
            patch.setattr(table, "row_hash", lambda given, _: np.zeros(given.shape[1], dtype=np.uint64))
        first, which = distinct(np.array(rows, dtype=np.uint64).reshape(-1, 2).T)
    assert [rows[at] for at in first] == known
    assert which.tolist() == [known.index(row) for row in rows]


@given(st.lists(st.tuples(st.integers(0, 2**62) | st.integers(0, 5), st.integers(0, 3))))
def test_order_is_stable(rows: list[tuple[int, int]]) -> None:
    key, above = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    assert order(key).tolist() == sorted(range(len(rows)), key=lambda at: rows[at][0])
    assert order(key, above).tolist() == sorted(range(len(rows)), key=lambda at: rows[at][::-1])
