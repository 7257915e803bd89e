"""exchange/forms.py: docs/exchange.md says what there is, and what reads it changes with the vocabulary."""

import re

from otwatch.exchange import Kind, forms
from otwatch.exchange.forms import EVENTS, FINGERPRINT
from otwatch.exchange.framing import MOST, VERSION
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "exchange.md").read_text("utf-8")
UNITS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20}


def test_the_page_has_every_kind_and_its_bound() -> None:
    rows = re.findall(r"\| (\d+) \| ([A-Z]+) \|.*\| (\d+) (\w+) \|", PAGE)
    assert {(int(number), name, int(size) * UNITS[unit]) for number, name, size, unit in rows} == {
        (kind.value, kind.name, MOST[kind]) for kind in Kind
    }
    assert f"(1 byte: {VERSION})" in PAGE


def test_the_page_has_every_event_and_its_tag() -> None:
    rows = re.findall(r"\| (\d+) \| ([A-Z][a-z]+)(?:,[^|]*)? \|", PAGE)
    assert [(int(tag), name) for tag, name in rows] == [(tag, one.__name__) for tag, one in enumerate(EVENTS)]


def test_another_vocabulary_has_another_fingerprint() -> None:
    described = forms.described()
    assert forms.fingerprint(described) == FINGERPRINT
    assert forms.fingerprint(described.replace("priority", "weight", 1)) != FINGERPRINT
