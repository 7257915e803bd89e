"""Logins in bodies: forms, JSON, WS-Security (detections.md B.15, B.16), Digest over a body; and the DVWA capture."""

from hashlib import md5, sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.dissectors.digest import Challenged, response
from otwatch.dissectors.http import HTTP
from otwatch.dissectors.http.forms import LIMIT, digests
from otwatch.events import Credential, Event, Proof, Request, Secret
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
    (FORM, b"login=op&pass=Y2FuYXJ5MTI=", "op"),  # base64 of what follows
    ("multipart/form-data; boundary=xYz", (b'--xYz\r\nContent-Disposition: form-data; name="username"\r\n\r\nadmin\r\n'
     b'--xYz\r\nContent-Disposition: form-data; name="password"\r\n\r\ncanary\r\n'
     b'--xYz\r\nContent-Disposition: form-data; name="secret"; filename="x"\r\n\r\nnone\r\n--xYz--\r\n'), "admin"),
])  # fmt: skip
def test_a_form_with_one_password(kind: str, body: bytes, user: str) -> None:
    (login,) = logins(kind, body)
    assert (login.scheme, login.user) == ("http-form", user)
    assert login.secret.equals("canary") or login.secret.equals("canary12")


def queried(target: bytes) -> list[Event]:
    return [event for event in heard(HTTP, [(True, b"GET " + target + b" HTTP/1.1\r\n\r\n")]) if isinstance(event, Credential)]


def test_a_login_in_a_query() -> None:
    assert queried(b"/snap.cgi?user=root&pwd=canary&channel=1") == [Credential("http-form", "root", Secret(b"canary"))]
    assert queried(b"/login?j_username=admin&j_password=canary") == [Credential("http-form", "admin", Secret(b"canary"))]


@pytest.mark.parametrize("target", [b"/shop?name=pump&code=17", b"/api/points?id=7&pin=1", b"/search?q=password", b"/a?x", b"/token?id=1",
                                    b"/oauth2/callback?code=4711&state=x", b"/login?password=canary", b"/auth?name=a&pin=1"])
def test_a_query_that_is_no_login(target: bytes) -> None:
    assert queried(target) == []


@pytest.mark.parametrize(("kind", "body", "path"), [
    (FORM, b"oldpass=canary&newpass=canary2", "/login"),  # a change
    (FORM, b"zipcode=75013&street=x", "/address"),
    (FORM, b"video=1&speed=2", "/ptz"),
    (JSON, b'{"value": "21.5"}', "/api/login"),
    (JSON, b'{"name": "pump", "code": "17"}', "/api/points"),
    ("multipart/form-data", b"user=admin&password=canary", "/login"),
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
