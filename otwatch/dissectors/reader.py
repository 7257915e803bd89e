"""The only way to touch bytes from the network: every read is checked, a short one raises Malformed.

Bytes passed with `aside` or `ticket` are never looked at, so they cannot decide what a message means:
another payload of the same length that differs only there says the same. The reader remembers these spans,
and that is all the fast path needs to recognise a statement it has read before (decode/statements.py).
Set aside what changes every time and means nothing to us: transaction numbers, invoke ids, sampled values.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from struct import Struct

from otwatch.errors import Malformed

Spans = list[tuple[int, int]]

OPENS, CLOSES, ODD = 0x100, 0x200, 0x400
"""What `Reader.skim` does with a head that announces no value."""

_shape = lru_cache(256)(Struct)
_u32 = Struct(">I").unpack_from
_le32, _le64 = Struct("<I").unpack_from, Struct("<Q").unpack_from


class Reader:
    """Reads `data` from `at` to `end`; offsets in Malformed count from the start of `data`.

    Methods that run for every message check for themselves what `_step` checks for the others: a call costs as much as the check.
    """

    __slots__ = ("_bits", "_spans", "_tickets", "at", "data", "end")

    def __init__(self, data: bytes, at: int = 0, end: int | None = None) -> None:
        size = len(data)
        self.data = data
        self.at = at
        self.end = size if end is None or end > size else end
        self._spans: Spans = []
        self._tickets: Spans = []
        self._bits: Spans = []

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return self.end - self.at

    def _short(self, size: int) -> Malformed:
        return Malformed(f"{size} bytes expected, {self.end - self.at} left", self.at)

    def _step(self, size: int) -> int:
        at = self.at
        if size < 0 or at + size > self.end:
            raise self._short(size)
        self.at = at + size
        return at

    def u8(self) -> int:
        at = self.at
        if at >= self.end:
            raise Malformed("1 byte expected, 0 left", at)
        self.at = at + 1
        return self.data[at]

    def u16(self) -> int:
        at = self.at
        if at + 2 > self.end:
            raise self._short(2)
        self.at = at + 2
        return self.data[at] << 8 | self.data[at + 1]

    def u24(self) -> int:
        return int.from_bytes(self.take(3))

    def u32(self) -> int:
        at = self.at
        if at + 4 > self.end:
            raise self._short(4)
        self.at = at + 4
        number: int = _u32(self.data, at)[0]
        return number

    def le16(self) -> int:
        at = self.at
        if at + 2 > self.end:
            raise self._short(2)
        self.at = at + 2
        return self.data[at + 1] << 8 | self.data[at]

    def le32(self) -> int:
        at = self.at
        if at + 4 > self.end:
            raise self._short(4)
        self.at = at + 4
        number: int = _le32(self.data, at)[0]
        return number

    def le64(self) -> int:
        number: int = _le64(self.data, self._step(8))[0]
        return number

    def fields(self, layout: str) -> tuple[int, ...]:
        """Several integers at once, by a `struct` layout that holds integers only."""
        shape = _shape(layout)
        at = self.at
        if at + shape.size > self.end:
            raise self._short(shape.size)
        self.at = at + shape.size
        return shape.unpack_from(self.data, at)

    def ahead(self, layout: str) -> tuple[int, ...]:
        """The same without moving on; what the layout skips ("x") is not looked at."""
        shape = _shape(layout)
        if self.at + shape.size > self.end:
            raise self._short(shape.size)
        return shape.unpack_from(self.data, self.at)

    def rows(self, layout: str) -> list[tuple[int, ...]]:
        """As many as are left of rows of the same layout, without moving on."""
        shape = _shape(layout)
        return list(shape.iter_unpack(self.data[self.at : self.end - (self.end - self.at) % shape.size]))

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        at = self.at
        end = at + size
        if not at <= end <= self.end:
            raise self._short(size)
        self.at = end
        return self.data[at:end]

    def rest(self) -> bytes:
        """All bytes that are left."""
        return self.take(self.left)

    def peek(self, size: int = 1) -> bytes:
        """The next `size` bytes, or fewer at the end, without moving on."""
        return self.data[self.at : min(self.at + size, self.end)]

    def line(self, limit: int = 8192) -> bytes | None:
        """A line without its CR LF or LF; None where its end is not here yet; Malformed beyond `limit` bytes."""
        line = self.until(b"\n", limit)
        return None if line is None else line.removesuffix(b"\r")

    def until(self, mark: bytes, limit: int = 8192) -> bytes | None:
        """What stands before a mark, and past it; None where the mark is not here yet; Malformed beyond `limit` bytes."""
        stop = self.data.find(mark, self.at, min(self.end, self.at + limit))
        if stop < 0:
            if self.left >= limit:
                raise Malformed(f"line longer than {limit} bytes", self.at)
            return None
        found = self.data[self.at : stop]
        self.at = stop + len(mark)
        return found

    def part(self, size: int) -> "Reader":
        """A reader of the next `size` bytes; this one moves past them. What the part sets aside counts here too."""
        at = self.at
        end = at + size
        if not at <= end <= self.end:
            raise self._short(size)
        self.at = end
        child: Reader = Reader.__new__(Reader)
        child.data, child.at, child.end = self.data, at, end
        child._spans, child._tickets, child._bits = self._spans, self._tickets, self._bits
        return child

    def aside(self, size: int) -> None:
        """Pass `size` bytes without looking: they do not decide what the message means."""
        at = self.at
        end = at + size
        if not at <= end <= self.end:
            raise self._short(size)
        self.at = end
        if size:
            self._spans.append((at, end))

    def bit(self, number: int) -> bool:
        """One bit of the next byte, counted from its lowest; the other seven do not decide what the message means."""
        at = self._step(1)
        self._bits.append((at, 1 << number))
        return bool(self.data[at] >> number & 1)

    def skim(self, steps: Sequence[int], inside: list[int], depth: int, aside: bool) -> bool:
        """Pass heads of one byte and the values they announce, as far as all is well; whether there was any.

        `steps[head]` is the size of the value, which is set aside (or not), or OPENS or CLOSES plus the number of a bracket, or ODD.
        `inside` holds the numbers of the open brackets, at most `depth` of them. Stops behind the bracket that closes the last of them
        if there were any, and before what it does not pass: an odd head, a missing value, a bracket that does not fit.
        """
        data, at, end, spans = self.data, self.at, self.end, self._spans if aside else []
        begun = len(inside) > 0
        while at < end:
            step = steps[data[at]]
            if step < OPENS:
                stop = at + 1 + step
                if stop > end:
                    break
                if step:
                    spans.append((at + 1, stop))
                at = stop
            elif step < CLOSES and len(inside) < depth:
                inside.append(step - OPENS)
                at += 1
            elif inside and inside[-1] == step - CLOSES:
                inside.pop()
                at += 1
                if begun and not inside:
                    break
            else:
                break
        passed, self.at = at > self.at, at
        return passed

    def ticket(self, size: int) -> None:
        """Pass the message's number, by which an answer finds its request, without looking."""
        at = self._step(size)
        span = (at, self.at)
        self._spans.append(span)
        self._tickets.append(span)

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """What was set aside so far."""
        return tuple(self._spans)

    @property
    def bits(self) -> tuple[tuple[int, int], ...]:
        """Bytes of which only some bits were looked at, and those bits."""
        return tuple(self._bits)

    def last_ticket(self, since: int) -> tuple[int, int]:
        """The first ticket passed at or after offset `since`; (0, 0) without."""
        place = bisect_left(self._tickets, (since, since))
        return self._tickets[place] if place < len(self._tickets) else (0, 0)
