"""SL-A from passive evidence (domain/zones.md 12): caps, NA, and never more than 2."""

from hypothesis import given
from hypothesis import strategies as st

from otwatch.results import AlertRow
from otwatch.zones.analyses.levels import levels
from tests.zones.analyses.marks import READ, heard, marks_of, told
from tests.zones.scenes import flow


def test_too_little_evidence_is_no_level() -> None:
    marks = marks_of(heard(READ))
    assert {(mark.reached, mark.status, mark.gap) for mark in marks.values()} == {(None, "not_assessable", 0)}


def test_absence_counts_only_after_long_listening_without_gaps() -> None:
    short, long = marks_of(heard(READ, days=6)), marks_of(heard(READ, days=15))
    assert (short["FR6"].reached, short["FR7"].reached) == (None, None)
    assert ([cap.key for cap in long["FR6"].caps], [cap.key for cap in long["FR7"].caps]) == (["no_log"], ["no_clock"])
    logging = flow("air.1 > sup.1", protocol="syslog", port=514), flow("air.1 > ntp.1", protocol="ntp", port=123)
    logged = marks_of(heard(READ, *logging, days=15))
    assert (logged["FR6"].reached, logged["FR7"].reached) == (2, 2)
    deaf = marks_of(heard(READ, days=15, silent=10 * 86_400))
    assert [cap.key for cap in deaf["FR6"].caps] == ["not_covered"]
    assert deaf["FR7"].reached is None


@given(st.integers(0, 4), st.integers(1, 40), st.integers(0, 3000), st.sampled_from([(), (told("cred.snmp", "set"),)]))
def test_never_more_than_two_and_no_gap_without_proof(target: int, days: int, writes: int, alerts: tuple[AlertRow, ...]) -> None:
    many = flow("sup.1 > air.1", protocol="https", writes=writes, verbs={"WRITE": writes, "AUTH": 50, "SESSION": 50})
    for mark in levels(heard(many, alerts=alerts, days=days, target=target)):
        assert mark.reached in {None, 0, 1, 2}
        assert mark.gap == 0 or (mark.caps and mark.status == "proven_gap" and mark.gap <= target)
        assert not (mark.status == "no_gap_seen" and mark.target > 2)


def test_zones_with_most_to_do_come_first() -> None:
    order = list(dict.fromkeys(mark.zone for mark in levels(heard(flow("office.1 > air.1", writes=1), flow("sup.1 > light.1")))))
    assert order[0] == "air"
