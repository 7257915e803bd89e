"""Primitive values as text (domain/protocols.md 2.6)."""

from math import isnan
from struct import pack, unpack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.bacnet.tags import tag
from otwatch.dissectors.bacnet.values import primitive, real, secret, value
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed


def shown(data: str) -> str:
    read = Reader(bytes.fromhex(data.replace(" ", "")))
    said = primitive(read, tag(read))
    assert not read.left
    return said


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("00", "null"),
        ("10", "false"),
        ("11", "true"),
        ("2107", "7"),
        ("2401020304", "16909060"),
        ("31ff", "-1"),
        ("32 8000", "-32768"),
        ("44 41ac0000", "21.5"),
        ("44 42340000", "45.0"),
        ("44 3dcccccd", "0.1"),
        ("44 7f800000", "inf"),
        ("55 08 3fb999999999999a", "0.1"),
        ("62 dead", "dead"),
        ("74 00 414845", "AHE"),
        ("73 05 e941", "éA"),
        ("75 05 04 00410042", "AB"),
        ("75 09 03 0000004100000042", "AB"),
        ("75 05 01 0352 8241", "éA"),
        ("73 02 3021", "亜"),
        ("82 04 f0", "1111"),
        ("81 00", ""),
        ("91 01", "1"),
        ("a4 7d0b1707", "2025-11-23"),
        ("a4 ff ff ff ff", "*-*-*"),
        ("b4 0e1e0000", "14:30:00"),
        ("b4 0e1e0005", "14:30:00.05"),
        ("b4 ffffffff", "*:*:*"),
        ("c4 00400003", "analog-output 3"),
        ("c4 20000001", "object-type-128 1"),
        ("2a dead", "[2] dead"),
    ],
)
def test_primitive(data: str, expected: str) -> None:
    assert shown(data) == expected


@pytest.mark.parametrize("data", ["01ff", "20", "2509" + "00" * 9, "43000000", "a3000000", "c3000000", "80", "8108", "820900", "70"])
def test_wrong_sizes(data: str) -> None:
    with pytest.raises(Malformed):
        shown(data)


def test_text_from_the_network_is_safe() -> None:
    assert shown("75 05 00 1b5b316d") == "\\x1b[1m"


@given(st.floats(width=32))
def test_a_real_comes_back(number: float) -> None:
    back = float(real(pack(">f", number)))
    assert (isnan(back) and isnan(number)) or pack(">f", back) == pack(">f", number)
    assert len(real(pack(">f", number))) <= len(repr(unpack(">f", pack(">f", number))[0]))


def test_lists_and_constructs() -> None:
    assert value(Reader(bytes.fromhex("44428200002e91013e003f2f"))) == "65.0 [2]{ 1 [3]{ null } }"
    assert value(Reader(bytes.fromhex("2101" * 100))).endswith("…")
    assert value(Reader(b"")) == ""


@pytest.mark.parametrize("data", ["0066696c6973746572", "0566696c6973746572", "04" + "filister".encode("utf-16-be").hex()])
def test_a_password_is_compared_without_its_character_set(data: str) -> None:
    raw = bytes.fromhex(data)
    found = secret(Reader(raw), len(raw))
    assert found.equals("filister")
    assert "filister" not in repr(found)
