"""TCP: the few streams that are not simply in order.

Nearly all segments stand exactly where the one before them ended. `Sequence.sort` (sequence.py) finds them for a whole batch at once and
drops repetitions; only a direction with a gap, reordering or a message split over segments owns a `Stream`, as long as it needs it.
Both ways give the same bytes in the same order (RFC 9293 3.4, sequence arithmetic modulo 2**32).
"""

from typing import NamedTuple

from otwatch.decode.sequence import RESTART
from otwatch.packets import SYN

HELD_SEGMENTS, HELD_BYTES, HELD_NS = 64, 1 << 18, 3_000_000_000
"""How much may wait for a missing segment, and how long, before it counts as lost in the capture."""
RETURNS = 64
"""Segments after a gap or a jump until what is there cannot have been sent to lead astray: the stream does not go back any more."""
BUFFER = 1 << 17
"""The longest beginning of a message that is kept."""


class _Held(NamedTuple):
    """A segment behind a gap, and when and where it was seen."""

    payload: bytes
    time_ns: int
    place: int


class _Left(NamedTuple):
    """Where a stream was when it passed over a gap or jumped, and how many more segments it may go back there."""

    next: int
    buffer: bytes
    synced: bool
    patience: int = RETURNS


class Stream:
    """One direction put in order, segment by segment. Where a gap or a jump led astray, it goes back to where it was left.

    `buffer` holds what was not understood yet; `lost` counts bytes that were never captured, `unread` those given up.
    `at` is when and where the segment was seen that `give_up` or `following` gave.
    `cut` counts bytes behind the buffer that the snap length took.
    `torn`: not everything since the connection began was captured.
    """

    __slots__ = ("_bytes_held", "_held", "_left", "at", "buffer", "cut", "lost", "next", "synced", "torn", "unread")

    def __init__(self, following: int | None, synced: bool) -> None:
        self.next = following
        self.synced = synced
        self.torn = following is None
        self.buffer = b""
        self.lost = self.unread = self.cut = 0
        self.at = (0, 0)
        self._held: dict[int, _Held] = {}
        self._bytes_held = 0
        self._left: _Left | None = None

    @property
    def idle(self) -> bool:
        """Nothing waits: the next segment may take the short way again."""
        return self.synced and not self.buffer and not self._held and self._left is None and self.next is not None

    def feed(self, seq: int, payload: bytes, flags: int, time_ns: int, place: int = 0) -> bytes:
        """Take a segment; give the bytes that are now in order and new."""
        if flags & SYN:
            if self.restarts(seq, flags):
                self._restart((seq + 1) & 0xFFFFFFFF, synced=True)
            seq = (seq + 1) & 0xFFFFFFFF
        if not payload:
            return b""
        self.next = seq if self.next is None else self.next
        self._stay()
        behind = _ahead(self.next, seq)
        if self.restarts(seq, 0):
            self._jump(seq)
        elif behind < 0:
            return self._hold(seq, _Held(payload, time_ns, place))
        elif behind >= len(payload):
            return b""
        return self._take(payload[max(_ahead(self.next, seq), 0) :])

    def passes(self, seq: int, size: int, flags: int) -> bool:
        """Whether a segment stands where the stream is and nothing waits: then the stream goes on behind it, and the segment is a whole."""
        if self.next != seq or not self.idle or flags & SYN:
            return False
        self.next = (seq + size) & 0xFFFFFFFF
        return True

    def skip(self, seq: int, size: int, missing: int) -> None:
        """The segment that ended the stream at `seq` + `size` was longer: the rest is a gap of known length, if it is new."""
        if missing and self.next == (seq + size) & 0xFFFFFFFF:
            self.next = (self.next + missing) & 0xFFFFFFFF
            self.lost += missing
            self.cut = missing
            self.torn = True

    def restarts(self, seq: int, flags: int) -> bool:
        """Whether a segment goes on elsewhere: an unexpected SYN, a jump too far for a gap or repetition, or where it was left."""
        opens = bool(flags & SYN)
        if self.next is None:
            return opens
        begin = (seq + opens) & 0xFFFFFFFF
        ahead = _ahead(self.next, begin)
        returns = self._left is not None and self._left.next == begin
        return (ahead != 0 and (opens or returns)) or not -RESTART < ahead < RESTART

    def repeats(self, seq: int, payload: bytes, flags: int) -> bool:
        """Whether a segment holds bytes that came before, and is no keep-alive (RFC 9293 3.8.4: any byte before what comes next)."""
        if self.next is None or not payload or self.restarts(seq, flags):
            return False
        behind = _ahead(self.next, seq)
        furthest = max((len(held.payload) - _ahead(self.next, at) for at, held in self._held.items()), default=0)
        if payload == b"\0" and 1 - behind in (0, furthest):
            return False
        return behind > 0 or any(-len(payload) < _ahead(seq, at) < len(held.payload) for at, held in self._held.items())

    def give_up(self) -> bytes:
        """Pass over the gap that the held segments wait behind; give the first of them."""
        first = min(self._held, key=lambda seq: -_ahead(self.next or 0, seq))
        self.lost += -_ahead(self.next or 0, first)
        self._leave(first)
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
        return len(self.buffer) + self._bytes_held + (len(self._left.buffer) if self._left else 0)

    @property
    def waits(self) -> bool:
        return bool(self._held)

    def overdue(self, time_ns: int) -> bool:
        """Whether what is missing counts as lost by now."""
        full = len(self._held) > HELD_SEGMENTS or self._bytes_held > HELD_BYTES
        return full or (bool(self._held) and time_ns - min(one.time_ns for one in self._held.values()) > HELD_NS)

    def discard(self) -> None:
        """Give up what is held."""
        self._drop_held()
        self.unread += self.size
        self.buffer, self._left, self.cut = b"", None, 0

    def _drop_held(self) -> None:
        self.unread += self._bytes_held
        self._held.clear()
        self._bytes_held = 0

    def _jump(self, seq: int) -> None:
        self._drop_held()
        if (left := self._left) is None or left.next != seq:
            self._leave(seq)
            return
        self._left = _Left(self.next or 0, self.buffer, self.synced)
        self.next, self.buffer, self.synced, _ = left

    def _leave(self, seq: int) -> None:
        """Go on elsewhere, inside a message perhaps; what was begun here waits, where nothing does yet."""
        self.unread += len(self.buffer) if self._left else 0
        self._left = self._left or _Left(self.next or 0, self.buffer, self.synced)
        self.buffer, self.synced, self.next, self.torn = b"", False, seq, True

    def _stay(self) -> None:
        """One more segment."""
        if (left := self._left) is not None:
            self.unread += 0 if left.patience else len(left.buffer)
            self._left = left._replace(patience=left.patience - 1) if left.patience else None

    def _restart(self, seq: int, synced: bool) -> None:
        self.discard()
        self.next, self.synced, self.torn = seq, synced, False

    def _hold(self, seq: int, segment: _Held) -> bytes:
        kept = self._held.get(seq, segment._replace(payload=b""))
        fresh = segment.payload[len(kept.payload) :]
        self._held[seq] = kept._replace(payload=kept.payload + fresh)
        self._bytes_held += len(fresh)
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
