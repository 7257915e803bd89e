"""Findings over time."""

from otwatch.outputs.page.timeline import LEFT, RIGHT, WIDTH, timeline
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from tests.outputs.samples import BEGIN_NS, HOSPITAL, SECOND, alert

VOICE = Voice.of(Words("en"), "Europe/Paris", HOSPITAL.zones, HOSPITAL.assets)
END_NS = BEGIN_NS + 250 * SECOND


def test_a_lane_for_each_severity_the_worst_on_top() -> None:
    found = timeline((alert(1, 4), alert(2, 2, first_ns=BEGIN_NS), alert(3, 2, first_ns=END_NS)), BEGIN_NS, END_NS, VOICE)
    assert found
    assert [said for said, _ in found.lanes] == ["critical", "medium"]
    assert sorted(dot.x for dot in found.dots if dot.severity == "medium") == [LEFT, WIDTH - RIGHT]
    assert found.ticks[0] == (LEFT, "10:00:00")
    assert found.ticks[-1] == (WIDTH - RIGHT, "10:04:10")


def test_what_is_found_at_once_is_one_dot() -> None:
    found = timeline((alert(1, 3), alert(2, 3), alert(3, 3)), BEGIN_NS, END_NS, VOICE)
    assert found
    assert [(dot.times, dot.title) for dot in found.dots] == [("3", "2026-10-13 10:01:40  Unexpected write (3)")]


def test_days_where_there_are_many() -> None:
    found = timeline((alert(1, 3),), BEGIN_NS, BEGIN_NS + 10 * 86_400 * SECOND, VOICE)
    assert found
    assert found.ticks[-1][1] == "2026-10-23"


def test_there_is_none_of_nothing_or_of_a_moment() -> None:
    assert timeline((), BEGIN_NS, END_NS, VOICE) is None
    assert timeline((alert(1, 3),), BEGIN_NS, BEGIN_NS, VOICE) is None
