"""The audit pack is as it was made, or it is told what is not."""

import json
from pathlib import Path

import pytest

from otwatch.errors import OtwatchError
from otwatch.outputs.report.audit import LABELS, MANIFEST, Fault, Input, check, labelled, manifest, may_be_sliced, program, total
from tests.conftest import ROOT
from tests.outputs.samples import alert

OUTPUTS = {"report.html": b"<p>", "evidence/finding-1.pcapng": b"\x0a\x0d"}


def made(folder: Path) -> Path:
    written = manifest("AMBER", "fr", (Input("a.pcap", "capture", 3, "00"),), OUTPUTS, {2: "secret"}, {"redacted": False})
    for name, data in {**OUTPUTS, MANIFEST: written}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_a_pack_as_it_was_made(tmp_path: Path) -> None:
    folder = made(tmp_path)
    assert check(folder) == (total((folder / MANIFEST).read_bytes()), [])


@pytest.mark.parametrize("name", OUTPUTS)
@pytest.mark.parametrize("at", [0, -1])
def test_one_changed_byte_is_told(name: str, at: int, tmp_path: Path) -> None:
    folder = made(tmp_path)
    data = bytearray(OUTPUTS[name])
    data[at] ^= 1
    (folder / name).write_bytes(data)
    assert check(folder)[1] == [Fault(name, "changed")]


def test_what_is_missing_and_what_was_added(tmp_path: Path) -> None:
    folder = made(tmp_path)
    (folder / "report.html").rename(folder / "other.html")
    assert check(folder)[1] == [Fault("other.html", "unknown"), Fault("report.html", "missing")]


@pytest.mark.parametrize("written", [b"", b"[]", b"{}", b'{"outputs": [{}]}', b"\xff"])
def test_no_manifest(written: bytes, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_bytes(written)
    with pytest.raises(OtwatchError, match="no manifest of otwatch"):
        check(tmp_path)
    with pytest.raises(OtwatchError, match="No such file"):
        check(tmp_path / "nowhere")


def test_a_manifest_names_inputs_outputs_rules_and_what_was_left_out(tmp_path: Path) -> None:
    read = json.loads((made(tmp_path) / MANIFEST).read_text("utf-8"))
    assert (read["tlp"], read["language"], read["program"]) == ("TLP:AMBER", "fr", program())
    assert read["inputs"] == [{"name": "a.pcap", "kind": "capture", "bytes": 3, "sha256": "00"}]
    assert [one["file"] for one in read["outputs"]] == sorted(OUTPUTS)
    assert read["redacted"] is False
    assert read["without_frames"] == [{"finding": 2, "reason": "secret"}]


@pytest.mark.parametrize(
    ("detection", "protocol", "sliced"),
    [
        ("modbus.write.unexpected", "modbus", True),
        ("zone.flow.forbidden", "http", False),
        ("cred.bacnet", "bacnet", False),
        ("eng.device.restart", "bacnet", False),
        ("snmp.set.unexpected", "snmp", False),
        ("recon.net.sweep", "", False),
    ],
)
def test_frames_that_may_hold_a_password_are_kept_back(detection: str, protocol: str, sliced: bool) -> None:
    assert may_be_sliced(alert(1, 3, detection=detection, protocol=protocol)) is sliced


def test_the_sum_of_the_program_is_that_of_all_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    summed: list[Path] = []
    monkeypatch.setattr("otwatch.outputs.report.audit.total_of", lambda path: summed.append(path) or "")
    program()
    names = {path.relative_to(ROOT).as_posix() for path in summed}
    assert {"otwatch/__init__.py", "otwatch/alerts/default_credentials.yaml", "otwatch/outputs/report/paper.typ"} <= names


def test_labels_stand_in_names() -> None:
    assert [labelled("assets.csv", label) for label in LABELS][2:4] == ["assets.TLP-AMBER.csv", "assets.TLP-AMBER-STRICT.csv"]
