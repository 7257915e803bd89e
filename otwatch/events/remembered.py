"""What a pure function says of events, asked once for each: the wire half gives the same object for what says the same."""

from collections.abc import Callable
from typing import TypeVar

LIMIT = 131_072
"""How much the events remembered by one function may hold together: four for each, and one for each point; beyond it all are asked anew."""

Event = TypeVar("Event")
Answer = TypeVar("Answer")


def remembered(ask: Callable[[Event], Answer]) -> Callable[[Event], Answer]:
    """The same function with a memory. Forgetting all of it changes nothing."""
    known: dict[int, tuple[Event, Answer]] = {}
    held = 0

    def asked(event: Event) -> Answer:
        nonlocal held
        found = known.get(id(event))
        if found is None:
            if held >= LIMIT:
                known.clear()
                held = 0
            held += 4 + len(getattr(event, "points", ()))
            found = known[id(event)] = (event, ask(event))  # who is held keeps his id
        return found[1]

    return asked
