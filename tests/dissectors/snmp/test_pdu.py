"""PDUs: what is asked of which objects, and what their values say."""

import pytest

from otwatch.dissectors.base import read
from otwatch.dissectors.snmp import SNMP
from otwatch.dissectors.snmp.oids import CONTROL, FACTS
from otwatch.events import IDENTITY_FIELDS, UNNAMED, Answer, Credential, Point, Request, Secret, Verb
from tests.dissectors.snmp.vectors import (
    NULL,
    SET,
    SYS_DESCR,
    SYS_NAME,
    SYS_OBJECT_ID,
    TRAP_V1,
    asked,
    binding,
    facts,
    message,
    number,
    oid,
    said,
    tlv,
    told,
)


def test_set_that_shuts_an_ups_down() -> None:
    credential, request = said(bytes.fromhex(SET))
    assert credential == Credential("snmp", "", Secret(b"private"))
    assert request == Request(
        "snmp",
        Verb.CONTROL,
        "Set",
        0xA3,
        points=(Point("oid", name="1.3.6.1.2.1.33.1.8.2.0"),),
        values=("30",),
        details=(("version", "1"),),
    )


@pytest.mark.parametrize(
    ("tag", "operation", "verb", "one_way", "is_login"),
    [
        (0xA0, "Get", Verb.READ, False, True),
        (0xA1, "GetNext", Verb.READ, False, True),
        (0xA5, "GetBulk", Verb.READ, False, True),
        (0xA3, "Set", Verb.WRITE, False, True),
        (0xA6, "Inform", Verb.ALARM, False, False),
        (0xA7, "Trap", Verb.ALARM, True, False),
    ],
)
def test_requests(tag: int, operation: str, verb: Verb, one_way: bool, is_login: bool) -> None:
    payload = message(tag, binding(SYS_DESCR))
    event = asked(payload)
    assert (event.code, event.operation, event.verb, event.one_way) == (tag, operation, verb, one_way)
    assert event.points == (Point("oid", name=SYS_DESCR),)
    assert any(isinstance(other, Credential) for other in said(payload)) is is_login


@pytest.mark.parametrize("branch", CONTROL)
def test_control_branches(branch: str) -> None:
    assert asked(message(0xA3, binding(f"{branch}.1.0", number(1)))).verb is Verb.CONTROL
    assert asked(message(0xA3, binding(f"{branch}1.0", number(1)))).verb is Verb.WRITE
    assert asked(message(0xA0, binding(f"{branch}.1.0"))).verb is Verb.READ


def test_a_control_cannot_hide_behind_other_objects() -> None:
    event = asked(message(0xA3, *(binding(f"{SYS_NAME}.{row}", number(row)) for row in range(40)), binding(f"{CONTROL[0]}.1.0", number(7))))
    assert event.verb is Verb.CONTROL
    assert len(event.points) == len(event.values) == 16
    assert (event.points[0].name, event.values[0]) == (f"{CONTROL[0]}.1.0", "7")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (number(-3), "-3"),
        (tlv(4, b"R1 "), "R1"),
        (tlv(4, b"\x00\x80\xf4\x01"), "0x0080f401"),
        (tlv(0x40, bytes([192, 0, 2, 1])), "192.0.2.1"),
        (tlv(0x42, b"\xff\xff\xff\xff"), "4294967295"),
        (oid("1.3.6.1"), "1.3.6.1"),
        (NULL, "null"),
    ],
)
def test_values_of_a_set(value: bytes, shown: str) -> None:
    assert asked(message(0xA3, binding(SYS_NAME, value))).values == (shown,)


@pytest.mark.parametrize("name", ["1.3.6.1.6.3.18.1.1.1.2.97", "1.3.6.1.4.1.9.9.96.1.1.1.1.8.1"])
def test_keys_are_not_shown(name: str) -> None:
    event = asked(message(0xA3, binding(name, tlv(4, b"s3cret"))))
    assert event.values == ("<secret>",)


def test_response() -> None:
    payload = message(
        0xA2,
        binding(SYS_DESCR, tlv(4, b"APC Web/SNMP Management Card\r\nMB:v4.1")),
        binding(SYS_OBJECT_ID, oid("1.3.6.1.4.1.318.1.3.27")),
        binding("1.3.6.1.2.1.33.1.1.2.0", tlv(4, b"Smart-UPS 3000")),
        binding("1.3.6.1.2.1.33.1.2.4.0", number(97)),
    )
    assert told(payload) == Answer("snmp", "Response", UNNAMED, details=(("version", "2c"),))
    assert facts(payload) == {
        "description": "APC Web/SNMP Management Card MB:v4.1",
        "object_id": "1.3.6.1.4.1.318.1.3.27",
        "model": "Smart-UPS 3000",
        "enterprise": "APC",
    }
    assert not any(isinstance(event, Credential) for event in said(payload))


def test_polls_of_the_same_objects_say_the_same() -> None:
    first, second = (message(0xA2, binding("1.3.6.1.2.1.33.1.2.4.0", number(value))) for value in (97, 96))
    assert said(first) == said(second)
    spans = read(SNMP, first, None).aside
    assert any(end == len(first) for _, end in spans)


def test_ticket_is_the_request_id() -> None:
    request, answer = message(0xA0, binding(SYS_DESCR)), message(0xA2, binding(SYS_DESCR, tlv(4, b"x")))
    tickets = [payload[slice(*read(SNMP, payload, None).messages[0].ticket)] for payload in (request, answer)]
    assert tickets == [(4711).to_bytes(2)] * 2


@pytest.mark.parametrize(("status", "error"), [(2, "noSuchName"), (17, "notWritable"), (19, "error 19"), (-1, "error -1")])
def test_errors(status: int, error: str) -> None:
    payload = message(0xA2, binding(SYS_NAME, tlv(4, b"R1")), status=status)
    event = told(payload)
    assert (event.error, event.error_code) == (error, str(status))
    assert not facts(payload)


def test_parts_of_a_device_are_not_the_device() -> None:
    serial = "1.3.6.1.2.1.47.1.1.1.1.11"
    assert facts(message(0xA2, binding(f"{serial}.1", tlv(4, b"CHASSIS")), binding(f"{serial}.7", tlv(4, b"FAN")))) == {"serial": "CHASSIS"}


def test_fields_are_known() -> None:
    assert set(FACTS.values()) <= IDENTITY_FIELDS


def test_trap_v1() -> None:
    event = asked(bytes.fromhex(TRAP_V1))
    assert (event.verb, event.operation, event.code, event.one_way) == (Verb.ALARM, "Trap", 0xA4, True)
    assert dict(event.details) == {
        "version": "1",
        "trap": "linkDown",
        "specific": "0",
        "enterprise": "1.3.6.1.4.1.4.1.2.21",
        "agent": "127.0.0.1",
    }


def test_trap_v2_names_its_kind() -> None:
    payload = message(0xA7, binding("1.3.6.1.2.1.1.3.0", tlv(0x43, b"\1")), binding("1.3.6.1.6.3.1.1.4.1.0", oid("1.3.6.1.6.3.1.1.5.3")))
    assert dict(asked(payload).details)["trap"] == "1.3.6.1.6.3.1.1.5.3"
