"""SIP: telephones and exchanges, by what they say of themselves and not of others; and how they log in."""

from pathlib import Path

import pytest

from otwatch.dissectors.base import read
from otwatch.dissectors.sip import SIP, SIP_STREAM
from otwatch.events import Anomaly, Answer, Credential, Event, Identity, Request, Verb
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import fields, said, told

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


def only(kind: type, payload: bytes) -> list[Event]:
    return [event for event in said(SIP, payload) if isinstance(event, kind)]


def test_a_login_is_answered_by_its_call_and_number() -> None:
    """The vector of detections.md B.3; a user name and its number as password."""
    (login,), (request,) = only(Credential, names.SIP_LOGIN), only(Request, names.SIP_LOGIN)
    assert isinstance(login, Credential)
    assert isinstance(request, Request)
    assert (login.scheme, login.user, login.realm, request.verb) == ("sip-digest", "1001", "asterisk", Verb.AUTH)
    assert login.secret.equals("1001")
    for status, error in (("200 OK", ""), ("403 Forbidden", "403")):
        answer = f"SIP/2.0 {status}\r\nCall-ID: 7@192.0.2.90\r\nCSeq: 2 REGISTER\r\n\r\n".encode()
        (said,) = only(Answer, answer)
        assert isinstance(said, Answer)
        assert (said.code, said.error_code) == (request.code, error)
        assert set(said.details) < set(request.details)
        assert only(Answer, answer.replace(b"CSeq: 2", b"CSeq: 3")) != [said]
    assert only(Answer, b"SIP/2.0 100 Trying\r\nCall-ID: 7@192.0.2.90\r\nCSeq: 2 REGISTER\r\n\r\n") == []


def test_a_request_without_a_login_says_nothing_of_its_call() -> None:
    assert only(Request, names.SIP_REGISTER) == []
