"""`otwatch incident`: text and JSON, with what only people know given or left blank."""

import json

import pytest

from otwatch.cli import run
from tests.cli.commands import SITE


def test_text_with_dotted_lines(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["incident", "1", "2", "--record", record, "--lang", "fr"]) == 0
    out = capsys.readouterr().out
    for said in ("otwatch n'envoie rien", "numéro FINESS", "·" * 24, "API-CVC (10.22.8.20)", "NIS 2, art. 23(4)(a)"):
        assert said in out
    assert "[" not in out.partition("PRIORITÉ")[2]
    assert all(len(line) <= 80 for line in out.splitlines())


def test_the_site_file_and_the_person_say_more(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["incident", "1", "--record", record, "--lang", "en", "--site", SITE, "--aware", "2026-10-13 11:30"]) == 0
    out = capsys.readouterr().out
    assert "2026-10-14 11:30" in out
    assert out.count("[low]") == 1


def test_json(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["incident", "2", "--record", record, "--json", "--level", "4"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert read["proposed"] == {"effect": "none", "level": 4, "priority": "high"}


def test_a_finding_that_is_not_there(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["incident", "9", "--record", record]) == 2
    assert "no alert 9" in capsys.readouterr().err


@pytest.mark.parametrize("given", [[], ["1", "--level", "5"], ["1", "--aware", "yesterday"]])
def test_wrong_use(given: list[str], record: str) -> None:
    assert run(["incident", "--record", record, *given]) == 2
