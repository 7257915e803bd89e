"""`otwatch data build`."""

from pathlib import Path

import pytest

from otwatch.cli import run


def test_data_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {"oui.csv": "MA-L,0080F4,Maker A,x", "mam.csv": "MA-M,70B3D51,Maker B,x", "oui36.csv": "MA-S,70B3D5123,Maker C,x"}
    for name, row in rows.items():
        (tmp_path / name).write_text(f"Registry,Assignment,Organization Name,Organization Address\n{row}\n")
    assert run(["data", "build", "oui", "--from", str(tmp_path), "-o", str(tmp_path / "oui.zlib")]) == 0
    assert (tmp_path / "oui.zlib").stat().st_size
    assert run(["data", "build", "oui", "--from", str(tmp_path), "-o", str(tmp_path)]) == 2
    assert "cannot be written" in capsys.readouterr().err
