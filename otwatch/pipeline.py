"""The whole chain: captures -> wire half -> site half -> results."""

from collections.abc import Iterator, Sequence

from otwatch.capture import open_captures
from otwatch.config import Site
from otwatch.config.limits import watched
from otwatch.declared.baseline import Accepted
from otwatch.jobs import Hearing, hearing
from otwatch.jobs.stages import Progress, guarded_wire
from otwatch.packets import Frames
from otwatch.results import Results
from otwatch.sightings import Sighting, singly
from otwatch.site import NOTHING, SiteHalf
from otwatch.wire.defects import Defects


def replay(
    paths: Sequence[str], site: Site | None = None, progress: Progress | None = None, accepted: Accepted = NOTHING, jobs: int = 1
) -> Results:
    """Read captures as one stream of packets and say what is in them.

    Without a `site`, zones are suggested from what was seen; `accepted` is what a person accepted as usual. More `jobs` change nothing but
    the time it takes. CaptureError where nothing can be read at all.
    """
    with hearing(paths, jobs, watched(site.limits if site else ())) as heard:
        return concluded(heard, site, progress, accepted)


def concluded(
    heard: Hearing, site: Site | None = None, progress: Progress | None = None, accepted: Accepted = NOTHING, place: str = ""
) -> Results:
    """The same for captures that are being heard already; `place`: where they were taken, "" where nobody said."""
    half = SiteHalf(site, accepted, place)
    for item in heard.items(progress):
        half.see(item)
    half.finish()
    return half.results(heard.captures, heard.notes)


def piecewise(path: str, size: int, fine: frozenset[int]) -> Iterator[Sighting]:
    """What a capture says, told at once after every `size` frames; in the pieces `fine` (frame number // size) after every frame.

    The same is said as in a replay, but each sighting counts a piece only, and its frame lies in it.
    """
    wire = guarded_wire(Defects())
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
        yield frames.part(slice(at, after))
        at = after
