"""Levels skipped, sessions carried on, transit (domain/zones.md 11.1, 11.2)."""

import pytest

from otwatch.zones.analyses.relays import chains, skips, transit
from tests.outputs.samples import BEGIN_NS
from tests.zones.scenes import DAY, MINUTE, flow, keys, scene


@pytest.mark.parametrize(
    ("way", "depth"),
    [
        ("office.1 > air.1", 3), ("air.1 > office.1", 3), ("remote.1 > air.1", 2), ("office.1 > sup.1", 2), ("office.1 > remote.1", 0),
        ("sup.1 > air.1", 0), ("sup.1 > remote.1", 0), ("air.1 > light.1", 0),
    ],
)  # fmt: skip
def test_boundaries(way: str, depth: int) -> None:
    assert [one.numbers["depth"] for one in skips(scene(flow(way, verdict="undeclared")))] == ([depth] if depth else [])


def test_what_is_declared_is_no_skip() -> None:
    assert list(skips(scene(flow("office.1 > air.1", verdict="allowed")))) == []


@pytest.mark.parametrize(
    ("minute", "writes", "keys_"), [(0, 0, ["chain"]), (4, 1, ["chain"]), (4, 0, []), (7, 1, []), (-1, 1, [])],
)  # fmt: skip
def test_what_a_host_begins_in_a_session(minute: int, writes: int, keys_: list[str]) -> None:
    session = flow("remote.1 > eng.1", protocol="rdp", port=3389, verdict="allowed")
    later = flow("eng.1 > air.1", minute, writes=writes, verdict="undeclared")
    assert keys(list(chains(scene(session, later)))) == keys_


def test_a_declared_jump_host_is_told_as_such() -> None:
    halves = (flow("remote.1 > eng.1", protocol="rdp", verdict="allowed"), flow("eng.1 > air.1", writes=1, verdict="allowed"))
    (one,) = chains(scene(*halves))
    assert (one.key, one.assets["via"], one.zones["to"]) == ("chain_declared", ("eng.1",), ("air",))


@pytest.mark.parametrize(("hour", "found"), [(8, ["chain"]), (9, ["chain"]), (10, []), (7, [])])
def test_a_session_of_every_day_is_not_always_open(hour: int, found: list[str]) -> None:
    """Tuesday 08 to 09 UTC, day by day: what begins at 09:02 comes right after it, what begins at ten does not."""
    begins = BEGIN_NS + (hour - 8) * 60 * MINUTE + 2 * MINUTE
    session = flow("remote.1 > eng.1", protocol="rdp", last_ns=BEGIN_NS + 7 * DAY, first_ns=BEGIN_NS - 7 * DAY, hours=f"{1 << 24 + 8:042x}")
    assert keys(list(chains(scene(session, flow("eng.1 > air.1", writes=1, first_ns=begins, verdict="undeclared"))))) == found


def test_no_chain_back_to_where_it_came_from() -> None:
    assert list(chains(scene(flow("remote.1 > eng.1", protocol="rdp"), flow("eng.1 > remote.1", writes=1)))) == []


def test_transit_by_more_than_the_clock() -> None:
    clock = flow("light.1 > ntp.1", protocol="ntp")
    found = transit(scene(flow("office.1 > sup.1"), flow("sup.1 > air.1"), flow("eng.1 > light.1"), clock))
    assert [(one.assets["host"], one.zones["from"], one.zones["to"]) for one in found] == [(("sup.1",), ("office",), ("air",))]
