"""What a decision covers, and what it does not; and that it changes nothing that is recorded."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.decisions.deciding import decision, reopened
from otwatch.decisions.log import Decision, Log, add, beside, load, said
from otwatch.decisions.standing import BROKEN, STATUS, decided, extent, joined, lapse
from otwatch.record import Record
from otwatch.results import AlertRow
from tests.outputs.samples import HOSPITAL, SECOND, alert

NOW = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)
DAY_NS = 86_400 * SECOND
ACTIONS = ("mute", "expect", "close")


def made(action: str, of: AlertRow, days: int | None = None) -> Decision:
    until = None if days is None else NOW + timedelta(days=days)
    return decision(action, of, "M. Durand", "root", "known", until, NOW)


def status(decisions: list[Decision], found: AlertRow) -> str:
    (one,) = joined([found], Log(tuple(decisions)))
    assert (one.decision is None) is (one.status == found.status)
    return one.status


@pytest.mark.parametrize("action", ACTIONS)
def test_a_decision_covers_the_finding_it_is_about(action: str) -> None:
    found = alert(1, 3)
    assert status([made(action, found)], found) == STATUS[action]
    assert status([made(action, found)], found._replace(number=7)) == STATUS[action], "not its number"
    assert status([made(action, found)], found._replace(first_ns=1, times=1)) == STATUS[action], "nor its first time"
    assert status([made(action, found)], found._replace(severity=1)) == STATUS[action]


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    "other",
    [
        {"detection": "recon.net.sweep"}, {"client": "10.0.0.1"}, {"server": "10.0.0.1"}, {"subject": "another"}, {"variant": "failure"},
        {"severity": 4}, {"also": ("zone.flow.forbidden", "eng.mode.changed")}, {"facts": {"flows": "modbus, ssh"}},
        {"facts": {"targets": "10.0.0.1-9"}}, {"protocol": "s7"},
        {"facts": {"others": "51"}},
    ],
)  # fmt: skip
def test_it_covers_no_other_and_nothing_that_goes_further(action: str, other: dict[str, object]) -> None:
    found = alert(1, 3)
    assert status([made(action, found)], found._replace(**other)) == "new"  # type: ignore[arg-type]  # the fields are the case's


@pytest.mark.parametrize("action", ["mute", "expect"])
def test_it_ends_in_the_time_of_packets(action: str) -> None:
    found = alert(1, 3)
    until_ns = int((NOW + timedelta(days=3)).timestamp()) * SECOND
    assert status([made(action, found, 3)], found._replace(last_ns=until_ns - 1)) == STATUS[action]
    assert status([made(action, found, 3)], found._replace(last_ns=until_ns)) == "new"


def test_what_is_closed_is_open_when_it_happens_again() -> None:
    found = alert(1, 3)
    assert status([made("close", found)], found._replace(last_ns=found.last_ns + 1)) == "new"


def test_the_last_decision_counts_and_can_be_taken_back() -> None:
    found = alert(1, 3)
    mute, close = made("mute", found), made("close", found)
    assert status([mute, close], found) == "closed"
    assert status([close, reopened(close, "A", "root", "no", NOW)], found) == "new"
    assert status([close, reopened(close, "A", "root", "no", NOW), mute], found) == "muted"


def test_a_storm_is_not_the_finding_that_it_names_first() -> None:
    one, storm = alert(1, 3), alert(1, 3, facts={"others": "51"})
    assert status([made("mute", one)], storm) == "new"
    assert status([made("mute", storm)], one) == "new"
    assert status([made("mute", storm)], storm._replace(client="10.0.0.9")) == "muted"


def test_why_it_lapsed() -> None:
    found = alert(1, 3)
    mute, close = made("mute", found, 3), made("close", found)
    assert lapse(mute, found) == ""
    assert lapse(mute, found._replace(severity=4)) == "worse"
    assert lapse(mute, found._replace(also=("a.b",))) == "further"
    assert lapse(mute, found._replace(last_ns=found.last_ns + 30 * DAY_NS)) == "over"
    assert lapse(close, found._replace(last_ns=found.last_ns + 1)) == "again"


WORDS = st.sampled_from(("", "new", "eng.mode.changed", "modbus, ssh"))
FINDINGS = st.builds(
    lambda number, severity, also, flows, last_ns: alert(
        number, severity, also=(also,) if also else (), facts={"flows": flows}, last_ns=last_ns
    ),
    st.integers(1, 9), st.integers(0, 4), WORDS, WORDS, st.integers(0, 2**62),
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(ACTIONS), FINDINGS), max_size=4), st.lists(FINDINGS, max_size=4))
def test_decisions_change_nothing_but_status_and_decision(decisions: list[tuple[str, AlertRow]], alerts: list[AlertRow]) -> None:
    results = HOSPITAL._replace(alerts=tuple(alerts))
    seen = decided(results, Log(tuple(made(action, found) for action, found in decisions)))
    assert seen._replace(alerts=()) == results._replace(alerts=())
    assert [one._replace(status="new", decision=None) for one in seen.alerts] == alerts
    for was, one in zip(alerts, seen.alerts, strict=True):
        covering = [found for _, found in decisions if was.severity <= found.severity and extent(was) <= extent(found)]
        assert one.decision is None or covering, "nothing is covered that goes further than what somebody saw"


def test_what_is_recorded_stays_as_it_is(tmp_path: Path) -> None:
    """A replay that writes the record anew loses no decision, and no decision is ever written into the record."""
    path = tmp_path / "record.db"
    with Record.create(path) as kept:
        kept.write(HOSPITAL)
    before = path.read_bytes()
    add(beside(path), made("mute", HOSPITAL.alerts[0]), path)
    assert path.read_bytes() == before
    with Record.create(path) as kept:
        kept.write(decided(HOSPITAL, load(beside(path)))._replace(alerts=HOSPITAL.alerts))
    with Record.open(path) as kept:
        assert kept.results() == HOSPITAL
        assert [one.status for one in decided(kept.results(), load(beside(path))).alerts] == ["muted", "muted"]


def test_behind_a_flaw_nothing_is_believed(tmp_path: Path) -> None:
    record = tmp_path / "record.db"
    record.touch()
    path = beside(record)
    other = alert(2, 3, client="10.0.0.1")
    for one in (alert(1, 3), other):
        add(path, made("mute", one), record)
    path.write_bytes(path.read_bytes().replace(b'"client":"10.0.0.1"', b'"client":"10.0.0.2"'))
    log = load(path)
    seen = decided(HOSPITAL._replace(alerts=(alert(1, 3), other)), log)
    assert [one.status for one in seen.alerts] == ["muted", "new"]
    assert seen.notes[BROKEN] == log.flaw == 2


def test_two_sites_in_one_folder_share_nothing(tmp_path: Path) -> None:
    assert beside(tmp_path / "a.db") != beside(tmp_path / "b.db")


@given(st.integers(0, 2**62))
def test_moments_are_read_as_they_were_said(time_ns: int) -> None:
    from otwatch.decisions.log import ns

    assert ns(said(time_ns)) == time_ns
