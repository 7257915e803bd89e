"""docs/detections.md is what the declarations say: `python -m tests.docs` writes it anew."""

from pathlib import Path

import pytest

from otwatch.alerts.detections import DETECTIONS
from tests.docs.findings import OURS, PAGE, found, known, page
from tests.docs.why import WHY

SMALL = 300_000
"""Bytes of a capture that is replayed again here; the larger ones are, whenever the page is written."""


def test_the_page_is_what_the_declarations_say() -> None:
    assert PAGE.read_text("utf-8") == page(known()), "write it anew: python -m tests.docs"


def test_every_detection_says_why_it_matters() -> None:
    assert WHY.keys() == {detection.id for detection in DETECTIONS}
    assert all(why[0].isupper() and why.endswith(".") for why in WHY.values())


def test_every_detection_has_a_place_and_its_mapping() -> None:
    text = PAGE.read_text("utf-8")
    for detection in DETECTIONS:
        place = text.partition(f"\n## {detection.id}\n")[2].partition("\n## ")[0]
        assert all(technique in place for technique in detection.techniques)
        assert all(f"| `{variant}` |" in place for variant in detection.severity)


def test_captures_still_raise_what_the_page_says(captures: Path) -> None:
    here = {name for names in known().values() for name in names if (path := captures / name).exists() and path.stat().st_size < SMALL}
    if not here:
        pytest.skip("none of the captures of the page is here")
    fresh = found(captures, sorted(here))
    for key, names in known().items():
        assert set(fresh.get(key, ())) == {name for name in names if name in here or name.startswith(OURS)}, key
