"""All declarations at once: each is complete, each is raised by an example, and none by what is ordinary."""

import re
from string import Formatter
from typing import Any

import pytest

from otwatch.alerts.attack import REQUIREMENTS, TECHNIQUES, WAS
from otwatch.alerts.detections import DETECTIONS
from otwatch.alerts.detections.operations import listed
from otwatch.alerts.incidents import ORDER, rank
from otwatch.alerts.judge import Judge
from otwatch.alerts.model import Detection, Severity
from otwatch.alerts.texts import LANGUAGES
from otwatch.changes import Blindness
from otwatch.results import AlertRow
from tests.alerts.examples import EXAMPLES, Example, blind, site_of
from tests.alerts.site import FakeSite

BY_ID = {detection.id: detection for detection in DETECTIONS}
NAMES = [f"{example.detection}-{example.variant}" for example in EXAMPLES]
every = pytest.mark.parametrize("detection", DETECTIONS, ids=BY_ID)
each = pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)


def raised(example: Example, items: list[Any], site: FakeSite) -> list[AlertRow]:
    """Rows of the example's detection and variant alone."""
    judge = Judge([BY_ID[example.detection]], site)
    for item in items:
        judge.see(item)
    return [row for row in judge.rows() if row.variant == example.variant]


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(DETECTIONS)


@every
def test_techniques_and_requirements_are_known(detection: Detection) -> None:
    assert detection.techniques
    assert set(detection.techniques) <= TECHNIQUES.keys()
    assert detection.requirements
    assert set(detection.requirements) <= REQUIREMENTS.keys()


def test_former_techniques_are_named_by_their_new_id() -> None:
    assert set(WAS) <= set(TECHNIQUES)
    assert not set(WAS.values()) & set(TECHNIQUES)


@every
def test_texts_are_sentences_in_both_languages(detection: Detection) -> None:
    for text in (detection.harmless_when, detection.next_step):
        assert set(text) == set(LANGUAGES)
        assert all(re.fullmatch(r"[A-ZÀÉ].*[.!]", words, re.DOTALL) for words in text.values())
        assert text["en"] != text["fr"]
    for template in (detection.title, detection.sentence, detection.expected):
        assert set(template) == set(LANGUAGES)


@every
def test_templates_of_both_languages_say_the_same(detection: Detection) -> None:
    for template in (detection.sentence, detection.expected):
        assert _fields(template["en"]) == _fields(template["fr"])


@every
def test_specificity_is_declared(detection: Detection) -> None:
    assert rank(detection.id) < len(ORDER)


@every
def test_every_variant_has_an_example_or_is_judged_by_habit(detection: Detection) -> None:
    shown = {example.variant for example in EXAMPLES if example.detection == detection.id}
    assert shown <= detection.severity.keys()
    assert shown


@each
def test_example_is_raised(example: Example) -> None:
    rows = raised(example, example.items(), site_of(example))
    assert len(rows) == 1
    assert rows[0].frames
    assert rows[0].filter


@each
def test_ordinary_is_not_raised(example: Example) -> None:
    if example.quiet is not None:
        assert raised(example, example.quiet(), site_of(example)) == []
    if example.elsewhere is not None:
        assert raised(example, example.items(), site_of(example, example.elsewhere)) == []


def test_every_detection_has_something_that_does_not_raise_it() -> None:
    silent = {example.detection for example in EXAMPLES if example.quiet is not None or example.elsewhere is not None}
    assert silent >= BY_ID.keys() - {"bacnet.lifesafety.operation"}


@each
def test_sentences_are_whole(example: Example) -> None:
    for row in raised(example, example.items(), site_of(example)):
        for text in (row.sentence, row.expected):
            assert all(words and "{" not in words and "None" not in words for words in text.values())
        assert "canary" not in repr(row)


@each
def test_a_declared_intervention_makes_it_expected_where_that_is_allowed(example: Example) -> None:
    rows = raised(example, example.items(), site_of(example, {**example.site, "works": "int-1"}))
    for row in rows:
        excused = BY_ID[row.detection].excusable and bool(row.server)
        assert row.status == ("expected" if excused else "new")
        assert row.severity == Severity.INFO or not excused


@pytest.mark.parametrize(
    ("lasts", "covers", "severity"), [(False, "C4", Severity.MEDIUM), (True, "C3", Severity.MEDIUM), (True, "C4", Severity.HIGH)]
)
def test_a_sensor_that_is_blind_for_long_where_life_depends_on_it(lasts: bool, covers: str, severity: Severity) -> None:
    judge = Judge(DETECTIONS, FakeSite())
    for item in blind(Blindness.SILENT, lasts, covers)():
        judge.see(item)
    assert [row.severity for row in judge.rows()] == [severity]


def test_logins_are_never_excused() -> None:
    assert {detection.id for detection in DETECTIONS if not detection.excusable} == {
        "cred.default.cleartext", "cred.default.challenge", "cred.vnc", "cred.weak.reused", "cred.bruteforce",
        "cred.snmp", "cred.bacnet", "cred.opcua", "cred.controller",
        "zone.internet.inbound", "zone.flow.forbidden",
        "integ.arp.spoof", "integ.arp.diverted", "sensor.blind",
    }  # fmt: skip


@each
def test_judging_all_detections_at_once_tells_one_act_once(example: Example) -> None:
    judge = Judge(DETECTIONS, site_of(example))
    for item in example.items():
        judge.see(item)
    rows = judge.rows()
    named = {row.detection for row in rows} | {also for row in rows for also in row.also}
    assert example.detection in named
    assert len([row for row in rows if not row.detection.startswith(("cred.", "clear.", "recon.", "malf."))]) <= 1


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_further_values_are_counted() -> None:
    assert listed(("1", "2", "3")) == "1, 2, 3"
    assert listed(("1", "2", "3", "4", "5")) == "1, 2, 3 (+2)"


def test_of_a_long_block_the_rest_is_counted() -> None:
    assert listed((" ".join("0" * 100),)) == "0 0 0 0 0 0 0 0 … (+92)"
    assert listed((" ".join("0" * 9),)) == "0 0 0 0 0 0 0 0 0"
