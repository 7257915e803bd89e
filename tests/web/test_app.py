"""What is answered to whom: two pages, read only; headers; and a login where there are users."""

from pathlib import Path

import pytest
from starlette.types import ASGIApp

from otwatch.config.web import DEMANDED, Http, Tls, Web
from otwatch.outputs.metrics import exposition
from otwatch.web.app import HEADERS, application, authenticates
from otwatch.web.latest import Latest
from tests.outputs.samples import HOSPITAL
from tests.web.asking import ask, basic
from tests.web.test_latest import write

USERS = (("prometheus", "$2b$04$ARMvy0lZkj4NGc3ci0dUfeQKK.gokkShuVKqnfNQVN5J7qWGa376K"),)
"""Whose password is "correct horse"."""
OPEN = Web()
MUTUAL = Web(tls=Tls("c.pem", "k.pem", DEMANDED, "ca.pem"))


def made(tmp_path: Path, web: Web = OPEN) -> ASGIApp:
    return application(Latest(write(tmp_path / "r.db")), web, lambda client: None)


def test_pages(tmp_path: Path) -> None:
    app = made(tmp_path)
    metrics = ask(app, "/metrics")
    assert (metrics.status, metrics.body) == (200, exposition(HOSPITAL))
    assert metrics.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert ask(app, "/healthz")[::2] == (200, b"ok\n")
    assert ask(app, "/metrics", "HEAD").headers["content-length"] == str(len(metrics.body))
    assert ask(app, "/../etc/passwd").status == 404


def test_without_a_record(tmp_path: Path) -> None:
    app = application(Latest(tmp_path / "none.db"), Web(), lambda client: None)
    assert ask(app, "/healthz").status == 503
    assert b"otwatch_record_up 0.0\n" in ask(app, "/metrics").body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_can_be_changed(method: str, tmp_path: Path) -> None:
    assert ask(made(tmp_path), "/metrics", method).status == 405


def test_headers(tmp_path: Path) -> None:
    wanted = (("X-Frame-Options", "deny"), ("Content-Security-Policy", "default-src 'self'"))
    answers = [ask(made(tmp_path, Web(http=Http(headers=wanted))), path) for path in ("/metrics", "/nowhere")]
    expected = {name.lower(): value for name, value in (HEADERS | dict(wanted)).items()}
    assert [answer.headers.items() >= expected.items() for answer in answers] == [True, True]


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/nowhere"])
def test_users_are_asked_for_everything(path: str, tmp_path: Path) -> None:
    refused: list[str] = []
    app = application(Latest(write(tmp_path / "r.db")), Web(users=USERS), refused.append)
    assert ask(app, path).status == 401
    assert ask(app, path, headers=basic("prometheus", b"wrong"), client="192.0.2.7").status == 401
    assert ask(app, path, headers=basic("prometheus", b"correct horse")).status in {200, 404}
    assert refused == ["192.0.2.7"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:9468", 200), ("localhost:9468", 200), ("LOCALHOST", 200), ("[::1]:9468", 200), ("10.1.2.3", 200),
        ("evil.example:9468", 421), ("127.0.0.1.evil.example", 421), ("", 421), ("[evil]", 421),
    ],
)  # fmt: skip
def test_without_a_login_it_is_asked_by_its_address(host: str, status: int, tmp_path: Path) -> None:
    assert ask(made(tmp_path), "/metrics", headers={"host": host}).status == status


def test_who_serves_others_is_asked_by_any_name(tmp_path: Path) -> None:
    app = application(Latest(write(tmp_path / "r.db")), OPEN, lambda client: None, by_address=False)
    assert ask(app, "/metrics", headers={"host": "box.hospital.example"}).status == 200


def test_whoever_shows_a_certificate_may_use_any_name(tmp_path: Path) -> None:
    assert ask(made(tmp_path, MUTUAL), "/metrics", headers={"host": "box.hospital.example"}).status == 200


@pytest.mark.parametrize(
    ("web", "known"),
    [(Web(), False), (Web(users=USERS), True), (MUTUAL, True), (Web(tls=Tls("c", "k", "VerifyClientCertIfGiven", "ca")), False)],
)
def test_whether_it_is_known_who_asks(web: Web, known: bool) -> None:
    assert authenticates(web) is known
