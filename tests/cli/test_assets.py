"""One asset in full, found by any of its names."""

import csv
import io
import json
from pathlib import Path

import pytest

from otwatch.cli import run
from otwatch.record import Record
from otwatch.results import FaceRow
from tests.cli.commands import told
from tests.outputs.samples import FRAME, HOSPITAL

FACE = FaceRow("10.22.8.20", "fe80::1", "now", "mac", "00:80:f4:21:02:10", FRAME, 1, 2)


@pytest.fixture
def record(tmp_path: Path) -> str:
    path = tmp_path / "record.db"
    with Record.create(path) as kept:
        kept.write(HOSPITAL._replace(faces=(FACE,)))
    return str(path)


@pytest.mark.parametrize("key", ["10.22.8.20", "FE80::1"])
def test_every_attribute_with_its_proof(key: str, record: str) -> None:
    shown = told("assets", "show", key, "--record", record, "--lang", "en").stdout
    for word in ("vendor", "Schneider Electric", "modbus 43/14", "said by itself", "hospital.pcapng 412", "frame.number == 412"):
        assert word in " ".join(shown.split())
    assert "same network card (00:80:f4:21:02:10)" in " ".join(shown.split())


def test_what_stands_behind_it(tmp_path: Path) -> None:
    gate = HOSPITAL.assets[3]._replace(key="10.21.2.10", label="EGX")
    silent = HOSPITAL.assets[2]._replace(key="10.21.2.10/unit 9", label="unit 9", presence="silent")
    with Record.create(tmp_path / "r.db") as kept:
        kept.write(HOSPITAL._replace(assets=(*HOSPITAL.assets, gate, silent)))
    shown = told("assets", "show", "10.21.2.10", "--record", str(tmp_path / "r.db"), "--lang", "fr").stdout
    assert "DERRIÈRE LUI (2)" in shown
    assert "unit 9, n'a jamais répondu" in shown


def test_as_csv_and_json(record: str) -> None:
    text = told("assets", "show", "10.22.8.20", "--record", record, "--csv", "--lang", "en").stdout
    head, row = csv.reader(io.StringIO(text))
    assert dict(zip(head, row, strict=True))["Wireshark filter"] == "frame.number == 412"
    read = json.loads(told("assets", "show", "10.22.8.20", "--record", record, "--json").stdout)
    assert read["asset"]["key"] == read["attributes"][0]["asset"] == read["faces"][0]["asset"] == "10.22.8.20"


def test_no_such_asset(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["assets", "show", "10.9.9.9", "--record", record, "--lang", "en"]) == 2
    assert "no asset 10.9.9.9 in this record" in capsys.readouterr().err


def test_a_name_of_several(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["assets", "show", "00:80:f4:21:02:10", "--record", record, "--lang", "en"]) == 2
    assert "names several assets" in capsys.readouterr().err
