"""Ways that respect time: each hop at work after the one before it and within a day of it (domain/zones.md 11.3).

A conversation is at work from its first to its last packet. So the moments at which somebody can have come to an asset by a way are an
interval, and the next hop narrows it: nothing is lost by looking at intervals instead of moments.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from otwatch.zones.analyses.scene import Flow

HOPS = 6
DAY_NS = 86_400_000_000_000
STATES = 100_000
"""Ways that are looked at; in a very large network the longest are left out."""

Way = tuple[Flow, ...]


class _Reached(NamedTuple):
    """Somebody can have been at an asset at any time of `begins_ns` .. `ends_ns`."""

    asset: str
    begins_ns: int
    ends_ns: int
    way: Way


def begun_by(flows: Iterable[Flow]) -> dict[str, list[Flow]]:
    """Who began which conversations, the earliest first."""
    out: dict[str, list[Flow]] = {}
    for flow in sorted(flows, key=lambda flow: (flow.link.first_ns, flow.link.frame)):
        out.setdefault(flow.client, []).append(flow)
    return out


def seen_ways(out: Mapping[str, list[Flow]], sources: Iterable[str], targets: Collection[str]) -> dict[str, Way]:
    """Of each target that can be reached in time the way with the fewest hops, of those the one that begins first. `out`: `begun_by`."""
    queue = deque(_Reached(source, 0, 0, ()) for source in sorted(set(sources)))
    known: dict[str, list[tuple[int, int]]] = {}
    found: dict[str, Way] = {}
    for _ in range(STATES):
        if not queue:
            break
        reached = queue.popleft()
        if reached.asset in targets:
            found.setdefault(reached.asset, reached.way)
        for flow in out.get(reached.asset, ()) if len(reached.way) < HOPS else ():
            onward = _onward(reached, flow)
            if onward is not None and not any(a <= onward.begins_ns and onward.ends_ns <= b for a, b in known.get(flow.server, ())):
                known.setdefault(flow.server, []).append((onward.begins_ns, onward.ends_ns))
                queue.append(onward)
    return found


def _onward(reached: _Reached, flow: Flow) -> _Reached | None:
    """When the flow can have carried on what came before; None where it was over, or began too late."""
    first_ns, last_ns = flow.link.first_ns, flow.link.last_ns
    if reached.way:
        first_ns, last_ns = max(first_ns, reached.begins_ns), min(last_ns, reached.ends_ns + DAY_NS)
    return _Reached(flow.server, first_ns, last_ns, (*reached.way, flow)) if first_ns <= last_ns else None
