"""Who is silent for longer than it ever was, and who is asked without answering any more.

Nothing here is done when something is seen: what the inventory counts anyway (a Pulse) is looked at when a silence would be too long.
A silence that ended by itself was usual, which is what nights are like; one that was told was not.
"""

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from typing import Generic, NamedTuple, TypeVar

from otwatch.sightings import Frame

LIMIT = 65_536
"""Things watched; further ones are counted and not watched."""
PERIODS = 5
"""A silence is too long from so many periods on, and so many times (`usual`) the longest that ended by itself."""
AGAIN_NS = 3_600_000_000_000
"""What is silent is looked at as often at least: at another hour its silence may be unusual."""
ANSWERS = 50
"""Answers from which on somebody is known to answer: of a mirror that shows one direction nothing can be said."""
DAY_NS = 86_400_000_000_000

Key = TypeVar("Key")


class Pulse(NamedTuple):
    """What is counted: when it was seen last, how much was asked and answered in all, and how long usually passes in between."""

    last_ns: int
    asked: int = 0
    answered: int = 0
    period_ns: int = 0


class Watch:
    """What was found at the last look. `frame`: the newest known; `silent_ns`: of a silence that goes on, once it is too
    long; `told`: it was told."""

    __slots__ = ("answered", "asked", "began_ns", "days", "frame", "heard_ns", "last_ns", "longest_ns", "silent_ns", "told")

    def __init__(self, time_ns: int, frame: Frame) -> None:
        self.began_ns = self.last_ns = self.heard_ns = time_ns
        self.frame = frame
        self.asked = self.answered = self.longest_ns = self.silent_ns = 0
        self.days = 1
        self.told = False

    def look(self, pulse: Pulse, now_ns: int, sighted_ns: int, allowed_ns: int) -> str:
        """What it does now: "silent", "unanswered", or "" for what it always did."""
        self._go_on(pulse)
        if now_ns - max(pulse.last_ns, sighted_ns) >= allowed_ns:
            self.silent_ns = now_ns - pulse.last_ns
            return "silent"
        unheard_ns = now_ns - max(self.heard_ns, sighted_ns)
        if pulse.answered >= ANSWERS and pulse.last_ns > self.heard_ns and unheard_ns >= allowed_ns:
            return "unanswered"
        if not pulse.answered or pulse.last_ns == self.heard_ns:
            self.told = False
        return ""

    def _go_on(self, pulse: Pulse) -> None:
        if pulse.answered > self.answered or not pulse.asked:
            self.heard_ns = pulse.last_ns
        if pulse.last_ns > self.last_ns:
            self.days += pulse.last_ns // DAY_NS > self.last_ns // DAY_NS
            if not self.told:
                self.longest_ns = max(self.longest_ns, self.silent_ns)
            self.silent_ns = 0
        self.last_ns, self.asked, self.answered = pulse.last_ns, pulse.asked, pulse.answered


class Silences(Generic[Key]):
    """Things of one kind, each looked at again when its silence would be too long. `pulse` gives None for what is known no more."""

    def __init__(self, least_ns: int, usual: int, pulse: Callable[[Key], Pulse | None]) -> None:
        self._least_ns = least_ns
        self._usual = usual
        self._pulse = pulse
        self._watched: dict[Key, Watch] = {}
        self._due: list[tuple[int, Key]] = []
        self.crowded = 0

    def __len__(self) -> int:
        return len(self._watched)

    def watch(self, key: Key, time_ns: int, frame: Frame) -> None:
        """From now on, or go on with a newer frame."""
        watch = self._watched.get(key)
        if watch is not None:
            watch.frame = frame
        elif len(self._watched) < LIMIT:
            self._watched[key] = Watch(time_ns, frame)
            heappush(self._due, (time_ns + self._least_ns, key))
        else:
            self.crowded += 1

    def at(self, key: Key) -> Watch | None:
        return self._watched.get(key)

    def told(self) -> Iterator[Key]:
        """What was told and goes on."""
        return (key for key, watch in self._watched.items() if watch.told)

    def look(self, now_ns: int, sighted_ns: int) -> Iterator[tuple[Key, str]]:
        """What is not as usual among those whose time has come, and what it does."""
        while self._due and self._due[0][0] <= now_ns:
            _, key = heappop(self._due)
            state, next_ns = self._look_at(key, now_ns, sighted_ns)
            if next_ns:
                heappush(self._due, (next_ns, key))
            if state:
                yield key, state

    def again(self, key: Key, now_ns: int, sighted_ns: int) -> str:
        """What it does now, before its time has come."""
        return self._look_at(key, now_ns, sighted_ns)[0]

    def _look_at(self, key: Key, now_ns: int, sighted_ns: int) -> tuple[str, int]:
        watch, pulse = self._watched.get(key), self._pulse(key)
        if watch is None or pulse is None:
            self._watched.pop(key, None)
            return "", 0
        allowed_ns = max(self._least_ns, PERIODS * pulse.period_ns, self._usual * watch.longest_ns)
        state = watch.look(pulse, now_ns, sighted_ns, allowed_ns)
        return state, now_ns + min(allowed_ns, AGAIN_NS) if state else max(watch.last_ns, sighted_ns) + allowed_ns

    def clear(self) -> None:
        """Begin anew."""
        self._watched.clear()
        self._due.clear()
