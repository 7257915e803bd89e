"""Logins in bodies: forms, JSON, WS-Security (detections.md B.15, B.16), Digest over a body; and the DVWA capture."""

from hashlib import md5, sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.digest import Challenged, response
from otwatch.dissectors.http import HTTP
from otwatch.dissectors.http.forms import LIMIT, digests
from otwatch.events import Credential, Proof, Request
from tests.dissectors.streams import heard, spoken, tcp

FORM, JSON, SOAP = "application/x-www-form-urlencoded", "application/json; charset=utf-8", "application/soap+xml"


def logins(kind: str, body: bytes, path: str = "/login.cgi", more: str = "") -> list[Credential]:
    head = f"POST {path} HTTP/1.1\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode()
    said = heard(HTTP, [(True, head + body)])
    assert isinstance(said[0], Request)
    assert "canary" not in repr(said)
    return [event for event in said if isinstance(event, Credential)]


@pytest.mark.parametrize(("kind", "body", "user"), [
    (FORM, b"username=admin&password=canary&Login=Login", "admin"),
    (FORM, b"ctl00%24txtUser=bms&ctl00%24txtPassword=canary", "bms"),
    (FORM, b"j_username=op&j_password=canary", "op"),
    (FORM, b"pwd=canary", ""),
    (JSON, b'{"user": "admin", "password": "canary", "remember": true}', "admin"),
])  # fmt: skip
def test_a_form_with_one_password(kind: str, body: bytes, user: str) -> None:
    (login,) = logins(kind, body)
    assert (login.scheme, login.user) == ("http-form", user)
    assert login.secret.equals("canary")


@pytest.mark.parametrize(("kind", "body", "path"), [
    (FORM, b"oldpass=canary&newpass=canary2", "/login"),  # a change
    (FORM, b"zipcode=75013&street=x", "/address"),
    (FORM, b"video=1&speed=2", "/ptz"),
    (JSON, b'{"value": "21.5"}', "/api/login"),
    (FORM, b"&".join(b"f%d=1" % number for number in range(80)) + b"&user=a&password=canary", "/login"),
    ("text/plain", b"user=admin&password=canary", "/login"),
])  # fmt: skip
def test_what_is_no_login(kind: str, body: bytes, path: str) -> None:
    assert logins(kind, body, path) == []


@pytest.mark.parametrize("sent", [
    md5(b"canary").hexdigest(), sha256(b"canary").hexdigest().upper(), md5(b"admin:canary").hexdigest(),
])  # fmt: skip
def test_a_hash_that_the_page_made(sent: str) -> None:
    (login,) = logins(FORM, f"user=admin&password={sent}".encode())
    assert isinstance(login.secret, Proof)
    assert login.secret.equals("canary")
    assert not login.secret.equals("canaries")


TOKEN = (
    b"<s:Envelope><s:Header><wsse:Security><wsse:UsernameToken><wsse:Username>admin</wsse:Username>"
    b'<wsse:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#Password%s">%s</wsse:Password>'
    b"<wsse:Nonce>LKqI6G/AikKCQrN0zqZFlg==</wsse:Nonce><wsu:Created>2010-09-16T07:50:45Z</wsu:Created></wsse:UsernameToken>"
    b"</wsse:Security></s:Header><s:Body/></s:Envelope>"
)


def test_the_token_of_web_services() -> None:
    """The vector of detections.md B.16."""
    (login,) = logins(SOAP, TOKEN % (b"Digest", b"tuOSpGlFlIXsozq4HFNeeGeFLEI="), "/onvif/device_service")
    assert (login.scheme, login.user) == ("ws-security", "admin")
    assert login.secret.equals("userpassword")
    assert not login.secret.equals("userpasswore")
    (login,) = logins(SOAP, TOKEN % (b"Text", b"canary"))
    assert login.secret.equals("canary")
    assert len(digests((b"", b""), b"x")) == 1


def test_a_digest_over_the_body() -> None:
    made = response(Challenged("md5", b"POST", b"u", b"r", b"n", b"/x", b"auth-int", b"1", b"c", b"value=1"), b"canary").decode()
    field = f'Authorization: Digest username="u", realm="r", nonce="n", uri="/x", qop=auth-int, nc=1, cnonce="c", response="{made}"\r\n'
    (login,) = logins(FORM, b"value=1", more=field)
    assert login.scheme == "http-digest"
    assert login.secret.equals("canary")
    assert logins(FORM, b"value=1" + bytes(LIMIT), more=field) == []


def test_a_body_that_is_cut_anywhere_says_the_same() -> None:
    body = b"username=admin&password=canary"
    head = f"POST /login HTTP/1.1\r\nContent-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    parts = [(True, bytes((byte,))) for byte in head + body]
    assert heard(HTTP, parts) == heard(HTTP, [(True, head + body)])


@given(st.sampled_from([FORM, JSON, SOAP]), st.binary(max_size=200))
def test_any_body(kind: str, body: bytes) -> None:
    assert len(logins(kind, body.replace(b"canary", b""))) <= 1 + body.count(b"UsernameToken")


def test_dvwa(captures: Path) -> None:
    said = [event for _, event in spoken(HTTP, tcp(captures / "http/sanders-http_dvwa_clearlogin.pcapng"))]
    (login,) = [event for event in said if isinstance(event, Credential)]
    assert (login.user, login.secret.equals("password")) == ("admin", True)
