"""`otwatch metrics` and `otwatch serve`."""

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from otwatch.cli import run
from tests.cli.commands import told


def test_metrics_of_a_record(record: str, tmp_path: Path) -> None:
    assert "otwatch_packets_total 2078.0\n" in told("metrics", "--record", record).stdout
    assert run(["metrics", "--record", str(tmp_path / "none.db")]) == 2


@pytest.mark.parametrize("listen", ["127.0.0.1", "localhost:9468", "127.0.0.1:70000", "127.0.0.1:٣", "0.0.0.0:9468", "192.0.2.1:0"])
def test_where_it_does_not_listen(listen: str, record: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--record", record, "--listen", listen]) == 2
    assert capsys.readouterr().err.startswith("otwatch: ")


def test_an_address_that_is_not_ours(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--record", record, "--listen", "192.0.2.1:9468", "--without-tls"]) == 2
    assert "cannot listen there" in capsys.readouterr().err


def test_serve_until_it_is_stopped(record: str) -> None:
    command = [sys.executable, "-u", "-m", "otwatch", "serve", "--record", record, "--listen", "127.0.0.1:0", "--lang", "en"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as serving:
        assert serving.stdout is not None
        url = serving.stdout.readline().removeprefix("serving ").strip()
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert b"otwatch_record_up 1.0\n" in answer.read()
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(20) == 0
