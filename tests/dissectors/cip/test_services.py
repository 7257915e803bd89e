"""What a service means on a class of objects, and the data of the common services."""

import pytest

from otwatch.dissectors import cip
from otwatch.dissectors.base import events
from otwatch.dissectors.cip.services import row
from otwatch.events import Event, Point, Request, Verb
from tests.dissectors.enveloped import opened


def said(message: str | bytes) -> tuple[Event, ...]:
    payload = message if isinstance(message, bytes) else bytes.fromhex(message)
    return opened(events(lambda read, _: cip.decode(read), payload, None, "cip"))


def asked(message: str | bytes) -> Request:
    (request,) = said(message)
    assert isinstance(request, Request)
    return request


@pytest.mark.parametrize(
    ("classes", "symbolic", "service", "name", "verb"),
    [
        ((0x01,), False, 0x01, "Get Attributes All", Verb.DISCOVER),
        ((0x04,), False, 0x0E, "Get Attribute Single", Verb.READ),
        ((0x04,), False, 0x10, "Set Attribute Single", Verb.WRITE),
        ((0x29,), False, 0x10, "Set Attribute Single", Verb.CONTROL),
        ((0xF5,), False, 0x10, "Set Attribute Single", Verb.ADMIN),
        ((0xF5,), False, 0x04, "Set Attribute List", Verb.ADMIN),
        ((0xF5,), False, 0x02, "Set Attributes All", Verb.ADMIN),
        ((0xF6,), False, 0x10, "Set Attribute Single", Verb.ADMIN),
        ((0xF6,), False, 0x0E, "Get Attribute Single", Verb.DISCOVER),
        ((0x5E,), False, 0x10, "Set Attribute Single", Verb.ADMIN),
        ((0x8B,), False, 0x04, "Set Attribute List", Verb.TIME),
        ((0x43,), False, 0x10, "Set Attribute Single", Verb.TIME),
        ((0x8E,), False, 0x06, "Go to Run", Verb.CONTROL),
        ((0x8E,), False, 0x07, "Go to Program", Verb.CONTROL),
        ((0x8E, 0x74), False, 0x4C, "Unlock Controller", Verb.CONTROL),
        ((0x72,), False, 0x07, "Stop", Verb.CONTROL),
        ((0x72,), False, 0x4C, "service 0x4c", Verb.OTHER),
        ((), True, 0x4C, "Read Tag", Verb.READ),
        ((), True, 0x52, "Read Tag Fragmented", Verb.READ),
        ((0x06,), False, 0x52, "Unconnected Send", Verb.SESSION),
        ((0x6B,), False, 0x4D, "Write Tag", Verb.WRITE),
        ((0x68, 0x6B), False, 0x4D, "Write Tag", Verb.WRITE),
        ((0x68,), False, 0x4D, "Force", Verb.CONTROL),
        ((0x69, 0x7E), False, 0x4E, "Force", Verb.CONTROL),
        ((0x6B,), False, 0x55, "Get Instance Attribute List", Verb.DISCOVER),
        ((0x68, 0x6D), False, 0x04, "Set Attribute List", Verb.PROGRAM),
        ((0x68,), False, 0x08, "Create", Verb.PROGRAM),
        ((0xAC,), False, 0x08, "Program Download", Verb.PROGRAM),
        ((0xA1,), False, 0x4D, "Firmware update: service 0x4d", Verb.PROGRAM),
        ((0xA1,), False, 0x01, "Get Attributes All", Verb.PROGRAM),
        ((0x37,), False, 0x4C, "Initiate Download", Verb.PROGRAM),
        ((0xF3,), False, 0x4D, "Close Connection", Verb.ADMIN),
        ((0x99,), False, 0x09, "Delete", Verb.ADMIN),
    ],
)
def test_a_service_means_what_its_class_says(classes: tuple[int, ...], symbolic: bool, service: int, name: str, verb: Verb) -> None:
    found = row(classes, symbolic, service)
    assert (found.name, found.verb) == (name, verb)


def test_reset_tells_its_type_and_means_a_power_cycle_without() -> None:
    assert asked("050220012401" + "01").details == (("type", "1"),)
    assert asked("050220012401").details == (("type", "0"),)


def test_an_attribute_list_is_one_point_for_each_attribute() -> None:
    assert [point.name for point in asked("0302208b240102000500" + "0600").points] == ["0x8b/1/5", "0x8b/1/6"]
    assert asked("0402208b24010100" + "0600aabb") == Request(
        "cip", Verb.TIME, "Set Attribute List", 4, points=(Point("cip", name="0x8b/1/6"),), values=("aabb",)
    )


def test_new_address_of_a_device() -> None:
    request = asked("100320f524013005" + "150200c0" + "00ffffff" + "010200c0" + "00000000" * 2 + "0300" + b"ahu".hex())
    assert request.points == (Point("cip", name="0xf5/1/5"),)
    assert dict(request.details) == {
        "ip": "192.0.2.21",
        "mask": "255.255.255.0",
        "gateway": "192.0.2.1",
        "dns1": "0.0.0.0",
        "dns2": "0.0.0.0",
        "domain": "ahu",
    }
    assert asked("100320f524013003" + "02000000").details == (("method", "DHCP"),)
    assert asked("100320f524013006" + "0200" + b"ab".hex()).details == (("host", "ab"),)
    assert asked("100320f524013009" + "ff").values == ("ff",)


def test_long_values_are_capped() -> None:
    assert asked("100320042465" + "3003" + "aa" * 100).values == ("aa" * 64 + "…",)


def test_modbus_object() -> None:
    assert asked("500220442401" + "0a000200" + "11112222") == Request(
        "cip", Verb.WRITE, "Write Holding Registers", 0x50, points=(Point("holding-register", 10, 2),), values=("11112222",)
    )
    passed = asked("510220442401" + "0600010003")
    assert (passed.verb, passed.operation) == (Verb.WRITE, "Modbus passthrough: function 6")
