"""The whole chain: captures -> wire half -> site half -> results."""

from collections.abc import Callable, Iterator, Sequence

from otwatch.capture import Condition, Source, Summary, open_captures
from otwatch.config import Site
from otwatch.config.limits import watched
from otwatch.declared.baseline import Accepted
from otwatch.dissectors import watching
from otwatch.packets import Frames
from otwatch.results import CaptureRow, Results
from otwatch.sightings import Sighting, singly
from otwatch.site import NOTHING, SiteHalf
from otwatch.wire import Wire, items
from otwatch.wire.defects import Defects, guarded

Progress = Callable[[int, int | None], None]
"""Told how many bytes were read so far, and of how many; None where nobody knows (standard input)."""


def replay(
    paths: Sequence[str], site: Site | None = None, progress: Progress | None = None, accepted: Accepted = NOTHING
) -> Results:
    """Read captures as one stream of packets and say what is in them.

    Without a `site`, zones are suggested from what was seen; `accepted` is what a person accepted as usual.
    CaptureError where nothing can be read at all.
    """
    sources = open_captures(paths)
    captures: list[CaptureRow] = []
    defects, condition = Defects(), Condition()
    wire, half = wire_for(site, defects), SiteHalf(site, accepted)
    for item in items(wire, _batches(sources, captures, condition, progress)):
        half.see(item)
    half.finish()
    return half.results(tuple(captures), {**wire.notes(), **defects.notes(), **condition.notes()})


def wire_for(site: Site | None, defects: Defects) -> Wire:
    """The wire half of a site. It knows no site but for the points whose values have declared limits."""
    spoken = watching(watched(site.limits) if site is not None else ())
    return Wire(tuple(guarded(one, defects) for one in spoken))


def piecewise(path: str, size: int, fine: frozenset[int]) -> Iterator[Sighting]:
    """What a capture says, told at once after every `size` frames; in the pieces `fine` (frame number // size) after every frame.

    The same is said as in a replay, but each sighting counts a piece only, and its frame lies in it.
    """
    defects = Defects()
    wire = wire_for(None, defects)
    for source in open_captures([path]):
        for frames in source.read():
            for piece in _pieces(frames, size, fine):
                yield from (item for item in singly(wire.take(piece, at_once=True)) if isinstance(item, Sighting))
    yield from (item for item in singly(wire.finish()) if isinstance(item, Sighting))


def _pieces(frames: Frames, size: int, fine: frozenset[int]) -> Iterator[Frames]:
    at, end = 0, len(frames.start)
    while at < end:
        number = int(frames.number[at])
        after = at + 1 if number // size in fine else min(at + size - number % size, end)
        yield frames._replace(**{name: getattr(frames, name)[at:after] for name in frames._fields if name not in ("data", "capture")})
        at = after


def _batches(
    sources: list[Source], captures: list[CaptureRow], condition: Condition, progress: Progress | None
) -> Iterator[Frames]:
    sizes = [source.size for source in sources]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    done = 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        if progress is not None:
            progress(done, total)

    for source in sources:
        reading = source.read(count)
        for frames in reading:
            condition.take(frames)
            yield frames
        condition.told(reading.summary.lost)
        captures.append(_row(reading.summary))


def _row(summary: Summary) -> CaptureRow:
    return CaptureRow(
        name=summary.name, format=summary.format, link_types=summary.link_types, bytes=summary.size or 0, frames=summary.frames,
        first_ns=summary.first_ns or 0, last_ns=summary.last_ns or 0, broken=summary.broken,
    )  # fmt: skip
