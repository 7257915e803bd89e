"""What messages say, without the envelopes they came in: these have tests of their own."""

from collections.abc import Iterable

from otwatch.events import Envelope, Event


def opened(events: Iterable[Event]) -> tuple[Event, ...]:
    return tuple(event for event in events if not isinstance(event, Envelope))


def envelopes(events: Iterable[Event]) -> list[dict[str, str]]:
    return [dict(event.fields) for event in events if isinstance(event, Envelope)]
