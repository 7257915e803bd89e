"""The record between two whole writes: what a killed sensor leaves is what it had heard a second ago, however that was written."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from otwatch.config import Site, load_site
from otwatch.errors import RecordError
from otwatch.packets import Frames
from otwatch.record import Record
from otwatch.results import ROWS, CaptureRow, Results
from otwatch.sensor import keeping as times
from otwatch.sensor.hearing import Hearing
from otwatch.sensor.journal import GapError
from otwatch.sensor.keeping import QUIET, Keeping, write_added, write_whole
from otwatch.sensor.writing import Kept, Tally, Writer
from tests.conftest import ROOT
from tests.decode.builders import batch
from tests.sensor.test_hearing import batches, ended, told
from tests.wire.dialogues import connection, modbus, opened, write

PACED = 200
"""Packets between two writes."""


def copied(write: Callable[[], Kept]) -> None:
    """Written by a copy, as the sensor does."""
    child = os.fork()
    if not child:
        status = 1
        try:
            write()
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0


def heard(path: Path, until: int, only: int | None = None, site: Site | None = None) -> int:
    """Heard so many batches, with a write after each, that adds where it may; `only` one, after this batch. How many have added."""
    hearing, added = Hearing(site), 0
    for number, frames in enumerate(list(batches(PACED))[:until]):
        hearing.take(frames)
        hearing.work(hearing.waiting // 2)
        if only not in (None, number):
            continue
        is_whole = hearing.journal.must_be_whole
        mark = hearing.journal.begin(is_whole)
        if is_whole:
            copied(lambda: write_whole(path, hearing, {}))
            hearing.journal.whole(mark)
        else:
            copied(lambda: write_added(path, hearing, {}))
            hearing.journal.written(mark)
            added += 1
    return added


def carried_on(path: Path, rest: list[Frames] = [], site: Site | None = None) -> Results:  # noqa: B006  # never changed
    """What another sensor makes of the record, and of what it hears."""
    hearing = Hearing(site)
    with Record.open(path) as record:
        hearing.carry_on(record.state(), record.rows(CaptureRow), record.notes(), record.journal())
    for frames in rest:
        hearing.take(frames)
    return ended(hearing)


@pytest.mark.parametrize("declared", [False, True])
@pytest.mark.parametrize("until", [5, 8, 10])
def test_what_was_added_is_what_would_have_been_written_whole(tmp_path: Path, until: int, declared: bool) -> None:
    """Killed after any write; the next sensor hears the rest."""
    site = load_site(ROOT / "configs" / "site.yaml") if declared else None
    added, whole, rest = tmp_path / "added.db", tmp_path / "whole.db", list(batches(PACED))[until:]
    assert heard(added, until, None, site) >= until // 3
    heard(whole, until, until - 1, site)
    expected, found = carried_on(whole, rest, site), carried_on(added, rest, site)
    for name in expected._fields:
        if name not in ("notes", "alerts", "baseline", "sessions"):
            assert getattr(found, name) == getattr(expected, name), name
    assert told(expected) <= told(found)  # what goes on for minutes is found again, with what the journal holds of it
    with Record.open(added) as one, Record.open(whole) as other:
        assert one.results().captures == other.results().captures
        assert one.results().protocols == other.results().protocols


def test_rows_that_count_are_those_of_the_last_write(tmp_path: Path) -> None:
    """Every frame that was heard by then, although the rows of assets are older."""
    path = tmp_path / "record.db"
    heard(path, 5)
    with Record.open(path) as record:
        found = record.results()
    assert found.captures[0].frames == sum(row.packets for row in found.protocols) == 5 * PACED
    assert sum(row.packets for row in found.assets) < sum(row.packets for row in carried_on(path).assets)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_large_write_and_one_that_adds_meanwhile(tmp_path: Path, is_first: bool) -> None:
    """The large one begins first, and ends before or after: nothing is taken back, nothing is learnt twice."""
    path, said = tmp_path / "record.db", list(batches(PACED))
    hearing = Hearing(None)
    hearing.take(said[0])
    mark = hearing.journal.begin(True)
    copied(lambda: write_whole(path, hearing, {}))
    hearing.journal.whole(mark)
    for frames in said[1:4]:
        hearing.take(frames)
    hearing.journal.begin(True)
    large = waiting_copy(lambda: write_whole(path, hearing, {}))
    hearing.take(said[4])
    hearing.journal.begin()
    small = waiting_copy(lambda: write_added(path, hearing, {}))
    for child, go in (large, small) if is_first else (small, large):
        os.write(go, b"x")
        assert os.waitpid(child, 0)[1] == 0
    with Record.open(path) as record:
        assert record.results().captures[0].frames == 5 * PACED
    copied(lambda: write_whole(tmp_path / "whole.db", hearing, {}))
    expected, found = carried_on(tmp_path / "whole.db"), carried_on(path)
    assert found.assets == expected.assets
    assert found.protocols == expected.protocols


def waiting_copy(write: Callable[[], Kept]) -> tuple[int, int]:
    """A copy that writes when it is told to, and how to tell it."""
    wait, go = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.read(wait, 1)
            write()
            status = 0
        finally:
            os._exit(status)
    return child, go


def test_a_request_that_waits_is_not_counted_twice(tmp_path: Path) -> None:
    """It is late, told as unanswered in every write, and in the end it is one."""
    path, hearing, (client, server) = tmp_path / "record.db", Hearing(None), connection()
    hearing.take(batch([*opened(client, server), client.says(modbus(1, write(7))), server.says(b"", 3_000_000_000)]))
    mark = hearing.journal.begin(True)
    copied(lambda: write_whole(path, hearing, {}))
    hearing.journal.whole(mark)
    for _ in range(2):
        hearing.journal.begin()
        copied(lambda: write_added(path, hearing, {}))
    with Record.open(path) as record:
        assert [row.writes for row in record.results().protocols] == [1]
    assert sum(row.writes for row in carried_on(path).protocols) == 1


def test_of_a_journal_of_another_otwatch_the_state_carries_on(tmp_path: Path) -> None:
    path, hearing = tmp_path / "record.db", Hearing(None)
    heard(path, 3)
    with Record.open(path) as record, pytest.raises(GapError):
        hearing.carry_on(record.state(), (), {}, ((7, b"otwatch\n\x00" + bytes(9)),))
    assert hearing.journal.number == 7  # what is written next takes the place of all that
    assert ended(hearing).assets


class Paced(Writer):
    """A writer that writes nothing and takes as long as it is told."""

    def __init__(self, name: str, begun: list[str], clock: Callable[[], float]) -> None:
        super().__init__(Kept, 1.0, clock)
        self._name, self._begun, self.ends, self.reason = name, begun, True, ""
        self._at_work = False

    @property
    def runs(self) -> bool:
        return self._at_work

    def start(self) -> None:
        self._begun.append(self._name)
        self._at_work = True

    def look(self) -> bool:
        if not (self._at_work and self.ends):
            return False
        self._at_work = False
        self.due_s = self._clock() + 1.0
        self.tally = Tally(self.tally.done + 1, reason=self.reason)
        return True


class Turned:
    """A keeping whose clock is turned by hand."""

    def __init__(self) -> None:
        self.now_s, self.begun = 100.0, list[str]()
        self.hearing = Hearing(None)
        self.whole, self.adding = (Paced(name, self.begun, lambda: self.now_s) for name in ("whole", "added"))
        self.keeping = Keeping(self.hearing, self.whole, self.adding, lambda: None, lambda: self.now_s)

    def after(self, seconds: float, heard: bool = True) -> list[str]:
        """What begins within these seconds."""
        self.begun.clear()
        for _ in range(round(seconds * 10)):
            self.now_s += 0.1
            self.hearing.batches += heard
            self.keeping.look()
            self.keeping.turn()
        return list(self.begun)


def test_while_nothing_is_found_whole_writes_are_rare() -> None:
    turned = Turned()
    turned.whole.worked_s = 0.5
    assert turned.after(0.3) == ["added", "whole"]
    assert set(turned.after(QUIET * 0.5 - 1)) == {"added"}
    assert "whole" in turned.after(3)


def test_a_finding_is_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    turned = Turned()
    turned.whole.worked_s = 5.0
    turned.after(0.5)
    assert "whole" not in turned.after(5)
    monkeypatch.setattr(Keeping, "_findings", lambda _: 1)
    assert "whole" in turned.after(1.5)


def test_no_write_waits_for_a_large_one() -> None:
    turned = Turned()
    turned.after(2)
    turned.whole.ends = False
    turned.hearing.journal.want_whole()
    assert "whole" in turned.after(1.5)
    assert turned.after(10).count("added") >= 5


def test_in_silence_little_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(times, "REST_S", 10.0)
    turned = Turned()
    turned.after(3)
    turned.after(2, heard=False)
    assert turned.after(30, heard=False) == ["added"] * 3


def test_a_damaged_entry_costs_no_more_than_the_journal(tmp_path: Path) -> None:
    """Whatever was altered: what was written whole carries on, and nothing is added behind the damage."""
    path, hearing = tmp_path / "record.db", Hearing(None)
    heard(path, 5)
    with Record.open(path) as record:
        state, journal = record.state(), record.journal()
    number, body = max(journal, key=lambda entry: len(entry[1]))
    altered = body.replace(b"command", b"comment").replace(b"service", b"servant").replace(b"function", b"fonction")
    for wrong in (body[:-1], body + b"x", altered, b"x"):
        hearing = Hearing(None)
        with pytest.raises(GapError):
            hearing.carry_on(state, (), {}, [(at, wrong if at == number else entry) for at, entry in journal])
        assert hearing.journal.is_full
        before = Hearing(None)
        before.carry_on(state, (), {})
        assert ended(hearing).assets == ended(before).assets != ()


@pytest.mark.parametrize("what", ["KeyError", "AttributeError"])
def test_an_entry_that_means_something_else_by_now_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """As packed by an otwatch whose dissectors said other details: the bytes are whole."""
    path, hearing = tmp_path / "record.db", Hearing(None)
    heard(path, 5)

    def broken(*_: object) -> None:
        raise {"KeyError": KeyError, "AttributeError": AttributeError}[what]("command")

    monkeypatch.setattr("otwatch.site.SiteHalf.see", broken)
    with Record.open(path) as record, pytest.raises(GapError, match=f"{what}.*command"):
        hearing.carry_on(record.state(), (), {}, record.journal())


@pytest.mark.parametrize("is_whole", [True, False])
def test_what_a_copy_wrote_and_did_not_tell_is_not_learnt_twice(tmp_path: Path, is_whole: bool) -> None:
    path, whole, said, hearing = tmp_path / "record.db", tmp_path / "whole.db", list(batches(PACED)), Hearing(None)
    hearing.take(said[0])
    mark = hearing.journal.begin(True)
    copied(lambda: write_whole(path, hearing, {}))
    hearing.journal.whole(mark)
    hearing.take(said[1])
    hearing.journal.begin(is_whole)
    copied(lambda: write_whole(path, hearing, {}) if is_whole else write_added(path, hearing, {}))
    if is_whole:
        hearing.journal.whole(None)
    hearing.take(said[2])
    mark = hearing.journal.begin()
    if is_whole:
        with pytest.raises(RecordError, match="removed or replaced"):
            write_added(path, hearing, {})
        return
    copied(lambda: write_added(path, hearing, {}))
    hearing.journal.written(mark)
    copied(lambda: write_whole(whole, hearing, {}))
    expected, found = carried_on(whole), carried_on(path)
    assert found.assets == expected.assets
    assert found.protocols == expected.protocols


def test_nothing_is_added_to_a_record_that_was_removed(tmp_path: Path) -> None:
    """Until all of it is there again."""
    path, said, hearing = tmp_path / "record.db", list(batches(PACED)), Hearing(None)
    hearing.take(said[0])
    mark = hearing.journal.begin(True)
    copied(lambda: write_whole(path, hearing, {}))
    hearing.journal.whole(mark)
    path.unlink()
    hearing.take(said[1])
    hearing.journal.begin()
    with pytest.raises(RecordError, match="removed or replaced"):
        write_added(path, hearing, {})
    mark = hearing.journal.begin(True)
    copied(lambda: write_whole(path, hearing, {}))
    hearing.journal.whole(mark)
    hearing.journal.begin()
    copied(lambda: write_added(path, hearing, {}))
    assert carried_on(path).captures[0].frames == 2 * PACED


def test_a_write_that_failed_is_made_up_for_by_a_whole_one() -> None:
    turned = Turned()
    turned.whole.worked_s = 5.0
    turned.after(5)
    turned.adding.reason = "no room"
    assert "whole" in turned.after(3)


def test_what_is_written_whole_at_last_is_not_lost() -> None:
    """An earlier failure of one that adds says nothing of the end: everything is written once more."""
    turned = Turned()
    turned.after(5)
    turned.adding.tally = Tally(3, 1, "no room")
    assert turned.keeping.tally.reason == "no room"
    assert not turned.keeping.end()
    turned.whole.tally = Tally(3, 1, "no room")
    turned.keeping.anew()
    turned.hearing.journal.want_whole()
    turned.after(3)
    assert not turned.keeping.tally.reason


def test_a_replay_takes_no_record_that_a_sensor_has_only_added_to(tmp_path: Path) -> None:
    path, hearing = tmp_path / "record.db", Hearing(None)
    hearing.take(next(iter(batches(PACED))))
    hearing.journal.begin()
    copied(lambda: write_added(path, hearing, {}))
    with pytest.raises(RecordError, match="sensor"):
        Record.create(path)


def test_the_record_says_since_when_its_rows_are(tmp_path: Path) -> None:
    """A write that adds says of which moment the rows are that it leaves as they were."""
    path, hearing = tmp_path / "record.db", Hearing(None)
    hearing.take(next(iter(batches(PACED))))
    mark = hearing.journal.begin(True)
    copied(lambda: write_whole(path, hearing, {"now: written": 7}))
    hearing.journal.whole(mark)
    with Record.open(path) as record:
        assert record.notes()[ROWS] > 1_700_000_000
    hearing.journal.begin()
    copied(lambda: write_added(path, hearing, {"now: written": 9, ROWS: 8}))
    with Record.open(path) as record:
        assert (record.notes()[ROWS], record.notes()["now: written"]) == (8, 9)
