"""Numbers for rows of integers: the one hash table of the wire half, vectorised and exact; and the one way to sort.

Rows lie in columns: an array of shape (words, rows), uint64, so that each step touches memory in order.
Open addressing over NumPy columns. The hash is multilinear with random odd factors per process, so nobody outside can
choose rows that collide; and a hash alone is never trusted: every hit is compared word by word.
"""

from collections.abc import Iterable, Sequence
from secrets import randbits

import numpy as np
from numpy.typing import NDArray

from otwatch.packets import I64, U64, Bools

_FACTORS: U64 = np.array([randbits(64) | 1 for _ in range(128)], dtype=np.uint64)
_MIX = np.uint64(0x9E3779B97F4A7C15)


def row_hash(rows: U64, words: Iterable[int]) -> U64:
    """A 64-bit keyed hash of each row, of which only these words are given (of at most 128): a word that is zero adds nothing."""
    mixed = np.zeros(rows.shape[1], dtype=np.uint64)
    for row, word in zip(rows, words, strict=True):
        mixed += row * _FACTORS[word]
    mixed ^= mixed >> np.uint64(31)
    mixed *= _MIX
    return mixed


def order(key: I64, above: I64 | None = None) -> I64:
    """The stable order of non-negative keys, by `above` first, which is non-negative too.

    Key and position are packed into one integer where they fit: sorting plain integers costs a tenth of sorting by key.
    """
    size = len(key)
    if not size:
        return np.empty(0, dtype=np.int64)
    place_bits, key_bits = size.bit_length(), int(key.max()).bit_length()
    packed, bits = key, key_bits
    if above is not None:
        least = above.min()
        bits += int(above.max() - least).bit_length()
        packed = key | (above - least) << key_bits
    if place_bits + bits > 63:
        return np.argsort(key, kind="stable") if above is None else np.lexsort((key, above))
    ordered: I64 = np.sort(packed << place_bits | np.arange(size)) & (1 << place_bits) - 1
    return ordered


def _same(rows: U64, others: U64) -> Bools:
    """Which rows are equal word by word."""
    same: Bools = rows[0] == others[0]
    for word, other in zip(rows[1:], others[1:], strict=True):
        same &= word == other
    return same


def distinct(rows: U64) -> tuple[I64, I64]:
    """Where distinct rows first stand, ascending, and for every row which of them it is."""
    hashes = row_hash(rows, range(len(rows)))
    by_hash = np.argsort(hashes, kind="stable")
    alike = hashes[by_hash][1:] == hashes[by_hash][:-1]
    equal = _same(rows[:, by_hash[1:]], rows[:, by_hash[:-1]])
    if (alike & ~equal).any():
        by_hash = np.lexsort(rows)
        equal = _same(rows[:, by_hash[1:]], rows[:, by_hash[:-1]])
    begins = np.ones(len(by_hash), dtype=np.bool_)
    begins[1:] = ~equal
    first = by_hash[begins]
    which = np.empty(len(by_hash), dtype=np.int64)
    which[by_hash] = np.cumsum(begins) - 1
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.sort(first), rank[which]


class RowIndex:
    """Numbers distinct rows 0, 1, 2 ... in the order they are added."""

    __slots__ = ("_keys", "_shift", "_slots", "size")

    def __init__(self, width: int, capacity: int = 64) -> None:
        self.size = 0
        self._keys: U64 = np.zeros((width, capacity), dtype=np.uint64)
        self._shift = np.uint64(0)
        self._slots: NDArray[np.int32] = np.empty(0, dtype=np.int32)
        self._lay_out()

    def find(self, rows: U64, words: Sequence[int] | None = None) -> I64:
        """The number of each row, -1 where it was never added. `words`: what is given of the rows; all else is zero in every row."""
        words = range(len(self._keys)) if words is None else words
        found = np.full(rows.shape[1], -1, dtype=np.int64)
        if not self.size or not len(found):
            return found
        last = len(self._slots) - 1
        slot = (row_hash(rows, words) >> self._shift).astype(np.int64)
        at = self._slots[slot].astype(np.int64)
        same = self._holds(at, rows, words)
        found[same] = at[same]
        left = np.flatnonzero(~same & (at >= 0))
        while len(left):
            slot[left] = (slot[left] + 1) & last
            at = self._slots[slot[left]].astype(np.int64)
            same = self._holds(at, rows[:, left], words)
            found[left[same]] = at[same]
            left = left[~same & (at >= 0)]
        return found

    def number(self, rows: U64, found: I64) -> tuple[I64, I64]:
        """The number of each row, given what `find` said of them, adding what is new; and where in `rows` the new ones first stand."""
        missing = np.flatnonzero(found < 0)
        if not len(missing):
            return found, missing
        fresh = rows[:, missing]
        first, which = distinct(fresh)
        numbers = found.copy()
        numbers[missing] = self.size + which
        self.add(fresh[:, first])
        return numbers, missing[first]

    def add(self, rows: U64) -> None:
        """Number rows that are distinct and new, in their order."""
        before = self.size
        self.size += rows.shape[1]
        if self.size > self._keys.shape[1]:
            grown = np.zeros((len(self._keys), max(self.size, 2 * self._keys.shape[1])), dtype=np.uint64)
            grown[:, :before] = self._keys[:, :before]
            self._keys = grown
        self._keys[:, before : self.size] = rows
        if self.size * 2 > len(self._slots):
            self._lay_out()
        else:
            self._place(np.arange(before, self.size))

    def keep(self, chosen: I64) -> None:
        """Forget all rows but those numbered in `chosen`, which are numbered anew in that order."""
        self._keys[:, : len(chosen)] = self._keys[:, chosen]
        self.size = len(chosen)
        self._lay_out()

    def _holds(self, at: I64, rows: U64, words: Iterable[int]) -> Bools:
        """Whether the rows numbered `at` are these; an empty slot (-1) holds none."""
        same: Bools = at >= 0
        for row, word in zip(rows, words, strict=True):
            same &= self._keys[word][at] == row
        return same

    def _lay_out(self) -> None:
        bits = max(6, int(4 * max(self.size, 1) - 1).bit_length())
        self._shift = np.uint64(64 - bits)
        self._slots = np.full(1 << bits, -1, dtype=np.int32)
        self._place(np.arange(self.size))

    def _place(self, numbers: I64) -> None:
        last = len(self._slots) - 1
        slot = (row_hash(self._keys[:, numbers], range(len(self._keys))) >> self._shift).astype(np.int64)
        while len(numbers):
            free = np.flatnonzero(self._slots[slot] < 0)
            self._slots[slot[free]] = numbers[free]  # of several that want one slot, one gets it
            lost = self._slots[slot] != numbers
            numbers, slot = numbers[lost], (slot[lost] + 1) & last
