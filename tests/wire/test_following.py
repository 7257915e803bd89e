"""TCP as it comes: whatever order, repetition and cutting the segments have, the messages found are the messages sent."""

from itertools import pairwise, permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otwatch.decode.streams import HELD_NS
from otwatch.events import Anomaly, Identity, Request
from otwatch.packets import ACK, FIN, RST, SYN
from otwatch.sightings import Outcome, Sighting
from otwatch.wire import following
from tests.decode.builders import Frame
from tests.wire.dialogues import (
    CLIENT,
    MS,
    SERVER,
    End,
    Item,
    Side,
    answers,
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

SIZES = (1, 2, 5, 1000)
WRITES = [modbus(at, write(at)) for at in range(1, 5)]


def points(items: list[Item]) -> list[str]:
    return sorted(point for point, _ in outcomes(items))


def flaws(items: list[Item]) -> list[Anomaly]:
    return [item.event for item in items if isinstance(item, Sighting) and isinstance(item.event, Anomaly)]


def losses(items: list[Item]) -> tuple[int, int]:
    """Bytes lost and bytes not understood."""
    return sum(item.lost for item in tallies(items)), sum(item.unread for item in tallies(items))


def places(numbers: range) -> list[str]:
    return [f"holding-register {at}" for at in numbers]


@pytest.mark.parametrize("begin", [1000, 2**32 - 20])
def test_every_order_of_four_segments(begin: int) -> None:
    for order in permutations(range(4)):
        client, server = connection(seq=begin)
        frames = opened(client, server)
        sent = [client.says(one) for one in WRITES]
        said = hear([*frames, *(sent[at] for at in order)])
        assert points(said) == places(range(1, 5)), order
        assert losses(said) == (0, 0)


@settings(max_examples=60)
@given(st.data(), st.integers(0, 2**32 - 1), st.randoms(use_true_random=False), st.booleans())
def test_any_cutting_overlap_repetition_and_order(data: st.DataObject, begin: int, random: Random, syn: bool) -> None:
    text = b"".join(WRITES)
    cuts = data.draw(st.lists(st.integers(1, len(text) - 1), max_size=10, unique=True))
    edges = [0, *sorted(cuts), len(text)]
    spans = [(max(0, start - random.randrange(3)), end) for start, end in pairwise(edges)]
    spans += random.sample(spans, len(spans) // 2)
    first, rest = spans[0], spans[1:]
    random.shuffle(rest)
    frames = [tcp(CLIENT, SERVER, begin - 1, flags=SYN)] if syn else []
    frames += [tcp(CLIENT, SERVER, begin + start, text[start:end]) for start, end in (first, *rest)]
    size = data.draw(st.sampled_from(SIZES))
    said = hear(frames, size)
    assert points(said) == places(range(1, 5))
    assert losses(said) == (0, 0)
    assert not flaws(said)


@pytest.mark.parametrize("size", SIZES)
def test_one_byte_a_segment(size: int) -> None:
    client, server = connection()
    frames = opened(client, server) + [client.says(bytes((byte,))) for one in WRITES for byte in one]
    frames += [server.says(bytes((byte,))) for one in WRITES for byte in one]
    said = hear(frames, size)
    assert outcomes(said) == [(place, Outcome.OK) for place in places(range(1, 5))]


@pytest.mark.parametrize("size", SIZES)
def test_a_gap_is_counted_to_the_byte_and_what_follows_is_read(size: int) -> None:
    client, server = connection()
    frames = [*opened(client, server), client.says(WRITES[0])]
    client.says(WRITES[1])
    frames += [client.says(WRITES[2], MS), client.says(WRITES[3], HELD_NS + 2 * MS)]
    said = hear(frames, size)
    assert points(said) == ["holding-register 1", "holding-register 3", "holding-register 4"]
    assert losses(said) == (len(WRITES[1]), 0)


@pytest.mark.parametrize("size", SIZES)
def test_two_gaps_are_waited_for_one_after_the_other(size: int) -> None:
    """The second gap is young when the first is given up: what fills it still counts."""
    client, server = connection()
    frames = opened(client, server)
    client.says(WRITES[0])
    frames.append(client.says(WRITES[1]))
    late = client.says(WRITES[2], HELD_NS + 20 * MS)
    frames += [client.says(WRITES[3], HELD_NS + 10 * MS), late]
    said = hear(frames, size)
    assert points(said) == places(range(2, 5))
    assert losses(said) == (len(WRITES[0]), 0)


@pytest.mark.parametrize("size", SIZES)
def test_what_stands_behind_a_gap_at_the_end_is_read(size: int) -> None:
    client, server = connection()
    frames = opened(client, server)
    client.says(WRITES[0])
    frames += [client.says(WRITES[1], MS), udp(End("1.1.1.1", 1), End("1.1.1.2", 1), b"another", 9 * MS)]
    said = hear(frames, size)
    assert points(said) == ["holding-register 2"]
    assert [(item.frame.number, item.first_ns) for item in requests(said)] == [(3, MS)]
    assert losses(said) == (len(WRITES[0]), 0)


@pytest.mark.parametrize("size", SIZES)
def test_behind_a_gap_a_flaw_hides_no_more_than_in_order(size: int) -> None:
    """Each segment is read for itself, and what it says stands in its own frame."""
    client, server = connection()
    frames = opened(client, server)
    client.says(WRITES[0])
    frames += [client.says(WRITES[1], MS), client.says(bytes(12), 2 * MS), client.says(WRITES[2], 3 * MS)]
    said = hear(frames, size)
    assert points(said) == ["holding-register 2", "holding-register 3"]
    assert [(item.frame.number, item.first_ns) for item in requests(said)] == [(3, MS), (5, 3 * MS)]
    assert [flaw.reason for flaw in flaws(said)] == ["length 0 is not 2..254"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("end", [FIN | ACK, RST])
def test_what_stands_behind_a_gap_is_read_before_the_port_is_used_again(size: int, end: int) -> None:
    client, server = connection()
    frames = [*opened(client, server), client.says(WRITES[0])]
    client.says(WRITES[1])
    frames += [client.says(WRITES[2]), client.says(b"", flags=end)]
    again = connection(seq=900_000_000)
    frames += [*opened(*again), again[0].says(WRITES[3])]
    said = hear(frames, size)
    assert points(said) == ["holding-register 1", "holding-register 3", "holding-register 4"]
    assert sorted(item.frame.number for item in requests(said)) == [3, 4, 8]
    assert losses(said) == (len(WRITES[1]), 0)


@pytest.mark.parametrize("size", SIZES)
def test_a_port_used_again_in_the_middle_of_a_message(size: int) -> None:
    client, server = connection()
    frames = [*opened(client, server), client.says(WRITES[0] + WRITES[1][:7])]
    again = connection(seq=client.seq + 3)
    frames += [*opened(*again), again[0].says(WRITES[2])]
    said = hear(frames, size)
    assert points(said) == ["holding-register 1", "holding-register 3"]
    assert losses(said) == (0, 7)
    assert not flaws(said)


@pytest.mark.parametrize("size", SIZES)
def test_data_on_the_syn(size: int) -> None:
    """TCP Fast Open (RFC 7413): the SYN counts as the byte before the payload."""
    client = Side(CLIENT, SERVER)
    frames = [client.opens()]
    frames[0] = tcp(CLIENT, SERVER, client.seq - 1, WRITES[0], SYN)
    client.seq += len(WRITES[0])
    said = hear([*frames, client.says(WRITES[1]), client.says(WRITES[2])], size)
    assert points(said) == places(range(1, 4))
    assert losses(said) == (0, 0)


@pytest.mark.parametrize("size", SIZES)
def test_keep_alives_say_nothing(size: int) -> None:
    """A keep-alive repeats the byte before the next one (RFC 9293 3.8.4)."""
    client, server = connection()
    frames = opened(client, server)
    for one in WRITES[:3]:
        frames += [client.says(one), tcp(CLIENT, SERVER, client.seq - 1, b"\0"), tcp(CLIENT, SERVER, client.seq - 1)]
    said = hear(frames, size)
    assert points(said) == places(range(1, 4))
    assert losses(said) == (0, 0)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("inside", range(12))
def test_a_capture_that_begins_inside_a_message(size: int, inside: int) -> None:
    client = Side(CLIENT, SERVER)
    said = hear([client.says(WRITES[0][inside:]), *(client.says(one) for one in WRITES[1:])], size)
    assert points(said) == places(range(2 if inside else 1, 5))
    assert losses(said)[0] == 0


@pytest.mark.parametrize("size", SIZES)
def test_a_syn_in_the_middle_of_one_direction(size: int) -> None:
    """The client's SYN of the second connection stands before the last answer of the first."""
    client, server = connection()
    frames = [*opened(client, server), client.says(WRITES[0]), client.says(WRITES[1])]
    again = connection(seq=2_000_000_000)
    first, second = opened(*again)
    frames += [first, server.says(WRITES[0]), second, again[0].says(WRITES[2]), again[1].says(WRITES[2])]
    said = hear(frames, size)
    assert ("holding-register 3", Outcome.OK) in outcomes(said)
    assert losses(said) == (0, 0)


@pytest.mark.parametrize("size", SIZES)
def test_the_first_segment_is_missing_from_the_capture(size: int) -> None:
    """One direction only, its SYN seen, its first request lost: the others are recognised all the same."""
    client = Side(CLIENT, SERVER)
    frames = [client.opens()]
    client.says(WRITES[0])
    frames += [client.says(one, at * HELD_NS) for at, one in enumerate(WRITES[1:])]
    said = hear(frames, size)
    assert points(said) == places(range(2, 5))
    assert losses(said) == (len(WRITES[0]), 0)


def test_streams_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "BYTES", 300)
    frames: list[Frame] = []
    sides = [connection(End("10.0.0.1", 40_000 + at)) for at in range(50)]
    for client, server in sides:
        frames += [*opened(client, server), client.says(WRITES[0]), client.says(WRITES[1][:9])]
    wanted = 0
    for client, _ in sides:
        frames.append(client.says(WRITES[1][9:]))
        wanted += len(WRITES[1])
    said = hear(frames, 10)
    assert len(requests(said)) >= 50
    assert 9 * 20 < losses(said)[1] <= wanted


# --- protocols that remember: HTTP, FTP ---------------------------------------------------------------------------------------------

WEB, FILES = End("10.0.0.2", 80), End("10.0.0.2", 21)


def get(path: str) -> bytes:
    return f"GET /{path} HTTP/1.1\r\nHost: a\r\n\r\n".encode()


def answer(status: int, body: bytes = b"") -> bytes:
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def asked(items: list[Item]) -> list[tuple[str, Outcome, str]]:
    return [(item.event.points[0].name, item.outcome, item.error_code) for item in requests(items) if isinstance(item.event, Request)]


@pytest.mark.parametrize("size", SIZES)
def test_pages_are_answered_in_turn(size: int) -> None:
    client, server = connection(CLIENT, WEB)
    frames = [*opened(client, server), client.says(get("a") + get("b")), server.says(answer(200, b"page")), server.says(answer(404))]
    assert asked(hear(frames, size)) == [("/a", Outcome.OK, ""), ("/b", Outcome.ERROR, "404")]


@pytest.mark.parametrize("size", SIZES)
def test_a_lost_answer_does_not_shift_the_ones_after_it(size: int) -> None:
    """Else a refused login would count as accepted."""
    client, server = connection(CLIENT, WEB)
    frames = [*opened(client, server), client.says(get("a")), server.says(answer(200)), client.says(get("login"))]
    server.says(answer(401))
    frames += [client.says(get("c"), MS), server.says(answer(200), MS)]
    frames += [client.says(get("d"), 2 * HELD_NS), server.says(answer(500), 2 * HELD_NS)]
    said = {path: outcome for path, outcome, _ in asked(hear(frames, size))}
    assert sorted(said) == ["/a", "/c", "/d", "/login"]
    assert (said["/a"], said["/login"]) == (Outcome.OK, Outcome.UNKNOWN)
    assert said["/c"] is not Outcome.ERROR


@pytest.mark.parametrize("size", SIZES)
def test_a_connection_opened_anew_remembers_no_body(size: int) -> None:
    client, server = connection(CLIENT, WEB)
    frames = [*opened(client, server), client.says(get("a")), server.says(answer(200, b"x" * 500)[:200])]
    again = connection(CLIENT, WEB, 1_000_000)
    frames += [*opened(*again), again[0].says(get("b")), again[1].says(answer(403))]
    said = hear(frames, size)
    assert asked(said) == [("/a", Outcome.OK, ""), ("/b", Outcome.ERROR, "403")]
    assert not flaws(said)


@pytest.mark.parametrize("size", SIZES)
def test_the_rest_of_an_old_answer_after_the_new_syn_is_no_flaw(size: int) -> None:
    client, server = connection(CLIENT, WEB)
    body = answer(200, b"x" * 500)
    frames = [*opened(client, server), client.says(get("a")), server.says(body[:200])]
    again = connection(CLIENT, WEB, 1_000_000)
    first, second = opened(*again)
    frames += [server.says(body[200:300]), first, second, again[0].says(get("b")), again[1].says(answer(200))]
    said = hear(frames, size)
    assert [path for path, *_ in asked(said)] == ["/a", "/b"]
    assert not flaws(said)


@pytest.mark.parametrize("size", SIZES)
def test_a_gap_in_an_ftp_dialogue(size: int) -> None:
    """The password behind the gap still is one, and its reply is not taken for that of USER."""
    client, server = connection(CLIENT, FILES)
    frames = [*opened(client, server), server.says(b"220 FTP ready\r\n"), client.says(b"USER a\r\n")]
    server.says(b"331 need password\r\n")
    frames += [client.says(b"PASS b\r\n", MS), server.says(b"530 no\r\n", MS), client.says(b"SYST\r\n", 2 * HELD_NS)]
    frames.append(server.says(b"215 UNIX\r\n", 2 * HELD_NS))
    said = hear(frames, size)
    user = next(item for item in requests(said) if isinstance(item.event, Request) and item.event.operation == "USER")
    assert user.outcome is Outcome.UNKNOWN
    assert next(item.event.fields for item in said if isinstance(item, Sighting) and isinstance(item.event, Identity))[0][1] == "FTP ready"
    assert not any(answer.error for answer in answers(said) if "530" not in str(answer.event))


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.sampled_from(SIZES[:3]))
def test_batches_end_anywhere_in_a_random_mixture(seed: int, size: int) -> None:
    """Several connections, port reuse, gaps, repetitions, and time that passes: the borders of batches never show."""
    random = Random(seed)
    sides = [connection(End("10.0.0.1", port), server) for port in (40_000, 40_001) for server in (SERVER, WEB)]
    frames: list[Frame] = []
    now = 0
    for _ in range(60):
        now += random.choice((0, 0, MS, HELD_NS, slots(1)))
        at = random.randrange(len(sides))
        client, server = sides[at]
        web = client.target == WEB
        say = random.random()
        if say < 0.1:
            sides[at] = connection(client.source, client.target, random.randrange(2**32))
            frames += opened(*sides[at], now)
        elif say < 0.5:
            frames.append(client.says(get(str(random.randrange(3))) if web else random.choice(WRITES), now))
        elif say < 0.8:
            frames.append(server.says(answer(random.choice((200, 404)), b"body") if web else random.choice(WRITES), now))
        elif say < 0.9:
            random.choice((client, server)).seq += random.choice((1, 12, 40))
        elif frames:
            frames.append(random.choice(frames[-5:]))
    if frames:
        frames.append(udp(End("1.1.1.1", 1), End("1.1.1.2", 1), b"end", now))
        whole, parts = hear(frames), hear(frames, size)
        assert summed(parts) == summed(whole)
        assert parts == whole
