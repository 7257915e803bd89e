"""A capture as a window of bytes that moves forward: the same for a file, a pipe and gzip of either."""

import zlib
from collections.abc import Callable, Iterator
from itertools import chain
from select import select
from typing import BinaryIO

import numpy as np

from otwatch.packets import U8

PIECE = 256 << 10
"""Bytes read, or unpacked, at once."""

PATIENCE_S = 0.05
"""How long a pipe may be silent before the frames already there go on their way."""

GZIP = b"\x1f\x8b"
_GZIP_WBITS = 31  # zlib manual, inflateInit2: 15 bits of window, 16 more for "gzip header and trailer"


class BrokenOff(Exception):  # noqa: N818  # no mistake of ours: it ends the capture
    """The input gives no more bytes before its end; the text says why."""


class Window:
    """`data` holds the bytes of the (unpacked) capture from `offset` on.

    flaw   why the input broke off before its end; "" as long as it did not
    """

    def __init__(self, pieces: Iterator[bytes], silent: Callable[[], bool] = lambda: False) -> None:
        self.data = bytearray()
        self.offset = 0
        self.flaw = ""
        self.silent = silent
        self._pieces = pieces

    def grow(self) -> bool:
        """Read on; False at the end, or where the input breaks off."""
        try:
            piece = next(self._pieces, b"")
        except BrokenOff as reason:
            self.flaw = str(reason)
            return False
        self.data += piece
        return bool(piece)

    def reach(self, size: int) -> bool:
        """Read on until `size` bytes are there; False where the capture is shorter."""
        while len(self.data) < size and self.grow():
            pass
        return len(self.data) >= size

    def view(self, size: int) -> U8:
        """The first `size` bytes, read only; they stay what they are when the window has moved on, which it must do by `drop`."""
        shown = np.frombuffer(self.data, np.uint8, size)
        shown.flags.writeable = False
        return shown

    def drop(self, size: int) -> None:
        """Move forward by `size` bytes: what is left moves to a place of its own, so that a view of the rest keeps its bytes."""
        self.data = self.data[size:]
        self.offset += size

    def unzip(self) -> None:
        """From here on the window shows what is packed in its bytes."""
        packed = chain([bytes(self.data)], self._pieces)
        self.data.clear()
        self._pieces = unpacked(packed)


def pieces_of(stream: BinaryIO, consumed: Callable[[int], None], size: int = PIECE) -> Iterator[bytes]:
    """The bytes of an unbuffered stream as they come; `consumed` is told how many."""
    try:
        while piece := stream.read(size):
            consumed(len(piece))
            yield piece
    except OSError as error:
        raise BrokenOff(f"cannot be read any further: {error.strerror}") from error


def silence(stream: BinaryIO) -> Callable[[], bool]:
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
                raise BrokenOff("gzip is damaged") from error
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
        raise BrokenOff("gzip ends inside its packed bytes")
