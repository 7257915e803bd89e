from otwatch.events import Anomaly
from otwatch.inventory.protocols import Protocols
from otwatch.results import ProtocolRow
from otwatch.sightings import Outcome
from tests.inventory.said import answer, feed, inventory, read, said, tally, tcp, write

TALK = tcp("10.1.1.1", "10.1.1.2")
FLAW = Anomaly("modbus", "byte count", 8)


def row(protocols: Protocols) -> ProtocolRow:
    return protocols.rows({"modbus": "Modbus/TCP"})[0]


def test_a_joined_request_is_two_messages() -> None:
    site = inventory()
    feed(site, *(said(TALK, write(), outcome=outcome) for outcome in (Outcome.OK, Outcome.ERROR, Outcome.UNANSWERED)))
    counted = row(site.protocols)
    assert counted.title == "Modbus/TCP"
    assert (counted.messages, counted.requests, counted.answers, counted.errors, counted.writes) == (5, 3, 2, 1, 3)


def test_reads_are_counted_as_often_as_they_were_said() -> None:
    site = inventory()
    feed(site, said(TALK, read(), times=9), said(TALK, answer(), False, times=8), said(TALK, answer(error="x"), False))
    counted = row(site.protocols)
    assert (counted.messages, counted.requests, counted.answers, counted.errors) == (18, 9, 9, 1)


def test_a_flaw_beside_its_request_is_no_message_of_its_own() -> None:
    beside = inventory()
    feed(beside, said(TALK, read(), number=7, times=3), said(TALK, FLAW, number=7, times=3))
    late = inventory()
    feed(late, said(TALK, FLAW, number=7), said(TALK, write(), number=7, outcome=Outcome.UNANSWERED))
    early = inventory()
    feed(early, said(TALK, write(), number=7, outcome=Outcome.OK), said(TALK, read(), number=8), said(TALK, FLAW, number=7))
    alone = inventory()
    feed(alone, said(TALK, FLAW, number=7, times=4))
    assert [row(site.protocols).messages for site in (beside, late, early, alone)] == [3, 1, 3, 4]
    assert row(beside.protocols).anomalies == 3


def test_what_only_a_port_names_is_not_decoded() -> None:
    site = inventory()
    feed(site, tally(tcp("10.1.1.1", "10.1.1.2", 1433, "mssql"), (5, 6), unread=3), said(TALK, read()))
    rows = {found.name: found for found in site.protocols.rows({})}
    assert (rows["mssql"].packets, rows["mssql"].bytes, rows["mssql"].decoded, rows["mssql"].unread) == (11, 660, False, 3)
    assert rows["modbus"].decoded
