"""VNC: how remote screens are guarded and opened (RFC 6143 7.1 to 7.3), the vectors of detections.md B.8, and captures."""

from pathlib import Path

import pytest

from otwatch.dissectors.vnc import VNC, screens
from otwatch.dissectors.vnc.screens import answers
from otwatch.events import UNNAMED, Anomaly, Answer, Credential, Event, Identity, Request, Verb
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import told
from tests.dissectors.streams import heard, spoken, tcp


def test_the_server_offers_types_of_security() -> None:
    parts = [(False, names.VNC_VERSION), (True, names.VNC_VERSION), (False, names.VNC_TYPES + b"picture"), (True, b"\2")]
    assert heard(VNC, parts) == [
        Identity("vnc", (), (("dialect", "RFB 3.8"),)),
        Identity("vnc", (), (("security", "none"), ("security", "VNC password"))),
    ]


def test_before_3_7_the_server_chooses() -> None:
    assert heard(VNC, [(False, b"RFB 003.003\n\0\0\0\1")])[-1] == Identity("vnc", (), (("security", "none"),))


def test_a_server_that_refuses() -> None:
    assert heard(VNC, [(False, names.VNC_VERSION + b"\0\0\0\0\4busy")]) == [Identity("vnc", (), (("dialect", "RFB 3.8"),))]


def test_no_version() -> None:
    assert heard(VNC, [(False, b"RFB 9.9999.9\n")]) == [Anomaly("vnc", "no version of RFB", 0)]


@pytest.mark.parametrize(("payload", "is_vnc"), [(names.VNC_VERSION, True), (b"RFB 003.008", False), (b"RFB 002.008\n", False)])
def test_looks_like(payload: bytes, is_vnc: bool) -> None:
    assert knows(VNC, payload, False) is is_vnc


def test_captures(captures: Path) -> None:
    """tshark: vnc.server_proto_ver, vnc.security_type."""
    found = told(captures / "vnc/suricata-rfb-parser.pcap", "vnc")
    assert found["127.0.0.1"] == [
        ("dialect", "RFB 3.7"), ("security", "none"), ("security", "VNC password"), ("title", "aneagles@localhost.localdomain"),
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "password", "times"), [
    ("kholia-03-vnc-pass1234-3.8", "pass1234", 3), ("kholia-RealVNC-server-4.1.3-TightVNC-client-openwall", "openwall", 1),
    ("suricata-00-vnc-openwall-3.7", "openwall", 1),
])  # fmt: skip
def test_passwords_that_the_captures_are_named_after(captures: Path, name: str, password: str, times: int) -> None:
    said = [event for _, event in spoken(VNC, tcp(captures / f"vnc/{name}.pcap"))]
    logins = [event for event in said if isinstance(event, Credential)]
    assert [login.secret.equals(password) for login in logins] == [True] * times
    assert not any(login.secret.equals("password") for login in logins)
    assert [event.error for event in said if isinstance(event, Answer)] == [""] * times


CHALLENGE = bytes(range(16))
OPENING = [(False, names.VNC_VERSION), (True, names.VNC_VERSION), (False, names.VNC_TYPES)]
LOGIN = Request("vnc", Verb.AUTH, "login", 2, details=(("security", "VNC password"),))
FREE = Request("vnc", Verb.AUTH, "login", 1, details=(("security", "none"),))
SCREEN = bytes(20) + b"\0\0\0\4HMI1"


@pytest.mark.parametrize(("password", "answer"), [
    (b"password", "b866924125c8eebb9debc1db61c538e2"), (b"vnc", "b2d1ae15eead77e6dfce92f7ff706d46"),
    (b"USER", "7193e743d9a9036a97c2026287c7156b"),
])  # fmt: skip
def test_vectors(password: bytes, answer: str) -> None:
    assert answers(CHALLENGE, password) == (bytes.fromhex(answer),)


def test_a_password_is_cut_after_eight_characters() -> None:
    assert answers(CHALLENGE, b"password-of-the-panel") == answers(CHALLENGE, b"password")


@pytest.mark.parametrize(("result", "answered"), [
    (b"\0\0\0\0" + SCREEN, [Answer("vnc", "login", UNNAMED), Identity("vnc", (), (("title", "HMI1"),))]),
    (b"\0\0\0\1\0\0\0\2no", [Answer("vnc", "login", UNNAMED, error="refused", error_code="1")]),
])  # fmt: skip
def test_a_login_with_a_password(result: bytes, answered: list[Event]) -> None:
    proof = answers(CHALLENGE, b"vnc")[0]
    parts = [*OPENING, (True, b"\2"), (False, CHALLENGE), (True, proof), (True, b"\1"), (False, result)]
    said = heard(VNC, parts)[2:]
    assert said == [LOGIN, Credential("vnc", "", screens.proof(CHALLENGE, proof)), *answered]
    assert isinstance(said[1], Credential)
    assert said[1].secret.equals("vnc")


def test_who_is_let_in_without_a_password() -> None:
    """Since 3.8 "none" has a result, in 3.7 the screen follows, before that the server decides."""
    answer, screen = Answer("vnc", "login", UNNAMED), Identity("vnc", (), (("title", "HMI1"),))
    assert heard(VNC, [*OPENING, (True, b"\1"), (False, bytes(4)), (True, b"\1"), (False, SCREEN)])[2:] == [FREE, answer, screen]
    seven, three = b"RFB 003.007\n", b"RFB 003.003\n"
    parts = [(False, seven), (True, seven), (False, names.VNC_TYPES), (True, b"\1\1"), (False, SCREEN)]
    assert heard(VNC, parts)[2:] == [FREE, answer, screen]
    parts = [(False, names.VNC_VERSION), (True, three), (False, b"\0\0\0\1"), (True, b"\1"), (False, SCREEN)]
    assert heard(VNC, parts)[2:] == [FREE, answer, screen]


def test_other_types_of_security_are_given_up() -> None:
    assert heard(VNC, [*OPENING, (True, b"\x13"), (False, CHALLENGE), (True, CHALLENGE)])[2:] == []


def test_a_server_that_was_not_captured() -> None:
    assert heard(VNC, [(True, names.VNC_VERSION), (True, bytes(300)), (False, names.VNC_VERSION)]) == []
