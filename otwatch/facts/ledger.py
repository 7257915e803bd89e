"""Counters by section, field and item, bounded; and which ends a sighting has."""

import sys
from typing import NamedTuple

from otwatch.results import FactRow
from otwatch.sightings import Frame, Outcome, Sighting

Item = tuple[tuple[str, str | int], ...]
"""What is counted, as named values."""

SIDES = ("request", "response", "unknown")
"""What `Ends.side` may say."""
ANSWERED = frozenset({Outcome.OK, Outcome.ERROR})
"""Outcomes of a request that stands for two messages."""

BOUND = 16_384
"""Different items of one field; all others are counted as one item without a name."""
NAMELESS: Item = (("more", "…"),)


_NEVER, _NOWHERE = sys.maxsize, Frame("", 0)


class _Count:
    __slots__ = ("first_ns", "frame", "times")

    def __init__(self) -> None:
        self.times = 0
        self.frame = _NOWHERE
        self.first_ns = _NEVER


Entries = list[tuple[_Count, bool]]
"""What one sighting counted as: the counters, and whether its times count there or only that it was seen."""


class Ledger:
    """How often each item of each field was seen, and first in which frame."""

    def __init__(self) -> None:
        self._fields: dict[tuple[str, str], dict[Item, _Count]] = {}
        self._noted: Entries | None = None
        self.nameless = 0

    def note(self) -> None:
        """From now on keep what is counted, until `noted`."""
        self._noted = []

    def noted(self) -> Entries | None:
        """What was counted since `note`; None where something had no name, for each time that happens is counted."""
        found, self._noted = self._noted, None
        return found

    def again(self, entries: Entries, sighting: Sighting) -> None:
        """Count what was counted before for a sighting of the same event on the same side that has no answer."""
        first_ns, times = sighting.first_ns, sighting.times
        for count, counts_times in entries:
            if first_ns < count.first_ns:
                count.first_ns, count.frame = first_ns, sighting.frame
            if counts_times:
                count.times += times

    def add(
        self, section: str, field: str, item: Item, sighting: Sighting, *, in_answer: bool = False, times: int | None = None
    ) -> None:  # fmt: skip
        """Count an item as often as it was seen, or `times`. Sightings of one slot come in any order."""
        items = self._fields.get((section, field))
        if items is None:
            items = self._fields[section, field] = {}
        count = items.get(item)
        if count is None:
            count = self._first(items, item)
        if sighting.first_ns < count.first_ns:
            count.first_ns = sighting.first_ns
            count.frame = (in_answer and sighting.answer) or sighting.frame
        count.times += sighting.times if times is None else times
        if self._noted is not None:
            self._noted.append((count, times is None))

    def _first(self, items: dict[Item, _Count], item: Item) -> _Count:
        if len(items) >= BOUND:
            self.nameless += 1
            self._noted = None
            item = NAMELESS
        return items.setdefault(item, _Count())

    def rows(self) -> tuple[FactRow, ...]:
        """In the order in which they first came, field by field."""
        return tuple(
            FactRow(section, field, dict(item), count.times, count.frame)
            for (section, field), items in sorted(self._fields.items(), key=lambda one: one[0])
            for item, count in items.items()
        )


class Ends(NamedTuple):
    """Addresses and ports of who says something and who hears it."""

    source: str
    target: str
    source_port: int
    target_port: int

    def turned(self) -> "Ends":
        return Ends(self.target, self.source, self.target_port, self.source_port)

    def side(self, ports: frozenset[int]) -> str:
        """Whether this goes to a server on one of its well-known ports, or comes from there."""
        to, of = self.target_port in ports, self.source_port in ports
        if to == of:
            return "unknown"
        return "request" if to else "response"


def ends(sighting: Sighting) -> Ends:
    talk = sighting.conversation
    if sighting.by_client:
        return Ends(talk.client, talk.server, talk.client_port, talk.server_port)
    return Ends(talk.server, talk.client, talk.server_port, talk.client_port)
