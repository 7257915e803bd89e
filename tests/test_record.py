"""The record: what is written comes back, what is not ours stays untouched, what is wrong is said clearly."""

import os
import sqlite3
import stat
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otwatch.errors import RecordError
from otwatch.record import Record, default_path, schema
from otwatch.record.columns import SHAPES, packed, unpacked
from otwatch.results import AllowanceRow, AssetRow, ReaderRow, Results, SlotRow
from otwatch.sightings import Frame
from tests.outputs.samples import EMPTY, HOSPITAL, alert


def write(path: Path, results: Results = HOSPITAL) -> Path:
    with Record.create(path) as record:
        record.write(results)
    return path


def read(path: Path) -> Results:
    with Record.open(path) as record:
        return record.results()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.db"


# -- what is written comes back ---------------------------------------------------------------------------------------------------------


def test_results_come_back_as_they_were_written(path: Path) -> None:
    assert read(write(path)) == HOSPITAL


def test_rows_have_their_types(path: Path) -> None:
    found = read(write(path))
    assert isinstance(found.assets[0], AssetRow)
    assert found.assets[0].frame.number == 412
    assert found.zones[0].suggested is False
    assert found.attributes[0].chosen is True


LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False).map(lambda number: number or 0.0),
    bool: st.booleans(),
    Mapping[str, str]: st.dictionaries(st.text(), st.text(), max_size=2),
    Mapping[str, int]: st.dictionaries(st.text(), st.integers(0, 2**63 - 1), max_size=2),
    Mapping[str, str | int]: st.dictionaries(st.text(), st.text() | st.integers(0, 2**63 - 1), max_size=2),
    Frame: st.builds(Frame, st.text(), st.integers(0, 2**40)),
    tuple[int, ...]: st.tuples(st.integers(0, 300)),
    tuple[str, ...]: st.lists(st.text(), max_size=2).map(tuple),
    tuple[Frame, ...]: st.tuples(st.builds(Frame, st.text(), st.integers(0, 2**40))),
    tuple[SlotRow, ...]: st.tuples(
        st.builds(SlotRow, st.integers(1, 16), st.text(), st.text(), st.integers(0, 2**62), st.just(Frame("", 0)))
    ),
    tuple[ReaderRow, ...]: st.tuples(
        st.builds(
            ReaderRow, st.text(), st.integers(0, 2**62), st.integers(0, 2**62), st.integers(0, 2**62), st.integers(0, 2**62),
            st.just(Frame("", 0)),
        )
    ),
    tuple[tuple[str, str], ...]: st.tuples(st.tuples(st.text(), st.text())),
    tuple[AllowanceRow, ...]: st.tuples(
        st.builds(AllowanceRow, st.text(), st.text(), st.text(), st.lists(st.text(), max_size=2).map(tuple), st.text(), st.text())
    ),
}


@pytest.mark.parametrize("kind", SHAPES)
@given(data=st.data())
@settings(max_examples=30)
def test_any_row_comes_back(kind: type, data: st.DataObject) -> None:
    row = kind(*(data.draw(LEAVES[of]) for _, of in SHAPES[kind].fields))
    values = packed(row)
    with closing(sqlite3.connect(":memory:")) as connection:
        stored = connection.execute(f"SELECT {', '.join('?' * len(values))}", values).fetchone()
    assert unpacked(kind, stored) == row


def test_mappings_of_other_kinds_are_kept_too(path: Path) -> None:
    frozen = HOSPITAL._replace(links=(HOSPITAL.links[0]._replace(verbs=MappingProxyType({"READ": 1})),))
    assert read(write(path, frozen)).links[0].verbs == {"READ": 1}


def test_one_alert(path: Path) -> None:
    with Record.open(write(path)) as record:
        assert record.alert(2) == HOSPITAL.alerts[1]
        with pytest.raises(RecordError, match="no alert 7 in this record"):
            record.alert(7)


def test_a_record_is_written_anew(path: Path) -> None:
    write(path)
    smaller = HOSPITAL._replace(alerts=(alert(1, 2),), assets=())
    assert read(write(path, smaller)) == smaller
    assert read(write(path, EMPTY)) == EMPTY


def test_readers_see_the_former_record_until_the_new_one_is_whole(path: Path) -> None:
    write(path)
    with Record.open(path) as reader, Record.create(path) as writer:
        reader.site()
        writer.write(EMPTY)
        assert reader.results() == EMPTY
    with Record.create(path):
        assert read(path) == EMPTY


def test_a_failed_write_leaves_the_former_record(path: Path) -> None:
    write(path)
    twice = HOSPITAL._replace(alerts=(alert(1, 2), alert(1, 3)))
    with Record.create(path) as record, pytest.raises(RecordError):
        record.write(twice)
    assert read(path) == HOSPITAL


# -- the file ---------------------------------------------------------------------------------------------------------------------------


def test_only_its_owner_can_read_it(path: Path) -> None:
    assert stat.S_IMODE(write(path).stat().st_mode) == 0o600
    path.chmod(0o644)
    assert stat.S_IMODE(write(path).stat().st_mode) == 0o600


def test_a_group_that_may_read_it_still_may(path: Path) -> None:
    path.touch(0o640)
    assert stat.S_IMODE(write(path).stat().st_mode) == 0o640


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    path = write(tmp_path / "state" / "otwatch" / "record.db")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_was_never_written_leaves_nothing_behind(path: Path) -> None:
    with Record.create(path):
        assert path.exists()
    assert not path.exists()


def test_an_empty_file_may_become_a_record(path: Path) -> None:
    path.touch()
    with pytest.raises(RecordError, match="nothing has been written"):
        Record.open(path)
    assert read(write(path)) == HOSPITAL


def test_a_record_in_a_folder_that_cannot_be_written_to(path: Path) -> None:
    address = f"{write(path).as_uri()}?immutable=1&mode=ro"
    with sqlite3.connect(address, uri=True) as connection:
        assert schema.version(connection) == schema.VERSION
    if os.geteuid():
        path.parent.chmod(0o500)
    assert read(path) == HOSPITAL


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be one" * 40, b"SQLite format 3\0" + bytes(200)])
def test_what_is_no_record_is_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for use in (Record.create, Record.open):
        with pytest.raises(RecordError, match="no record of otwatch"):
            use(path)
    assert path.read_bytes() == content


def test_a_foreign_database_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE patients (name TEXT)")
    before = path.read_bytes()
    for use in (Record.create, Record.open):
        with pytest.raises(RecordError, match="no record of otwatch; it is left as it is"):
            use(path)
    assert path.read_bytes() == before


def test_a_newer_record_is_left_alone(path: Path) -> None:
    with sqlite3.connect(write(path)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    for use in (Record.create, Record.open):
        with pytest.raises(RecordError, match="written by a newer otwatch"):
            use(path)


def test_an_older_record_is_read_and_left_as_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, "UPDATE site SET site = 'brought up'"))
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    assert read(path).site == "brought up"
    monkeypatch.undo()
    assert read(path).site == HOSPITAL.site


def test_a_damaged_record_is_named(path: Path) -> None:
    content = bytearray(write(path).read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(RecordError, match=r"record\.db: "):
        read(path)


@pytest.mark.parametrize(("name", "said"), [("missing.db", "no such record"), ("", "no such record")])
def test_what_is_not_there(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(RecordError, match=said):
        Record.open(tmp_path / name)


def test_a_folder_is_no_place_for_a_record(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="not a file"):
        Record.create(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(RecordError, match="cannot be written"):
        Record.create(tmp_path / "file" / "record.db")


def test_two_writers(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path)
    monkeypatch.setattr("otwatch.record.files.PATIENCE_S", 0)
    with sqlite3.connect(path, isolation_level=None) as other, Record.create(path) as record:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RecordError, match="locked"):
            record.write(EMPTY)
        other.execute("ROLLBACK")


# -- the form ---------------------------------------------------------------------------------------------------------------------------


def test_tables_have_the_fields_of_their_rows(path: Path) -> None:
    with sqlite3.connect(write(path)) as connection:
        for kind, form in SHAPES.items():
            columns = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({form.table})")]
            assert columns == [name for name in kind._fields if name != "decision"], form.table  # type: ignore[attr-defined]  # a NamedTuple
        strict = connection.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite%'")
        assert strict.fetchall() == []


def test_default_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_path() == tmp_path / "otwatch" / "record.db"
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_path() == tmp_path / ".local" / "state" / "otwatch" / "record.db"
