"""The page over HTTP: in which language, under which policy, and only when it has news."""

import json
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from otwatch.config.web import Web
from otwatch.outputs.page.carriers import SERVED_POLICY
from otwatch.outputs.page.rendering import STYLE, part
from otwatch.web.app import application
from otwatch.web.latest import Latest
from tests.web.asking import ask
from tests.web.test_latest import write


@pytest.fixture
def app(tmp_path: Path) -> ASGIApp:
    return application(Latest(write(tmp_path / "r.db")), Web(), lambda client: None)


@pytest.mark.parametrize(
    ("path", "accepts", "spoken"),
    [
        ("/", "", "fr"),
        ("/", "en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("/", "de, en;q=0.4, fr;q=0.7", "fr"),
        ("/", "de, en;q=0, *", "fr"),
        ("/", "en;q=x, ,;q=", "fr"),
        ("/?lang=en", "fr", "en"),
        ("/?lang=de", "en", "en"),
        ("/?lang=<script>", "en", "en"),
    ],
)
def test_the_language_is_the_one_asked_for(path: str, accepts: str, spoken: str, app: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTWATCH_LANG", raising=False)
    answer = ask(app, path, headers={"accept-language": accepts})
    assert answer.status == 200
    assert f'<html lang="{spoken}">'.encode() in answer.body


def test_a_strict_policy(app: ASGIApp) -> None:
    headers = ask(app, "/").headers
    assert headers["content-security-policy"] == SERVED_POLICY
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["vary"] == "Accept-Language"


def test_who_has_the_page_gets_it_again_only_when_it_says_something_else(app: ASGIApp) -> None:
    etag = ask(app, "/").headers["etag"]
    again = ask(app, "/", headers={"if-none-match": etag})
    assert (again.status, again.body) == (304, b"")
    assert ask(app, "/?lang=en", headers={"if-none-match": etag}).status == 200


def test_what_the_page_needs(app: ASGIApp) -> None:
    style = ask(app, f"/{STYLE}")
    assert (style.headers["content-type"], style.body) == ("text/css; charset=utf-8", part(STYLE).encode())
    assert ask(app, "/page.js").headers["content-type"] == "text/javascript; charset=utf-8"
    table = ask(app, "/findings.csv?lang=en")
    assert table.headers["content-disposition"] == 'attachment; filename="otwatch-findings.csv"'
    assert table.body.startswith(b"no.,severity,finding")


def test_without_a_record_there_is_no_page(tmp_path: Path) -> None:
    app = application(Latest(tmp_path / "none.db"), Web(), lambda client: None)
    assert ask(app, "/").status == 503


def test_a_table_as_json(app: ASGIApp) -> None:
    answer = ask(app, "/zones.json")
    assert answer.headers["content-type"] == "application/json"
    assert {row["id"] for row in json.loads(answer.body)["zones"]} >= {"cvc"}
