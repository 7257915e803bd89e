"""MMS on literal PDUs, and on real associations of control centres and relays."""

from pathlib import Path

import pytest

from otwatch.dissectors.mms import MMS
from otwatch.dissectors.s7 import S7
from otwatch.events import UNNAMED, Anomaly, Answer, Event, Identity, Point, Request, Verb
from otwatch.sightings import Outcome
from otwatch.wire.recognition import knows
from tests.dissectors.industrial import (
    MMS_CONNECT,
    MMS_DENIED,
    MMS_DONE,
    MMS_ERROR,
    MMS_IDENTIFIED,
    MMS_IDENTIFY,
    MMS_OPEN_FILE,
    MMS_OPERATE,
    MMS_REPORT,
    MMS_SET,
    S7_CONNECT,
    S7_WRITE,
    ber,
    heard_in,
    mms,
    said,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MMS_IDENTIFY, Request("mms", Verb.DISCOVER, "Identify", 2)),
        (
            MMS_OPERATE,
            Request("mms", Verb.CONTROL, "Write", 5, points=(Point("mms", name="CB1/CSWI1$CO$Pos$Oper"),), values=("structure",)),
        ),
        (MMS_SET, Request("mms", Verb.WRITE, "Write", 5, points=(Point("mms", name="AVR1/ATCC1$SP$BndCtr"),), values=("21.5",))),
        (MMS_DONE, Answer("mms", "Write", 5)),
        (MMS_DENIED, Answer("mms", "Write", 5, error="object access denied", error_code="3")),
        (MMS_ERROR, Answer("mms", "Error", UNNAMED, error="service error", error_code="2")),
        (MMS_OPEN_FILE, Request("mms", Verb.FILE, "FileOpen", 72)),
        (MMS_REPORT, Request("mms", Verb.ALARM, "InformationReport", 0x1000, one_way=True)),
        (MMS_CONNECT, Request("mms", Verb.SESSION, "Initiate", 0x100D)),
        (S7_CONNECT, Request("mms", Verb.SESSION, "Connect", 0xE0)),
    ],
)  # fmt: skip
def test_messages(text: str, expected: Event) -> None:
    assert said(MMS, text) == [expected]


def test_identify_tells_what_a_relay_is() -> None:
    answer, identity = said(MMS, MMS_IDENTIFIED)
    assert answer == Answer("mms", "Identify", 2)
    assert identity == Identity("mms", (), (("vendor", "SIEMENS"), ("model", "7SJ85"), ("firmware", "V7.80")))


@pytest.mark.parametrize(
    ("data", "value"),
    [("830100", "false"), ("8502ff9c", "-100"), ("86020100", "256"), ("8a02" + b"ok".hex(), "ok"), ("890301aabb", "0x01aabb")],
)
def test_values(data: str, value: str) -> None:
    (found,) = said(MMS, mms(ber(0xA0, "020101", ber(0xA5, ber(0xA0, ber(0x30, ber(0xA0, "800178"))), ber(0xA0, data)))))
    assert isinstance(found, Request)
    assert (found.values, found.points) == ((value,), (Point("mms", name="x"),))


@pytest.mark.parametrize("pdu", ["a103020100", "a1050201003000", "bf7f00", "a002", "a000"])
def test_what_breaks_the_protocol_is_a_flaw(pdu: str) -> None:
    (flaw,) = said(MMS, mms(pdu))
    assert isinstance(flaw, Anomaly)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (MMS_IDENTIFY, True), (MMS_CONNECT, True), (S7_WRITE, False), (S7_CONNECT, False), (S7_CONNECT + MMS_CONNECT, True),
        ("0300000702f080", False),
    ],
)  # fmt: skip
def test_told_apart_from_what_else_uses_its_port(text: str, known: bool) -> None:
    assert knows(MMS, bytes.fromhex(text), hint=True) is known
    assert not (known and knows(S7, bytes.fromhex(text), hint=True))


def test_a_real_control_centre(captures: Path) -> None:
    items = heard_in(captures / "iec61850" / "iti-8d7c7db0-9804-012b-b2a6-0016cb8cea27.pcap")
    written = [item for item in items if isinstance(item.event, Request) and item.event.verb is Verb.WRITE]
    assert {item.outcome for item in written} == {Outcome.OK}
    assert len(written) == 4
    (identity,) = {item.event for item in items if isinstance(item.event, Identity)}
    assert dict(identity.fields) == {"vendor": "AREVA T&D Corporation", "model": "e-terracomm", "firmware": "2.3.1"}
