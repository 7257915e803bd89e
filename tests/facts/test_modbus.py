"""facts/modbus.py: one literal a field."""

from otwatch.events import Answer, Identity, Point, Request, Verb
from tests.facts.seen import MODBUS, facts, joined, said

UNIT = ("unit 3",)
READ = Request("modbus", Verb.READ, "Read Holding Registers", 3, UNIT, points=(Point("holding-register", 0, 2),))
WRITE = Request("modbus", Verb.WRITE, "Write Single Register", 6, UNIT, points=(Point("holding-register", 7),), values=("1",))
ANSWER = Answer("modbus", "Read Holding Registers", 3, UNIT)


def test_requests_and_answers_are_counted_by_function_and_side() -> None:
    told = facts(said(MODBUS, READ, times=5), said(MODBUS, ANSWER, by_client=False, times=4))["modbus"]
    assert told["pdus"] == 9
    assert told["functions"] == {"request": {"3": 5}, "response": {"3": 4}}
    assert told["client_server_unit"] == {"count": 1, "items": [{"client": "10.0.0.1", "server": "10.0.0.2", "unit": 3, "requests": 5}]}


def test_a_request_joined_with_its_answer_is_two_messages() -> None:
    told = facts(joined(MODBUS, WRITE))["modbus"]
    assert (told["pdus"], told["functions"]) == (2, {"request": {"6": 1}, "response": {"6": 1}})
    write = {"client": "10.0.0.1", "server": "10.0.0.2", "unit": 3, "function": 6, "reference": 7, "quantity": 1}
    assert told["writes"] == {"count": 1, "items": [{"frame": 1, **write}]}


def test_exceptions_of_joined_and_of_lonely_answers() -> None:
    refusal = Answer("modbus", "Read Holding Registers", 3, UNIT, error="illegal data address", error_code="2")
    told = facts(joined(MODBUS, WRITE, "illegal function", "1"), said(MODBUS, refusal, by_client=False, times=2))["modbus"]
    assert told["exceptions"] == {"count": 3, "by_function_and_code": {"3/2": 2, "6/1": 1}}


def test_an_exception_without_its_code_is_no_whole_pdu() -> None:
    cut = Answer("modbus", "Read Coils", 1, UNIT, error="exception without a code")
    assert facts(said(MODBUS, READ), said(MODBUS, cut, by_client=False))["modbus"]["pdus"] == 1


def test_records_of_files_stand_below_their_file() -> None:
    write = Request("modbus", Verb.WRITE, "Write File Record", 21, UNIT, points=(Point("file-record", 7, 3, "file 4"),), values=("1 2 3",))
    (item,) = facts(joined(MODBUS, write))["modbus"]["writes"]["items"]
    assert (item["reference"], item["quantity"]) == (4 << 16 | 7, 3)


def test_away_from_its_port_nobody_knows_the_side() -> None:
    assert facts(said(MODBUS._replace(server_port=1502), READ))["modbus"]["functions"] == {"unknown": {"3": 1}}


def test_diagnostic_subfunctions() -> None:
    ask = Request("modbus", Verb.CONTROL, "Diagnostics: Force Listen Only Mode", 8, UNIT, details=(("sub", "4"),))
    assert facts(joined(MODBUS, ask))["modbus"]["diagnostic_subfunctions"] == {"4": 1}


def test_device_identification_is_put_together() -> None:
    first = Identity("modbus", UNIT, (("vendor", "Maker"), ("product_code", "X1")))
    second = Identity("modbus", UNIT, (("firmware", "V2"),))
    controller = Identity("umas", UNIT, (("vendor", "Schneider Electric"), ("hardware", "0x0001")))
    told = facts(*(said(MODBUS, one, by_client=False) for one in (first, second, controller)))["modbus"]
    assert told["device_identification"] == [{"server": "10.0.0.2", "unit": 3, "vendor": "Maker", "product": "X1", "revision": "V2"}]


def test_the_bit_of_exceptions_is_set_aside_in_requests_too() -> None:
    odd = Request("modbus", Verb.OTHER, "function 255", 255, UNIT)
    assert facts(said(MODBUS, odd))["modbus"]["functions"] == {"request": {"127": 1}}
