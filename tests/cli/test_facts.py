"""cli/facts.py: from captures, or from a record that is there."""

import json
from pathlib import Path

from tests.cli.commands import HOSPITAL_PCAP, told


def test_facts_of_a_capture_leave_no_record(tmp_path: Path) -> None:
    said = json.loads(told("facts", HOSPITAL_PCAP, "--json").stdout)
    assert said["packets"] == said["coverage"]["frames"] == 2078
    assert {"modbus", "bacnet", "enip"} <= said.keys()
    assert not list(tmp_path.rglob("*.db"))


def test_facts_of_a_capture_and_of_its_record_are_the_same(tmp_path: Path) -> None:
    record = str(tmp_path / "record.db")
    first = told("facts", HOSPITAL_PCAP, "--json", "--record", record).stdout
    assert told("facts", "--json", "--record", record).stdout == first
    assert told("replay", HOSPITAL_PCAP, "--record", record, "--quiet").exit_code in (0, 1)
    assert told("facts", "--json", "--record", record).stdout == first


def test_facts_for_people_speak_their_language() -> None:
    assert "HOW MUCH WAS UNDERSTOOD" in told("facts", HOSPITAL_PCAP, "--lang", "en").stdout
    assert "CE QUI A ÉTÉ COMPRIS" in told("facts", HOSPITAL_PCAP, "--lang", "fr").stdout
