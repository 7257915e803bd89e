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


class DraftWriter(NamedTuple):
    """A line that expects what was written. `restrictions`: keys of the site file and what they list; `priority` 0 without."""

    client: str
    server: str
    proto: str
    unit: str
    restrictions: tuple[tuple[str, tuple[str, ...]], ...]
    priority: int


class Contradiction(NamedTuple):
    """What the site file says against a finding, or where it says nothing.

    key     "conduit" (its clauses fail), "no_conduit", "expired", "never", "shipped" (a never rule that is not in the file), "one_way",
            "writer" (a line that is near and does not hold), "no_writer"
    lines   of the file; empty where the file has none
    rule    id of the conduit or never rule; `clauses` those that fail; `reason` of a never rule
    """

    key: str
    lines: tuple[int, ...]
    client_zone: str = ""
    server_zone: str = ""
    rule: str = ""
    clauses: tuple[str, ...] = ()
    reason: str = ""


class Allowing(NamedTuple):
    """What of a site file a finding contradicts, and lines that would make it legitimate: all of them together, or none.

    hindrance   why there are none: "never" (a never rule stands before them), "act" (no line allows such an act), "list" (the file
                has no list of conduits, or of writers, and the first line of one would make all others unexpected), "intra" (inside a
                zone no conduit is asked), "zone" (one of the two is in no zone that the file declares); "" where there are
    """

    contradicted: tuple[Contradiction, ...]
    conduits: tuple[DraftConduit, ...] = ()
    writers: tuple[DraftWriter, ...] = ()
    hindrance: str = ""


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


class Permit(NamedTuple):
    """What is both declared and was seen: one line for a firewall (domain/zones.md 11.7).

    sources, targets   networks; empty where the zone is not made of networks
    ports        that were seen; empty where the transport has none
    enforceable  "l3" (addresses and ports are enough), "l3+dpi" (what is allowed must be read), "no" (both zones share a VLAN)
    notes        fixed words on what the line cannot hold: "ops", "write_hosts", "priority", "window", "tls", "notifications"
    """

    conduit: str
    client_zone: str
    server_zone: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    transport: str
    ports: tuple[int, ...]
    proto: str
    ops_allowed: tuple[str, ...]
    ops_seen: tuple[str, ...]
    writes_seen: int
    first_ns: int
    last_ns: int
    days: int
    enforceable: str
    notes: tuple[str, ...]


class Refusal(NamedTuple):
    """A never rule as a firewall can hold it. `excepted`: conduits that pass; `by_ops`: only some operations are forbidden."""

    id: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    excepted: tuple[str, ...]


class Proposal(NamedTuple):
    """Least privilege: permits, what is refused in any case, and what is not in the list.

    networks   what each zone is made of, without what is another's
    outside    zones that are everything but the site's own ranges
    unseen     conduits that nobody used; `alerted`: conversations left out because of a finding; `filtered`: never rules that forbid
               operations only, for a filter of functions
    """

    permits: tuple[Permit, ...]
    refusals: tuple[Refusal, ...]
    networks: Mapping[str, tuple[str, ...]]
    outside: tuple[str, ...]
    internal: tuple[str, ...]
    unseen: tuple[str, ...]
    alerted: tuple[tuple[str, str, str], ...]
    filtered: tuple[str, ...]
    first_ns: int
    last_ns: int
    lost_percent: float


class Cap(NamedTuple):
    """Why a level cannot be higher: `key` of the catalogue (level.cap.KEY), the requirement, and what shows it."""

    key: str
    most: int
    requirement: str
    alerts: tuple[int, ...]
    frames: tuple[Frame, ...]


class Mark(NamedTuple):
    """The level of a zone in one foundational requirement, as far as passive evidence can say: an upper bound, indicative.

    reached   0, 1 or 2; None where there is too little evidence (NA)
    status    "proven_gap", "no_gap_seen", "not_assessable"
    counted, needed   evidence that was seen, and how much of it an answer needs
    covered  percent of the time in which something was captured
    """

    zone: str
    requirement: str
    target: int
    reached: int | None
    gap: int
    status: str
    counted: int
    needed: int
    unit: str
    caps: tuple[Cap, ...]
    covered: int = 100
