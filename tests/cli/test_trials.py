"""`otwatch test`."""

import json
from pathlib import Path

import pytest

from otwatch.config.words import SEVERITIES
from otwatch.outputs import voice
from tests.cli.commands import HOSPITAL_PCAP, SITE, told
from tests.conftest import ROOT

EXAMPLE = ROOT / "configs" / "tests"
HEAD = f"version: 1\ncapture: {HOSPITAL_PCAP}\nsite: {SITE}\ntoday: 2026-10-13\n"
OFFICE_WRITE = "detection: modbus.write.unexpected, client: 10.10.5.20"


def trial(folder: Path, text: str) -> Path:
    (folder / "one.yaml").write_text(HEAD + text)
    return folder


def test_severities_are_those_of_the_interface() -> None:
    assert SEVERITIES == voice.SEVERITIES


def test_the_example_passes() -> None:
    result = told("test", str(EXAMPLE), "--lang", "en")
    assert (result.return_value, result.stdout) == (0, f"passed  {EXAMPLE}/hospital.yaml\nTests passed: 1 of 1.\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("others: any\nexpected: [{detection: bacnet.write.high_priority, client: 10.10.5.20}]\n", "absent"),
        ("others: any\nexpected: [{detection: cred.default.cleartext, severity: critical}]\n", "weaker"),
        ("others: any\nexpected: [{detection: recon.net.sweep, times: 1}]\n", "times"),
        (f"others: any\nexpected: [{{{OFFICE_WRITE}, times: 0}}]\n", "times"),
        (f"others: any\nexpected: [{{{OFFICE_WRITE}, server: 10.22.8.21}}]\n", "absent"),
        (f"others: any\nexpected: [{{{OFFICE_WRITE}}}]\n", ""),
        ("others: any\nexpected: [{detection: modbus.control.diagnostic, server: 10.21.2.10}]\n", ""),
        ("others: critical\nexpected: []\n", ""),
    ],
)
def test_what_is_not_as_expected_is_told(tmp_path: Path, text: str, reason: str) -> None:
    result = told("test", str(trial(tmp_path, text)), "--json")
    (one,) = json.loads(result.stdout)["tests"]
    assert [miss["problem"] for miss in one["misses"]] == [reason] * bool(reason)
    assert all(miss["line"] == 6 for miss in one["misses"])
    assert (result.return_value, one["outcome"]) == ((1, "failed") if reason else (0, "passed"))


def test_what_nobody_expects_is_told_down_to_a_severity(tmp_path: Path) -> None:
    high = told("test", str(trial(tmp_path, "others: high\nexpected: []\n")), "--lang", "fr").stdout.splitlines()
    assert high[0] == f"ÉCHEC   {tmp_path}/one.yaml"
    assert high[1] == "    trouvé sans être attendu (gravité critique) : bacnet.write.high_priority, 10.20.1.10 -> 10.22.1.15"
    assert len(high) == 1 + 3 + 1
    none = told("test", str(trial(tmp_path, "expected: []\n")), "--lang", "fr").stdout.splitlines()
    assert len(none) == 1 + 5 + 1


def test_wrong_files_are_told_with_their_lines_and_the_others_run(tmp_path: Path) -> None:
    trial(tmp_path, "others: any\nexpected: []\n")
    (tmp_path / "two.yaml").write_text("version: 2\ncapture: nowhere.pcap\nexpected:\n  - {detection: modbus.write, tims: 1}\n")
    (tmp_path / "three.yaml").write_text("version: 1\n")
    result = told("test", str(tmp_path), "--lang", "en")
    assert result.return_value == 2
    assert result.stdout.splitlines()[0] == f"passed  {tmp_path}/one.yaml"
    for place in ("two.yaml:1: ", "two.yaml:2: capture: there is no file ", "two.yaml:4: expected[0].detection: ", "three.yaml:1: "):
        assert place in result.stdout
    assert result.stdout.endswith("Tests passed: 1 of 3.\n")


def test_a_site_file_that_is_wrong_is_told(tmp_path: Path) -> None:
    (tmp_path / "site.yml2").write_text("version: 1\nsite: {name: x, timezone: Europe/Paris}\nzoness: []\n")
    (tmp_path / "one.yaml").write_text(f"version: 1\ncapture: {HOSPITAL_PCAP}\nsite: site.yml2\nexpected: []\n")
    result = told("test", str(tmp_path), "--json")
    (one,) = json.loads(result.stdout)["tests"]
    assert (result.return_value, one["outcome"]) == (2, "wrong")
    assert one["errors"][0].startswith("site.yml2:3: ")


def test_a_capture_that_breaks_off_is_no_pass(tmp_path: Path) -> None:
    (tmp_path / "cut.pcapng").write_bytes(Path(HOSPITAL_PCAP).read_bytes()[:-3])
    (tmp_path / "one.yaml").write_text("version: 1\ncapture: cut.pcapng\nothers: any\nexpected: []\n")
    result = told("test", str(tmp_path), "--json")
    (one,) = json.loads(result.stdout)["tests"]
    assert (result.return_value, [miss["problem"] for miss in one["misses"]]) == (1, ["broken"])


def test_a_folder_without_tests_is_an_error(tmp_path: Path) -> None:
    from otwatch.cli import run

    assert run(["test", str(tmp_path)]) == 2
