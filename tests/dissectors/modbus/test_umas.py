"""UMAS: verbs, what names the engineering station and the controller, a real session."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.modbus import MODBUS
from otwatch.dissectors.modbus.umas_codes import FUNCTIONS, TRANSFERS
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import TRANSFER_STEPS, Anomaly, Answer, Identity, Request, Verb
from otwatch.sightings import Outcome, Sighting
from tests.dissectors.modbus.vectors import adu, answer, asked, flaws, heard, request, said, told
from tests.wire.dialogues import connection, hear, opened, requests


@pytest.mark.parametrize(
    ("pdu", "operation", "verb"),
    [
        ("5a0141ff00", "UMAS 0x41 Stop PLC", Verb.CONTROL),
        ("5a0123", "UMAS 0x23 Write Variables", Verb.WRITE),
        ("5a0121", "UMAS 0x21 Write Memory Block", Verb.PROGRAM),
        ("5a01300001", "UMAS 0x30 Begin Download", Verb.PROGRAM),
        ("5a0171", "UMAS 0x71 Write IO Object", Verb.CONTROL),
        ("5a016e", "UMAS 0x6e Exchange Reservation Nonces", Verb.AUTH),
        ("5a0199", "UMAS 0x99", Verb.OTHER),
    ],
)
def test_umas(pdu: str, operation: str, verb: Verb) -> None:
    event = asked(pdu, 0)
    assert (event.code, event.operation, event.verb) == (90, operation, verb)
    assert event.details[:2] == (("umas", f"0x{pdu[4:6]}"), ("session", "0x01"))


def test_every_function_of_the_list_has_its_name_and_verb() -> None:
    """domain/protocols.md 4.4."""
    listed = {*range(0x01, 0x08), 0x0A, *range(0x10, 0x13), *range(0x20, 0x2B), *range(0x30, 0x3A), *range(0x40, 0x44), *range(0x50, 0x54),
              0x58, *range(0x60, 0x67), *range(0x6C, 0x6F), *range(0x70, 0x75)}  # fmt: skip
    assert set(FUNCTIONS) == listed
    programs = {code for code, row in FUNCTIONS.items() if row.verb is Verb.PROGRAM}
    assert programs == {0x21, 0x28, 0x29, *range(0x30, 0x38)}
    assert {code for code, row in FUNCTIONS.items() if row.verb is Verb.CONTROL} == {*range(0x40, 0x44), *range(0x60, 0x67), 0x71}
    assert {TRANSFERS[code] for code in range(0x30, 0x36)} <= set(TRANSFER_STEPS)


@pytest.mark.parametrize(
    ("pdu", "details"),
    [
        ("5a01300001fb00", {"transfer": "download-begin"}),
        ("5a0131000101000400aabbccdd", {"transfer": "download-block", "bytes": "4"}),
        ("5a0131aabbccdd", {"transfer": "download-block", "bytes": "4"}),
        ("5a01310001010009ffaabbccdd", {"transfer": "download-block", "bytes": "10"}),
        ("5a013200013500", {"transfer": "download-end"}),
        ("5a013400010100", {"transfer": "upload-block"}),
        ("5a0123785634120211220033", {"checksum": "0x12345678", "variables": "2", "block": "0x0022"}),
        ("5a0010434c00000341424300", {"owner": "ABC", "proof": "yes"}),
        ("5a0010434c000003414243", {"owner": "ABC"}),
    ],
)
def test_what_requests_say_beyond_their_function(pdu: str, details: dict[str, str]) -> None:
    assert dict(asked(pdu).details[2:]) == details


def test_a_block_read_out_has_a_size() -> None:
    assert MODBUS.joined is not None
    (told,) = MODBUS.joined(asked("5a013400010100"), Reader(adu("5a01fe0000040001020304")))
    assert isinstance(told, Answer)
    assert told.details == (("bytes", "4"),)
    (told,) = MODBUS.joined(asked("5a013400010100"), Reader(adu("5a01fe0000ff00010203")))
    assert isinstance(told, Answer)
    assert told.details == (("bytes", "3"),)


def test_a_controller_is_held_by_whom_it_let_in() -> None:
    assert MODBUS.joined is not None
    reserve = said(request("reserve"))[0]
    assert isinstance(reserve, Request)
    assert MODBUS.joins(reserve)
    assert not MODBUS.joins(asked("5a0012"))
    assert list(MODBUS.joined(reserve, Reader(answer("reserved")))) == [Identity("umas", ("unit 0",), (("reserved_by", "ENG-PC01"),))]
    assert not list(MODBUS.joined(reserve, Reader(answer("refused"))))


def test_umas_reservation_names_the_engineering_station() -> None:
    event, identity = said(request("reserve"))
    assert isinstance(event, Request)
    assert event.operation == "UMAS 0x10 Take PLC Reservation"
    assert identity == Identity("umas", (), (("host", "ENG-PC01"),))


def test_umas_signed_requests_are_unwrapped() -> None:
    event = asked("5a013801" + "ab" * 32 + "5a0141ff00")
    assert (event.operation, event.verb) == ("UMAS 0x41 Stop PLC", Verb.CONTROL)
    assert dict(event.details)["signed"] == "yes"
    assert flaws(adu("5a013801" + "ab" * 32 + "11")) == ["no UMAS request in the signed form"]


def test_umas_answers() -> None:
    assert told(answer("reserved")).error == ""
    refused = told(answer("refused"))
    assert (refused.code, refused.error, refused.error_code) == (90, "refused", "0xfd")


def test_umas_messages_may_be_long() -> None:
    assert not flaws(adu("5a0022" + "00" * 1000))


@pytest.mark.parametrize(
    ("pdu", "name", "fields"),
    [
        (
            "5a0002",
            "read id",
            {"vendor": "Schneider Electric", "model": "140 CPU 311 10", "firmware": "V2.70", "hardware": "0x0009"},
        ),
        ("5a000300", "read project", {"project": "Project V0.0.8 (2014-01-14 12:59:12)"}),
    ],
)
def test_umas_answers_that_say_who_they_are(pdu: str, name: str, fields: dict[str, str]) -> None:
    assert MODBUS.joined is not None
    (identity,) = MODBUS.joined(asked(pdu, 0), Reader(answer(name)))
    assert isinstance(identity, Identity)
    assert identity[:2] == ("umas", ("unit 0",))
    assert dict(identity.fields) == fields
    assert not list(MODBUS.joined(asked(pdu, 0), Reader(answer("refused"))))
    assert not list(MODBUS.joined(asked("5a0004", 0), Reader(answer(name))))


@pytest.mark.parametrize("size", [1, 16_384])
def test_a_reservation_is_joined_with_its_answer(size: int) -> None:
    """Keeping a session alive is only counted; who holds a controller is known once it says so, at most once a slot."""
    client, server = connection()
    frames = opened(client, server)
    frames += [client.says(adu("5a0112", 0)), server.says(adu("5a01fe", 0))]
    frames += [client.says(request("reserve")), server.says(answer("reserved"))]
    items = hear(frames, size)
    asked = {item.event.operation: item.outcome for item in requests(items) if isinstance(item.event, Request)}
    assert asked == {"UMAS 0x12 Keep Alive": Outcome.NONE, "UMAS 0x10 Take PLC Reservation": Outcome.OK}
    told = {(item.by_client, item.event.fields) for item in items if isinstance(item, Sighting) and isinstance(item.event, Identity)}
    assert told == {(True, (("host", "ENG-PC01"),)), (False, (("reserved_by", "ENG-PC01"),))}


@given(data=st.binary(max_size=300), fields=st.sampled_from(["5a0002", "5a000300", "5a013400010100", "5a0010434c000003414243"]))
def test_joined_raises_malformed_only(data: bytes, fields: str) -> None:
    assert MODBUS.joined is not None
    try:
        list(MODBUS.joined(asked(fields), Reader(adu("5a00fe" + data.hex()))))
    except Malformed:
        return


def test_umas_capture(captures: Path) -> None:
    truth = json.loads((captures / "TRUTH.json").read_text())["captures"]["umas/iti-modicon_test.pcap"]["modbus"]["umas"]
    events = [event for _, event in heard(captures / "umas/iti-modicon_test.pcap")]
    codes = Counter(dict(event.details)["umas"] for event in events if isinstance(event, Request))
    assert codes == Counter(truth["request_codes"])
    assert Identity("umas", (), (("host", "USER-714E74F21B"),)) in events
    assert not [event for event in events if isinstance(event, Anomaly)]
