"""The copy that writes: what becomes of it is told, whatever it is, and the sensor goes on."""

import os
import select
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from otwatch.errors import RecordError
from otwatch.record import Record
from otwatch.results import Results, StateRow
from otwatch.sensor.writing import NICE, SHARE, Kept, Writer
from tests.outputs.samples import HOSPITAL


class Hands:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def over(writer: Writer) -> None:
    end_s = time.monotonic() + 20
    while not writer.look():
        assert time.monotonic() < end_s
        time.sleep(0.01)


def refused() -> Kept:
    raise RecordError("record.unwritable", path="r.db", reason="the disk is full")


def test_a_copy_writes_and_tells_how_much(tmp_path: Path) -> None:
    path = tmp_path / "record.db"

    def write() -> Kept:
        with Record.carry_on(path) as record:
            return Kept(record.keep(HOSPITAL, ()))

    writer = Writer(write)
    assert writer.due()
    writer.start()
    assert not writer.due()
    over(writer)
    assert writer.tally.done == 1
    assert writer.tally.size > 10_000
    with Record.open(path) as record:
        assert record.results() == HOSPITAL


def test_what_a_copy_changes_stays_there() -> None:
    kept = [1]

    def write() -> Kept:
        kept.append(2)
        return Kept(len(kept))

    writer = Writer(write)
    writer.start()
    over(writer)
    assert (writer.tally.size, kept) == (2, [1])


def test_a_failure_is_told_and_over_with_the_next_success() -> None:
    works = False
    writer = Writer(lambda: Kept(7) if works else refused())
    writer.start()
    over(writer)
    assert (writer.tally.failed, writer.tally.reason) == (1, str(RecordError("record.unwritable", path="r.db", reason="the disk is full")))
    works = True
    writer.start()
    over(writer)
    assert (writer.tally.done, writer.tally.failed, writer.tally.reason) == (1, 1, "")


def test_a_copy_that_dies_costs_a_write() -> None:
    def die() -> Kept:
        os.kill(os.getpid(), signal.SIGKILL)
        return Kept()

    writer = Writer(die)
    writer.start()
    over(writer)
    assert "ended with status" in writer.tally.reason


def test_the_end_waits_for_no_copy() -> None:
    """A copy that hangs is gone at once, and that is no failure to write."""
    writer = Writer(lambda: time.sleep(600) or Kept())  # type: ignore[func-returns-value]  # the sleep is what matters
    writer.start()
    writer.stop()
    assert writer.tally.failed == writer.tally.done == 0
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert writer.due()


def test_a_copy_that_is_done_counts_when_it_is_stopped() -> None:
    writer = Writer(lambda: Kept(7))
    writer.start()
    select.select([writer._pipe], [], [], 20)
    writer.stop()
    assert (writer.tally.done, writer.tally.size) == (1, 7)


def test_a_copy_that_is_stopped_leaves_a_whole_record(tmp_path: Path) -> None:
    """In the middle of its transaction."""
    path = tmp_path / "record.db"
    reached, reach = os.pipe()

    def write(results: Results, halt: bool) -> Kept:
        def state() -> Iterator[StateRow]:
            if halt:
                os.write(reach, b"x")
                time.sleep(600)
            yield from ()

        with Record.carry_on(path) as record:
            return Kept(record.keep(results, state()))

    Writer(lambda: write(HOSPITAL, False)).here()
    writer = Writer(lambda: write(HOSPITAL._replace(alerts=()), True))
    writer.start()
    os.read(reached, 1)
    writer.stop()
    with Record.open(path) as record:
        assert record.results() == HOSPITAL
    os.close(reached)
    os.close(reach)


def worked(monkeypatch: pytest.MonkeyPatch, worked_s: float) -> None:
    """A processor worked for so long on every copy."""
    waited = os.wait4

    def wait(child: int, options: int) -> tuple[int, int, SimpleNamespace]:
        ended, status, _ = waited(child, options)
        return ended, status, SimpleNamespace(ru_utime=worked_s * 0.75, ru_stime=worked_s * 0.25)

    monkeypatch.setattr(os, "wait4", wait)


def test_a_copy_that_stood_in_line_is_followed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine 0.1 s of work took 2 s: what came meanwhile is in no record."""
    worked(monkeypatch, 0.1)
    clock = Hands()
    writer = Writer(Kept, 1.0, clock)
    writer.start()
    clock.now_s += 2.0
    over(writer)
    assert not writer.due()
    clock.now_s += SHARE * 0.1 + 0.01
    assert writer.due()


def test_long_writes_are_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nicer than the capture: what a processor worked on for 1 s took 2."""
    worked(monkeypatch, 1.0)
    clock = Hands()
    writer = Writer(lambda: Kept(os.nice(0)), 1.0, clock)
    here = os.nice(0)
    writer.start()
    clock.now_s += 2.0
    over(writer)
    assert writer.tally.size == here
    assert not writer.due()
    clock.now_s += SHARE * 2.0 - 0.1
    assert not writer.due()
    clock.now_s += 0.2
    assert writer.due()
    writer.start()
    over(writer)
    assert writer.tally.size == min(here + NICE, 19)


def test_quick_writes_keep_their_distance() -> None:
    clock = Hands()
    writer = Writer(Kept, 1.0, clock)
    writer.start()
    over(writer)
    clock.now_s += 0.89
    assert not writer.due()
    clock.now_s += 0.02
    assert writer.due()


def test_the_next_is_done_before_what_it_writes_is_too_old() -> None:
    """A write of 0.15 s that begins 0.75 s after the last one is over within the second, with 0.1 s in which frames wait to be heard."""
    clock = Hands()
    writer = Writer(Kept, 1.0, clock)
    writer.start()
    clock.now_s += 0.15
    over(writer)
    clock.now_s += 0.59
    assert not writer.due()
    clock.now_s += 0.02
    assert writer.due()


def test_the_end_is_written_without_a_copy() -> None:
    writer = Writer(lambda: Kept(5))
    writer.here()
    assert (writer.tally.done, writer.tally.size) == (1, 5)
    writer.stop()


def test_a_locked_record_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "record.db"
    monkeypatch.setattr("otwatch.record.files.PATIENCE_S", 0)

    def write() -> Kept:
        with Record.carry_on(path) as record:
            return Kept(record.keep(HOSPITAL, ()))

    writer = Writer(write)
    writer.here()
    with closing(sqlite3.connect(path, isolation_level=None)) as locking:
        locking.execute("BEGIN IMMEDIATE")
        writer.here()
        assert "locked" in writer.tally.reason
    writer.here()
    assert not writer.tally.reason


def test_a_copy_that_cannot_be_made_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(os, "fork", refused)
    writer = Writer(Kept)
    writer.start()
    assert (writer.runs, writer.look(), writer.look()) == (False, True, False)
    assert writer.tally.reason == "fork: Cannot allocate memory"
