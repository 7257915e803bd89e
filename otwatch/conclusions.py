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
