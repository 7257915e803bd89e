"""`otwatch doctor`: from captures or from a record, and its exit statuses."""

import json
from pathlib import Path

from otwatch.cli import run
from otwatch.record import Record
from tests.cli.commands import HOSPITAL_PCAP, SITE, told
from tests.outputs.samples import EMPTY


def test_of_captures_and_of_their_record(tmp_path: Path) -> None:
    record = str(tmp_path / "r.db")
    told("replay", HOSPITAL_PCAP, "--record", record, "--quiet")
    first, second = told("doctor", HOSPITAL_PCAP, "--json"), told("doctor", "--record", record, "--json")
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["verdict"] == "good"
    assert (first.return_value, second.return_value) == (0, 0)
    assert len(list(tmp_path.rglob("*.db"))) == 1


def test_status_of_a_bad_mirror(tmp_path: Path) -> None:
    path = tmp_path / "r.db"
    with Record.create(path) as kept:
        kept.write(EMPTY)
    assert run(["doctor", "--record", str(path)]) == 1
    assert run(["doctor", "--record", str(tmp_path / "none.db")]) == 2
    assert run(["doctor", HOSPITAL_PCAP, "--record", str(path)]) == 2


def test_an_interface_stands_alone() -> None:
    assert run(["doctor", "lo", HOSPITAL_PCAP]) == 2
    assert run(["doctor", "lo", "--record", "r.db"]) == 2
    assert run(["doctor", "--seconds", "0", "lo"]) == 2


def test_the_site_file_says_what_is_missing() -> None:
    said = told("doctor", HOSPITAL_PCAP, "--site", SITE)
    assert "Zones déclarées dont rien n'a été entendu" in said.stdout
    assert "Protocoles techniques que le fichier de site autorise" in said.stdout
    assert "Declared zones" in told("doctor", HOSPITAL_PCAP, "--site", SITE, "--lang", "en").stdout
