"""What pages say beside results: Wireshark's own words on the frames of findings."""

from pathlib import Path

import pytest

from otwatch.cli import knowledge, run
from otwatch.cli.knowledge import quotes
from otwatch.record import Record
from otwatch.results import AlertRow
from tests.cli.commands import HOSPITAL_PCAP, SITE
from tests.debian import needs


@pytest.fixture(scope="module")
def alerts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, AlertRow]:
    path = str(tmp_path_factory.mktemp("quotes") / "r.db")
    run(["replay", "--quiet", "--site", SITE, "--record", path, HOSPITAL_PCAP])
    with Record.open(Path(path)) as kept:
        return {row.detection: row for row in kept.rows(AlertRow)}


def test_the_frames_of_a_finding(alerts: dict[str, AlertRow]) -> None:
    needs("tshark", "tshark")
    found = alerts["bacnet.write.high_priority"]
    asked, answered = quotes([found])[found.number]
    assert asked.startswith(f"{found.frames[0].number}  BACnet-APDU: Confirmed-REQ")
    assert "Simple-ACK" in answered


def test_words_that_may_quote_a_password_are_not_asked_for(alerts: dict[str, AlertRow]) -> None:
    assert quotes([alerts["cred.default.cleartext"]]) == {}


def test_a_capture_that_is_gone(alerts: dict[str, AlertRow]) -> None:
    found = alerts["bacnet.write.high_priority"]
    assert quotes([found._replace(frames=(found.frames[0]._replace(capture="gone.pcap"),), answers=())]) == {}


def test_all_captures_together_are_not_too_much_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowledge, "QUOTED_BYTES", 100)
    names = [str(tmp_path / name) for name in ("one", "large", "gone", "two", "three")]
    for name, size in zip(names, (60, 101, 0, 40, 1), strict=True):
        if not name.endswith("gone"):
            Path(name).write_bytes(bytes(size))
    assert list(knowledge._quotable(names)) == [names[0], names[3]]


def test_a_report_shows_them(tmp_path: Path) -> None:
    needs("tshark", "tshark")
    record, page = str(tmp_path / "r.db"), tmp_path / "r.html"
    run(["replay", "--quiet", "--site", SITE, "--record", record, HOSPITAL_PCAP])
    assert run(["report", "--html", str(page), "--record", record, "--lang", "fr"]) == 0
    shown = page.read_text("utf-8")
    assert "Ce que Wireshark dit de ces trames" in shown
    assert "Confirmed-REQ   writeProperty" in shown
    run(["report", "--html", str(tmp_path / "z.html"), "--record", record, "--redact"])
    assert "Confirmed-REQ   writeProperty" not in (tmp_path / "z.html").read_text("utf-8")
