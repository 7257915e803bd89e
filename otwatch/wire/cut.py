"""Messages that the snap length cut: truncated, which is no fault of whoever sent them.

How long they were is known. Such a payload is read twice, with its missing bytes filled in as zeros and as ones. What both readings
say does not depend on what was cut off, and is told; of a write whose values are gone, that it was one.
"""

from collections.abc import Iterable

from otwatch.dissectors.base import Dissector, read
from otwatch.events import Anomaly, Answer, Event, Message, Reading, Request, Truncated

LONGEST = 65_535
"""Bytes filled in at most: no IP packet has more, whatever a capture claims."""


def filled(payload: bytes, missing: int) -> bytes:
    """A payload as long as it was, with zeros for what was cut off: enough to see what it is."""
    return payload + bytes(min(missing, LONGEST))


def read_cut(dissector: Dissector, payload: bytes, missing: int, is_request: bool | None) -> tuple[Reading, bool]:
    """What a payload says of which `missing` bytes were cut off; and whether it ends where a message ends."""
    zeros = read(dissector, filled(payload, missing), is_request)
    ones = read(dissector, payload + b"\xff" * min(missing, LONGEST), is_request)
    size = len(payload)
    whole = tuple(message for message in zeros.messages if message.end <= size)
    cut = [next((message for message in one.messages if message.end > size), None) for one in (zeros, ones)]
    said = _agreed(*(message.events if message else () for message in cut))
    start, ticket = (cut[0].start, cut[0].ticket) if cut[0] and cut[0].start < size else (zeros.used, (0, 0))
    beside = any(isinstance(event, Request | Answer) for event in said)
    start = min(start, size)
    part = Message(start, start, ticket if ticket[1] <= size else (0, 0), (*said, Truncated(dissector.name, beside)))
    return Reading((*whole, part), size, zeros.aside), zeros.used == ones.used == size + min(missing, LONGEST)


def _agreed(zeros: Iterable[Event], ones: Iterable[Event]) -> tuple[Event, ...]:
    """What two readings of the same message say alike, up to where they part."""
    said: list[Event] = []
    for one, other in zip(_sound(zeros), _sound(ones), strict=False):
        same = _common(one, other)
        if same is None:
            break
        said.append(same)
    return tuple(said)


def _sound(said: Iterable[Event]) -> list[Event]:
    return [event for event in said if not isinstance(event, Anomaly)]


def _common(one: Event, other: Event) -> Event | None:
    """The same event; or the same request about the same points, without the values that were cut off."""
    if one == other:
        return one
    if isinstance(one, Request) and isinstance(other, Request):
        bare = one._replace(values=())
        return bare if bare == other._replace(values=()) else None
    return None
