"""Requests: what they ask of which points, and the limits of the specification, which stand behind the request."""

import pytest

from otwatch.dissectors.base import read
from otwatch.dissectors.modbus import MODBUS
from otwatch.dissectors.modbus.functions import FUNCTIONS
from otwatch.events import Anomaly, Point, Request, Verb
from tests.dissectors.modbus.vectors import adu, asked, request, said


@pytest.mark.parametrize(
    ("name", "verb", "operation", "points", "values"),
    [
        ("read", Verb.READ, "Read Holding Registers", (Point("holding-register", 107, 3),), ()),
        ("write coil", Verb.WRITE, "Write Single Coil", (Point("coil", 172),), ("1",)),
        ("write register", Verb.WRITE, "Write Single Register", (Point("holding-register", 1),), ("3",)),
        ("write coils", Verb.WRITE, "Write Multiple Coils", (Point("coil", 19, 10),), ("1 0 1 1 0 0 1 1 1 0",)),
        ("write registers", Verb.WRITE, "Write Multiple Registers", (Point("holding-register", 1, 2),), ("10 258",)),
        ("mask", Verb.WRITE, "Mask Write Register", (Point("holding-register", 4),), ("and 0x00f2 or 0x0025",)),
        ("exchange", Verb.WRITE, "Read/Write Multiple Registers", (Point("holding-register", 14, 3),), ("255 255 255",)),
        ("listen only", Verb.CONTROL, "Diagnostics: Force Listen Only Mode", (), ()),
        ("restart", Verb.CONTROL, "Diagnostics: Restart Communications Option", (), ()),
        ("server id", Verb.DISCOVER, "Report Server ID", (), ()),
        ("fifo", Verb.READ, "Read FIFO Queue", (Point("holding-register", 0x4DE),), ()),
    ],
)
def test_requests(name: str, verb: Verb, operation: str, points: tuple[Point, ...], values: tuple[str, ...]) -> None:
    (event,) = said(request(name))
    assert isinstance(event, Request)
    assert event[:4] == ("modbus", verb, operation, request(name)[7])
    assert (event.points, event.values) == (points, values)
    assert event.target == (f"unit {request(name)[6]}",)
    assert not event.one_way


def test_details_of_requests() -> None:
    assert asked("0800040000").details == (("sub", "4"),)
    assert asked("080001ff00").details == (("sub", "1"), ("data", "0xff00"))
    assert asked("1700030006000e000306000000000000").details == (("read", "holding-register 3..8"),)
    assert asked("2b0e0401").details == (("mei", "14"), ("access", "one object"), ("object", "1"))
    assert asked("2b0d00")[1:3] == (Verb.OTHER, "CANopen General Reference")


def test_two_messages_in_one_payload() -> None:
    reading = read(MODBUS, request("two"), True)
    assert [message.ticket for message in reading.messages] == [(0, 2), (12, 14)]
    assert [event.verb for message in reading.messages for event in message.events if isinstance(event, Request)] == [Verb.READ, Verb.WRITE]


def test_file_records() -> None:
    (reading,) = said(request("read files"))
    assert isinstance(reading, Request)
    assert reading.points == (Point("file-record", 1, 2, "file 4"), Point("file-record", 9, 2, "file 3"))
    (writing,) = said(request("write files"))
    assert isinstance(writing, Request)
    assert (writing.verb, writing.points, writing.values) == (
        Verb.WRITE,
        (Point("file-record", 7, 3, "file 4"),),
        ("1711 1214 4109",),
    )


@pytest.mark.parametrize("pdu", ["050001ff00", "0600010001", "0f0000000801ff", "10000000010200ff", "1600040000ffff"])
def test_a_write_to_unit_0_is_not_answered(pdu: str) -> None:
    assert asked(pdu, 0).one_way
    assert not asked(pdu, 1).one_way


def test_what_stays_answered_at_unit_0() -> None:
    assert not asked("0300000001", 0).one_way
    assert not asked("0800040000", 0).one_way
    assert not asked("5a0041ff00", 0).one_way


@pytest.mark.parametrize("code", range(1, 128))
def test_every_function_has_a_name_and_a_verb(code: int) -> None:
    event = asked(f"{code:02x}")
    row = FUNCTIONS.get(code)
    assert event.code == code
    assert event.operation == (row.name if row else f"Function {code}")
    assert row is not None or event.verb is Verb.OTHER


def test_unknown_is_noted_and_user_defined_is_not() -> None:
    assert asked("2001").details == (("note", "unknown_fc"),)
    assert asked("6501").details == ()


@pytest.mark.parametrize(
    ("pdu", "reason"),
    [
        ("0100000000", "quantity 0 is not 1..2000"),
        ("01000007d1", "quantity 2001 is not 1..2000"),
        ("030000007e", "quantity 126 is not 1..125"),
        ("0500011234", "coil value 0x1234 is neither ff00 nor 0000"),
        ("050001", "write without its value"),
        ("0600", "2 bytes expected, 1 left"),
        ("0f000007b100", "quantity 1969 is not 1..1968"),
        ("0f0000000a0100", "byte count 1, 2 needed, 1 here"),
        ("1000000002030a0b0c", "byte count 3, 4 needed, 3 here"),
        ("10000000020401020304ff", "byte count 4, 4 needed, 5 here"),
        ("160004", "write without its masks"),
        ("17000000000000000102000a", "quantity to read 0 is not 1..125"),
        ("140707000100000001", "reference type 7 is not 6"),
        ("140706000127100001", "record 10000 is not 0..9999"),
        ("140706000000000001", "file 0"),
        ("150906000100000002000a", "record of 2 registers, 1 here"),
        ("0800050000", "diagnostic sub-function 5 with 2 bytes of data is not defined"),
        ("08000400", "diagnostic sub-function 4 with 1 bytes of data is not defined"),
        ("2b0e0500", "device identification access 5 is not 1..4"),
        ("0300000001ff", "bytes behind the end of the function: 1"),
        ("00", "a request has a function code of 1..127"),
        ("83", "a request has a function code of 1..127"),
    ],
)
def test_limits(pdu: str, reason: str) -> None:
    first, *rest = said(adu(pdu))
    assert isinstance(first, Request)
    assert first.code == int(pdu[:2], 16)
    assert [event.reason for event in rest if isinstance(event, Anomaly)] == [reason]


def test_a_broken_write_still_says_where() -> None:
    assert asked("160004").points == (Point("holding-register", 4),)
    assert asked("1000000002030a0b0c").points == (Point("holding-register", 0, 2),)


@pytest.mark.parametrize(("code", "point"), [("0f", "coil 1..2"), ("10", "holding-register 1..2")])
def test_a_write_that_breaks_off_still_names_its_points(code: str, point: str) -> None:
    written = asked(f"{code}00010002")
    assert [str(one) for one in written.points] == [point]
