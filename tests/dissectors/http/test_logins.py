"""Who logs in over HTTP, and that nothing which may be a secret becomes text."""

from base64 import b64encode

import pytest

from otwatch.dissectors.http import HTTP
from otwatch.dissectors.http.logins import split_url
from otwatch.events import Credential, Event, Point, Request, Secret
from tests.dissectors.streams import heard


def asked(head: bytes) -> tuple[Event, ...]:
    return tuple(heard(HTTP, [(True, head)]))


@pytest.mark.parametrize(
    ("header", "user", "secret"),
    [
        ("QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Aladdin", "open sesame"),  # RFC 7617 section 2
        ("dGVzdDoxMjPCow==", "test", "123£"),  # RFC 7617 section 2.1, UTF-8
        ("dGVzdDoxMjOj", "test", "123£"),  # Latin-1
        ("dGVzdDoxMjPCow", "test", "123£"),  # padding missing
        (b64encode(b"a:b:c").decode(), "a", "b:c"),  # at the first colon
        (b64encode(b"admin:").decode(), "admin", ""),
        (b64encode(b"nothing but a secret").decode(), "", "nothing but a secret"),
        ("!", "", "!"),
    ],
)
def test_basic_login(header: str, user: str, secret: str) -> None:
    request, credential = asked(f"GET / HTTP/1.1\r\nAuthorization: Basic {header}\r\n\r\n".encode())
    assert isinstance(request, Request)
    assert request.details == (("auth", "basic"),)
    assert isinstance(credential, Credential)
    assert (credential.scheme, credential.user, credential.realm) == ("http-basic", user, "")
    assert credential.secret.equals(secret)


def test_logins_that_are_not_in_clear_name_their_scheme_only() -> None:
    digest, bearer, bare = (
        asked(b"GET / HTTP/1.1\r\nauthorization: " + value + b"\r\n\r\n")
        for value in (b'Digest username="Mu\\"fasa", realm="x", response="6629"', b"Bearer marker", b"marker")
    )
    assert [event.details for event in (*digest, *bearer, *bare) if isinstance(event, Request)] == [
        (("auth", "digest"), ("user", 'Mu"fasa')), (("auth", "bearer"),), (("auth", "other"),)
    ]  # fmt: skip


def test_passwords_in_urls() -> None:
    request, *credentials = asked(b"GET http://root:p%40ss@cam/a;jsessionid=1/b?c=d HTTP/1.1\r\nReferer: http://u:v@cam/\r\n\r\n")
    assert isinstance(request, Request)
    assert (request.points, request.details) == ((Point("url", name="/a/b"),), (("host", "cam"),))
    assert credentials == [Credential("http-url", "root", Secret(b"p@ss")), Credential("http-url", "u", Secret(b"v"))]


@pytest.mark.parametrize(
    "asking",
    [b"GET /?pwd=MARKER", b"GET /a;s=MARKER/b", b"GET http://u:MARKER@h/",
     b"GET /p/http://u:MARKER@h/", b"CONNECT u:MARKER@h:1", b"GET /%3fp=MARKER",
     b"POST /#MARKER"],
)  # fmt: skip
@pytest.mark.parametrize(
    "field",
    [b"Authorization: Basic dTpNQVJLRVI=", b"Authorization: Basic MARKER!", b"Authorization: MARKER", b"Authorization: Bearer MARKER",
     b'Authorization: Digest username="u", response="MARKER"', b"Proxy-Authorization: Basic dTpNQVJLRVI", b"Cookie: sid=MARKER",
     b"Referer: http://u:MARKER@h/?p=MARKER", b"Host: u:MARKER@h"],
)  # fmt: skip
def test_what_may_be_secret_is_in_no_event(asking: bytes, field: bytes) -> None:
    head = asking + b" HTTP/1.1\r\n" + field + b"\r\nContent-Length: 10\r\n\r\npwd=MARKER"
    answer = b"HTTP/1.1 302 Found\r\nSet-Cookie: MARKER\r\nLocation: http://u:MARKER@h/?t=MARKER\r\n\r\nMARKER"
    events = heard(HTTP, [(True, head), (False, answer)])
    assert isinstance(events[0], Request)
    assert "marker" not in repr(events).lower()


@pytest.mark.parametrize(
    ("url", "parts"),
    [(b"/a?b", (b"", b"", b"/a")), (b"*", (b"", b"", b"*")), (b"http://h", (b"", b"h", b"")),
     (b"/proxy/http://u:p@h/x", (b"", b"", b"/proxy/http://h/x")),
     (b"u:p@h:443", (b"", b"", b"h:443")), (b"/a%3Fpwd=x", (b"", b"", b"/a")),
     (b"rtsp://h/user=admin_password=tlJwpbo6_channel=1.sdp", (b"", b"h", b"/user=admin_password=")),
     (b"/x/setPassword/hunter2/y", (b"", b"", b"/x/setPassword//y")), (b"/compass/north", (b"", b"", b"/compass/north")),
     (b"/api/token/refresh", (b"", b"", b"/api/token/refresh")), (b"/api/token=abc", (b"", b"", b"/api/token="))],
)  # fmt: skip
def test_urls_lose_what_may_be_secret(url: bytes, parts: tuple[bytes, bytes, bytes]) -> None:
    assert split_url(url) == parts
