"""What is done in a week, and when: the scenes of a hospital's ordinary life, laid out over packet time.

Time is accelerated: what a supervision does every few seconds is done every ten minutes here. At the weekend nobody changes anything.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache, partial
from operator import attrgetter, itemgetter
from zoneinfo import ZoneInfo

from pcaps.hospital.hosts import AIR_HANDLERS
from pcaps.hospital.rewrite import Taken
from pcaps.week.hosts import NEW_CARD
from pcaps.week.pace import HOURS
from pcaps.week.telling import Choices, Telling, numbered, rounds, whole

MONDAY_US = round(datetime(2026, 10, 5, tzinfo=ZoneInfo("Europe/Paris")).timestamp()) * 1_000_000
"""The week in which the generator is tested (configs/site.yaml, window essais_ge); in the next one works are declared."""
MINUTE, HOUR = 60_000_000, 3_600_000_000
DAY, WEEK = 24 * HOUR, 7 * 24 * HOUR
PERIOD = 10 * MINUTE
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (DAY * number for number in range(7))
MORNING, EVENING = 6 * HOUR + 7 * MINUTE, 20 * HOUR + 7 * MINUTE
DOWN, UP = FRIDAY + 3 * HOUR, FRIDAY + 3 * HOUR + 15 * MINUTE
"""The supervision is restarted."""
OUTAGE = TUESDAY + 15 * HOUR + 3 * MINUTE
REPLACED = THURSDAY + 15 * HOUR
_POLLED = ("heating", "meters", "hot-water", "gases", "generator")
_ON, _OFF = HOURS + 1, HOURS + 2
_OLD, _NEW = (bytes.fromhex(card.replace(":", "")) for card in (AIR_HANDLERS[1].mac, NEW_CARD))

Act = Callable[[int], Iterator[Taken]]
"""Frames of what is done at a time (microseconds since 1970)."""
Planned = tuple[int, Act]
"""When, in microseconds from the beginning of the week."""

_rounds, _whole = cache(rounds), cache(whole)


class Polled:
    """A connection that supervision keeps open: round 0 opens it, one for each hour follows, then orders, and the last one closes it."""

    def __init__(self, name: str, choices: Choices) -> None:
        self._rounds, self._choices = _rounds(name), choices
        self._telling: Telling | None = None

    def poll(self, at_us: int) -> Iterator[Taken]:
        return self.order(1 + (at_us - MONDAY_US) // HOUR % HOURS, at_us)

    def order(self, number: int, at_us: int) -> Iterator[Taken]:
        if self._telling is None:
            self._telling = Telling(self._choices)
            yield from self._telling.tell(self._rounds[0], at_us - MINUTE)
        yield from self._telling.tell(self._rounds[number], at_us)

    def close(self, at_us: int) -> Iterator[Taken]:
        if self._telling is not None:
            yield from self._telling.tell(self._rounds[-1], at_us)
            self._telling = None


class Life:
    """Who does what in weeks that are healthy. `period_us`: of the polls; `stops`: a polled connection that ends then for good."""

    def __init__(self, period_us: int = PERIOD, stops: tuple[str, int] = ("", 0), tested: bool = True) -> None:
        self._choices, self._period_us, self._stops, self._tested = Choices(), period_us, stops, tested
        self._polled = {name: Polled(name, self._choices) for name in _POLLED}

    def scene(self, name: str) -> Act:
        """The whole of it, as a session of its own."""
        return lambda at_us: Telling(self._choices).tell(_whole(name), at_us)

    def part(self, name: str, number: int) -> Act:
        """One round of it, as a session of its own."""
        return lambda at_us: Telling(self._choices).tell(_rounds(name)[number % len(_rounds(name))], at_us)

    def week(self, number: int) -> Iterator[Planned]:
        yield from self._polls()
        for day in range(7):
            acts = (*self._every_day(number * 7 + day), *(self._working_day() if day < 5 else ()))
            yield from ((day * DAY + at, act) for at, act in acts)
        yield from self._now_and_then()
        yield from self._declared() if number else self._generator_test() if self._tested else ()

    def _polls(self) -> Iterator[Planned]:
        for at in range(0, WEEK, self._period_us):
            if DOWN <= at < UP:
                continue
            yield from ((at, one.poll) for name, one in self._polled.items() if (name, at) < self._stops or name != self._stops[0])
            yield at + MINUTE, self.part("air", at // HOUR)
            yield at + MINUTE, self.part("ups", at // HOUR)
            if at % (3 * self._period_us) == 0:
                yield at + 2 * MINUTE, self.scene("tanks")

    def _every_day(self, day: int) -> Iterator[Planned]:
        for hour in range(24):
            yield from ((hour * HOUR + 3 * MINUTE, self.scene(name)) for name in ("clock-gtb-1", "clock-gte"))
        yield 4 * HOUR + MINUTE // 2, self.part("clocks-set", day)
        yield 2 * HOUR + MINUTE // 2, self.scene("names")
        yield 2 * HOUR + MINUTE, self.scene("saved")
        yield 2 * HOUR + 2 * MINUTE, self.scene("history-saved")
        for hour in (5, 13, 21):
            yield hour * HOUR + 2 * MINUTE, self.scene("page")
            yield hour * HOUR + 4 * MINUTE, self.part("lease", -2)
            yield hour * HOUR + 5 * MINUTE, self.scene("air-followed")

    def _working_day(self) -> Iterator[Planned]:
        """Shifts, and who is there in the day."""
        for at, number in ((MORNING, 0), (EVENING, 1)):
            yield at, partial(self._polled["heating"].order, _ON + number)
            yield at + MINUTE // 2, self.part("air-set", number)
        yield 8 * HOUR + 30 * MINUTE, self.scene("clock-engineering")
        yield from ((hour * HOUR + 6 * MINUTE, self.scene("camera")) for hour in (7, 13, 19))

    def _now_and_then(self) -> Iterator[Planned]:
        yield MONDAY + MINUTE, self.scene("air-found")
        yield TUESDAY + 10 * HOUR + 4 * MINUTE, self.scene("engineer")
        yield OUTAGE - MINUTE, self._polled["meters"].close
        yield OUTAGE, self.scene("meters-lost")
        yield THURSDAY + 9 * HOUR + 4 * MINUTE, self.part("air-forced", 0)
        yield THURSDAY + 12 * HOUR + 4 * MINUTE, self.part("air-forced", 1)
        yield REPLACED + MINUTE, self.scene("air-begins")
        yield from ((DOWN + MINUTE, one.close) for one in self._polled.values())
        yield UP - MINUTE, self.scene("air-found")
        yield UP - MINUTE // 2, self.scene("air-followed")
        yield FRIDAY + 11 * HOUR + 4 * MINUTE, self.scene("alarm")
        yield SATURDAY + 5 * HOUR + 8 * MINUTE, self.scene("air-begins")
        yield SUNDAY + 3 * HOUR + 5 * MINUTE, self.scene("ups-reports")

    def _generator_test(self) -> Iterator[Planned]:
        """Once a month: it is started, runs for half an hour on load, and is stopped."""
        order = self._polled["generator"].order
        for minutes, number in ((34, _ON), (64, _OFF)):
            yield WEDNESDAY + 6 * HOUR + minutes * MINUTE, partial(order, number)

    def _declared(self) -> Iterator[Planned]:
        """What is right because the example site declares it: an intervention, and the backup of a UPS card."""
        yield MONDAY + 9 * HOUR + 4 * MINUTE, self.scene("works")
        yield SUNDAY + 3 * HOUR + 4 * MINUTE, self.scene("ups-saved")


def frames(life: Life, weeks: Iterable[int] = (0,), beside: Iterable[Planned] = ()) -> list[Taken]:
    """These weeks (0: the first), in the order of time, and what happens beside, from the beginning of the first Monday."""
    planned = [(number * WEEK + at, act) for number in weeks for at, act in life.week(number)]
    told = [frame for at, act in sorted((*planned, *beside), key=itemgetter(0)) for frame in act(MONDAY_US + at)]
    return list(numbered(map(_replaced, sorted(told, key=attrgetter("time_us")))))


def _replaced(frame: Taken) -> Taken:
    """The air handler of theatre 4 has another card once it was replaced."""
    if frame.time_us < MONDAY_US + REPLACED or _OLD not in frame.data:
        return frame
    return frame._replace(data=frame.data.replace(_OLD, _NEW))
