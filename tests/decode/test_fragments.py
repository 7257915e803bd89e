"""decode/fragments.py: order, gaps, overlaps, bounds; and what the rows of fragments look like."""

from itertools import pairwise, permutations
from struct import pack
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.decode.columns import decode
from otwatch.decode.fragments import ECHO_NS, TIMEOUT_NS, Fragments, Joined, Piece
from otwatch.packets import FLAWS
from tests.decode.builders import Frame, batch, ethernet, ipv6, pieces_of, tcp, udp
from tests.decode.oracle import rows_of

FOUR, SIX = (4, 1), (6, 1)
TYPES = {4: 0x0800, 6: 0x86DD}


def piece(offset: int, data: bytes, more: bool = True, time_ns: int = 0) -> Piece:
    return Piece(offset, data, more, 17, time_ns)


def rows(version: int, packets: list[bytes], size: int = 99) -> list[dict[str, Any]]:
    """The rows of these packets, decoded in batches of `size`."""
    frames = [Frame(ethernet(TYPES[version], packet) + bytes(4)) for packet in packets]
    fragments = Fragments()
    return [row for at in range(0, len(frames), size) for row in rows_of(decode(batch(frames[at : at + size]), fragments))]


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize("size", [1, 2, 99])
def test_the_last_row_to_arrive_is_the_datagram(version: int, size: int) -> None:
    message = bytes(range(100))
    for order in permutations(pieces_of(version, 17, udp(message), 40)):
        *others, last = rows(version, list(order), size)
        assert [(row["fragment"], row["length"], row["dst_port"], row["flaw"]) for row in others] == [(True, 0, 0, 0)] * 2
        assert (last["fragment"], last["payload"], last["dst_port"], last["missing"], last["flaw"]) == (False, message, 47808, 0, 0)


def test_tcp_in_fragments_and_two_datagrams_in_turn() -> None:
    one, two = (pieces_of(4, 6, tcp(text), 24, ident) for ident, text in enumerate((b"first message", b"second message")))
    seen = rows(4, [one[0], two[0], two[1], one[1]])
    assert [row["payload"] for row in seen] == [b"", b"", b"second message", b"first message"]
    assert [row["seq"] for row in seen] == [0, 0, 7, 7]


def test_extension_headers_inside_and_a_fragment_of_a_fragment() -> None:
    inside = pack("!BBHI", 17, 0, 0, 0) + udp(b"behind options")
    assert rows(6, pieces_of(6, 60, inside, 16))[-1]["payload"] == b"behind options"
    nested = pack("!BBHI", 17, 0, 8, 9) + udp(b"again in pieces")
    again = rows(6, pieces_of(6, 44, nested, 16))[-1]
    assert (FLAWS[again["flaw"]], again["length"], again["fragment"]) == ("fragment is wrong", 0, True)


def test_a_lone_ipv6_fragment_is_whole() -> None:
    seen = rows(6, [ipv6(44, pack("!BBHI", 17, 0, 0, 5) + udp(b"atomic"))])[0]
    assert (seen["fragment"], seen["payload"]) == (False, b"atomic")


def test_a_fragment_that_the_snap_length_cut_never_joins() -> None:
    first, last = pieces_of(4, 17, udp(bytes(32)), 24)
    whole = ethernet(0x0800, first)
    fragments = Fragments()
    seen = rows_of(decode(batch([Frame(whole[:-4], wire=len(whole)), Frame(ethernet(0x0800, last))]), fragments))
    assert [(row["fragment"], row["length"], row["missing"]) for row in seen] == [(True, 0, 4), (True, 0, 0)]
    assert len(fragments) == 1


@given(st.binary(min_size=1, max_size=300), st.data())
def test_any_order_with_repetitions_gives_the_datagram(content: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, (len(content) - 1) // 8)).map(lambda cut: cut | {0})))
    bounds = [*(8 * cut for cut in cuts), len(content)]
    parts = [piece(a, content[a:b], b < len(content)) for a, b in pairwise(bounds)]
    order = data.draw(st.permutations(parts))
    fragments = Fragments()
    said = []
    for part in order:
        said.append(fragments.add(FOUR, part))
        if said[-1].whole is None:
            assert fragments.add(FOUR, part) == Joined()
    assert [one.whole for one in said if one.whole is not None] == [content]
    assert not any(one.wrong for one in said)
    assert (len(fragments), fragments._bytes, fragments.joined) == (0, 0, 1)


def test_an_echo_of_a_whole_datagram_waits_for_nothing() -> None:
    fragments = Fragments()
    first, last = piece(0, b"12345678"), piece(8, b"end", more=False)
    said = [fragments.add(FOUR, part) for part in (first, first, last, last)]
    assert [one.whole for one in said] == [None, None, b"12345678end", None]
    assert (len(fragments), fragments.joined) == (0, 1)
    fragments.add(FOUR, piece(8, b"END", more=False))
    assert fragments.add(FOUR, piece(0, b"abcdefgh")).whole == b"abcdefghEND"


def test_after_a_while_the_same_bytes_are_a_new_datagram() -> None:
    fragments = Fragments()
    for time_ns in (0, ECHO_NS + 1):
        fragments.add(FOUR, piece(0, b"12345678", time_ns=time_ns))
        assert fragments.add(FOUR, piece(8, b"end", more=False, time_ns=time_ns)).whole == b"12345678end"


def test_ipv4_overlap_keeps_what_came_first() -> None:
    fragments = Fragments()
    assert not fragments.add(FOUR, piece(0, b"a" * 16)).wrong
    assert fragments.add(FOUR, piece(8, b"b" * 16)).wrong
    assert fragments.add(FOUR, piece(24, b"c", more=False)) == Joined(b"a" * 16 + b"b" * 8 + b"c", 17, True)


def test_ipv6_overlap_drops_the_datagram_for_good() -> None:
    """RFC 5722 3."""
    fragments = Fragments()
    fragments.add(SIX, piece(0, b"a" * 16))
    assert fragments.add(SIX, piece(8, b"b" * 16)).wrong
    assert fragments.add(SIX, piece(0, b"a" * 16)).wrong
    assert fragments.add(SIX, piece(24, b"c", more=False)) == Joined(wrong=True)
    assert fragments._bytes == 0


@pytest.mark.parametrize(
    "bad",
    [piece(0, b""), piece(0, b"1234567"), piece(65528, b"12345678", more=False), piece(65528, b"12345678")],
    ids=["empty", "no whole blocks", "last beyond 65535", "beyond 65535"],
)
def test_impossible_fragments(bad: Piece) -> None:
    fragments = Fragments()
    assert fragments.add(FOUR, bad) == Joined(wrong=True)
    assert len(fragments) == 0


def test_fragments_that_disagree_on_the_end() -> None:
    fragments = Fragments()
    fragments.add(FOUR, piece(16, b"end", more=False))
    assert fragments.add(FOUR, piece(16, b"12345678")).wrong
    assert fragments.add(FOUR, piece(8, b"short", more=False)).wrong
    assert fragments.add(FOUR, piece(0, b"a" * 16)).whole == b"a" * 16 + b"end"


def test_bounds_forget_the_longest_waiting() -> None:
    fragments = Fragments(datagrams=2, held=100)
    for ident in (1, 2, 3):
        fragments.add((4, ident), piece(0, b"a" * 8))
    assert (len(fragments), fragments.evicted) == (2, 1)
    fragments.add((4, 2), piece(16, b"a" * 8))
    fragments.add((4, 4), piece(0, b"a" * 8))
    assert fragments.add((4, 2), piece(8, b"bbbbbbbb")) == Joined()
    fragments.add((4, 5), piece(96, b"a" * 8))
    assert (len(fragments), fragments._bytes, fragments.evicted) == (0, 0, 5)


@pytest.mark.parametrize("late", [TIMEOUT_NS + 1, -TIMEOUT_NS - 1])
def test_too_late_begins_anew(late: int) -> None:
    fragments = Fragments()
    fragments.add(FOUR, piece(0, b"old bits"))
    assert fragments.add(FOUR, piece(8, b"late", more=False, time_ns=late)).whole is None
    assert (fragments.expired, len(fragments)) == (1, 1)
    assert fragments.add(FOUR, piece(0, b"new bits", time_ns=late)).whole == b"new bitslate"
