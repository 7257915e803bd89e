import json
from pathlib import Path

import pytest
from click import UsageError

from otwatch.record import Record
from otwatch.results import AttributeRow, PointRow, SlotRow
from tests.cli.commands import told
from tests.declared.test_ets import installation, project
from tests.declared.test_lists import EDE
from tests.outputs.samples import BEGIN_NS, FRAME, HOSPITAL, alert, asset

DEVICE = "10.22.1.15"
POINT = PointRow(
    DEVICE, "bacnet", "analog-value:12 present-value", "", 3, ("10.20.1.12",), "21.5", "19", "21.5",
    (SlotRow(8, "10.20.1.12", "21.5", BEGIN_NS, FRAME),), BEGIN_NS, BEGIN_NS, FRAME,
)  # fmt: skip
INSTANCE = AttributeRow(DEVICE, "device_instance", "210103", "bacnet I-Am", "self", True, FRAME, 1, 2)


def record_of(folder: Path) -> str:
    finding = alert(1, 4, server=DEVICE, facts={"point": POINT.point})
    path = folder / "record.db"
    assets = (*HOSPITAL.assets, asset(DEVICE, "CTA"))
    with Record.create(path) as kept:
        kept.write(HOSPITAL._replace(assets=assets, attributes=(INSTANCE,), points=(POINT,), alerts=(finding,)))
    return str(path)


def test_who_holds_which_priority(tmp_path: Path) -> None:
    shown = told("points", "--record", record_of(tmp_path), "--lang", "en").stdout
    assert "8: 21.5 (gte (10.20.1.12))" in shown
    assert "19 .. 21.5" in shown


def test_the_site_s_names(tmp_path: Path) -> None:
    record = record_of(tmp_path)
    (tmp_path / "ede.csv").write_text(EDE, "utf-8")
    assert "2 points ont désormais un nom" in told("points", "import", str(tmp_path / "ede.csv"), "--record", record, "--lang", "fr").stdout
    assert json.loads(told("points", "--record", record, "--json").stdout)["points"][0]["name"] == "Consigne salle 3"
    assert "Consigne salle 3 (analog-value:12 present-value)" in told("explain", "1", "--record", record, "--lang", "fr").stdout


def scaled(folder: Path, point: PointRow, register: Path) -> tuple[dict[str, str], str]:
    """What `points` and `explain` say of a write to a point, under an imported list."""
    path = folder / "record.db"
    finding = alert(1, 4, server=DEVICE, facts={"point": point.point, "value": point.value})
    with Record.create(path) as kept:
        kept.write(HOSPITAL._replace(assets=(*HOSPITAL.assets, asset(DEVICE, "CTA")), points=(point,), alerts=(finding,)))
    told("points", "import", str(register), "--record", str(path))
    (shown,) = json.loads(told("points", "--record", str(path), "--json").stdout)["points"]
    return shown, told("explain", "1", "--record", str(path), "--lang", "fr").stdout


def test_registers_are_said_in_their_units(tmp_path: Path) -> None:
    register = tmp_path / "registers.csv"
    register.write_text(f"address,register,name,form,factor,measured_in\n{DEVICE},4001,Consigne chaudière,int16,0.1,°C\n", "utf-8")
    point = POINT._replace(protocol="modbus", point="holding-register 4001", value="650", least="600", most="650", slots=())
    shown, explained = scaled(tmp_path, point, register)
    assert [shown[name] for name in ("name", "value", "least", "most", "unit")] == ["Consigne chaudière", "65", "60", "65", "°C"]
    assert "Consigne chaudière = 65 °C (holding-register 4001)" in explained


def test_a_range_across_zero_is_not_told(tmp_path: Path) -> None:
    """The record keeps the smallest and largest register, not number: 65530 is -6, and what lay between is unknown."""
    register = tmp_path / "registers.csv"
    register.write_text(f"address,register,name,form\n{DEVICE},4001,Consigne chaudière,int16\n", "utf-8")
    point = POINT._replace(protocol="modbus", point="holding-register 4001", value="65530", least="5", most="65530", slots=())
    shown, _ = scaled(tmp_path, point, register)
    assert [shown[name] for name in ("value", "least", "most")] == ["-6", "", ""]


def test_telegrams_are_said_in_the_units_of_the_project(tmp_path: Path) -> None:
    point = POINT._replace(protocol="knx", point="group 1/2/3", value="0x0c1a", least="", most="", slots=())
    shown, explained = scaled(tmp_path, point, project(tmp_path, {"P-0A1B/0.xml": installation()}))
    assert [shown[name] for name in ("name", "value", "least", "most", "unit")] == ["Consigne salle 3", "21", "", "", "°C"]
    assert "Consigne salle 3 = 21 °C (group 1/2/3)" in explained


def test_a_record_named_before_the_command_is_the_one(tmp_path: Path) -> None:
    record = record_of(tmp_path)
    (tmp_path / "ede.csv").write_text(EDE, "utf-8")
    assert "2 points" in told("points", "--record", record, "--lang", "fr", "import", str(tmp_path / "ede.csv")).stdout
    assert DEVICE in told("assets", "--record", record, "show", DEVICE, "--lang", "en").stdout


def test_what_belongs_to_the_list_is_not_swallowed(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="assets show --json"):
        told("assets", "--record", record_of(tmp_path), "--json", "show", DEVICE)
