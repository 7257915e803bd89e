"""referee/comparing.py: fields side by side."""

from collections.abc import Mapping

from otwatch.checks import FieldCheck
from otwatch.facts.ledger import NAMELESS
from otwatch.outputs.facts import SHAPES
from otwatch.referee.comparing import FIELDS, checks
from otwatch.referee.sheet import Sheet
from otwatch.results import FactRow
from otwatch.sightings import Frame
from tests.referee.trees import ALL


def row(field: str, item: Mapping[str, str | int], times: int, number: int = 1, section: str = "modbus") -> FactRow:
    return FactRow(section, field, item, times, Frame("a.pcap", number))


def sheet(*entries: tuple[str, str, int, tuple[tuple[str, str | int], ...]]) -> Sheet:
    said = Sheet(ALL)
    for section, field, frame, item in entries:
        said.add(section, field, frame, item)
    return said


def compared(rows: list[FactRow], told: Sheet) -> dict[str, FieldCheck]:
    return {check.field: check for check in checks(rows, told, ALL)}


def test_every_field_of_the_facts_is_compared() -> None:
    counted = {section: set(fields) for section, fields in SHAPES.items()}
    counted["umas"].discard("operations")
    del counted["io"]  # tshark does not tell of the data which connection they belong to
    del counted["fox"], counted["opcua"]  # tshark does not read Fox; tests/truth.py holds both against TRUTH.json
    assert {section: set(fields) for section, fields in FIELDS.items()} == counted


def test_agreement_whatever_the_order_and_the_capitals() -> None:
    told = sheet(("enip", "list_identity", 4, (("product_name", "PLC"), ("vendor_id", 1))))
    found = compared([row("list_identity", {"vendor_id": 1, "product_name": "plc"}, 1, section="enip")], told)
    assert found["list_identity"] == FieldCheck("enip", "list_identity", 1, 1, ())


def test_a_difference_names_both_counts_and_first_frames() -> None:
    told = sheet(("modbus", "functions", 7, (("side", "request"), ("function", 3))))
    check = compared([row("functions", {"side": "request", "function": 3}, 2, 5)], told)["functions"]
    (one,) = check.differences
    assert (one.otwatch, one.tshark, one.otwatch_frames, one.tshark_frames) == (2, 1, (5,), (7,))
    assert not check.agrees


def test_what_only_one_side_has() -> None:
    told = sheet(("modbus", "exceptions", 7, (("exception", "3/2"),)))
    found = compared([row("pdus", {}, 2)], told)
    assert [(one.otwatch, one.tshark) for check in found.values() for one in check.differences] == [(2, 0), (0, 1)]


def test_an_item_that_was_said_no_time_is_there_all_the_same() -> None:
    assert not compared([row("client_server_unit", {"client": "a", "unit": 1}, 0)], sheet())["client_server_unit"].agrees


def test_different_things_are_compared_as_a_set() -> None:
    item = (("source", "10.0.0.1"), ("ttl", 60))
    told = sheet(*[("bacnet", "foreign_device_registrations", frame, item) for frame in (1, 2)])
    assert compared([row("foreign_device_registrations", dict(item), 9, section="bacnet")], told)["foreign_device_registrations"].agrees


def test_what_is_too_much_to_be_named_is_compared_as_a_sum() -> None:
    told = sheet(*[("bacnet", "i_am", frame, (("instance", frame),)) for frame in (1, 2, 3)])
    rows = [row("i_am", {"instance": 2}, 1, section="bacnet"), row("i_am", dict(NAMELESS), 2, section="bacnet")]
    assert compared(rows, told)["i_am"].agrees
