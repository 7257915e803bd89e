"""How many different things somebody did within so many seconds of packet time: sliding counters, bounded, without a clock.

A counter holds, for every key (who), the things (what) of the last `span_s` seconds. Once its threshold is crossed the key is
*open*: nothing is dropped any more until nothing was added for a whole span, so what a scan touched in the end is known in full.
"""

from collections import Counter as Counts
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from operator import itemgetter
from typing import NamedTuple, cast

from otwatch.sightings import Frame

SECOND = 1_000_000_000
THINGS = 1024
"""Things of one key; beyond it further ones are counted and not told apart."""
HELD = 65_536
"""Things of all keys of one counter; beyond it the key that was silent longest is forgotten."""
_LATE = "late"
_first = itemgetter(0)  # called by C: a generator takes five times as long


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


class Track:
    """What one key did within the window. `untold` is a heap, earliest first; `failed`, `times`, `quantity`: sums over `things`."""

    __slots__ = ("failed", "first_ns", "is_open", "last_ns", "quantity", "things", "times", "untold")

    def __init__(self, time_ns: int) -> None:
        self.things: dict[Hashable, Seen] = {}
        self.untold: list[tuple[int, Frame, int]] = []
        self.first_ns = self.last_ns = time_ns
        self.failed = self.times = self.quantity = 0
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
            self._weigh(self.things.pop(thing), -1)

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
                self._weigh(seen, 1)
            return
        had_failed = seen.failed
        seen.again(mark)
        self.times += times
        self.failed += seen.failed - had_failed
        if not self.is_open:
            things[thing] = things.pop(thing)  # so that the oldest stands first

    def _weigh(self, seen: Seen, sign: int) -> None:
        self.failed += sign * seen.failed
        self.times += sign * seen.times
        self.quantity += sign * seen.quantity


class Counter:
    """One kind of things. `crosses` says whether a track is a finding; `fresh`: only things that a key never did before count."""

    def __init__(self, span_s: int, crosses: Callable[[Track], bool], *, fresh: bool = False) -> None:
        self._span = span_s * SECOND
        self._crosses = crosses
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
            track = self._tracks[key] = Track(time_ns)
        else:
            self._tracks.move_to_end(key)
        before = len(track.things)
        horizon_ns = max(time_ns, track.last_ns) - self._span
        if track.is_open and track.last_ns < horizon_ns:  # it is over; who was told of it keeps its things
            track = self._tracks[key] = Track(time_ns)
        track.expire(horizon_ns)
        track.put(mark)
        self._held += len(track.things) - before
        if self._held > HELD:
            self._make_room()
        track.is_open = track.is_open or self._crosses(track)
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

    def _make_room(self) -> None:
        while self._held > HELD and len(self._tracks) > 1:
            _, forgotten = self._tracks.popitem(last=False)
            self._held -= len(forgotten.things)


def _crossing(key: Hashable, track: Track) -> Crossing:
    untold, track.untold = sorted(track.untold), []
    return Crossing(
        key, track.things, sum(times for *_, times in untold), tuple(frame for _, frame, _ in untold), track.first_ns, track.last_ns
    )


def distinct(least: int) -> Callable[[Track], bool]:
    """At least so many different things."""
    return lambda track: len(track.things) >= least


def disagreed(track: Track) -> bool:
    """Things are (what, who): several who say different things."""
    pairs = [thing for thing in track.things if isinstance(thing, tuple)]
    return len({what for what, _ in pairs}) > 1 and len({who for _, who in pairs}) > 1


def refused(least: int) -> Callable[[Track], bool]:
    """At least so many different things that failed."""
    return lambda track: track.failed >= least


def total(least: int) -> Callable[[Track], bool]:
    """At least so many times, whatever it was."""
    return lambda track: track.times >= least


def spread(least: int) -> Callable[[Track], bool]:
    """At least so many in all that different things stand for."""
    return lambda track: track.quantity >= least


def restless(values: int, alternations: int) -> Callable[[Track], bool]:
    """Things are values: set so often and never the same for long, or to and fro between two of them."""

    def crosses(track: Track) -> bool:
        changes = len(track.things) >= 2
        fro = min(seen.times for seen in track.things.values()) if len(track.things) == 2 else 0
        return changes and (track.times >= values or (track.times > alternations and 2 * fro >= alternations))

    return crosses


def twice(least: int) -> Callable[[Track], bool]:
    """At least so many different things, each of them twice."""
    return lambda track: len(track.things) >= least and sum(seen.times >= 2 for seen in track.things.values()) >= least


def beside(usual: int, few: int) -> Callable[[Track], bool]:
    """Things are (way, what): one way that is used all the time, and a second one that came after it, was used a few times, and was not
    its replacement."""

    def crosses(track: Track) -> bool:
        if len(set(map(_first, cast("Iterable[tuple[Hashable, ...]]", track.things)))) != 2:
            return False
        ways: defaultdict[Hashable, list[Seen]] = defaultdict(list)
        for thing, seen in track.things.items():
            assert isinstance(thing, tuple)
            ways[thing[0]].append(seen)
        side, main = sorted(ways.values(), key=lambda uses: sum(seen.times for seen in uses))
        began, ended = min(seen.first_ns for seen in side), max(seen.last_ns for seen in side)
        is_few = sum(seen.times for seen in side) <= few and sum(seen.times for seen in main) >= usual
        return is_few and min(seen.first_ns for seen in main) < began and ended < max(seen.last_ns for seen in main)

    return crosses


def doors(least: int, each: int) -> Callable[[Track], bool]:
    """Things are (host, port): so many in all, on hosts with several of them each."""

    def crosses(track: Track) -> bool:
        if len(track.things) < least:
            return False
        hosts = Counts(map(_first, cast("Iterable[tuple[str, int]]", track.things)))
        return sum(ports for ports in hosts.values() if ports >= each) >= least

    return crosses


def sweep(hosts: int, ports: int, share: float) -> Callable[[Track], bool]:
    """Things are (host, port): one port of so many hosts, or so many ports of one host, with at least this share in vain."""

    def crosses(track: Track) -> bool:
        if track.failed < share * min(hosts, ports):
            return False
        groups: defaultdict[tuple[str, Hashable], list[bool]] = defaultdict(list)
        for thing, seen in track.things.items():
            assert isinstance(thing, tuple)
            groups["host", thing[0]].append(seen.failed)
            groups["port", thing[1]].append(seen.failed)
        needed = {"host": ports, "port": hosts}
        return any(len(tries) >= needed[kind] and sum(tries) >= share * len(tries) for (kind, _), tries in groups.items())

    return crosses
