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


_NOBODY: Mapping[str, "Read"] = {}


class Read:
    """How often somebody read a point, or asked one question."""

    __slots__ = ("first_ns", "frame", "last_ns", "times")

    def __init__(self, first_ns: int, frame: Frame) -> None:
        self.first_ns = self.last_ns = first_ns
        self.frame = frame
        self.times = 0

    def add(self, other: "Read") -> None:
        self.times += other.times
        self.first_ns, self.frame = min((self.first_ns, self.frame), (other.first_ns, other.frame))
        self.last_ns = max(self.last_ns, other.last_ns)


class _Asked(NamedTuple):
    """A question (who is held keeps his id), by whom it is asked of whom, and how often."""

    event: Event
    way: Ends
    read: Read


class Reads:
    """A bounded memory of who reads what. When it is full, points that were not met before are only counted."""

    def __init__(self, limit: int) -> None:
        self._asked: dict[tuple[str, str, bool], dict[int, _Asked]] = {}
        self._size = 0
        self._readers: dict[Where, dict[str, Read]] = {}
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
                one = asked[id(event)] = _Asked(event, spoken_between(talk, by_client, event), Read(first_ns, frame))
                self._size += 1 + len(getattr(event, "points", ()))
            read = one.read
            read.times += times
            read.last_ns = last_ns
        if self._size > WEIGHT:
            self.fold()

    def see_one(self, sighting: Sighting) -> None:
        """Take in a question that was told at once."""
        if is_read(sighting.event):
            read = Read(sighting.first_ns, sighting.frame)
            read.times, read.last_ns = sighting.times, sighting.last_ns
            self._take_apart(_Asked(sighting.event, ends(sighting), read))

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
                self._count((one.way.server, one.event.protocol, str(point)), one.way.client, one.read)

    def _count(self, where: Where, client: str, read: Read) -> None:
        readers = self._readers.get(where)
        if readers is None:
            if len(self._readers) >= self._limit:
                self.crowded += 1
                return
            readers = self._readers[where] = {}
        if client not in readers and len(readers) < READERS:
            readers[client] = Read(read.first_ns, read.frame)
        if client in readers:
            readers[client].add(read)

    def places(self) -> Iterable[Where]:
        """Points that were read, as far as events were taken apart."""
        return self._readers

    def at(self, where: Where) -> Mapping[str, Read]:
        """Who read a point."""
        return self._readers.get(where, _NOBODY)


def is_read(event: Event) -> bool:
    """Whether it is a question by which points of a plant are read."""
    return isinstance(event, Request) and bool(event.points) and event.protocol in _PROTOCOLS and is_reading(event)


def is_reading(request: Request) -> bool:
    """Reading, or asking to be told; a notification of a change goes the other way and is no reading."""
    return request.verb is _READ or (request.verb is _SUBSCRIBE and request.operation.startswith("subscribe"))


_READ, _SUBSCRIBE = Verb.READ, Verb.SUBSCRIBE  # looked up in the enum they cost 0.1 us each
