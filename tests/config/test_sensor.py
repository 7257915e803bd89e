"""The sensor's file: the example is what it says, and every fault is told with its line."""

from pathlib import Path

import pytest

from otwatch.config.sensor import Sensor, load_sensor
from otwatch.errors import ConfigError
from tests.conftest import ROOT

EXAMPLE = ROOT / "configs" / "otwatch.yaml"


def read(tmp_path: Path, text: str) -> Sensor:
    path = tmp_path / "otwatch.yaml"
    path.write_text(text, encoding="utf-8")
    return load_sensor(path)


def test_the_example_shows_the_defaults() -> None:
    expected = Sensor(interfaces=("mirror0",), record="/var/lib/otwatch/record.db")
    assert load_sensor(EXAMPLE)._replace(at=expected.at) == expected


def test_the_example_names_every_key() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert not [name for name in Sensor._fields if name != "at" and f"{name}: " not in text]


def test_one_interface_needs_no_list(tmp_path: Path) -> None:
    assert read(tmp_path, "version: 1\ninterfaces: eth1\n").interfaces == ("eth1",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("version: 1\ninterface: eth1\n", "otwatch.yaml:2: unknown key 'interface' -> 'interfaces' ?"),
        ("version: 1\ninterfaces: [eth1, 'a b']\n", r"otwatch.yaml:2: interfaces\[1\]: the name of an interface is expected"),
        ("version: 1\ncapture: fast\n", "otwatch.yaml:2: capture: 'fast' is none of: auto ring portable"),
        ("version: 1\nring_mib: 0\n", "ring_mib: a whole number from 1 to 4096 is expected, not '0'"),
        ("interfaces: eth1\n", "the key 'version' is missing"),
        ("version: 2\n", "this otwatch reads version 1, not 2"),
        ("- 1\n", "keys with values are expected"),
    ],
)
def test_faults_are_told_with_their_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        read(tmp_path, text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_sensor(tmp_path / "none.yaml")
