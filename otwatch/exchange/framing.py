"""The stream: a greeting, then frames of a kind, a length and a body, until one of them says that it was the last.

    greeting   "otwatch" 0x0A, version of the format (1 byte), fingerprint of the vocabulary (8 bytes)
    frame      length of the body (4 bytes, little endian), kind (1 byte), body

A descriptor is all it needs: a pipe, a socket or a file. Whoever reads raises ExchangeError for anything that is not as it should be, and
makes room for no more than the bound of a kind.
"""

import os
from collections.abc import Iterator, Sequence
from enum import IntEnum
from struct import Struct

from otwatch.errors import ExchangeError
from otwatch.events.secret import PrivatePipe
from otwatch.exchange.forms import FINGERPRINT

VERSION = 1
GREETING = b"otwatch\n" + bytes((VERSION,)) + FINGERPRINT
_HEAD = Struct("<IB")
_BUFFERS = 512
"""Buffers written at once (limits.h: IOV_MAX is 1024)."""


class Kind(IntEnum):
    """What a frame holds."""

    EVENTS = 1
    CONVERSATIONS = 2
    CAPTURES = 3
    FORGET = 4
    ITEMS = 5
    CONSUMED = 6
    PACKETS = 7
    ENDING = 8
    FAILED = 9


LAST = frozenset({Kind.ENDING, Kind.FAILED})
MOST = dict.fromkeys(Kind, 64 << 20) | {Kind.PACKETS: 512 << 20, Kind.FAILED: 64 << 10, Kind.CONSUMED: 16, Kind.FORGET: 1}
"""Bytes of a body."""

Buffer = bytes | bytearray | memoryview


class Outlet:
    """The writing end. Only what was given as a `PrivatePipe` is private."""

    def __init__(self, to: PrivatePipe | int) -> None:
        """Greets at once; OSError where nobody listens any more."""
        self.private = to if isinstance(to, PrivatePipe) else None
        self._to = to.writing if isinstance(to, PrivatePipe) else to
        self._write([memoryview(GREETING)])

    def put(self, kind: Kind, *parts: Buffer) -> None:
        """One frame, its body in parts; OSError where it cannot be written, ExchangeError where it is too long to be read again."""
        views = [memoryview(part).cast("B") for part in parts if len(part)]
        size = sum(map(len, views))
        if size > MOST[kind]:
            raise ExchangeError("exchange.too_much_sent", kind=kind.name, size=size, most=MOST[kind])
        self._write([memoryview(_HEAD.pack(size, kind)), *views])

    def _write(self, views: list[memoryview]) -> None:
        while views:
            gone = os.writev(self._to, views[:_BUFFERS])
            views = _behind(views, gone)


class Inlet:
    """The reading end: iterate once for the kinds of all frames, up to the last; `body` or `fill` gives what such a frame holds."""

    def __init__(self, source: PrivatePipe | int) -> None:
        self.private = source if isinstance(source, PrivatePipe) else None
        self._from = source.reading if isinstance(source, PrivatePipe) else source
        self._left = 0

    def __iter__(self) -> Iterator[Kind]:
        self._greet()
        head = bytearray(_HEAD.size)
        while True:
            self._read([memoryview(head)])
            self._left, number = _HEAD.unpack(head)
            kind = _kind(number, self._left)
            yield kind
            if self._left:
                self.body()
            if kind in LAST:
                return

    def body(self) -> bytearray:
        """All that is left of the frame."""
        body = bytearray(self._left)
        self.fill([memoryview(body)])
        return body

    def fill(self, views: Sequence[memoryview]) -> None:
        """The next bytes of the frame, into these; ExchangeError where it holds fewer."""
        size = sum(map(len, views))
        if size > self._left:
            raise ExchangeError("exchange.short", bytes=size - self._left)
        self._read([view for view in views if len(view)])
        self._left -= size

    def _greet(self) -> None:
        greeting = bytearray(len(GREETING))
        self._read([memoryview(greeting)])
        if greeting == GREETING:
            return
        named, version, fingerprint = greeting[:8], greeting[8], greeting[9:].hex()
        if named != GREETING[:8]:
            raise ExchangeError("exchange.other", bytes=greeting.hex(" "))
        ours = f"version {VERSION}, vocabulary {FINGERPRINT.hex()}"
        raise ExchangeError("exchange.version", version=version, vocabulary=fingerprint, ours=ours)

    def _read(self, views: list[memoryview]) -> None:
        while views:
            come = os.readv(self._from, views[:_BUFFERS])
            if not come:
                raise ExchangeError("exchange.broken_off")
            views = _behind(views, come)


def _kind(number: int, size: int) -> Kind:
    if number not in MOST:
        raise ExchangeError("exchange.kind", number=number, most=max(Kind))
    kind = Kind(number)
    if size > MOST[kind]:
        raise ExchangeError("exchange.too_much", kind=kind.name, size=size, most=MOST[kind])
    return kind


def _behind(views: list[memoryview], passed: int) -> list[memoryview]:
    """What is left of buffers once so many bytes have passed."""
    for at, view in enumerate(views):
        if passed < len(view):
            return [view[passed:], *views[at + 1 :]]
        passed -= len(view)
    return []
