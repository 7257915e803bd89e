"""SIP: telephones and exchanges, by what they say of themselves and not of others."""

from pathlib import Path

import pytest

from otwatch.dissectors.sip import SIP
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import fields, told

TELEPHONE = ("capability", "telephone")


def test_a_telephone_and_its_exchange() -> None:
    assert fields(SIP, names.SIP_REGISTER) == [("software", "Ascom i62/4.5"), TELEPHONE]
    assert fields(SIP, names.SIP_REGISTERED) == [("software", "Asterisk PBX 18.10"), TELEPHONE]


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
