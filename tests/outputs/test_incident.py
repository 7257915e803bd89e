"""A draft of a declaration: what was seen is filled in, what only people know stays blank, and nothing is called proven."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from otwatch.outputs.incident import Known, declaration, declaration_document, proposed_effect
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from otwatch.results import AlertRow
from tests.outputs.samples import BEGIN_NS, HOSPITAL, SECOND, alert

VOICE = Voice.of(Words("fr"), HOSPITAL.timezone, HOSPITAL.zones, HOSPITAL.assets)
BLANK = {
    "finess", "address", "person", "function", "phone", "mail", "going_on", "meant", "cause", "patients", "degraded", "data", "taken",
    "support", "ars", "anssi", "cnil", "complaint", "providers",
}  # fmt: skip


def grave(**facts: str) -> AlertRow:
    """About the low voltage, which is C4."""
    return alert(1, 4, server="10.21.2.10/unit 2", server_zone="bt", facts=facts)


def made(*alerts: AlertRow, known: Known = Known()) -> Any:  # noqa: B008  # a frozen value
    drafted = declaration(HOSPITAL, alerts or (alert(1, 4),), VOICE, known, {"pcaps/hospital.pcapng": "SHA-256 ab"})
    return json.loads(declaration_document(drafted))


@pytest.mark.parametrize(
    ("found", "effect"),
    [
        (grave(outcome="ok"), "potential"),
        (grave(outcome="unheard"), "potential"),
        (grave(login="success"), "potential"),
        (grave(state="established"), "potential"),
        (grave(outcome="error"), "none"),
        (grave(outcome="unanswered"), "none"),
        (alert(1, 4, facts={"outcome": "ok"}), "none"),
    ],
)
def test_the_effect_is_potential_where_care_depends_on_what_succeeded(found: AlertRow, effect: str) -> None:
    assert proposed_effect(HOSPITAL, [alert(2, 1), found]) == effect


@pytest.mark.parametrize(
    ("effect", "cells"), [("potential", ["low", "moderate", "high", "highest"]), ("none", ["low", "low", "moderate", "high"])]
)
def test_the_priority_is_that_of_effect_and_level(effect: str, cells: list[str]) -> None:
    """zones.md 3.3, second and third row."""
    found = grave(outcome="ok" if effect == "potential" else "error")
    assert [made(found, known=Known(level))["proposed"]["priority"] for level in (1, 2, 3, 4)] == cells
    assert made(found)["proposed"] == {"effect": effect, "level": None, "priority": None}


def test_what_a_network_cannot_say_is_blank() -> None:
    fields = {name: value for section in made()["declaration"].values() for name, value in section.items()}
    assert {name for name, value in fields.items() if value is None} == BLANK | {"level", "aware"}
    assert made()["sent"] is False


def test_what_was_seen_is_filled_in() -> None:
    later = alert(2, 3, first_ns=BEGIN_NS + 200 * SECOND, last_ns=BEGIN_NS + 240 * SECOND, title={"en": "Scan", "fr": "Balayage"})
    found = made(alert(1, 4), later)["declaration"]
    assert (found["incident"]["first"], found["incident"]["last"]) == ("2026-10-13 10:01:40", "2026-10-13 10:04:00")
    assert found["incident"]["what"] == ["Écriture inattendue", "Balayage"]
    assert found["incident"]["description"] == ["Un poste bureautique a écrit 30 dans une consigne."]
    assert found["effect"]["equipment"] == ["API-CVC (10.22.8.20)"]
    assert found["effect"]["services"] == ["CVC général (dégradé dans la journée, solution de repli)"]
    assert found["evidence"]["captures"] == ["pcaps/hospital.pcapng SHA-256 ab"]


def test_deadlines_run_from_becoming_aware() -> None:
    """10:30 UTC is 12:30 in Paris; winter time begins on the 25th."""
    known = Known(aware=datetime(2026, 10, 24, 10, 30, tzinfo=UTC))
    assert made(known=known)["deadlines"] == {
        "portal": "2026-10-24 12:30", "early_warning": "2026-10-25 11:30", "notification": "2026-10-27 11:30",
        "personal_data": "2026-10-27 11:30", "final_report": "2026-11-27 11:30",
    }  # fmt: skip
    assert set(made()["deadlines"].values()) == {None}


@pytest.mark.parametrize(("aware", "report"), [("2027-01-28", "2027-02-28"), ("2026-12-28", "2027-01-31"), ("2028-01-27", "2028-02-29")])
def test_a_month_ends_where_the_next_one_is_shorter(aware: str, report: str) -> None:
    known = Known(aware=datetime.fromisoformat(f"{aware}T12:00").replace(tzinfo=timezone(timedelta(hours=1))))
    assert made(known=known)["deadlines"]["final_report"].startswith(report)
