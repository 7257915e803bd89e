"""Captures that overlap in time -> one stream in the order of time, as if one recorder had heard it all.

Two taps, or the two directions of one, give files of the same minutes. Read one after the other, an answer would come before its question.
Each capture keeps the order of its own frames: where its clock steps back, a frame counts as old as the newest before it. Frames of the
same time come in the order of the captures.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from otwatch.packets import BATCH, I64, Frames

WIDTH = 16
"""Captures that are read side by side at most: one batch of each is in memory. More of the same time wait until one has ended."""
_KEPT = tuple(name for name in Frames._fields if name not in {"data", "start", "origin", "captures"})
_NONE = np.empty(0, np.int64)


class Run(NamedTuple):
    """A capture that can be read. `first_ns`: time of its first frame; None where nobody knows it, then it comes after all others."""

    first_ns: int | None
    batches: Iterator[Frames]


class _Open:
    """A capture that is being read: the frames that come next, for each the time by which it takes its turn, and that of the last."""

    def __init__(self, batches: Iterator[Frames]) -> None:
        self._batches = batches
        self.last_ns = np.iinfo(np.int64).min
        self._next()

    def _next(self) -> None:
        self.frames = next(self._batches, None)
        times = _NONE if self.frames is None else self.frames.time_ns
        self.turns = np.maximum.accumulate(np.maximum(times, self.last_ns))
        if self.frames is not None:
            self.last_ns = int(self.turns[-1])

    def until(self, horizon_ns: int) -> "tuple[Frames, I64] | None":
        """Take the frames whose turn comes up to a time, with their turns."""
        count = int(np.searchsorted(self.turns, horizon_ns, "right"))
        frames, turns = self.frames, self.turns
        if frames is None or not count:
            return None
        if count == len(turns):
            self._next()
            return frames, turns
        self.frames, self.turns = frames.part(slice(count, None)), turns[count:]
        return frames.part(slice(count)), turns[:count]


def in_time_order(runs: Iterable[Run]) -> Iterator[Frames]:
    """The frames of captures that are given by the times of their first frames.

    A batch of one capture passes as it is where no other is of its time.
    """
    waiting = deque(runs)
    reading: list[_Open] = []
    while waiting or reading:
        while waiting and len(reading) < WIDTH and _is_due(waiting[0], reading):
            reading += [opened for opened in (_Open(waiting.popleft().batches),) if opened.frames is not None]
        if reading:
            horizon_ns = _horizon(reading)
            yield _merged([part for one in reading if (part := one.until(horizon_ns)) is not None])
            reading = [one for one in reading if one.frames is not None]


def _is_due(run: Run, reading: list[_Open]) -> bool:
    """Whether a capture has to be opened before anything more of the others can pass."""
    return not reading or (run.first_ns is not None and run.first_ns <= min(one.last_ns for one in reading))


def _horizon(reading: list[_Open]) -> int:
    """Up to when every frame is known, or a batch is full."""
    known_ns = min(one.last_ns for one in reading)
    if len(reading) == 1:
        return known_ns
    turns = np.concatenate([one.turns[: np.searchsorted(one.turns, known_ns, "right")] for one in reading])
    return known_ns if len(turns) <= BATCH else int(np.partition(turns, BATCH - 1)[BATCH - 1])


def _merged(parts: list[tuple[Frames, I64]]) -> Frames:
    if len(parts) == 1:
        return parts[0][0]
    order = np.argsort(np.concatenate([turns for _, turns in parts]), kind="stable")
    batches = [_alone(frames) for frames, _ in parts]
    begins = np.cumsum([0, *(len(one.data) for one in batches)])
    data = np.concatenate([one.data for one in batches])
    data.flags.writeable = False
    columns = {name: np.concatenate([getattr(one, name) for one in batches])[order] for name in _KEPT}
    start = np.concatenate([one.start + begin for one, begin in zip(batches, begins[:-1], strict=True)])[order]
    origin = np.repeat(np.arange(len(batches)), [len(one.start) for one in batches])[order]
    return Frames(data=data, start=start, origin=origin, captures=tuple(name for one in batches for name in one.captures), **columns)


def _alone(frames: Frames) -> Frames:
    """With no more bytes than these frames have."""
    begin, end = int(frames.start.min()), int((frames.start + frames.length).max())
    return frames._replace(data=frames.data[begin:end], start=frames.start - begin)
