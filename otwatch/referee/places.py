"""In which frames otwatch and tshark differ.

tshark says of every message its frame; facts of otwatch only say the first. So the capture is heard again, in pieces whose facts are told
at once: first all of it, to learn which pieces differ, then those frame by frame.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator

from otwatch.checks import Difference, FieldCheck
from otwatch.events import Answer, Request
from otwatch.facts import counted
from otwatch.facts.ledger import ANSWERED
from otwatch.referee.comparing import Place
from otwatch.referee.sheet import Sheet, key
from otwatch.sightings import Outcome, Sighting

PIECE = 256
"""Frames heard at once in the first hearing."""
PIECES = 16
"""Pieces that are heard frame by frame; of a capture that differs everywhere, the first ones."""
LISTED = 20
"""Frames named for each side of a difference."""

Hear = Callable[[frozenset[int]], Iterable[Sighting]]
"""The capture in pieces of PIECE frames; those whose numbers are given (frame // PIECE), frame by frame."""


def placed(checks: Iterable[FieldCheck], sheet: Sheet, hear: Hear) -> tuple[FieldCheck, ...]:
    """The same checks, their differences with the frames that only one side has."""
    checks = tuple(checks)
    theirs = {place: _frames(sheet, place) for check in checks for place in _places(check)}
    if not theirs:
        return checks
    rough = frozenset(_differing(theirs, hear, sheet.last_whole)[:PIECES])
    exact = _ours(hear(rough), theirs, 1)
    return tuple(
        check._replace(differences=tuple(_placed(one, check, theirs, exact, rough) for one in check.differences)) for check in checks
    )


def _places(check: FieldCheck) -> Iterator[Place]:
    for one in check.differences:
        yield check.section, check.field, key(tuple(one.item.items()))


def _frames(sheet: Sheet, place: Place) -> Counter[int]:
    count = sheet.fields.get(place[:2], {}).get(place[2])
    return Counter(count.frames if count else ())


def _differing(theirs: dict[Place, Counter[int]], hear: Hear, last: int | None) -> list[int]:
    """The pieces up to frame `last` in which any of these items was not said equally often."""
    mine = _ours(hear(frozenset()), theirs, PIECE)
    pieces: set[int] = set()
    for place, frames in theirs.items():
        coarse: Counter[int] = Counter()
        for frame, times in frames.items():
            coarse[frame // PIECE] += times
        pieces |= {at for at in (coarse | mine[place]) if coarse[at] != mine[place][at]}
    return [at for at in sorted(pieces) if last is None or (at + 1) * PIECE <= last]


def _ours(said: Iterable[Sighting], wanted: Iterable[Place], width: int) -> defaultdict[Place, Counter[int]]:
    """How often otwatch says each of these items in which `width` frames."""
    places, found = frozenset(wanted), defaultdict[Place, Counter[int]](Counter)
    rows = (row for sighting in said for alone in _apart(sighting) for row in counted(alone))
    for row in rows:
        place = (row.section, row.field, key(tuple(row.item.items())))
        if place in places:
            found[place][row.frame.number // width] += row.times
    return found


def _apart(sighting: Sighting) -> Iterator[Sighting]:
    """A request that was joined with its answer, as the two messages it stands for."""
    event = sighting.event
    if not isinstance(event, Request) or sighting.outcome not in ANSWERED or sighting.answer is None:
        yield sighting
        return
    answer = Answer(event.protocol, event.operation, event.code, event.target, event.origin, sighting.error, sighting.error_code)
    yield sighting._replace(outcome=Outcome.NONE, error="", error_code="", answer=None)
    yield sighting._replace(
        by_client=not sighting.by_client, event=answer, frame=sighting.answer, outcome=Outcome.NONE, error="", error_code="", answer=None
    )


def _placed(
    one: Difference, check: FieldCheck, theirs: dict[Place, Counter[int]], exact: defaultdict[Place, Counter[int]], rough: frozenset[int]
) -> Difference:
    place = (check.section, check.field, key(tuple(one.item.items())))
    mine = Counter({frame: times for frame, times in exact[place].items() if frame // PIECE in rough})
    its = Counter({frame: times for frame, times in theirs[place].items() if frame // PIECE in rough})
    return one._replace(otwatch_frames=_listed(mine - its), tshark_frames=_listed(its - mine))


def _listed(frames: Counter[int]) -> tuple[int, ...]:
    return tuple(sorted(frames)[:LISTED])
