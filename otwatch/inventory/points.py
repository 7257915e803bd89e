"""Points: who writes and reads them, with which values, who holds which BACnet priority, and what devices call them.

A command stands in the priority array until the same priority is relinquished with null (135-2020 clause 19.2): somebody who
commands at 8 and goes home still decides. Only writes that were not refused count.
"""

from collections.abc import Iterator
from typing import NamedTuple

from otwatch.events import Point, Request
from otwatch.inventory.endpoints import Ends
from otwatch.inventory.labels import Labels
from otwatch.inventory.reads import Reads, Where
from otwatch.sightings import Frame, Sighting

LIMIT = 524_288
"""Points kept that are read again and again, some 400 bytes each."""
WRITABLE = 65_536
"""Points kept that were written, some 700 bytes each and no more than the baseline has lines; then the one met first is forgotten."""
WRITERS = 16
"""Writers named of one point."""
RELINQUISHED = "null"


class Slot(NamedTuple):
    """A place in the priority array, and who commands there."""

    priority: int
    client: str
    value: str
    since_ns: int
    frame: Frame


class Written:
    """What was written to one point. `least`, `most`: of values that are numbers; `before`: the value before the last write. Hardly a
    point has more than one writer."""

    __slots__ = ("before", "first_ns", "frame", "last_ns", "least", "most", "slots", "value", "writers", "writes")

    def __init__(self, sighting: Sighting) -> None:
        self.first_ns = sighting.first_ns
        self.frame = sighting.frame
        self.last_ns = self.writes = 0
        self.least: float | None = None
        self.most: float | None = None
        self.value = self.before = ""
        self.slots: tuple[Slot, ...] = ()
        self.writers: tuple[str, ...] = ()

    def write(self, client: str, value: str, priority: int | None, sighting: Sighting) -> None:
        self.last_ns = sighting.last_ns
        self.writes += sighting.times
        self.before = self.value
        if client not in self.writers and len(self.writers) < WRITERS:
            self.writers = (*self.writers, client)
        if value != RELINQUISHED:
            self._take(value)
        if priority is not None:
            others = tuple(slot for slot in self.slots if slot.priority != priority)
            held = next((slot for slot in self.slots if (slot.priority, slot.client, slot.value) == (priority, client, value)), None)
            own = (held or Slot(priority, client, value, sighting.first_ns, sighting.frame),) if value != RELINQUISHED else ()
            self.slots = (*others, *own)

    def _take(self, value: str) -> None:
        self.value = value
        try:
            number = float(value)
        except ValueError:
            return
        self.least = number if self.least is None else min(self.least, number)
        self.most = number if self.most is None else max(self.most, number)


class Points:
    """A bounded memory of what was written; `reads` of what was read, `labels` of what devices call their points."""

    def __init__(self, limit: int = WRITABLE) -> None:
        self.reads = Reads(LIMIT)
        self.labels = Labels()
        self._written: dict[Where, Written] = {}
        self._limit = limit
        self.evicted = 0

    def __len__(self) -> int:
        return len(self._written)

    def write(self, sighting: Sighting, request: Request, ends: Ends) -> None:
        """Take a request in that changes something and was not refused."""
        for at, point in enumerate(request.points):
            self._met((ends.server, request.protocol, str(point)), sighting).write(
                ends.client, _value(request, at, point), request.priority, sighting
            )

    def _met(self, where: Where, sighting: Sighting) -> Written:
        written = self._written.get(where)
        if written is None:
            if len(self._written) >= self._limit:
                del self._written[next(iter(self._written))]
                self.evicted += 1
            written = self._written[where] = Written(sighting)
        return written

    def at(self, where: Where) -> Written | None:
        """What was written to a point."""
        return self._written.get(where)

    def places(self) -> Iterator[Where]:
        """Points that were written, then those that were only read."""
        yield from self._written
        yield from (where for where in self.reads.places() if where not in self._written)

    def all(self) -> list[tuple[Where, Written]]:
        return list(self._written.items())


def _value(request: Request, at: int, point: Point) -> str:
    """One value a point; of a block all that was written."""
    if len(request.values) == len(request.points):
        return request.values[at]
    return ", ".join(request.values[:8]) if point.quantity > 1 or len(request.points) == 1 else ""
