"""Ways from exposed to vital (domain/zones.md 11.3)."""

import pytest

from otwatch.conclusions import Conclusion
from otwatch.zones.analyses.paths import paths
from tests.zones.scenes import flow, keys, scene


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
