"""Single points, islands, cohesion, and how far orders reach (domain/zones.md 11.4, 11.5)."""

from otwatch.zones.analyses.scene import Scene
from otwatch.zones.analyses.structure import reach, structure
from tests.zones.scenes import flow, keys, scene, tagged


def test_a_single_point_and_an_island() -> None:
    rows = [flow(f"sup.1 > air.{number}") for number in (1, 2)] + [flow("eng.1 > sup.1"), flow("light.1 > light.2")]
    point, island = structure(scene(*rows, flow("sup.1 > ntp.1", protocol="ntp"), flow("light.1 > ntp.1", protocol="ntp")))
    assert (point.key, point.assets["host"], point.numbers["number"]) == ("single_point", ("sup.1",), 2)
    assert (island.key, island.assets["members"]) == ("island", ("light.1", "light.2"))


def test_a_ring_has_no_single_point() -> None:
    ring = [flow(f"air.{number} > air.{number % 5 + 1}") for number in range(1, 6)]
    assert list(structure(scene(*ring))) == []


def test_a_zone_that_talks_mostly_outside() -> None:
    rows = [flow(f"air.{number} > sup.1") for number in range(1, 7)] + [flow("air.1 > air.2")]
    (one,) = (one for one in structure(scene(*rows)) if one.key == "cohesion")
    assert (one.zones["id"], one.numbers["percent"]) == (("air",), 14)


def test_orders_reach_three_hops_and_what_depends_on_them() -> None:
    chain = [flow(f"light.{number} > light.{number + 1}", writes=1) for number in range(1, 6)]
    read = flow("light.1 > sup.1")
    first, *_ = reach(scene(*chain, read, flow("sup.1 > light.9", writes=2), needs={"air": ("light",)}))
    assert (first.key, first.assets["host"], first.numbers["number"]) == ("reach_further", ("light.1",), 3)
    assert first.zones["dependent"] == ("air",)
    worst, *_ = reach(scene(*chain, flow("sup.1 > air.1", writes=1)))
    assert (worst.assets["host"], worst.words["criticality"]) == (("sup.1",), "C4")


def test_reading_reaches_nothing() -> None:
    assert keys(list(reach(scene(flow("sup.1 > air.1"))))) == []


def test_a_vlan_with_assets_of_two_zones_is_told_once() -> None:
    made = scene(flow("sup.1 > air.1"), flow("sup.1 > air.2"), flow("light.1 > air.1")).results
    vlans = {"sup.1": 20, "air.1": 21, "air.2": 21, "light.1": 21}
    made = made._replace(assets=tuple(row._replace(vlan=vlans[row.key]) for row in made.assets))
    (one,) = (one for one in structure(Scene(made)) if one.key == "shared_domain")
    assert (one.numbers, one.zones["of"], one.assets["members"]) == ({"vlan": 21, "number": 3}, ("air", "light"), ("air.1", "light.1"))
    assert "shared_domain" not in keys(list(structure(tagged(Scene(made), -1))))


def test_a_link_that_alone_holds_two_parts_together() -> None:
    parts = ["sup.1 > air.1", "sup.1 > air.2", "sup.1 > sup.2", "sup.2 > light.1", "sup.2 > light.2"]
    found = [one for one in structure(scene(*map(flow, parts))) if one.key == "single_link"]
    assert [(one.assets["example"], one.numbers["number"]) for one in found] == [(("sup.1", "sup.2"), 3)]
    assert "single_link" not in keys(list(structure(scene(*map(flow, [*parts, "air.1 > light.1"])))))


def test_equipment_that_talks_with_many_zones() -> None:
    ways = ("light.1 > air.1", "light.1 > sup.1", "eng.1 > light.1")
    found = [one for one in structure(scene(*map(flow, ways))) if one.key == "many_zones"]
    assert [(one.assets["host"], one.zones["of"]) for one in found] == [(("light.1",), ("air", "eng", "sup"))]
    assert "many_zones" not in keys(list(structure(scene(*map(flow, ways[:2])))))
    central = ("sup.1 > air.1", "sup.1 > light.1", "eng.1 > sup.1")
    assert "many_zones" not in keys(list(structure(scene(*map(flow, central)))))
