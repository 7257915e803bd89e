"""Who reads and who writes whom: the usual, for judging writes where no site file says who may (detections.md, *.write.unexpected).

A client that polls a server regularly is its established client. Keyed by raw keys and the events' protocol, so a client that
polls one unit of a gateway is no habitual client of the next unit. `points`: what was written; `baseline`: what is usual.
"""

from otwatch.events import CHANGES, Request
from otwatch.inventory.baseline import Baseline
from otwatch.inventory.endpoints import Ends
from otwatch.inventory.points import Points
from otwatch.inventory.reads import is_reading
from otwatch.sightings import SLOT_NS, Outcome, Sighting

LIMIT = 131_072
FEW_SIGHTINGS, FEW_SLOTS, MANY_READS = 3, 2, 10
NEVER_NS = 2**63 - 1


_Served = tuple[str, str]
"""Server and protocol."""


class _Polls:
    """reads: messages; sightings: how often told; slots: distinct slots of packet time; slot: the last.

    asked_ns, read_ns: the first request, and the first read. Routine is told in the end of its slot, behind what is told at once.
    """

    __slots__ = ("asked_ns", "read_ns", "reads", "sightings", "slot", "slots")

    def __init__(self) -> None:
        self.reads = self.sightings = self.slots = 0
        self.slot = -1
        self.asked_ns = self.read_ns = NEVER_NS

    @property
    def is_established(self) -> bool:
        """At least 3 sightings over 2 slots of 10 s, or 10 reads."""
        return self.reads >= MANY_READS or (self.sightings >= FEW_SIGHTINGS and self.slots >= FEW_SLOTS)


_NONE = _Polls()


class Habits:
    """A bounded memory of who reads and writes whom; when it is full, the relation that was met first is forgotten."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.points = Points()
        self.baseline = Baseline()
        self._clients: dict[_Served, dict[str, _Polls]] = {}
        self._writers: dict[_Served, str] = {}
        self._limit = limit
        self._size = 0
        self.evicted = 0

    def __len__(self) -> int:
        return self._size

    def see(self, sighting: Sighting, ends: Ends) -> None:
        """Take a request in. A write that was refused makes nobody a writer."""
        event = sighting.event
        if not isinstance(event, Request):
            return
        served = (ends.server, event.protocol)
        clients = self._clients.get(served)
        polls = (clients.get(ends.client) if clients is not None else None) or self._meet(served, ends.client)
        first_ns = sighting.first_ns
        if first_ns < polls.asked_ns:  # noqa: PLR1730  # min() costs three times as much
            polls.asked_ns = first_ns
        if is_reading(event):
            if first_ns < polls.read_ns:  # noqa: PLR1730  # the same
                polls.read_ns = first_ns
            polls.reads += sighting.times
            polls.sightings += 1
            slot = first_ns // SLOT_NS
            if slot != polls.slot:
                polls.slot = slot
                polls.slots += 1
        elif event.verb in CHANGES and sighting.outcome is not Outcome.ERROR:
            self._writers.setdefault(served, ends.client)
            if event.points:
                self.points.write(sighting, event, ends)
                self.baseline.write(sighting, event, ends)

    def _meet(self, served: _Served, client: str) -> _Polls:
        if self._size >= self._limit:
            self._forget_first()
        polls = self._clients.setdefault(served, {})[client] = _Polls()
        self._size += 1
        return polls

    def _forget_first(self) -> None:
        served = next(iter(self._clients))
        clients = self._clients[served]
        del clients[next(iter(clients))]
        self._size -= 1
        self.evicted += 1
        if not clients:
            del self._clients[served]
            self._writers.pop(served, None)

    def polls(self, client: str, server: str, protocol: str) -> _Polls:
        """How the client asks the server: its reads so far, and when it first read it."""
        clients = self._clients.get((server, protocol))
        return _NONE if clients is None else clients.get(client, _NONE)

    def others_before(self, client: str, server: str, protocol: str, time_ns: int) -> bool:
        """Whether others had asked the server anything by then."""
        clients = self._clients.get((server, protocol), {})
        return any(other.asked_ns < time_ns for name, other in clients.items() if name != client)

    def longest_reader(self, client: str, server: str, protocol: str) -> int:
        """Since when the server has been polled by another client; NEVER_NS where nobody else does."""
        clients = self._clients.get((server, protocol), {})
        others = (other.read_ns for name, other in clients.items() if name != client and other.is_established)
        return min(others, default=NEVER_NS)

    def first_writer(self, server: str, protocol: str) -> str:
        """Who was first seen to change something there without being refused, the sighting in hand included; "" for nobody."""
        return self._writers.get((server, protocol), "")

