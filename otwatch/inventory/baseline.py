"""What is usual on a site: who does what with whom, who serves what, and which values are written where (detections.md A.4).

    LinkSeen (once an hour)   ->  a line of the conversation, and one of the service that answers it
    capability, said first    ->  a line of what an asset serves
    write                     ->  a line of the points, with the range of their values

There is one baseline: detections ask it, and a person reviews it. Nothing here costs anything for what is read: that comes as a
LinkSeen. A line that was not seen for 90 days is begun anew, as one that has come back.
"""

from math import isfinite
from typing import NamedTuple

from otwatch.changes import LinkSeen
from otwatch.events import CHANGES, Point, Request, Verb
from otwatch.inventory.endpoints import Ends, is_broadcast
from otwatch.inventory.links import DAY_HOURS, EPOCH_HOURS, HOUR_NS, WEEK_HOURS
from otwatch.sightings import Frame, Sighting

LIMIT = 65_536
"""Lines; when there are more, the one met first is forgotten."""
AGE_NS = 90 * DAY_HOURS * HOUR_NS
READ, WRITE, ADMIN, SERVE = "read", "write", "admin", "serve"
"""What a line is about. ADMIN is never learnt: programs, settings, clocks."""
BLOCK = 100
"""Addresses of one group, where many are written at once: blocks are cut differently every time (A.4)."""
KNOWN_PORTS = 1024
"""Below them a service is one whatever is spoken there; above, ports that nobody knows are the changing ones of a moment."""

_ORDERS = frozenset({Verb.WRITE, Verb.CONTROL})


class Usage(NamedTuple):
    """Which line: `group` names points, of WRITE only; "" the conversation as a whole. Who serves does it for everybody: no client."""

    client: str
    server: str
    protocol: str
    act: str
    group: str = ""


class Line:
    """When it was seen, and the range of what was written. Of `low` and `high` `values` were written while the site was learnt.

    learnt     it began while the site was learnt
    returned   it had not been seen for 90 days
    days       distinct days (UTC); `week` the hours of the week, bit 0 Monday 00 to 01 UTC
    """

    __slots__ = ("days", "first_ns", "frame", "high", "hour", "last_ns", "learnt", "least", "low", "most", "returned", "values", "week")

    def __init__(self, time_ns: int, frame: Frame, learnt: bool, returned: bool = False) -> None:
        self.first_ns = self.last_ns = time_ns
        self.frame = frame
        self.learnt = learnt
        self.returned = returned
        self.hour = -1
        self.days = self.week = self.values = 0
        self.least: float | None = None
        self.most: float | None = None
        self.low: float | None = None
        self.high: float | None = None

    def again(self, time_ns: int, frame: Frame) -> None:
        """It was seen then; what is told at once comes before what is told at the end of its slot."""
        self.last_ns = max(self.last_ns, time_ns)
        if time_ns < self.first_ns:
            self.first_ns, self.frame = time_ns, frame
        hour = time_ns // HOUR_NS
        if hour > self.hour:
            self.days += hour // DAY_HOURS > self.hour // DAY_HOURS
            self.week |= 1 << (hour + EPOCH_HOURS) % WEEK_HOURS
            self.hour = hour

    def take(self, number: float, learning: bool) -> None:
        """A value was written. What comes after the learning makes the range of what was seen wider, never of what is usual."""
        self.least = number if self.least is None else min(self.least, number)
        self.most = number if self.most is None else max(self.most, number)
        if learning:
            self.low, self.high = self.least, self.most
            self.values += 1


class Baseline:
    """A bounded table of lines. `learning`: whether what is met now is learnt; set by whoever knows the time of the site."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._lines: dict[Usage, Line] = {}
        self._limit = limit
        self.learning = True
        self.evicted = 0

    def __len__(self) -> int:
        return len(self._lines)

    def all(self) -> list[tuple[Usage, Line]]:
        return list(self._lines.items())

    def get(self, usage: Usage) -> Line | None:
        return self._lines.get(usage)

    def link(self, link: LinkSeen) -> None:
        """Take in what one asset does with another. What nobody answered is not usual, and what is said to all is nobody's."""
        if link.state != "established" or is_broadcast(link.server):
            return
        self._at(conversation(link), link.time_ns, link.frame)
        if (service := service_of(link)) is not None:
            self._at(service, link.time_ns, link.frame)

    def capability(self, asset: str, what: str, time_ns: int, frame: Frame) -> None:
        """Take in what an asset says it can do, when it says so for the first time."""
        self._at(Usage("", asset, what, SERVE), time_ns, frame)

    def write(self, sighting: Sighting, request: Request, ends: Ends) -> None:
        """Take in an order that was not refused."""
        if request.verb not in _ORDERS:
            return
        for at, point in enumerate(request.points):
            line = self._at(Usage(ends.client, ends.server, request.protocol, WRITE, group_of(point)), sighting.first_ns, sighting.frame)
            if (number := number_of(request, at)) is not None:
                line.take(number, self.learning)

    def _at(self, usage: Usage, time_ns: int, frame: Frame) -> Line:
        line = self._lines.get(usage)
        if line is None or time_ns - line.last_ns > AGE_NS:
            line = self._begin(usage, time_ns, frame, returned=line is not None)
        line.again(time_ns, frame)
        return line

    def _begin(self, usage: Usage, time_ns: int, frame: Frame, returned: bool) -> Line:
        if len(self._lines) >= self._limit and not returned:
            del self._lines[next(iter(self._lines))]
            self.evicted += 1
        line = self._lines[usage] = Line(time_ns, frame, self.learning and usage.act != ADMIN, returned)
        return line


def conversation(link: LinkSeen) -> Usage:
    """The line of a link as a whole."""
    act = READ if link.verb not in CHANGES else WRITE if link.verb in _ORDERS else ADMIN
    return Usage(link.client, link.server, link.protocol or f"{link.transport}/{link.port}", act)


def service_of(link: LinkSeen) -> Usage | None:
    """The line of what answers there; None on a port that may be another one next time, and where a group is spoken to."""
    if not link.port or not (link.protocol or link.port < KNOWN_PORTS) or is_broadcast(link.server):
        return None
    return Usage("", link.server, f"{link.transport}/{link.port}", SERVE)


def group_of(point: Point) -> str:
    """What is written together: a point by itself; of registers that are written by the block all of a hundred."""
    if point.quantity == 1 or point.name or point.part:
        return str(point)
    first = point.first // BLOCK * BLOCK
    return f"{point.kind} {first}..{first + BLOCK - 1}"


def number_of(request: Request, at: int) -> float | None:
    """The value that stands beside a point, if it is one number."""
    if len(request.values) != len(request.points) or request.points[at].quantity != 1:
        return None
    try:
        number = float(request.values[at])
    except ValueError:
        return None
    return number if isfinite(number) else None
