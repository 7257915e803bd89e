"""What the site learns, said as events: detections watch sightings and changes, and nothing else."""

from typing import NamedTuple

from otwatch.events import Details, Verb
from otwatch.sightings import Frame


class AssetSeen(NamedTuple):
    """An asset was seen for the first time in this record."""

    asset: str
    time_ns: int
    frame: Frame


class AssetChanged(NamedTuple):
    """Another value was said for an attribute than before, by a source at least as good."""

    asset: str
    field: str
    before: str
    after: str
    time_ns: int
    frame: Frame


class LinkSeen(NamedTuple):
    """One asset began to do something with another that it had not done within the hour before.

    protocol   what is spoken, or the name of the well-known port, or ""
    verb       None where only the conversation is known (no message of it can be read)
    state      "attempt", "refused" or "established" (domain/zones.md 9.1)
    strongest  the smallest BACnet priority number of a command, 0 without
    """

    client: str
    server: str
    transport: str
    port: int
    protocol: str
    verb: Verb | None
    state: str
    strongest: int
    time_ns: int
    frame: Frame
    details: Details = ()


Change = AssetSeen | AssetChanged | LinkSeen
