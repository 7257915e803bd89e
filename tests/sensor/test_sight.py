"""When a sensor says that it no longer sees: each reason at its border, once when it begins and once when it lasts."""

from collections.abc import Iterator

import pytest

from otwatch.changes import Blindness, SightLost
from otwatch.inventory.links import Way
from otwatch.sensor.hearing import Hearing
from otwatch.sensor.sight import LASTING_NS, SECOND_NS, TURNOVER_S, Interface, Moment, Sight, Survey
from otwatch.sightings import Frame
from tests.sensor.test_hearing import DAY_NS, batches

BEGAN = 1_800_000_000 * SECOND_NS
QUIET = Interface("eth1", 0, 0, 0.0, BEGAN, 1)


def moment(second: int, *interfaces: Interface, steps: int = 0, unwritten_s: int = 0) -> Moment:
    """So many seconds after the beginning; the interface heard something just then, unless it is given."""
    now_ns = BEGAN + second * SECOND_NS
    heard = interfaces or (QUIET._replace(last_ns=now_ns),)
    return Moment(now_ns, heard, steps, BEGAN + unwritten_s * SECOND_NS if unwritten_s else 0)


def told(sight: Sight, moments: Iterator[Moment] | list[Moment]) -> list[tuple[int, str, str, str]]:
    found = [(one, lost) for one in moments for lost in sight.look(one)]
    return [((one.now_ns - BEGAN) // SECOND_NS, str(lost.kind), lost.where, lost.amount) for one, lost in found]


@pytest.mark.parametrize(("dropped", "found"), [(10, []), (11, [(10, "drops", "eth1", "1.1%")])])
def test_drops(dropped: int, found: list[object]) -> None:
    more = QUIET._replace(received=1000, dropped=dropped, last_ns=BEGAN + 10 * SECOND_NS)
    assert told(Sight(BEGAN), [moment(0), moment(10, more)]) == found


def test_drops_are_over_after_a_minute() -> None:
    sight, more = Sight(BEGAN), QUIET._replace(received=1000, dropped=500)
    moments = [moment(0), *(moment(at, more._replace(last_ns=BEGAN + at * SECOND_NS)) for at in range(10, 90, 10))]
    assert told(sight, moments) == [(10, "drops", "eth1", "50.0%")]
    assert not sight.lost


@pytest.mark.parametrize(
    ("last", "found"),
    [
        (moment(10, QUIET._replace(filled=0.81, last_ns=BEGAN + 10 * SECOND_NS)), [(10, "queue", "eth1", "81%")]),
        (moment(10, steps=1), [(10, "clock", "", "1")]),
        (moment(70, unwritten_s=10), [(70, "record", "", "60 s")]),
        (moment(60, unwritten_s=10), []),
        (moment(30, QUIET), []),
        (moment(31, QUIET), [(31, "silent", "eth1", "31 s")]),
        (moment(90, QUIET._replace(frames=0)), []),
    ],
)
def test_other_counters(last: Moment, found: list[object]) -> None:
    assert told(Sight(BEGAN), [moment(0), last]) == found


def test_a_usual_silence_is_not_told_again() -> None:
    """Something is heard every 100 s: told once, then it is what this network is like, until it is silent for longer."""
    heard = [QUIET._replace(last_ns=BEGAN + at // 100 * 100 * SECOND_NS) for at in range(0, 510, 10)]
    moments = [moment(at, one) for at, one in zip(range(0, 510, 10), heard, strict=True)]
    assert told(Sight(BEGAN), moments) == [(40, "silent", "eth1", "40 s")]
    sight = Sight(BEGAN)
    told(sight, moments)
    assert told(sight, [moment(at, heard[-1]) for at in (590, 690, 700)]) == [(690, "silent", "eth1", "190 s")]


def test_what_lasts_is_told_once_more() -> None:
    sight = Sight(BEGAN)
    found = [lost for at in range(0, 1200, 10) for lost in sight.look(moment(at, QUIET))]
    assert [lost.lasts for lost in found] == [False, True]
    assert found[1].time_ns - found[1].since_ns == LASTING_NS
    assert found[0].frame == Frame("eth1", 1)


def survey(second: int, **more: object) -> Survey:
    of = Survey(BEGAN + second * SECOND_NS, 0, 0, {}, {}, {})
    return of._replace(**more)  # type: ignore[arg-type]  # any of its fields


def surveyed(*surveys: Survey) -> list[tuple[str, str, str]]:
    sight = Sight(BEGAN)
    found = []
    for one in surveys:
        sight.survey(one)
        now = QUIET._replace(last_ns=one.now_ns)
        found += [(str(lost.kind), lost.where, lost.amount) for lost in sight.look(Moment(one.now_ns, (now,), 0, 0))]
    return found


def ways(*pairs: tuple[int, int]) -> dict[Way, tuple[int, int]]:
    return {Way("a", "b", "tcp", port, ""): pair for port, pair in enumerate(pairs)}


@pytest.mark.parametrize(("lost", "found"), [(1000, []), (1100, [("gaps", "", "1.1%")])])
def test_gaps(lost: int, found: list[object]) -> None:
    assert surveyed(survey(0, lost=500, seen=9), survey(60, lost=500 + lost, seen=100_009 - lost)) == found


def test_a_direction_that_has_gone() -> None:
    both, half = ways(*[(10, 10)] * 10), ways(*[(20, 20)] * 4, *[(20, 10)] * 6)
    start = survey(0, ways=ways(*[(1, 1)] * 10))
    assert surveyed(start, survey(60, ways=both), survey(120, ways=half)) == [("one_way", "", "60%")]
    assert surveyed(survey(60, ways=both), survey(120, ways=half)) == []  # never was any better
    few = survey(120, ways=ways(*[(20, 10)] * 9, (10, 10)))
    assert surveyed(start, survey(60, ways=both), few) == []


def test_a_vlan_that_has_gone() -> None:
    begins, later = BEGAN + SECOND_NS, BEGAN + 700 * SECOND_NS
    assert surveyed(survey(0, vlans={10: begins, 20: begins}), survey(700, vlans={10: later, 20: begins})) == [
        ("vlan", "VLAN 20", "699 s")
    ]
    assert surveyed(survey(0, vlans={10: begins, 20: begins}), survey(700, vlans={10: begins, 20: begins})) == []


@pytest.mark.parametrize(("stay", "found"), [(10, []), (3, [("macs", "", "82%")])])
def test_other_machines(stay: int, found: list[object]) -> None:
    first = {f"a{at}": BEGAN + SECOND_NS for at in range(10)}
    late = BEGAN + (TURNOVER_S + 1) * SECOND_NS
    then = dict.fromkeys(list(first)[:stay], late) | {f"b{at}": late for at in range(10 - stay)}
    assert surveyed(survey(0), survey(TURNOVER_S, macs=first), survey(2 * TURNOVER_S, macs=first | then)) == found


def test_what_a_hearing_shows() -> None:
    hearing = Hearing(None)
    for frames in batches():
        hearing.take(frames)
    hearing.finish()
    shown = hearing.survey(BEGAN)
    assert (shown.lost, len(shown.ways) > 5, len(shown.macs) > 5) == (0, True, True)
    assert max(shown.macs.values()) <= hearing.last_ns
    assert hearing.last("eth9") == (0, 0)


def test_a_finding_that_is_kept() -> None:
    """It is more serious where it lasts and covers what must not fail."""
    hearing = Hearing(None)
    for frames in batches():
        hearing.take(frames)
    hearing.finish()
    (name,) = {row.name for row in hearing.results({}).captures}
    lost = SightLost(Blindness.SILENT, name, "40 s", BEGAN, BEGAN + DAY_NS, Frame(name, 2078), lasts=False)
    hearing.tell(lost)
    hearing.tell(lost._replace(lasts=True))
    (row,) = (row for row in hearing.results({}).alerts if row.detection == "sensor.blind")
    assert (row.times, row.variant, row.frames) == (1, "silent", (Frame(name, 2078),))
    assert name in row.sentence["fr"]
