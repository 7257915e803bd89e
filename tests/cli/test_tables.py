"""The tables: in a pipe, as CSV, as JSON, and filtered."""

import json

import pytest

from otwatch.cli import run
from tests.cli.commands import told
from tests.outputs.samples import HOSPITAL


@pytest.mark.parametrize("command", ["assets", "conversations", "zones", "alerts"])
def test_tables_in_a_pipe(command: str, record: str) -> None:
    text = told(command, "--record", record, "--lang", "en").stdout
    assert "\x1b" not in text
    assert not [line for line in text.split("\n") if line != line.rstrip()]
    assert told(command, "--record", record, "--csv").stdout_bytes.count(b"\r\n") == len(getattr(HOSPITAL, _rows(command))) + 1
    assert len(json.loads(told(command, "--record", record, "--json").stdout)[command]) == len(getattr(HOSPITAL, _rows(command)))


def _rows(command: str) -> str:
    return {"conversations": "links"}.get(command, command)


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (["assets", "--zone", "cvc"], 1),
        (["assets", "--zone", "-"], 1),
        (["conversations", "--zone", "bureautique"], 1),
        (["conversations", "--protocol", "bacnet"], 0),
        (["conversations", "--protocol", "modbus"], 2),
        (["alerts", "--severity", "critical"], 1),
        (["alerts", "--severity", "low"], 2),
        (["alerts", "--zone", "bt"], 0),
    ],
)
def test_filters(arguments: list[str], count: int, record: str) -> None:
    read = json.loads(told(*arguments, "--record", record, "--json").stdout)
    assert len(read[arguments[0]]) == count


def test_an_unknown_zone_is_a_wrong_use(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["assets", "--zone", "cvx", "--record", record]) == 2
    assert "known: bt, bureautique, cvc, supervision" in capsys.readouterr().err


def test_no_rows_are_said(record: str) -> None:
    assert told("alerts", "--zone", "bt", "--record", record, "--lang", "en").stdout == "No findings.\n"
    assert told("alerts", "--zone", "bt", "--record", record).stdout == "Aucun constat.\n"
