from otwatch.events import Verb
from otwatch.inventory import Ends
from otwatch.inventory.habits import NEVER_NS, Habits
from otwatch.sightings import Outcome, Sighting
from tests.inventory.said import read, said, tcp, write

TALK = tcp("10.1.1.1", "10.1.1.2")
ENDS = Ends("10.1.1.1", "10.1.1.2/unit 1")
OTHER = Ends("10.1.1.9", "10.1.1.2/unit 1")


def after(*sightings: Sighting, ends: Ends = ENDS) -> Habits:
    habits = Habits()
    for sighting in sightings:
        habits.see(sighting, ends)
    return habits


def test_three_polls_over_two_slots_or_ten_reads_are_a_habit() -> None:
    assert not after(*(said(TALK, read(), at=1) for _ in range(3))).polls(*ENDS, "modbus").is_established
    assert not after(said(TALK, read(), at=1), said(TALK, read(), at=20)).polls(*ENDS, "modbus").is_established
    assert after(said(TALK, read(), at=1), said(TALK, read(), at=11), said(TALK, read(), at=12)).polls(*ENDS, "modbus").is_established
    assert after(said(TALK, read(), times=10)).polls(*ENDS, "modbus").is_established


def test_polls_are_counted_by_server_and_protocol() -> None:
    habits = after(said(TALK, read(), times=12))
    assert habits.polls(*ENDS, "modbus").reads == 12
    assert habits.polls(*ENDS, "bacnet").reads == habits.polls("10.1.1.1", "10.1.1.2/unit 2", "modbus").reads == 0


def test_writing_is_no_polling() -> None:
    habits = after(*(said(TALK, write(), at=at) for at in range(40)))
    assert habits.polls(*ENDS, "modbus").reads == 0
    assert habits.first_writer(ENDS.server, "modbus") == ENDS.client


def test_being_notified_is_no_polling_but_subscribing_is() -> None:
    notice = read((), "bacnet")._replace(verb=Verb.SUBSCRIBE, operation="confirmedCOVNotification")
    assert after(said(TALK, notice, times=99)).polls(*ENDS, "bacnet").reads == 0
    assert after(said(TALK, notice._replace(operation="subscribeCOV"), times=3)).polls(*ENDS, "bacnet").reads == 3


def test_who_was_refused_is_no_writer() -> None:
    habits = after(said(TALK, write(), outcome=Outcome.ERROR))
    assert habits.first_writer(ENDS.server, "modbus") == ""
    habits.see(said(TALK, write(), outcome=Outcome.OK), OTHER)
    habits.see(said(TALK, write(), outcome=Outcome.OK), ENDS)
    assert habits.first_writer(ENDS.server, "modbus") == OTHER.client
    assert habits.others_before(ENDS.client, ENDS.server, "modbus", 2**62)


def test_what_is_told_late_counts_from_when_it_was_said() -> None:
    """Reads are told in the end of their slot, writes at once."""
    habits = after(said(TALK, write(), at=5), said(TALK, read(), at=1, times=10))
    habits.see(said(TALK, read(), at=3, times=10), OTHER)
    since = habits.polls(*ENDS, "modbus").read_ns
    assert since == said(TALK, read(), at=1).first_ns
    assert habits.longest_reader(OTHER.client, OTHER.server, "modbus") == since
    assert habits.longest_reader(*ENDS, "modbus") == said(TALK, read(), at=3).first_ns
    assert not habits.others_before(OTHER.client, OTHER.server, "modbus", since)
    assert habits.others_before(OTHER.client, OTHER.server, "modbus", since + 1)
    assert habits.polls("10.1.1.8", ENDS.server, "modbus").read_ns == habits.longest_reader("10.1.1.8", "10.1.1.3", "modbus") == NEVER_NS


def test_bounded() -> None:
    habits = Habits(limit=10)
    for number in range(50):
        habits.see(said(TALK, write()), Ends("10.1.1.1", f"10.2.0.{number}"))
    assert habits.evicted == 40
    assert habits.first_writer("10.2.0.1", "modbus") == ""
    assert habits.first_writer("10.2.0.49", "modbus") == "10.1.1.1"
