"""outputs/facts.py: shapes of the document, and the text for people."""

import io
import json

import pytest

from otwatch.outputs.facts import LISTED, SHAPES, facts_document, facts_text, sections
from otwatch.outputs.layout import show
from otwatch.outputs.wording import LANGUAGES, Words
from otwatch.results import CaptureRow, FactRow
from otwatch.sightings import Frame

CAPTURE = CaptureRow("a.pcap", "pcap", (1,), 900, 12, 0, 0, "")
FRAME = Frame("a.pcap", 5)


def fact(section: str, field: str, times: int, **item: str | int) -> FactRow:
    return FactRow(section, field, item, times, FRAME)


FACTS = (
    fact("modbus", "pdus", 7),
    fact("modbus", "functions", 7, side="request", function=3),
    fact("modbus", "writes", 2, client="10.0.0.1", server="10.0.0.2", unit=1, function=6, reference=4, quantity=1),
    fact("coverage", "services", 10, service="modbus", kind="spoken", count="frames"),
    fact("coverage", "services", 600, service="modbus", kind="spoken", count="bytes"),
    fact("coverage", "services", 6, service="modbus", kind="spoken", count="messages full"),
    fact("coverage", "services", 1, service="modbus", kind="spoken", count="messages opaque"),
    fact("coverage", "opaque", 1, service="modbus", operation="function 101"),
    fact("coverage", "services", 2, service="", kind="not spoken", count="frames"),
)


def test_the_document_has_every_field_of_a_section_that_was_heard() -> None:
    told = json.loads(facts_document((CAPTURE,), FACTS))
    assert (told["schema"], told["packets"]) == (1, 12)
    assert told["modbus"].keys() == SHAPES["modbus"].keys()
    assert told.keys() & SHAPES.keys() == {"modbus"}
    assert [item["frame"] for item in told["modbus"]["writes"]["items"]] == [5, 5]
    assert told["coverage"]["services"]["modbus"] == {
        "messages": {"full": 6, "opaque": 1}, "kind": "spoken", "frames": 10, "bytes": 600, "opaque": {"function 101": 1},
    }  # fmt: skip
    assert told["coverage"]["frames"] == told["packets"]


def test_long_lists_are_cut_and_their_count_is_not() -> None:
    many = [fact("modbus", "writes", 3, client="10.0.0.1", server="10.0.0.2", unit=unit) for unit in range(LISTED)]
    writes = sections((), many)["modbus"]["writes"]
    assert (writes["count"], len(writes["items"])) == (3 * LISTED, LISTED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_says_the_same(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    out = io.StringIO()
    show(facts_text((CAPTURE,), FACTS, Words(language)), out)
    text = out.getvalue()
    assert "client 10.0.0.1, server 10.0.0.2, unit 1, function 6, reference 4, quantity 1" in text
    assert "function 101" in text
    assert "MODBUS" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_mirror_adds_is_told(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    rows = (
        *FACTS,
        fact("coverage", "services", 3, service="modbus", kind="spoken", count="frames twice"),
        fact("coverage", "tunnels", 9, tunnel="erspan", use="mirror", **{"from": "10.0.0.8", "to": "10.0.0.9"}),
    )
    told = sections((CAPTURE,), rows)["coverage"]
    assert (told["twice"], told["frames"], told["services"]["modbus"]["frames_twice"]) == (3, 12, 3)
    assert told["tunnels"] == [{"tunnel": "erspan", "use": "mirror", "from": "10.0.0.8", "to": "10.0.0.9", "packets": 9}]
    out = io.StringIO()
    show(facts_text((CAPTURE,), rows, Words(language)), out)
    text = " ".join(out.getvalue().split())
    assert "25 %" in text
    assert f"erspan {Words(language).term('facts.use', 'mirror')} 10.0.0.8 10.0.0.9 9" in text


def test_what_is_seldom_is_counted_and_not_shown() -> None:
    many = [fact("modbus", "writes", 1, client="10.0.0.1", server="10.0.0.2", unit=unit) for unit in range(30)]
    out = io.StringIO()
    show(facts_text((), many, Words("en")), out)
    assert "and 18 more" in " ".join(out.getvalue().split())
