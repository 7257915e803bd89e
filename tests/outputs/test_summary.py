"""The text of a replay: its order, its words, its width, and that nothing is passed over in silence."""

import io

import pytest

from otwatch.outputs.layout import show
from otwatch.outputs.mirror import diagnose
from otwatch.outputs.summary import summary
from otwatch.outputs.summary.findings import MOST as MOST_FINDINGS
from otwatch.outputs.summary.inventory import MOST as MOST_ASSETS
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from otwatch.results import FactRow, Results
from otwatch.sightings import Frame
from tests.outputs.samples import EMPTY, HOSPITAL, alert, asset, link

TITLES = ["WHAT WAS CAPTURED", "FINDINGS", "WHO TALKS TO WHOM BETWEEN ZONES", "ASSETS BY ZONE", "WHAT COULD NOT BE SEEN"]


def text(results: Results, language: str = "en", again: str = "") -> str:
    out = io.StringIO()
    show(summary(results, diagnose(results), Voice.of(Words(language), results.timezone, results.zones, results.assets), again), out)
    return out.getvalue()


def section(results: Results, title: str) -> str:
    """The lines under a title, blanks folded."""
    lines = text(results).split("\n")
    start = next(at for at, line in enumerate(lines) if line.startswith(title))
    end = next((at for at in range(start + 1, len(lines)) if lines[at].startswith(tuple(TITLES))), len(lines))
    return " ".join(" ".join(lines[start + 1 : end]).split())


def test_the_order_is_that_of_need() -> None:
    said = text(HOSPITAL)
    places = [said.index(title) for title in TITLES]
    assert places == sorted(places)
    assert said.startswith("Mirror good.\n\nWHAT WAS CAPTURED\n")


def test_what_was_captured() -> None:
    said = section(HOSPITAL, "WHAT WAS CAPTURED")
    assert "pcaps/hospital.pcapng (pcapng, 2,078 packets, 239 kB)" in said
    assert "2026-10-13 10:00:00 to 10:04:10 (Europe/Paris), 4 min 10 s" in said
    assert "900 packets (43 %)" in said
    assert "protocol packets messages writes errors not understood Modbus/TCP 900 640 4 2 1" in said


def test_findings_have_severity_title_sentence_and_next_step() -> None:
    said = section(HOSPITAL, "FINDINGS")
    assert said.startswith("1. CRITICAL Unexpected write An office PC wrote 30 to a setpoint. When 2026-10-13 10:01:40 Next Ask who ")
    assert "2. HIGH Scan" in said
    assert "2026-10-13 10:01:40, 40 times" in said


def test_at_most_twenty_findings_then_how_to_see_the_rest() -> None:
    many = HOSPITAL._replace(alerts=tuple(alert(number, 3) for number in range(1, 26)))
    said = text(many, again=" --record r.db")
    assert f"{MOST_FINDINGS}. HIGH" in said
    assert f"{MOST_FINDINGS + 1}. HIGH" not in said
    assert "FINDINGS: 25 (HIGH 25)" in said
    assert "5 findings more, less serious or later:\n    otwatch alerts --record r.db\n" in said


def test_what_is_forbidden_between_zones_comes_first() -> None:
    said = section(HOSPITAL, "WHO TALKS TO WHOM")
    assert said.startswith("Forbidden - Office -> General HVAC modbus: writes (1 conversation)")
    assert said.endswith("Allowed - Supervision -> General HVAC modbus: reads, writes (1 conversation)")


def test_conversations_inside_a_zone_are_not_between_zones() -> None:
    assert "Nobody" in section(HOSPITAL._replace(links=(link("a", "b", "cvc", "cvc"),)), "WHO TALKS TO WHOM")


def test_what_is_told_to_everybody_reaches_no_zone_unless_it_was_judged() -> None:
    links = (link("10.10.5.20", "224.0.0.1", "bureautique", "cvc", verdict="not judged"),)
    assert "Nobody" in section(HOSPITAL._replace(links=links), "WHO TALKS TO WHOM")
    judged = (links[0]._replace(verdict="forbidden"),)
    assert "Forbidden - Office -> General HVAC" in section(HOSPITAL._replace(links=judged), "WHO TALKS TO WHOM")


def test_where_nothing_could_be_read_it_says_how_far_they_came() -> None:
    tried = link("a", "b", "bureautique", "cvc", verbs={}, state="attempt", protocol="", port=3389)
    assert "tcp/3389: tried only" in section(HOSPITAL._replace(links=(tried,)), "WHO TALKS TO WHOM")


def test_assets_by_zone_the_most_critical_first() -> None:
    said = section(HOSPITAL, "ASSETS BY ZONE")
    zones = ("Low voltage (1 asset, C4: ", "Supervision (1 asset, C3: ", "General HVAC (1 asset, C2: ", "Office (1 asset, C1: ")
    places = [said.index(zone) for zone in zones]
    assert places == sorted(places)
    assert "API-CVC 10.22.8.20 schneider electric M340 controller" in said
    assert "unit 2 10.21.2.10" in said
    assert "224.0.0.1" not in said


def test_a_large_zone_is_cut_and_says_so() -> None:
    many = HOSPITAL._replace(assets=tuple(asset(f"10.22.9.{number}", zone="cvc") for number in range(50)))
    said = section(many, "ASSETS BY ZONE")
    assert f"{50 - MOST_ASSETS} assets more: otwatch assets --zone cvc" in said


def test_what_could_not_be_seen() -> None:
    broken = HOSPITAL._replace(captures=(HOSPITAL.captures[0]._replace(broken="ends inside frame 7"),))
    said = section(broken, "WHAT COULD NOT BE SEEN")
    assert "pcaps/hospital.pcapng breaks off: ends inside frame 7" in said
    assert "Modbus/TCP: 60 B were never captured" in said
    assert "12 B belong to no message that could be read" in said
    assert "Known by their ports only, content not read: rdp (30 packets)" in said
    assert "Encrypted" not in said


def test_what_is_encrypted_is_told_apart_from_what_is_not_read() -> None:
    sealed = FactRow("coverage", "services", {"service": "rdp", "kind": "encrypted", "count": "frames"}, 30, Frame("a.pcap", 1))
    said = section(HOSPITAL._replace(facts=(sealed,)), "WHAT COULD NOT BE SEEN")
    assert "Encrypted, nobody can read what is said: rdp (30 packets)" in said
    assert "Known by their ports" not in said
    assert "too many different ones: 3" in said
    assert "unknown link type" not in said


def test_suggested_zones_are_said_to_be_suggestions() -> None:
    zones = tuple(zone._replace(suggested=True) for zone in HOSPITAL.zones)
    assert "4 zones are suggestions made from what was seen" in section(HOSPITAL._replace(zones=zones), "WHAT COULD NOT BE SEEN")


def test_an_empty_capture() -> None:
    said = text(EMPTY)
    assert "FINDINGS: 0\n  None.\n" in said
    assert "There are no zones" in said


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("columns", ["", "60", "80", "132", "7", "wide"])
def test_it_fits(language: str, columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    width = int(columns) if columns in {"60", "80", "132"} else 80
    lines = text(HOSPITAL, language).split("\n")
    assert max(map(len, lines)) <= width
    assert not [line for line in lines if line != line.rstrip()]


def test_no_line_begins_with_french_punctuation(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = {"fr": "Enjeu : des patients ; est-ce voulu ? Oui ! À 50 % « environ » au moins."}
    for columns in range(40, 90):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = text(HOSPITAL._replace(alerts=(alert(1, 4, sentence=sentence, next_step=sentence),)), "fr").split("\n")
        assert not [line for line in lines if line.strip().startswith((":", ";", "?", "!", "%", "»")) or line.endswith("«")]
        assert "Enjeu : des" in " ".join(" ".join(lines).split())


def test_twice_the_same() -> None:
    assert text(HOSPITAL, "fr") == text(HOSPITAL, "fr")
