import gzip
from collections.abc import Iterator
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from otwatch.capture.window import PIECE, ROOM, BrokenOff, Window, drawn, filled_from, poured, unpacked


def cut(content: bytes, size: int) -> Iterator[bytes]:
    return drawn(filled_from(BytesIO(content), lambda _: None, size))


def test_a_window_moves_forward() -> None:
    window = Window(poured(iter([b"abc", b"def"])))
    assert window.reach(4)
    window.drop(2)
    assert (bytes(window.data), window.offset, window.view(3).tobytes()) == (b"cdef", 2, b"cde")
    assert not window.view(3).flags.writeable
    assert not window.reach(5)


def test_a_record_larger_than_the_room_still_comes_whole() -> None:
    content = bytes(range(251)) * (2 * ROOM // 251 + 1)
    window = Window(filled_from(BytesIO(content), lambda _: None))
    first = window.view(0)
    assert window.reach(len(content))
    assert window.data == content
    shown = window.view(100)
    window.drop(50)
    assert (window.data, shown.tobytes(), len(first)) == (content[50:], content[:100], 0)


def test_consumed_bytes_are_told() -> None:
    told: list[int] = []
    assert b"".join(drawn(filled_from(BytesIO(bytes(10)), told.append, 4))) == bytes(10)
    assert told == [4, 4, 2]


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), st.integers(1, 50), st.binary(max_size=3).map(lambda b: bytes(len(b))))
def test_members_follow_each_other(members: list[bytes], size: int, padding: bytes) -> None:
    packed = b"".join(gzip.compress(member) + padding for member in members)
    assert b"".join(unpacked(cut(packed, size))) == b"".join(members)


@given(st.binary(max_size=2000), st.integers(0, 2000), st.integers(1, 500))
def test_what_is_cut_short_gives_what_was_readable(content: bytes, there: int, size: int) -> None:
    packed = gzip.compress(content)[: max(there, 1)]
    window = Window(poured(unpacked(cut(packed, size))))
    window.reach(10**6)
    assert content.startswith(bytes(window.data))
    assert bool(window.flaw) == (len(packed) < len(gzip.compress(content)))


@given(st.binary(max_size=5000))
def test_a_wrong_checksum_costs_a_byte(content: bytes) -> None:
    packed = bytearray(gzip.compress(content))
    packed[-8] ^= 1
    window = Window(poured(unpacked(iter([bytes(packed)]))))
    window.reach(10**6)
    assert window.flaw == "gzip is damaged"
    assert bytes(window.data) in (content, content[:-1])


def test_a_bomb_comes_in_pieces() -> None:
    packed = gzip.compress(bytes(20 * PIECE), 9)
    assert max(len(piece) for piece in unpacked(iter([packed]))) <= PIECE


def test_everything_held_back_comes_out() -> None:
    """A member whose content fills pieces exactly, so that zlib stops at the limit before it sees the end."""
    for extra in (-1, 0, 1):
        content = bytes(2 * PIECE + extra)
        assert b"".join(unpacked(iter([gzip.compress(content)]))) == content


@given(st.binary(max_size=100))
def test_any_bytes(content: bytes) -> None:
    try:
        assert b"".join(unpacked(iter([content]))) == b""
    except BrokenOff as reason:
        assert str(reason).startswith("gzip ")  # noqa: PT017  # either of two outcomes is right
