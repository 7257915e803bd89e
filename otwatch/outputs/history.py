"""What became of an attribute over time, from everything that was said for it.

changed       the same source said one value, and later another: another firmware, another device
contradicted  it says both at the same time, or not what a person declared: two devices, or a mistake in the register
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from otwatch.declared.drift import agree
from otwatch.results import AttributeRow

CHANGED, CONTRADICTED = "changed", "contradicted"
SELF, DECLARED = "self", "declared"


class Step(NamedTuple):
    """`before` and `after` as they were said; `sort` CHANGED or CONTRADICTED."""

    sort: str
    before: AttributeRow
    after: AttributeRow

    @property
    def time_ns(self) -> int:
        """When the second one was said first."""
        return self.after.first_ns


def steps(attributes: Iterable[AttributeRow]) -> list[Step]:
    """Changes and contradictions of one asset, in the order of time."""
    said: dict[tuple[str, str, str], list[AttributeRow]] = {}
    for row in attributes:
        if row.confidence in (SELF, DECLARED):
            said.setdefault((row.name, row.confidence, row.source), []).append(row)
    own = [step for rows in said.values() for step in _of_source(sorted(rows, key=lambda row: (row.first_ns, row.value)))]
    return sorted([*own, *_against_declared(said)], key=lambda step: (step.time_ns, step.after.name, step.after.value))


def _of_source(rows: list[AttributeRow]) -> Iterator[Step]:
    for before, after in pairwise(rows):
        yield Step(CHANGED if before.last_ns < after.first_ns else CONTRADICTED, before, after)


def _against_declared(said: dict[tuple[str, str, str], list[AttributeRow]]) -> Iterator[Step]:
    declared = {name: rows[0] for (name, confidence, _), rows in said.items() if confidence == DECLARED}
    for (name, confidence, _), rows in said.items():
        if confidence == SELF and name in declared:
            yield from (Step(CONTRADICTED, declared[name], row) for row in rows if not agree(declared[name].value, row.value))
