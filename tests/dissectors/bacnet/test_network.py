"""Network messages, literals (domain/protocols.md 2.3)."""

import pytest

from otwatch.events import Answer, Binding, Details, Request, Verb
from tests.dissectors.bacnet.said import events, flaw, original


@pytest.mark.parametrize(
    ("message", "code", "operation", "verb", "details"),
    [
        ("00", 512, "Who-Is-Router-To-Network", Verb.DISCOVER, ()),
        ("0007d1", 512, "Who-Is-Router-To-Network", Verb.DISCOVER, (("network", "2001"),)),
        ("0207d105", 514, "I-Could-Be-Router-To-Network", Verb.ADMIN, (("network", "2001"), ("performance", "5"))),
        ("030107d1", 515, "Reject-Message-To-Network", Verb.OTHER, (("reason", "not-directly-connected"), ("network", "2001"))),
        ("0407d107d2", 516, "Router-Busy-To-Network", Verb.ADMIN, (("network", "2001"), ("network", "2002"))),
        ("05", 517, "Router-Available-To-Network", Verb.ADMIN, ()),
        ("0600", 518, "Initialize-Routing-Table", Verb.DISCOVER, (("ports", "0"),)),
        ("060107d10102aabb", 518, "Initialize-Routing-Table", Verb.ADMIN, (("ports", "1"), ("network", "2001 port 1"))),
        ("0807d105", 520, "Establish-Connection-To-Network", Verb.ADMIN, (("network", "2001"), ("minutes", "5"))),
        ("0907d1", 521, "Disconnect-Connection-To-Network", Verb.ADMIN, (("network", "2001"),)),
        ("0bdeadbeef", 523, "Security-Payload", Verb.OTHER, ()),
        ("12", 530, "What-Is-Network-Number", Verb.DISCOVER, ()),
        ("14ff", 532, "network message 20", Verb.OTHER, ()),
        ("81000aff", 512 + 0x81, "vendor 10 network message 129", Verb.OTHER, ()),
    ],
)
def test_messages(message: str, code: int, operation: str, verb: Verb, details: Details) -> None:
    asked = events(original("0180" + message))[0]
    assert isinstance(asked, Request)
    assert (asked.code, asked.operation, asked.verb, asked.details) == (code, operation, verb, details)
    assert asked.one_way is (code != 518)


def test_routers_bind_their_networks() -> None:
    said = events("810b000b01800107d107d2")
    assert said[1:] == (Binding("bacnet-network", "2001"), Binding("bacnet-network", "2002"))


def test_a_router_behind_a_router() -> None:
    said = events(original("018807d101050107d3"))
    assert said[1:] == (Binding("bacnet-network", "2003", "", ("net 2001/05",)),)


def test_network_number_is_local() -> None:
    said = events(original("01801307d101"))
    assert isinstance(said[0], Request)
    assert said[0].details == (("network", "2001"), ("source", "configured"))
    assert said[1:] == (Binding("bacnet-network", "2001", "local"),)


def test_the_message_type_stands_after_the_addresses() -> None:
    (asked,) = events(original("01a0ffff00ff00"))
    assert isinstance(asked, Request)
    assert (asked.operation, asked.target) == ("Who-Is-Router-To-Network", ("net 65535/",))


def test_the_table_is_an_answer() -> None:
    (answer,) = events(original("0180070107d10100"))
    assert isinstance(answer, Answer)
    assert (answer.code, answer.details) == (518, (("ports", "1"), ("network", "2001 port 1")))


def test_half_a_network_number() -> None:
    said = events(original("01800007"))
    assert isinstance(said[0], Request)
    assert flaw(said) == "2 bytes expected, 1 left"
