"""SCRAM: the vectors of RFC 5802 and RFC 7677 (detections.md B.15), in the fields of HTTP and in the bodies of Niagara."""

from base64 import b64encode, urlsafe_b64encode

import pytest

from otwatch.dissectors.http import HTTP
from otwatch.dissectors.scram import Dialogue, decoded
from otwatch.events import Credential, Event
from tests.dissectors.streams import heard

FIRST = b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
CHALLENGE = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
FINAL = b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
SHA_1 = (
    b"n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL", b"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
    b"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
)  # fmt: skip


@pytest.mark.parametrize("messages", [(FIRST, CHALLENGE, FINAL), SHA_1, (FIRST[3:], CHALLENGE, FINAL)])
def test_the_vectors(messages: tuple[bytes, ...]) -> None:
    dialogue = Dialogue()
    *before, proof = (dialogue.hear(message) for message in messages)
    assert before == [None, None]
    assert proof is not None
    assert dialogue.user == b"user"
    assert proof.equals("pencil")
    assert not proof.equals("pencils")


@pytest.mark.parametrize("messages", [
    (CHALLENGE, FINAL), (FIRST, FINAL),
    (FIRST, CHALLENGE.replace(b"4096", b"100001"), FINAL), (FIRST, CHALLENGE.replace(b"4096", b""), FINAL),
    (FIRST, CHALLENGE, FINAL.replace(b",p=", b",p=AAAA")), (FIRST, CHALLENGE, FIRST, FINAL),
])  # fmt: skip
def test_what_cannot_be_held_against_passwords(messages: tuple[bytes, ...]) -> None:
    dialogue = Dialogue()
    assert [dialogue.hear(message) for message in messages] == [None] * len(messages)


def test_names_with_commas() -> None:
    dialogue = Dialogue()
    dialogue.hear(b"n,,n=a=2Cb=3D,r=x")
    assert dialogue.user == b"a,b="


def test_base64_of_either_alphabet() -> None:
    assert decoded(b"-_-_") == decoded(b"+/+/") == b"\xfb\xff\xbf"
    assert decoded(b"YQ") == b"a"
    assert decoded(b"!") == b""


def _logins(said: list[Event]) -> list[Credential]:
    return [event for event in said if isinstance(event, Credential)]


@pytest.mark.parametrize("scheme", [b"scram handshakeToken=abc,", b"SCRAM-SHA-256 sid=1,"])
def test_in_fields_of_http(scheme: bytes) -> None:
    """Project Haystack's way, and RFC 7804's."""

    def field(message: bytes) -> bytes:
        return scheme + b" data=" + urlsafe_b64encode(message).rstrip(b"=")

    asks = [b"GET /api/about HTTP/1.1\r\nAuthorization: " + field(message) + b"\r\n\r\n" for message in (FIRST, FINAL)]
    challenge = b"HTTP/1.1 401 \r\nWWW-Authenticate: " + field(CHALLENGE) + b"\r\nContent-Length: 0\r\n\r\n"
    (login,) = _logins(heard(HTTP, [(True, asks[0]), (False, challenge), (True, asks[1])]))
    assert (login.scheme, login.user) == ("http-scram", "user")
    assert login.secret.equals("pencil")


def test_in_bodies_of_niagara() -> None:
    def post(name: bytes, message: bytes) -> bytes:
        body = b"action=send" + name + b"&" + name[:1].lower() + name[1:] + b"=" + message
        return b"POST /j_security_check/ HTTP/1.1\r\nContent-Type: application/x-niagara-login-support\r\nContent-Length: %d\r\n\r\n%s" % (
            len(body), body,
        )  # fmt: skip

    challenge = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(CHALLENGE), CHALLENGE)
    said = heard(HTTP, [(True, post(b"ClientFirstMessage", FIRST)), (False, challenge), (True, post(b"ClientFinalMessage", FINAL))])
    (login,) = _logins(said)
    assert (login.scheme, login.user) == ("http-scram", "user")
    assert login.secret.equals("pencil")
    assert b64encode(b"pencil").decode() not in repr(said)
