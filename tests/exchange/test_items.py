"""exchange/items.py: whatever passes the waist is the same at the other end, and what cannot be so is an error."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from tempfile import TemporaryFile
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch import events, sightings
from otwatch.errors import ExchangeError
from otwatch.events import Answer, Echo, Event, State
from otwatch.events.secret import PrivatePipe
from otwatch.exchange import Inlet, Kind, Outlet, Receiver, Sender, items
from otwatch.exchange.forms import EVENTS, Amounts, Items, packed
from otwatch.sightings import Conversation, Frame, Item, Role, Routine
from tests.exchange.vocabulary import any_item

TALK = Conversation("10.0.0.1", "10.0.0.2", "tcp", 1025, 502, "modbus", Role.SYN)


@contextmanager
def pipe() -> Iterator[PrivatePipe]:
    way = PrivatePipe()
    try:
        yield way
    finally:
        os.close(way.reading)
        os.close(way.writing)


def crossed(sent: Sequence[Item], at_once: bool = True) -> list[Item]:
    """What comes out of a private pipe; a pipe holds 64 KiB, which these tests stay below."""
    with pipe() as way:
        outlet = Outlet(way)
        sender = Sender(outlet)
        for item in sent:
            sender.add(item)
            if not at_once:
                sender.flush()
        sender.flush()
        outlet.put(Kind.ENDING)
        inlet = Inlet(way)
        receiver = Receiver(inlet)
        return [item for kind in inlet if kind != Kind.ENDING for item in receiver.take(kind)]


def routine(*said: Event) -> Routine:
    return Routine(TALK, True, tuple((one, 1, 0, 0, Frame("a.pcap", 1)) for one in said))


def told(*frames: tuple[Kind, object]) -> list[Item]:
    """What a stream in a file says."""
    with TemporaryFile() as file:
        outlet = Outlet(file.fileno())
        for kind, body in frames:
            outlet.put(kind, packed(body))
        outlet.put(Kind.ENDING)
        file.seek(0)
        inlet = Inlet(file.fileno())
        receiver = Receiver(inlet)
        return [item for kind in inlet if kind != Kind.ENDING for item in receiver.take(kind)]


@given(st.lists(any_item(), max_size=4), st.booleans())
def test_items_come_out_as_they_went_in(sent: list[Item], at_once: bool) -> None:
    come = crossed(sent, at_once)
    assert come == sent
    assert [type(one) for one in come] == [type(one) for one in sent]


def test_every_event_may_cross() -> None:
    assert set(EVENTS) == {*get_args(events.Said), Echo}


def test_amounts_are_a_tally_without_its_conversation() -> None:
    fields = list(sightings.Tally._fields)
    assert [*fields[1 : fields.index("frame")], "twice", "tunnel", "place"] == list(Amounts._fields)


def test_an_event_is_one_object_at_the_other_end() -> None:
    one = State("cip", ("unit 1",), "io", "run")
    again = State("cip", ("unit 1",), "io", "run")
    first, second = crossed([routine(one), routine(one, again)], at_once=False)
    assert isinstance(first, Routine)
    assert isinstance(second, Routine)
    assert first.said[0][0] is second.said[0][0] is second.said[1][0]
    assert first.conversation is second.conversation


def test_numbers_are_forgotten_and_told_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "BOUND", 2)
    sent = [routine(*(Answer("modbus", "read", number + one) for one in range(3))) for number in range(9)]
    assert crossed(sent, at_once=False) == sent


def test_a_number_that_was_never_told_is_an_error() -> None:
    body = Items(b"T", b"\0", (7,), (), (), (), (), (), (), (), (), ())
    with pytest.raises(ExchangeError, match="different lengths"):
        told((Kind.ITEMS, body))
    with pytest.raises(ExchangeError, match="number 7 was never told"):
        told((Kind.ITEMS, body._replace(kinds=b"R", sizes=(0,))))


@pytest.mark.parametrize(
    ("kind", "body", "why"),
    [
        (Kind.EVENTS, [(99, ("modbus",))], "an event of kind 99"),
        (Kind.EVENTS, [(5, ("modbus", 7, 0, False))], "Expected `str`"),
        (Kind.EVENTS, [(5, ("modbus",))], "Expected `array`"),
        (Kind.EVENTS, [(12, ("modbus", 0))], "number 0 was never told"),
        (Kind.EVENTS, {"a": 1}, "Expected `array`"),
        (Kind.CONVERSATIONS, [("a", "b", "tcp", 1, 2, "", 9)], "Invalid enum value 9"),
        (Kind.ITEMS, [b"S"], "Expected `array`"),
        (Kind.CONSUMED, 1, "CONSUMED among items"),
    ],
)
def test_what_is_not_of_the_vocabulary_is_an_error(kind: Kind, body: object, why: str) -> None:
    with pytest.raises(ExchangeError, match=why):
        told((kind, body))


@given(st.sampled_from([Kind.EVENTS, Kind.CONVERSATIONS, Kind.CAPTURES, Kind.ITEMS]), st.binary(max_size=64))
def test_any_bytes_are_items_or_an_error(kind: Kind, body: bytes) -> None:
    with TemporaryFile() as file:
        outlet = Outlet(file.fileno())
        outlet.put(kind, body)
        file.seek(0)
        inlet = Inlet(file.fileno())
        receiver = Receiver(inlet)
        with pytest.raises(ExchangeError):  # at the latest where the stream breaks off
            list(chain.from_iterable(map(receiver.take, inlet)))
