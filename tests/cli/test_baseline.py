import json
from pathlib import Path

import pytest

from pcaps.acts import ACTS
from pcaps.make_acts import FOLDER, RAISES
from tests.cli.commands import HOSPITAL_PCAP, SITE, otwatch, told
from tests.conftest import ROOT


@pytest.fixture
def record(tmp_path: Path) -> str:
    path = str(tmp_path / "record.db")
    told("replay", HOSPITAL_PCAP, "--site", SITE, "--record", path, "--quiet")
    return path


def reviewed(record: str, *states: str) -> dict[str, str]:
    wanted = [part for state in states for part in ("--state", state)]
    rows = json.loads(told("baseline", "review", "--record", record, "--json", *wanted).stdout)["baseline"]
    return {row["id"]: row["state"] for row in rows}


def test_the_review_list_says_what_waits_and_how_good_the_learning_was(record: str) -> None:
    shown = told("baseline", "review", "--record", record, "--lang", "en").stdout
    assert "1 of the 168 hours of the week" in " ".join(shown.split())
    assert "Too short to know a site" in shown
    assert "zone.flow.forbidden" in shown
    assert set(reviewed(record).values()) == {"waiting", "doubtful"}
    assert set(reviewed(record, "learnt").values()) == {"learnt"}


def test_lines_are_accepted_one_by_one(record: str) -> None:
    one, *others = reviewed(record, "waiting")
    said = told("baseline", "accept", one, "--record", record, "--author", "M. Durand", "--reason", "new meter", "--lang", "fr").stdout
    assert said.startswith("1 lignes acceptées")
    assert list(reviewed(record, "waiting")) == others
    assert list(reviewed(record, "accepted")) == [one]
    assert "M. Durand" in told("baseline", "review", "--record", record, "--state", "accepted").stdout


@pytest.mark.parametrize("name", ["new-talk", "new-service", "unusual-value"])
def test_what_answers_a_finding_is_accepted_with_it(name: str, tmp_path: Path) -> None:
    """The next replay does not tell it again, and the log of decisions tells who said so."""
    path = str(tmp_path / "record.db")
    act = next(act for act in ACTS if act.name == name)
    again = ("replay", str(FOLDER / (name + RAISES)), "--site", str(ROOT / act.site), "--record", path, "--quiet")
    told(*again)
    number = next(one["number"] for one in _alerts(path) if one["detection"] == act.detection)
    told("baseline", "accept", "--alert", str(number), "--record", path, "--author", "M. Durand", "--reason", "new meter")
    assert [one["status"] for one in _alerts(path) if one["number"] == number] == ["closed"]
    log = json.loads(told("alerts", "log", "--record", path, "--json").stdout)["log"]
    assert [(one["author"], one["reason"], one["detection"]) for one in log] == [("M. Durand", "new meter", act.detection)]
    told(*again)
    assert act.detection not in {one["detection"] for one in _alerts(path)}


def _alerts(record: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(told("alerts", "--record", record, "--json").stdout)["alerts"]
    return found


@pytest.mark.parametrize(("alert", "words"), [("1", "no line of the baseline answers"), ("99", "no such finding")])
def test_a_finding_that_is_no_habit(record: str, alert: str, words: str) -> None:
    run = otwatch("baseline", "accept", "--alert", alert, "--record", record, OTWATCH_LANG="en", COLUMNS="200")
    assert run.returncode == 2
    assert words in run.stderr
    assert not (Path(record).parent / "baseline.json").exists()


def test_what_was_frozen_decides_the_next_replay(record: str) -> None:
    told("baseline", "accept", "--state", "waiting", "--record", record, "--author", "M. Durand")
    assert "is frozen" in told("baseline", "freeze", "--record", record, "--author", "M. Durand", "--lang", "en").stdout
    told("replay", HOSPITAL_PCAP, "--site", SITE, "--record", record, "--quiet")
    alerts = json.loads(told("alerts", "--record", record, "--json").stdout)["alerts"]
    assert not [one for one in alerts if one["detection"].startswith(("inv.", "write."))]
    assert set(reviewed(record).values()) == {"doubtful"}
    assert "Frozen" in told("baseline", "review", "--record", record, "--lang", "en").stdout


def test_accepted_lines_go_to_another_record(record: str, tmp_path: Path) -> None:
    told("baseline", "freeze", "--record", record, "--author", "M. Durand")
    file = tmp_path / "elsewhere" / "baseline.json"
    told("baseline", "export", str(file), "--record", record)
    assert file.read_bytes() == (tmp_path / "baseline.json").read_bytes()


@pytest.mark.parametrize(("arguments", "words"), [(("ffffffff",), "no such line: ffffffff"), ((), "Which lines?")])
def test_which_lines_must_be_said(record: str, arguments: tuple[str, ...], words: str) -> None:
    run = otwatch("baseline", "accept", *arguments, "--record", record, OTWATCH_LANG="en")
    assert run.returncode == 2
    assert words in run.stderr


def test_a_file_that_is_no_baseline_stops_the_replay(record: str, tmp_path: Path) -> None:
    (tmp_path / "baseline.json").write_text("[]", "utf-8")
    run = otwatch("replay", HOSPITAL_PCAP, "--record", record, "--quiet")
    assert run.returncode == 2
    assert "baseline.json: no baseline" in run.stderr
