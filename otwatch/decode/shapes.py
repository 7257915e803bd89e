"""Payloads recognised by the bytes that decide their meaning: lengths, masks and rows, without knowing what they mean."""

from typing import TypeVar

import numpy as np

from otwatch.decode.rows import RowIndex
from otwatch.events import Reading
from otwatch.packets import I64, U8, U64, words_at

MASKS = 24
"""Different sets of deciding bytes looked for at one length; beyond it payloads are read each time."""

_Length = TypeVar("_Length", int, I64)


def words(length: _Length) -> _Length:
    """How many 64-bit words a payload needs."""
    return (length + 7) // 8


class _Kind:
    """Statements of eight neighbouring lengths, at most one set of deciding bytes for each length.

    deciding   the words in which any of them has deciding bytes: all others are zero in every row
    """

    def __init__(self, words: int) -> None:
        self._masks: U64 = np.zeros((words, 8), dtype=np.uint64)
        self.bits: list[int | None] = [None] * 8
        self.deciding: list[int] = []
        self.index = RowIndex(words)
        self.numbers: I64 = np.empty(0, dtype=np.int64)
        self.fresh: dict[bytes, int] = {}

    def decide(self, odd: int, bits: int) -> None:
        """These bits decide in payloads of this length."""
        words = len(self._masks)
        self.bits[odd] = bits
        self._masks[:, odd] = np.frombuffer(bits.to_bytes(8 * words), dtype=np.uint64)
        self.deciding = np.flatnonzero(self._masks.any(axis=1)).tolist()

    def find(self, rows: U64, odd: I64) -> I64:
        """Where each of these payloads stands in `numbers`; -1 where it is not there."""
        deciding = rows[self.deciding]
        deciding &= self._masks[self.deciding][:, odd]
        return self.index.find(deciding, self.deciding)

    def settle(self) -> None:
        if self.fresh:
            rows = np.frombuffer(b"".join(self.fresh), dtype=np.uint64).reshape(len(self.fresh), -1)
            self.numbers = np.concatenate([self.numbers, np.array(list(self.fresh.values()), dtype=np.int64)])
            self.index.add(rows.T)
            self.fresh = {}

    def renumber(self, anew: I64) -> None:
        numbers = anew[self.numbers]
        kept = np.flatnonzero(numbers >= 0)
        self.index.keep(kept)
        self.numbers = numbers[kept]


class Shape:
    """All statements whose payload fits into the same number of 64-bit words; a word before them holds the length."""

    def __init__(self, words: int) -> None:
        self._words = words + 1
        self._kinds: list[_Kind] = []

    def find(self, data: U8, start: I64, length: I64) -> I64:
        numbers = np.full(len(start), -1, dtype=np.int64)
        if not self._kinds:
            return numbers
        rows, odd = self._rows(data, start, length), length & 7
        left = np.arange(len(start))
        for kind in self._kinds:
            found = kind.find(rows, odd)
            hit = found >= 0
            if hit.any():
                numbers[left[hit]] = kind.numbers[found[hit]]
                rows, odd, left = rows[:, ~hit], odd[~hit], left[~hit]
            if not len(left):
                break
        return numbers

    def recall(self, payload: bytes) -> int:
        row, at = self._row(payload), len(payload) & 7
        for kind in self._kinds:
            bits = kind.bits[at]
            if bits is not None and kind.fresh:
                number = kind.fresh.get((row & bits).to_bytes(8 * self._words))
                if number is not None:
                    return number
        return -1

    def learn(self, payload: bytes, reading: Reading, number: int) -> bool:
        mask = bytearray(b"\xff" * (8 + len(payload)))
        for start, end in reading.aside:
            mask[8 + start : 8 + end] = bytes(end - start)
        for at, bits in reading.bits:
            mask[8 + at] = bits
        bits, at = int.from_bytes(mask.ljust(8 * self._words, b"\0")), len(payload) & 7
        kind = next((kind for kind in self._kinds if kind.bits[at] in (None, bits)), None)
        if kind is None:
            if len(self._kinds) == MASKS:
                return False
            kind = _Kind(self._words)
            self._kinds.append(kind)
        if kind.bits[at] is None:
            kind.decide(at, bits)
        kind.fresh[(self._row(payload) & bits).to_bytes(8 * self._words)] = number
        return True

    def settle(self) -> None:
        for kind in self._kinds:
            kind.settle()

    def renumber(self, anew: I64) -> None:
        for kind in self._kinds:
            kind.renumber(anew)
        self._kinds = [kind for kind in self._kinds if kind.index.size]

    def _row(self, payload: bytes) -> int:
        return int.from_bytes((len(payload).to_bytes(8) + payload).ljust(8 * self._words, b"\0"))

    def _rows(self, data: U8, start: I64, length: I64) -> U64:
        """The payloads as rows of words, up to the last that decides; what stands behind their own end is in them, and never decides."""
        words = 1 + max(kind.deciding[-1] for kind in self._kinds)
        rows = np.empty((words, len(start)), dtype=np.uint64)
        rows[0] = length.astype(">u8").view(np.uint64)
        width = 8 * (words - 1)
        if not width:
            return rows
        inside = start <= data.size - width
        if inside.all():
            rows[1:] = words_at(data, start, width)
        else:  # the last payloads of a batch
            rows[1:, inside] = words_at(data, start[inside], width)
            for at in np.flatnonzero(~inside).tolist():
                rows[1:, at] = np.frombuffer(data[start[at] :][:width].tobytes().ljust(width, b"\0"), dtype=np.uint64)
        return rows
