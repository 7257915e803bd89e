"""What is concluded from the rows of a record by `zones`, and said by `outputs`."""

from collections.abc import Mapping
from typing import NamedTuple

from otwatch.results import ZoneRow
from otwatch.sightings import Frame


class DraftConduit(NamedTuple):
    """A conduit that would allow what was seen between two zones in one protocol.

    proto, ports     as the site file names them; `transport` "" where the protocol says it
    clients, servers, writers   addresses, at most LISTED; empty where there are more, or where one has none
    counted          clients, servers, writes, days of what was seen
    flags            what a person must look at: "never", "write", "single", "days", "initiator"
    rule             the never rule that forbids it, "" without
    """

    id: str
    client_zone: str
    server_zone: str
    proto: str
    transport: str
    ports: tuple[int, ...]
    ops: tuple[str, ...]
    clients: tuple[str, ...]
    servers: tuple[str, ...]
    writers: tuple[str, ...]
    counted: Mapping[str, int]
    flags: tuple[str, ...]
    rule: str
    frame: Frame


class Draft(NamedTuple):
    """A site file that nobody has accepted. `last_ns`: until when was listened."""

    zones: tuple[ZoneRow, ...]
    conduits: tuple[DraftConduit, ...]
    time_sources: tuple[str, ...]
    gateways: tuple[str, ...]
    last_ns: int


class Conclusion(NamedTuple):
    """Something that follows from what was seen, as a sentence to be said: `key` of the catalogue (analysis.KEY) and what fills it.

    assets, zones, numbers, words   by the places of the sentence; assets by key, zones by id; several of them make a list
    frames   where to see it
    """

    topic: str
    key: str
    assets: Mapping[str, tuple[str, ...]]
    zones: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]
    words: Mapping[str, str]
    frames: tuple[Frame, ...]


def conclusion(topic: str, key: str, frames: tuple[Frame, ...] = (), **given: object) -> Conclusion:
    """A conclusion from its places by name: `asset_host=...`, `zone_from=...`; plain numbers and words keep their names."""
    kinds: dict[str, dict[str, tuple[str, ...]]] = {"asset": {}, "zone": {}}
    numbers, words = {}, {}
    for name, value in given.items():
        kind, _, place = name.partition("_")
        if kind in kinds:
            kinds[kind][place] = value if isinstance(value, tuple) else (str(value),)
        elif isinstance(value, int):
            numbers[name] = value
        else:
            words[name] = str(value)
    return Conclusion(topic, key, kinds["asset"], kinds["zone"], numbers, words, frames)
