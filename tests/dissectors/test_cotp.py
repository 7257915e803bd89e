"""ISO transport on TCP: messages of one or several data units."""

import pytest

from otwatch.dissectors import cotp
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed

EMPTY, FIRST, LAST = "0300000702f000", "0300000902f000abcd", "0300000902f080ef01"


def cut(text: str) -> Reader | None:
    return cotp.cut(Reader(bytes.fromhex(text)))


def test_a_message_lasts_to_its_last_data_unit() -> None:
    message = cut(FIRST + LAST + FIRST)
    assert message is not None
    assert message.left == 18
    assert cotp.content(message).rest() == bytes.fromhex("abcdef01")


def test_an_empty_data_unit_in_front_is_passed_without_a_copy() -> None:
    read = Reader(bytes.fromhex(EMPTY + LAST))
    message = cotp.cut(read)
    assert message is not None
    content = cotp.content(message)
    assert content.data is read.data
    content.aside(1)
    assert read.spans == ((14, 15),)


@pytest.mark.parametrize("size", range(17))
def test_nothing_is_cut_before_it_is_whole(size: int) -> None:
    assert cut((FIRST + LAST)[: 2 * size]) is None


@pytest.mark.parametrize("text", ["0200000702f080", "0300000602f080", FIRST + "0400000702f080"])
def test_other_versions_and_short_lengths_are_no_messages(text: str) -> None:
    with pytest.raises(Malformed):
        cut(text)


def test_a_message_is_not_put_together_for_ever() -> None:
    unit = "0300ffff02f000" + "00" * (0xFFFF - 7)
    with pytest.raises(Malformed, match="longer"):
        cut(unit * 2)


def test_who_calls_whom() -> None:
    read = Reader(bytes.fromhex("0300001611e00000000100c0010ac1020100c2020102"))
    assert cotp.kind(read) == cotp.REQUEST
    assert cotp.selectors(read) == (b"\1\0", b"\1\2")


def test_a_credit_in_the_type_of_a_request_is_passed_over() -> None:
    assert cotp.kind(Reader(bytes.fromhex("0300000b06e10000000100"))) == cotp.REQUEST
