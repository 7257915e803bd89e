"""pipeline.py: hearing a capture in pieces says the same as hearing it at once."""

from collections import Counter

import pytest

from otwatch import pipeline
from otwatch.facts import counted
from otwatch.facts.ledger import ANSWERED
from tests.conftest import ROOT

HOSPITAL_PCAP = str(ROOT / "pcaps" / "hospital.pcapng")


def facts(size: int, fine: frozenset[int]) -> Counter[tuple[str, str, tuple[tuple[str, str | int], ...]]]:
    said: Counter[tuple[str, str, tuple[tuple[str, str | int], ...]]] = Counter()
    for sighting in pipeline.piecewise(HOSPITAL_PCAP, size, fine):
        for row in counted(sighting):
            said[row.section, row.field, tuple(row.item.items())] += row.times
    return said


@pytest.mark.parametrize(("size", "fine"), [(256, frozenset()), (256, frozenset({0, 2})), (100, frozenset(range(3))), (5000, frozenset())])
def test_pieces_say_what_the_whole_says(size: int, fine: frozenset[int]) -> None:
    whole = pipeline.replay([HOSPITAL_PCAP]).facts
    expected = {(row.section, row.field, tuple(row.item.items())): row.times for row in whole if row.section != "coverage"}
    assert {key: times for key, times in facts(size, fine).items() if times} == {key: times for key, times in expected.items() if times}


def test_counted_sightings_lie_in_their_piece() -> None:
    before = 0
    for sighting in pipeline.piecewise(HOSPITAL_PCAP, 1, frozenset()):
        if sighting.outcome not in ANSWERED and not sighting.outcome:
            assert sighting.frame.number >= before
            before = sighting.frame.number
