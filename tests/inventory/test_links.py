import pytest

from otwatch.changes import LinkSeen
from otwatch.events import Request, Verb
from otwatch.inventory.links import CODES, State, Way, state_of
from otwatch.inventory.rows import Placed, link_rows
from otwatch.sightings import Outcome, Role
from tests.inventory.said import ACK, FIN, RST, SYN, answer, feed, inventory, read, said, tally, tcp, udp, write

A, B = "10.1.1.1", "10.1.1.2"
HOUR = 3600


def links(changes: list[object]) -> list[tuple[Verb | None, str, int]]:
    return [(change.verb, change.state, change.strongest) for change in changes if isinstance(change, LinkSeen)]


@pytest.mark.parametrize(
    ("packets", "payload", "flags", "state"),
    [
        ((1, 0), (0, 0), (SYN, 0), State.ATTEMPT),
        ((1, 1), (0, 0), (SYN, RST | ACK), State.REFUSED),
        ((2, 1), (0, 0), (SYN | ACK, SYN | ACK), State.ESTABLISHED),
        ((3, 2), (0, 0), (SYN | ACK | RST, SYN | ACK | RST), State.ESTABLISHED),
        ((1, 3), (0, 0), (SYN, SYN | ACK), State.ATTEMPT),  # a flood under invented addresses: nobody hears the answer
        ((2, 1), (0, 0), (SYN | RST, SYN | ACK), State.ATTEMPT),  # whose address it is has never asked; or a scan that goes no further
        ((2, 1), (0, 0), (SYN | RST | ACK, SYN | ACK), State.ATTEMPT),
        ((1, 1), (60, 0), (SYN, SYN | ACK), State.ATTEMPT),  # data that comes with a SYN waits for the handshake
        ((0, 1), (0, 0), (0, SYN | ACK), State.ATTEMPT),  # the server's SYN again, in a slot of its own
        ((1, 0), (0, 0), (RST | ACK, 0), State.ATTEMPT),
        ((0, 3), (0, 40), (0, SYN | ACK), State.ESTABLISHED),  # from here on a mirror of one side
        ((0, 3), (0, 0), (0, SYN | ACK | FIN), State.ESTABLISHED),
        ((0, 1), (0, 0), (0, ACK), State.ESTABLISHED),
        ((3, 0), (20, 0), (SYN | ACK, 0), State.ESTABLISHED),
        ((1, 0), (12, 0), (ACK, 0), State.ESTABLISHED),
        ((1, 0), (0, 0), (ACK, 0), State.ESTABLISHED),
        ((1, 1), (0, 0), (ACK, RST), State.REFUSED),
    ],
)
def test_state_of_tcp(packets: tuple[int, int], payload: tuple[int, int], flags: tuple[int, int], state: State) -> None:
    assert state_of(tally(tcp(A, B), packets, payload, flags)) is state


def test_state_of_udp() -> None:
    assert state_of(tally(udp(A, B), (3, 0))) is State.ATTEMPT
    assert state_of(tally(udp(A, B), (3, 3))) is State.ESTABLISHED
    assert state_of(tally(udp(A, "239.1.2.3"), (3, 0))) is State.ESTABLISHED


def test_told_once_an_hour() -> None:
    site = inventory()
    changes = [links(feed(site, said(tcp(A, B), read(), at=at))) for at in (0, 10, HOUR - 1, HOUR, HOUR + 5)]
    assert [len(found) for found in changes] == [1, 0, 0, 1, 0]


@pytest.mark.parametrize("role", Role)
def test_says_where_who_began_is_a_guess(role: Role) -> None:
    talk = tcp(A, B, port=4444, service="")._replace(role=role)
    (seen,) = (change for change in feed(inventory(), tally(talk)) if isinstance(change, LinkSeen))
    assert seen.is_guess is (role is Role.GUESS)


def test_told_again_for_another_verb_and_a_stronger_priority() -> None:
    site = inventory()
    talk = udp(A, B)
    sure = [said(talk, write((), "bacnet", priority), outcome=Outcome.OK) for priority in (8, 16, 1, 8)]
    assert links(feed(site, said(talk, answer((), "bacnet"), False))) == []
    assert links(feed(site, *sure)) == [(Verb.WRITE, "established", 8), (Verb.WRITE, "established", 1)]


def test_what_can_be_read_is_told_by_verb_alone() -> None:
    site = inventory()
    assert links(feed(site, tally(tcp(A, B), (2, 2), (24, 24)), said(tcp(A, B), read()))) == [(Verb.READ, "established", 0)]


def test_what_cannot_be_read_is_told_as_a_conversation() -> None:
    site = inventory()
    tls = tcp(A, B, 443, "https")
    assert links(feed(site, tally(tls, (9, 9), (999, 999)), tally(tls, (9, 9), (99, 99), at=10))) == [(None, "established", 0)]
    strange = tally(tcp(A, "10.1.1.3"), (9, 9), (50, 50), unread=100)  # no Modbus on the port of Modbus
    assert links(feed(site, strange)) == [(None, "established", 0)]


def test_a_better_state_is_told_again() -> None:
    site = inventory()
    talk = tcp(A, B)
    steps = (tally(talk, (1, 0), flags=(SYN, 0)), tally(talk, (1, 1), flags=(SYN, RST), at=10), tally(talk, (3, 2), (9, 9), at=20))
    shown = links(feed(site, *steps))
    assert shown == [(None, "attempt", 0), (None, "refused", 0), (None, "established", 0)]
    asked = udp(A, "10.1.1.9")
    shown = links(feed(site, said(asked, read((), "bacnet")), said(asked, answer((), "bacnet"), False)))
    assert shown == [(Verb.READ, "attempt", 0), (Verb.READ, "established", 0)]


def test_umas_is_told_apart_from_modbus() -> None:
    site = inventory()
    umas = read()._replace(details=(("umas", "0x20"), ("session", "1")))
    changes = [change for change in feed(site, said(tcp(A, B), read()), said(tcp(A, B), umas)) if isinstance(change, LinkSeen)]
    assert [change.details for change in changes] == [(), (("umas", "0x20"),)]


def test_a_notification_is_a_link_from_its_sender() -> None:
    site = inventory()
    notice = read((), "bacnet")._replace(verb=Verb.SUBSCRIBE, operation="confirmedCOVNotification")
    feed(site, said(udp(A, B), notice, by_client=False))
    link = site.links.all()[0]
    assert link.way == Way(B, A, "udp", 47808, "bacnet")
    assert link.role is Role.MESSAGE


def test_counts() -> None:
    site = inventory()
    talk = tcp(A, B)
    feed(site, said(talk, read(), times=7), said(talk, write(), outcome=Outcome.ERROR), said(talk, answer(error="x"), False, times=2))
    link = site.links.all()[0]
    assert (link.verbs, link.writes, link.errors, link.messages) == ({Verb.READ: 7, Verb.WRITE: 1}, 1, 3, 10)


def test_bounded() -> None:
    site = inventory()
    site.links._limit = 16
    for number in range(100):
        feed(site, said(tcp(A, f"10.2.0.{number}"), read(()), at=number))
    assert len(site.links) <= 16
    assert site.links.evicted > 80
    assert [link.way.server for link in site.links.asked_by([A])][-1] == "10.2.0.99"
    assert site.links.asked_of(["10.2.0.1"]) == []


def test_how_regularly_it_reads() -> None:
    """By slots of 10 s: what is faster has a period of one slot."""
    cases = (((0, 60, 120, 180), (60.0, 0.0)), ((0, 10, 200, 210), (70.0, 1.21)), ((0, 1, 2, 11, 21), (10.0, 0.0)), ((0, 60), (0.0, 0.0)))
    for times, period in cases:
        site = inventory()
        feed(site, *(said(tcp(A, B), read(()), at=at) for at in times))
        (row,) = link_rows(site, lambda _: Placed("", "", "C2"))
        assert (row.period_s, row.period_cv) == period, times


def test_operations_and_what_came_of_them() -> None:
    site = inventory()
    outcomes = (Outcome.OK, Outcome.ERROR, Outcome.UNANSWERED, Outcome.UNANSWERED)
    feed(site, *(said(tcp(A, B), write(()), outcome=outcome) for outcome in outcomes), said(tcp(A, B), read(()), times=9))
    (row,) = link_rows(site, lambda _: Placed("", "", "C2"))
    assert (list(row.codes.items()), row.errors, row.unanswered) == ([("Read", 9), ("Write", 4)], 1, 2)
    many = [Request("modbus", Verb.READ, f"function {number}", number) for number in range(CODES + 9)]
    feed(site, *(said(tcp(A, B), one) for one in many))
    (row,) = link_rows(site, lambda _: Placed("", "", "C2"))
    assert (len(row.codes), row.verbs["READ"]) == (CODES, 9 + CODES + 9)
