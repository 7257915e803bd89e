"""referee/modbus.py: tshark's layers -> facts."""

from otwatch.referee.modbus import see
from tests.referee.trees import facts, field, frame, layer

WHO = (("client", "10.0.0.1"), ("server", "10.0.0.2"), ("unit", 5))
MBTCP = layer("mbtcp", field("mbtcp.unit_id", "Unit Identifier: 5", "5"))


def message(code: int, *fields: str) -> str:
    return layer("modbus", field("modbus.func_code", f".000 0011 = Function Code: X ({code})", str(code)), *fields)


def test_a_write_of_registers() -> None:
    written = message(16, field("modbus.reference_num", "Reference Number: 10", "10"), field("modbus.word_cnt", "Word Count: 2", "2"))
    assert facts(see, frame(3, MBTCP, written)) == {
        "modbus.pdus": {(): 1},
        "modbus.functions": {(("side", "request"), ("function", 16)): 1},
        "modbus.client_server_unit": {WHO: 1},
        "modbus.writes": {(*WHO, ("function", 16), ("reference", 10), ("quantity", 2)): 1},
    }


def test_a_write_of_one_register_says_no_quantity() -> None:
    written = facts(see, frame(3, MBTCP, message(6, field("modbus.reference_num", "Reference Number: 10", "10"))))["modbus.writes"]
    assert written == {(*WHO, ("function", 6), ("reference", 10), ("quantity", 1)): 1}


def test_read_and_write_tells_what_is_written() -> None:
    names = {"read_reference_num": 1, "read_word_cnt": 2, "write_reference_num": 3, "write_word_cnt": 4}
    both = message(23, *(field(f"modbus.{name}", "", str(value)) for name, value in names.items()))
    assert [*facts(see, frame(3, MBTCP, both))["modbus.writes"]] == [(*WHO, ("function", 23), ("reference", 3), ("quantity", 4))]


def test_an_exception_is_counted_and_names_no_request() -> None:
    refused = message(3, field("modbus.exception_code", "Exception Code: Illegal data address (2)", "2"))
    assert facts(see, frame(4, MBTCP, refused, sport=502, dport=40000)) == {
        "modbus.pdus": {(): 1},
        "modbus.functions": {(("side", "response"), ("function", 3)): 1},
        "modbus.exceptions": {(("exception", "3/2"),): 1},
        "modbus.client_server_unit": {(("client", "10.0.0.2"), ("server", "10.0.0.1"), ("unit", 5)): 0},
    }


def test_two_messages_of_one_frame_are_two() -> None:
    counted = facts(see, frame(1, MBTCP, message(3), MBTCP.replace("5", "6"), message(8, field("modbus.diagnostic_code", "", "4"))))
    assert counted["modbus.pdus"] == {(): 2}
    assert {dict(item)["unit"] for item in counted["modbus.client_server_unit"]} == {5, 6}
    assert counted["modbus.diagnostic_subfunctions"] == {(("sub", 4),): 1}


def test_device_identification() -> None:
    objects = (("0", "Schneider\u202e"), ("1", "M340"), ("128", "x"))
    fields = [field(f"modbus.object_{what}", "", value) for one in objects for what, value in zip(("id", "str_value"), one, strict=True)]
    said = facts(see, frame(1, MBTCP, message(43, *fields), sport=502, dport=40000))["modbus.device_identification"]
    assert [item[2] for item in said] == [("vendor", "Schneider\\u202e"), ("product", "M340"), ("object_128", "x")]


def test_umas_is_read_from_the_data() -> None:
    asked = frame(1, MBTCP, message(90, field("modbus.data", "Data: 0002", "00:02", value="0002")))
    told = frame(2, MBTCP, message(90, field("modbus.data", "Data: 00FE01", "00:fe:01", value="00FE01")), sport=502, dport=4000)
    counted = facts(see, asked, told)
    assert counted["umas.request_codes"] == {(("code", "0x02"),): 1}
    assert counted["umas.response_codes"] == {(("code", "0xfe"),): 1}
