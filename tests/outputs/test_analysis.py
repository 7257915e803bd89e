"""Conclusions as sentences: every one that can be made can be said, in both languages, with its frames."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest

from otwatch.conclusions import conclusion
from otwatch.outputs.analysis import analysis_document, analysis_text, sentence
from otwatch.outputs.layout import show
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import LANGUAGES, Words, catalogue
from otwatch.zones import compare
from otwatch.zones.analyses.conclude import conclude
from otwatch.zones.analyses.hygiene import hygiene
from otwatch.zones.analyses.paths import paths
from otwatch.zones.analyses.relays import chains, skips, transit
from otwatch.zones.analyses.scene import Scene
from otwatch.zones.analyses.structure import reach, structure
from tests.outputs.samples import EMPTY, HOSPITAL
from tests.zones.scenes import conduit, flow, scene, tagged

VOICES = {language: Voice.of(Words(language), "UTC", (), ()) for language in LANGUAGES}
OF_POLICIES = {
    "summary_policy", "summary_firewall", "breaks", "stops", "unsure", "rule_shadowed", "rule_contradicted", "rule_unused",
}  # fmt: skip
"""Made by `otwatch policy test` (tests/zones/firewall/test_whatif.py)."""
DECLARED = (conduit("c1", "sup", "air", "WRITE"), conduit("c2", "eng", "air"))
SCENES: tuple[Scene, ...] = (
    scene(flow("office.1 > air.1", writes=1, verdict="forbidden"), flow("office.1 > air.2", state="attempt")),
    scene(flow("office.1 > air.2", state="attempt", verbs={})),
    scene(flow("office.1 > light.1"), flow("light.1 > air.1", 5, writes=2), needs={"sup": ("air",)}),
    scene(flow("office.1 > light.1", 5), flow("light.1 > air.1", 0)),
    scene(flow("remote.1 > eng.1", protocol="rdp"), flow("eng.1 > air.1", writes=1), flow("eng.1 > air.2"), flow("sup.1 > eng.1")),
    scene(flow("remote.1 > eng.1", protocol="rdp", verdict="undeclared"), flow("eng.1 > air.1", writes=1)),
    scene(*(flow(f"air.{number} > sup.1") for number in range(1, 7)), flow("air.1 > air.2"), flow("light.1 > light.2")),
    scene(*(flow(f"sup.1 > air.{number}") for number in range(1, 4)), flow("eng.1 > sup.1")),
    *(scene(flow("sup.1 > air.1", rule="c1", reasons=(reason,)), conduits=DECLARED, days=days)
      for reason, days in (("expires", 1), ("unidirectional", 90), ("tls", 1))),
    scene(flow("sup.1 > air.1", rule="c1"), conduits=(conduit("c1", "sup", "air", hosts_to=("10.0.0.1/32",)),)),
    scene(flow("sup.1 > air.1", rule="c1"), conduits=(conduit("c1", "sup", "air", "READ", "ALARM", hosts_to=("10.0.0.0/24",)),), days=90),
    scene(*(flow(way, at) for at, way in enumerate(("office.1 > light.1", "office.1 > light.2", "light.1 > air.1", "light.2 > air.1")))),
    scene(flow("office.1 > air.1", verdict="forbidden", rule="n03"), conduits=(conduit("c1", "office", "air", "READ"),)),
    scene(*map(flow, ("sup.1 > air.1", "sup.1 > air.2", "sup.1 > sup.2", "sup.2 > light.1", "sup.2 > light.2"))),
    scene(*map(flow, ("light.1 > air.1", "light.1 > sup.1", "light.1 > eng.1"))),
    scene(flow("office.1 > air.1", rule="c1"), conduits=(conduit("c1", "office", "air", "READ"),)),
    tagged(scene(flow("sup.1 > air.1")), 7),
)  # fmt: skip
FOUND = [one for each in SCENES for analysis in (paths, skips, chains, reach, transit, structure, hygiene) for one in analysis(each)]


def test_every_sentence_of_the_catalogue_is_made_here() -> None:
    plain = {"none", "more", "frames"}
    keys = {key.split(".")[1] for key in catalogue("en") if re.fullmatch(r"analysis\.[a-z_]+", key)}
    assert {one.key for one in FOUND} == keys - plain - OF_POLICIES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_conclusion_can_be_said(language: str) -> None:
    for one in FOUND:
        said = sentence(one, VOICES[language])
        assert said.endswith("."), said
        assert not re.search(r"[{}]|\(\)|: ,|\s,| \.", said), said


def test_text_names_frames_and_topics() -> None:
    out = StringIO()
    show(analysis_text(conclude(HOSPITAL), VOICES["en"]), out)
    assert out.getvalue().startswith("HOW FAR ORDERS REACH\n")
    assert "Assets reached (1): 10.22.8.20" in out.getvalue()
    assert "begins in frame: pcaps/hospital.pcapng 412" in out.getvalue()


def test_nothing_is_said_of_nothing() -> None:
    assert conclude(EMPTY) == ()
    out = StringIO()
    show(analysis_text((), VOICES["fr"]), out)
    assert out.getvalue().startswith("Rien ne découle")


def test_document_has_both_languages() -> None:
    read = json.loads(analysis_document(FOUND, VOICES))
    assert set(read["analyses"][0]["sentence"]) == set(LANGUAGES)


def test_the_same_rows_give_the_same_conclusions() -> None:
    assert conclude(HOSPITAL) == conclude(HOSPITAL)


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("undeclared pair", "non déclaré : aucun conduit entre ces zones"),
        ("forbidden n03", "interdit n03"),
        ("violation c09 op window", "au-delà du conduit c09 : opération non permise, hors de ses horaires"),
        ("FORWARD 4", "FORWARD 4"),
        ("policy drop", "policy drop"),
    ],
)
def test_why_a_flow_would_break_is_said_in_words(why: str, said: str) -> None:
    ends = {"asset_example": ("a", "b"), "zone_from": "x", "zone_to": "y"}
    one = conclusion("test", "breaks", **ends, protocol="modbus", why=why, writes=0, packets=1)
    assert f" : {said}." in sentence(one, VOICES["fr"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_a_verdict_has_its_words(language: str) -> None:
    found = set(re.findall(r'"([a-z_]+)": (?:link|_is_host|not changes|_tls|_version|policy)', Path(compare.__file__).read_text()))
    assert {"op", "hosts_from", "write_hosts", "tls", "window"} <= found
    assert [reason for reason in found if Words(language).term("reason", reason) == reason] == []
