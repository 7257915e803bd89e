"""The page as people use it, in Debian's Chromium: the file from a disk, and the server. Skipped where playwright or Chromium is absent.

`make browser` installs what it needs of PyPI. OTWATCH_SHOTS=FOLDER keeps pictures of the page there.
"""

import csv
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from otwatch.alerts.words import TRACE
from otwatch.cli import cli
from otwatch.config.web import Web
from otwatch.outputs.page.carriers import TABLES
from otwatch.outputs.page.rendering import Knowledge
from otwatch.record import Record
from otwatch.results import Results
from otwatch.web.app import application
from otwatch.web.latest import Latest
from tests.conftest import ROOT
from tests.outputs.large import ASSETS, large
from tests.web.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
AXE = (ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js").read_text("utf-8")
WIDTHS = (1280, 400)
COUNT_FRAMES = """() => {
    window.frames_ms = [];
    let last = performance.now();
    const count = (now) => { window.frames_ms.push(now - last); last = now; requestAnimationFrame(count); };
    requestAnimationFrame(count);
}"""


class Watched:
    """A page, and all that it asked for or complained about."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.asked: list[str] = []
        self.said: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def foreign(self, own: str) -> list[str]:
        return [url for url in self.asked if not url.startswith((own, "data:", "blob:"))]

    def shot(self, name: str, whole: bool = False) -> None:
        folder = os.environ.get("OTWATCH_SHOTS")
        if folder:
            self.page.screenshot(path=f"{folder}/{name}.png", full_page=whole)


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is absent: `make browser` installs it")
    if CHROMIUM is None:
        pytest.skip("chromium is absent: apt install chromium")
    with playwright.sync_playwright() as running:
        yield running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample hospital."""
    path = tmp_path_factory.mktemp("record") / "r.db"
    command = ["replay", "--quiet", "--site", str(ROOT / "configs/site.yaml"), "--record", str(path), str(ROOT / "pcaps/hospital.pcapng")]
    cli(command, standalone_mode=False)
    return path


def opened_record(record: Path) -> Results:
    with Record.open(record) as kept:
        return kept.results()


def report(record: Path, language: str) -> str:
    """The address of the report of a record, as a file."""
    file = record.with_name(f"{language}.html")
    cli(["report", "--html", str(file), "--record", str(record), "--lang", language], standalone_mode=False)
    return file.as_uri()


@pytest.fixture(scope="module")
def server(record: Path) -> Iterator[str]:
    app = application(Latest(record, Knowledge(TRACE)), Web(), lambda client: None)
    with serving(app) as address:
        yield address


def opened(browser: "Browser", url: str, width: int = 1280, **given: Any) -> Watched:
    watched = Watched(browser.new_page(viewport={"width": width, "height": 900}, **given))
    watched.page.goto(url)
    return watched


@pytest.mark.parametrize("carrier", ["file", "server"])
@pytest.mark.parametrize("width", WIDTHS)
def test_from_a_zone_to_the_evidence(browser: "Browser", record: Path, server: str, carrier: str, width: int) -> None:
    url = report(record, "fr") if carrier == "file" else server
    watched = opened(browser, url, width, locale="fr-FR")
    page = watched.page
    assert page.locator("h1").text_content() == "CH de Valmont"
    watched.shot(f"{carrier}-{width}", whole=True)
    picture = page.locator(".picture:visible svg.map")
    assert picture.locator(".tile").count() == 11
    assert picture.locator(".passage.forbidden").count() == 1
    picture.locator(".tile", has_text="CVC bloc").click()
    page.locator(".panel:visible").get_by_role("link", name="CTA bloc 3").first.click()
    watched.shot(f"{carrier}-{width}-asset")
    assert "10.22.1.15" in (page.locator(".panel:visible").text_content() or "")
    page.locator(".panel:visible").get_by_role("link", name="Commande BACnet à une priorité protégée").click()
    shown = page.locator("details[open]", has_text="frame.number in {1126, 1127}")
    assert shown.first.is_visible()
    watched.shot(f"{carrier}-{width}-finding")
    assert watched.foreign(server if carrier == "server" else "file:") == []
    assert watched.said == []
    page.close()


def test_by_keyboard(browser: "Browser", record: Path) -> None:
    page = opened(browser, report(record, "fr")).page
    line = page.locator(".picture:visible .passage.forbidden")
    line.focus()
    page.keyboard.press("Enter")
    panel = page.locator(".panel:visible")
    assert "Bureautique → CVC général" in (panel.locator("h2").text_content() or "")
    assert "n03" in (panel.text_content() or "")
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert line.evaluate("one => one === document.activeElement")
    page.close()


def test_the_table_is_searched_filtered_and_sorted(browser: "Browser", record: Path) -> None:
    page = opened(browser, report(record, "fr")).page
    rows = page.locator("#assets tbody tr:visible")
    page.fill("#search", "siemens 10.22")
    assert rows.count() == 2
    assert page.locator("#shown").text_content() == f"2 sur {page.locator('#assets tbody tr').count()}"
    page.fill("#search", "")
    page.check("#of-findings")
    assert 0 < rows.count() < 10
    page.uncheck("#of-findings")
    page.select_option("#of-zone", "Onduleurs")
    assert rows.count() == 1
    page.select_option("#of-zone", "")
    head = page.locator("#assets thead th").first
    head.locator("button").click()
    names = page.locator("#assets tbody th").all_text_contents()
    assert names.index("10.10.5.20") < names.index("10.20.1.11") < names.index("OND-BLOC-A")
    assert head.get_attribute("aria-sort") == "ascending"
    page.close()


def test_the_language_is_the_browsers_and_can_be_switched(browser: "Browser", server: str) -> None:
    page = opened(browser, server, locale="en-GB").page
    assert page.locator("#findings-title").text_content() == "Findings"
    page.get_by_role("link", name="Français").click()
    assert page.locator("#findings-title").text_content() == "Constats"
    page.close()


def test_the_language_of_a_file_can_be_switched_and_back(browser: "Browser", record: Path) -> None:
    watched = opened(browser, report(record, "fr"))
    page = watched.page
    page.fill("#search", "siemens")
    page.locator(".picture:visible .tile", has_text="CVC bloc").click()
    for language, findings, shown in (("English", "Findings", "2 of"), ("Français", "Constats", "2 sur"), ("English", "Findings", "2 of")):
        page.evaluate("name => [...document.querySelectorAll('.speak')].find((one) => one.textContent === name).click()", language)
        page.locator("#findings-title", has_text=findings).wait_for(state="attached")
        assert page.locator(".panel:visible h2").text_content() == "CVC bloc opératoire, réanimation, stérilisation"
        assert page.input_value("#search") == "siemens"
        assert (page.locator("#shown").text_content() or "").startswith(shown)
        assert page.locator("html").get_attribute("lang") == {"English": "en", "Français": "fr"}[language]
    page.keyboard.press("Escape")
    page.locator("#assets thead th").first.locator("button").click()
    watched.shot("file-1280-en", whole=True)
    assert (watched.foreign("file:"), watched.said) == ([], [])
    page.close()


@pytest.mark.parametrize("carrier", ["file", "server"])
@pytest.mark.parametrize("name", ["assets", "conversations", "findings", "zones"])
def test_tables_can_be_taken_along(browser: "Browser", record: Path, server: str, carrier: str, name: str) -> None:
    page = opened(browser, report(record, "en") if carrier == "file" else server, locale="en-GB").page
    for form, role in (("CSV", "link"), ("JSON", "button" if carrier == "file" else "link")):
        with page.expect_download() as waited:
            page.get_by_role(role, name=f"{name.title()} {form}").click()  # type: ignore[arg-type]  # two roles of ARIA
        assert waited.value.suggested_filename == f"otwatch-{name}.{form.lower()}"
        text = Path(waited.value.path()).read_text("utf-8")
        rows = json.loads(text)[name] if form == "JSON" else list(csv.reader(text.splitlines()))[1:]
        assert len(rows) == len(getattr(opened_record(record), TABLES[name][1]))
    page.close()


def test_without_script_all_can_be_read(browser: "Browser", record: Path) -> None:
    page = opened(browser, report(record, "en"), java_script_enabled=False).page
    page.locator(".picture:visible .tile").first.click()
    assert page.locator(".panel:visible").count() == 1
    assert not page.locator(".tools").is_visible()
    page.close()


def test_paper_shows_what_was_folded(browser: "Browser", record: Path) -> None:
    page = opened(browser, report(record, "fr")).page
    page.emulate_media(media="print")
    assert page.locator(".finding", has_text="frame.number").count() == 5
    assert all(one.is_visible() for one in page.locator(".finding .sentence").all())
    assert not page.locator(".top").is_visible()
    folder = os.environ.get("OTWATCH_SHOTS")
    printed = page.pdf(path=f"{folder}/print.pdf" if folder else None, prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("place", ["", "#asset-", "#passage-", "#zone-"])
def test_axe_finds_nothing_serious(browser: "Browser", record: Path, scheme: str, width: int, place: str) -> None:
    url = report(record, "fr")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(url)
    if place:
        page.evaluate("start => { location.hash = document.querySelector(`.panel[id^='${start.slice(1)}']`).id; }", place)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.evaluate(AXE)
    found = page.evaluate("axe.run()")
    serious = [
        (one["id"], one["help"], [node["html"][:120] for node in one["nodes"][:3]])
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
    assert serious == []
    context.close()


def test_news_comes_without_losing_the_place(browser: "Browser", record: Path, tmp_path: Path) -> None:
    copy = tmp_path / "r.db"
    shutil.copy(record, copy)
    with Record.open(copy) as kept:
        results = kept.results()
    page = browser.new_page(locale="en-GB")
    page.clock.install()
    with serving(application(Latest(copy), Web(), lambda client: None)) as address:
        page.goto(address)
        page.fill("#search", "siemens")
        with page.expect_response("**/"):
            page.clock.run_for(16_000)
        page.wait_for_timeout(300)
        with Record.create(copy) as kept:
            kept.write(results._replace(site="CH de Belmont"))
        page.clock.run_for(16_000)
        page.locator("h1", has_text="CH de Belmont").wait_for()
        assert page.input_value("#search") == "siemens"
        assert page.locator("#assets tbody tr:visible").count() == 2
        page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_large_hospital_stays_fluid(browser: "Browser", tmp_path: Path, width: int) -> None:
    """The figures are printed (pytest -s), not judged: another machine has others. What is judged: nothing is left out, nothing breaks."""
    path = tmp_path / "r.db"
    with Record.create(path) as kept:
        kept.write(large())
    watched = opened(browser, report(path, "fr"), width)
    page = watched.page
    assert page.locator("#assets tbody tr").count() == ASSETS
    assert page.evaluate("document.documentElement.scrollWidth") == width
    first = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    loaded = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    page.evaluate(COUNT_FRAMES)
    box = page.locator(".picture:visible svg.map").bounding_box()
    assert box
    for step in range(40):
        page.mouse.wheel(60 - 120 * (step % 2), 300)
        page.mouse.move(box["x"] + box["width"] * (step % 10) / 10, 100 + 20 * step)
        page.wait_for_timeout(16)
    worst = page.evaluate("Math.max(...window.frames_ms)")
    watched.shot(f"large-{width}", whole=True)
    print(f"{width} pixels: first paint {first:.0f} ms, loaded {loaded:.0f} ms, longest frame while moving {worst:.0f} ms")
    assert watched.said == []
    page.close()
