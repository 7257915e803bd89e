"""What a pure function says of events, asked once for each: the wire half gives the same object for what says the same."""

from collections.abc import Callable
from typing import TypeVar

LIMIT = 32_768
"""Events remembered by one function; when they are more, all are asked anew."""

Event = TypeVar("Event")
Answer = TypeVar("Answer")


def remembered(ask: Callable[[Event], Answer]) -> Callable[[Event], Answer]:
    """The same function with a memory. Forgetting all of it changes nothing."""
    known: dict[int, tuple[Event, Answer]] = {}

    def asked(event: Event) -> Answer:
        found = known.get(id(event))
        if found is None:
            if len(known) >= LIMIT:
                known.clear()
            found = known[id(event)] = (event, ask(event))  # who is held keeps his id
        return found[1]

    return asked
