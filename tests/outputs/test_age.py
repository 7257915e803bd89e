"""Rows that are older than what the record counts say so."""

import pytest

from otwatch.outputs.age import LEAST_S, age_lines
from otwatch.outputs.summary.unseen import unseen_lines
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from tests.outputs.samples import HOSPITAL

ROWS_S = 1_791_878_400


@pytest.mark.parametrize("notes", [{}, {"now: written": ROWS_S}, {"now: written": ROWS_S + LEAST_S, "now: rows": ROWS_S}])
def test_rows_as_good_as_new_need_no_words(notes: dict[str, int]) -> None:
    assert not list(age_lines(notes, Voice.of(Words("en"), "Europe/Paris", (), ())))


@pytest.mark.parametrize(("language", "said"), [("en", "All rows are as of 2026-10-13 10:00:00"), ("fr", "Toutes les lignes datent du")])
def test_older_rows_say_since_when(language: str, said: str) -> None:
    voice = Voice.of(Words(language), "Europe/Paris", (), ())
    (line,) = age_lines({"now: written": ROWS_S + 100, "now: rows": ROWS_S}, voice)
    assert line.startswith(said)
    assert "10:01:40" in line
    found = unseen_lines(HOSPITAL._replace(notes={"now: written": ROWS_S + 100, "now: rows": ROWS_S}), voice)
    assert line in found
    assert not [other for other in found if "now: " in other]
