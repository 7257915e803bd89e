"""`otwatch report`: a file, a folder for auditors, and its check."""

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from otwatch.cli import run
from otwatch.decisions import chain
from otwatch.outputs.report.paper import is_possible
from tests.capture.builders import read
from tests.cli.commands import SITE
from tests.conftest import ROOT


def test_one_file(record: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "new" / "r.html"
    assert run(["report", "--html", str(file), "--record", record, "--lang", "en"]) == 0
    assert "Unexpected write" in file.read_text("utf-8")
    assert "TLP:" not in file.read_text("utf-8")
    assert f"{file} written" in capsys.readouterr().out


def test_a_label_of_a_single_file(record: str, tmp_path: Path) -> None:
    assert run(["report", "--html", str(tmp_path / "r.html"), "--record", record, "--tlp", "amber+strict"]) == 0
    assert '<p class="tlp AMBER-STRICT">TLP:AMBER+STRICT</p>' in (tmp_path / "r.html").read_text("utf-8")


def test_where_nothing_can_be_written(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "--html", "/proc/r.html", "--record", record]) == 2
    assert "/proc/r.html: cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    "given",
    [[], ["--html", "a", "--check", "b"], ["--html", "a", "--since", "b"], ["--html", "a", "--pseudonyms", "b"]],
)
def test_what_does_not_go_together(given: list[str], record: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["report", "--record", record, *given]) == 2
    assert list(tmp_path.iterdir()) == [Path(record)]


def test_several_forms_at_once(record: str, tmp_path: Path) -> None:
    assert run(["report", "--record", record, "--html", str(tmp_path / "r.html"), "--xlsx", str(tmp_path / "r.xlsx")]) == 0
    names = zipfile.ZipFile(tmp_path / "r.xlsx").read("xl/workbook.xml").decode()
    assert [name for name in ("Constats", "Niveaux", "Conduits", "Écoute") if f'name="{name}"' not in names] == []


def test_a_paper_needs_its_typesetter(
    record: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("otwatch.outputs.report.paper.find_spec", lambda name: None)
    assert run(["report", "--record", record, "--pdf", str(tmp_path / "r.pdf")]) == 2
    assert "pip install 'otwatch[pdf]'" in capsys.readouterr().err
    assert run(["report", "--record", record, "--audit", str(tmp_path / "pack"), "--lang", "en"]) == 0
    assert "typst" in json.loads((tmp_path / "pack" / "manifest.json").read_text("utf-8"))["without"][0]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of the sample hospital."""
    folder = tmp_path_factory.mktemp("audit")
    record = str(folder / "r.db")
    run(["replay", "--quiet", "--site", SITE, "--record", record, str(ROOT / "pcaps/hospital.pcapng")])
    run(["alerts", "expect", "5", "--by", "M. Durand", "--reason", "essai", "--record", record])
    assert run(["report", "--audit", str(folder / "pack"), "--record", record, "--lang", "fr"]) == 0
    return folder / "pack"


def test_a_pack_is_complete_and_checks(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "--check", str(pack)]) == 0
    assert {path.relative_to(pack).as_posix() for path in pack.rglob("*") if path.is_file()} - {"report.pdf"} == {
        "manifest.json", "report.html", "report.xlsx", "record.TLP-AMBER.db", "record.TLP-AMBER.db.decisions.ndjson",
        *(f"{name}.TLP-AMBER.csv" for name in ("assets", "conversations", "findings", "zones", "identity", "points", "between-zones",
                                               "conduits", "levels", "listening")),
        "evidence/finding-1.pcapng", "evidence/finding-2.pcapng", "evidence/finding-3.pcapng",
    }  # fmt: skip
    assert (pack / "report.pdf").exists() == is_possible()
    read = json.loads((pack / "manifest.json").read_text("utf-8"))
    assert [(one["kind"], len(one["sha256"])) for one in read["inputs"]] == [("record", 64), ("capture", 64)]
    assert [one["finding"] for one in read["without_frames"]] == [4, 5]
    page = (pack / "report.html").read_text("utf-8")
    for said in ("TLP:AMBER", "Méthode et limites", "ISO/IEC 27001:2022", "NIS 2, art. 21(2)"):
        assert said in page
    log = chain.load(pack / "record.TLP-AMBER.db.decisions.ndjson")
    assert (log.flaw, [body["reason"] for body in log.told]) == (0, ["essai"])
    capsys.readouterr()


def test_slices_hold_the_frames_and_no_more(pack: Path) -> None:
    rows, summary = read(pack / "evidence" / "finding-1.pcapng")
    assert (len(rows), summary.broken) == (2, "")


def test_one_byte_more_is_told(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "pack"
    subprocess.run(["cp", "-r", pack, copy], check=True)
    with (copy / "evidence" / "finding-2.pcapng").open("ab") as file:
        file.write(b"\0")
    assert run(["report", "--check", str(copy), "--lang", "en"]) == 1
    assert "evidence/finding-2.pcapng: changed" in capsys.readouterr().out


def test_a_pack_never_mixes_with_what_is_there(record: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "letter.txt").write_text("x")
    assert run(["report", "--audit", str(tmp_path), "--record", record]) == 2
    assert "there is something already" in capsys.readouterr().err


def test_a_capture_that_is_gone_is_told(record: str, tmp_path: Path) -> None:
    """The record of the tests names a capture below the current folder, of which it has other frames."""
    assert run(["report", "--audit", str(tmp_path / "pack"), "--record", record, "--lang", "en"]) == 0
    read = json.loads((tmp_path / "pack" / "manifest.json").read_text("utf-8"))
    assert {one["finding"] for one in read["without_frames"]} <= {1, 2}
