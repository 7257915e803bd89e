"""Ways from exposed to vital (domain/zones.md 11.3)."""

import pytest

from otwatch.conclusions import Conclusion
from otwatch.zones.analyses.paths import paths
from otwatch.zones.analyses.scene import Scene
from tests.outputs.samples import BEGIN_NS
from tests.zones.scenes import MINUTE, flow, keys, scene


def _ways(*flows: str | tuple[str, int] | tuple[str, int, dict[str, object]]) -> list[Conclusion]:
    rows = [flow(one) if isinstance(one, str) else flow(one[0], one[1], **(one[2] if len(one) > 2 else {})) for one in flows]
    return list(paths(scene(*rows)))


def test_a_direct_way() -> None:
    (way, cut) = _ways("office.1 > air.1")
    assert (way.key, way.assets["path"], way.words["criticality"], way.numbers["targets"]) == ("direct", ("office.1", "air.1"), "C4", 1)
    assert (cut.key, cut.words["zones"]) == ("cut", "office -> air")


@pytest.mark.parametrize(("second", "key"), [(5, "path_seen"), (-5, "path_possible"), (25 * 60, "path_possible")])
def test_what_came_in_order_is_seen_else_possible(second: int, key: str) -> None:
    found = [one for one in _ways(("office.1 > light.1", 0), ("light.1 > air.1", second)) if one.zones.get("to") == ("air",)]
    assert keys(found) == [key]


def test_a_long_conversation_may_carry_what_came_later() -> None:
    long = {"last_ns": 10**19}
    found = _ways(("office.1 > light.1", 10), ("light.1 > air.1", 0, long))
    assert keys(found)[0] == "path_seen"


def test_writing_is_easier_and_trying_is_harder() -> None:
    by_write = _ways("office.1 > light.1", ("light.1 > air.1", 1, {"writes": 3}), "office.1 > light.2", ("light.2 > air.1", 1))
    assert by_write[0].assets["path"] == ("office.1", "light.1", "air.1")
    tried = _ways(("office.1 > air.1", 0, {"state": "attempt"}))
    assert keys(tried) == ["direct_tried"]


def test_the_smallest_cut() -> None:
    (*_, cut) = _ways("office.1 > light.1", "net.1 > light.1", ("light.1 > air.1", 1), ("light.1 > air.2", 1))
    assert (cut.words["zones"], cut.numbers["number"]) == ("light -> air", 1)


@pytest.mark.parametrize("one", ["sup.1 > air.1", "office.1 > light.1", "air.1 > office.1"])
def test_no_way(one: str) -> None:
    assert _ways(one) == []


def test_a_way_that_respects_time_is_told_before_an_easier_one_that_does_not() -> None:
    """By light.1 the hops came in the wrong order; by light.2 they came in order."""
    late = {"first_ns": BEGIN_NS - 60 * MINUTE, "last_ns": BEGIN_NS - 59 * MINUTE, "writes": 3}
    found = _ways("office.1 > light.1", ("light.1 > air.1", 0, late), ("office.1 > light.2", 0), ("light.2 > air.1", 5))
    way = next(one for one in found if one.zones.get("to") == ("air",))
    assert (way.key, way.assets["path"]) == ("path_seen", ("office.1", "light.2", "air.1"))


def test_five_ways_to_one_asset() -> None:
    rows = [(f"office.1 > light.{at}", at) for at in range(7)] + [(f"light.{at} > air.1", at + 10) for at in range(7)]
    found = [one for one in _ways(*rows) if one.key in {"path_seen", "ways"}]
    assert [one.key for one in found] == ["path_seen", "ways"]
    assert found[1].numbers["number"] == 4
    assert (found[1].assets["target"], len(found[1].assets["doors"])) == (("air.1",), 4)
    assert found[1].words["ways"].count("office.1 -> light.") == 4


def test_ways_are_no_longer_than_six_hops() -> None:
    chain = [f"light.{at} > light.{at + 1}" for at in range(1, 6)]
    assert [one.key for one in _ways("office.1 > light.1", *chain, "light.6 > air.1") if one.zones.get("to") == ("air",)] == []
    assert [one.key for one in _ways("office.1 > light.2", *chain, "light.6 > air.1") if one.zones.get("to") == ("air",)] != []


def test_the_cut_names_the_conduits_that_let_it_through() -> None:
    (*_, cut) = _ways(("office.1 > air.1", 0, {"verdict": "allowed", "rule": "c7"}))
    assert (cut.key, cut.words["conduits"]) == ("cut_conduits", "c7")


def test_what_no_zone_holds_is_not_what_must_be_protected() -> None:
    """An asset in no zone has the zone "": it is neither the beginning nor the end of all ways."""
    made = scene(flow("office.1 > air.1"), flow("office.1 > light.1"))
    rows = tuple(row._replace(zone="", criticality="C2") if row.key == "light.1" else row for row in made.results.assets)
    links = tuple(row._replace(server_zone="") if row.server == "light.1" else row for row in made.results.links)
    (cut,) = (one for one in paths(Scene(made.results._replace(assets=rows, links=links))) if one.key.startswith("cut"))
    assert cut.words["zones"] == "office -> air"
