"""Routine in outline: to facts, links and habits it is one and the same which points are read, so they see one sighting of all."""

from otwatch.events import Event, Request, Verb
from otwatch.events.remembered import remembered
from otwatch.sightings import Frame, Routine, Sighting

_ABOUT_POINTS = frozenset({Verb.READ, Verb.SUBSCRIBE})
_BY_NAME = frozenset({"snmp"})
"""Protocols whose points say what a device is: the objects of a UPS (RFC 1628)."""
BOUND = 65_536
"""Outlines held; beyond it they are made anew."""


class _Seen:
    __slots__ = ("event", "first_ns", "frame", "last_ns", "times")

    def __init__(self, event: Event, first_ns: int, frame: Frame) -> None:
        self.event = event
        self.frame = frame
        self.first_ns = self.last_ns = first_ns
        self.times = 0


class Outlines:
    """Sightings of a routine, those with the same outline together, in the order of their first frames."""

    def __init__(self) -> None:
        self._same: dict[Event, Event] = {}
        self._outline = remembered(self._shared)

    def of(self, routine: Routine) -> list[Sighting]:
        """Each outline with how often it was said."""
        outline = self._outline
        seen: dict[int, _Seen] = {}
        for event, times, first_ns, last_ns, frame in routine.said:
            shared = outline(event)
            one = seen.get(id(shared))
            if one is None:
                one = seen[id(shared)] = _Seen(shared, first_ns, frame)
            one.times += times
            if first_ns < one.first_ns:  # noqa: PLR1730  # min() and max() cost three times as much
                one.first_ns = first_ns
            if last_ns > one.last_ns:  # noqa: PLR1730  # the same
                one.last_ns = last_ns
        return [
            Sighting(routine.conversation, routine.by_client, one.event, one.times, one.first_ns, one.last_ns, one.frame)
            for one in seen.values()
        ]

    def _shared(self, event: Event) -> Event:
        """One object for all events with the same outline."""
        if len(self._same) >= BOUND:
            self._same.clear()
        outline = in_outline(event)
        return self._same.setdefault(outline, outline)


def in_outline(event: Event) -> Event:
    """A request that reads, without what it reads."""
    if isinstance(event, Request) and event.verb in _ABOUT_POINTS and event.protocol not in _BY_NAME:
        return event._replace(points=(), values=())
    return event
