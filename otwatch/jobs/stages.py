"""The way of packets up to the waist, as it is in one process."""

from collections.abc import Callable, Iterator
from typing import Protocol

from otwatch import capture
from otwatch.capture import Condition, Run, Source, Summary, in_time_order
from otwatch.dissectors import watching
from otwatch.events import Point
from otwatch.packets import Frames
from otwatch.results import CaptureRow
from otwatch.sightings import Item
from otwatch.wire import Wire, items
from otwatch.wire.defects import Defects, guarded

Progress = Callable[[int, int | None], None]
"""Told how many bytes were read so far, and of how many; None where nobody knows (standard input)."""


class Hearing(Protocol):
    """Captures that are being heard. `captures` and `notes` are whole once all items have come."""

    captures: tuple[CaptureRow, ...]
    notes: dict[str, int]

    def items(self, progress: Progress | None) -> Iterator[Item]:
        """Everything that passes the waist, once."""


class Reading:
    """Frames of captures, and what is known of the captures when they were read."""

    def __init__(self, sources: list[Source], consumed: Callable[[int], None]) -> None:
        self.condition = Condition()
        self._sources = sources
        self._readings = [source.read(consumed) for source in sources]

    def __iter__(self) -> Iterator[Frames]:
        return in_time_order(map(self._run, self._sources, self._readings))

    @property
    def captures(self) -> tuple[CaptureRow, ...]:
        """As far as they were read."""
        return tuple(_row(reading.summary) for reading in self._readings)

    def _run(self, source: Source, reading: capture.Reading) -> Run:
        return Run(source.first_ns, self._frames(reading))

    def _frames(self, reading: capture.Reading) -> Iterator[Frames]:
        for frames in reading:
            self.condition.take(frames)
            yield frames
        self.condition.told(reading.summary.lost)


class Here:
    """Everything in this process."""

    def __init__(self, sources: list[Source], watched: tuple[Point, ...]) -> None:
        self.captures: tuple[CaptureRow, ...] = ()
        self.notes: dict[str, int] = {}
        self._sources, self._watched = sources, watched

    def items(self, progress: Progress | None) -> Iterator[Item]:
        reading = Reading(self._sources, counted(self._sources, progress))
        defects = Defects()
        wire = guarded_wire(defects, self._watched)
        yield from items(wire, reading)
        self.captures = reading.captures
        self.notes = {**wire.notes(), **defects.notes(), **reading.condition.notes()}


def guarded_wire(defects: Defects, watched: tuple[Point, ...] = ()) -> Wire:
    """A wire half that goes on after a defect of ours, and reads the values of these points."""
    return Wire(tuple(guarded(one, defects) for one in watching(watched)))


def counted(sources: list[Source], progress: Progress | None) -> Callable[[int], None]:
    """What is told how many more bytes were consumed, and tells how many of all that are."""
    sizes = [source.size for source in sources]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    done = 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        if progress is not None:
            progress(done, total)

    return count


def _row(summary: Summary) -> CaptureRow:
    return CaptureRow(
        name=summary.name, format=summary.format, link_types=summary.link_types, bytes=summary.size or 0, frames=summary.frames,
        first_ns=summary.first_ns or 0, last_ns=summary.last_ns or 0, broken=summary.broken,
    )  # fmt: skip
