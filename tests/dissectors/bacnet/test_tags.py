"""Tags, literals (domain/protocols.md 2.6)."""

import pytest

from otwatch.dissectors.bacnet.tags import APPLICATION, CLOSING, CONTEXT, DEPTH, OPENING, Tag, expect, inside, tag, walk
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed


def reader(data: str) -> Reader:
    return Reader(bytes.fromhex(data))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("21", Tag(2, APPLICATION, 1)),
        ("10", Tag(1, APPLICATION, 0)),
        ("11", Tag(1, APPLICATION, 0, True)),
        ("c4", Tag(12, APPLICATION, 4)),
        ("1c", Tag(1, CONTEXT, 4)),
        ("3e", Tag(3, OPENING, 0)),
        ("3f", Tag(3, CLOSING, 0)),
        ("7509", Tag(7, APPLICATION, 9)),
        ("75fe0102", Tag(7, APPLICATION, 258)),
        ("75ff00010000", Tag(7, APPLICATION, 65536)),
        ("f920", Tag(32, CONTEXT, 1)),
        ("fe20", Tag(32, OPENING, 0)),
        ("ff20", Tag(32, CLOSING, 0)),
        ("fd20fe0100", Tag(32, CONTEXT, 256)),
    ],
)
def test_tag(data: str, expected: Tag) -> None:
    read = reader(data)
    assert tag(read) == expected
    assert not read.left


@pytest.mark.parametrize("data", ["26", "27", "1501", "", "75", "75fe01", "f9"])
def test_reserved_and_short(data: str) -> None:
    with pytest.raises(Malformed):
        tag(reader(data))


def test_walk_sets_values_aside_and_nothing_else() -> None:
    read = reader("2955 4e 4441ac0000 4f 11".replace(" ", ""))
    walk(read)
    assert read.spans == ((1, 2), (4, 8))


@pytest.mark.parametrize("data", ["3e", "3f", "3e4f", "3e3f3f", "2501"])
def test_structure_must_close(data: str) -> None:
    with pytest.raises(Malformed):
        walk(reader(data))


def test_nesting_is_bounded() -> None:
    walk(reader("0e" * DEPTH + "0f" * DEPTH))
    with pytest.raises(Malformed, match="nested deeper"):
        walk(reader("0e" * (DEPTH + 1) + "0f" * (DEPTH + 1)))


def test_inside_reads_again_what_it_passed() -> None:
    read = reader("3e 2101 0e 2102 0f 3f 4901".replace(" ", ""))
    assert expect(read, 3, OPENING) == 0
    content = inside(read, 3)
    assert (content.rest().hex(), read.left) == ("21010e21020f", 2)
    assert read.spans == ()


def test_inside_a_tag_with_a_long_number() -> None:
    read = reader("fe202101ff20")
    tag(read)
    assert inside(read, 32).rest().hex() == "2101"
    assert not read.left


def test_expect_says_what_is_missing() -> None:
    with pytest.raises(Malformed, match="closing tag 3 expected at byte 0"):
        expect(reader("4f"), 3, CLOSING)
