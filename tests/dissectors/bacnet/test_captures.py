"""Real captures against what tshark 4.0 says about them (TRUTH.json beside the captures)."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from otwatch.dissectors.bacnet import BACNET
from otwatch.dissectors.bacnet.services import BVLC_CODES, NETWORK_CODES, UNCONFIRMED_CODES
from otwatch.events import Anomaly, Answer, Binding, Credential, Identity, Piece, Request
from tests.dissectors.bacnet.wire import Heard, heard

CAPTURES = (
    "bacnet/ctsamples-BACnet-exception-schedule-property-1.pcapng",
    "bacnet/ctsamples-BACnetARRAY-elements.pcap",
    "bacnet/ctsamples-BACnetDeviceObjectReference.pcap",
    "bacnet/ctsamples-bacnet-ethernet-device.pcap",
    "bacnet/icsnpp-bacnet_error_reject_abort.pcap",
    "bacnet/icsnpp-bacnet_services.pcap",
    "bacnet/ndpi-bacnet.pcapng",
)
MIXED = ("bacnet/ctsamples-BACnet-MSTP-SNAP-Mixed.pcap", "bacnet/ctsamples-BACnetIP-MSTP-Mix.pcap")
"""Half of their frames are MS/TP inside SNAP, as a serial adapter records them, which tshark counts and otwatch does not read."""

CUT_OFF = {("bacnet/icsnpp-bacnet_error_reject_abort.pcap", 28)}
"""A COV notification whose time remaining has no octet: tshark shows it all the same, a device cannot read it."""

Truth = dict[str, Any]


@pytest.fixture(scope="module")
def truths(captures: Path) -> Truth:
    found: Truth = json.loads((captures / "TRUTH.json").read_text())["captures"]
    return found


@pytest.fixture(scope="module", params=CAPTURES)
def capture(request: pytest.FixtureRequest, captures: Path, truths: Truth) -> tuple[list[Heard], Truth]:
    return list(heard(captures / request.param)), truths[request.param]["bacnet"]


def requests(messages: list[Heard]) -> Iterator[tuple[int, Request]]:
    return ((message.frame, event) for message in messages for event in message.events if isinstance(event, Request))


def answers(messages: list[Heard]) -> Iterator[Answer]:
    return (event for message in messages for event in message.events if isinstance(event, Answer))


def same(ours: Counter[str], truth: dict[str, int]) -> bool:
    return ours == Counter({name.lower(): count for name, count in truth.items()})


@pytest.mark.parametrize("name", CAPTURES + MIXED)
def test_nothing_is_malformed(name: str, captures: Path) -> None:
    flaws = {(name, message.frame) for message in heard(captures / name) for event in message.events if isinstance(event, Anomaly)}
    assert flaws == {found for found in CUT_OFF if found[0] == name}


def test_services_asked(capture: tuple[list[Heard], Truth]) -> None:
    messages, truth = capture
    asked = Counter(event.operation.lower() for _, event in requests(messages) if event.code < UNCONFIRMED_CODES)
    assert same(asked, {name: counts.get("Confirmed-REQ", 0) for name, counts in truth["confirmed_services"].items()})
    told = Counter(event.operation.lower() for _, event in requests(messages) if UNCONFIRMED_CODES <= event.code < NETWORK_CODES)
    assert same(told, truth["unconfirmed_services"])


def test_services_answered(capture: tuple[list[Heard], Truth]) -> None:
    messages, truth = capture
    ours = Counter(answer.operation.lower() for answer in answers(messages) if 0 <= answer.code < UNCONFIRMED_CODES)
    kinds = ("Complex-ACK", "Simple-ACK", "Error")
    theirs = {name: sum(counts.get(kind, 0) for kind in kinds) for name, counts in truth["confirmed_services"].items()}
    pieces = sum(isinstance(event, Piece) for message in messages for event in message.events)
    assert pieces == truth["segmented_apdus"]
    theirs["readpropertymultiple"] = theirs.pop("readPropertyMultiple", 0) - pieces
    assert same(ours, theirs)


def test_errors(capture: tuple[list[Heard], Truth]) -> None:
    messages, truth = capture
    ours = Counter(answer.error for answer in answers(messages) if answer.error)
    theirs = truth["errors"] | {f"{kind}: {why}": n for kind in ("reject", "abort") for why, n in truth[f"{kind}s"].items()}
    assert same(ours, theirs)


def test_network_messages(capture: tuple[list[Heard], Truth]) -> None:
    messages, truth = capture
    ours = Counter(event.operation.lower() for _, event in requests(messages) if NETWORK_CODES <= event.code < BVLC_CODES)
    assert same(ours, {name.replace("Networknumber", "Network-Number"): count for name, count in truth["network_messages"].items()})


@pytest.mark.parametrize("name", CAPTURES + MIXED)
def test_carriers(name: str, captures: Path, truths: Truth) -> None:
    messages, truth = list(heard(captures / name)), truths[name]["bacnet"]
    names = {
        0: "bvlc-result", 4: "forwarded-npdu", 5: "register-foreign-device", 9: "distribute-broadcast-to-network",
        10: "original-unicast-npdu", 11: "original-broadcast-npdu",
    }  # fmt: skip
    ours = Counter(names[message.payload[1]] for message in messages if message.dissector is BACNET)
    assert same(ours, truth["bvlc_functions"])
    forwarded = Counter(event.origin[0][3:] for _, event in requests(messages) if event.origin and event.origin[0].startswith("ip "))
    assert same(forwarded, truth["forwarded_for"])


def ends(message: Heard) -> Iterator[tuple[str, str]]:
    """As tshark counts networks, by packet: the source of an answer is the target of its operation."""
    first = message.events[0]
    if isinstance(first, Piece):
        asking, asked = first.key.removeprefix("answer ").split(" > ")
        yield from (("snet", asked), ("dnet", asking))
    elif isinstance(first, Request | Answer):
        turned = isinstance(first, Answer) and first.final  # segments are acknowledged by clients here
        target, origin = ("snet", "dnet") if turned else ("dnet", "snet")
        yield from ((target, " ".join(first.target)), (origin, " ".join(first.origin)))
        listed = [number for name, number in first.details[:1] if name == "network" and number != "0"]
        yield from (("dnet", f"net {number}/") for number in listed)


def test_routes(capture: tuple[list[Heard], Truth]) -> None:
    messages, truth = capture
    found = (f"{end} {route.split('net ')[1].split('/')[0]}" for message in messages for end, route in ends(message) if "net " in route)
    assert same(Counter(found), truth["networks"])


def test_who_is(capture: tuple[list[Heard], Truth]) -> None:
    messages, truth = capture
    ranges = (dict(event.details) for _, event in requests(messages) if event.operation == "who-Is")
    assert same(Counter(f"{found['low']}-{found['high']}" if found else "all" for found in ranges), truth["who_is_ranges"])


def test_i_have(capture: tuple[list[Heard], Truth]) -> None:
    messages, truth = capture
    names = (dict(event.details)["name"] for _, event in requests(messages) if event.operation == "i-Have")
    assert same(Counter(name.lower() for name in names), truth["i_have_objects"])


def test_i_am(capture: tuple[list[Heard], Truth]) -> None:
    messages, truth = capture
    ours = Counter(
        (int(dict(who.fields)["device_instance"]), int(dict(who.fields)["vendor_id"]), int(dict(asked.details)["max_apdu"]))
        for message in messages
        for asked, who in zip(message.events, message.events[1:], strict=False)
        if isinstance(asked, Request) and asked.operation == "i-Am" and isinstance(who, Identity)
    )
    theirs: Counter[tuple[int, int, int]] = Counter()
    for item in truth["i_am"]["items"]:
        theirs[item["instance"], item["vendor_id"], item["max_apdu"]] += item["frames"]
    assert ours == theirs
    said = (event for message in messages for event in message.events)
    bound = Counter(int(event.key) for event in said if isinstance(event, Binding) and event.kind == "bacnet-device")
    assert all(bound[instance] >= count for (instance, _, _), count in theirs.items())


def test_writes(capture: tuple[list[Heard], Truth]) -> None:
    messages, truth = capture
    ours = [
        (frame, point.kind, point.first, point.part, event.priority, float(value))
        for frame, event in requests(messages)
        if event.code in (15, 16)
        for point, value in zip(event.points, event.values, strict=True)
        if value.replace(".", "").isdigit()
    ]
    theirs = [
        (item["frame"], item["object"], item["instance"], item["property"], item["priority"], float(item["value"]))
        for item in truth["write_property"]["items"]
        if item["value"].replace(".", "").isdigit()
    ]
    assert ours == theirs


def test_orders(capture: tuple[list[Heard], Truth]) -> None:
    messages, truth = capture
    ours = [
        (message.frame, asked.operation, dict(asked.details)["state"], dict(asked.details).get("minutes"), secrets)
        for message in messages
        for asked in message.events[:1]
        if isinstance(asked, Request) and asked.code in (17, 20)
        for secrets in ([event.secret for event in message.events if isinstance(event, Credential)],)
    ]
    theirs = truth["device_control"]["items"]
    assert [row[:3] for row in ours] == [(item["frame"], item["service"], item["state"]) for item in theirs]
    for (_, _, _, minutes, secrets), item in zip(ours, theirs, strict=True):
        assert minutes == (None if item["duration"] is None else str(item["duration"]))
        assert len(secrets) == (item["password"] is not None)
        assert all(secret.equals(item["password"]) for secret in secrets)


def test_device_names(capture: tuple[list[Heard], Truth]) -> None:
    """Every identity property of a device that tshark shows is in an Identity."""
    messages, truth = capture
    fields = {"object-name": "name", "vendor-name": "vendor", "model-name": "model", "firmware-revision": "firmware",
              "application-software-version": "software", "description": "description", "location": "location"}  # fmt: skip
    known = {
        (dict(event.fields).get("device_instance"), *field)
        for message in messages
        for event in message.events
        if isinstance(event, Identity)
        for field in event.fields
    }
    for item in truth["properties"]["items"]:
        if item["object"] == "device" and item["property"] in fields and item["value"]:
            assert (str(item["instance"]), fields[item["property"]], item["value"]) in known


def test_bacnet_over_arcnet(captures: Path) -> None:
    """Every frame holds an NPDU (tshark 4.0 reads none of them); four devices tell their makers."""
    messages = list(heard(captures / "bacnet/ctsamples-bacnet-arcnet.pcap"))
    said = [event for message in messages for event in message.events]
    assert len(messages) == 564
    assert not any(isinstance(event, Anomaly) for event in said)
    assert {event.key for event in said if isinstance(event, Binding)} >= {"111", "61", "201"}
