"""facts/bacnet.py: one literal a field."""

import pytest

from otwatch.events import UNNAMED, Answer, Envelope, Point, Request, Verb
from tests.facts.seen import BACNET, facts, joined, said

ROUTED = (("bvlc", "Original-Unicast-NPDU"), ("priority", "3"), ("dnet", "65535"), ("snet", "7"))
FROM = ("ip 192.0.3.7:47808", "net 7/0a")


def envelope(*fields: tuple[str, str]) -> Envelope:
    return Envelope("bacnet", fields)


def test_layers_of_a_message() -> None:
    around = envelope(*ROUTED, ("apdu", "Confirmed-REQ"), ("service", "readProperty"))
    told = facts(said(BACNET, around, times=3))["bacnet"]
    assert told["bvlc_functions"] == {"Original-Unicast-NPDU": 3}
    assert told["npdu_priorities"] == {"3": 3}
    assert told["networks"] == {"dnet 65535": 3, "snet 7": 3}
    assert told["apdu_types"] == {"Confirmed-REQ": 3}
    assert told["confirmed_services"] == {"readProperty": {"Confirmed-REQ": 3}}


@pytest.mark.parametrize(
    ("fields", "field", "counted"),
    [
        ((("bvlc", "BVLC-Result"), ("result", "0030")), "bvlc_results", {"Register-Foreign-Device NAK": 1}),
        ((("bvlc", "Forwarded-NPDU"), ("forwarded_for", "192.0.3.7:47808")), "forwarded_for", {"192.0.3.7:47808": 1}),
        ((("priority", "0"), ("message", "19")), "network_messages", {"Networknumber-Is": 1}),
        ((("priority", "0"), ("message", "200")), "network_messages", {"Vendor Proprietary Message": 1}),
        ((("apdu", "Unconfirmed-REQ"), ("service", "you-Are")), "unconfirmed_services", {"you-are": 1}),
        ((("apdu", "Complex-ACK"), ("service", "readProperty"), ("segment", "yes")), "segmented_apdus", 1),
        ((("apdu", "Confirmed-REQ"), ("service", "reinitializeDevice")), "reinitialize_device_requests", 1),
    ],
)
def test_parts_of_envelopes(fields: tuple[tuple[str, str], ...], field: str, counted: object) -> None:
    assert facts(said(BACNET, envelope(*fields)))["bacnet"][field] == counted


def test_refusals_of_joined_and_of_lonely_answers() -> None:
    order = Request("bacnet", Verb.CONTROL, "reinitializeDevice", 20)
    told = facts(
        joined(BACNET, order, "security/password-failure", "4/26"),
        joined(BACNET, order, "reject: unrecognized-service", "9"),
        said(BACNET, Answer("bacnet", "abort", UNNAMED, error="abort: other", error_code="0"), by_client=False),
        said(BACNET, Answer("bacnet", "readProperty", 12, error="device/abort-other", error_code="0/56"), by_client=False),
    )["bacnet"]
    assert told["errors"] == {"device/abort - other": 1, "security/password-failure": 1}
    assert (told["rejects"], told["aborts"]) == ({"unrecognized-service": 1}, {"other": 1})


def test_a_refused_registration_is_no_error_of_a_service() -> None:
    register = Request("bacnet", Verb.ADMIN, "Register-Foreign-Device", 1029, details=(("ttl_s", "60"),))
    told = facts(joined(BACNET, register, "Register-Foreign-Device NAK", "0030"), said(BACNET, register))["bacnet"]
    assert told["errors"] == {}
    assert told["foreign_device_registrations"] == {"count": 1, "items": [{"source": "10.0.0.1", "bbmd": "10.0.0.2", "ttl": 60}]}


def test_who_is_there() -> None:
    abilities = (("vendor_id", "42"), ("max_apdu", "480"), ("segmentation", "both"))
    i_am = Request("bacnet", Verb.DISCOVER, "i-Am", 256, (), FROM, (Point("device", 108),), details=abilities, one_way=True)
    i_have = Request("bacnet", Verb.DISCOVER, "i-Have", 257, details=(("device", "1"), ("name", "AHU")), one_way=True)
    some = Request("bacnet", Verb.DISCOVER, "who-Is", 264, details=(("low", "5"), ("high", "9")), one_way=True)
    told = facts(said(BACNET, i_am, times=2), said(BACNET, i_have), said(BACNET, some), said(BACNET, some._replace(details=())))["bacnet"]
    device = {"instance": 108, "vendor_id": 42, "max_apdu": 480, "segmentation": "segmented-both", "frames": 2}
    place = {"source": "10.0.0.1", "forwarded_for": "192.0.3.7:47808", "snet": 7, "sadr": "10"}
    assert told["i_am"] == {"count": 1, "items": [{**place, **device}]}
    assert (told["i_have_objects"], told["who_is_ranges"]) == ({"AHU": 1}, {"5-9": 1, "all": 1})


def test_writes_one_by_one() -> None:
    points = (Point("analog-output", 1, part="present-value"), Point("multi-state-value", 2, part="state-text[3]"))
    details = (("priorities", "8 -"),)
    write = Request("bacnet", Verb.WRITE, "writePropertyMultiple", 16, points=points, values=("50.0", "on"), priority=8, details=details)
    where = {"source": "10.0.0.1", "destination": "10.0.0.2"}
    assert facts(joined(BACNET, write))["bacnet"]["write_property"] == {"count": 2, "items": [
        {"frame": 1, **where, "object": "analog-output", "instance": 1, "property": "present-value", "value": "50", "priority": 8},
        {"frame": 1, **where, "object": "multi-state-value", "instance": 2, "property": "state-text", "index": 3, "value": "on"},
    ]}  # fmt: skip


@pytest.mark.parametrize(("password", "told"), [("present", {"password": "present"}), ("empty", {"password": ""}), ("absent", {})])
def test_orders_tell_no_password(password: str, told: dict[str, str]) -> None:
    details = (("state", "disable"), ("minutes", "10"), ("password", password))
    order = Request("bacnet", Verb.CONTROL, "deviceCommunicationControl", 17, details=details)
    where = {"frame": 1, "source": "10.0.0.1", "destination": "10.0.0.2", "service": "deviceCommunicationControl", "state": "disable"}
    assert facts(joined(BACNET, order))["bacnet"]["device_control"] == {"count": 1, "items": [{**where, **told, "duration": 10}]}


def test_routers_name_networks() -> None:
    bare = Request("bacnet", Verb.DISCOVER, "I-Am-Router-To-Network", 513, details=(("network", "2"), ("network", "3")), one_way=True)
    routed = bare._replace(target=("net 65535/",))
    number = Request("bacnet", Verb.DISCOVER, "Network-Number-Is", 531, details=(("network", "9"),), one_way=True)
    assert facts(*(said(BACNET, one) for one in (bare, routed, number)))["bacnet"]["networks"] == {"dnet 2": 1, "dnet 9": 1}
