"""KNXnet/IP on literal messages (domain/protocols.md 6 and 15.4), and on a real recording."""

from pathlib import Path

import pytest

from otwatch.dissectors.knx import KNX
from otwatch.dissectors.knx.cemi import SERVICES, group, individual
from otwatch.dissectors.reader import Reader
from otwatch.events import Anomaly, Answer, Identity, Point, Request, Verb
from otwatch.wire.recognition import knows
from tests.dissectors.industrial import (
    KNX_ACK,
    KNX_AUTHORIZE,
    KNX_CONNECT,
    KNX_DEVICE,
    KNX_FOUND,
    KNX_NOT_NOW,
    KNX_PROPERTY,
    KNX_RESTART,
    KNX_SEARCH,
    KNX_TOLD,
    KNX_WRITE_SWITCH,
    KNX_WRITE_VALUE,
    heard_in,
    knx,
    said,
)


def request(text: str) -> Request:
    (found,) = said(KNX, text)
    assert isinstance(found, Request)
    return found


@pytest.mark.parametrize(("text", "point", "value"), [(KNX_WRITE_SWITCH, "1/2/3", "1"), (KNX_WRITE_VALUE, "1/2/4", "0x0c1a")])
def test_a_routed_write_names_who_and_which_group(text: str, point: str, value: str) -> None:
    found = request(text)
    assert (found.verb, found.origin, found.values) == (Verb.WRITE, ("knx 1.1.5",), (value,))
    assert [one.name for one in found.points] == [point]
    assert found.one_way


def test_what_an_interface_hears_is_no_order_to_its_client() -> None:
    found = request(KNX_TOLD)
    assert (found.verb, found.operation, found.origin, found.values) == (Verb.ALARM, "GroupValueWrite", ("knx 1.1.5",), ())


def test_a_client_orders_a_device_through_the_interface() -> None:
    found = request(KNX_RESTART)
    assert (found.verb, found.operation, found.target, found.origin) == (Verb.CONTROL, "Restart", ("knx 1.1.5",), ())


def test_questions_heard_on_the_bus_are_no_questions_to_the_client() -> None:
    found = request(knx(0x0420, "041501002900bce011050a03010000"))
    assert (found.verb, found.operation, found.origin) == (Verb.ALARM, "GroupValueRead", ("knx 1.1.5",))


def test_an_order_of_a_client_is_its_own_whatever_source_it_gives_itself() -> None:
    found = request(knx(0x0420, "041501001100b060112a1105010380"))
    assert (found.operation, found.target, found.origin) == ("Restart", ("knx 1.1.5",), ())


def test_a_device_on_the_bus_answers() -> None:
    (found,) = said(KNX, knx(0x0420, "041501002900b0601105112a03434007b0"))
    assert found == Answer("knx", "DeviceDescriptorResponse", 0x340, target=("knx 1.1.5",), details=(("message", "L_Data.ind"),))


@pytest.mark.parametrize("text", [knx(0x0206, "15000801c0a801ad0e5704041102"), knx(0x0206, "15000801c0a801ad0e570404110200")])
def test_a_client_gets_an_address_on_the_bus(text: str) -> None:
    """Spare bytes behind the connection data say nothing."""
    answer, identity = said(KNX, text)
    assert answer == Answer("knx", "ConnectRequest", 0x0205)
    assert identity == Identity("knx", (), (("knx_address", "1.1.2"),), hearsay=True)


@pytest.mark.parametrize(("text", "key"), [(KNX_AUTHORIZE, "none"), (KNX_AUTHORIZE[:-8] + "12345678", "present")])
def test_a_key_is_never_told(text: str, key: str) -> None:
    found = request(text)
    assert ("key", key) in found.details
    assert "12345678" not in repr(found)


def test_a_confirmation_is_no_second_order() -> None:
    confirmed, failed = (said(KNX, knx(0x0420, f"041501002e00{control}e011050a03010081")) for control in ("bc", "bd"))
    assert confirmed == [Answer("knx", "GroupValueWrite", 0x080)]
    assert failed == [Answer("knx", "GroupValueWrite", 0x080, error="not sent on the bus", error_code="1")]


def test_properties_of_the_interface() -> None:
    found = request(KNX_PROPERTY)
    assert (found.verb, found.points) == (Verb.ADMIN, (Point("property", name="11/1/53"),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (KNX_ACK, Answer("knx", "TunnellingRequest", 0x0420)),
        (KNX_NOT_NOW, Answer("knx", "ConnectRequest", 0x0205, error="no more connections", error_code="0x24")),
        (KNX_CONNECT, Request("knx", Verb.SESSION, "ConnectRequest", 0x0205, details=(("connection", "tunnelling"),))),
        (KNX_SEARCH, Request("knx", Verb.DISCOVER, "SearchRequest", 0x0201, one_way=True)),
    ],
)  # fmt: skip
def test_services(text: str, expected: Request | Answer) -> None:
    assert said(KNX, text) == [expected]


@pytest.mark.parametrize("text", [KNX_FOUND, knx(0x0204, KNX_DEVICE)])
def test_a_device_describes_itself(text: str) -> None:
    answer, identity = said(KNX, text)
    assert isinstance(answer, Answer)
    assert answer.details == (("secure", "no"),)
    assert isinstance(identity, Identity)
    assert dict(identity.fields) == {
        "vendor": "MDT technologies", "serial": "0083000000ff", "name": "SCN-IP000.03 IP", "mac": "cc:1b:e0:80:00:01",
        "device_type": "KNX TP1", "knx_address": "1.1.1", "run_state": "programming",
    }  # fmt: skip


@pytest.mark.parametrize(("text", "operation", "verb"), [
    ("b06000001105010380", "Restart", Verb.CONTROL), ("b06000001105020285aa", "MemoryWrite", Verb.PROGRAM),
    ("b060000011050603d300aabbccdd", "KeyWrite", Verb.ADMIN), ("bce0000000000300c01105", "IndividualAddressWrite", Verb.ADMIN),
    ("b060000011050080", "T_Connect", Verb.SESSION), ("b060000011050103ff", "APCI 0x3ff", Verb.OTHER),
])  # fmt: skip
def test_management(text: str, operation: str, verb: Verb) -> None:
    found = request(knx(0x0420, "041501001100" + text))
    assert (found.operation, found.verb) == (operation, verb)
    assert "aabbccdd" not in repr(found)


def test_addresses() -> None:
    assert (individual(0xFFFE), group(0x0A03), group(0xFFFF)) == ("15.15.254", "1/2/3", "31/7/255")


def test_services_that_change_things_are_known_as_such() -> None:
    """detections.md, knx.write.unexpected."""
    management = {0x0C0, 0x280, 0x2C2, 0x2C7, 0x3C3, 0x3CA, 0x3CF, 0x3D3, 0x3D7, 0x3DE, 0x3E0, 0x3E7}
    assert {SERVICES[code].verb for code in management} == {Verb.ADMIN, Verb.PROGRAM}


@pytest.mark.parametrize("text", ["0610053000", "0610099900069999", "0611053000112900", "06100530000500", KNX_WRITE_SWITCH[:-2]])
def test_other_bytes_are_not_taken_for_it(text: str) -> None:
    assert not knows(KNX, bytes.fromhex(text), hint=True)


def test_a_structure_of_another_size_is_a_flaw() -> None:
    (flaw,) = said(KNX, knx(0x0205, "0701c0000205a4120801c0000205a41304040200"))
    assert isinstance(flaw, Anomaly)


def test_a_real_line(captures: Path) -> None:
    """Two clients of one interface hear the same telegrams, which are writes of devices on the bus and of neither of them."""
    items = heard_in(captures / "knx" / "zimmermann-knx.pcap")
    telegrams = [item for item in items if isinstance(item.event, Request) and item.event.operation == "GroupValueWrite"]
    assert sum(item.times for item in telegrams) == 134
    assert {item.event.verb for item in telegrams if isinstance(item.event, Request)} == {Verb.ALARM}
    told = [item.event for item in items if isinstance(item.event, Identity)]
    assert {dict(one.fields)["name"] for one in told if not one.hearsay} == {"SCN-IP000.03 IP (A7.1a)"}
    assert {dict(one.fields)["knx_address"] for one in told if one.hearsay} == {"1.1.2", "1.1.3", "1.1.4"}


def test_looks_needs_no_port() -> None:
    assert KNX.looks_like(Reader(bytes.fromhex(KNX_SEARCH)), False)
