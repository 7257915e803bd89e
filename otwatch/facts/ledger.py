"""Counters by section, field and item, bounded; and which ends a sighting has."""

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


class _Count:
    __slots__ = ("frame", "times")

    def __init__(self, frame: Frame) -> None:
        self.times = 0
        self.frame = frame


class Ledger:
    """How often each item of each field was seen, and first in which frame."""

    def __init__(self) -> None:
        self._fields: dict[tuple[str, str], dict[Item, _Count]] = {}
        self.nameless = 0

    def add(self, section: str, field: str, item: Item, times: int, frame: Frame) -> None:
        items = self._fields.setdefault((section, field), {})
        count = items.get(item)
        if count is None:
            count = self._first(items, item, frame)
        count.times += times

    def _first(self, items: dict[Item, _Count], item: Item, frame: Frame) -> _Count:
        if len(items) >= BOUND:
            self.nameless += 1
            item = NAMELESS
        return items.setdefault(item, _Count(frame))

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
    asked = Ends(talk.client, talk.server, talk.client_port, talk.server_port)
    return asked if sighting.by_client else asked.turned()
