"""Whatever a device is called, every export is what it says it is, with all of its rows (DESIGN section 13)."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as Xml

import fastjsonschema
import pytest
from hypothesis import given, settings

from otwatch.outputs import asset
from otwatch.outputs.asset import Dossier
from otwatch.outputs.exports import EXPORTS
from otwatch.outputs.exports.ids import Inventory
from otwatch.outputs.exports.netbox import NAME_LIMIT
from otwatch.outputs.layout import show
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from otwatch.results import Results
from tests.conftest import ROOT
from tests.outputs.hostile import UNSEEN, results

FORMULA = re.compile(r"\s*[=+@＝＋－＠]|\s*-(?![\d.]+$)")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SCHEMA = ROOT / "tests" / "vendor" / "cyclonedx"
GRAPH = "{http://graphml.graphdrawing.org/xmlns}"


@pytest.fixture(scope="module")
def published() -> Callable[[object], object]:
    """The check of CycloneDX's own schema, which names two others beside it."""
    parts = {path.name.replace(".SNAPSHOT", ""): json.loads(path.read_bytes()) for path in SCHEMA.glob("*.schema.json")}
    return fastjsonschema.compile(
        parts["bom-1.6.schema.json"], handlers={"http": lambda url: parts[url.rpartition("/")[2].replace(".SNAPSHOT", "")]}
    )


def inventory(found: Results) -> Inventory:
    return Inventory(found.site, 1, found.assets, found.attributes, found.faces, found.links)


def files(form: str, found: Results) -> dict[str, bytes]:
    return EXPORTS[form](inventory(found), Voice.of(Words("fr"), found.timezone, found.zones, found.assets))


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("form", EXPORTS)
@given(found=results())
@settings(max_examples=30)
def test_nothing_acts(form: str, found: Results) -> None:
    for name, content in files(form, found).items():
        if not name.endswith(".xlsx"):
            assert not UNSEEN.search(content.decode("utf-8-sig").replace("\r\n", ""))


@pytest.mark.parametrize("form", EXPORTS)
@given(found=results())
@settings(max_examples=10)
def test_the_same_record_gives_the_same_bytes(form: str, found: Results) -> None:
    assert files(form, found) == files(form, found)


@given(found=results())
@settings(max_examples=30)
def test_csv_cells_are_no_formulas_and_rows_stay_rows(found: Results) -> None:
    for content in files("csv", found).values():
        lines = cells(content)
        assert len({len(line) for line in lines}) == 1
        assert not [cell for line in lines for cell in line if FORMULA.match(cell)]
    assert len(cells(files("csv", found)["assets.csv"])) == 1 + len(found.assets)


@given(found=results())
@settings(max_examples=20)
def test_a_workbook_has_neither_formulas_nor_links(found: Results) -> None:
    book = zipfile.ZipFile(io.BytesIO(files("xlsx", found)["inventory.xlsx"]))
    assert not [name for name in book.namelist() if "rels" in name and b"hyperlink" in book.read(name)]
    for name in (name for name in book.namelist() if "worksheets/sheet" in name):
        sheet = Xml.fromstring(book.read(name))  # what we have just written
        assert sheet.find(f".//{SHEET}f") is None
        assert sheet.find(f".//{SHEET}hyperlink") is None
    texts = Xml.fromstring(book.read("xl/sharedStrings.xml")).iter(f"{SHEET}t")  # what we have just written
    assert not [text.text for text in texts if FORMULA.match(text.text or "")]


@given(found=results())
@settings(max_examples=30)
def test_netbox_takes_the_names(found: Results) -> None:
    tables = files("netbox", found)
    devices = cells(tables["5-devices.csv"])[1:]
    names = [line[0] for line in devices]
    assert len({name.casefold() for name in names}) == len(names) == len(inventory(found).things)
    assert all(0 < len(name) <= NAME_LIMIT for name in names)
    makers, models, roles = (cells(tables[name])[1:] for name in ("2-manufacturers.csv", "3-device-types.csv", "4-device-roles.csv"))
    for slugs in ([line[1] for line in makers], [line[2] for line in models], [line[1] for line in roles]):
        assert len(set(slugs)) == len(slugs)
        assert all(re.fullmatch(r"[a-z0-9-]{1,100}", slug) for slug in slugs)
    assert {line[1] for line in devices} <= {line[0] for line in roles}
    assert {(line[2], line[3]) for line in devices} <= {(line[0], line[1]) for line in models}
    assert {line[0] for line in models} <= {line[0] for line in makers}
    addresses = [line[0] for line in cells(tables["8-ip-addresses.csv"])[1:]]
    assert len(set(addresses)) == len(addresses)
    for name, column in (("6-interfaces.csv", 0), ("7-mac-addresses.csv", 1), ("8-ip-addresses.csv", 2)):
        assert {line[column] for line in cells(tables[name])[1:]} <= set(names)


@given(found=results())
@settings(max_examples=30)
def test_a_bom_is_as_published(found: Results, published: Callable[[object], object]) -> None:
    bom = json.loads(files("cyclonedx", found)["inventory.cdx.json"])
    published(bom)
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        published(bom | {"components": [{"type": "device"}]})


@given(found=results())
@settings(max_examples=30)
def test_a_bom_names_every_thing_once(found: Results) -> None:
    bom = json.loads(files("cyclonedx", found)["inventory.cdx.json"])
    refs = [part["bom-ref"] for part in bom["components"]]
    assert len(set(refs)) == len(refs) == len(inventory(found).things)
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.6")


@given(found=results())
@settings(max_examples=30)
def test_a_graph_reads_back(found: Results) -> None:
    graph = Xml.fromstring(files("graphml", found)["inventory.graphml"])  # what we have just written
    nodes = {node.get("id") for node in graph.iter(f"{GRAPH}node")}
    assert len(nodes) == len(found.assets)
    assert all({edge.get("source"), edge.get("target")} <= nodes for edge in graph.iter(f"{GRAPH}edge"))


@given(found=results())
@settings(max_examples=30)
def test_json_has_ids_that_stay(found: Results) -> None:
    read = json.loads(files("json", found)["inventory.json"])
    assert [one["id"] for one in read["assets"]] == [inventory(found).id(row.key) for row in found.assets]


def _shown(found: Results, stream: io.StringIO) -> Iterator[str]:
    for row in found.assets:
        show(asset.show(Dossier(row, found.attributes, found.faces, found.assets), Voice.of(Words("en"), "UTC", (), found.assets)), stream)
        yield stream.getvalue()


@given(found=results())
@settings(max_examples=20)
def test_one_asset_in_full_is_plain_text(found: Results) -> None:
    assert not [text for text in _shown(found, io.StringIO()) if UNSEEN.search(text)]
