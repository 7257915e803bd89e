"""The map: which zones, which lines, and how they are told apart without colour."""

import re
from itertools import combinations

from otwatch.outputs.page.zonemap import folded, marked, zone_map
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from otwatch.results import Results
from tests.outputs.large import large
from tests.outputs.samples import EMPTY, HOSPITAL, link, zone


def voice_of(found: Results) -> Voice:
    return Voice.of(Words("en"), "UTC", found.zones, found.assets)


def test_the_map_of_the_small_hospital() -> None:
    found = zone_map(HOSPITAL, voice_of(HOSPITAL))
    assert [(one.client, one.server, one.verdict, one.number) for one in found.crossings] == [
        ("Office", "General HVAC", "forbidden", 1), ("Supervision", "General HVAC", "allowed", 2),
    ]  # fmt: skip
    wide, narrow = found.pictures
    assert (wide.name, narrow.name) == ("wide", "narrow")
    assert narrow.width < wide.width
    assert [(tile.title, tile.note, tile.findings) for tile in wide.tiles] == [
        ("Office", "1 asset", "2 findings"), ("Supervision", "1 asset", ""),
        ("General HVAC", "1 asset", "2 findings"), ("Low voltage", "1 asset", ""),
    ]  # fmt: skip
    assert [line.writes for line in wide.lines] == [True, True]
    assert found.verdicts == (("forbidden", "forbidden", 1), ("allowed", "allowed", 1))


def test_zones_of_which_nothing_was_heard_are_named() -> None:
    more = HOSPITAL._replace(zones=(*HOSPITAL.zones, zone("gaz", "Medical gases", "Fluides", "medical_gases", "C4")))
    assert zone_map(more, voice_of(more)).silent == ("Medical gases",)


def test_what_stands_in_no_zone_has_a_place() -> None:
    more = HOSPITAL._replace(links=(link("10.20.1.12", "192.0.2.1", "supervision", "(internet)"),))
    found = zone_map(more, voice_of(more))
    assert [one.server for one in found.crossings] == ["Internet"]
    assert "Internet" in [tile.title for tile in found.pictures[0].tiles]


def test_of_nothing_there_is_an_empty_map() -> None:
    found = zone_map(EMPTY, voice_of(EMPTY))
    assert (found.crossings, found.silent) == ((), ())
    assert found.pictures[0].tiles == ()


def test_wider_lines_carry_more() -> None:
    found = large()
    lines = zone_map(found, voice_of(found)).pictures[0].lines
    assert len({line.width for line in lines}) > 3
    assert all(1 < line.width < 5 for line in lines)
    assert all(re.fullmatch(r"[MLQZ\d. ]+", line.path + line.arrow) for line in lines)


def test_numbers_of_lines_do_not_lie_on_each_other() -> None:
    found = large()
    marks = [line.mark for line in zone_map(found, voice_of(found)).pictures[0].lines]
    assert not [pair for pair in combinations(marks, 2) if abs(pair[0][0] - pair[1][0]) + abs(pair[0][1] - pair[1][1]) < 20]


def test_marks_keep_clear() -> None:
    straight = ((0.0, 0.0), (100.0, 0.0))
    assert marked([straight, straight, ((0.0, 0.0), (3.0, 0.0))]) == [(50.0, 0.0), (15.0, 0.0), (0.0, 0.0)]


def test_names_are_folded() -> None:
    assert folded("Office", 10, 2) == ("Office",)
    assert folded("Supervision servers and clients", 11, 2) == ("Supervision", "servers and…")
    assert folded("Hypervisionsserverraum", 10, 2) == ("Hypervisio…",)
    assert folded("", 10, 2) == ("",)
