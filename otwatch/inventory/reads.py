"""Who reads which point, how often. What is read repeats, so it is counted by event, and taken apart into points when it is asked for.

Values that are read are not known: polls are told apart by what they ask, and the answers are set aside (docs/decode.md).
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from otwatch.events import Event, Request, Verb
from otwatch.inventory.endpoints import Ends, ends, spoken_between
from otwatch.sightings import Conversation, Frame, Said, Sighting

WEIGHT = 131_072
"""Events and their points that are counted before they are taken apart; some 200 bytes each."""
READERS = 16
"""Readers counted of one point."""
ONCE = 65_536
"""Points kept that were read once so far: who polls comes again, and what a flood asks for is asked once."""
SOON_NS = 3_600_000_000_000
"""After an hour of packet time a point that was read once makes room for another one, so that a flood is over when it is over."""

Where = tuple[str, str, str]
"""Raw key of the server, protocol, and the point as text."""

_PROTOCOLS = frozenset({
    "modbus", "umas", "bacnet", "cip", "enip", "snmp", "s7", "opcua", "iec104", "mms", "knx", "fox", "xway", "profinet",
})  # fmt: skip
"""Protocols whose points are those of a plant: a file that is fetched from a web server is none."""
_ABOUT = frozenset({
    "object-name", "description", "units", "object-type", "object-identifier", "property-list", "status-flags", "event-state",
    "reliability", "out-of-service", "profile-name", "device-type",
})  # fmt: skip
"""BACnet properties that say what a point is and how it is, not what it does; whoever polls values polls these beside them."""
_DEVICE = "device"
"""The object that stands for the whole device (135-2020 clause 12.11): what is read there is who it is."""


class Read:
    """How often `client` read a point, or asked one question."""

    __slots__ = ("client", "first_ns", "frame", "last_ns", "times")

    def __init__(self, client: str, first_ns: int, frame: Frame) -> None:
        self.client = client
        self.first_ns = self.last_ns = first_ns
        self.frame = frame
        self.times = 0

    def add(self, other: "Read") -> None:
        self.times += other.times
        self.first_ns, self.frame = min((self.first_ns, self.frame), (other.first_ns, other.frame))
        self.last_ns = max(self.last_ns, other.last_ns)

    def joined(self, other: "Read") -> "Read":
        """Both, as another."""
        both = Read(self.client, self.first_ns, self.frame)
        both.add(self)
        both.add(other)
        return both


class _Asked(NamedTuple):
    """A question (who is held keeps his id), by whom it is asked of whom, and how often."""

    event: Event
    way: Ends
    read: Read


class Reads:
    """A bounded memory of who reads what. When it is full, points that were not met before are only counted: `crowded`.

    There may be half a million points, so of each nothing is kept but its readers: there is seldom more than one.
    """

    def __init__(self, limit: int) -> None:
        self._asked: dict[tuple[str, str, bool], dict[int, _Asked]] = {}
        self._size = 0
        self._readers: dict[Where, tuple[Read, ...]] = {}
        self._once: dict[Where, int] = {}
        self._limit = limit
        self.crowded = 0

    def see(self, talk: Conversation, by_client: bool, questions: Iterable[Said]) -> None:
        """Take in what one side asked in a slot."""
        side = (talk.client, talk.server, by_client)
        asked = self._asked.get(side)
        if asked is None:
            asked = self._asked[side] = {}
        for event, times, first_ns, last_ns, frame in questions:
            one = asked.get(id(event))
            if one is None:
                way = spoken_between(talk, by_client, event)
                one = asked[id(event)] = _Asked(event, way, Read(way.client, first_ns, frame))
                self._size += 1 + len(getattr(event, "points", ()))
            read = one.read
            read.times += times
            read.last_ns = last_ns
        if self._size > WEIGHT:
            self.fold()

    def see_one(self, sighting: Sighting) -> None:
        """Take in a question that was told at once."""
        if is_read(sighting.event):
            way = ends(sighting)
            read = Read(way.client, sighting.first_ns, sighting.frame)
            read.times, read.last_ns = sighting.times, sighting.last_ns
            self._take_apart(_Asked(sighting.event, way, read))

    def fold(self) -> None:
        """Take apart what was counted by event."""
        for asked in self._asked.values():
            for one in asked.values():
                self._take_apart(one)
        self._asked.clear()
        self._size = 0

    def _take_apart(self, one: _Asked) -> None:
        assert isinstance(one.event, Request)
        for point in one.event.points:
            if point.kind != _DEVICE and point.part.partition("[")[0] not in _ABOUT:
                self._count((one.way.server, one.event.protocol, str(point)), one.read)

    def _count(self, where: Where, read: Read) -> None:
        readers = self._readers.get(where, ())
        if not readers and not self._has_room(where, read):
            self.crowded += 1
            return
        if readers:
            self._once.pop(where, None)
        known = next((one for one in readers if one.client == read.client), None)
        if known is None and len(readers) < READERS:
            known = Read(read.client, read.first_ns, read.frame)
            self._readers[where] = (*readers, known)
        if known is not None:
            known.add(read)

    def _has_room(self, where: Where, read: Read) -> bool:
        """Whether a point that was not met before is kept."""
        if read.times == 1:
            if len(self._once) >= ONCE:
                first, last_ns = next(iter(self._once.items()))
                if read.last_ns - last_ns <= SOON_NS:
                    return False
                del self._once[first], self._readers[first]
                self.crowded += 1
            self._once[where] = read.last_ns
        return len(self._readers) < self._limit

    def places(self) -> Iterable[Where]:
        """Points that were read, as far as events were taken apart."""
        return self._readers

    def at(self, where: Where) -> Mapping[str, Read]:
        """Who read a point."""
        return {read.client: read for read in self._readers.get(where, ())}


def is_read(event: Event) -> bool:
    """Whether it is a question by which points of a plant are read."""
    return isinstance(event, Request) and bool(event.points) and event.protocol in _PROTOCOLS and is_reading(event)


def is_reading(request: Request) -> bool:
    """Reading, or asking to be told; a notification of a change goes the other way and is no reading."""
    return request.verb is _READ or (request.verb is _SUBSCRIBE and request.operation.startswith("subscribe"))


_READ, _SUBSCRIBE = Verb.READ, Verb.SUBSCRIBE  # looked up in the enum they cost 0.1 us each
