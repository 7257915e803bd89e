"""The record is read again when it was written, and only then."""

import os
from pathlib import Path

import pytest

from otwatch.outputs.metrics import NOTHING, exposition
from otwatch.record import Record, claim
from otwatch.results import Results
from otwatch.web.latest import Latest
from tests.outputs.samples import EMPTY, HOSPITAL


def write(path: Path, results: Results = HOSPITAL) -> Path:
    with Record.create(path) as kept:
        kept.write(results)
    return path


def test_the_record_is_read_when_it_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    latest = Latest(write(tmp_path / "r.db"))
    first = latest.now()
    assert first.metrics == exposition(HOSPITAL)
    with monkeypatch.context() as context:
        context.setattr(Record, "open", None)  # not asked again
        context.setattr("otwatch.web.latest.exposition", None)
        assert latest.now() is first
        assert latest.now().metrics == exposition(HOSPITAL)
    write(tmp_path / "r.db", EMPTY._replace(site="x"))
    assert latest.now().metrics == exposition(EMPTY._replace(site="x"))


def test_what_is_still_in_the_journal_counts(tmp_path: Path) -> None:
    latest = Latest(write(tmp_path / "r.db", EMPTY._replace(site="x")))
    assert latest.now().results.assets == ()
    with Record.create(tmp_path / "r.db") as writing:
        writing.write(HOSPITAL)
        assert latest.now().results.assets == HOSPITAL.assets


def test_a_record_that_is_not_there_yet(tmp_path: Path) -> None:
    latest = Latest(tmp_path / "r.db")
    assert not latest.now().is_there
    assert latest.now().metrics == exposition(NOTHING)
    write(tmp_path / "r.db")
    assert latest.now().is_there
    (tmp_path / "r.db").write_bytes(b"no record at all, but long enough to be asked for what it is")
    assert not latest.now().is_there


def test_a_sensor_that_comes_and_goes(tmp_path: Path) -> None:
    latest = Latest(write(tmp_path / "r.db"))
    assert not latest.now().is_kept
    held = claim(tmp_path / "r.db")
    assert b"\notwatch_sensor_up 1.0\n" in latest.now().metrics
    os.close(held)
    assert b"\notwatch_sensor_up 0.0\n" in latest.now().metrics
