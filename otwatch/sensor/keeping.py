"""When the record is written, and what: everything anew, or only what was told since.

A whole write makes all rows, and costs as much as the site is large; one that adds costs what the last second told. So while nothing is
found, whole writes take less than a hundredth of a processor, and every second is added to the journal meanwhile (journal.py). A new
finding, and what no journal can hold, is written whole at once, in a third of a processor as ever (writing.py). Both are copies of the
sensor, and one that adds does not wait for a large one that is still at work: what a killed sensor has not written is a second old on
any site.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from otwatch.record import Entry, Record
from otwatch.results import ROWS
from otwatch.sensor.hearing import Hearing
from otwatch.sensor.journal import Mark, holds_login, packed
from otwatch.sensor.writing import Kept, Tally, Writer
from otwatch.sightings import Item

QUIET, MOST_S = 128, 300.0
"""Behind a whole write comes a rest of so many times its work, as long as nothing is found; no rows are older than this."""
REST_S, REST_SHARE = 10.0, 100
"""How often the record is written where nothing but time has passed: it says that the sensor lives, and takes a hundredth of one core."""


class Keeping:
    """The two writers of a record. `before` is called before a copy starts: to look at what a copy must not look at."""

    def __init__(
        self, hearing: Hearing, whole: Writer, adding: Writer, before: Callable[[], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._hearing, self._journal = hearing, hearing.journal
        self._whole, self._adding = whole, adding
        self._before, self._clock = before, clock
        self._marks = {whole: Mark(), adding: Mark()}
        self._found = self._begun_found = 0
        self._rows = self._begun_rows = self._written = (-1, -1)
        self._quiet_s = self._started_s = 0.0

    @property
    def tally(self) -> Tally:
        """What became of all writes; that of everything is the one that `took_ms` and began at `begun_s`."""
        whole, added = self._whole.tally, self._adding.tally
        last = max(whole, added, key=lambda one: one.last_s)
        return last._replace(
            done=whole.done + added.done,
            failed=whole.failed + added.failed,
            reason=whole.reason or added.reason,
            took_ms=whole.took_ms,
            begun_s=whole.begun_s,
        )

    @property
    def due_s(self) -> float:
        """When it is time for the next write, by the clock."""
        return self._adding.due_s

    def look(self) -> bool:
        """Whether a copy has ended since the last look."""
        return any([self._look(self._adding), self._look(self._whole)])

    def turn(self) -> None:
        """Start a copy where it is time for one. None of everything begins while one adds: it could not know what the other has added."""
        if self._adding.runs:
            return
        now_s, state = self._clock(), self._state()
        if self._adding.due() and not self._journal.is_full and (state != self._written or self._rested(now_s)):
            self._start(self._adding, now_s)
            self._written = state
        elif self._whole.due() and self._is_wanted(now_s, state):
            self._start(self._whole, now_s)
            self._begun_rows, self._begun_found = state, self._findings()

    def end(self) -> str:
        """Write everything, without a copy: what still writes is stopped, for this is newer. Why it failed, "" where it did not."""
        self._adding.stop()
        self._whole.stop()
        self._before()
        self._journal.begin(is_whole=True)
        self._whole.here()
        return self._whole.tally.reason

    def anew(self) -> None:
        """What was written last may not be there: write again, whatever was told since."""
        self._written = (-1, -1)

    def _start(self, writer: Writer, now_s: float) -> None:
        self._before()
        self._started_s, self._marks[writer] = now_s, self._journal.begin(writer is self._whole)
        writer.start()

    def _look(self, writer: Writer) -> bool:
        if not writer.look():
            return False
        is_whole, failed = writer is self._whole, bool(writer.tally.reason)
        if is_whole:
            self._journal.whole(None if failed else self._marks[writer])
        if failed:
            self._journal.want_whole()  # it may have written and died before it told, or the record is another one now
            return True
        if is_whole:
            self._adding.forgive()
            self._rows, self._found = self._begun_rows, self._begun_found
            self._quiet_s = self._clock() + min(QUIET * writer.worked_s, MOST_S)
        else:
            self._journal.written(self._marks[writer])
        if writer.more:
            self._journal.want_whole()
        return True

    def _is_wanted(self, now_s: float, state: tuple[int, int]) -> bool:
        if self._journal.must_be_whole or self._findings() != self._found:
            return True
        return state != self._rows and now_s >= self._quiet_s

    def _rested(self, now_s: float) -> bool:
        return now_s - self._started_s > max(REST_S, REST_SHARE * self._adding.tally.took_ms / 1000)

    def _state(self) -> tuple[int, int]:
        """Changes with whatever is heard or told."""
        return self._hearing.batches, self._journal.told

    def _findings(self) -> int:
        return self._hearing.half.fills()["findings"]


def write_whole(path: Path, hearing: Hearing, notes: Mapping[str, int]) -> Kept:
    """Everything as it is now; the site half is at its end afterwards, as in a copy that is gone.

    The state is that of before the open slot, which the sensor tells again; logins in it are learnt before, as no journal can hold them.
    """
    logins, rest = _parted(hearing.still_open())
    hearing.learn(logins)
    state = hearing.state()
    hearing.learn(rest)
    results = hearing.results({**notes, ROWS: int(time.time())})
    with Record.carry_on(path) as record:
        return Kept(record.keep(results, state, Entry(hearing.journal.number, b"", packed(rest))))


def write_added(path: Path, hearing: Hearing, notes: Mapping[str, int]) -> Kept:
    """What was told since the last write, and how much of everything was counted, in such a copy."""
    found = hearing.half.fills()["findings"]
    logins, rest = _parted(hearing.still_open())
    entry = hearing.journal.entry(rest)
    hearing.learn((*logins, *rest))
    with Record.carry_on(path) as record:
        size = record.add(hearing.sums(notes), entry)
    return Kept(size, hearing.half.fills()["findings"] != found or any(map(hearing.journal.is_new, logins)))


def _parted(items: list[Item]) -> tuple[list[Item], list[Item]]:
    return [item for item in items if holds_login(item)], [item for item in items if not holds_login(item)]
