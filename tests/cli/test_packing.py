"""Packs against each other, and packs for those who must not know whose network it is."""

import csv
import gzip
import io
import json
import re
import shutil
import subprocess
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest

from otwatch.cli import run
from otwatch.record import Record
from otwatch.results import Results
from otwatch.zones.policy.kinds import KINDS
from tests.cli.commands import SITE
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of the sample hospital."""
    path = tmp_path_factory.mktemp("hospital") / "valmont.db"
    run(["replay", "--quiet", "--site", SITE, "--record", str(path), str(ROOT / "pcaps/hospital.pcapng")])
    return path


def results_of(record: Path) -> Results:
    with Record.open(record) as kept:
        return kept.results()


def packed(record: Path, folder: Path, *given: str) -> Path:
    assert run(["report", "--record", str(record), "--audit", str(folder), "--lang", "fr", *given]) == 0
    return folder


def files(pack: Path) -> dict[str, bytes]:
    return {path.relative_to(pack).as_posix(): path.read_bytes() for path in sorted(pack.rglob("*")) if path.is_file()}


def test_the_same_record_gives_the_same_pack(hospital: Path, tmp_path: Path) -> None:
    assert files(packed(hospital, tmp_path / "a")) == files(packed(hospital, tmp_path / "b"))


def test_the_record_of_a_pack_is_read_by_every_command(hospital: Path, tmp_path: Path) -> None:
    kept = packed(hospital, tmp_path / "a") / "record.TLP-AMBER.db"
    assert results_of(kept) == results_of(hospital)


# -- since another one ------------------------------------------------------------------------------------------------------------------


def changed(hospital: Path, path: Path) -> Path:
    """The hospital a year later: one controller is gone, a finding is new."""
    results = results_of(hospital)
    gone = next(row for row in results.assets if row.key == "10.24.5.9")
    kept = tuple(row for row in results.assets if row is not gone)
    with Record.create(path) as record:
        record.write(results._replace(assets=kept, alerts=(results.alerts[0]._replace(client="10.20.1.11"), *results.alerts[1:])))
    return path


def changes(pack: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO((pack / "changes.TLP-AMBER.csv").read_text("utf-8"))))[1:]


@pytest.mark.parametrize("is_pack", [True, False])
def test_what_changed_since_the_last_audit(hospital: Path, tmp_path: Path, is_pack: bool) -> None:
    since = packed(hospital, tmp_path / "last") if is_pack else hospital
    pack = packed(changed(hospital, tmp_path / "now.db"), tmp_path / "now", "--since", str(since))
    assert {"10.24.5.9", "10.20.1.11 -> 10.22.1.15"} <= {row[3] for row in changes(pack)}
    assert "Changements" in zipfile.ZipFile(pack / "report.xlsx").read("xl/workbook.xml").decode()


def test_nothing_changed(hospital: Path, tmp_path: Path) -> None:
    assert changes(packed(hospital, tmp_path / "now", "--since", str(hospital))) == []


def test_a_pack_that_was_changed_is_no_base(hospital: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    last = packed(hospital, tmp_path / "last")
    (last / "report.html").write_text("x")
    assert run(["report", "--record", str(hospital), "--audit", str(tmp_path / "now"), "--since", str(last)]) == 2
    assert "report.html: not as it was when the pack was made" in capsys.readouterr().err


def test_nor_is_one_with_pseudonyms(hospital: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    last = packed(hospital, tmp_path / "last", "--redact")
    assert run(["report", "--record", str(hospital), "--audit", str(tmp_path / "now"), "--since", str(last)]) == 2
    assert "a pack made without --redact is expected" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["report.html", "record.TLP-AMBER.db", "levels.TLP-AMBER.csv", "report.xlsx", "evidence/finding-1.pcapng"])
def test_one_byte_changed_anywhere_is_told(hospital: Path, tmp_path: Path, name: str) -> None:
    pack = packed(hospital, tmp_path / "pack")
    assert run(["report", "--check", str(pack)]) == 0
    data = bytearray((pack / name).read_bytes())
    data[len(data) // 2] ^= 1
    (pack / name).write_bytes(data)
    assert run(["report", "--check", str(pack)]) == 1


# -- without names ----------------------------------------------------------------------------------------------------------------------


def opened(data: bytes) -> Iterator[bytes]:
    """A file, and all that is packed in it: the parts of a workbook, data in links, pages in a page; the text of a paper."""
    yield data
    if data.startswith(b"%PDF") and shutil.which("pdftotext"):
        yield subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True).stdout
    if data.startswith(b"PK"):
        book = zipfile.ZipFile(io.BytesIO(data))
        yield from (book.read(name) for name in book.namelist())
    for inside in re.findall(rb"(?<=base64,)[A-Za-z0-9+/=]{40,}", data):
        yield b64decode(inside)
    for inside in re.findall(rb"<template[^>]*>([A-Za-z0-9+/=]+)</template>", data):
        yield from opened(gzip.decompress(b64decode(inside)))


def originals(results: Results) -> set[str]:
    named = {results.site, "pcaps/", "hospital.pcapng", "valmont"}
    for asset in results.assets:
        named |= {asset.address, asset.name, asset.serial, *asset.macs, *(mac.replace(":", "") for mac in asset.macs)}
    named |= {row.value for row in results.attributes if row.name in {"name", "location", "realm", "device_instance"}}
    named |= {zone.name["fr"] for zone in results.zones} | {row.purpose for row in results.conduits}
    general = " ".join(kind.fr for kind in KINDS.values()).lower()
    return {one for one in named if len(one) > 3 and (" " in one or any(map(str.isdigit, one))) and one.lower() not in general}


@pytest.fixture(scope="module")
def nameless(hospital: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nameless")
    before = changed(hospital, folder / "before.db")
    return packed(hospital, folder / "pack", "--redact", "--pseudonyms", str(folder / "key.csv"), "--since", str(before))


def test_nothing_of_the_original_is_left_in_any_file(hospital: Path, nameless: Path) -> None:
    named = originals(results_of(hospital))
    assert len(named) > 60
    for name, data in files(nameless).items():
        text = b"\0".join(opened(data)).decode("utf-8", "replace").lower()
        assert [one for one in sorted(named) if one.lower() in text] == [], name


def test_a_pack_without_names_says_so_and_checks(nameless: Path) -> None:
    read = json.loads((nameless / "manifest.json").read_text("utf-8"))
    assert (read["redacted"], read["tlp"]) == (True, "TLP:AMBER")
    assert {one["reason"] for one in read["without_frames"]} == {"dossier sans noms : ses trames contiennent des adresses et des noms"}
    assert len(read["without_frames"]) == 5
    assert not (nameless / "evidence").exists()
    assert run(["report", "--check", str(nameless)]) == 0


def test_a_host_has_one_pseudonym_in_all_files(hospital: Path, nameless: Path) -> None:
    known = {original: name for name, original in csv.reader(io.StringIO((nameless.parent / "key.csv").read_text("utf-8")))}
    host = known["10.22.1.15"]
    record = results_of(nameless / "record.TLP-AMBER.db")
    assert {one.server for one in record.alerts if one.number == 1} == {host}
    for name in ("assets.TLP-AMBER.csv", "conversations.TLP-AMBER.csv", "findings.TLP-AMBER.csv", "changes.TLP-AMBER.csv", "report.html"):
        assert re.search(rf"\b{host}\b", (nameless / name).read_text("utf-8")), name
    assert len(record.assets) == len({row.key for row in record.assets}) == len(results_of(hospital).assets)


def test_the_list_of_pseudonyms_is_for_the_sender_only(nameless: Path) -> None:
    assert (nameless.parent / "key.csv").stat().st_mode & 0o077 == 0
