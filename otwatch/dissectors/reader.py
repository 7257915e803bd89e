"""The only way to touch bytes from the network: every read is checked, a short one raises Malformed.

Bytes passed with `aside` or `ticket` are never looked at, so they cannot decide what a message means:
another payload of the same length that differs only there says the same. The reader remembers these spans,
and that is all the fast path needs to recognise a statement it has read before (decode/statements.py).
Set aside what changes every time and means nothing to us: transaction numbers, invoke ids, sampled values.
"""

from struct import Struct, unpack_from

from otwatch.errors import Malformed

Spans = list[tuple[int, int]]

_U16, _U32, _U64 = Struct(">H"), Struct(">I"), Struct(">Q")
_LE16, _LE32, _LE64 = Struct("<H"), Struct("<I"), Struct("<Q")


class Reader:
    """Reads `data` from `at` to `end`; offsets in Malformed count from the start of `data`."""

    __slots__ = ("_spans", "_tickets", "at", "data", "end")

    def __init__(self, data: bytes, at: int = 0, end: int | None = None) -> None:
        self.data = data
        self.at = at
        self.end = len(data) if end is None else min(end, len(data))
        self._spans: Spans = []
        self._tickets: Spans = []

    @property
    def left(self) -> int:
        """Bytes not read yet."""
        return self.end - self.at

    def _step(self, size: int) -> int:
        at = self.at
        if size < 0 or at + size > self.end:
            raise Malformed(f"{size} bytes expected, {self.end - at} left", at)
        self.at = at + size
        return at

    def u8(self) -> int:
        at = self.at
        if at >= self.end:
            raise Malformed("1 byte expected, 0 left", at)
        self.at = at + 1
        return self.data[at]

    def u16(self) -> int:
        return int(_U16.unpack_from(self.data, self._step(2))[0])

    def u24(self) -> int:
        return int.from_bytes(self.take(3))

    def u32(self) -> int:
        return int(_U32.unpack_from(self.data, self._step(4))[0])

    def u64(self) -> int:
        return int(_U64.unpack_from(self.data, self._step(8))[0])

    def le16(self) -> int:
        return int(_LE16.unpack_from(self.data, self._step(2))[0])

    def le32(self) -> int:
        return int(_LE32.unpack_from(self.data, self._step(4))[0])

    def le64(self) -> int:
        return int(_LE64.unpack_from(self.data, self._step(8))[0])

    def fields(self, layout: str) -> tuple[int, ...]:
        """Several integers at once, by a `struct` layout that holds integers only."""
        shape = Struct(layout)
        return unpack_from(layout, self.data, self._step(shape.size))

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        at = self._step(size)
        return self.data[at : at + size]

    def rest(self) -> bytes:
        """All bytes that are left."""
        return self.take(self.left)

    def peek(self, size: int = 1) -> bytes:
        """The next `size` bytes, or fewer at the end, without moving on."""
        return self.data[self.at : min(self.at + size, self.end)]

    def line(self, limit: int = 8192) -> bytes | None:
        """A line without its CR LF or LF; None where its end is not here yet; Malformed beyond `limit` bytes."""
        stop = self.data.find(b"\n", self.at, min(self.end, self.at + limit))
        if stop < 0:
            if self.left >= limit:
                raise Malformed(f"line longer than {limit} bytes", self.at)
            return None
        line = self.data[self.at : stop]
        self.at = stop + 1
        return line.removesuffix(b"\r")

    def part(self, size: int) -> "Reader":
        """A reader of the next `size` bytes; this one moves past them. What the part sets aside counts here too."""
        at = self._step(size)
        child = Reader(self.data, at, at + size)
        child._spans, child._tickets = self._spans, self._tickets
        return child

    def aside(self, size: int) -> None:
        """Pass `size` bytes without looking: they do not decide what the message means."""
        at = self._step(size)
        if size:
            self._spans.append((at, at + size))

    def ticket(self, size: int) -> None:
        """Pass the message's number, by which an answer finds its request, without looking."""
        at = self._step(size)
        self._spans.append((at, at + size))
        self._tickets.append((at, at + size))

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """What was set aside so far."""
        return tuple(self._spans)

    def last_ticket(self, since: int) -> tuple[int, int]:
        """The first ticket passed at or after offset `since`; (0, 0) without."""
        return next((span for span in self._tickets if span[0] >= since), (0, 0))
