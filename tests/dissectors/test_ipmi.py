"""IPMI: who is there, what it is told, and which password a session opens with (detections.md B.17)."""

from hmac import digest

import pytest

from otwatch.dissectors.base import read
from otwatch.dissectors.ipmi import IPMI, rakp
from otwatch.dissectors.reader import Reader
from otwatch.events import Anomaly, Answer, Credential, Identity, Proof, Request, Secret, Verb
from tests.dissectors import ipmi_sessions as ipmi
from tests.dissectors.introduced import fields, said


def login(user: bytes, answer: bytes) -> Credential:
    (_, asked) = said(IPMI, ipmi.rakp_1(user))
    assert isinstance(asked, Credential)
    return rakp.answered(asked, Reader(answer))


def test_the_vector_of_the_domain_page() -> None:
    proven = login(b"ADMIN", ipmi.rakp_2(ipmi.CODE))
    assert (proven.scheme, proven.user) == ("ipmi", "ADMIN")
    assert proven.secret.equals("ADMIN")
    assert not proven.secret.equals("ADMIN1")


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256"])
def test_codes_by_their_length(name: str) -> None:
    text = ipmi.CONSOLE + ipmi.DEVICE + ipmi.CONSOLE_NONCE + ipmi.DEVICE_NONCE + ipmi.GUID + b"\x14\x04root"
    assert login(b"root", ipmi.rakp_2(digest(b"calvin", text, name))).secret.equals("calvin")


@pytest.mark.parametrize("answer", [ipmi.rakp_2(b"", 0x0D), ipmi.rakp_2(bytes(7))])
def test_what_proves_nothing(answer: bytes) -> None:
    proof = login(b"ADMIN", answer).secret
    assert isinstance(proof, Proof)
    assert not proof.equals("ADMIN")
    assert rakp.answered(Credential("ipmi", "", Secret(b"x")), Reader(answer)) == Credential("ipmi", "", Secret(b"x"))


def test_without_a_code_any_password_opens() -> None:
    assert login(b"ADMIN", ipmi.rakp_2(b"")).secret == Secret(b"")


@pytest.mark.parametrize(("payload", "expected"), [
    (ipmi.open_session(0), Request("ipmi", Verb.SESSION, "Open Session", 0x10, details=(("proof", "none"),))),
    (ipmi.opened(1, 0x11), Answer("ipmi", "Open Session", 0x10, error="no cipher suite matches", error_code="0x11")),
    (ipmi.rakp_2(b"", 0x0D), Answer("ipmi", "RAKP 1", 0x12, error="unauthorized name", error_code="0x0d")),
    (ipmi.rakp_4(0x0F), Answer("ipmi", "RAKP 3", 0x14, error="invalid integrity check value", error_code="0x0f")),
    (ipmi.PING, Request("ipmi", Verb.DISCOVER, "Presence Ping", 0x80)),
    (ipmi.CAPABILITIES, Request("ipmi", Verb.DISCOVER, "Get Channel Authentication Capabilities", 0x638)),
    (ipmi.POWER_DOWN, Request("ipmi", Verb.CONTROL, "Chassis Control", 0x002, details=(("action", "power down"),))),
    (ipmi.NEW_PASSWORD, Request("ipmi", Verb.ADMIN, "Set User Password", 0x647)),
    (ipmi.message(5, 0x2D, b"\xcb"), Answer("ipmi", "Sensor command 0x2d", 0x42D, error="completion code 0xcb", error_code="0xcb")),
    (ipmi.message(0x2C, 1), Request("ipmi", Verb.OTHER, "function 44 command 0x01", 0x2C01)),
    (ipmi.SEALED, Request("ipmi", Verb.SESSION, "Encrypted", 0, one_way=True)),
])  # fmt: skip
def test_messages(payload: bytes, expected: Request | Answer) -> None:
    assert said(IPMI, payload)[0] == expected
    assert "canary" not in repr(said(IPMI, payload))


def test_a_password_that_is_sent_as_it_is() -> None:
    """Version 1.5, straight password (13.6)."""
    assert Credential("ipmi", "", Secret(b"canary")) in said(IPMI, ipmi.PLAIN)


def test_who_is_there() -> None:
    assert said(IPMI, ipmi.PONG) == [Answer("ipmi", "Presence Ping", 0x80), Identity("ipmi", (), (("application", "IPMI"),))]
    assert fields(IPMI, ipmi.OPEN_TO_ALL) == [("security", "none")]
    assert fields(IPMI, ipmi.DEVICE_ID) == [("firmware", "3.45"), ("application", "IPMI 2.0")]


def test_tags_join_answers() -> None:
    (asked,), (answer,) = (read(IPMI, payload, None).messages for payload in (ipmi.rakp_1(b"a", 9), ipmi.rakp_2(b"", tag=9)))
    assert ipmi.rakp_1(b"a", 9)[slice(*asked.ticket)] == ipmi.rakp_2(b"", tag=9)[slice(*answer.ticket)] == b"\x09"


@pytest.mark.parametrize("payload", [ipmi.rakp_1(b"a" * 17), ipmi.PING[:4] + bytes(4) + ipmi.PING[8:], ipmi.DEVICE_ID[:20]])
def test_flaws(payload: bytes) -> None:
    assert isinstance(said(IPMI, payload)[-1], Anomaly)
