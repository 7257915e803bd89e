import csv
import json
from pathlib import Path

from otwatch.record import Record
from otwatch.results import SessionRow
from tests.cli.commands import told
from tests.outputs.samples import BEGIN_NS, FRAME, HOSPITAL, asset

PLC = "10.22.8.21"
VISIT = SessionRow(
    "10.20.1.12", PLC, ("10.29.0.9",), "PC-MAINT", ("modbus",), BEGIN_NS, BEGIN_NS + 250_000_000_000,
    {"Write Single Register": 3, "UMAS 0x41 Stop PLC": 1}, 3, 1, {"holding-register 4001": "=21"}, 12_343, 0, "int-118", FRAME,
)  # fmt: skip


def record_of(folder: Path, *visits: SessionRow) -> str:
    path = folder / "record.db"
    with Record.create(path) as kept:
        kept.write(HOSPITAL._replace(assets=(*HOSPITAL.assets, asset(PLC, "plc", "cvc")), sessions=visits))
    return str(path)


def test_who_did_what_for_how_long(tmp_path: Path) -> None:
    shown = told("sessions", "--record", record_of(tmp_path, VISIT), "--lang", "fr").stdout
    assert all(word in shown for word in ("4 min 10 s", "PC-MAINT", "10.29.0.9", "Write Single Register ×3", "12343 octets", "int-118"))


def test_nobody(tmp_path: Path) -> None:
    assert told("sessions", "--record", record_of(tmp_path), "--lang", "en").stdout == "Nobody was seen working on equipment.\n"


def test_other_zones_are_left_out(tmp_path: Path) -> None:
    record = record_of(tmp_path, VISIT)
    other = next(row.zone for row in HOSPITAL.assets if row.zone not in {"", "cvc"})
    assert "Nobody" in told("sessions", "--record", record, "--lang", "en", "--zone", other).stdout
    assert "PC-MAINT" in told("sessions", "--record", record, "--lang", "en", "--zone", "cvc").stdout


def test_the_forms_for_programs(tmp_path: Path) -> None:
    record = record_of(tmp_path, VISIT)
    assert json.loads(told("sessions", "--record", record, "--json").stdout)["sessions"][0]["points"] == {"holding-register 4001": "=21"}
    (row,) = csv.DictReader(told("sessions", "--record", record, "--csv", "--lang", "en").stdout.splitlines())
    assert (row["seconds"], row["refused"]) == ("250", "1")
