from pathlib import Path

import pytest

from otwatch.declared.names import Called, Names, add, called, default_path, load, values_of
from otwatch.errors import DeclaredError

FLOW = Called("Débit", "float32", measured_in="m³/h")
HEAT = Called("Consigne", "int16", factor=0.1, measured_in="°C")
STATE = Called("État")
NAMES: Names = {
    "10.0.0.1": {"holding-register 7": HEAT, "holding-register 8": FLOW, "holding-register 10": STATE},
    "bacnet 210103": {"analog-value:12": STATE},
    "knx": {"group 1/2/3": Called("Salle 3", "9.001", measured_in="°C")},
}


@pytest.mark.parametrize(
    ("point", "found"),
    [
        ("analog-value:12 present-value", [(0, STATE)]),
        ("analog-value:12", [(0, STATE)]),
        ("analog-value:1 present-value", []),
        ("group 1/2/3", [(0, NAMES["knx"]["group 1/2/3"])]),
        ("group 1/2/4", []),
        ("present-value", []),
        ("", []),
    ],
)
def test_a_property_is_called_as_its_object(point: str, found: list[tuple[int, Called]]) -> None:
    assert called(NAMES, ("10.22.1.15", "bacnet 210103", "knx"), point) == found


@pytest.mark.parametrize(
    ("point", "found"),
    [
        ("holding-register 7", [(0, HEAT)]),
        ("holding-register 6..10", [(1, HEAT), (2, FLOW), (4, STATE)]),
        ("holding-register 11..12", []),
        ("coil 7", []),
    ],
)
def test_a_block_is_called_as_all_of_its_registers(point: str, found: list[tuple[int, Called]]) -> None:
    assert called(NAMES, ("10.0.0.1",), point) == found


@pytest.mark.parametrize(
    ("point", "text", "values"),
    [
        ("holding-register 7", "650", ["65"]),
        ("holding-register 7", "65530", ["-0.6"]),
        ("holding-register 6..10", "1 215 16712 0 3", ["21.5", "12.5", ""]),
        ("holding-register 7..8", "215 16712", ["21.5", ""]),
        ("holding-register 7", "and 0x0001 or 0x0000", [""]),
        ("holding-register 7", "", [""]),
        ("group 1/2/3", "0x0c1a", ["21"]),
        ("group 1/2/3", "1", [""]),
    ],
)
def test_values_are_said_as_people_measure(point: str, text: str, values: list[str]) -> None:
    """16712 0: 0x41480000 is 12.5 (IEEE 754). A block that ends within a value says nothing of it."""
    assert values_of(called(NAMES, ("10.0.0.1", "knx"), point), text) == values


def test_an_offset_comes_last() -> None:
    assert values_of([(0, Called("x", "uint16", factor=0.5, offset=-10))], "100") == ["40"]


def test_names_are_added(tmp_path: Path) -> None:
    path = default_path(tmp_path / "record.db")
    assert load(path) == {}
    assert add(path, {"a": {"1": HEAT}}) == 1
    assert add(path, {"b": {"1": STATE, "2": FLOW}}) == 3
    assert load(path) == {"a": {"1": HEAT}, "b": {"1": STATE, "2": FLOW}}


def test_a_damaged_list(tmp_path: Path) -> None:
    path = tmp_path / "points.json"
    path.write_bytes(b"[]")
    with pytest.raises(DeclaredError, match="no list of names"):
        load(path)
