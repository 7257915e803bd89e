"""Levels on the page: one square for each zone and foundational requirement, and what nobody can hear."""

from otwatch.conclusions import Cap, Mark
from otwatch.outputs.page.levels import levels
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from tests.outputs.samples import FRAME, HOSPITAL

VOICE = Voice.of(Words("fr"), HOSPITAL.timezone, HOSPITAL.zones, HOSPITAL.assets)
CAP = Cap("undeclared", 1, "SR 5.2 RE 1", (3,), (FRAME,))
MARKS = (
    *(Mark("cvc", f"FR{at}", 2, None, 0, "not_assessable", 0, 10, "logins", ()) for at in (1, 2, 3, 4)),
    Mark("cvc", "FR5", 2, 1, 1, "proven_gap", 8, 7, "days", (CAP,)),
    *(Mark("cvc", f"FR{at}", 2, 2, 0, "no_gap_seen", 8, 7, "days", ()) for at in (6, 7)),
)


def test_a_square_says_what_was_reached_and_what_is_wanted() -> None:
    shown = levels(MARKS, VOICE)
    assert [number for number, _ in shown.heads] == [f"FR{at}" for at in range(1, 8)]
    ((zone, squares),) = shown.rows
    assert zone.text == "CVC général"
    assert [(one.reached, one.target) for one in squares] == [("–", "2")] * 4 + [("1", "2")] + [("2", "2")] * 2
    assert squares[4].said == "FR5 flux : 1 au plus, cible 2, écart démontré"


def test_gaps_name_their_evidence() -> None:
    (gap,) = levels(MARKS, VOICE).gaps
    assert gap.requirement == "SR 5.2"
    assert "constats 3" in gap.evidence
    assert "pcaps/hospital.pcapng 412" in gap.evidence


def test_what_leaves_no_traffic_is_listed_with_where_to_look() -> None:
    shown = levels(MARKS, VOICE)
    assert ("SR 1.4", "Gestion des identifiants", "à lire dans la configuration des équipements") in shown.unheard
    assert shown.unheard_said.startswith(f"{len(shown.unheard)} des 51")


def test_without_marks_there_is_nothing_to_show() -> None:
    assert levels((), VOICE).rows == ()
