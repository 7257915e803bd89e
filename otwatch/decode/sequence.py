"""TCP: which segments of a batch continue their stream, which repeat what was sent, and which need more than that (streams.py)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from otwatch.decode.rows import order
from otwatch.packets import I64, SYN, Bools, Packets

RESTART = 1 << 18
"""A segment that lies further back than this is no repetition: the port was used again, or a replay began anew."""

UNKNOWN, CLEAN, SLOW = 0, 1, 2


class Sorted(NamedTuple):
    """The segments of a batch.

    fast     rows that continue their stream, ascending
    slow     rows that need a Stream, ascending; `begun` says where such a new stream stands, by direction,
             and whether a message begins there
    unsure   first rows of directions whose beginning was not captured: they may stand inside a message
    again    rows that only repeat what was sent before, ascending; not keep-alives (RFC 9293 3.8.4: one byte before the next)
    """

    fast: I64
    slow: I64
    begun: dict[int, tuple[int, bool]]
    unsure: frozenset[int]
    again: I64


class Sequence:
    """The next sequence number of every direction (2 x conversation + side)."""

    def __init__(self) -> None:
        self.state: NDArray[np.int8] = np.zeros(2048, dtype=np.int8)
        self.next: I64 = np.zeros(2048, dtype=np.int64)

    def room(self, directions: int) -> None:
        """Make room for that many directions."""
        while directions > len(self.state):
            self.state = np.concatenate([self.state, np.zeros_like(self.state)])
            self.next = np.concatenate([self.next, np.zeros_like(self.next)])

    def keep(self, chosen: I64) -> None:
        """Forget all directions but `chosen`, which are numbered anew."""
        for column in (self.state, self.next):
            column[: len(chosen)] = column[chosen]
            column[len(chosen) :] = 0

    def sort(self, packets: Packets, rows: I64, direction: I64) -> Sorted:
        """Sort the segments in `rows`, that carry payload or a SYN, of the given directions."""
        if not len(rows):
            return Sorted(rows, rows, {}, frozenset(), rows)
        sorting = order(direction)
        rows, direction = rows[sorting], direction[sorting]
        border = np.ones(len(rows), dtype=np.bool_)
        border[1:] = direction[1:] != direction[:-1]
        starts, group = np.flatnonzero(border), np.cumsum(border) - 1
        owner = direction[starts]
        syn, length = packets.flags[rows] & SYN > 0, packets.length[rows]
        opens = syn[starts] & (length[starts] == 0)
        begin = packets.seq[rows[starts]]
        midway = ~opens & (self.state[owner] == UNKNOWN)
        base = np.where(opens, begin + 1, np.where(midway, begin, self.next[owner]))
        slow = self.state[owner] == SLOW
        offset = ((packets.seq[rows] - base[group] + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)
        expected = _reached(offset + length, group, starts)
        good = (offset == expected) & (length > 0) & ~syn
        old = (offset + length <= expected) & (offset > -RESTART) & (~syn | (border & opens[group]))
        bad = np.where(good | old, len(rows), np.arange(len(rows)))
        bad[slow[group]] = starts[group[slow[group]]]
        first_bad = np.minimum.reduceat(bad, starts)
        taken = np.arange(len(rows)) < first_bad[group]
        begun = self._settle(len(rows), _Groups(owner, base, first_bad, expected, offset + length, starts, slow))
        again = np.flatnonzero(taken & ~good & (length > 0) & ~syn)
        again = again[(length[again] > 1) | (offset[again] + 1 < expected[again]) | (packets.data[packets.start[rows[again]]] > 0)]
        unsure = frozenset(rows[starts[midway]].tolist())
        return Sorted(np.sort(rows[good & taken]), np.sort(rows[~taken]), begun, unsure, np.sort(rows[again]))

    def _settle(self, rows: int, groups: "_Groups") -> dict[int, tuple[int, bool]]:
        """Note where every direction stands now; gives where those stand that need a stream from here on."""
        ends = np.append(groups.starts[1:], rows)
        stops = groups.first_bad < ends
        at = np.where(stops, np.minimum(groups.first_bad, rows - 1), ends - 1)
        reached = np.where(stops, groups.expected[at], np.maximum(groups.expected[at], groups.end[at]))
        following = (groups.base + np.maximum(reached, 0)) & 0xFFFFFFFF
        clean = ~stops
        self.next[groups.owner[clean]] = following[clean]
        self.state[groups.owner[clean]] = CLEAN
        fresh = stops & ~groups.slow
        return {at: (seq, True) for at, seq in zip(groups.owner[fresh].tolist(), following[fresh].tolist(), strict=True)}


class _Groups(NamedTuple):
    owner: I64
    base: I64
    first_bad: I64
    expected: I64
    end: I64
    starts: I64
    slow: Bools


def _reached(ends: I64, group: I64, starts: I64) -> I64:
    """The furthest end before each row inside its group, 0 at least."""
    lifted = np.maximum.accumulate(ends + (group << 34)) - (group << 34)
    before = np.zeros_like(ends)
    before[1:] = lifted[:-1]
    before[starts] = 0
    return np.maximum(before, 0)
