"""Rows that were made before assets were united, under the names of what they belong to now.

Links and findings are judged by the addresses they were seen with, and keep their zones and verdicts: where several became one, the worst
verdict is shown, with the zones it is about.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import or_

from otwatch.inventory.links import NAMES
from otwatch.inventory.rows import order
from otwatch.results import AlertRow, LinkRow
from otwatch.sightings import Role

Resolve = Callable[[str], str]

WORST = ("forbidden", "violation", "undeclared", "allowed", "intra", "not judged")
_ROLES = tuple(role.name.lower() for role in sorted(Role))
_STATES = tuple(NAMES[state] for state in sorted(NAMES))


def links(rows: Iterable[LinkRow], resolve: Resolve) -> tuple[LinkRow, ...]:
    """Links between assets as they are now."""
    groups: dict[tuple[str, str, str, int, str], list[LinkRow]] = {}
    for row in rows:
        named = _named(row, resolve(row.client), resolve(row.server))
        groups.setdefault(named[:5], []).append(named)
    ways = sorted(groups, key=lambda way: (order(way[0]), order(way[1]), way[2:]))
    return tuple(_joined(groups[way]) for way in ways)


def _named(row: LinkRow, client: str, server: str) -> LinkRow:
    """The same row for most: to make another costs as much as to make it first."""
    return row if (client, server) == row[:2] else row._replace(client=client, server=server)


def _joined(rows: list[LinkRow]) -> LinkRow:
    if len(rows) == 1:
        return rows[0]
    first = min(rows, key=lambda row: (row.first_ns, row.frame))
    return min(rows, key=lambda row: WORST.index(row.verdict))._replace(
        role=max((row.role for row in rows), key=_ROLES.index), state=max((row.state for row in rows), key=_STATES.index),
        packets=sum(row.packets for row in rows), bytes_sent=sum(row.bytes_sent for row in rows),
        bytes_received=sum(row.bytes_received for row in rows), verbs=summed(row.verbs for row in rows),
        writes=sum(row.writes for row in rows),
        errors=sum(row.errors for row in rows), first_ns=first.first_ns, last_ns=max(row.last_ns for row in rows), frame=first.frame,
        via=tuple(sorted({via for row in rows for via in row.via})), codes=summed(row.codes for row in rows),
        unanswered=sum(row.unanswered for row in rows), days=max(row.days for row in rows),
        hours=f"{reduce(or_, (int(row.hours or '0', 16) for row in rows)):042x}",
    )  # fmt: skip


def summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Counters put together, in the order in which their names come first."""
    found: dict[str, int] = {}
    for one in counts:
        for name, times in one.items():
            found[name] = found.get(name, 0) + times
    return found


def alerts(rows: Iterable[AlertRow], resolve: Resolve) -> tuple[AlertRow, ...]:
    """Findings about assets as they are now."""
    return tuple(
        row._replace(client=resolve(row.client) if row.client else "", server=resolve(row.server) if row.server else "") for row in rows
    )
