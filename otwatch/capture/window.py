"""A capture as a window of bytes that moves forward: the same for a file, a pipe and gzip of either."""

import zlib
from collections.abc import Callable, Iterator
from io import BytesIO, FileIO
from itertools import chain
from select import select

import numpy as np

from otwatch.errors import Keyed
from otwatch.packets import U8

PIECE = 1 << 20
"""Bytes read, or unpacked, at once."""

ROOM = (8 << 20) + 2 * PIECE
"""Memory that is taken at once: room for a batch, and for the record that the batch ends in."""

PATIENCE_S = 0.05
"""How long a pipe may be silent before the frames already there go on their way."""

GZIP = b"\x1f\x8b"
_GZIP_WBITS = 31  # zlib manual, inflateInit2: 15 bits of window, 16 more for "gzip header and trailer"


class BrokenOff(Keyed):
    """The input gives no more bytes before its end; the text says why."""


Fill = Callable[[memoryview], int]
"""Puts the next bytes of an input into memory and says how many; 0 at its end. BrokenOff where it gives no more."""


class Window:
    """`data` holds the bytes of the (unpacked) capture from `offset` on.

    flaw   why the input broke off before its end; "" as long as it did not
    """

    def __init__(self, fill: Fill, silent: Callable[[], bool] = lambda: False) -> None:
        self.offset = 0
        self.flaw = ""
        self.silent = silent
        self._fill = fill
        self._memory = np.empty(ROOM, np.uint8).data
        self._held = 0

    @property
    def data(self) -> memoryview:
        return self._memory[: self._held]

    def grow(self) -> bool:
        """Read on; False at the end, or where the input breaks off."""
        if len(self._memory) - self._held < PIECE:
            self._move(0, 2 * len(self._memory))
        try:
            fresh = self._fill(self._memory[self._held : self._held + PIECE])
        except BrokenOff as reason:
            self.flaw = str(reason)
            return False
        self._held += fresh
        return fresh > 0

    def reach(self, size: int) -> bool:
        """Read on until `size` bytes are there; False where the capture is shorter."""
        while self._held < size and self.grow():
            pass
        return self._held >= size

    def view(self, size: int) -> U8:
        """The first `size` bytes, read only; they stay what they are when the window has moved on, which it must do by `drop`."""
        shown = np.frombuffer(self._memory, np.uint8, size)
        shown.flags.writeable = False
        return shown

    def drop(self, size: int) -> None:
        """Move forward by `size` bytes: what is left moves to a place of its own, so that a view of the rest keeps its bytes."""
        self._move(size, ROOM)
        self.offset += size

    def unzip(self) -> None:
        """From here on the window shows what is packed in its bytes."""
        packed = chain([bytes(self.data)], drawn(self._fill))
        self._held = 0
        self._fill = poured(unpacked(packed))

    def _move(self, size: int, room: int) -> None:
        rest = self._memory[size : self._held]
        self._memory = np.empty(max(room, 2 * len(rest)), np.uint8).data
        self._memory[: len(rest)] = rest
        self._held = len(rest)


def filled_from(stream: FileIO | BytesIO, consumed: Callable[[int], None], most: int = PIECE) -> Fill:
    """The bytes of an unbuffered stream, at most so many at once; `consumed` is told how many."""

    def fill(memory: memoryview) -> int:
        try:
            size = stream.readinto(memory[:most]) or 0
        except OSError as error:
            raise BrokenOff("broken.unreadable", reason=error) from error
        if size:
            consumed(size)
        return size

    return fill


def poured(pieces: Iterator[bytes]) -> Fill:
    """The bytes of pieces of at most `PIECE` bytes."""

    def fill(memory: memoryview) -> int:
        piece = next(pieces, b"")
        memory[: len(piece)] = piece
        return len(piece)

    return fill


def drawn(fill: Fill) -> Iterator[bytes]:
    """The bytes of an input, piece by piece."""
    memory = memoryview(bytearray(PIECE))
    while size := fill(memory):
        yield bytes(memory[:size])


def silence(stream: FileIO) -> Callable[[], bool]:
    """Whether a pipe stays silent for a moment; its end is no silence."""
    return lambda: not select([stream], [], [], PATIENCE_S)[0]


def unpacked(packed: Iterator[bytes]) -> Iterator[bytes]:
    """What gzip members, one behind the other, hold (RFC 1952 2.2), at most `PIECE` bytes at a time.

    Zeros behind a member are padding, as for gzip(1). BrokenOff where the packed bytes end early or are wrong.
    """
    member = None
    for packed_piece in packed:
        left = packed_piece
        while left := left if member else left.lstrip(b"\0"):
            member = member or zlib.decompressobj(_GZIP_WBITS)
            before = member.copy()
            try:
                piece = member.decompress(left, PIECE)
            except zlib.error as error:
                yield from _before_flaw(before, left)
                raise BrokenOff("broken.gzip") from error
            left = member.unused_data if member.eof else member.unconsumed_tail
            member = None if member.eof else member
            if piece:
                yield piece
    if member:
        yield from _last(member)


def _before_flaw(member: "zlib._Decompress", left: bytes) -> Iterator[bytes]:
    """All but the last byte of what `left` gives before its flaw: fewer than `PIECE` bytes, so each bit of their number is tried once.

    Python drops what zlib unpacked in the call that fails, and with it that last byte.
    """
    for bit in reversed(range(PIECE.bit_length() - 1)):
        trial = member.copy()
        try:
            piece = trial.decompress(left, 1 << bit)
        except zlib.error:
            continue
        member, left = trial, trial.unconsumed_tail
        yield piece


def _last(member: "zlib._Decompress") -> Iterator[bytes]:
    """What zlib still holds back once all packed bytes are consumed: less than its window of 32 KiB."""
    if rest := member.flush():
        yield rest
    if not member.eof:
        raise BrokenOff("broken.gzip_end")
