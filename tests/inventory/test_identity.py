"""Which raw keys are one asset: the short way to the answer and the whole list of units agree."""

from hypothesis import given
from hypothesis import strategies as st

from otwatch.inventory.assets import Assets
from otwatch.inventory.endpoints import internal
from otwatch.inventory.identity import Names
from otwatch.inventory.macs import Macs
from otwatch.sightings import Frame

HOST = "10.20.1.60"
counts = st.integers(0, 3)


@given(st.lists(st.tuples(st.booleans(), counts, counts), max_size=4), counts)
def test_a_unit_is_an_asset_where_it_is_listed_as_one(units: list[tuple[bool, int, int]], packets: int) -> None:
    assets = Assets(internal, lambda _keys: None)
    names = Names(assets, Macs(), internal)
    assets.at(HOST, 1, Frame("x", 1)).packets = packets
    for number, (heard, said, asked) in enumerate(units, 1):
        unit = assets.at(f"{HOST}/unit {number}", 1, Frame("x", 1))
        unit.heard, unit.said, unit.asked = heard, said, asked
        names.met_unit(unit.key)
    apart = {unit.key for unit in names.units(HOST)}
    keys = [f"{HOST}/unit {number}" for number in range(1, len(units) + 2)]
    found = [names.resolve(key) for key in keys]
    assert found == [key if key in apart else HOST for key in keys]
    names.settle()
    assert [names.resolve(key) for key in keys * 2] == found * 2
