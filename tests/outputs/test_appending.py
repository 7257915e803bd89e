"""Each line once at the end of a file, whatever became of the file in between."""

from pathlib import Path
from threading import Thread

import pytest

from otwatch.errors import OtwatchError
from otwatch.outputs import appending
from otwatch.outputs.appending import append
from otwatch.outputs.eve import Line

ONE, TWO, THREE = (Line(name, f'{{"id":"{name}"}}') for name in ("a", "b", "c"))


def test_only_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "log" / "eve.json"
    assert append(path, [ONE, TWO]) == 2
    assert append(path, [ONE, TWO, THREE]) == 1
    assert append(path, []) == 0
    assert path.read_text() == '{"id":"a"}\n{"id":"b"}\n{"id":"c"}\n'


def test_a_rotated_file_is_not_told_again(tmp_path: Path) -> None:
    path = tmp_path / "eve.json"
    append(path, [ONE])
    path.rename(tmp_path / "eve.json.1")
    assert append(path, [ONE, TWO]) == 1
    assert path.read_text() == '{"id":"b"}\n'
    path.write_text("")  # copytruncate
    assert append(path, [ONE, TWO]) == 0


def test_half_a_line_is_ended_first(tmp_path: Path) -> None:
    path = tmp_path / "eve.json"
    path.write_text('{"id"')
    append(path, [ONE])
    assert path.read_text() == '{"id"\n{"id":"a"}\n'


def test_a_memory_that_is_damaged_or_gone_tells_again(tmp_path: Path) -> None:
    path, memory = tmp_path / "eve.json", tmp_path / "eve.json.known"
    append(path, [ONE])
    memory.write_bytes(b"\xff\xfe\0")
    assert append(path, [ONE]) == 1
    memory.unlink()
    assert append(path, [ONE]) == 1


def test_the_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "REMEMBERED", 2)
    append(tmp_path / "e", [ONE, TWO, THREE])
    assert (tmp_path / "e.known").read_text().split() == ["a^0", "b^0", "c^0"]
    append(tmp_path / "e", [ONE, Line("d", "")])
    assert (tmp_path / "e.known").read_text().split() == ["d^0"]


def test_an_id_that_a_crash_cut_spoils_no_other(tmp_path: Path) -> None:
    path, memory = tmp_path / "eve.json", tmp_path / "eve.json.known"
    append(path, [Line("abcd", "1")])
    memory.write_bytes(memory.read_bytes()[:-4])
    append(path, [TWO])
    assert memory.read_text().split() == ["ab", "b^0"]


def test_what_became_more_serious_is_told_once_more(tmp_path: Path) -> None:
    path = tmp_path / "eve.json"
    for level in (1, 3, 3, 2, 4):
        append(path, [Line("a", str(level), level=level), TWO])
    assert path.read_text().split() == ["1", '{"id":"b"}', "3", "4"]


def test_what_an_older_otwatch_told_is_not_told_again(tmp_path: Path) -> None:
    (tmp_path / "eve.json.known").write_text("\na\nb^")
    assert append(tmp_path / "eve.json", [Line("a", "x", level=4), Line("b", "x", level=4), THREE]) == 1


def test_two_writers_wait_for_each_other(tmp_path: Path) -> None:
    path = tmp_path / "eve.json"
    lines = [Line(str(number), "x" * 5000) for number in range(100)]
    threads = [Thread(target=append, args=(path, lines)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text() == ("x" * 5000 + "\n") * 100


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(OtwatchError, match="cannot be appended to: Is a directory"):
        append(tmp_path, [ONE])
