"""The register of levels: every requirement of every zone, and never more than was heard."""

import pytest

from otwatch.conclusions import Cap, Mark
from otwatch.outputs.report.register import GAP, NONE_SEEN, NOT_PASSIVE, REGISTER, SHOWN, TOO_LITTLE, register, requirements
from otwatch.outputs.tables import as_csv
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import LANGUAGES, Words
from otwatch.zones.analyses.levels import RULES
from tests.outputs.samples import FRAME, HOSPITAL


def mark(requirement: str, target: int, reached: int | None, *caps: Cap) -> Mark:
    return Mark("cvc", requirement, target, reached, 0, "proven_gap", 12, 10, "logins", caps)


CAP = Cap("undeclared", 1, "SR 5.2 RE 1", (3,), (FRAME,))


def test_the_requirements_are_those_of_the_standard() -> None:
    """IEC 62443-3-3:2013, clauses 5 to 11: 13, 12, 9, 3, 4, 2 and 8 of them."""
    numbers = [one.id.removeprefix("SR ").partition(".") for one in requirements()]
    assert [sum(family == str(at) for family, *_ in numbers) for at in range(1, 8)] == [13, 12, 9, 3, 4, 2, 8]
    assert len({one.id for one in requirements()}) == 51
    assert {one.id for one in requirements() if one.foundation[2:] != one.id[3]} == {"SR 2.11"}


def test_what_leaves_traffic_is_what_levels_judge() -> None:
    judged = {part.partition(" RE ")[0] for rule in RULES for part in rule.sr.split(", ")}
    assert {one.id for one in requirements() if one.passive} == judged
    assert {one.id: one.foundation for one in requirements() if one.passive}.items() >= {
        (part.partition(" RE ")[0], rule.requirement) for rule in RULES for part in rule.sr.split(", ")
    }


@pytest.mark.parametrize(
    ("given", "number", "status"),
    [
        (mark("FR5", 2, 1, CAP), "SR 5.2", GAP),
        (mark("FR5", 1, 1, CAP), "SR 5.2", SHOWN),
        (mark("FR5", 2, 1, CAP), "SR 5.1", NONE_SEEN),
        (mark("FR5", 2, None), "SR 5.1", TOO_LITTLE),
        (mark("FR5", 2, 1, CAP), "SR 5.3", NOT_PASSIVE),
        (mark("FR1", 2, 2), "SR 1.4", NOT_PASSIVE),
    ],
)
def test_what_is_said_of_a_requirement(given: Mark, number: str, status: str) -> None:
    (entry,) = (one for one in register([given]) if one.requirement.id == number)
    assert entry.status == status


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_says_why_or_where_to_look(language: str) -> None:
    marks = [mark("FR5", 2, 1, CAP), mark("FR1", 2, None)]
    text = as_csv(REGISTER, register(marks), Voice.of(Words(language), "UTC", HOSPITAL.zones, HOSPITAL.assets))
    assert text.count("\r\n") == 1 + 4 + 13
    assert Words(language)("register.not_passive") in text
    assert "pcaps/hospital.pcapng 412" in text
