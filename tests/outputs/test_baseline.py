from otwatch.declared.baseline import Accepted
from otwatch.outputs.baseline import DAY_NS, covered, quality, with_habits
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from otwatch.results import BaselineRow, LinkRow
from otwatch.sightings import Frame

BEGIN = 1_760_000_400_000_000_000
VOICE = Voice.named(Words("en"), "UTC", (), {})


def row(day: float, hours: int = 1, state: str = "learnt") -> BaselineRow:
    time_ns = BEGIN + int(day * DAY_NS)
    return BaselineRow("0", state, "", "a", "b", "modbus", "read", "", 1, f"{hours:x}", "", "", time_ns, time_ns, Frame("a", 1))


def said(*rows: BaselineRow, accepted: Accepted = Accepted()) -> str:  # noqa: B008  # a constant
    return "\n".join(quality(rows, accepted, VOICE))


def test_hours_of_the_week_are_those_of_all_lines() -> None:
    assert covered([row(0, 0b1011), row(0, 0b10100)]) == 5


def test_too_short_is_said_before_gaps_are() -> None:
    assert "Too short" in said(row(0), row(13))
    assert "167 hours of the week were never seen" in said(row(0), row(15))
    assert "never seen" not in said(row(0, (1 << 168) - 1), row(15))


def test_what_begins_late_shows_that_the_site_is_not_known() -> None:
    assert "25 % of the lines" in said(row(0), row(1), row(2), row(20))
    assert "50 % of the lines" in said(row(0), row(20))


def test_doubtful_lines_are_counted_and_nothing_is_said_of_none() -> None:
    assert "seen beside findings: 1" in said(row(0), row(1, state="doubtful"))
    assert said() == ""
    assert "Frozen today by me" in said(accepted=Accepted(frozen_at="today", frozen_by="me"))


def _cells(line: BaselineRow, **said: object) -> tuple[object, ...]:
    link = LinkRow(
        "a", "b", "tcp", 502, "modbus", "syn", "established", "", "", "intra", "", (), 9, 0, 0, {"READ": 200}, 0, 50, 0, 0, Frame("a", 1)
    )._replace(**said)
    return tuple(column.value(line, VOICE) for column in with_habits([link]).columns if column.key in {"rhythm", "failing"})


def test_how_often_and_how_much_of_it_fails() -> None:
    """detections.md A.4: period, its coefficient of variation, share of errors."""
    assert _cells(row(0), period_s=60.0, period_cv=0.25) == ("every 60 s (spread 25 %)", "25 %")
    assert _cells(row(0), period_s=10.0) == ("every 10 s or faster", "25 %")
    assert _cells(row(0), verbs={}) == ("", "")


def test_of_points_services_and_others_nothing_is_said() -> None:
    regular = {"period_s": 60.0}
    assert _cells(row(0)._replace(group="coil 1"), **regular) == _cells(row(0)._replace(client=""), **regular) == ("", "")
    assert _cells(row(0)._replace(server="c"), **regular) == ("", "")
    assert _cells(row(0)._replace(act="write"), **regular) == ("", "25 %")
