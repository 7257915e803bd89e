"""What somebody sends so that a monitor reads something else than the device does, and what otwatch says of it.

    the first copy of a byte is what is read; a second one that differs is an Anomaly, whoever of the two the device heard
    nothing is left out because a device might drop it: no checksum, TTL, RST, FIN or window is judged. A captured packet is told as
    sent, and only its answer says that it was heard (`Outcome`)

Checksums are not judged for another reason too: in a capture made on a host, its own packets have none yet (checksum offload).
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otwatch.decode import repetitions
from otwatch.decode.streams import HELD_NS
from otwatch.dissectors import DISSECTORS
from otwatch.events import REWRITTEN, Anomaly
from otwatch.packets import ACK, FIN, RST, SYN
from otwatch.pipeline import replay
from otwatch.sightings import Outcome, Sighting
from otwatch.wire import Wire, sightings
from otwatch.wire.following import LATE
from tests.capture.builders import pcap
from tests.decode.builders import Frame, batch, ethernet, ipv4, pieces_of
from tests.wire.builders import regroup
from tests.wire.dialogues import (
    CLIENT,
    MS,
    SERVER,
    End,
    Item,
    Side,
    connection,
    hear,
    modbus,
    opened,
    outcomes,
    requests,
    slots,
    tallies,
    tcp,
    udp,
    write,
)  # fmt: skip

SIZES = (1, 2, 5, 1000)
READ = modbus(1, b"\x03\x00\x6b\x00\x01")
WRITE = modbus(1, write(7))
HARMLESS, HARMFUL = "holding-register 107", "holding-register 7"

sizes = pytest.mark.parametrize("size", SIZES)


def told(items: Sequence[Item]) -> list[str]:
    return sorted(point for point, _ in outcomes(items))


def contradictions(items: Sequence[Item]) -> int:
    return sum(
        item.times for item in items if isinstance(item, Sighting) and isinstance(item.event, Anomaly) and item.event.reason == REWRITTEN
    )


def flaws(items: Sequence[Item]) -> list[str]:
    return [item.event.reason for item in items if isinstance(item, Sighting) and isinstance(item.event, Anomaly)]


def ttl(frame: Frame, value: int) -> Frame:
    return Frame(frame.data[:22] + bytes((value,)) + frame.data[23:], time_ns=frame.time_ns)


def checksums(frame: Frame, ip: int, transport: int) -> Frame:
    """The frame with these in place of its checksums (RFC 791 3.1, RFC 9293 3.1)."""
    data = frame.data[:24] + pack("!H", ip) + frame.data[26:50] + pack("!H", transport) + frame.data[52:]
    return Frame(data, time_ns=frame.time_ns)


# --- sent twice ---------------------------------------------------------------------------------------------------------------------


@sizes
@pytest.mark.parametrize("later", [0, 1, HELD_NS, slots(30)])
@pytest.mark.parametrize("first", [READ, WRITE], ids=["hides", "feigns"])
def test_the_first_copy_is_read_and_a_second_that_differs_is_an_anomaly(size: int, later: int, first: bytes) -> None:
    """However long the sender waits between the two."""
    client, server = connection()
    second = WRITE if first is READ else READ
    frames = [*opened(client, server), client.says(first), tcp(CLIENT, SERVER, client.seq - 12, second, time_ns=later)]
    frames += [server.says(WRITE, later), client.says(modbus(2, write(2)), later)]
    said = hear(frames, size)
    assert told(said) == sorted([HARMLESS if first is READ else HARMFUL, "holding-register 2"])
    assert contradictions(said) == 1
    assert next(item.frame.number for item in said if isinstance(item, Sighting) and isinstance(item.event, Anomaly)) == 4


@sizes
@pytest.mark.parametrize("trick", [lambda one: ttl(one, 1), lambda one: checksums(one, 1, 1)], ids=["ttl", "checksum"])
def test_a_decoy_that_never_arrives_does_not_hide_the_command(size: int, trick: type) -> None:
    """The device gets only the second: it is contradicted by the first, and the answer, which says what was done, is told too."""
    client, server = connection()
    frames = [*opened(client, server), trick(client.says(READ)), tcp(CLIENT, SERVER, client.seq - 12, WRITE), server.says(WRITE)]
    said = hear(frames, size)
    assert contradictions(said) == 1
    assert any(isinstance(item, Sighting) and not item.by_client and "Write" in str(item.event) for item in said)


@sizes
def test_the_same_again_says_nothing(size: int) -> None:
    """Repetitions as TCP makes them: whole, several at once, a part, in other segments."""
    client, server = connection()
    frames = [*opened(client, server), client.says(READ), client.says(WRITE)]
    both = READ + WRITE
    begin = client.seq - len(both)
    frames += [tcp(CLIENT, SERVER, begin, READ), tcp(CLIENT, SERVER, begin, both), tcp(CLIENT, SERVER, begin + 5, both[5:20])]
    frames += [tcp(CLIENT, SERVER, begin + at, both[at : at + 1]) for at in range(len(both))]
    frames += [tcp(CLIENT, SERVER, client.seq - 1, b"\0"), client.says(modbus(3, write(3)))]
    said = hear(frames, size)
    assert sorted(told(said)) == [HARMLESS, "holding-register 3", HARMFUL]
    assert not flaws(said)


@sizes
@pytest.mark.parametrize("begin", [1000, 2**32 - 30])
def test_overlaps_of_every_kind(size: int, begin: int) -> None:
    """A byte is what it was first, in order or behind a gap; whoever says otherwise is told of."""
    text = b"".join(modbus(at, write(at)) for at in range(1, 5))
    wrong = bytes(byte ^ 0xFF for byte in text)
    for start, end in ((0, 12), (3, 12), (0, 40), (20, 48), (11, 13), (24, 30)):
        overlap = tcp(CLIENT, SERVER, begin + start, wrong[start:end])
        rest = tcp(CLIENT, SERVER, begin + 24, text[24:])
        for frames in (
            [tcp(CLIENT, SERVER, begin, text[:24]), rest, overlap],
            [tcp(CLIENT, SERVER, begin, text[:12]), rest, overlap, tcp(CLIENT, SERVER, begin + 12, text[12:24])],
        ):
            said = hear([tcp(CLIENT, SERVER, begin - 1, flags=SYN), *frames], size)
            assert contradictions(said) >= 1, (start, end)


@sizes
def test_behind_a_gap_the_first_copy_counts_too(size: int) -> None:
    """A longer copy of what waits behind a gap only adds what it has more."""
    client, server = connection()
    one, two, three = (modbus(at, write(at)) for at in (1, 2, 3))
    frames = opened(client, server)
    begin = client.seq
    frames += [tcp(CLIENT, SERVER, begin + 12, two), tcp(CLIENT, SERVER, begin + 12, bytes(12) + three), tcp(CLIENT, SERVER, begin, one)]
    said = hear(frames, size)
    assert sorted(told(said)) == ["holding-register 1", "holding-register 2", "holding-register 3"]
    assert contradictions(said) == 1


@sizes
@pytest.mark.parametrize(("bound", "least"), [("WINDOW", 10), ("BYTES", 100)])
def test_too_late_to_be_compared_is_told(size: int, bound: str, least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repetitions, bound, least)
    client, server = connection()
    frames = [*opened(client, server), client.says(READ)]
    frames += [server.says(modbus(1, write(7))) for _ in range(12)] + [tcp(CLIENT, SERVER, client.seq - 12, WRITE)]
    assert flaws(hear(frames, size)) == [LATE]


def test_of_many_small_batches_the_last_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quiet interface gives a batch a packet: they are bounded as well, for each costs more than its packet."""
    monkeypatch.setattr(repetitions, "BATCHES", 10)
    client, server = connection()
    frames = [*opened(client, server), client.says(READ)]
    frames += [server.says(modbus(1, write(7))) for _ in range(12)] + [tcp(CLIENT, SERVER, client.seq - 12, WRITE)]
    assert flaws(hear(frames, 1)) == [LATE]
    assert flaws(hear(frames, 4)) != [LATE]


@sizes
def test_large_batches_keep_their_payload_only(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repetitions, "FAT", 0)
    client, server = connection()
    frames = [*opened(client, server), client.says(READ), udp(CLIENT, SERVER, bytes(500)), client.says(modbus(2, write(2)))]
    frames += [tcp(CLIENT, SERVER, client.seq - 24, READ), tcp(CLIENT, SERVER, client.seq - 24, WRITE)]
    assert contradictions(hear(frames, size)) == 1


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.sampled_from(SIZES[:3]), st.booleans())
def test_contradictions_are_told_whatever_the_batches(seed: int, size: int, honest: bool) -> None:
    """Cut, repeated and mixed at random: with the same bytes nothing is told, with others the same in any batches."""
    random = Random(seed)
    text = b"".join(modbus(at, write(at)) for at in range(1, 9))
    edges = [0, *sorted(random.sample(range(1, len(text)), 8)), len(text)]
    spans = list(pairwise(edges))
    for _ in range(8):
        spans.insert(random.randrange(1, len(spans)), tuple(sorted(random.sample(range(len(text) + 1), 2))))  # type: ignore[arg-type]  # two
    frames = [tcp(CLIENT, SERVER, 999, flags=SYN)]
    for start, end in spans:
        part = bytearray(text[start:end])
        if not honest and part and random.random() < 0.3:
            part[random.randrange(len(part))] ^= 1 << random.randrange(8)
        frames.append(tcp(CLIENT, SERVER, 1000 + start, bytes(part)))
    said = hear(frames)
    assert hear(frames, size) == said
    if honest:
        assert sorted(told(said)) == sorted(f"holding-register {at}" for at in range(1, 9))
        assert not flaws(said)


def test_a_contradiction_is_a_finding(tmp_path: Path) -> None:
    client, server = connection()
    frames = [*opened(client, server), client.says(READ), tcp(CLIENT, SERVER, client.seq - 12, WRITE)]
    frames.append(server.says(modbus(1, b"\x03\x02\x00\x01")))
    path = tmp_path / "evasion.pcap"
    path.write_bytes(pcap([(1_700_000_000, at, frame.data) for at, frame in enumerate(frames)]))
    (alert,) = [one for one in replay([str(path)]).alerts if one.detection == "integ.response.anomaly"]
    assert "twice, with different contents" in alert.sentence["en"]
    assert [frame.number for frame in alert.frames] == [4]


# --- dropped by the device, or not ---------------------------------------------------------------------------------------------------


@sizes
@pytest.mark.parametrize(("ip", "transport"), [(1, 0), (0, 1), (1, 1)])
def test_a_command_with_a_wrong_checksum_is_told_as_not_answered(size: int, ip: int, transport: int) -> None:
    client, server = connection()
    frames = [*opened(client, server), client.says(READ), server.says(modbus(1, b"\x03\x02\x00\x01"))]
    frames.append(checksums(client.says(WRITE), ip, transport))
    frames.append(udp(End("1.1.1.1", 1), End("1.1.1.2", 1), b"later", slots(4)))
    assert (HARMFUL, Outcome.UNANSWERED) in outcomes(hear(frames, size))


@sizes
def test_a_command_whose_ttl_ends_on_the_way_is_told_and_the_tally_shows_it(size: int) -> None:
    client, server = connection()
    said = hear([*opened(client, server), ttl(client.says(WRITE), 1)], size)
    assert told(said) == [HARMFUL]
    assert min(item.ttl[0] for item in tallies(said)) == 1


@sizes
@pytest.mark.parametrize("end", [RST, RST | ACK, FIN | ACK])
def test_what_follows_a_reset_or_an_end_is_read(size: int, end: int) -> None:
    """A RST with a wrong sequence number, or one that the firewall dropped, ends nothing (RFC 9293 3.10.7.4)."""
    client, server = connection()
    frames = [*opened(client, server), client.says(READ), client.says(b"", flags=end), client.says(WRITE), server.says(WRITE)]
    said = hear(frames, size)
    assert sorted(told(said)) == [HARMLESS, HARMFUL]
    assert not flaws(said)


@sizes
@pytest.mark.parametrize("away", [70_000, 1 << 20, 1 << 31, -(1 << 20)])
def test_data_outside_the_window_hides_nothing(size: int, away: int) -> None:
    """A device drops it; here it is read as what it says, and what follows in its place is read too, though cut in two."""
    client, server = connection()
    frames = [*opened(client, server), client.says(READ), client.says(WRITE[:5])]
    frames += [tcp(CLIENT, SERVER, client.seq + away, modbus(9, write(9))), client.says(WRITE[5:]), client.says(modbus(3, write(3)))]
    frames.append(udp(End("1.1.1.1", 1), End("1.1.1.2", 1), b"later", 2 * HELD_NS))
    said = hear(frames, size)
    assert {HARMLESS, HARMFUL, "holding-register 3"} <= set(told(said))


@sizes
@pytest.mark.parametrize("many", [1, 3])
def test_a_segment_ahead_does_not_turn_the_stream_away_for_good(size: int, many: int) -> None:
    """It waits for what is missing before it, as if that were a loss, and is read in the end; then the stream goes on where it was."""
    client, server = connection()
    frames = [*opened(client, server), client.says(READ)]
    frames += [tcp(CLIENT, SERVER, client.seq + 60_000 + 12 * at, modbus(9, write(9 + at))) for at in range(many)]
    frames += [client.says(modbus(at, write(20 + at)), at * HELD_NS) for at in range(1, 8)]
    frames.append(udp(End("1.1.1.1", 1), End("1.1.1.2", 1), b"later", 9 * HELD_NS))
    said = told(hear(frames, size))
    assert {f"holding-register {20 + at}" for at in range(1, 8)} <= set(said)
    assert {f"holding-register {9 + at}" for at in range(many)} <= set(said)


@sizes
def test_what_is_dropped_as_a_repetition_was_read_or_is_told(size: int) -> None:
    """Led astray for longer than the stream goes back: not one command is dropped in silence."""
    client, server = connection()
    frames = [*opened(client, server), client.says(READ)]
    frames += [tcp(CLIENT, SERVER, client.seq + 60_000 + 12 * at, modbus(9, write(9)), time_ns=at * HELD_NS) for at in range(80)]
    frames += [client.says(modbus(at, write(20 + at)), 81 * HELD_NS) for at in range(1, 4)]
    said = hear(frames, size)
    commands = sum(one.startswith("holding-register 2") for one in told(said))
    assert commands + sum(item.times for item in said if isinstance(item, Sighting) and LATE in str(item.event)) == 3


# --- cut in pieces -------------------------------------------------------------------------------------------------------------------


@sizes
def test_one_byte_a_segment_backwards(size: int) -> None:
    client, server = connection()
    frames = opened(client, server)
    sent = [client.says(bytes((byte,))) for byte in WRITE]
    said = hear([*frames, *reversed(sent)], size)
    assert told(said) == [HARMFUL]
    assert not flaws(said)


@sizes
def test_a_datagram_in_fragments_is_read_whole(size: int) -> None:
    """BACnet writeProperty in fragments of 8 bytes, the last one first (RFC 791 3.2)."""
    payload = bytes.fromhex("810a001601040005220f0c0100000119553e003f4908")
    body = pack("!HHHH", 47_808, 47_808, 8 + len(payload), 0) + payload
    frames = [Frame(ethernet(0x0800, part)) for part in reversed(pieces_of(4, 17, body, 8))]
    (asked,) = requests(hear(frames, size))
    assert asked.event.operation == "writeProperty"


@sizes
def test_fragments_that_contradict_each_other_are_counted(size: int) -> None:
    """The first copy counts, as in streams; the flaw is a note of the capture. In IPv6 such a datagram is dropped whole (RFC 5722)."""
    payload = bytes.fromhex("810a001601040005220f0c0100000119553e003f4908")
    body = pack("!HHHH", 47_808, 47_808, 8 + len(payload), 0) + payload
    first, second, *rest = pieces_of(4, 17, body, 8)
    wrong = ipv4(17, bytes(8), ident=1, place=1 | 1 << 13)
    wire = Wire(DISSECTORS)
    frames = [Frame(ethernet(0x0800, part)) for part in (first, second, wrong, *rest)]
    said = list(sightings(wire, regroup(batch(frames), size)))
    assert [one.event.operation for one in requests(said)] == ["writeProperty"]
    assert wire.notes()["frames: fragment is wrong"] >= 1


# --- connections that are not what they seem -----------------------------------------------------------------------------------------


@sizes
def test_a_command_on_the_syn(size: int) -> None:
    """RFC 9293 3.4 allows data on a SYN, TCP Fast Open uses it: it is read once, though the device may ask for it again."""
    client = Side(CLIENT, SERVER)
    frames = [tcp(CLIENT, SERVER, client.seq, WRITE, SYN), tcp(CLIENT, SERVER, client.seq + 1, WRITE)]
    said = hear(frames, size)
    assert told(said) == [HARMFUL]
    assert not flaws(said)


@sizes
def test_a_second_syn_does_not_turn_the_stream_away(size: int) -> None:
    """A SYN with another number, which the device answers with a challenge ACK (RFC 5961 4.2): what goes on behind it is read."""
    client, server = connection()
    frames = [*opened(client, server), client.says(READ), tcp(CLIENT, SERVER, client.seq + 500_000_000, flags=SYN)]
    frames += [client.says(WRITE), client.says(modbus(3, write(3)))]
    assert set(told(hear(frames, size))) == {HARMLESS, HARMFUL, "holding-register 3"}


@sizes
def test_numbers_wrap_around_inside_a_command(size: int) -> None:
    client, server = connection(seq=2**32 - 7)
    frames = [*opened(client, server), client.says(WRITE), tcp(CLIENT, SERVER, client.seq - 12, READ)]
    said = hear(frames, size)
    assert told(said) == [HARMFUL]
    assert contradictions(said) == 1


@sizes
def test_a_port_used_again_with_the_same_numbers_contradicts_nothing(size: int) -> None:
    frames: list[Frame] = []
    for time_ns, payload in ((0, READ), (100 * MS, WRITE)):  # later than an echo comes
        client, server = connection()
        frames += [*opened(client, server, time_ns), client.says(payload, time_ns), tcp(CLIENT, SERVER, client.seq - 12, payload)]
    said = hear(frames, size)
    assert told(said) == [HARMLESS, HARMFUL]
    assert contradictions(said) == 0
