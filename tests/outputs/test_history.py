from otwatch.outputs.history import CHANGED, CONTRADICTED, steps
from otwatch.results import AttributeRow
from tests.outputs.samples import FRAME


def said(name: str, value: str, first: int, last: int, source: str = "cip Identity object", confidence: str = "self") -> AttributeRow:
    return AttributeRow("10.0.0.1", name, value, source, confidence, True, FRAME, first, last)


def told(*rows: AttributeRow) -> list[tuple[str, str, str, int]]:
    return [(step.sort, step.before.value, step.after.value, step.time_ns) for step in steps(rows)]


def test_one_after_the_other_is_a_change() -> None:
    assert told(said("firmware", "3.0", 20, 30), said("firmware", "2.1", 1, 9)) == [(CHANGED, "2.1", "3.0", 20)]


def test_both_at_once_is_a_contradiction() -> None:
    assert told(said("serial", "A", 1, 30), said("serial", "B", 5, 9)) == [(CONTRADICTED, "A", "B", 5)]


def test_other_sources_say_other_things() -> None:
    assert not told(said("firmware", "3.0", 1, 9), said("firmware", "Apache", 2, 8, "http Server"))


def test_what_a_mac_suggests_contradicts_nobody() -> None:
    assert not told(said("vendor", "Dell", 1, 9, "MAC address (IEEE)", "mac"), said("vendor", "HP", 1, 9, "MAC address (IEEE)", "mac"))


def test_a_person_and_a_device_disagree() -> None:
    declared = said("vendor", "Siemens", 0, 0, "site file", "declared")
    assert told(declared, said("vendor", "Schneider", 5, 9)) == [(CONTRADICTED, "Siemens", "Schneider", 5)]
    assert not told(declared, said("vendor", "Siemens Building Technologies", 5, 9))
