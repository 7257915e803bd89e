"""Sentences for people."""

from typing import Any

import pytest

from otwatch.alerts.spoken import SPOKEN
from otwatch.alerts.texts import fill, translated
from otwatch.dissectors import DISSECTORS
from tests.alerts.site import FakeSite

ABOUT = {"en": "sent{about}.", "fr": "a envoyé{about}."}
WRITTEN = {"en": "({operation}{written})", "fr": "({operation}{written})"}


@pytest.mark.parametrize(("facts", "en", "fr"), [
    ({"operation": "Write", "point": "coil 4", "value": "1"}, "sent: coil 4, value 1.", "a envoyé : bobine 4, valeur 1."),
    ({"operation": "Write", "point": "coil 4", "value": "–"}, "sent: coil 4.", "a envoyé : bobine 4."),
    ({"operation": "Call", "point": "Call", "value": "2"}, "sent: value 2.", "a envoyé : valeur 2."),
    ({"operation": "Stop (now)", "point": "Stop", "value": "–"}, "sent.", "a envoyé."),
    ({}, "sent.", "a envoyé."),
])  # fmt: skip
def test_an_order_says_what_it_names_and_no_more(facts: dict[str, str], en: str, fr: str) -> None:
    assert fill(ABOUT, facts, "", "", FakeSite()) == {"en": en, "fr": fr}


@pytest.mark.parametrize(("value", "text"), [("21.5", "(Write, value 21.5)"), ("–", "(Write)")])
def test_a_value_is_said_where_there_is_one(value: str, text: str) -> None:
    assert fill(WRITTEN, {"operation": "Write", "value": value}, "", "", FakeSite())["en"] == text


@pytest.mark.parametrize("fact", ["times", "count", "others", "size", "blocks"])
def test_numbers_are_grouped_as_people_write_them(fact: str) -> None:
    assert translated({fact: "5244"}, "en") == {fact: "5,244"}
    assert translated({fact: "5244"}, "fr") == {fact: "5\u202f244"}


def test_every_protocol_that_is_read_has_a_name_for_people() -> None:
    assert {one.name for one in DISSECTORS} <= SPOKEN.keys()


def test_an_unknown_word_is_shown_as_it_is() -> None:
    facts: dict[str, Any] = {"outcome": "something new"}
    assert translated(facts, "fr") == facts
