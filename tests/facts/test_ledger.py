"""facts/ledger.py: bounded, in order, and sides by port."""

import pytest

from otwatch.events import Request, Verb
from otwatch.facts.ledger import BOUND, Ends, Ledger
from otwatch.sightings import Conversation, Frame, Role, Sighting

TALK = Conversation("10.20.1.5", "10.20.1.60", "tcp", 40_000, 502, "modbus", Role.SYN)
READ = Request("modbus", Verb.READ, "read holding registers", 3)


def seen(number: int, times: int, answer: Frame | None = None) -> Sighting:
    return Sighting(TALK, True, READ, times, number, number, Frame("a.pcap", number), answer=answer)


@pytest.mark.parametrize("order", [(3, 5), (5, 3)])
def test_the_earliest_frame_is_kept(order: tuple[int, int]) -> None:
    ledger = Ledger()
    for number in order:
        ledger.add("modbus", "pdus", (), seen(number, 2))
    (row,) = ledger.rows()
    assert (row.times, row.frame.number, row.item) == (4, 3, {})


def test_what_the_answer_says_stands_in_the_answer() -> None:
    ledger = Ledger()
    ledger.add("modbus", "exceptions", (), seen(3, 1, Frame("a.pcap", 4)), in_answer=True)
    ledger.add("modbus", "pdus", (), seen(3, 1, Frame("a.pcap", 4)), times=0)
    assert [(row.times, row.frame.number) for row in ledger.rows()] == [(1, 4), (0, 3)]


def test_beyond_the_bound_totals_stay_right() -> None:
    ledger = Ledger()
    for number in range(BOUND + 10):
        ledger.add("bacnet", "writes", (("value", number),), seen(1, 1))
    assert sum(row.times for row in ledger.rows()) == BOUND + 10
    assert (ledger.nameless, len(ledger.rows())) == (10, BOUND + 1)


def test_sides() -> None:
    ports = frozenset({502})
    assert Ends("a", "b", 50000, 502).side(ports) == "request"
    assert Ends("a", "b", 50000, 502).turned().side(ports) == "response"
    assert Ends("a", "b", 502, 502).side(ports) == Ends("a", "b", 1, 2).side(ports) == "unknown"
