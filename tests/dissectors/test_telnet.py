"""Telnet: the banner, the login that everybody can read, and nothing of what is typed behind it."""

from pathlib import Path

import pytest

from otwatch.dissectors.telnet import REFUSED, TELNET
from otwatch.events import Answer, Credential, Event, Identity, Request, Secret, Verb
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.streams import heard, spoken, tcp

LOGIN = [(False, names.TELNET_BANNER), (True, b"\xff\xfb\x18admin\r\0"), (False, b"admin\r\nPassword: "), (True, b"marker\r\n")]
ASKED: list[Event] = [
    Identity("telnet", (), (("description", "BMX NOE 0100"),)),
    Request("telnet", Verb.AUTH, "login", 0, details=(("user", "admin"),)),
    Credential("telnet", "admin", Secret(b"marker")),
]


@pytest.mark.parametrize("answer", [b"\r\nLogin incorrect\r\nlogin: ", b"\r\n\r\nlogin: "])
def test_a_login_that_is_refused(answer: bytes) -> None:
    refused = Answer("telnet", "login", 0, error="login refused", error_code=REFUSED)
    assert heard(TELNET, [*LOGIN, (False, answer)]) == [*ASKED, refused]


@pytest.mark.parametrize("answer", [b"\r\nLast login: Sat Nov 27\r\n", b"\r\nNOE-> ", b"\r\n$ "])
def test_nothing_is_looked_at_behind_a_login_that_is_granted(answer: bytes) -> None:
    later = [(True, b"passwd\r\n"), (False, b"New password: "), (True, b"second\r\n")]
    assert heard(TELNET, [*LOGIN, (False, answer), *later]) == [*ASKED, Answer("telnet", "login", 0)]


def test_letter_by_letter() -> None:
    letters = [(by_client, bytes((byte,))) for by_client, part in LOGIN for byte in part]
    assert heard(TELNET, letters) == ASKED


def test_the_card_of_a_power_supply() -> None:
    """The first vector of detections.md B.5: letter by letter, one of them taken back, the password shown as stars."""
    typed: list[tuple[bool, bytes]] = []
    for letter in (b"a", b"p", b"x"):
        typed += [(True, letter), (False, letter)]
    typed += [(True, b"\x7f"), (False, b"\x08 \x08"), (True, b"c"), (False, b"c"), (True, b"\r\0"), (False, b"\r\nPassword  : ")]
    for letter in (b"a", b"p", b"c"):
        typed += [(True, letter), (False, b"*")]
    begins = [(False, b"\xff\xfb\x01\xff\xfb\x03"), (True, b"\xff\xfd\x01\xff\xfd\x03"), (False, b"\r\nUser Name : ")]
    said = heard(TELNET, [*begins, *typed, (True, b"\r\0"), (False, b"\r\napc>")])
    assert Credential("telnet", "apc", Secret(b"apc")) in said
    assert said[-1] == Answer("telnet", "login", 0)


def test_typed_before_it_was_asked() -> None:
    """The second vector."""
    said = heard(TELNET, [(True, b"admin\r\nadmin\r\n"), (False, b"login: "), (False, b"Password: "), (False, b"\r\n$ ")])
    assert Credential("telnet", "admin", Secret(b"admin")) in said
    assert said[-1] == Answer("telnet", "login", 0)


def test_whoever_connects_is_in() -> None:
    typed = [(True, b"l"), (False, b"l"), (True, b"s\r\n"), (False, b"s\r\nbin\r\n/ # ")]
    said = heard(TELNET, [(False, b"BusyBox v1.19\r\n\r\n/ # "), *typed])
    request = Request("telnet", Verb.AUTH, "login", 0)
    assert said == [request, Credential("telnet", "", Secret(b"")), Answer("telnet", "login", 0)]


@pytest.mark.parametrize("refusal", [b"\r\n% Login invalid\r\n", b"\r\n% Bad passwords\r\n", "\r\nÉchec\r\n".encode("latin-1")])
def test_refusals_in_words(refusal: bytes) -> None:
    assert heard(TELNET, [*LOGIN, (False, refusal)])[-1] == Answer("telnet", "login", 0, error="login refused", error_code=REFUSED)


def test_what_is_typed_unasked_is_no_password() -> None:
    assert "marker" not in repr(heard(TELNET, [(False, b"> "), (True, b"marker\r\n"), (False, b"ok\r\n")]))


@pytest.mark.parametrize(("payload", "is_telnet"), [
    (names.TELNET_BANNER, True), (b"\xff\xfb\x01", True), (b"\xff\xfe\xfd", False), (b"\xff\xd8\xff", False), (b"login: ", False),
])  # fmt: skip
def test_looks_like(payload: bytes, is_telnet: bool) -> None:
    assert knows(TELNET, payload, True) is is_telnet


def test_capture(captures: Path) -> None:
    """The login of frames 38 and 41: user "fake" (tshark's follow)."""
    events = [event for _, event in spoken(TELNET, tcp(captures / "telnet/suricata-telnet.pcap"))]
    assert Identity("telnet", (), (("description", "OpenBSD/i386 (oof) (ttyp2)"),)) in events
    assert Credential("telnet", "fake", Secret(b"user")) in events
    assert events[-1] == Answer("telnet", "login", 0)
