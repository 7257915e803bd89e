"""`otwatch explain`."""

import json
from pathlib import Path

from otwatch.cli import run
from tests.cli.commands import HOSPITAL_PCAP, SITE, otwatch, told


def test_explain(record: str) -> None:
    assert told("explain", "2", "--record", record, "--lang", "en").stdout.startswith("Alert 2  HIGH  Scan\n")
    assert run(["explain", "9", "--record", record]) == 2
    assert run(["explain", "0", "--record", record]) == 2


def test_a_terminal_that_is_not_utf8(record: str) -> None:
    result = otwatch("explain", "1", "--record", record, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert result.returncode == 0
    assert "\\xc9criture" in result.stdout


def test_what_the_site_file_says_against_it(tmp_path: Path) -> None:
    site, record = tmp_path / "site.yaml", str(tmp_path / "r.db")
    site.write_text(Path(SITE).read_text())
    told("replay", HOSPITAL_PCAP, "--site", str(site), "--record", record, "--quiet")
    text = told("explain", "1", "--record", record, "--lang", "en").stdout
    assert f"    {site}:107: - id: c01\n" in text
    assert "\n    expected_writers:\n      - {client: 10.20.1.10, server: 10.22.1.15, proto: bacnet, objects: " in text
    site.write_text(Path(SITE).read_text() + "# changed\n")
    assert "was changed since" in told("explain", "1", "--record", record, "--lang", "en").stdout.replace("\n  ", " ")
    site.unlink()
    assert "is not there any more" in told("explain", "1", "--record", record, "--lang", "en").stdout.replace("\n  ", " ")
    assert f"    {SITE}:107: - id: c01\n" in told("explain", "1", "--site", SITE, "--record", record, "--lang", "en").stdout
    assert run(["explain", "1", "--site", str(site), "--record", record]) == 2


def test_the_bundle(record: str) -> None:
    made = json.loads(told("explain", "2", "--json", "--record", record).stdout)["bundle"]
    assert made["alert"]["title"]["en"] == "Scan"
    assert len(made["sha256"]) == 64
