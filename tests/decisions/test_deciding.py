"""What may be decided, and what is refused."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from otwatch.decisions.deciding import LONGEST, USUAL, day, decision
from otwatch.errors import DecisionError
from tests.outputs.samples import alert

NOW = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


def decide(author: str = "M. Durand", reason: str = "known", until: datetime | None = None, now: datetime = NOW) -> str:
    return decision("mute", alert(1, 3), author, "root", reason, until, now).until


def test_a_day_ends_at_midnight_by_the_clock_of_the_site() -> None:
    assert day("2026-12-31", PARIS) == datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert day("2026-12-31T18:00", PARIS) == datetime(2026, 12, 31, 17, tzinfo=UTC)
    assert day("2026-12-31T18:00+00:00", PARIS) == datetime(2026, 12, 31, 18, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "tomorrow", "31/12/2026", "2026-13-01", "9999-12-31"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(DecisionError, match="is no day"):
        day(text, PARIS)


def test_nothing_is_muted_for_ever() -> None:
    assert decide() == "2027-01-18T08:00:00.000000000Z"
    assert decide(until=NOW + LONGEST)
    for until in (NOW + LONGEST + timedelta(days=1), NOW, NOW - timedelta(days=1)):
        with pytest.raises(DecisionError, match="no mute for ever"):
            decide(until=until)


def test_a_capture_from_the_future_is_covered_all_the_same() -> None:
    """Its clock was wrong: the decision counts from when the finding was seen."""
    early = datetime(2020, 1, 1, tzinfo=UTC)
    assert decide(now=early) == (datetime(2026, 10, 13, 8, 1, 41, tzinfo=UTC) + USUAL).strftime("%Y-%m-%dT%H:%M:%S.000000000Z")
    with pytest.raises(DecisionError, match="a day from 2026-10-14"):
        decide(now=early, until=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("text", ["", "  ", "two\nlines", "\x1b[2J", "\u202egnp.exe", "x" * 501, "zero\u200bwidth"])
def test_what_is_no_reason(text: str) -> None:
    with pytest.raises(DecisionError, match="reason"):
        decide(reason=text)
    with pytest.raises(DecisionError, match="author"):
        decide(author=text)


def test_french_is_written_with_its_blanks() -> None:
    assert decision("mute", alert(1, 3), "M.\u00a0Durand", "root", "connu\u202f: 4711", None, NOW).reason == "connu : 4711"
