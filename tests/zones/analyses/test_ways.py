"""Ways that respect time: intervals against trying every moment."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from otwatch.zones.analyses.scene import Flow
from otwatch.zones.analyses.ways import DAY_NS, begun_by, seen_ways
from tests.zones.scenes import flow

STEP_NS = DAY_NS // 2
_FLOWS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.integers(0, 6), st.integers(0, 3)), max_size=7)


def _flow(client: str, server: str, begins: int, lasts: int) -> Flow:
    row = flow(f"air.{client} > air.{server}", first_ns=begins * STEP_NS, last_ns=(begins + lasts) * STEP_NS)
    return Flow(client, server, row)


def _tried(flows: list[Flow]) -> set[str]:
    """Every asset that somebody at "a" can come to, moment by moment: half a day at a time, at most a day between two hops."""
    here = {("a", None)}
    reached: set[tuple[str, int | None]] = set()
    while here:
        reached |= here
        steps = product(here, flows)
        here = {
            (one.server, moment) for (asset, since), one in steps if one.client == asset
            for moment in range(one.link.first_ns // STEP_NS, one.link.last_ns // STEP_NS + 1)
            if since is None or since <= moment <= since + 2
        } - reached  # fmt: skip
    return {asset for asset, _ in reached} - {"a"}


@given(_FLOWS)
def test_what_is_reached_is_what_trying_every_moment_reaches(rows: list[tuple[str, str, int, int]]) -> None:
    flows = [_flow(*row) for row in rows]
    assert seen_ways(begun_by(flows), ["a"], {"b", "c", "d"}).keys() == _tried(flows)


@given(_FLOWS)
def test_a_way_is_made_of_hops_that_follow_each_other(rows: list[tuple[str, str, int, int]]) -> None:
    for target, way in seen_ways(begun_by([_flow(*row) for row in rows]), ["a"], {"b", "c", "d"}).items():
        assert [flow.client for flow in way] == ["a", *(flow.server for flow in way[:-1])]
        assert way[-1].server == target
