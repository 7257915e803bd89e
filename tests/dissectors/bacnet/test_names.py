"""Names of numbers; bacpypes3 is the referee."""

import pytest

from otwatch.dissectors.bacnet.names import OBJECT_TYPES, TABLES, VENDORS, error_name, event_type, meaning, named, property_name


@pytest.mark.parametrize(
    ("number", "name"), [(85, "present-value"), (77, "object-name"), (372, "serial-number"), (507, "device-uuid"), (1001, "property-1001")]
)
def test_properties(number: int, name: str) -> None:
    assert property_name(number) == name


def test_object_types() -> None:
    assert OBJECT_TYPES[:3] == ("analog-input", "analog-output", "analog-value")
    assert (OBJECT_TYPES[64], OBJECT_TYPES[128], len(OBJECT_TYPES)) == ("color-temperature", "object-type-128", 1024)


def test_errors() -> None:
    assert error_name(2, 40) == "property/write-access-denied"
    assert error_name(99, 9999) == "99/9999"


def test_vendors() -> None:
    assert VENDORS[10] == "Schneider Electric"


def test_numbers_without_a_name() -> None:
    assert (named(("a",), 0), named(("a",), 1)) == ("a", "1")


def test_what_values_of_enumerated_properties_mean() -> None:
    assert meaning(0, 117, "62") == "degrees-celsius"
    assert (meaning(16, 90, "3"), meaning(56, 417, "2"), meaning(8, 112, "4")) == ("halt", "renew-fd-registration", "non-operational")
    assert (meaning(4, 85, "1"), meaning(30, 85, "1"), meaning(21, 85, "2")) == ("active", "unlock", "alarm")
    assert (meaning(1, 85, "1"), meaning(0, 117, "300"), meaning(0, 117, "null"), meaning(0, 81, "1")) == ("", "", "", "")
    assert meaning(0, 117, "9" * 4000) == ""


def test_event_types() -> None:
    assert (event_type(5), event_type(22), event_type(200)) == ("out-of-range", "change-of-timer", "200")


@pytest.mark.parametrize(
    ("kind", "name"),
    [("unit", "EngineeringUnits"), ("reliability", "Reliability"), ("event-type", "EventType"), ("life-safety-state", "LifeSafetyState")],
)
def test_enumerations_agree_with_bacpypes3(kind: str, name: str) -> None:
    types = pytest.importorskip("bacpypes3.basetypes")
    said = {number: text for text, number in getattr(types, name)._enum_map.items() if "-" in text}
    assert {number: TABLES[kind].get(number) for number in said} == said


def test_properties_agree_with_bacpypes3() -> None:
    primitive = pytest.importorskip("bacpypes3.primitivedata")
    for name, number in primitive.PropertyIdentifier._enum_map.items():
        if "-" in name:
            assert property_name(number) == name
