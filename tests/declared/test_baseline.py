from pathlib import Path

import pytest

from otwatch.declared.baseline import Accepted, accept, default_path, freeze, load, save, with_accepted
from otwatch.errors import DeclaredError
from otwatch.results import BaselineRow
from otwatch.sightings import Frame

NOW, LATER = "2026-11-27T08:00:00Z", "2026-11-28T08:00:00Z"


def row(server: str, state: str, group: str = "", least: str = "", most: str = "") -> BaselineRow:
    return BaselineRow(server[-8:], state, "", "10.1.1.1", server, "modbus", "write", group, 1, "1", least, most, 1, 2, Frame("a", 1))


def test_what_was_accepted_is_there_again(tmp_path: Path) -> None:
    accepted = accept(Accepted(), (row("10.1.1.2", "waiting", "register 7", "18.5", "21"),), "M. Durand", "new meter", NOW)
    path = default_path(tmp_path / "record.db")
    save(path, accepted)
    assert load(path) == accepted
    (line,) = accepted.lines
    assert (line.low, line.high, line.author, line.reason, line.accepted_at) == (18.5, 21, "M. Durand", "new meter", NOW)
    assert path.stat().st_mode & 0o077 == 0


def test_nothing_accepted_is_no_error(tmp_path: Path) -> None:
    assert load(tmp_path / "baseline.json") == Accepted()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"lines": 3}', '{"form": 99}', "\xff"])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(DeclaredError, match=r"baseline\.json: "):
        load(path)


def test_a_line_accepted_again_has_the_values_seen_since() -> None:
    once = accept(Accepted(), (row("10.1.1.2", "waiting", "register 7", "18", "21"),), "a", "", NOW)
    twice = accept(once, (row("10.1.1.2", "accepted", "register 7", "18", "25"),), "b", "", LATER)
    assert [(line.high, line.author) for line in twice.lines] == [(25, "b")]


def test_only_what_was_learnt_is_frozen() -> None:
    rows = tuple(row(f"10.1.1.{at}", state) for at, state in enumerate(("learnt", "waiting", "doubtful", "new", "returned")))
    frozen = freeze(Accepted(), rows, "M. Durand", NOW)
    assert [line.server for line in frozen.lines] == ["10.1.1.0"]
    assert frozen.is_frozen
    assert not Accepted().is_frozen


def test_a_record_is_read_with_what_was_accepted_since() -> None:
    rows = (row("10.1.1.2", "waiting"), row("10.1.1.3", "new"))
    seen = with_accepted(rows, accept(Accepted(), rows[:1], "M. Durand", "", NOW))
    assert [(one.state, one.why) for one in seen] == [("accepted", "M. Durand"), ("new", "")]
