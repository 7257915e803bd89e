"""A file is there whole or not at all, and one writes to it at a time."""

import os
from pathlib import Path
from threading import Thread

import pytest

from otwatch.files import alone, put, write


def test_a_file_takes_the_place_of_another(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "names.json"
    put(path, b"one")
    put(path, b"two")
    assert path.read_bytes() == b"two"
    assert [one.name for one in path.parent.iterdir()] == ["names.json"]
    assert path.stat().st_mode & 0o077 == 0


def test_what_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "names.json"
    put(path, b"one")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        put(path, b"two")
    assert path.read_bytes() == b"one"


def test_what_the_system_takes_in_parts_is_written_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take = os.write
    monkeypatch.setattr(os, "write", lambda held, data: take(held, data[:3]))
    with alone(os.open(tmp_path / "lines", os.O_CREAT | os.O_WRONLY)) as held:
        write(held, b"0123456789")
    assert (tmp_path / "lines").read_bytes() == b"0123456789"


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    def add() -> None:
        with alone(os.open(tmp_path / "count", os.O_CREAT | os.O_RDWR)) as held:
            count = int(os.pread(held, 10, 0) or b"0")
            write(held, b"%d" % (count + 1))

    threads = [Thread(target=add) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "count").read_bytes() == b"20"
