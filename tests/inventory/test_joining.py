import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.inventory.facts import Facts
from otwatch.inventory.holders import Holding
from otwatch.inventory.joining import Groups, Part, is_serial, join
from otwatch.inventory.macs import Macs
from otwatch.sightings import Frame

NOWHERE = Frame("", 0)
NAMES = st.sampled_from([f"10.0.0.{number}" for number in range(8)])


def part(key: str, pin: int | None = None, first_ns: int = 0, last_ns: int = 9) -> Part:
    return Part(key, "host", Facts(), NOWHERE, first_ns, last_ns, "", "", pin)


def holding() -> Holding:
    return Holding(Macs(), lambda ip: True, lambda ip: False)


@pytest.mark.parametrize("text", ["0000000", "unknown", "N/A", "12", "-----", "0123456789", "serial number"])
def test_what_tells_no_two_devices_apart(text: str) -> None:
    assert not is_serial(text)


@pytest.mark.parametrize("text", ["B8A44F01AB", "17-2034-118", "00524d8e"])
def test_serial_numbers(text: str) -> None:
    assert is_serial(text)


@given(st.lists(st.tuples(NAMES, NAMES), max_size=20), st.dictionaries(NAMES, st.integers(0, 2)))
def test_no_set_ever_holds_two_declared_things(pairs: list[tuple[str, str]], pins: dict[str, int]) -> None:
    keys = [f"10.0.0.{number}" for number in range(8)]
    groups = Groups({key: part(key, pins.get(key)) for key in keys})
    for one, other in pairs:
        groups.join(one, other)
    for group in groups.sets():
        assert len({one.pin for one in group if one.pin is not None}) <= 1


def test_the_whole_is_called_by_the_address_it_has_now() -> None:
    parts = {one.key: one for one in (part("10.0.0.1", None, 0, 9), part("10.0.0.2", None, 20, 30), part("10.0.0.3", None, 25, 40))}
    joined = join(parts, holding(), [tuple(parts)])
    assert dict(joined.whole) == dict.fromkeys(parts, "10.0.0.2")
    assert [bond.reason for bond in joined.bonds] == ["declared", "declared"]
