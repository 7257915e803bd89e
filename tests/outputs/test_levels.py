"""Levels for people: every cap has its sentence, and nothing claims what was not shown."""

import json
from io import StringIO

import pytest

from otwatch.outputs.layout import show
from otwatch.outputs.levels import levels_document, levels_text
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import LANGUAGES, Words, catalogue
from otwatch.zones.analyses.levels import RULES, levels
from tests.outputs.samples import HOSPITAL
from tests.zones.scenes import flow, scene


def _shown(language: str) -> str:
    found = scene(flow("sup.1 > air.1", writes=1)).results
    made = type(scene())(found._replace(zones=tuple(row._replace(sl_t=(3,) * 7) for row in found.zones)))
    out = StringIO()
    show(levels_text(levels(made), Voice.of(Words(language), "UTC", (), ())), out)
    return out.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cap_has_its_sentence(language: str) -> None:
    said = catalogue(language)
    assert {rule.key for rule in RULES} == {key.rpartition(".")[2] for key in said if key.startswith("level.cap.")}


def test_levels_are_shown_with_their_reasons() -> None:
    text = _shown("en")
    assert "Indicative." in text
    assert "air   1/3!  NA/3  1/3!" in text
    assert "FR1 at most 1: changes came over protocols that know no authentication (SR" in text
    assert "FR5 (1 of 7 days without gaps)" in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 80


def test_nothing_to_judge_is_said() -> None:
    out = StringIO()
    show(levels_text((), Voice.of(Words("fr"), "UTC", HOSPITAL.zones, HOSPITAL.assets)), out)
    assert "Aucune zone" in out.getvalue()


def test_document_says_that_it_is_indicative() -> None:
    assert json.loads(levels_document(())) | {"otwatch": ""} == {"schema": 1, "otwatch": "", "indicative": True, "levels": []}
