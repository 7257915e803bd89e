"""TCP: which segments continue their stream, and the few streams that need more than that.

Nearly all segments stand exactly where the one before them ended. `Sequence.sort` finds them for a whole batch at once and drops
repetitions; only a direction with a gap, reordering or a message split over segments owns a `Stream`, and only as long as it needs it.
Both ways give the same bytes in the same order (RFC 9293 3.4, sequence arithmetic modulo 2**32).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from otwatch.decode.rows import order
from otwatch.packets import I64, SYN, Bools, Packets

RESTART = 1 << 18
"""A segment that lies further back than this is no repetition: the port was used again, or a replay began anew."""
HELD_SEGMENTS, HELD_BYTES, HELD_NS = 64, 1 << 18, 3_000_000_000
"""How much may wait for a missing segment, and how long, before it counts as lost in the capture."""
BUFFER = 1 << 17
"""The longest beginning of a message that is kept."""

UNKNOWN, CLEAN, SLOW = 0, 1, 2


class Sorted(NamedTuple):
    """The segments of a batch.

    fast     rows that continue their stream, ascending
    slow     rows that need a Stream, ascending; `begun` says where such a new stream stands, by direction,
             and whether a message begins there
    unsure   first rows of directions whose beginning was not captured: they may stand inside a message
    """

    fast: I64
    slow: I64
    begun: dict[int, tuple[int, bool]]
    unsure: frozenset[int]


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
            return Sorted(rows, rows, {}, frozenset())
        sorting = order(direction)
        rows, direction = rows[sorting], direction[sorting]
        border = np.ones(len(rows), dtype=np.bool_)
        border[1:] = direction[1:] != direction[:-1]
        starts, group = np.flatnonzero(border), np.cumsum(border) - 1
        owner = direction[starts]
        syn, length = packets.flags[rows] & SYN > 0, packets.length[rows]
        opens = syn[starts] & (length[starts] == 0)
        first = packets.seq[rows[starts]]
        midway = ~opens & (self.state[owner] == UNKNOWN)
        base = np.where(opens, first + 1, np.where(midway, first, self.next[owner]))
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
        return Sorted(np.sort(rows[good & taken]), np.sort(rows[~taken]), begun, frozenset(rows[starts[midway]].tolist()))

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


class _Held(NamedTuple):
    """A segment behind a gap, and when and where it was seen."""

    payload: bytes
    time_ns: int
    place: int


class Stream:
    """One direction put in order, segment by segment.

    `buffer` holds what was not understood yet; `lost` counts bytes that were never captured, `unread` those given up.
    `at` is when and where the segment was seen that `give_up` or `following` gave.
    `cut` counts bytes behind the buffer that the snap length took.
    """

    __slots__ = ("_bytes_held", "_held", "at", "buffer", "cut", "lost", "next", "synced", "unread")

    def __init__(self, following: int | None, synced: bool) -> None:
        self.next = following
        self.synced = synced
        self.buffer = b""
        self.lost = self.unread = self.cut = 0
        self.at = (0, 0)
        self._held: dict[int, _Held] = {}
        self._bytes_held = 0

    @property
    def idle(self) -> bool:
        """Nothing waits: the next segment may take the short way again."""
        return self.synced and not self.buffer and not self._held and self.next is not None

    def feed(self, seq: int, payload: bytes, flags: int, time_ns: int, place: int = 0) -> bytes:
        """Take a segment; give the bytes that are now in order and new."""
        if flags & SYN:
            if self.restarts(seq, flags):
                self._restart((seq + 1) & 0xFFFFFFFF, synced=True)
            seq = (seq + 1) & 0xFFFFFFFF
        if not payload:
            return b""
        if self.next is None:
            self.next = seq
        behind = _ahead(self.next, seq)
        if self.restarts(seq, 0):
            self._restart(seq, synced=False)
        elif behind < 0:
            return self._hold(seq, _Held(payload, time_ns, place))
        elif behind >= len(payload):
            return b""
        return self._take(payload[max(_ahead(self.next, seq), 0) :])

    def skip(self, seq: int, size: int, missing: int) -> None:
        """The segment that ended the stream at `seq` + `size` was longer: the rest is a gap of known length, if it is new."""
        if missing and self.next == (seq + size) & 0xFFFFFFFF:
            self.next = (self.next + missing) & 0xFFFFFFFF
            self.lost += missing
            self.cut = missing

    def restarts(self, seq: int, flags: int) -> bool:
        """Whether a segment begins another connection: a SYN that was not expected, or a jump too large for a gap or a repetition."""
        opens = bool(flags & SYN)
        if self.next is None:
            return opens
        ahead = _ahead(self.next, (seq + opens) & 0xFFFFFFFF)
        return (opens and ahead != 0) or not -RESTART < ahead < RESTART

    def give_up(self) -> bytes:
        """Pass over the gap that the held segments wait behind; give the first of them."""
        first = min(self._held, key=lambda seq: -_ahead(self.next or 0, seq))
        self.lost += -_ahead(self.next or 0, first)
        self.unread += len(self.buffer)
        self.buffer, self.synced, self.next = b"", False, first
        return self.following()

    def following(self) -> bytes:
        """Behind a gap: the held segment that continues the stream now, one at a time, for a message often begins with its segment."""
        seq = next((seq for seq in self._held if _ahead(self.next or 0, seq) >= 0), None)
        if seq is None:
            return b""
        segment, self.at = self._held[seq].payload, self._held[seq][1:]
        fresh = segment[_ahead(self.next or 0, seq) :]
        del self._held[seq]
        self._bytes_held -= len(segment)
        self.next = ((self.next or 0) + len(fresh)) & 0xFFFFFFFF
        return fresh or self.following()

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.buffer) + self._bytes_held

    @property
    def waits(self) -> bool:
        return bool(self._held)

    def overdue(self, time_ns: int) -> bool:
        """Whether what is missing counts as lost by now."""
        full = len(self._held) > HELD_SEGMENTS or self._bytes_held > HELD_BYTES
        return full or (bool(self._held) and time_ns - min(one.time_ns for one in self._held.values()) > HELD_NS)

    def discard(self) -> None:
        """Give up what is held."""
        self.unread += self.size
        self.buffer, self.cut = b"", 0
        self._held.clear()
        self._bytes_held = 0

    def _restart(self, seq: int, synced: bool) -> None:
        self.discard()
        self.next, self.synced = seq, synced

    def _hold(self, seq: int, segment: _Held) -> bytes:
        kept = self._held.get(seq, segment._replace(payload=b""))
        if len(segment.payload) > len(kept.payload):
            self._held[seq] = kept._replace(payload=segment.payload)
            self._bytes_held += len(segment.payload) - len(kept.payload)
        return b""

    def _take(self, fresh: bytes) -> bytes:
        self.next = ((self.next or 0) + len(fresh)) & 0xFFFFFFFF
        return self._release(fresh)

    def _release(self, fresh: bytes) -> bytes:
        """`fresh` and all held segments that now follow without a gap."""
        parts = [fresh]
        for seq in sorted(self._held, key=lambda held: -_ahead(self.next or 0, held)):
            behind = _ahead(self.next or 0, seq)
            if behind < 0:
                break
            segment = self._held.pop(seq).payload
            self._bytes_held -= len(segment)
            parts.append(segment[behind:])
            self.next = ((self.next or 0) + len(segment[behind:])) & 0xFFFFFFFF
        return b"".join(parts)


def _ahead(following: int, seq: int) -> int:
    """How many bytes `following` is ahead of `seq`, modulo 2**32; negative when there is a gap between them."""
    return ((following - seq + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)
