"""The hash table of the wire half against a dictionary."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from otwatch.decode.rows import RowIndex

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2**64 - 1) | st.integers(0, 3)), max_size=60)


@given(st.lists(ROWS, max_size=4))
def test_numbers_rows_like_a_dictionary(batches: list[list[tuple[int, int]]]) -> None:
    index, known = RowIndex(2), {}
    for batch in batches:
        rows = np.array(batch, dtype=np.uint64).reshape(-1, 2)
        numbers, fresh = index.number(rows)
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
    index.number(np.array(distinct, dtype=np.uint64).reshape(-1, 2))
    chosen = data.draw(st.lists(st.sampled_from(range(len(distinct))), unique=True)) if distinct else []
    index.keep(np.array(chosen, dtype=np.int64))
    expected = [chosen.index(at) if at in chosen else -1 for at in range(len(distinct))]
    assert index.find(np.array(distinct, dtype=np.uint64).reshape(-1, 2)).tolist() == expected


def test_many_rows_with_one_slot_are_told_apart() -> None:
    rows = np.arange(200_000, dtype=np.uint64).reshape(-1, 2)
    index = RowIndex(2)
    numbers, _ = index.number(rows)
    assert numbers.tolist() == list(range(100_000))
    assert index.find(rows[::-1]).tolist() == list(range(100_000))[::-1]
    assert index.find(rows + np.uint64(1_000_000)).max() == -1
