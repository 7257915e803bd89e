"""The reader never looks outside its bytes, and remembers exactly what was set aside."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.reader import CLOSES, ODD, OPENS, Reader
from otwatch.errors import Malformed

NUMBERS: dict[str, tuple[int, str]] = {
    "u8": (1, "big"),
    "u16": (2, "big"),
    "u24": (3, "big"),
    "u32": (4, "big"),
    "le16": (2, "little"),
    "le32": (4, "little"),
    "le64": (8, "little"),
}

STEPS_OF_HEADS = [*range(0x80), *(OPENS + number for number in range(0x40)), *(CLOSES + number for number in range(0x3F)), ODD]

STEPS: list[Callable[[Reader, int], object]] = [
    lambda read, n: read.take(n),
    lambda read, n: read.aside(n),
    lambda read, n: read.ticket(n),
    lambda read, n: read.part(n),
    lambda read, n: read.peek(n) and None,
    lambda read, n: read.fields(f">{abs(n)}B"),
    lambda read, n: read.ahead(f">{abs(n)}B"),
    lambda read, n: read.skim(STEPS_OF_HEADS, [], abs(n), n > 0),
    lambda read, _: read.u16(),
    lambda read, _: read.le64(),
    lambda read, n: read.line(n + 1),
]


@pytest.mark.parametrize("name", NUMBERS)
@given(data=st.binary(max_size=12))
def test_numbers(name: str, data: bytes) -> None:
    size, order = NUMBERS[name]
    read = Reader(data)
    if len(data) < size:
        with pytest.raises(Malformed):
            getattr(read, name)()
        assert read.at == 0
    else:
        assert getattr(read, name)() == int.from_bytes(data[:size], "little" if order == "little" else "big")
        assert read.at == size


SEVERAL_STEPS = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(-2, 20)))


def flaw_of(step: Callable[[Reader, int], object], read: Reader, size: int) -> Malformed | None:
    try:
        step(read, size)
    except Malformed as flaw:
        return flaw
    return None


@given(data=st.binary(max_size=40), start=st.integers(0, 40), end=st.integers(0, 60), steps=SEVERAL_STEPS)
def test_stays_inside(data: bytes, start: int, end: int, steps: list[tuple[Callable[[Reader, int], object], int]]) -> None:
    start = min(start, len(data))
    read = Reader(data, start, max(start, end))
    for step, size in steps:
        before = read.at
        flaw = flaw_of(step, read, size)
        assert flaw is None or flaw.offset == read.at == before
        assert start <= read.at <= read.end <= len(data)
    assert all(start <= first <= last <= read.end for first, last in read.spans)


@given(data=st.binary(min_size=4, max_size=20), size=st.integers(0, 4))
def test_a_part_is_a_window(data: bytes, size: int) -> None:
    read = Reader(data)
    read.take(1)
    size = min(size, read.left)
    part = read.part(size)
    assert part.rest() == data[1 : 1 + size]
    assert read.at == 1 + size
    with pytest.raises(Malformed, match="0 left"):
        part.u8()


def test_parts_report_what_they_set_aside() -> None:
    read = Reader(bytes(10))
    read.aside(1)
    part = read.part(6)
    part.ticket(2)
    part.part(3).aside(2)
    assert read.spans == ((0, 1), (1, 3), (3, 5))
    assert read.last_ticket(0) == (1, 3)
    assert read.last_ticket(2) == (0, 0)


def test_the_first_ticket_of_a_message_counts() -> None:
    read = Reader(bytes(8))
    read.ticket(2)
    read.ticket(2)
    assert read.last_ticket(0) == (0, 2)
    assert read.last_ticket(1) == (2, 4)


def test_nothing_set_aside_is_no_span() -> None:
    read = Reader(b"")
    read.aside(0)
    assert read.spans == ()


def test_a_look_ahead_moves_nothing() -> None:
    read = Reader(b"\x00\x00\x01\x02\x03")
    assert read.ahead(">2xHB") == (0x102, 3)
    assert read.at == 0
    with pytest.raises(Malformed, match="6 bytes expected, 5 left at byte 0"):
        read.ahead(">6x")


def skimmed(data: str, inside: list[int], aside: bool = True) -> tuple[bool, int, tuple[tuple[int, int], ...]]:
    read = Reader(bytes.fromhex(data))
    return read.skim(STEPS_OF_HEADS, inside, 2, aside), read.at, read.spans


@pytest.mark.parametrize(
    ("data", "inside", "after", "at", "spans"),
    [
        ("02aabb00 01cc", [], [], 6, ((1, 3), (5, 6))),
        ("81 01aa c1 00", [], [], 5, ((2, 3),)),
        ("01aa c1 00", [1], [], 3, ((1, 2),)),
        ("00 ff 00", [], [], 1, ()),
        ("00 02aa", [], [], 1, ()),
        ("00 c1", [], [], 1, ()),
        ("81 c2", [], [1], 1, ()),
        ("81 82 83", [], [1, 2], 2, ()),
        ("", [1], [1], 0, ()),
    ],
    ids=["values", "bracket", "closed", "odd", "missing", "nothing open", "other bracket", "too deep", "empty"],
)
def test_skim_passes_what_is_well(data: str, inside: list[int], after: list[int], at: int, spans: tuple[tuple[int, int], ...]) -> None:
    assert skimmed(data, inside) == (at > 0, at, spans)
    assert inside == after


def test_skim_may_set_nothing_aside() -> None:
    assert skimmed("02aabb", [], aside=False) == (True, 3, ())


def test_lines() -> None:
    read = Reader(b"one\r\ntwo\nthree")
    assert (read.line(), read.line(), read.line()) == (b"one", b"two", None)
    assert read.rest() == b"three"
    with pytest.raises(Malformed, match="longer than 4"):
        Reader(b"endless").line(4)


@given(data=st.binary(max_size=30), at=st.integers(0, 30), limit=st.integers(1, 40))
def test_a_line_ends_inside_its_window(data: bytes, at: int, limit: int) -> None:
    read = Reader(data, min(at, len(data)), 20)
    try:
        line = read.line(limit)
    except Malformed:
        line = None
    assert line is None or b"\n" not in line
    assert read.at <= max(read.end, min(at, len(data)))


def test_malformed_says_where() -> None:
    read = Reader(b"\x01\x02\x03", 1)
    read.u8()
    with pytest.raises(Malformed, match="2 bytes expected, 1 left at byte 2") as flaw:
        read.u16()
    assert flaw.value.offset == 2
