"""`otwatch metrics`."""

from pathlib import Path

from otwatch.cli import run
from tests.cli.commands import told


def test_metrics_of_a_record(record: str, tmp_path: Path) -> None:
    assert "otwatch_packets_total 2078.0\n" in told("metrics", "--record", record).stdout
    assert run(["metrics", "--record", str(tmp_path / "none.db")]) == 2
