"""facts/enip.py: one literal a field."""

from otwatch.events import Envelope, Identity
from tests.facts.seen import ENIP, facts, said

DEVICE = (("vendor_id", "1"), ("device_type", "Communications Adapter"), ("device_type_id", "12"), ("product_code", "58"))
MORE = (("firmware", "4.3"), ("serial", "0x00524D8E"), ("product", "1756-ENBT/A"), ("run_state", "operational"))


def test_commands_by_side() -> None:
    send = Envelope("enip", (("command", "0x006f"),))
    refused = Envelope("enip", (("command", "0x0001"), ("status", "0x01")))
    told = facts(said(ENIP, send, times=2), said(ENIP, refused, by_client=False))["enip"]
    assert told["commands"] == {"request": {"Send RR Data (0x006f)": 2}, "response": {"Unknown (0x0001)": 1}}
    assert told["encapsulation_errors"] == {"Invalid Command": 1}


def test_services_of_requests_and_statuses_of_answers() -> None:
    told = facts(
        said(ENIP, Envelope("cip", (("service", "0x54"), ("class", "0x06")))),
        said(ENIP, Envelope("cip", (("service", "0x4c"), ("class", "-"))), times=3),
        said(ENIP, Envelope("cip", (("answer", "0x4c"), ("status", "0x08"))), by_client=False),
        said(ENIP, Envelope("cip", (("answer", "0x54"), ("status", "0xd0"))), by_client=False),
    )["enip"]
    assert told["cip_requests"] == {"0x4c class -": 3, "0x54 class 0x06": 1}
    assert told["cip_responses"] == {"0x4c": 1, "0x54": 1}
    assert told["cip_statuses"] == {"Service not supported (0x08)": 1, "Unknown (0xd0)": 1}
    assert told["forward_open_requests"] == 1


def test_identities_listed_and_read() -> None:
    listed, read = Identity("enip", (), (("ip", "10.9.9.9"), *DEVICE, *MORE)), Identity("cip", (), (*DEVICE, *MORE))
    told = facts(said(ENIP, listed, by_client=False, times=2), said(ENIP, read, by_client=False))["enip"]
    shown = {"source": "10.0.0.2", "vendor_id": 1, "device_type": 12, "product_code": 58}
    named = {"serial": "0x00524D8E", "product_name": "1756-ENBT/A"}
    assert told["list_identity"] == {"count": 1, "items": [{**shown, "address": "10.9.9.9", "revision": "4.03", **named, "frames": 2}]}
    assert told["identity_objects"] == {"count": 1, "items": [{**shown, "major_revision": 4, "minor_revision": 3, **named}]}


def test_a_listed_device_whose_name_is_empty() -> None:
    told = facts(said(ENIP, Identity("enip", (), (*DEVICE, *MORE[:2])), by_client=False))["enip"]
    assert told["list_identity"]["items"][0]["product_name"] == ""


def test_a_device_that_says_neither_maker_nor_name_is_no_identity() -> None:
    assert facts(said(ENIP, Identity("cip", (), (("host", "plc1"),)), by_client=False)).get("enip") is None
