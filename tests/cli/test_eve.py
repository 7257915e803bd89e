"""`otwatch eve`: lines on standard output or at the end of a file."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

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


def test_what_else_is_told(record: str) -> None:
    said = [json.loads(line) for line in told("eve", "--record", record, "--also", "assets", "--also", "conversations").stdout.splitlines()]
    assert {event["event_type"] for event in said} == {"alert", "asset", "conversation"}
    assert [event["timestamp"] for event in said] == sorted(event["timestamp"] for event in said)


def test_follow_needs_a_file(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["eve", "--record", record, "--follow"]) == 2
    assert "--append FILE" in capsys.readouterr().err


def test_follow_until_it_is_stopped(record: str, tmp_path: Path) -> None:
    path, expected = tmp_path / "eve.json", told("eve", "--record", record).stdout
    command = [sys.executable, "-m", "otwatch", "eve", "--record", record, "--append", str(path), "--follow"]
    with subprocess.Popen(command, env=os.environ) as following:
        for _ in range(400):
            if path.exists() and path.read_text("utf-8") == expected:
                break
            time.sleep(0.05)
        following.send_signal(signal.SIGTERM)
        assert following.wait(20) == 0
    assert path.read_text("utf-8") == expected
