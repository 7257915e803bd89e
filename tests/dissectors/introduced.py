"""What a message says, and what real captures say, for tests of dissectors that tell who somebody is."""

from pathlib import Path

from otwatch.capture import open_captures
from otwatch.dissectors import DISSECTORS
from otwatch.dissectors.base import Dissector, read
from otwatch.events import Event, Identity
from otwatch.sightings import Sighting, singly
from otwatch.wire import Wire, sightings


def said(dissector: Dissector, payload: bytes, is_request: bool | None = None) -> list[Event]:
    return [event for message in read(dissector, payload, is_request).messages for event in message.events]


def fields(dissector: Dissector, payload: bytes) -> list[tuple[str, str]]:
    """All fields of all it says."""
    return [field for event in said(dissector, payload) if isinstance(event, Identity) for field in event.fields]


def told(capture: Path, protocol: str) -> dict[str, list[tuple[str, str]]]:
    """Of a capture, by who speaks: the fields of that protocol, each once, in the order in which they were said."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    frames = (batch for source in open_captures([capture]) for batch in source.read())
    for item in singly(sightings(Wire(DISSECTORS), frames)):
        if isinstance(item, Sighting) and isinstance(item.event, Identity) and item.event.protocol == protocol:
            who = item.conversation.client if item.by_client else item.conversation.server
            found.setdefault(who, {}).update(dict.fromkeys(item.event.fields))
    return {who: list(said) for who, said in found.items()}
