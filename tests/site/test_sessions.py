"""Who worked on equipment: when a session begins and ends, what belongs to it, and what is operation."""

from otwatch.changes import ProgramTransferred
from otwatch.events import Point, Request, Verb
from otwatch.inventory.endpoints import ends
from otwatch.inventory.links import Link, State, Way
from otwatch.results import SessionRow
from otwatch.sightings import Conversation, Frame, Outcome, Role, Sighting
from otwatch.site.sessions import LIMIT, SILENCE_NS, Sessions

MINUTE = 60_000_000_000
CONSOLE, PLC, CONTRACTOR = "10.20.3.5", "10.22.8.20", "10.29.0.9"
STOP = Request("modbus", Verb.CONTROL, "UMAS 0x41 Stop PLC", 0x5A, details=(("umas", "0x41"),))
RESERVE = Request("modbus", Verb.SESSION, "UMAS 0x10 Take PLC Reservation", 0x5A, details=(("umas", "0x10"), ("owner", "PC-MAINT")))
WRITE = Request("modbus", Verb.WRITE, "Write Single Register", 6, points=(Point("holding-register", 4001),), values=("21",))


def act(request: Request, minute: int, client: str = CONSOLE, outcome: Outcome = Outcome.OK, service: str = "modbus") -> Sighting:
    talk = Conversation(client, PLC, "tcp", 50_000, 502, service, Role.SYN)
    return Sighting(talk, True, request, 1, minute * MINUTE, minute * MINUTE, Frame("test.pcap", minute), outcome)


def ledger(*acts: Sighting, links: tuple[Link, ...] = ()) -> tuple[SessionRow, ...]:
    return rows(fed(*acts), links)


def fed(*acts: Sighting) -> Sessions:
    sessions = Sessions(ends)
    for one in acts:
        sessions.see(one)
    return sessions


def rows(sessions: Sessions, links: tuple[Link, ...] = ()) -> tuple[SessionRow, ...]:
    return sessions.rows(lambda key: key, lambda asset: [link for link in links if link.way.server == asset], lambda *_: "int-1")


def test_a_visit_with_all_that_was_done() -> None:
    (row,) = ledger(act(RESERVE, 1), act(STOP, 2), act(WRITE, 5), act(WRITE, 6, outcome=Outcome.ERROR))
    assert (row.client, row.server, row.station, row.works) == (CONSOLE, PLC, "PC-MAINT", "int-1")
    assert row.last_ns - row.first_ns == 5 * MINUTE
    assert (row.operations["Write Single Register"], row.writes, row.refused) == (2, 1, 1)
    assert row.points == {"holding-register 4001": "21"}


def test_operation_is_no_visit() -> None:
    switched = Request("iec104", Verb.CONTROL, "C_SC_NA_1", 45, points=(Point("ioa", 1),))
    listening = Request("bacnet", Verb.ADMIN, "Register-Foreign-Device", 5)
    command = Request("bacnet", Verb.CONTROL, "writeProperty", 15, points=(Point("binary-output", 1),))
    assert ledger(act(WRITE, 1), act(switched, 2), act(listening, 3), act(command, 4)) == ()


def test_writes_before_the_first_act_of_engineering_are_operation() -> None:
    (row,) = ledger(act(WRITE, 1), act(STOP, 2), act(WRITE, 3))
    assert (row.first_ns, row.writes) == (2 * MINUTE, 1)


def test_half_an_hour_of_nothing_ends_it() -> None:
    long = SILENCE_NS // MINUTE
    assert len(ledger(act(STOP, 1), act(STOP, 1 + long))) == 1
    assert len(ledger(act(STOP, 1), act(STOP, 2 + long))) == 2
    assert len(ledger(act(STOP, 1), act(WRITE, 2 + long))) == 1


def test_who_sat_in_front_of_the_client() -> None:
    def link(protocol: str, first: int, last: int, client: str = CONTRACTOR) -> Link:
        made = Link(Way(client, CONSOLE, "tcp", 3389, protocol), Role.SYN, first * MINUTE, Frame("test.pcap", first))
        made.last_ns, made.state = last * MINUTE, State.ESTABLISHED
        return made

    (row,) = ledger(act(STOP, 20), links=(link("rdp", 1, 16), link("rdp", 1, 14, "10.9.9.9"), link("smb", 1, 30, "10.9.9.8")))
    assert row.via == (CONTRACTOR,)


def test_programs_count_by_their_bytes() -> None:
    sessions = fed(act(RESERVE, 1))
    frames = (Frame("test.pcap", 1),)
    for way, size in (("download", 1000), ("upload", 300), ("download", 24)):
        sessions.transferred(ProgramTransferred(CONSOLE, PLC, "modbus", way, "", Verb.PROGRAM, "finished", True, 1, size, 1, 2, frames, (),
                                                "tcp", 502, False))  # fmt: skip
    (row,) = rows(sessions)
    assert (row.bytes_in, row.bytes_out) == (1024, 300)


def test_the_ledger_is_bounded_and_ages() -> None:
    sessions = fed(*(act(STOP, at, client=f"10.{at >> 8}.{at & 255}.1") for at in range(1, LIMIT + 10)))
    assert (len(sessions), sessions.evicted) == (LIMIT, 9)
    assert sessions.forget(100 * MINUTE) == 90
    assert len(rows(sessions)) == LIMIT - 90
