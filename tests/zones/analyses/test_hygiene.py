"""Conduits that say more than is done (domain/zones.md 11.6)."""

import pytest

from otwatch.zones.analyses.hygiene import hygiene
from otwatch.zones.analyses.scene import Scene
from tests.zones.scenes import conduit, flow, keys, scene


@pytest.mark.parametrize(("days", "key"), [(3, "unused_short"), (61, "unused")])
def test_unused(days: int, key: str) -> None:
    declared = (conduit("c1", "sup", "air", "READ"), conduit("c2", "eng", "air"))
    one, *rest = hygiene(scene(flow("sup.1 > air.1", rule="c1"), conduits=declared, days=days))
    assert (one.key, one.words["conduits"], rest) == (key, "c2", [])


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"verdict": "undeclared", "reasons": ("expires",)}, "expires"),
        ({"verdict": "forbidden", "reasons": ("unidirectional",)}, "unidirectional"),
        ({"verdict": "violation", "reasons": ("tls",)}, "tls"),
    ],
)
def test_broken(more: dict[str, object], key: str) -> None:
    assert keys(list(hygiene(scene(flow("sup.1 > air.1", rule="c1", **more), conduits=(conduit("c1", "sup", "air", "READ"),))))) == [key]


def test_writes_that_are_allowed_and_never_seen() -> None:
    allowed = (conduit("c1", "sup", "air", "READ", "WRITE"),)
    (one,) = hygiene(scene(flow("sup.1 > air.1", rule="c1"), conduits=allowed))
    assert (one.key, one.words["ops"]) == ("never_changes", "WRITE")
    wrote = flow("sup.1 > air.1", rule="c1", verbs={"WRITE": 1}, verdict="violation")
    unread = flow("sup.1 > air.1", rule="c1", verbs={})
    assert list(hygiene(scene(flow("sup.1 > air.2", rule="c1"), wrote, conduits=allowed))) == []
    assert list(hygiene(scene(unread, conduits=allowed))) == []


def test_hosts_that_are_named_and_not_seen() -> None:
    allowed = (conduit("c1", "sup", "air", "READ", hosts_from=("10.0.0.1/32", "10.0.0.2/32", "10.1.0.0/24")),)
    found = scene(flow("sup.1 > air.1", rule="c1"), conduits=allowed).results
    server = found.assets[0]._replace(key="10.0.0.1")
    row = found.links[0]._replace(client="10.0.0.1")
    (one,) = hygiene(Scene(found._replace(assets=(*found.assets, server), links=(row,))))
    assert (one.key, one.words["hosts"]) == ("host_missing", "10.0.0.2")


WIDE, ONE = ("10.0.0.0/24",), ("10.0.0.1/32",)


@pytest.mark.parametrize(("days", "hosts", "found"), [(61, WIDE, ["wide"]), (61, ONE, []), (3, WIDE, [])])
def test_a_conduit_that_opens_far_more_than_was_used(days: int, hosts: tuple[str, ...], found: list[str]) -> None:
    declared = conduit("c1", "sup", "air", "READ", hosts_from=hosts, hosts_to=("10.0.1.1/32",))
    seen = scene(flow("sup.1 > air.1", rule="c1"), conduits=(declared,), days=days)
    placed = {"sup.1": "10.0.0.1", "air.1": "10.0.1.1"}
    keyed = tuple(row._replace(client=placed[row.client], server=placed[row.server]) for row in seen.results.links)
    assets = tuple(row._replace(key=placed[row.key]) for row in seen.results.assets)
    assert keys(list(hygiene(Scene(seen.results._replace(links=keyed, assets=assets))))) == found


def test_operations_that_nobody_used_for_long() -> None:
    declared = conduit("c1", "sup", "air", "READ", "SUBSCRIBE", "WRITE")
    for days, found in ((61, ["never_changes", "idle_ops"]), (3, ["never_changes"])):
        assert keys(list(hygiene(scene(flow("sup.1 > air.1", rule="c1"), conduits=(declared,), days=days)))) == found


def test_a_conduit_that_a_never_rule_contradicts() -> None:
    declared = conduit("c1", "office", "air", "READ")
    met = flow("office.1 > air.1", verdict="forbidden", rule="n03")
    found = [one for one in hygiene(scene(met, conduits=(declared,))) if one.key == "contradicted"]
    assert [(one.words["conduit"], one.words["rule"]) for one in found] == [("c1", "n03")]
    elsewhere = flow("sup.1 > air.1", verdict="forbidden", rule="n03")
    wrote = met._replace(verbs={"READ": 3, "WRITE": 1})
    for other in (wrote, met._replace(protocol="bacnet"), met._replace(verdict="undeclared", rule=""), elsewhere):
        assert "contradicted" not in keys(list(hygiene(scene(other, conduits=(declared,)))))
