"""Digest responses: the vectors of RFC 7616 3.9.1, RFC 2617 3.5 and detections.md B.3."""

import pytest

from otwatch.dissectors.digest import Challenged, credential, refusal, response

_NONCE, _CNONCE = b"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", b"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
_RFC = Challenged("md5", b"GET", b"Mufasa", b"http-auth@example.org", _NONCE, b"/dir/index.html", b"auth", b"00000001", _CNONCE)
_OLD = Challenged("md5", b"GET", b"Mufasa", b"testrealm@host.com", b"dcd98b7102dd2f0e8b11d0f600bfb0c093", b"/dir/index.html")
_RTSP = Challenged("md5", b"DESCRIBE", b"admin", b"IP Camera(12345)", b"a1b2c3d4e5f60718293a4b5c6d7e8f90",
                   b"rtsp://192.0.2.10:554/Streaming/Channels/101")  # fmt: skip


@pytest.mark.parametrize(("said", "password", "expected"), [
    (_RFC, b"Circle of Life", "8ca523f5e9506fed4657c9700eebdbec"),
    (_RFC._replace(algorithm="sha-256"), b"Circle of Life", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    (_RFC._replace(algorithm="md5-sess"), b"Circle of Life", "e783283f46242139c486a698fec7211d"),
    (_RFC._replace(algorithm="sha-256-sess"), b"Circle of Life", "2fd51b3a77ad75bad6afad6003e818d767133c46d9e2749e7f5232ae1ea3efd7"),
    (_OLD._replace(qop=b"auth", times=b"00000001", cnonce=b"0a4f113b"), b"Circle Of Life", "6629fae49393a05397450978507c4ef1"),
    (_OLD, b"Circle Of Life", "670fd8c2df070c60b045671b8b24ff02"),
    (_RTSP, b"12345", "6033f968b44151facefc6b06a6f78dd3"),
    (Challenged("md5", b"REGISTER", b"1001", b"asterisk", b"4b0e6ed7", b"sip:192.0.2.20"), b"1001", "06518f7193edd4fae5f0026822b41abd"),
])  # fmt: skip
def test_vectors(said: Challenged, password: bytes, expected: str) -> None:
    assert response(said, password) == expected.encode()
    assert response(said, password + b"x") != expected.encode()


def test_a_login_is_held_against_passwords_and_shows_nothing() -> None:
    field = (b'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
             b'uri="/dir/index.html", response="670fd8c2df070c60b045671b8b24ff02"')  # fmt: skip
    login = credential("http-digest", field, b"GET", b"")
    assert login is not None
    assert login.secret.equals("Circle Of Life")
    assert not login.secret.equals("Circle of Life")
    assert "670fd8" not in repr(login)


@pytest.mark.parametrize(("challenge", "code"), [
    (b'Digest realm="x", nonce="y", stale=TRUE', "401 stale"), (b'Digest realm="x", stale="true"', "401 stale"),
    (b'Digest realm="x", stale=false', "401"), (b'Digest realm="stale water"', "401"), (b"", "401"),
])  # fmt: skip
def test_a_number_that_is_too_old_is_no_refusal(challenge: bytes, code: str) -> None:
    assert refusal("401", challenge) == code


def test_auth_int_needs_the_body() -> None:
    field = b'Digest username="u", realm="r", nonce="n", uri="/", qop=auth-int, nc=1, cnonce="c", response="%s"'
    made = response(Challenged("md5", b"PUT", b"u", b"r", b"n", b"/", b"auth-int", b"1", b"c", b"body"), b"secret")
    assert credential("http-digest", field % made, b"PUT", None) is None
    login = credential("http-digest", field % made, b"PUT", b"body")
    assert login is not None
    assert login.secret.equals("secret")
    assert credential("http-digest", field.replace(b"qop", b"userhash=true, qop") % made, b"PUT", b"body") is None


@pytest.mark.parametrize("field", [
    b"", b"Basic eDp5", b"Digest", b'Digest username="u", realm="r", nonce="n", uri="/", response="short"',
    b'Digest username="u", realm="r", nonce="n", uri="/", response="670fd8c2df070c60b045671b8b24ff02", algorithm=ROT13',
    b'Digest username="u", realm="r", nonce="n", uri="/", response="670fd8c2df070c60b045671b8b24ff02", qop=other',
])  # fmt: skip
def test_what_cannot_be_held_against_passwords(field: bytes) -> None:
    assert credential("http-digest", field, b"GET", b"") is None
