"""`otwatch explain`."""

from otwatch.cli import run
from tests.cli.commands import otwatch, told


def test_explain(record: str) -> None:
    assert told("explain", "2", "--record", record, "--lang", "en").stdout.startswith("Alert 2  HIGH  Scan\n")
    assert run(["explain", "9", "--record", record]) == 2
    assert run(["explain", "0", "--record", record]) == 2


def test_a_terminal_that_is_not_utf8(record: str) -> None:
    result = otwatch("explain", "1", "--record", record, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert result.returncode == 0
    assert "\\xc9criture" in result.stdout
