"""referee/sheet.py: counters that stay bounded, and items that compare."""

import pytest

from otwatch.facts.ledger import BOUND, NAMELESS
from otwatch.referee import sheet as module
from otwatch.referee.sheet import Sheet, key


def test_frames_are_kept_each_time() -> None:
    sheet = Sheet(frozenset({"modbus"}))
    for frame in (4, 4, 9):
        sheet.add("modbus", "pdus", frame)
    count = sheet.fields["modbus", "pdus"][()]
    assert (count.times, list(count.frames)) == (3, [4, 4, 9])


def test_only_what_is_wanted_is_counted() -> None:
    sheet = Sheet(frozenset({"umas"}))
    sheet.add("modbus", "pdus", 1)
    assert not sheet.fields


def test_items_are_compared_without_order_and_capitals() -> None:
    assert key((("a", "X"), ("b", 1))) == key((("b", "1"), ("a", "x")))


def test_what_is_not_said_and_what_is_hostile() -> None:
    sheet = Sheet(frozenset({"bacnet"}))
    sheet.add("bacnet", "i_am", 1, (("source", "\x1b[2J"), ("snet", None)))
    (count,) = sheet.fields["bacnet", "i_am"].values()
    assert count.item == (("source", "\\x1b[2J"),)


def test_different_items_are_bounded() -> None:
    sheet = Sheet(frozenset({"bacnet"}))
    for number in range(BOUND + 5):
        sheet.add("bacnet", "i_am", number, (("instance", number),))
    counts = sheet.fields["bacnet", "i_am"]
    assert len(counts) == BOUND + 1
    assert counts[key(NAMELESS)].times == 5


def test_frames_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FRAMES", 3)
    sheet = Sheet(frozenset({"modbus"}))
    for frame in range(10):
        sheet.add("modbus", "pdus", frame)
    sheet.add("modbus", "functions", 11)
    assert list(sheet.fields["modbus", "pdus"][()].frames) == [0, 1, 2]
    assert list(sheet.fields["modbus", "functions"][()].frames) == [11]
    assert sheet.last_whole == 2
