"""Niagara Fox, counted: messages by channel and command, and the values of those that can hold no secret."""

from collections.abc import Iterator

from otwatch.events import Details
from otwatch.facts.ledger import Item

SECTION = "fox"


def envelope(around: Details, _side: str) -> Iterator[tuple[str, Item]]:
    """What a frame counts as: fields and items."""
    (_, name), *values = around
    yield "messages", (("name", name),)
    for key, value in values:
        yield "values", (("key", key), ("value", value))
