"""What the template makes of results: every place exists once, every link leads somewhere, and nothing a device says is more than text."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from otwatch.alerts.words import TRACE
from otwatch.outputs.page.carriers import one_file, served
from otwatch.outputs.page.findings import MOST_FINDINGS
from otwatch.outputs.page.rendering import SCRIPT, STYLE, Knowledge, page, part
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import LANGUAGES, Words
from otwatch.results import Results
from tests.outputs.hostile import PAYLOADS, UNSEEN, results
from tests.outputs.large import large
from tests.outputs.page.test_levels import MARKS
from tests.outputs.samples import EMPTY, HOSPITAL, alert, link

KNOWLEDGE = Knowledge(TRACE, marks=lambda results: MARKS)
NOWHERE = "#-"
BEYOND = HOSPITAL._replace(
    alerts=tuple(alert(at, 3, client="192.0.2.1") for at in range(1, MOST_FINDINGS + 5)),
    links=(*HOSPITAL.links, link("10.20.1.12", "224.0.0.1", "supervision", "supervision")),
)
"""More than one page tells, and things that are no assets."""


class Seen(HTMLParser):
    """Elements, ids, links and text of a page, as a browser would read it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        self.attributes |= {name for name, _ in attrs}
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []

    def handle_data(self, data: str) -> None:
        self.text += data


def voice(found: Results, language: str = "fr") -> Voice:
    return Voice.of(Words(language), found.timezone, found.zones, found.assets)


def drawn(found: Results, language: str = "fr") -> str:
    return page(found, voice(found, language), served(language), KNOWLEDGE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("found", [HOSPITAL, EMPTY, large(), BEYOND], ids=["hospital", "empty", "large", "beyond"])
def test_every_link_leads_to_one_place(found: Results, language: str) -> None:
    seen = Seen(drawn(found, language))
    assert max(Counter(seen.ids).values()) == 1
    assert {link for link in seen.links if link.startswith("#") and link != NOWHERE} <= {f"#{one}" for one in seen.ids}


def test_the_page_says_what_the_record_says() -> None:
    text = Seen(drawn(HOSPITAL)).text
    for said in (
        "CH de Valmont",
        "Le miroir",
        "Écriture inattendue",
        "Demandez qui utilise ce poste.",
        "frame.number in {412}",
        "API-CVC",
        "interdit",
    ):
        assert said in text
    assert "tshark -r pcaps/hospital.pcapng -Y 'modbus && frame.number in {412}'" in text
    assert "modbus 43/14" in text


def test_days_are_written_as_people_write_them() -> None:
    assert "13/10/2026 10:00:00" in Seen(drawn(HOSPITAL, "fr")).text
    assert "13 Oct 2026 10:00:00" in Seen(drawn(HOSPITAL, "en")).text


@given(found=results())
@settings(max_examples=60)
def test_whatever_a_device_says_is_text(found: Results) -> None:
    """The same elements and the same kinds of attributes as for harmless names, and no character that acts."""
    text = drawn(found)
    seen = Seen(text)
    tame = Seen(drawn(HOSPITAL))
    assert seen.elements.keys() <= tame.elements.keys()
    assert seen.attributes <= tame.attributes
    assert seen.elements["script"] == 1
    assert not UNSEEN.search(text)
    assert all(re.match(r"#|\?|data:,|[a-z]+\.(css|js|csv)", link) for link in seen.links)


def test_markup_of_devices_is_shown() -> None:
    hostile = HOSPITAL._replace(alerts=tuple(alert(at, 4, title={"en": said, "fr": said}) for at, said in enumerate(PAYLOADS, 1)))
    assert "<script>alert(1)</script>" in Seen(drawn(hostile)).text


def test_nothing_stands_in_the_page_that_a_strict_policy_forbids() -> None:
    for text in (drawn(large()), one_file(HOSPITAL, Words("fr"), KNOWLEDGE)):
        assert not {name for name in Seen(text).attributes if name.startswith("on") or name == "style"}


def test_style_and_script_fetch_nothing() -> None:
    assert "url(" not in part(STYLE)
    assert "@import" not in part(STYLE)
    assert re.findall(r"fetch\((.*?),", part(SCRIPT)) == ["location.pathname + location.search"]
    assert "innerHTML" not in part(SCRIPT)


def test_the_same_results_give_the_same_page() -> None:
    assert drawn(large()) == drawn(large())
