"""The captures that made other programs crash or hang: each is read to its end, by both halves, without a defect of ours."""

import subprocess
import sys
from pathlib import Path

import pytest

from otwatch.errors import CaptureError
from otwatch.pipeline import replay
from otwatch.wire.defects import DEFECT
from tests.conftest import ROOT

HANGS_S = 120
"""All of them together take 2 s; what takes this long does not end."""


def test_malformed_captures_are_read(captures: Path) -> None:
    paths = sorted((captures / "malformed").glob("*.pcap*"))
    read = 0
    for path in paths:
        try:
            results = replay([str(path)])
        except CaptureError:
            continue
        read += 1
        assert not [note for note in results.notes if note.startswith(DEFECT)], path
    assert read == len(paths)


@pytest.mark.parametrize("command", [("replay", "--quiet"), ("facts", "--json")], ids=" ".join)
def test_malformed_captures_together(captures: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    folder, record = str(captures / "malformed"), str(tmp_path / "record.db")
    done = subprocess.run(
        [sys.executable, "-m", "otwatch", *command, "--record", record, folder], capture_output=True, cwd=ROOT, timeout=HANGS_S, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    assert b"Traceback" not in done.stderr
