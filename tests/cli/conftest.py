"""What tests of commands share: an environment that says nothing, a record, and replays that give what is wanted."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

import otwatch.pipeline  # before `otwatch.jobs.hearing` is replaced, which it takes over by name
from otwatch.record import Record
from otwatch.results import Results
from tests.outputs.samples import HOSPITAL


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("OTWATCH_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Captures need not be there: what they say is made up."""
    monkeypatch.setattr("otwatch.jobs.hearing", lambda paths, jobs, watched: nullcontext(paths))


@pytest.fixture
def replayed(monkeypatch: pytest.MonkeyPatch, unheard: None) -> Callable[[Results], None]:
    """Makes every replay give these results."""

    def give(results: Results) -> None:
        monkeypatch.setattr(otwatch.pipeline, "concluded", lambda heard, site, progress, accepted, place: results)

    return give


@pytest.fixture
def record(tmp_path: Path) -> str:
    path = tmp_path / "record.db"
    with Record.create(path) as kept:
        kept.write(HOSPITAL)
    return str(path)
