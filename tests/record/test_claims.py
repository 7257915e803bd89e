"""Who keeps a record: one, as long as it lives; and whoever looks disturbs nobody."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from otwatch.errors import RecordError
from otwatch.record import Record, claim, claims
from tests.outputs.samples import HOSPITAL


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Record.create(tmp_path / "r.db") as record:
        record.write(HOSPITAL)
    return tmp_path / "r.db"


def test_a_record_is_kept_as_long_as_somebody_has_it(path: Path) -> None:
    assert not claims.is_kept(path)
    held = claim(path)
    assert claims.is_kept(path)
    with pytest.raises(RecordError, match="another otwatch is writing"):
        claim(path)
    os.close(held)
    assert not claims.is_kept(path)


def test_there_may_be_nothing_to_look_at(tmp_path: Path) -> None:
    assert not claims.is_kept(tmp_path / "none.db")


def test_a_look_is_waited_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looking = os.open(path, os.O_RDONLY)
    claims.fcntl.flock(looking, claims.fcntl.LOCK_SH)
    ended: Callable[[float], None] = lambda _: os.close(looking)  # noqa: E731  # in the place of a pause
    monkeypatch.setattr(claims.time, "sleep", ended)
    os.close(claim(path))
