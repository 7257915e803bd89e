"""From a window of bytes to batches of `Frames`: what the file formats have in common.

A format is a `Layout`. Its `walk` is a plain loop that only finds where the records begin (nothing vectorised was faster);
its `columns` then reads all their headers at once. A batch ends when it is full, when it is big, when a pipe falls
silent, or where the layout says that the next frames are read in another way.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from otwatch.capture.window import BrokenOff, Window
from otwatch.packets import BATCH, I64, U8, Frames

BATCH_BYTES = 8 << 20
"""A batch is not extended beyond this size: large frames give smaller batches, not more memory."""

MAX_CAPTURED = 256 << 10
"""Bytes of the longest frame anyone captures (libpcap: MAXIMUM_SNAPLEN); a longer one is a flaw of the file."""

Records = NDArray[np.void]


class Columns(NamedTuple):
    """The columns of `Frames` that a layout knows, for the frames before the first flawed one."""

    start: I64
    length: I64
    wire_length: I64
    time_ns: I64
    link_type: I64


class Layout(Protocol):
    """How a format lays frames out in bytes."""

    name: str

    def walk(self, data: memoryview, at: int, starts: list[int], most: int) -> tuple[int, bool]:
        """Append where records begin, from `at` on, until there are `most`.

        Returns where the first record stands that was not passed, and whether only missing bytes stopped the walk.
        Anything else that stops it stops it again at the start of the next batch, unless it only ended the batch.
        """

    def columns(self, data: U8, starts: I64) -> Columns:
        """The columns of the records at `starts`, up to the first flawed one."""

    def lost(self) -> int | None:
        """Frames that the recorder says it lost, as far as was read; None where it does not say."""

    def ending(self, data: memoryview) -> str:
        """Why no record can be read at the start of `data`, in English; "" where there is nothing left."""


def batches(window: Window, layout: Layout, capture: str, most: int = BATCH) -> Iterator[Frames]:
    """The frames of a capture, at most `most` at a time; BrokenOff, with place and reason, where it ends too early."""
    passed = 0
    while True:
        starts, end = _gather(window, layout, most)
        if not end:
            break
        data = window.view(end if starts else 0)
        columns = layout.columns(data, np.array(starts, np.int64))
        if count := len(columns.start):
            yield Frames(data, *columns, np.arange(passed + 1, passed + count + 1), np.zeros(count, np.int64), (capture,))
        passed += count
        if count < len(starts):
            window.drop(starts[count])
            break
        window.drop(end)
    _end(window, layout, passed)


def _gather(window: Window, layout: Layout, most: int) -> tuple[list[int], int]:
    """Where the records of the next batch begin, and where the last of them ends."""
    starts: list[int] = []
    at, short = layout.walk(window.data, 0, starts, most)
    while short and at < BATCH_BYTES and not (starts and window.silent()) and window.grow():
        at, short = layout.walk(window.data, at, starts, most)
    return starts, at


def _end(window: Window, layout: Layout, passed: int) -> None:
    ending, flaw = layout.ending(window.data), window.flaw
    if ending and flaw:
        raise BrokenOff("broken.off_twice", frame=passed, byte=window.offset, reason=ending, more=flaw)
    if ending or flaw:
        raise BrokenOff("broken.off", frame=passed, byte=window.offset, reason=ending or flaw)


def gather(data: U8, starts: I64, layout: np.dtype[Any]) -> Records:
    """A copy of the records at `starts`, which NumPy checks against the end of `data`.

    `data` is seen as overlapping records, one at every byte; moved as plain bytes they cost 7 ns each.
    """
    size = layout.itemsize
    places = max(len(data) - size + 1, 0)
    overlapping: Records = np.ndarray((places,), f"V{size}", data, 0, (1,))
    return overlapping[starts].view(layout)
