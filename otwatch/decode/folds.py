"""Counting for ever: rows with the same key inside one slot of packet time become one row, in columns.

Nothing here depends on where a batch ends: a slot is open until a row of a later slot arrives, and its rows are then given out
once, ordered by key.
"""

from collections.abc import Callable

import numpy as np

from otwatch.decode.rows import order
from otwatch.packets import I64

COMPACT = 262_144
"""Rows that may wait before they are summed up, although their slot is still open."""


Reduce = Callable[[I64, I64], I64]
"""How the values of one column become one: column and `starts`, the first row of each group of sorted rows."""


def _last(column: I64, starts: I64) -> I64:
    last: I64 = column[np.append(starts[1:], len(column)) - 1]
    return last


SUM: Reduce = np.add.reduceat
LEAST: Reduce = np.minimum.reduceat
MOST: Reduce = np.maximum.reduceat
ANY: Reduce = np.bitwise_or.reduceat
LAST: Reduce = _last


class Fold:
    """Sums columns by (slot, key); `columns` says how each value column is reduced."""

    def __init__(self, *columns: Reduce) -> None:
        self._reduce = columns
        self._waiting: list[tuple[I64, ...]] = []
        self._rows = 0

    def __len__(self) -> int:
        """Rows that wait."""
        return self._rows

    def add(self, slot: I64, key: I64, *values: I64) -> None:
        """Add rows in the order they were seen."""
        if not len(slot):
            return
        self._waiting.append(self._summed((slot, key, *values)))
        self._rows += len(self._waiting[-1][0])
        if self._rows > COMPACT:
            self._gather()

    def closed(self, slot: int) -> tuple[I64, ...]:
        """The columns (slot, key, values...) of all slots before `slot`, sorted by slot and key; they are forgotten here."""
        columns = self._gather()
        border = int(np.searchsorted(columns[0], slot))
        kept = tuple(column[border:] for column in columns)
        self._waiting, self._rows = ([kept] if len(kept[0]) else []), len(kept[0])
        return tuple(column[:border] for column in columns)

    def _gather(self) -> tuple[I64, ...]:
        if not self._waiting:
            return tuple(np.empty(0, dtype=np.int64) for _ in range(2 + len(self._reduce)))
        if len(self._waiting) > 1:
            joined = tuple(np.concatenate(parts) for parts in zip(*self._waiting, strict=True))
            self._waiting = [self._summed(joined)]
            self._rows = len(self._waiting[0][0])
        return self._waiting[0]

    def _summed(self, columns: tuple[I64, ...]) -> tuple[I64, ...]:
        slot, key = columns[0], columns[1]
        sorting = order(key, slot)
        slot, key = slot[sorting], key[sorting]
        border = np.ones(len(slot), dtype=np.bool_)
        border[1:] = (slot[1:] != slot[:-1]) | (key[1:] != key[:-1])
        starts = np.flatnonzero(border)
        values = (reduce(column[sorting], starts) for reduce, column in zip(self._reduce, columns[2:], strict=True))
        return slot[starts], key[starts], *values
