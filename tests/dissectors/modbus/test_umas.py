"""UMAS: verbs, what names the engineering station and the controller, a real session."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.modbus import MODBUS
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Anomaly, Identity, Request, Verb
from tests.dissectors.modbus.vectors import adu, answer, asked, flaws, heard, request, said, told


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
    assert dict(event.details) == {"umas": f"0x{pdu[4:6]}", "session": "0x01"}


def test_umas_reservation_names_the_engineering_station() -> None:
    event, identity = said(request("reserve"))
    assert isinstance(event, Request)
    assert event.operation == "UMAS 0x10 Take PLC Reservation"
    assert identity == Identity("modbus", (), (("host", "ENG-PC01"),))


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
        ("5a000300", "read project", {"project": "Project (2014-01-14 12:59:12)"}),
    ],
)
def test_umas_answers_that_say_who_they_are(pdu: str, name: str, fields: dict[str, str]) -> None:
    assert MODBUS.joined is not None
    (identity,) = MODBUS.joined(asked(pdu, 0), Reader(answer(name)))
    assert isinstance(identity, Identity)
    assert identity.subject == ("unit 0",)
    assert dict(identity.fields) == fields
    assert not list(MODBUS.joined(asked(pdu, 0), Reader(answer("refused"))))
    assert not list(MODBUS.joined(asked("5a0004", 0), Reader(answer(name))))


@given(data=st.binary(max_size=300), fields=st.sampled_from(["5a0002", "5a000300"]))
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
    assert Identity("modbus", (), (("host", "USER-714E74F21B"),)) in events
    assert not [event for event in events if isinstance(event, Anomaly)]
