"""facts/ledger.py: bounded, in order, and sides by port."""

from otwatch.facts.ledger import BOUND, Ends, Ledger
from otwatch.sightings import Frame

PLACE = Frame("a.pcap", 1)


def test_the_first_frame_stays() -> None:
    ledger = Ledger()
    for number in (3, 5):
        ledger.add("modbus", "pdus", (), 2, Frame("a.pcap", number))
    (row,) = ledger.rows()
    assert (row.times, row.frame.number, row.item) == (4, 3, {})


def test_beyond_the_bound_totals_stay_right() -> None:
    ledger = Ledger()
    for number in range(BOUND + 10):
        ledger.add("bacnet", "writes", (("value", number),), 1, PLACE)
    assert sum(row.times for row in ledger.rows()) == BOUND + 10
    assert (ledger.nameless, len(ledger.rows())) == (10, BOUND + 1)


def test_sides() -> None:
    ports = frozenset({502})
    assert Ends("a", "b", 50000, 502).side(ports) == "request"
    assert Ends("a", "b", 50000, 502).turned().side(ports) == "response"
    assert Ends("a", "b", 502, 502).side(ports) == Ends("a", "b", 1, 2).side(ports) == "unknown"
