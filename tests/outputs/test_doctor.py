"""The diagnosis in words: both languages have every sentence, and nothing a device says acts."""

import io
import json

import pytest
from hypothesis import given, settings

from otwatch.outputs.doctor import doctor_document, doctor_text, mirror_line
from otwatch.outputs.layout import show
from otwatch.outputs.mirror import NAMES, diagnose
from otwatch.outputs.wording import LANGUAGES, Words, catalogue
from otwatch.results import Results
from tests.outputs.hostile import UNSEEN, results
from tests.outputs.samples import EMPTY, HOSPITAL

POOR = HOSPITAL._replace(
    notes={"capture: frames cut": 2000, "capture: steps back": 1, "capture: silences": 2, "packets captured twice": 400},
    zones=tuple(zone._replace(assets=0) for zone in HOSPITAL.zones),
)


def text(found: Results, spoken: str) -> str:
    stream = io.StringIO()
    show(doctor_text(diagnose(found, {"knx": frozenset({"knx"})}), Words(spoken)), stream)
    return stream.getvalue()


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_every_check_has_its_words(spoken: str) -> None:
    said = catalogue(spoken)
    assert {f"doctor.{name}.{what}" for name in NAMES for what in ("name", "good", "found", "next")} <= said.keys()


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("found", [HOSPITAL, POOR, EMPTY])
def test_every_sentence_can_be_said(found: Results, spoken: str) -> None:
    assert "{" not in text(found, spoken)


def test_the_verdict_comes_first_and_says_why() -> None:
    said = text(POOR, "en")
    assert said.startswith("The mirror is bad: ")
    assert "Frames cut short by the snap length: 2,000 (96 %)." in said
    assert said.index("WHY, AND WHAT TO DO") < said.index("GOOD TO KNOW") < said.index("WHAT IS FINE")
    assert text(EMPTY, "fr").startswith("Le miroir est mauvais")


def test_one_line_at_the_head_of_reports() -> None:
    assert mirror_line(diagnose(HOSPITAL), Words("en"), "") == "Mirror good."
    line = mirror_line(diagnose(POOR), Words("en"), " --record r.db")
    assert line.startswith("Mirror bad: frames cut short, silent zones, ")
    assert line.endswith("See otwatch doctor --record r.db")


def test_as_json() -> None:
    read = json.loads(doctor_document(diagnose(POOR), ("a.pcap",)))
    assert (read["verdict"], read["captures"]) == ("bad", ["a.pcap"])
    cut = next(one for one in read["checks"] if one["check"] == "cut")
    assert cut["grade"] == "bad"
    assert cut["figures"] == {"share": pytest.approx(2000 / 2078), "times": 2000}
    assert set(cut["text"]) == set(cut["next"]) == set(LANGUAGES)


@given(found=results())
@settings(max_examples=40)
def test_nothing_acts(found: Results) -> None:
    assert not UNSEEN.search(text(found, "fr"))
    said = doctor_document(diagnose(found), tuple(row.name for row in found.captures))
    assert not UNSEEN.search(said)
    json.loads(said)
