"""SIP: telephones and exchanges, by what they say of themselves and not of others."""

from pathlib import Path

import pytest

from otwatch.dissectors.base import read
from otwatch.dissectors.sip import SIP, SIP_STREAM
from otwatch.events import Anomaly, Identity
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import fields, told

TELEPHONE = ("capability", "telephone")


def test_a_telephone_and_its_exchange() -> None:
    assert fields(SIP, names.SIP_REGISTER) == [("software", "Ascom i62/4.5"), TELEPHONE]
    assert fields(SIP, names.SIP_REGISTERED) == [("software", "Asterisk PBX 18.10"), TELEPHONE]


def test_over_tcp_a_body_is_as_long_as_it_says() -> None:
    reading = read(SIP_STREAM, names.SIP_BYE + names.SIP_REGISTER + names.SIP_BYE[:-1], True)
    assert reading.used == len(names.SIP_BYE + names.SIP_REGISTER)
    assert [event.fields[0] for message in reading.messages for event in message.events if isinstance(event, Identity)] == [
        ("software", "FreeSWITCH"), ("software", "Ascom i62/4.5"),
    ]  # fmt: skip
    (flawed,) = read(SIP_STREAM, names.SIP_BYE.replace(b"Length: 4", b"Length: -4"), True).messages
    assert isinstance(flawed.events[0], Anomaly)


def test_a_conversation_may_begin_with_any_method() -> None:
    assert all(_has_marks(method + b" sip:a@b SIP/2.0\r\n") for method in (b"BYE", b"ACK", b"INVITE", b"SIP/2.0"))


def _has_marks(payload: bytes) -> bool:
    return all(payload[at] in values for at, values in SIP.marks)


@pytest.mark.parametrize("payload", [
    names.SIP_PASSED_ON, names.SIP_REGISTER.replace(b"CSeq", b"Via: SIP/2.0/UDP 192.0.2.91\r\nCSeq"),
    names.SIP_REGISTER.replace(b"User-Agent", b"Subject"),
])  # fmt: skip
def test_what_others_said_is_not_told(payload: bytes) -> None:
    assert fields(SIP, payload) == []


def test_looks_like() -> None:
    assert all(knows(SIP, payload, False) for payload in names.GOOD["sip"])
    assert not knows(SIP, b"GET / HTTP/1.1\r\n", False)


def test_captures(captures: Path) -> None:
    """tshark: sip.User-Agent, sip.Server."""
    found = told(captures / "sip/goffinet-voip1b.pcapng", "sip")
    assert found["172.16.98.182"] == [("software", "Linphone/3.6.1 (eXosip2/4.0.0)"), TELEPHONE]
    assert found["172.16.98.180"] == [("software", "Asterisk PBX 11.7.0~dfsg-1ubuntu1"), TELEPHONE]
