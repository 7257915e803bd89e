"""TCP in order: a stream cut, repeated and shuffled gives its bytes once."""

from itertools import pairwise
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from otwatch.decode.sequence import CLEAN, RESTART, SLOW, Sequence
from otwatch.decode.streams import HELD_NS, Stream
from otwatch.packets import SYN
from tests.wire.builders import segments

TEXT = bytes(range(200))


@given(st.lists(st.integers(1, 199), max_size=12, unique=True), st.integers(0, 2**32 - 1), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_give_the_same_bytes(cuts: list[int], begin: int, random: Random) -> None:
    edges = [0, *sorted(cuts), len(TEXT)]
    pieces = [(start, TEXT[start:end]) for start, end in pairwise(edges)]
    pieces += random.sample(pieces, len(pieces) // 2)
    random.shuffle(pieces)
    stream = Stream(begin, synced=True)
    assert b"".join(stream.feed((begin + at) & 0xFFFFFFFF, piece, 0, 0) for at, piece in pieces) == TEXT
    assert stream.next == (begin + len(TEXT)) & 0xFFFFFFFF
    assert not stream.waits


def test_overlapping_segments_give_each_byte_once() -> None:
    stream = Stream(100, synced=True)
    assert stream.feed(100, b"abcd", 0, 0) + stream.feed(102, b"cdef", 0, 0) + stream.feed(98, b"__ab", 0, 0) == b"abcdef"


def test_a_gap_is_given_up_after_a_while_and_counted() -> None:
    stream = Stream(100, synced=True)
    assert stream.feed(110, b"later", 0, 5) == b""
    assert not stream.overdue(5 + HELD_NS)
    assert stream.overdue(6 + HELD_NS)
    assert stream.give_up() == b"later"
    assert (stream.lost, stream.synced) == (10, False)


def test_what_stands_behind_a_gap_comes_segment_by_segment() -> None:
    stream = Stream(100, synced=True)
    for seq, payload in ((120, b"two"), (110, b"0123456789"), (130, b"far"), (115, b"5678")):
        assert stream.feed(seq, payload, 0, seq, place=seq) == b""
    assert (stream.give_up(), stream.at) == (b"0123456789", (110, 110))
    assert (stream.following(), stream.at, stream.following(), stream.lost) == (b"two", (120, 120), b"", 10)
    assert (stream.give_up(), stream.lost, stream.waits) == (b"far", 17, False)


def test_a_syn_starts_anew_and_a_large_jump_too() -> None:
    stream = Stream(100, synced=True)
    stream.buffer = b"half a message"
    assert stream.feed(9_000, b"", SYN, 0) == b""
    assert (stream.next, stream.buffer, stream.unread, stream.synced) == (9_001, b"", 14, True)
    assert stream.feed((9_001 - RESTART) & 0xFFFFFFFF, b"again", 0, 0) == b"again"
    assert not stream.synced


def test_sorting_a_batch_keeps_what_follows_drops_repetitions_and_hands_over_the_rest() -> None:
    sequence = Sequence()
    packets, direction = segments([
        (0, 1000, b"", SYN), (0, 1001, b"ab", 0), (1, 5, b"xy", 0), (0, 1001, b"ab", 0), (0, 1003, b"c", 0),
        (1, 7, b"z", 0), (2, 50, b"first", 0), (2, 99, b"gap", 0), (2, 55, b"late", 0),
    ])  # fmt: skip
    sequence.state[1], sequence.next[1] = CLEAN, 5
    found = sequence.sort(packets, np.arange(9), direction)
    assert found.fast.tolist() == [1, 2, 4, 5, 6]
    assert found.slow.tolist() == [7, 8]
    assert found.begun == {2: (55, True)}
    assert found.unsure == {6}
    assert sequence.next[[0, 1]].tolist() == [1004, 8]


def test_a_direction_that_has_a_stream_stays_with_it_even_when_it_is_opened_anew() -> None:
    """What the stream still holds was said before the SYN, so the stream must see the SYN in its place."""
    sequence = Sequence()
    sequence.state[0] = SLOW
    packets, direction = segments([(0, 10, b"a", 0)])
    assert sequence.sort(packets, np.arange(1), direction).slow.tolist() == [0]
    packets, direction = segments([(0, 10, b"", SYN), (0, 11, b"a", 0)])
    assert sequence.sort(packets, np.arange(2), direction).slow.tolist() == [0, 1]
    assert sequence.state[0] == SLOW


def test_sequence_numbers_wrap() -> None:
    sequence = Sequence()
    sequence.state[0], sequence.next[0] = CLEAN, 2**32 - 2
    packets, direction = segments([(0, 2**32 - 2, b"abc", 0), (0, 1, b"d", 0)])
    assert sequence.sort(packets, np.arange(2), direction).fast.tolist() == [0, 1]
    assert sequence.next[0] == 2


def test_a_keep_alive_behind_a_gap_repeats_nothing() -> None:
    stream = Stream(100, synced=True)
    stream.feed(110, b"later", 0, 5)
    assert not stream.repeats(114, b"\0", 0)
    assert stream.repeats(112, b"\0", 0)
    assert stream.repeats(114, b"\1", 0)
    assert not stream.repeats(99, b"\0", 0)
