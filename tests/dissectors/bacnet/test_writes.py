"""Services that change things, literals (domain/protocols.md 2.5, 2.7, 15.2)."""

import pytest

from otwatch.dissectors.bacnet.names import property_name
from otwatch.dissectors.bacnet.writes import property_verb
from otwatch.events import Point, Request, Verb
from tests.dissectors.bacnet.said import flaw, of_apdu


def asked(apdu: str) -> Request:
    (request,) = of_apdu(apdu)
    assert isinstance(request, Request)
    return request


@pytest.mark.parametrize(
    ("parameters", "point", "value", "priority", "verb"),
    [
        ("0c0040000319553e44423400003f4908", "analog-output:3 present-value", "45.0", 8, Verb.WRITE),
        ("0c0100000119553e003f4908", "binary-output:1 present-value", "null", 8, Verb.WRITE),
        ("0c0100000119553e91003f4901", "binary-output:1 present-value", "0", 1, Verb.WRITE),
        ("0c0080000719513e113f", "analog-value:7 out-of-service", "true", None, Verb.ADMIN),
        ("0c04000001195a3e91033f", "program:1 program-change", "3", None, Verb.CONTROL),
        ("0c02000001193829033ea47d0b17073f", "device:1 local-date[3]", "2025-11-23", None, Verb.TIME),
        ("0c044000011a007b29013e0eb408000000 44420000000f3f", "schedule:1 weekly-schedule[1]", "[0]{ 08:00:00 32.0 }", None, Verb.ADMIN),
        ("0c200000011a02003e21013f", "object-type-128:1 property-512", "1", None, Verb.WRITE),
    ],
)
def test_write_property(parameters: str, point: str, value: str, priority: int | None, verb: Verb) -> None:
    request = asked("0005230f" + parameters.replace(" ", ""))
    assert ([str(each) for each in request.points], request.values) == ([point], (value,))
    assert (request.priority, request.verb, request.code, request.one_way) == (priority, verb, 15, False)


def test_write_several_properties() -> None:
    first = "0c008000071e09552e4441ac00002f390a09512e112f1f"
    second = "0c010000011e09552e91012f39081f"
    request = asked("00052510" + first + second)
    assert [str(point) for point in request.points] == [
        "analog-value:7 present-value", "analog-value:7 out-of-service", "binary-output:1 present-value",
    ]  # fmt: skip
    assert request.values == ("21.5", "true", "1")
    assert (request.priority, request.verb) == (8, Verb.ADMIN)


@pytest.mark.parametrize(("service", "operation"), [("08", "addListElement"), ("09", "removeListElement")])
def test_lists(service: str, operation: str) -> None:
    request = asked(f"000525{service}0c03c0000119663e21053f")
    assert (request.operation, request.verb, request.values) == (operation, Verb.ADMIN, ("5",))
    assert str(request.points[0]) == "notification-class:1 recipient-list"


def test_create_and_delete() -> None:
    assert asked("0005250a0e09020f").points == (Point("analog-value"),)
    made = asked("0005250a0e1c008000070f1e094d2e730041422f1f")
    assert made.points == (Point("analog-value", 7), Point("analog-value", 7, 1, "object-name"))
    assert made.values == ("", "AB")
    assert asked("0005250bc400800007").points == (Point("analog-value", 7),)


def test_write_group() -> None:
    request = asked("100a09171905" + "2e" + "0901" + "4442340000" + "0902" + "1903" + "00" + "2f" + "3901")
    assert (request.verb, request.one_way, request.priority) == (Verb.WRITE, True, 3)
    assert [str(point) for point in request.points] == ["write-group:23 channel 1", "write-group:23 channel 2"]
    assert request.values == ("45.0", "null")
    assert request.details == (("inhibit_delay", "yes"),)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ("0c00400003", "parameter 1 is missing"),
        ("0c004000031955", "parameter 3 is missing"),
        ("19550c00400003", "parameters out of order"),
        ("c400400003", "context tag expected"),
        ("0c0040000319553e4442", "4 bytes expected, 1 left"),
        ("0b00400319553e003f", "object identifier of 3 octets"),
    ],
)
def test_flaws_leave_the_request(parameters: str, reason: str) -> None:
    said = of_apdu("0005230f" + parameters)
    assert isinstance(said[0], Request)
    assert said[0].verb is Verb.WRITE
    assert flaw(said) == reason


PROTECTIVE = (
    2, 17, 23, 24, 25, 32, 35, 38, 45, 54, 59, 61, 65, 66, 67, 68, 69, 81, 84, 102, 113, 116, 119, 123, 160, 163, 174, 202, 206, 231, 233,
    261, 282, 307, 353, 354, 357, 400, 401, 411, 412, 413, 414, 415, 418, 425,
)  # fmt: skip


@pytest.mark.parametrize("protective", PROTECTIVE)
def test_protective_properties_are_admin(protective: int) -> None:
    assert property_verb(protective) is Verb.ADMIN
    assert property_name(protective) != f"property-{protective}"
