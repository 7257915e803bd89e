"""`otwatch alerts mute, expect, close, reopen, decisions, log`: and that all outputs say the same of what is decided."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from otwatch.cli import run
from otwatch.decisions.log import beside
from otwatch.results import Results
from otwatch.results.findings import finding
from tests.cli.commands import told
from tests.outputs.samples import HOSPITAL, alert

BY = ("--by", "M. Durand", "--reason", "replaced in May")


def decide(action: str, number: str, record: str, *more: str) -> str:
    return told("alerts", action, number, *BY, *more, "--record", record, "--lang", "en").stdout


@pytest.fixture
def muted(record: str) -> str:
    """A record of two findings, of which the critical one is muted: the other is another finding."""
    from otwatch.record import Record

    with Record.create(Path(record)) as kept:
        kept.write(HOSPITAL._replace(alerts=(alert(1, 4), alert(2, 3, client="10.20.1.12"))))
    decide("mute", "1", record)
    return record


def test_what_is_decided_is_said(record: str) -> None:
    text = decide("mute", "1", record, "--until", "2027-01-31")
    assert text.startswith("Muted until 2027-01-31: 1 Unexpected write, 10.10.5.20 → API-CVC (10.22.8.20).")
    assert "critical: it stays named" in text
    assert decide("close", "2", record).startswith("Closed until it is seen again: 2 Scan")
    assert decide("reopen", "1", record).startswith("Open again: 1 Unexpected write")


def test_a_finding_is_named_by_its_id_as_well(record: str) -> None:
    assert decide("expect", finding(HOSPITAL.alerts[0]), record).startswith("Expected until ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["mute", "9", *BY], ["mute", "x", *BY], ["reopen", "1", *BY], ["mute", "1", "--by", "A"], ["mute", "1", "--reason", "b"],
        ["mute", "1", "--by", " ", "--reason", "b"], ["mute", "1", *BY, "--until", "never"], ["mute", "1", *BY, "--until", "2020-01-01"],
        ["close", "1", *BY, "--until", "2027-01-31"],
    ],
)  # fmt: skip
def test_what_cannot_be_decided(arguments: list[str], record: str) -> None:
    assert run(["alerts", *arguments, "--record", record]) == 2
    assert not beside(Path(record)).exists()


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (["mute", "9", *BY], "9 : pas de tel constat dans"),
        (["reopen", "1", *BY], "1 : rien n'a été décidé sur ce constat"),
        (["mute", "1", "--by", " ", "--reason", "b"], "auteur : vide"),
        (["mute", "1", *BY, "--until", "jamais"], "échéance : « jamais » n'est pas un jour"),
        (["mute", "1", *BY, "--until", "2020-01-01"], "échéance : 2020-01-01 n'est pas possible"),
    ],
)
def test_a_refusal_is_told_in_the_language_that_was_asked_for(
    arguments: list[str], refusal: str, record: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["alerts", *arguments, "--record", record, "--lang", "fr"]) == 2
    assert capsys.readouterr().err.startswith(f"otwatch: {refusal}")


def test_the_record_is_never_another_than_the_one_named(record: str) -> None:
    assert run(["alerts", "--record", record, "mute", "1", *BY]) == 0
    assert beside(Path(record)).exists()


def test_the_table_shows_them_apart(muted: str) -> None:
    text = told("alerts", "--record", muted, "--lang", "en").stdout
    assert text.count("Unexpected write") == 2
    assert "Apart, as somebody decided: 1 muted." in text
    assert "CRITICAL all the same: 1 Unexpected write, 10.10.5.20 → API-CVC (10.22.8.20) (muted by M. Durand until " in text
    decided = told("alerts", "--decided", "--csv", "--record", muted, "--lang", "en").stdout
    assert decided.count("\n") == 2
    assert "M. Durand" in decided


def test_programs_are_told_all_of_them(muted: str) -> None:
    first, second = json.loads(told("alerts", "--json", "--record", muted).stdout)["alerts"]
    assert (first["status"], first["decision"]["author"], second["status"], second["decision"]) == ("muted", "M. Durand", "new", None)
    assert first["finding"] == finding(alert(1, 4))


def test_every_output_agrees(muted: str, tmp_path: Path) -> None:
    assert "muted by M. Durand until" in told("explain", "1", "--record", muted, "--lang", "en").stdout.replace("\n              ", " ")
    assert 'severity="critical",status="muted"} 1.0' in told("metrics", "--record", muted).stdout
    lines = [json.loads(line) for line in told("eve", "--record", muted).stdout.splitlines()]
    tags = [line["alert"]["metadata"]["tag"] for line in lines]
    assert [("otwatch_status:muted" in of, "otwatch_decided_by:M. Durand" in of) for of in tags] == [(True, True), (False, False)]
    ecs = [json.loads(line)["labels"]["status"] for line in told("eve", "--ecs", "--record", muted).stdout.splitlines()]
    assert ecs == ["muted", "new"]
    told("report", "--html", str(tmp_path / "r.html"), "--record", muted, "--lang", "en")
    page = (tmp_path / "r.html").read_text()
    assert "CRITICAL all the same: 1 Unexpected write" in page
    assert page.index('id="decided"') < page.index("muted by M. Durand until", page.index('id="decided"'))


def test_a_replay_heeds_them_and_loses_none(record: str, replayed: Callable[[Results], None], capsys: pytest.CaptureFixture[str]) -> None:
    replayed(HOSPITAL._replace(alerts=(alert(1, 4), alert(2, 1, client="10.0.0.9"))))
    asked = ["replay", "any.pcap", "--record", record, "--fail-on", "high", "--lang", "en"]
    assert run([*asked]) == 1
    decide("expect", "1", record)
    capsys.readouterr()
    assert run(asked) == 0
    text = capsys.readouterr().out
    assert "FINDINGS: 1 (LOW 1)" in text
    assert "CRITICAL all the same: 1 Unexpected write" in text
    assert run([*asked, "--quiet"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err.startswith("CRITICAL all the same: 1 ")) == ("", True)
    decide("reopen", "1", record)
    assert run(asked) == 1


def test_what_is_decided_is_listed(muted: str) -> None:
    (row,) = json.loads(told("alerts", "decisions", "--json", "--record", muted).stdout)["decisions"]
    assert (row["number"], row["state"], row["action"], row["author"]) == (1, "holds", "mute", "M. Durand")
    decide("reopen", "1", muted)
    assert told("alerts", "decisions", "--record", muted, "--lang", "en").stdout == "No decisions.\n"
    rows = json.loads(told("alerts", "log", "--json", "--record", muted).stdout)["log"]
    assert [(row["line"], row["action"]) for row in rows] == [(1, "mute"), (2, "reopen")]


def test_the_log_is_checked(muted: str, capsys: pytest.CaptureFixture[str]) -> None:
    check = ["alerts", "log", "--check", "--record", muted, "--lang", "en"]
    decide("reopen", "1", muted)
    log = beside(Path(muted))
    whole = log.read_bytes()
    assert run(check) == 0
    assert "2 decisions, nothing was changed." in capsys.readouterr().out
    log.write_bytes(whole + b'{"line":3,')
    assert run(check) == 1
    assert f"{log}:3: this line was never finished" in capsys.readouterr().out
    decide("mute", "1", muted)
    assert run(check) == 0
    assert f"{log}:3: a line that was never finished" in capsys.readouterr().out
    log.write_bytes(whole.replace(b"Durand", b"Dupont", 1))
    assert run(check) == 1
    assert f"{log}:1: this line, or the one before it, is not" in capsys.readouterr().out
    log.unlink()
    assert run(check) == 0
    assert "nobody decided anything yet" in capsys.readouterr().out


def test_a_log_that_was_changed_is_told_by_every_command_and_not_believed(muted: str, capsys: pytest.CaptureFixture[str]) -> None:
    log = beside(Path(muted))
    log.write_bytes(log.read_bytes().replace(b"Durand", b"Dupont"))
    for command in (["alerts"], ["explain", "1"], ["metrics"], ["eve"]):
        assert run([*command, "--record", muted]) == 0
        said = capsys.readouterr()
        assert f"{log}:1: " in said.err
        assert "Dupont" not in said.out
    assert run(["alerts", "mute", "2", *BY, "--record", muted]) == 2
