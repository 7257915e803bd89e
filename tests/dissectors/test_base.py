"""The boundary between payloads and dissectors, with a small protocol made for it.

A message is `>`, a length, that many bytes; the first of them is the ticket, the second the meaning (0 is wrong), the rest is set aside.
"""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.base import Dissector, events, matches, read, whole
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, Anomaly, Answer, Event, Request, Verb
from tests.dissectors.hostile import read_twice, variants


def cut(read: Reader) -> Reader | None:
    ahead = Reader(read.data, read.at, read.end)
    if ahead.u8() != ord(">"):
        raise Malformed("no message begins here", read.at)
    if not ahead.left:
        return None
    size = ahead.u8()
    return read.part(2 + size) if ahead.left >= size else None


def decode(read: Reader, is_request: bool | None) -> Iterator[Event]:
    read.take(2)
    read.ticket(1)
    code = read.u8()
    if is_request is False:
        yield Answer("toy", "Toy", code)
    else:
        yield Request("toy", Verb.READ, "Toy", code)
    if not code:
        raise Malformed("code 0", read.at - 1)
    read.aside(read.left)


def decode_in(read: Reader, is_request: bool | None, session: object) -> Iterator[Event]:
    assert isinstance(session, list)
    session.append(is_request)
    yield from decode(read, is_request)


TOY = Dissector("toy", "Toy", frozenset({"tcp"}), frozenset(), lambda read, _: read.u8() == ord(">"), cut, decode)
GOOD = [b">\x04\x01\x02\x03\x04", b">\x02\x09\x01", b">\x02\x09\x00", b">\x01\x07"]


def said(payload: bytes, is_request: bool | None = True) -> list[Event]:
    return [event for message in read(TOY, payload, is_request).messages for event in message.events]


def test_messages_stand_where_they_stand() -> None:
    reading = read(TOY, GOOD[0] + GOOD[1], True)
    assert [(message.start, message.end, message.ticket) for message in reading.messages] == [(0, 6, (2, 3)), (6, 10, (8, 9))]
    assert reading.used == 10
    assert reading.aside == ((2, 3), (4, 6), (8, 9))


def test_a_beginning_is_left_for_later() -> None:
    reading = read(TOY, GOOD[0] + GOOD[1][:3], True)
    assert len(reading.messages) == 1
    assert reading.used == 6


def test_what_was_said_before_a_flaw_stays() -> None:
    assert said(GOOD[2] + GOOD[1]) == [
        Request("toy", Verb.READ, "Toy", 0),
        Anomaly("toy", "code 0", 3, beside=True),
        Request("toy", Verb.READ, "Toy", 1),
    ]


def test_short_message() -> None:
    assert said(GOOD[3]) == [Anomaly("toy", "1 byte expected, 0 left", 3)]


def test_no_border_ends_the_payload() -> None:
    reading = read(TOY, GOOD[1] + b"garbage", True)
    assert reading.messages[-1] == (4, 11, (0, 0), (Anomaly("toy", "no message begins here", 4),))
    assert reading.used == 11


def test_who_tells_is_not_told() -> None:
    assert said(GOOD[1], False) == [Answer("toy", "Toy", 1)]
    reading = read(TOY._replace(tells=True), GOOD[1], False)
    assert reading.messages[0].events == (Request("toy", Verb.READ, "Toy", 1),)


def test_session_is_passed_on() -> None:
    session: list[bool | None] = []
    read(TOY._replace(decode_in=decode_in), GOOD[0] + GOOD[1], True, session)
    assert session == [True, True]


def test_whole() -> None:
    reader = Reader(b"abc", 1)
    assert whole(reader).rest() == b"bc"
    assert reader.left == 0


def test_events_of_one_message() -> None:
    assert events(decode, GOOD[2], True, "toy") == (Request("toy", Verb.READ, "Toy", 0), Anomaly("toy", "code 0", 3, beside=True))


@pytest.mark.parametrize(("code", "fits"), [(3, True), (4, False), (UNNAMED, True)])
def test_matches(code: int, fits: bool) -> None:
    assert matches(Request("toy", Verb.WRITE, "Toy", 3), Answer("toy", "Toy", code)) is fits


@given(payload=variants(GOOD), noise=st.binary(min_size=1, max_size=4))
def test_nobody_looks_at_what_is_set_aside(payload: bytes, noise: bytes) -> None:
    reading = read_twice(TOY, payload, True, noise)
    assert 0 <= reading.used <= len(payload)
    ends = [message.end for message in reading.messages]
    assert [message.start for message in reading.messages] == [0, *ends[:-1]][: len(ends)]


@given(payloads=st.lists(st.sampled_from(GOOD), max_size=5), split=st.integers(0, 30))
def test_a_stream_split_anywhere_says_the_same(payloads: list[bytes], split: int) -> None:
    stream = b"".join(payloads)
    first = read(TOY, stream[:split], True)
    later = stream[first.used :]
    whole_events = [message.events for message in read(TOY, stream, True).messages]
    offsets_moved = [
        tuple(event._replace(offset=event.offset + first.used) if isinstance(event, Anomaly) else event for event in message.events)
        for message in read(TOY, later, True).messages
    ]
    assert [message.events for message in first.messages] + offsets_moved == whole_events
