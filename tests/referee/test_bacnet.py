"""referee/bacnet.py: tshark's layers -> facts; and what becomes of passwords."""

import pytest

from otwatch.referee.bacnet import see
from tests.referee.trees import facts, field, frame, layer, text

BETWEEN = (("source", "10.0.0.1"), ("destination", "10.0.0.2"))
BVLC = layer("bvlc", field("bvlc.function", "Function: Original-Unicast-NPDU (0x0a)", "0x0a"))
NPDU = layer(
    "bacnet",
    field(
        "bacnet.control", "Control: 0x24", "0x24", field("bacnet.control_prio_high", "", "1") + field("bacnet.control_prio_low", "", "1")
    ),
    field("bacnet.snet", "Source Network Address: 3", "3"),
    field("bacnet.sadr_mstp", "SADR: 108", "108"),
)
REQUEST = field("bacapp.type", "0000 .... = APDU Type: Confirmed-REQ (0)", "0")


def said(*apdu: str) -> dict[str, dict[tuple[tuple[str, str | int], ...], int]]:
    return facts(see, frame(1, BVLC, NPDU, layer("bacapp", *apdu), sport=47808, dport=47808, transport="udp"))


def service(name: str, code: int) -> str:
    return field("bacapp.confirmed_service", f"Service Choice: {name} ({code})", str(code))


def test_every_layer_is_counted() -> None:
    counted = said(REQUEST, service("readProperty", 12), field("bacapp.segmented_request", "..", "1"))
    assert counted == {
        "bacnet.bvlc_functions": {(("name", "Original-Unicast-NPDU"),): 1},
        "bacnet.networks": {(("name", "snet 3"),): 1},
        "bacnet.npdu_priorities": {(("name", "3"),): 1},
        "bacnet.apdu_types": {(("name", "Confirmed-REQ"),): 1},
        "bacnet.segmented_apdus": {(): 1},
        "bacnet.confirmed_services": {(("name", "readProperty"), ("kind", "Confirmed-REQ")): 1},
    }


def test_i_am_is_said_by_whom_stands_behind_the_router() -> None:
    counted = said(
        field("bacapp.type", "0001 .... = APDU Type: Unconfirmed-REQ (1)", "1"),
        field("bacapp.unconfirmed_service", "Unconfirmed Service Choice: i-Am (0)", "0"),
        text("ObjectIdentifier: device, 123", field("bacapp.instance_number", "Instance Number: 123", "123")),
        text("Maximum ADPU Length Accepted: (Unsigned) 480"),
        text("Segmentation Supported:  no-segmentation (3)"),
        field("bacapp.vendor_identifier", "Vendor ID: Tridium (36)", "36"),
    )
    who = (("source", "10.0.0.1"), ("snet", 3), ("sadr", "108"))
    what = (("instance", 123), ("vendor_id", 36), ("max_apdu", 480), ("segmentation", "no-segmentation"))
    assert counted["bacnet.i_am"] == {(*who, *what): 1}
    assert counted["bacnet.unconfirmed_services"] == {(("name", "i-Am"),): 1}


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ((), "all"),
        ((field("bacapp.who_is.low_limit", "", "1"), field("bacapp.who_is.high_limit", "", "9")), "1-9"),
    ],
)
def test_who_is(fields: tuple[str, ...], found: str) -> None:
    choice = field("bacapp.unconfirmed_service", "Unconfirmed Service Choice: who-Is (8)", "8")
    counted = said(field("bacapp.type", "0001 .... = APDU Type: Unconfirmed-REQ (1)", "1"), choice, *fields)
    assert counted["bacnet.who_is_ranges"] == {(("name", found),): 1}


@pytest.mark.parametrize(
    ("kind", "lines", "name", "found"),
    [
        ("Error", {"error_class": "Class: device (0)", "error_code": "Code: other (0)"}, "errors", "device/other"),
        ("Reject", {"reject_reason": "Reject Reason: unrecognized-service (9)"}, "rejects", "unrecognized-service"),
        ("Abort", {"abort_reason": "Abort Reason: other (0)"}, "aborts", "other"),
    ],
)  # fmt: skip
def test_refusals(kind: str, lines: dict[str, str], name: str, found: str) -> None:
    parts = [field(f"bacapp.{part}", line, "0") for part, line in lines.items()]
    counted = said(field("bacapp.type", f"0101 .... = APDU Type: {kind} (5)", "5"), *parts)
    assert counted[f"bacnet.{name}"] == {(("name", found),): 1}


def test_forwarding_and_registration() -> None:
    forwarded = layer(
        "bvlc", field("bvlc.function", "Function: Forwarded-NPDU (0x04)", "0x04"), field("bvlc.fwd_ip", "IP: x", "10.9.9.9"),
        field("bvlc.fwd_port", "Port: x", "47808"),
    )  # fmt: skip
    registering = layer(
        "bvlc", field("bvlc.function", "Function: Register-Foreign-Device (0x05)", "0x05"), field("bvlc.reg_ttl", "TTL: 60", "60"),
        field("bvlc.result", "Result: Successful completion (0x0000)", "0x0000"),
    )  # fmt: skip
    counted = facts(see, frame(1, forwarded), frame(2, registering))
    assert counted["bacnet.forwarded_for"] == {(("name", "10.9.9.9:47808"),): 1}
    assert counted["bacnet.foreign_device_registrations"] == {(("source", "10.0.0.1"), ("bbmd", "10.0.0.2"), ("ttl", 60)): 1}
    assert counted["bacnet.bvlc_results"] == {(("name", "Successful completion"),): 1}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Password: UTF-8 'tiger-17'", "present"),
        ("Password: UTF-8 ''", ""),
        ("Password: UTF-8 'it's'", "present"),
        ("Password: UTF-8 'cut by Wireshark at the end of its li", "present"),
        ("Password: UTF-8 '''", "present"),
    ],
)
def test_of_a_password_only_its_presence_is_told(line: str, told: str) -> None:
    lines = ("Time Duration: (Unsigned) 5", "enable-disable:  disable (1)", line)
    counted = said(REQUEST, service("deviceCommunicationControl", 17), *map(text, lines))
    what = (("service", "deviceCommunicationControl"), ("duration", 5), ("state", "disable"), ("password", told))
    assert counted["bacnet.device_control"] == {(*BETWEEN, *what): 1}
    assert counted["bacnet.device_communication_control_requests"] == {(): 1}
    assert "tiger" not in str(counted)


def test_without_a_password_none_is_told() -> None:
    counted = said(REQUEST, service("reinitializeDevice", 20), text("Reinitialized State Of Device:  coldstart (0)"))
    (item,) = counted["bacnet.device_control"]
    assert item == (*BETWEEN, ("service", "reinitializeDevice"), ("state", "coldstart"))
