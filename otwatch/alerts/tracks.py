"""How many different things somebody did within so many seconds of packet time: sliding counters, bounded, without a clock.

A counter holds, for every key (who), the things (what) of the last `span_s` seconds. Once its threshold is crossed the key is
*open*: nothing is dropped any more until nothing was added for a whole span, so what a scan touched in the end is known in full.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import NamedTuple

from otwatch.sightings import Frame

SECOND = 1_000_000_000
THINGS = 1024
"""Things of one key; beyond it further ones are counted and not told apart."""
HELD = 65_536
"""Things of all keys of one counter, and as many that a key did before; beyond it the key that was silent longest is forgotten."""
KEY = 4
"""What a key by itself takes of that room: it weighs as much as so many things."""
_LATE = "late"


class Mark(NamedTuple):
    """Something to count. `failed`: it was refused, or nobody answered; `quantity`: how many the thing itself stands for."""

    counter: str
    key: Hashable
    thing: Hashable
    time_ns: int
    frame: Frame
    times: int = 1
    failed: bool = False
    quantity: int = 1


@dataclass(slots=True)
class Seen:
    """One thing within the window. `frame` is the first; it failed if it failed every time."""

    first_ns: int
    last_ns: int
    times: int
    frame: Frame
    failed: bool
    quantity: int

    def again(self, mark: Mark) -> None:
        """It was seen once more; items of one slot come in any order."""
        time_ns = mark.time_ns
        if (time_ns, time_ns, mark.times, mark.frame) < (self.first_ns, self.last_ns, self.times, self.frame):
            self.first_ns, self.frame = time_ns, mark.frame
        if time_ns > self.last_ns:  # noqa: PLR1730  # max() costs three times as much
            self.last_ns = time_ns
        self.times += mark.times
        self.failed = self.failed and mark.failed


class Crossing(NamedTuple):
    """A key that is open.

    things            since it opened; grows while it stays open, and is never taken back
    times, frames     what was not told with an earlier crossing of this key
    """

    key: Hashable
    things: Mapping[Hashable, Seen]
    times: int
    frames: tuple[Frame, ...]
    first_ns: int
    last_ns: int


class Group:
    """Things that are alike in one part. `things`: how many; `failed`, `times`: sums over them."""

    __slots__ = ("failed", "part", "things", "times")

    def __init__(self, part: int) -> None:
        self.part = part
        self.things = self.failed = self.times = 0


class Track:
    """What one key did within the window. `untold` is a heap, earliest first; `failed`, `times`, `quantity`: sums over `things`.

    repeated  how many things were there twice or more
    groups    where things are tuples: for each part by which they are told apart, those that are alike in it; `touched`: the groups that
              changed since it was last asked whether the track is a finding. A flood fills tracks, and then nobody may walk through them
              for every packet
    """

    __slots__ = ("failed", "first_ns", "groups", "is_open", "last_ns", "quantity", "repeated", "things", "times", "touched", "untold")

    def __init__(self, time_ns: int, parts: int = 0) -> None:
        self.things: dict[Hashable, Seen] = {}
        self.untold: list[tuple[int, Frame, int]] = []
        self.groups: tuple[dict[Hashable, Group], ...] = tuple({} for _ in range(parts))
        self.touched: list[Group] = []
        self.first_ns = self.last_ns = time_ns
        self.failed = self.times = self.quantity = self.repeated = 0
        self.is_open = False

    def expire(self, horizon_ns: int) -> None:
        """Forget what is older, unless the track is open."""
        if self.first_ns >= horizon_ns:
            return
        while self.untold and self.untold[0][0] < horizon_ns:
            heappop(self.untold)
        while self.things and not self.is_open:
            thing, seen = next(iter(self.things.items()))
            if seen.last_ns >= horizon_ns:
                break
            del self.things[thing]
            self._weigh(thing, seen, -1)

    def put(self, mark: Mark) -> None:
        """Count one thing."""
        _, _, thing, time_ns, frame, times, failed, quantity = mark
        if len(self.untold) < THINGS:
            heappush(self.untold, (time_ns, frame, times))
        if time_ns < self.first_ns:
            self.first_ns = time_ns
        elif time_ns > self.last_ns:
            self.last_ns = time_ns
        things = self.things
        seen = things.get(thing)
        if seen is None:
            if len(things) < THINGS:
                seen = things[thing] = Seen(time_ns, time_ns, times, frame, failed, quantity)
                self._weigh(thing, seen, 1)
            return
        had_failed, had = seen.failed, seen.times
        seen.again(mark)
        self.repeated += had <= 1 < seen.times
        self._add(thing, 0, seen.failed - had_failed, times)
        if not self.is_open:
            things[thing] = things.pop(thing)  # so that the oldest stands first

    def _weigh(self, thing: Hashable, seen: Seen, sign: int) -> None:
        """Add a thing to the sums, or take it out of them."""
        self.quantity += sign * seen.quantity
        if seen.times > 1:
            self.repeated += sign
        self._add(thing, sign, sign * seen.failed, sign * seen.times)

    def _add(self, thing: Hashable, things: int, failed: int, times: int) -> None:
        self.failed += failed
        self.times += times
        if self.groups:
            for group in self._groups_of(thing):
                group.things += things
                group.failed += failed
                group.times += times

    def _groups_of(self, thing: Hashable) -> Iterator[Group]:
        assert isinstance(thing, tuple)
        for part, (groups, name) in enumerate(zip(self.groups, thing, strict=False)):
            group = groups.get(name)
            if group is None:
                group = groups[name] = Group(part)
            yield group
            self.touched.append(group)
            if not group.things:
                del groups[name]


class Line(NamedTuple):
    """When a track is a finding (alerts/crossings.py), and by how many parts it must tell things apart that are tuples."""

    crossed: Callable[[Track], bool]
    parts: int = 0


class Counter:
    """One kind of things. `line` says when a track is a finding; `fresh`: only things that a key never did before count.

    forgotten  keys that had to make room for others although their window was not over
    """

    def __init__(self, span_s: int, line: Line, *, fresh: bool = False) -> None:
        self.forgotten = 0
        self._span = span_s * SECOND
        self._line = line
        self._fresh = fresh
        self._tracks: OrderedDict[Hashable, Track] = OrderedDict()
        self._known: OrderedDict[Hashable, int] = OrderedDict()
        self._held = 0

    def add(self, mark: Mark) -> Crossing | None:
        """Count one thing; what is known of its key while the key is open.

        What is told when its window is over (a segment was waited for, or the clock went back) is counted apart.
        """
        if self._fresh and not self._is_fresh(mark):
            return None
        key, time_ns = mark.key, mark.time_ns
        track = self._tracks.get(key)
        if track is not None and time_ns < track.last_ns - self._span:
            key = (_LATE, key)
            track = self._tracks.get(key)
        if track is None:
            track = self._tracks[key] = Track(time_ns, self._line.parts)
            self._held += KEY
        else:
            self._tracks.move_to_end(key)
        before = len(track.things)
        horizon_ns = max(time_ns, track.last_ns) - self._span
        if track.is_open and track.last_ns < horizon_ns:  # it is over; who was told of it keeps its things
            track = self._tracks[key] = Track(time_ns, self._line.parts)
        track.expire(horizon_ns)
        track.put(mark)
        self._held += len(track.things) - before
        if self._held > HELD:
            self._make_room(horizon_ns)
        track.is_open = track.is_open or self._line.crossed(track)
        track.touched.clear()
        return _crossing(mark.key, track) if track.is_open else None

    def _is_fresh(self, mark: Mark) -> bool:
        """Whether the key began with this thing within the span: what it does all the time is its habit."""
        named = (mark.key, mark.thing)
        first_ns = self._known.get(named)
        if first_ns is not None:
            self._known.move_to_end(named)
            return mark.time_ns - first_ns <= self._span
        self._known[named] = mark.time_ns
        if len(self._known) > HELD:
            self._known.popitem(last=False)
        return True

    def _make_room(self, horizon_ns: int) -> None:
        while self._held > HELD and len(self._tracks) > 1:
            _, track = self._tracks.popitem(last=False)
            self._held -= KEY + len(track.things)
            self.forgotten += track.last_ns >= horizon_ns


def _crossing(key: Hashable, track: Track) -> Crossing:
    untold, track.untold = sorted(track.untold), []
    return Crossing(
        key, track.things, sum(times for *_, times in untold), tuple(frame for _, frame, _ in untold), track.first_ns, track.last_ns
    )
