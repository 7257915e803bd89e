"""The small hospital through every export."""

import csv
import io
import json

import pytest

from otwatch.outputs.exports.ids import Inventory
from otwatch.outputs.exports.netbox import slug
from otwatch.results import FaceRow
from tests.cli.commands import told
from tests.outputs.exports.test_hostile import cells, files, inventory
from tests.outputs.samples import FRAME, HOSPITAL, asset


def test_ids_belong_to_the_site_and_the_key() -> None:
    here, there = inventory(HOSPITAL), inventory(HOSPITAL._replace(site="elsewhere"))
    assert here.id("10.0.0.1") == inventory(HOSPITAL).id("10.0.0.1")
    assert len({here.id("10.0.0.1"), there.id("10.0.0.1"), here.id("10.0.0.2")}) == 3


def test_addresses_of_all_faces() -> None:
    face = FaceRow("10.0.0.1", "fe80::1", "now", "mac", "", FRAME, 0, 0)
    found = Inventory("", 0, (asset("10.0.0.1"),), (), (face, face._replace(key="10.0.0.7", state="former")), ())
    assert found.addresses(found.assets[0]) == ["10.0.0.1", "fe80::1"]


def test_netbox_files() -> None:
    tables = files("netbox", HOSPITAL)
    device = dict(zip(*(cells(tables["5-devices.csv"])[at] for at in (0, 2)), strict=True))
    assert (device["name"], device["role"], device["manufacturer"], device["site"]) == (
        "10.22.8.20", "controller", "Schneider Electric", "CH de Valmont",
    )  # fmt: skip
    assert ["10.22.8.20/32", "active", "10.22.8.20", "eth0", "true"] in cells(tables["8-ip-addresses.csv"])
    assert "224.0.0.1" not in str(tables["5-devices.csv"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Rockwell Automation/Allen-Bradley", "rockwell-automation-allen-bradley"), ("Électricité", "electricite"), ("??", "unknown")],
)
def test_slugs(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_firmware_is_a_component() -> None:
    found = HOSPITAL._replace(assets=(asset("10.0.0.1", firmware="2.1", product="M340", vendor="Schneider"),))
    (device,) = json.loads(files("cyclonedx", found)["inventory.cdx.json"])["components"]
    assert (device["manufacturer"]["name"], device["components"][0]["version"]) == ("Schneider", "2.1")


def test_the_command_writes_a_folder(record: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("out") / "inventory"
    shown = told("assets", "export", "csv", "-o", str(folder), "--record", record, "--lang", "fr").stdout
    assert str(folder / "assets.csv") in shown
    head, *rows = csv.reader(io.StringIO((folder / "assets.csv").read_text("utf-8-sig"), newline=""))
    assert head[1] == "équipement"
    assert len(rows) == len(HOSPITAL.assets)


def test_netbox_finds_what_devices_name() -> None:
    made = (("HP", "A"), ("hp", "a"), ("Électro", "中"), ("Electro", "文"), ("", ""))
    found = HOSPITAL._replace(assets=tuple(asset(f"10.0.0.{at}", vendor=maker, product=model) for at, (maker, model) in enumerate(made)))
    tables = {name: cells(content)[1:] for name, content in files("netbox", found).items()}
    assert [line[2:4] for line in tables["5-devices.csv"]] == [
        ["HP", "A"], ["HP", "A"], ["Électro", "中"], ["Electro", "文"], ["Unknown", "Unknown"],
    ]  # fmt: skip
    assert [line[0] for line in tables["2-manufacturers.csv"]] == ["HP", "Électro", "Electro", "Unknown"]
    assert len({line[2] for line in tables["3-device-types.csv"]}) == len(tables["3-device-types.csv"]) == 4
