"""Who talks to whom, and who began (domain/zones.md 9.2); and nothing lost when the table is full."""

from collections.abc import Iterable
from random import Random

import pytest

from otwatch.decode import conversations
from otwatch.packets import ACK, SYN
from otwatch.sightings import Conversation, Role
from tests.decode.builders import Frame
from tests.wire.dialogues import (
    MS,
    End,
    Item,
    connection,
    hear,
    modbus,
    opened,
    outcomes,
    requests,
    slots,
    summed,
    tallies,
    tcp,
    udp,
    write,
)

HERE, THERE = "10.0.0.1", "10.0.0.2"
READ = bytes.fromhex("0300000001")
READING = bytes.fromhex("03020007")


def who(items: Iterable[Item]) -> tuple[str, int, Role]:
    """Client, its port, and how it is known, as the last tally tells."""
    last = list(tallies(items))[-1].conversation
    return last.client, last.client_port, last.role


@pytest.mark.parametrize(("here", "there"), [(HERE, THERE), (THERE, HERE)])
class TestRoles:
    def test_the_sender_of_the_syn(self, here: str, there: str) -> None:
        client, server = connection(End(here, 502), End(there, 40_000))
        assert who(hear(opened(client, server))) == (here, 502, Role.SYN)
        assert who(hear(opened(client, server)[1:])) == (here, 502, Role.SYN)

    def test_a_syn_that_comes_later(self, here: str, there: str) -> None:
        """The end of an older connection stands before it."""
        client, server = connection(End(here, 20_001), End(there, 10_001))
        before = [server.says(b"bye"), client.says(b"bye")]
        assert who(hear([*before, *opened(client, server)])) == (here, 20_001, Role.SYN)
        assert who(hear([*before, opened(client, server)[1]])) == (here, 20_001, Role.SYN)

    def test_the_side_without_a_known_port(self, here: str, there: str) -> None:
        client, server = connection(End(here, 40_000), End(there, 502))
        for first in (client, server):
            assert who(hear([first.says(b"x")])) == (here, 40_000, Role.PORT)

    def test_what_the_message_says(self, here: str, there: str) -> None:
        client, server = connection(End(here, 40_000), End(there, 40_001))
        assert who(hear([client.says(modbus(1, READ))])) == (here, 40_000, Role.MESSAGE)
        client, server = connection(End(here, 40_000), End(there, 40_001))
        assert who(hear([server.says(modbus(1, READING))])) == (here, 40_000, Role.MESSAGE)

    def test_both_ports_known(self, here: str, there: str) -> None:
        client, _ = connection(End(here, 44_818), End(there, 502))
        assert who(hear([client.says(modbus(1, READ))])) == (here, 44_818, Role.MESSAGE)

    @pytest.mark.parametrize("port", [53, 161, 3389, 48_899])
    def test_who_sends_to_the_port_of_equipment_from_a_known_one(self, here: str, there: str, port: int) -> None:
        """The source port of a datagram is what its sender chose: nobody opens a remote desktop by being sent to."""
        sent = [udp(End(here, port), End(there, 47_808), b"flood" * 9, number) for number in range(3)]
        assert who(hear(sent)) == (here, port, Role.GUESS)

    def test_two_known_ports_of_datagrams_by_their_messages(self, here: str, there: str) -> None:
        """The answer stands first: its client was given the port of BACnet by chance."""
        answer = bytes.fromhex("0001 8180 0001 0001 0000 0000 0377777702616200 0001 0001 c00c 0001 0001 0000003c 0004 0a000001")
        assert who(hear([udp(End(here, 53), End(there, 47_808), answer)])) == (there, 47_808, Role.MESSAGE)

    @pytest.mark.parametrize(("server", "client"), [(67, 68), (547, 546)])
    def test_the_client_of_dhcp_has_a_port_of_its_own(self, here: str, there: str, server: int, client: int) -> None:
        assert who(hear([udp(End(here, server), End(there, client), b"x")])) == (there, client, Role.GUESS)
        assert who(hear([udp(End(here, client), End(there, server), b"x")])) == (here, client, Role.GUESS)

    @pytest.mark.parametrize("port", [123, 500, 5060, 2222])
    def test_the_same_port_on_both_sides(self, here: str, there: str, port: int) -> None:
        assert who(hear([udp(End(here, port), End(there, port), b"\xff")])) == (here, port, Role.GUESS)

    def test_two_known_ports_of_a_connection(self, here: str, there: str) -> None:
        """The lower is the server's: systems lend the higher ones to clients."""
        client, server = connection(End(here, 44_818), End(there, 443))
        for first in (client, server):
            assert who(hear([first.says(b"\xff")])) == (here, 44_818, Role.GUESS)

    def test_else_a_guess(self, here: str, there: str) -> None:
        client, server = connection(End(here, 40_001), End(there, 40_000))
        for first in (client, server):
            assert who(hear([first.says(b"what is this")])) == (here, 40_001, Role.GUESS)

    def test_bacnet_sides_ask_by_their_messages(self, here: str, there: str) -> None:
        who_is, i_am = bytes.fromhex("810a000801001008"), bytes.fromhex("810a00140100 1000c4020000012201e091002105".replace(" ", ""))
        asks = udp(End(here, 47_808), End(there, 47_808), who_is)
        answers = udp(End(there, 47_808), End(here, 47_808), i_am)
        assert who(hear([asks, answers])) == (here, 47_808, Role.MESSAGE)

    def test_syslog_and_traps_go_from_the_sender(self, here: str, there: str) -> None:
        for port in (514, 162):
            assert who(hear([udp(End(here, 50_000), End(there, port), b"x")])) == (here, 0, Role.PORT)


@pytest.mark.parametrize("size", [1, 2, 100])
def test_slots_before_a_better_name_keep_client_and_name_together(size: int) -> None:
    """What each side sent must stand beside its own name, in every slot."""
    client, server = connection(End(HERE, 10_001), End(THERE, 20_001))
    frames = [client.says(b"x" * 40), client.says(modbus(1, READ), slots(1)), server.says(modbus(1, READING), slots(1))]
    first, second = tallies(hear(frames, size))
    assert (first.conversation.client, first.conversation.role, first.payload) == (THERE, Role.GUESS, (0, 40))
    assert (second.conversation.client, second.conversation.role, second.payload) == (HERE, Role.MESSAGE, (12, 11))


def talks(count: int, rounds: int, random: Random) -> list[Frame]:
    """Many Modbus connections at once, each with writes, answers, split messages and pauses."""
    sides = [connection(End(f"10.0.{at // 200}.{at % 200 + 1}", 40_000 + at)) for at in range(count)]
    frames = [frame for client, server in sides for frame in opened(client, server)]
    for turn in range(rounds):
        for client, server in random.sample(sides, count // 3):
            message = modbus(turn, write(turn))
            frames += [client.says(message[:5], turn * MS), client.says(message[5:], turn * MS), server.says(message, turn * MS)]
    return frames


@pytest.mark.parametrize("size", [3, 64, 100_000])
def test_a_full_table_loses_no_count(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    frames = talks(30, 10, Random(1))
    large = hear(frames, size)
    monkeypatch.setattr(conversations, "BOUND", 8)
    small = hear(frames, size)

    def total(items: list[Item]) -> list[int]:
        return [sum(sum(getattr(item, name)) for item in tallies(items)) for name in ("packets", "bytes", "payload")]

    assert total(small) == total(large)
    assert total(small)[0] == len(frames)


def crowded(frames: list[Frame], strangers: int) -> list[Frame]:
    """The same frames, `strangers` new conversations between each two, a millisecond apart."""
    out: list[Frame] = []
    for frame in frames:
        out.append(frame)
        out += [udp(End("9.9.9.9", 1000 + len(out) + at), End("9.9.9.8", 9), b"noise") for at in range(strangers)]
    return [Frame(frame.data, time_ns=at * MS) for at, frame in enumerate(out)]


SEGMENTED = (b"\x0c\x00\x80\x00\x01", b"\x19\x55\x3e\x44\x00", b"\x00\x00\x00\x3f")
"""The parameters of a BACnet writeProperty in three pieces (135-2020 clause 5.2)."""


def segment(number: int) -> bytes:
    apdu = bytes((0x08 | (number < 2) << 2, 5, 9, number, 4, 15)) + SEGMENTED[number]
    return b"\x81\x0a" + (6 + len(apdu)).to_bytes(2) + b"\x01\x04" + apdu


def unfinished() -> list[Frame]:
    """A Modbus write and its answer in pieces, a connection not recognised yet, a segmented BACnet request and its answer."""
    client, server = connection()
    odd, _ = connection(End(HERE, 50_000), End(THERE, 50_001))
    here, there = End(HERE, 47_808), End(THERE, 47_808)
    message, later = modbus(1, write(1)), modbus(3, write(3))
    return [
        *opened(client, server), odd.opens(), udp(here, there, segment(0)),
        client.says(message[:7]), odd.says(later[:4]), udp(here, there, segment(1)),
        client.says(message[7:]), odd.says(later[4:9]), udp(here, there, segment(2)),
        server.says(message[:7]), odd.says(later[9:]), server.says(message[7:]), udp(there, here, bytes.fromhex("810a0009010020090f")),
    ]  # fmt: skip


def unnamed(item: Item) -> Item:
    """What is counted until the table is full bears the name the conversation has by then."""
    return item._replace(conversation=item.conversation._replace(service=""))


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_conversations_that_stay_are_not_disturbed(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """They are in the middle of messages, trials, pieces and waits while all around them is forgotten."""
    frames = crowded(unfinished(), 3)
    large = hear(frames, size)
    assert [outcome for _, outcome in outcomes(large)] == ["ok", "ok", "unknown"]
    monkeypatch.setattr(conversations, "BOUND", 24)
    small = hear(frames, size)
    assert summed(small).said == summed(large).said
    assert summed(map(unnamed, small)).amounts == summed(map(unnamed, large)).amounts


@pytest.mark.parametrize("size", [1, 2, 7])
def test_a_batch_may_begin_with_a_table_that_is_exactly_full(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(conversations, "BOUND", 4)
    frames = [udp(End(HERE, 1000 + at), End(THERE, 9), b"x", at) for at in range(20)]
    said = tallies(hear(frames, size))
    assert len({item.conversation for item in said}) == 20
    assert sum(sum(item.packets) for item in said) == 20


def test_a_forgotten_conversation_tells_what_waited_and_what_its_stream_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "BOUND", 4)
    client, server = connection()
    frames = [*opened(client, server), client.says(modbus(1, write(1)) + modbus(2, write(2))[:9])]
    frames += [udp(End(HERE, 1000 + at), End(THERE, 9), b"x", at * MS + 1) for at in range(8)]
    said = hear(frames)
    assert outcomes(said) == [("holding-register 1", "unknown")]
    assert sum(item.unread for item in tallies(said)) == 9
    assert all(item.frame.number and item.last_ns < slots(1) for item in tallies(said))


def test_names_of_all_kinds_of_ends() -> None:
    (one,) = {item.conversation for item in tallies(hear([udp(End(HERE, 40_000), End(THERE, 53), b"x")]))}
    assert one == Conversation(HERE, THERE, "udp", 0, 53, "dns", Role.PORT)
    assert not requests(hear([tcp(End(HERE, 1), End(THERE, 2), 1, flags=SYN | ACK)]))


def test_datagrams_to_a_service_are_one_conversation_whatever_port_they_come_from() -> None:
    """A name server is asked from a new port each time; between ports without a name every pair is one."""
    questions = [udp(End(HERE, port), End(THERE, 53), b"q") for port in (40_000, 40_001)]
    answers = [udp(End(THERE, 53), End(HERE, port), b"answer") for port in (40_000, 40_001)]
    assert [item.payload for item in tallies(hear([*questions, *answers]))] == [(2, 12)]
    assert len(tallies(hear([udp(End(HERE, port), End(THERE, 40_404), b"q") for port in (40_000, 40_001)]))) == 2
