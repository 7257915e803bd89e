"""Routing, literals (domain/protocols.md 2.3)."""

import pytest

from otwatch.events import Answer, Request, Route
from tests.dissectors.bacnet.said import events, flaw, original

WHO_IS = "1008"
ACK = "20210f"


@pytest.mark.parametrize(
    ("npdu", "target", "origin"),
    [
        ("0100" + WHO_IS, (), ()),
        ("0120ffff00ff" + WHO_IS, ("net 65535/",), ()),
        ("012007d100ff" + WHO_IS, ("net 2001/",), ()),
        ("012007d10105ff" + WHO_IS, ("net 2001/05",), ()),
        ("010807d10105" + WHO_IS, (), ("net 2001/05",)),
        ("012807d1010507d206c0a80018bac0ff" + WHO_IS, ("net 2001/05",), ("net 2002/c0a80018bac0",)),
    ],
)
def test_routes_of_a_request(npdu: str, target: Route, origin: Route) -> None:
    (asked,) = events(original(npdu))
    assert isinstance(asked, Request)
    assert (asked.target, asked.origin) == (target, origin)


def test_routes_of_an_answer_are_turned_round() -> None:
    (answer,) = events(original("012807d1010507d2010aff" + ACK))
    assert isinstance(answer, Answer)
    assert (answer.target, answer.origin) == (("net 2002/0a",), ("net 2001/05",))


def test_both_hops() -> None:
    said = events("81040012c0000307bac0010800070 10a1008".replace(" ", ""))[0]
    assert isinstance(said, Request)
    assert said.origin == ("ip 192.0.3.7:47808", "net 7/0a")


def test_the_hop_count_means_nothing() -> None:
    assert events(original("0120ffff00ff" + WHO_IS)) == events(original("0120ffff0003" + WHO_IS))


@pytest.mark.parametrize(
    ("npdu", "reason"),
    [
        ("0200" + WHO_IS, "NPDU version 1 expected"),
        ("0108ffff0105" + WHO_IS, "a broadcast address as source"),
        ("010807d100" + WHO_IS, "a broadcast address as source"),
        ("010807d1ff05" + WHO_IS, "station address of 255 octets"),
        ("0120ffff", "1 byte expected, 0 left"),
    ],
)
def test_flaws(npdu: str, reason: str) -> None:
    assert flaw(events(original(npdu))) == reason
