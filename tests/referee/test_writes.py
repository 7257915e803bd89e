"""referee/writes.py: lines of tshark's tree -> what is written."""

from xml.etree import ElementTree

import pytest

from otwatch.referee.writes import written
from tests.referee.trees import field, layer, text


def thing(kind: str, number: int) -> str:
    inside = field("bacapp.objectType", f"0000 01.. = Object Type: {kind} (1)", "1") + field("bacapp.instance_number", "..", str(number))
    return text(f"ObjectIdentifier: {kind}, {number}", text("Context Tag: 0") + inside)


def prop(name: str) -> str:
    line = f"Property Identifier: {name} (85)"
    return text(line, text("Context Tag: 1") + field("bacapp.property_identifier", line, "85"))


def items(service: int, *lines: str) -> list[dict[str, str | int | None]]:
    return [dict(item) for item in written(ElementTree.fromstring(layer("bacapp", *lines)), service)]


def test_write_property() -> None:
    value = field("bacapp.present_value.real", "Present Value (real): 50", "50", text("Application Tag: Real"))
    lines = (thing("analog-output", 101), prop("present-value"), text("{[3]"), value, text("}[3]"), text("Priority: (Unsigned) 10"))
    assert items(15, *lines) == [
        {"object": "analog-output", "instance": 101, "property": "present-value", "index": None, "value": "50", "priority": 10}
    ]


def test_write_property_multiple() -> None:
    first = (prop("present-value"), text("property Array Index: (Unsigned) 3"), text("{[2]"), text("(Real): 1.5"), text("}[2]"))
    second = (prop("description"), text("{[2]"), text("description: UTF-8 'Tour: 1'"), text("}[2]"), text("Priority: (Unsigned) 8"))
    found = items(16, thing("analog-value", 1), text("{[1]"), *first, *second, text("}[1]"))
    assert [(item["property"], item["index"], item["value"], item["priority"]) for item in found] == [
        ("present-value", 3, "1.5", None),
        ("description", None, "Tour: 1", 8),
    ]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (text("(Unsigned) 7"), "(Unsigned) 7"),
        (text("Real: 1.5 (Real)"), "1.5 (Real)"),
        (text("Description: UTF-8 'open' end'"), "open' end"),
        (text("Description: UTF-8 'cut by Wireshark"), "cut by Wireshark"),
        (text("Name: 'x'", field("bacapp.object_name", "Object Name: AHU", "AHU")), "AHU"),
        (field("bacapp.tag", "Tag: 1", "1"), None),
        (text("{[0]") + text("Real: 2") + text("}[0]"), "2"),
    ],
)
def test_values(line: str, value: str | None) -> None:
    (item,) = items(15, thing("device", 1), prop("description"), text("{[3]"), line, text("}[3]"))
    assert item["value"] == value


def test_a_tree_in_any_order_gives_something() -> None:
    assert items(15, text("}[3]"), text("Priority: (Unsigned) 1"), text("rray Index: none"), text("{[3]"), text("x"), prop("y")) == []
    assert items(15, prop("y"), text("Priority: none"))[0]["priority"] is None
