"""One pass over one capture: what format it is, its frames, and what there is to say about it afterwards."""

from collections.abc import Callable, Iterator
from io import FileIO
from os import set_blocking
from pathlib import Path
from typing import NamedTuple

import numpy as np

from otwatch.capture import pcapfile, pcapng
from otwatch.capture.batches import Layout, batches
from otwatch.capture.window import GZIP, PIECE, BrokenOff, Window, filled_from, silence
from otwatch.errors import CaptureError
from otwatch.packets import BATCH, Frames
from otwatch.words import phrase

Progress = Callable[[int], None]
"""Told how many more bytes of the input were consumed (packed bytes, where it is packed)."""


class Summary(NamedTuple):
    """What a pass over a capture has found.

    size        bytes of the file; None for standard input and pipes
    format      "pcap" or "pcapng", with ".gz" behind it where it was packed; "" where it was not read
    link_types  LINKTYPE_ values of its frames, sorted
    first_ns    earliest time of a frame and last_ns latest; None without frames
    lost        frames that the recorder says it lost; None where it does not say
    broken      "" where the capture was read to its end, else behind which frame and byte it breaks off, and why (English)
    """

    name: str
    size: int | None
    format: str = ""
    link_types: tuple[int, ...] = ()
    frames: int = 0
    first_ns: int | None = None
    last_ns: int | None = None
    broken: str = ""
    lost: int | None = None

    def with_frames(self, frames: Frames) -> "Summary":
        first, last = int(frames.time_ns.min()), int(frames.time_ns.max())
        return self._replace(
            link_types=tuple(sorted({*self.link_types, *np.unique(frames.link_type).tolist()})),
            frames=self.frames + len(frames.start),
            first_ns=first if self.first_ns is None else min(first, self.first_ns),
            last_ns=last if self.last_ns is None else max(last, self.last_ns),
        )


def not_consumed(_: int) -> None:
    """The Progress of those who do not watch."""


class Source(NamedTuple):
    """A capture that can be read.

    name      as shown to people: the path as it was given, every character printable; "stdin"
    path      None for standard input
    size      bytes; None where it can be read only once (standard input, pipes)
    first_ns  time of its first frame; None where it has none, or nobody can know yet
    refused   why it cannot be read although its name says that it is a capture (found in a folder, empty or damaged)
    """

    name: str
    path: Path | None
    size: int | None = None
    first_ns: int | None = None
    refused: str = ""

    def read(self, progress: Progress = not_consumed) -> "Reading":
        return Reading(self, progress)


class Reading:
    """Iterate once for the batches of a capture; `summary` tells at any time what was found so far.

    The iteration raises CaptureError where the input cannot be opened or is no capture.
    """

    def __init__(self, source: Source, progress: Progress = not_consumed, most: int = BATCH, piece: int = PIECE) -> None:
        self.summary = Summary(source.name, source.size, broken=source.refused)
        self._source = source
        self._progress = progress
        self._most = most
        self._piece = piece

    def __iter__(self) -> Iterator[Frames]:
        if self._source.refused:
            return
        with _opened(self._source) as stream:
            fill = filled_from(stream, self._progress, self._piece)
            window = Window(fill) if self._source.size is not None else Window(fill, silence(stream))
            try:
                layout = self._layout(window)
                for frames in batches(window, layout, self._source.name, self._most):
                    self.summary = self.summary.with_frames(frames)
                    yield frames
                self.summary = self.summary._replace(lost=layout.lost())
            except BrokenOff as reason:
                self.summary = self.summary._replace(broken=str(reason))

    def _layout(self, window: Window) -> Layout:
        window.reach(len(GZIP))
        packed = window.data[: len(GZIP)] == GZIP
        if packed:
            window.unzip()
        layout = _recognise(window, self._source.name, packed)
        self.summary = self.summary._replace(format=layout.name + ".gz" * packed)
        return layout


def _opened(source: Source) -> FileIO:
    try:
        stream = FileIO(0, closefd=False) if source.path is None else FileIO(source.path)
        set_blocking(stream.fileno(), True)  # an inherited pipe that does not block would seem to be at its end
        return stream
    except OSError as error:
        raise CaptureError("capture.refused", path=source.name, why=phrase("broken.unopened", reason=error)) from error


def _recognise(window: Window, name: str, packed: bool) -> Layout:
    """The layout at the start of the window, which moves past the file header of a pcap."""
    whole = window.reach(pcapfile.HEADER)
    beginning = bytes(window.data[: pcapfile.HEADER])
    if pcapng.is_pcapng(beginning):
        return pcapng.Pcapng()
    if not pcapfile.is_pcap(beginning):
        raise _not_a_capture(name, beginning, packed, window.flaw)
    if not whole:
        raise BrokenOff("broken.file_header", there=len(beginning), whole=pcapfile.HEADER)
    window.drop(pcapfile.HEADER)
    return pcapfile.Pcap(beginning)


def _not_a_capture(name: str, beginning: bytes, packed: bool, flaw: str) -> CaptureError:
    if flaw:
        return CaptureError("capture.refused", path=name, why=phrase("broken.flawed", reason=flaw))
    if not beginning:
        return CaptureError("capture.refused", path=name, why=phrase("broken.packed_nothing" if packed else "broken.empty"))
    why = phrase("broken.packed_other" if packed else "broken.other", bytes=beginning[:8].hex(" "))
    return CaptureError("capture.refused", path=name, why=why)
