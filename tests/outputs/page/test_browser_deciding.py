"""Deciding about a finding on the page, in Debian's Chromium: with and without script, and free of what axe-core calls serious."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bcrypt
import pytest

from otwatch.alerts.words import TRACE
from otwatch.config.web import Web
from otwatch.decisions.log import beside, load
from otwatch.outputs.page.rendering import Knowledge
from otwatch.web.app import application
from otwatch.web.latest import Latest
from tests.conftest import ROOT
from tests.web.serving import serving
from tests.web.test_latest import write

AXE = (ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js").read_text("utf-8")
LOGIN = {"username": "durand", "password": "secret"}


@pytest.fixture
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is absent: `make browser` installs it")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is absent: apt install chromium")
    with playwright.sync_playwright() as running:
        yield running.chromium.launch(executable_path=chromium, args=["--no-sandbox"])


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return write(tmp_path / "r.db")


@pytest.fixture
def server(record: Path) -> Iterator[str]:
    users = (("durand", bcrypt.hashpw(b"secret", bcrypt.gensalt(4)).decode()),)
    app = application(Latest(record, Knowledge(TRACE)), Web(users=users), lambda client: None, deciders=("durand",))
    with serving(app) as address:
        yield address


@pytest.mark.parametrize("script", [True, False])
def test_a_person_decides(script: bool, browser: Any, server: str, record: Path) -> None:
    context = browser.new_context(http_credentials=LOGIN, java_script_enabled=script, locale="fr-FR")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(server)
    page.get_by_role("link", name="Décider…").first.click()
    page.get_by_role("radio", name="Masquer").check()
    page.get_by_label("Pourquoi").fill("nouvelle pompe")
    page.get_by_role("button", name="Décider").click()
    page.wait_for_url("**/?lang=fr#findings")
    assert page.get_by_text("CRITIQUE tout de même").is_visible()
    assert page.get_by_text("masqué par durand jusqu'au").first.is_visible()
    assert [(one.author, one.reason) for one in load(beside(record)).decisions] == [("durand", "nouvelle pompe")]
    assert said == []


def test_axe_finds_nothing_serious(browser: Any, server: str) -> None:
    page = browser.new_context(http_credentials=LOGIN, bypass_csp=True).new_page()
    page.goto(server)
    page.get_by_role("link", name="Decide about it…").first.click()
    page.evaluate(AXE)
    found = page.evaluate("async () => (await axe.run()).violations.filter((one) => ['serious', 'critical'].includes(one.impact))")
    assert [one["id"] for one in found] == []
