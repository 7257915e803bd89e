"""facts/umas.py: one literal a field."""

from otwatch.events import Answer, Request, Verb
from tests.facts.seen import MODBUS, facts, joined, said

UNIT = ("unit 0",)


def asks(code: str, name: str, *more: tuple[str, str]) -> Request:
    return Request("modbus", Verb.PROGRAM, f"UMAS {code} {name}", 0x5A, UNIT, details=(("umas", code), ("session", "0x01"), *more))


def test_codes_of_requests_and_marks_of_answers() -> None:
    upload = asks("0x34", "Upload Block")
    lonely = Answer("modbus", "UMAS", 0x5A, UNIT, error="refused", error_code="0xfd")
    told = facts(joined(MODBUS, upload), joined(MODBUS, upload, "refused", "0xfd"), said(MODBUS, lonely, by_client=False))
    assert told["umas"]["request_codes"] == {"0x34": 2}
    assert told["umas"]["response_codes"] == {"0xfd": 2, "0xfe": 1}
    assert told["umas"]["operations"] == {"0x34 Upload Block": 2}
    assert told["modbus"]["umas"] == {"request_codes": {"0x34": 2}, "response_codes": {"0xfd": 2, "0xfe": 1}}
    assert told["modbus"]["exceptions"] == {"count": 0, "by_function_and_code": {}}


def test_a_signed_request_counts_as_such() -> None:
    assert facts(said(MODBUS, asks("0x40", "Start PLC", ("signed", "yes"))))["umas"]["request_codes"] == {"0x38": 1}


def test_an_exception_of_modbus_is_no_answer_of_umas() -> None:
    told = facts(joined(MODBUS, asks("0x41", "Stop PLC"), "illegal function", "1"))
    assert told["umas"]["response_codes"] == {}
    assert told["modbus"]["exceptions"] == {"count": 1, "by_function_and_code": {"90/1": 1}}
