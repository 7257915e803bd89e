"""`otwatch eve`: lines on standard output or at the end of a file."""

import json
from pathlib import Path

from otwatch.cli import run
from tests.cli.commands import told


def test_lines_of_a_record(record: str) -> None:
    said = told("eve", "--record", record).stdout.splitlines()
    assert [json.loads(line)["event_type"] for line in said] == ["alert", "alert"]
    assert len(told("eve", "--record", record, "--severity", "critical").stdout.splitlines()) == 1
    assert json.loads(told("eve", "--record", record, "--ecs").stdout.splitlines()[0])["ecs"]


def test_append(record: str, tmp_path: Path) -> None:
    path = tmp_path / "eve.json"
    for _ in range(2):
        assert told("eve", "--record", record, "--append", str(path)).stdout == ""
    assert path.read_text("utf-8") == told("eve", "--record", record).stdout
    assert run(["eve", "--record", record, "--append", str(tmp_path)]) == 2
