"""TCP bytes that are sent again: whether they are the same bytes.

The first copy is what is read (streams.py). Which copy the receiver took is not known: it may have dropped the first, for its checksum,
its TTL or its place outside the window, and that one was sent to hide what the second says (Ptacek and Newsham 1998, "Insertion,
Evasion, and Denial of Service"). So a second copy that differs must not pass in silence. Nothing is copied or computed for this until
bytes are sent again: batches are only kept a while.
"""

from collections import deque
from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from otwatch.decode.conversations import UNDECIDED
from otwatch.packets import I64, SYN, TCP, Bools, Packets

WINDOW, BYTES = 32_768, 1 << 25
"""Packets, and bytes of TCP payload in them, until what was sent is forgotten: a repetition that comes later cannot be compared."""
BATCHES = 4096
"""And batches: on a quiet interface each holds one packet, and costs some kilobytes."""
FAT = 512
"""Bytes a packet from which on only the TCP payload of a batch is kept, not its frames: 16 MiB of frames at most."""
LOOKS = 16
"""Segments that one repetition is compared with, the latest first."""
SAME, OTHER, LATE = 0, 1, 2
"""Verdicts. LATE: nothing is there to compare with, so it may be said for the first time."""
LONGEST = 1 << 16
"""More than any segment's payload."""


class Repetitions:
    """The TCP payloads of the last packets."""

    def __init__(self) -> None:
        self._batches: deque[_Batch] = deque()
        self._packets = self._bytes = 0

    def see(self, packets: Packets, direction: I64, label: NDArray[np.int16]) -> None:
        """The next batch, whose rows are then compared with those before them; `label` says what each conversation speaks."""
        if self._batches:
            self._batches[-1].slim(label)
        while self._batches and self._is_over(self._batches[0]):
            self._batches.popleft()
        self._batches.append(_Batch(packets, direction, self._packets, self._bytes))
        self._packets, self._bytes = self._batches[-1].end, self._batches[-1].end_byte

    def _is_over(self, first: "_Batch") -> bool:
        return first.end <= self._packets - WINDOW or first.end_byte <= self._bytes - BYTES or len(self._batches) >= BATCHES

    def renumber(self, anew: dict[int, int]) -> None:
        """Follow conversations to their new numbers."""
        for batch in self._batches:
            batch.renumber(anew)

    def compare(self, rows: I64) -> Iterator[tuple[int, int]]:
        """The rows (of the last batch, that repeat what was sent) with their verdicts, but for many that are the same."""
        for row in rows[~self._batches[-1].repeats_exactly(rows)].tolist() if len(rows) else ():
            yield row, self.verdict(row)

    def verdict(self, row: int) -> int:
        """Of the payload of a row of the last batch and what it repeats of its connection: the latest segment with the same place and
        length, else all of the latest that share bytes with it."""
        here = self._batches[-1]
        direction, seq, payload = int(here.direction[row]), int(here.seq[row]), here.payload(row)
        there = self._connection(direction, here.begin + row, here.begin_byte + int(here.sent[row]) - BYTES)
        for batch, before, first in there:
            if (exact := batch.exactly(direction, seq, len(payload), before, first)) >= 0:
                return SAME if batch.payload(exact) == payload else OTHER
        looks = 0
        for batch, before, first in there:
            for at in batch.overlapping(direction, seq, len(payload), before, first)[: LOOKS - looks]:
                looks += 1
                if not _agree(seq, payload, int(batch.seq[at]), batch.payload(at)):
                    return OTHER
        return SAME if looks else LATE

    def _connection(self, direction: int, number: int, byte: int) -> "list[tuple[_Batch, int, int]]":
        """Where the packets of a connection are that came before this one and behind that byte of all TCP payload, the latest first:
        batches with the rows to look between."""
        found, first = [], max(number - WINDOW, 0)
        for batch in reversed(self._batches):
            if batch.end <= first:
                break
            before = min(number, batch.end) - batch.begin
            first = max(first, batch.opened(direction, before), batch.behind(byte))
            found.append((batch, before, first - batch.begin))
        return found


class _Batch:
    """The columns of a batch, and which of its packets carry TCP payload, found only when it is asked for."""

    def __init__(self, packets: Packets, direction: I64, begin: int, byte: int) -> None:
        self.begin, self.end = begin, begin + len(direction)
        self.direction = direction
        self.data, self.start, self.length = packets.data, packets.start, packets.length
        self._tcp, self._flags, self._seq = packets.protocol == TCP, packets.flags, packets.seq
        self._missing = packets.missing
        self.begin_byte = byte
        self.end_byte = byte + int(self.length[self._tcp].sum())

    def slim(self, label: NDArray[np.int16]) -> None:
        """Keep no more than is compared: nothing of what nobody reads (video, backups), which is compared only once it begins anew."""
        if self.data.size > FAT * len(self.start):
            rows = np.flatnonzero(self._tcp & (self.length > 0) & (self.direction >= 0))
            rows = rows[label[self.direction[rows] >> 1] >= UNDECIDED]
            length = self.length[rows]
            starts = np.cumsum(length) - length
            self.data = self.data[np.repeat(self.start[rows] - starts, length) + np.arange(int(length.sum()))]
            self.start = np.zeros_like(self.start)
            self.start[rows] = starts

    @cached_property
    def sent(self) -> I64:
        """Bytes of TCP payload before each row."""
        length = np.where(self._tcp, self.length, 0)
        return np.cumsum(length) - length

    def behind(self, byte: int) -> int:
        """The number of the first packet that begins at this byte of all TCP payload or behind it; 0 where that is in an earlier batch."""
        return self.begin + int(np.searchsorted(self.sent, byte - self.begin_byte)) if byte > self.begin_byte else 0

    def renumber(self, anew: dict[int, int]) -> None:
        known = np.full(int(self.direction.max(initial=0)) // 2 + 1, -1, dtype=np.int64)
        for before, after in anew.items():
            if before < len(known):
                known[before] = after
        number = np.where(self.direction < 0, -1, known[self.direction >> 1])
        self.direction = np.where(number < 0, -1, 2 * number + (self.direction & 1))
        for name in ("_rows", "_opens"):
            self.__dict__.pop(name, None)

    def payload(self, row: int) -> bytes:
        start = int(self.start[row])
        return self.data[start : start + int(self.length[row])].tobytes()

    @cached_property
    def seq(self) -> I64:
        """Of the first byte of payload: a SYN counts as a byte before it (RFC 9293 3.4)."""
        return (self._seq + (self._flags & SYN > 0)) & 0xFFFFFFFF

    @cached_property
    def _rows(self) -> tuple[I64, I64]:
        """Rows with payload by direction and sequence number, and these as one key."""
        rows = np.flatnonzero(self._tcp & (self.length > 0))
        key = self.direction[rows] << 32 | self.seq[rows]
        order = np.argsort(key, kind="stable")
        return rows[order], key[order]

    @cached_property
    def _opens(self) -> I64:
        return np.flatnonzero(self._tcp & (self._flags & SYN > 0))

    def opened(self, direction: int, before: int) -> int:
        """The number of the last packet before that row with which the direction begins anew; 0 without."""
        opens = self._opens[(self._opens < before) & (self.direction[self._opens] == direction)]
        return self.begin + int(opens[-1]) if len(opens) else 0

    def exactly(self, direction: int, seq: int, size: int, before: int, first: int) -> int:
        """The last row from `first` on and before `before` with payload of that place and length; -1 without."""
        found = self._found(direction, seq, seq + 1)
        found = found[(found < before) & (found >= first)]
        found = found[self.length[found] == size]
        return int(found[-1]) if len(found) else -1

    def overlapping(self, direction: int, seq: int, size: int, before: int, first: int) -> list[int]:
        """Rows whose payload shares sequence numbers with these, the latest first; of what the snap length cut, all of it counts."""
        low, high = seq - LONGEST, seq + size
        found = self._found(direction, max(low, 0), min(high, 1 << 32))
        if low < 0 or high > 1 << 32:
            beyond = self._found(direction, low % (1 << 32), 1 << 32) if low < 0 else self._found(direction, 0, high - (1 << 32))
            found = np.concatenate([found, beyond])
        found = found[(found < before) & (found >= first)]
        ahead = ((self.seq[found] - seq + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)
        shared = found[(ahead < size) & (ahead + self.length[found] + self._missing[found] > 0)]
        return list(map(int, np.sort(shared)[::-1][:LOOKS]))

    def _found(self, direction: int, begin: int, end: int) -> I64:
        rows, key = self._rows
        return rows[slice(*np.searchsorted(key, (direction << 32 | begin, (direction << 32) + end)))]

    def repeats_exactly(self, rows: I64) -> Bools:
        """Which rows say the same as the row before them with the same place and length, where their connection began before the batch."""
        ordered, key = self._rows
        place: I64 = np.empty(len(self.direction), dtype=np.int64)
        place[ordered] = np.arange(len(ordered))
        at = place[rows]
        same: Bools = (at > 0) & (key[at - 1] == key[at]) & ~np.isin(self.direction[rows], self.direction[self._opens])
        one, other = rows[same], ordered[at[same] - 1]
        same[same] = self._equal(one, other)
        return same

    def _equal(self, one: I64, other: I64) -> Bools:
        """Which of the pairs of rows have the same payload."""
        equal: Bools = self.length[one] == self.length[other]
        one, other = one[equal], other[equal]
        if len(one):
            length = self.length[one]
            starts = np.cumsum(length) - length
            steps = np.arange(int(length.sum())) - np.repeat(starts, length)
            here, there = (self.data[np.repeat(self.start[rows], length) + steps] for rows in (one, other))
            equal[equal] = np.logical_and.reduceat(here == there, starts)
        return equal


def _agree(seq: int, payload: bytes, other_seq: int, other: bytes) -> bool:
    """Whether two payloads are the same where they share sequence numbers."""
    ahead = ((other_seq - seq + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)
    here, there = payload[max(ahead, 0) :], other[max(-ahead, 0) :]
    size = min(len(here), len(there))
    return here[:size] == there[:size]
