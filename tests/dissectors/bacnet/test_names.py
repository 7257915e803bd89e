"""Names of numbers; bacpypes3 is the referee."""

import pytest

from otwatch.dissectors.bacnet.names import OBJECT_TYPES, VENDORS, error_name, named, property_name


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


def test_properties_agree_with_bacpypes3() -> None:
    primitive = pytest.importorskip("bacpypes3.primitivedata")
    for name, number in primitive.PropertyIdentifier._enum_map.items():
        if "-" in name:
            assert property_name(number) == name
