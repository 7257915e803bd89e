"""A record that is kept up to date: what is told is there, only what changed is written, and nobody else writes."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.errors import RecordError
from otwatch.record import Record, claim, schema
from otwatch.record.upkeep import bring, keep_journal, state_rows
from otwatch.results import Results, StateRow
from tests.outputs.samples import EMPTY, HOSPITAL, alert, asset

STATE = (StateRow("a", 1, "1"), StateRow("a", 2, "2"), StateRow("b", 1, '"x"'))


def kept(path: Path, results: Results, state: tuple[StateRow, ...] = STATE) -> Results:
    with Record.carry_on(path) as record:
        assert record.keep(results, state) > 0
    with Record.open(path) as record:
        assert record.state() == state
        return record.results()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.db"


def test_what_is_told_is_there(path: Path) -> None:
    assert kept(path, HOSPITAL) == HOSPITAL
    assert kept(path, EMPTY, STATE[1:]) == EMPTY
    assert kept(path, HOSPITAL) == HOSPITAL


def test_a_record_that_was_made_and_never_written_to_is_empty(path: Path) -> None:
    """As a sensor leaves it that is killed in its first second."""
    Record.carry_on(path).close()
    with Record.open(path) as record:
        found = record.results()
    assert not any(found)


def test_the_same_again_writes_nothing() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        schema.migrate(connection, 0)
        assert bring(connection, HOSPITAL, STATE) > 0
        assert bring(connection, HOSPITAL, STATE) == 0
        assert bring(connection, HOSPITAL._replace(notes={**HOSPITAL.notes, "more": 1}), STATE) == 1


KEYS = st.lists(st.sampled_from([f"10.0.0.{n}" for n in range(8)]), unique=True)


@given(st.lists(KEYS, min_size=2, max_size=4), st.lists(st.integers(1, 3), min_size=4, max_size=4))
def test_rows_may_come_go_and_change_places(orders: list[list[str]], packets: list[int]) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        schema.migrate(connection, 0)
        for order, count in zip(orders, packets, strict=False):
            assets = tuple(asset(key, packets=count) for key in order)
            state = tuple(StateRow("x", number, key) for number, key in enumerate(order, 1))
            bring(connection, EMPTY._replace(assets=assets), state)
            assert connection.execute("SELECT key, packets FROM asset ORDER BY rowid").fetchall() == [(key, count) for key in order]
            assert tuple(state_rows(connection)) == state


def test_a_failed_write_leaves_the_former_record(path: Path) -> None:
    kept(path, HOSPITAL)
    twice = HOSPITAL._replace(alerts=(alert(1, 2), alert(1, 3)), zones=(HOSPITAL.zones[0], HOSPITAL.zones[0]))
    with Record.carry_on(path) as record, pytest.raises(RecordError):
        record.keep(twice, ())
    with Record.open(path) as record:
        assert record.results() == HOSPITAL
        assert record.state() == STATE


def test_readers_do_not_block_the_writer(path: Path) -> None:
    kept(path, HOSPITAL)
    with Record.open(path) as reader:
        reader.site()
        assert kept(path, EMPTY) == EMPTY
        assert reader.results() == EMPTY


def test_one_writer_only(path: Path) -> None:
    kept(path, HOSPITAL)
    held = claim(path)
    try:
        with pytest.raises(RecordError, match="another otwatch is writing this record"):
            claim(path)
        with pytest.raises(RecordError, match="another otwatch is writing this record"):
            Record.create(path)
        assert kept(path, EMPTY) == EMPTY
    finally:
        os.close(held)


def copied(path: Path, results: Results) -> None:
    """Kept as a sensor keeps it: by a process of its own that is gone afterwards."""
    child = os.fork()
    if not child:
        with Record.carry_on(path) as record:
            record.keep(results, STATE)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.parametrize("holds", [True, False])
def test_the_journal_stays_for_those_who_only_read(path: Path, holds: bool) -> None:
    copied(path, HOSPITAL)
    held = claim(path)
    if holds:
        keep_journal(held)
    journal = path.with_name("record.db-wal")
    for results in (EMPTY, HOSPITAL):
        copied(path, results)
        assert journal.exists() == holds
        assert not holds or not journal.stat().st_size
    os.close(held)
    copied(path, EMPTY)
    assert not journal.exists()


def test_a_reader_costs_the_writer_no_time(path: Path) -> None:
    """The journal is emptied by the next write."""
    kept(path, HOSPITAL)
    held = claim(path)
    keep_journal(held)
    address = f"{path.as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM asset").fetchall()
        copied(path, EMPTY)
        assert path.with_name("record.db-wal").stat().st_size
    os.close(held)


def test_a_replay_does_not_overwrite_what_a_sensor_gathered(path: Path) -> None:
    kept(path, HOSPITAL)
    with pytest.raises(RecordError, match="the record of a sensor"):
        Record.create(path)


def test_a_record_of_an_older_form_is_brought_up_to_date(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for script in schema.MIGRATIONS[:2]:
            connection.executescript(script)
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 2")
    assert kept(path, HOSPITAL) == HOSPITAL


def test_a_record_is_put_aside_whole(path: Path) -> None:
    kept(path, HOSPITAL)
    with Record.carry_on(path) as record:
        aside = record.put_aside()
        aside = record.put_aside()
    with Record.open(aside) as record:
        assert record.results() == HOSPITAL
    assert aside.stat().st_mode & 0o077 == 0


def test_what_is_written_did_not_fail_because_tidying_up_did(path: Path) -> None:
    """On a full disk there is room for the rows and none to move them: whoever takes that for a failure writes them twice."""

    class Full(sqlite3.Connection):
        def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
            if "vacuum" in sql or "checkpoint" in sql:
                raise sqlite3.OperationalError("database or disk is full")
            return super().execute(sql, *given)

    kept(path, EMPTY)
    with Record(path, sqlite3.connect(path, isolation_level=None, factory=Full)) as record:
        assert record.keep(HOSPITAL, STATE) > 0
    with Record.open(path) as record:
        assert record.results() == HOSPITAL
