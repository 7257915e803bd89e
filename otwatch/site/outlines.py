"""Routine in outline: to facts, links and habits it is one and the same which points are read, so they see one sighting of all."""

from collections.abc import Callable
from typing import NamedTuple

from otwatch.events import Event, Request, Verb
from otwatch.events.remembered import remembered
from otwatch.sightings import Frame, Routine, Said, Sighting

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


class Outlined(NamedTuple):
    """What one side said in a slot: in outline, those with the same outline together, in the order of their first frames; and word for
    word what is judged, and what is read."""

    outlines: list[Sighting]
    judged: list[Said]
    read: list[Said]


class Outlines:
    """What is asked of each event once: its outline, whether it `is_judged`, whether it `is_read`."""

    def __init__(self, is_judged: Callable[[Event], bool], is_read: Callable[[Event], bool]) -> None:
        self._same: dict[Event, Event] = {}
        self._is_judged = is_judged
        self._is_read = is_read
        self._known = remembered(self._known_of)

    def of(self, routine: Routine) -> Outlined:
        """A routine, taken apart by who cares for it."""
        known = self._known
        seen: dict[int, _Seen] = {}
        judged: list[Said] = []
        read: list[Said] = []
        for said in routine.said:
            event, times, first_ns, last_ns, frame = said
            shared, is_judged, is_read = known(event)
            if is_judged:
                judged.append(said)
            if is_read:
                read.append(said)
            one = seen.get(id(shared))
            if one is None:
                one = seen[id(shared)] = _Seen(shared, first_ns, frame)
            one.times += times
            if first_ns < one.first_ns:  # noqa: PLR1730  # min() and max() cost three times as much
                one.first_ns = first_ns
            if last_ns > one.last_ns:  # noqa: PLR1730  # the same
                one.last_ns = last_ns
        talk, by_client = routine.conversation, routine.by_client
        outlines = [Sighting(talk, by_client, one.event, one.times, one.first_ns, one.last_ns, one.frame) for one in seen.values()]
        return Outlined(outlines, judged, read)

    def _known_of(self, event: Event) -> tuple[Event, bool, bool]:
        return self._shared(event), self._is_judged(event), self._is_read(event)

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
