"""exchange/framing.py: a stream is read to its end, or it is told what is wrong with it."""

import os
from tempfile import TemporaryFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.errors import ExchangeError
from otwatch.exchange import Inlet, Kind, Outlet
from otwatch.exchange.framing import GREETING, MOST

WHOLE = GREETING + b"\x03\0\0\0\x05abc" + b"\0\0\0\0\x08"


def read(stream: bytes) -> list[tuple[Kind, bytes]]:
    with TemporaryFile() as file:
        file.write(stream)
        file.seek(0)
        inlet = Inlet(file.fileno())
        return [(kind, bytes(inlet.body())) for kind in inlet]


def test_frames_are_written_as_the_page_says() -> None:
    with TemporaryFile() as file:
        outlet = Outlet(file.fileno())
        outlet.put(Kind.ITEMS, b"ab", b"", b"c")
        outlet.put(Kind.ENDING)
        file.seek(0)
        assert file.read() == WHOLE
    assert read(WHOLE) == [(Kind.ITEMS, b"abc"), (Kind.ENDING, b"")]


@pytest.mark.parametrize("size", range(len(WHOLE)))
def test_a_stream_that_breaks_off_anywhere_is_an_error(size: int) -> None:
    with pytest.raises(ExchangeError, match="breaks off"):
        read(WHOLE[:size])


def test_a_stream_of_another_otwatch_is_refused_with_both_versions() -> None:
    with pytest.raises(ExchangeError, match=r"is of version 2, vocabulary .*; this otwatch reads version 1, vocabulary "):
        read(WHOLE[:8] + b"\x02" + WHOLE[9:])
    with pytest.raises(ExchangeError, match="vocabulary 0000000000000000;"):
        read(WHOLE[:9] + bytes(8) + WHOLE[17:])


def test_another_stream_is_refused() -> None:
    with pytest.raises(ExchangeError, match="a stream of otwatch is expected"):
        read(b"GET / HTTP/1.1\r\n\r\n")


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (b"\0\0\0\0\x63", "kind 99"),
        ((MOST[Kind.ITEMS] + 1).to_bytes(4, "little") + b"\x05", "at most 67108864 are read"),
        (b"\xff\xff\xff\xff\x04", "at most 1 are read"),
    ],
)
def test_unknown_and_too_long_frames_are_refused_before_there_is_room_for_them(frame: bytes, why: str) -> None:
    with pytest.raises(ExchangeError, match=why):
        read(GREETING + frame)


def test_nothing_is_sent_that_could_not_be_read() -> None:
    with TemporaryFile() as file, pytest.raises(ExchangeError, match="CONSUMED of 17 bytes"):
        Outlet(file.fileno()).put(Kind.CONSUMED, bytes(17))


def test_a_frame_that_nobody_looks_at_is_passed_over() -> None:
    with TemporaryFile() as file:
        file.write(WHOLE)
        file.seek(0)
        assert list(Inlet(file.fileno())) == [Kind.ITEMS, Kind.ENDING]


@given(st.lists(st.binary(max_size=300_000), max_size=6))
def test_parts_of_any_size_come_out_in_one_piece(parts: list[bytes]) -> None:
    with TemporaryFile() as file:
        outlet = Outlet(file.fileno())
        outlet.put(Kind.ITEMS, *parts)
        outlet.put(Kind.ENDING)
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        inlet = Inlet(file.fileno())
        assert next(bytes(inlet.body()) for _ in inlet) == b"".join(parts)
