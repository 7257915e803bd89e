"""Deciding over HTTP: by whom, from where, and that nothing else changes anything."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

import bcrypt
import pytest
from starlette.types import ASGIApp

from otwatch.config.web import Web
from otwatch.decisions.deciding import LONGEST, USUAL
from otwatch.decisions.log import beside, load
from otwatch.outputs.page.carriers import DECIDING_POLICY, FORM
from otwatch.outputs.page.form import MOST_DAYS, USUAL_DAYS
from otwatch.results.findings import finding
from otwatch.web.app import application
from otwatch.web.deciding import LARGEST
from otwatch.web.latest import Latest
from tests.outputs.samples import HOSPITAL
from tests.web.asking import Answer, ask, basic
from tests.web.test_latest import write

HASHED = bcrypt.hashpw(b"secret", bcrypt.gensalt(4)).decode()
WEB = Web(users=(("durand", HASHED), ("petit", HASHED), ("prometheus", HASHED)))
DURAND, PETIT, SCRAPER = (basic(name, b"secret") for name in ("durand", "petit", "prometheus"))
ID = finding(HOSPITAL.alerts[0])
OURS = {"Origin": "http://127.0.0.1:9468", "Content-Type": FORM, "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return write(tmp_path / "r.db")


@pytest.fixture
def app(record: Path) -> ASGIApp:
    return application(Latest(record), WEB, lambda client: None, deciders=("durand", "petit"))


def token(app: ASGIApp, who: Mapping[str, str] = DURAND) -> str:
    found = re.search(rb'name="token" value="([0-9a-f]{64})"', ask(app, f"/decide?finding={ID}&lang=en", headers=who).body)
    assert found
    return found[1].decode()


def send(app: ASGIApp, who: Mapping[str, str] = DURAND, head: Mapping[str, str] = OURS, **fields: str) -> Answer:
    sent = {"token": token(app), "finding": ID, "action": "mute", "reason": "a new pump", "until": ""} | fields
    return ask(app, "/decide?lang=en", "POST", headers={**who, **head}, body=urlencode(sent).encode())


def test_a_decision_is_written_down_under_the_name_of_the_login(app: ASGIApp, record: Path) -> None:
    before = record.read_bytes()
    answer = send(app, author="somebody else", account="root")
    assert (answer.status, answer.headers["location"]) == (303, ".?lang=en#findings")
    (made,) = load(beside(record)).decisions
    assert (made.author, made.account, made.action, made.reason, made.finding) == ("durand", "web:durand", "mute", "a new pump", ID)
    assert record.read_bytes() == before
    page = ask(app, "/?lang=en", headers=DURAND).body.decode()
    assert "muted by durand until" in page
    assert "CRITICAL all the same" in page
    assert "muted by durand until" in ask(app, f"/decide?finding={ID}&lang=en", headers=DURAND).body.decode()


@pytest.mark.parametrize(("action", "status"), [("mute", 303), ("expect", 303), ("close", 303), ("reopen", 400), ("erase", 400)])
def test_what_may_be_decided(action: str, status: int, app: ASGIApp, record: Path) -> None:
    assert send(app, action=action).status == status
    assert len(load(beside(record)).decisions) == (status == 303)


def test_what_is_wrong_is_said_and_what_was_written_stays(app: ASGIApp, record: Path) -> None:
    answer = send(app, reason='<b onclick="x">', until="2001-01-01")
    assert answer.status == 400
    body = answer.body.decode()
    assert "there is no mute for ever" in body
    assert "&lt;b onclick=&#34;x&#34;&gt;" in body
    assert "<b onclick" not in body
    assert not beside(record).exists()


@pytest.mark.parametrize(
    "head",
    [
        {**OURS, "Origin": "http://evil.example"}, {**OURS, "Origin": "null"}, {**OURS, "Origin": "http://127.0.0.1:9469"},
        {**OURS, "Sec-Fetch-Site": "cross-site"}, {**OURS, "Sec-Fetch-Site": "same-site"}, {**OURS, "Content-Type": "text/plain"},
        {"Content-Type": FORM},
    ],
)  # fmt: skip
def test_a_page_of_elsewhere_decides_nothing(head: Mapping[str, str], app: ASGIApp, record: Path) -> None:
    assert send(app, head=head).status == 403
    assert not beside(record).exists()


def test_a_form_counts_for_one_user_and_one_finding(app: ASGIApp, record: Path) -> None:
    assert send(app, token="0" * 64).status == 403
    assert send(app, token="é").status == 403
    assert send(app, PETIT).status == 403, "the token is that of durand"
    assert send(app, finding=finding(HOSPITAL.alerts[1]._replace(client="10.0.0.1"))).status == 403
    other = application(Latest(record), WEB, lambda client: None, deciders=("durand",))
    assert send(app, token=token(other)).status == 403, "of another process"
    assert not beside(record).exists()


@pytest.mark.parametrize(("who", "status"), [({}, 401), (basic("durand", b"wrong"), 401), (SCRAPER, 403)])
def test_who_may_not_decide(who: Mapping[str, str], status: int, app: ASGIApp, record: Path) -> None:
    assert ask(app, f"/decide?finding={ID}", headers=who).status == status
    assert send(app, who).status == status
    assert not beside(record).exists()


def test_the_page_offers_it_to_those_who_may(app: ASGIApp) -> None:
    link = f"decide?lang=en&amp;finding={ID}".encode()
    assert link in ask(app, "/?lang=en", headers=DURAND).body
    assert b"decide?" not in ask(app, "/?lang=en", headers=SCRAPER).body


def test_without_deciders_there_is_no_such_page(record: Path) -> None:
    app = application(Latest(record), WEB, lambda client: None)
    assert ask(app, f"/decide?finding={ID}", headers=DURAND).status == 404
    assert b"decide?" not in ask(app, "/", headers=DURAND).body


def test_a_strict_policy(app: ASGIApp) -> None:
    headers = ask(app, f"/decide?finding={ID}", headers=DURAND).headers
    assert headers["content-security-policy"] == DECIDING_POLICY
    assert "form-action 'self'" in DECIDING_POLICY
    assert headers["referrer-policy"] == "same-origin"
    assert "form-action 'none'" in ask(app, "/", headers=DURAND).headers["content-security-policy"]


def test_limits(app: ASGIApp, record: Path) -> None:
    assert send(app, reason="x" * LARGEST).status == 413
    assert ask(app, "/decide", "POST", headers={**DURAND, **OURS}, body=b"&".join([b"a=b"] * 99)).status == 403
    assert ask(app, "/decide?finding=0", headers=DURAND).status == 404
    assert ask(app, "/decide", "PUT", headers=DURAND).status == 405
    assert not beside(record).exists()


def test_a_folder_that_cannot_be_written_is_told(app: ASGIApp, record: Path) -> None:
    beside(record).mkdir()
    assert ask(app, "/", headers=DURAND).status == 503, "decisions that cannot be read are not passed over"


def test_days_are_those_of_decisions() -> None:
    assert (USUAL.days, LONGEST.days) == (USUAL_DAYS, MOST_DAYS)
