"""S7comm on literal messages (domain/protocols.md 7 and 15.4), and on real captures."""

from pathlib import Path

import pytest

from otwatch.dissectors.reader import Reader
from otwatch.dissectors.s7 import PLUS, S7
from otwatch.dissectors.s7.jobs import block_name
from otwatch.events import Anomaly, Answer, Credential, Event, Identity, Point, Request, Verb
from tests.dissectors.industrial import (
    S7_BLOCK_ASKED,
    S7_BLOCK_GIVEN,
    S7_CLOCK,
    S7_CONNECT,
    S7_DOWNLOAD,
    S7_INSERT,
    S7_PASSWORD,
    S7_PLUS,
    S7_START,
    S7_STOP,
    S7_SZL,
    S7_SZL_TOLD,
    S7_UPLOAD,
    S7_WRITE,
    S7_WRITTEN,
    heard_in,
    s7,
    said,
)


def request(text: str) -> Request:
    (found,) = [event for event in said(S7, text) if isinstance(event, Request)]
    return found


def answer(text: str) -> Answer:
    (found,) = said(S7, text)
    assert isinstance(found, Answer)
    return found


def test_a_connection_tells_who_calls() -> None:
    assert dict(request(S7_CONNECT).details) == {"station": "PG", "called": "PG", "rack": "0", "slot": "2"}


def test_a_write_names_point_and_value() -> None:
    found = request(S7_WRITE)
    assert (found.verb, found.points, found.values) == (Verb.WRITE, (Point("s7", 0, 1, name="DB1.DBW0"),), ("1",))


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("120a1001000100018400000b", "DB1.DBX1.3"), ("120a10020004000083000050", "MB10 x4"), ("120a10010001000082000005", "Q0.5"),
        ("120a10080001000a84000020", "DB10.DBD4"), ("120a101c000100001c000007", "C7"), ("120a1004000100008000000c", "PW1"),
        ("1207b00102000a0004", "DB10.DBB4"), ("12088212000000000000", "address of syntax 0x82"),
    ],
)  # fmt: skip
def test_points_are_named_as_siemens_writes_them(item: str, name: str) -> None:
    assert [point.name for point in request(s7(1, f"0401{item}")).points] == [name]


@pytest.mark.parametrize(
    ("kind", "data", "value"),
    [
        (1, "0003000101", "1"), (5, "00050010ffff", "-1"), (4, "00040010ffff", "65535"), (8, "0007000441ac0000", "21.5"),
        (2, "00040020aabbccdd", "2864434397"), (2, "00040018aabbcc", "0xaabbcc"), (2, "0004006000000000000000000000000000", "12 bytes"),
    ],
)  # fmt: skip
def test_values_are_read_by_the_type_of_their_item(kind: int, data: str, value: str) -> None:
    assert request(s7(1, f"0501120a10{kind:02x}000100018400000000", data)).values == (value,)


@pytest.mark.parametrize(("code", "words"), [("ff", ""), ("0a", "object does not exist"), ("03", "access denied"), ("77", "refused")])
def test_the_answer_of_an_item_decides(code: str, words: str) -> None:
    assert answer(S7_WRITTEN[:-2] + code).error == words


def test_an_error_of_the_header_is_an_error() -> None:
    found = answer("0300001302f08032020000000100000000" + "8104")
    assert (found.error, found.error_code) == ("function not available", "0x8104")


@pytest.mark.parametrize(
    ("text", "operation", "verb", "details"),
    [
        (S7_STOP, "PLC Stop", Verb.CONTROL, {}),
        (S7_START, "PI-Service: Start PLC", Verb.CONTROL, {"pi": "P_PROGRAM"}),
        (S7_INSERT, "PI-Service: Activate Block", Verb.PROGRAM, {"pi": "_INSE", "blocks": "DB 1"}),
        (S7_DOWNLOAD, "Request Download", Verb.PROGRAM, {"transfer": "download-begin", "block": "OB 1"}),
        (S7_UPLOAD, "Start Upload", Verb.PROGRAM, {"transfer": "upload-begin", "block": "DB 1"}),
        (S7_CLOCK, "Set Clock", Verb.TIME, {}),
        (S7_SZL, "Read SZL", Verb.DISCOVER, {"szl": "0x0011", "index": "0x0000", "list": "module identification"}),
    ],
)
def test_orders(text: str, operation: str, verb: Verb, details: dict[str, str]) -> None:
    found = request(text)
    assert (found.operation, found.verb, dict(found.details)) == (operation, verb, details)


def test_a_block_is_asked_for_by_the_controller_and_given_by_the_station() -> None:
    assert answer(S7_BLOCK_ASKED).operation == "Download Block"
    given = request(S7_BLOCK_GIVEN)
    assert (dict(given.details), given.one_way) == ({"transfer": "download-block", "bytes": "4"}, True)


def test_a_password_can_be_turned_back() -> None:
    login, asked = said(S7, S7_PASSWORD)
    assert isinstance(login, Credential)
    assert login.secret.equals("toor")
    assert isinstance(asked, Request)
    assert asked.verb is Verb.AUTH


def test_a_status_list_tells_what_the_module_is() -> None:
    told = said(S7, S7_SZL_TOLD, False)
    assert told[1:] == [Identity("s7", (), (("model", "6ES7 315-2EH14-0AB0"), ("vendor", "Siemens")))]


def test_a_status_list_whose_request_was_never_captured_names_the_controller(captures: Path) -> None:
    heard = heard_in(captures / "s7" / "iti-tia_s300_goOnline.pcap")
    models = {dict(item.event.fields).get("model") for item in heard if isinstance(item.event, Identity)}
    assert "6ES7 315-2EH14-0AB0" in models


def test_the_protection_level_is_told_with_its_request() -> None:
    asked = request(S7_SZL)._replace(details=(("szl", "0x0132"), ("index", "0x0004")))
    text = s7(7, "000112081284010000000000", "ff09001201320004000a000100040001000000010002")
    assert S7.joined is not None
    (told,) = S7.joined(asked, Reader(bytes.fromhex(text)))
    assert isinstance(told, Answer)
    assert dict(told.details) == {"protection": "1", "password_level": "0", "key_switch": "RUN-P"}


@pytest.mark.parametrize(("text", "name"), [("0800001P", "OB 1"), ("0A00042A", "DB 42"), ("0E99999P", "FB 99999"), ("XX", "XX")])
def test_block_names(text: str, name: str) -> None:
    assert block_name(text) == name


@pytest.mark.parametrize(
    ("dissector", "text", "known"),
    [
        (S7, S7_WRITE, True), (S7, S7_CONNECT, False), (S7, S7_CONNECT + S7_WRITE, True), (S7, S7_PLUS, False), (PLUS, S7_PLUS, True),
        (PLUS, S7_WRITE, False), (S7, "0300000702f080", False), (S7, S7_WRITE[:-2], False),
    ],
)  # fmt: skip
def test_recognised_by_its_data(dissector: object, text: str, known: bool) -> None:
    assert dissector in (S7, PLUS)
    looks = S7.looks_like if dissector is S7 else PLUS.looks_like
    assert looks(Reader(bytes.fromhex(text)), True) is known


def test_what_follows_a_flaw_is_read() -> None:
    events: list[Event] = said(S7, s7(1, "0501120a10", "") + S7_STOP)
    assert any(isinstance(event, Anomaly) for event in events)
    assert isinstance(events[-1], Request)
    assert events[-1].operation == "PLC Stop"


def test_a_real_controller_says_who_it_is(captures: Path) -> None:
    said_of_it: dict[str, str] = {}
    for item in heard_in(captures / "s7" / "iti-s7comm_reading_plc_status.pcap"):
        if isinstance(item.event, Identity):
            said_of_it |= dict(item.event.fields)
    assert said_of_it == {
        "model": "6ES7 151-8AB01-0AB0", "vendor": "Siemens", "hardware": "1", "firmware": "V3.2.6", "name": "IM151-8-CPU",
        "application": "IM151-8 PN/DP CPU", "serial": "S C-C6TW74882012", "product": "IM151-8 PN/DP CPU", "run_state": "RUN",
    }  # fmt: skip
