"""Numbers for rows of integers: the one hash table of the wire half, vectorised and exact.

Open addressing over NumPy columns. The hash is multilinear with random odd factors per process, so nobody outside can
choose rows that collide; and a hash alone is never trusted: every hit is compared word by word.
"""

from secrets import randbits

import numpy as np
from numpy.typing import NDArray

from otwatch.packets import I64, U64

_FACTORS: U64 = np.array([randbits(64) | 1 for _ in range(128)], dtype=np.uint64)
_MIX = np.uint64(0x9E3779B97F4A7C15)


def row_hash(rows: U64) -> U64:
    """A 64-bit keyed hash of each row of uint64 words (at most 128 words)."""
    mixed: U64 = (rows * _FACTORS[: rows.shape[1]]).sum(axis=1, dtype=np.uint64)
    return (mixed ^ (mixed >> np.uint64(31))) * _MIX


class RowIndex:
    """Numbers distinct rows 0, 1, 2 ... in the order they are added."""

    __slots__ = ("_keys", "_shift", "_slots", "size")

    def __init__(self, width: int, capacity: int = 64) -> None:
        self.size = 0
        self._keys: U64 = np.zeros((capacity, width), dtype=np.uint64)
        self._shift = np.uint64(0)
        self._slots: NDArray[np.int32] = np.empty(0, dtype=np.int32)
        self._lay_out()

    def find(self, rows: U64) -> I64:
        """The number of each row, -1 where it was never added."""
        found = np.full(len(rows), -1, dtype=np.int64)
        if not self.size or not len(rows):
            return found
        last = len(self._slots) - 1
        slot = (row_hash(rows) >> self._shift).astype(np.int64)
        at = self._slots[slot].astype(np.int64)
        same = (self._keys[at] == rows).all(axis=1) & (at >= 0)
        found[same] = at[same]
        left = np.flatnonzero(~same & (at >= 0))
        while len(left):
            slot[left] = (slot[left] + 1) & last
            at = self._slots[slot[left]].astype(np.int64)
            same = (self._keys[at] == rows[left]).all(axis=1) & (at >= 0)
            found[left[same]] = at[same]
            left = left[~same & (at >= 0)]
        return found

    def number(self, rows: U64) -> tuple[I64, I64]:
        """The number of each row, adding what is new; and the positions in `rows` where the new ones first stand."""
        numbers = self.find(rows)
        missing = np.flatnonzero(numbers < 0)
        if not len(missing):
            return numbers, missing
        fresh = np.ascontiguousarray(rows[missing])
        _, first, inverse = np.unique(fresh.view([("", np.uint64)] * fresh.shape[1]).ravel(), return_index=True, return_inverse=True)
        rank = np.empty(len(first), dtype=np.int64)
        order = np.argsort(first)
        rank[order] = np.arange(len(first))
        numbers[missing] = self.size + rank[inverse]
        self.add(fresh[first[order]])
        return numbers, missing[first[order]]

    def add(self, rows: U64) -> None:
        """Number rows that are distinct and new, in their order."""
        before = self.size
        self.size += len(rows)
        if self.size > len(self._keys):
            grown = np.zeros((max(self.size, 2 * len(self._keys)), self._keys.shape[1]), dtype=np.uint64)
            grown[:before] = self._keys[:before]
            self._keys = grown
        self._keys[before : self.size] = rows
        if self.size * 2 > len(self._slots):
            self._lay_out()
        else:
            self._place(np.arange(before, self.size))

    def keep(self, chosen: I64) -> None:
        """Forget all rows but those numbered in `chosen`, which are numbered anew in that order."""
        self._keys[: len(chosen)] = self._keys[chosen]
        self.size = len(chosen)
        self._lay_out()

    def _lay_out(self) -> None:
        bits = max(6, int(4 * max(self.size, 1) - 1).bit_length())
        self._shift = np.uint64(64 - bits)
        self._slots = np.full(1 << bits, -1, dtype=np.int32)
        self._place(np.arange(self.size))

    def _place(self, numbers: I64) -> None:
        last = len(self._slots) - 1
        slot = (row_hash(self._keys[numbers]) >> self._shift).astype(np.int64)
        while len(numbers):
            free = self._slots[slot] < 0
            taken, winner = np.unique(slot[free], return_index=True)
            won = np.flatnonzero(free)[winner]
            self._slots[taken] = numbers[won]
            left = np.ones(len(numbers), dtype=np.bool_)
            left[won] = False
            numbers, slot = numbers[left], (slot[left] + 1) & last
