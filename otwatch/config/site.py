"""The site file as frozen structs, field by field as in domain/zones.md 5. What is left out in the file is None or empty here.

Nothing is resolved: a zone without a `level` has None, and `otwatch.zones.policy` knows what its kind gives.
"""

from datetime import date
from typing import NamedTuple

from otwatch.config.limits import Limit
from otwatch.config.works import ExpectedOperation, Intervention, Window
from otwatch.config.written import NOWHERE, Address, At, Host, Network, Spans


class Place(NamedTuple):
    """zones.md 5.2. `timezone`: windows are local time, packets UTC."""

    name: str
    timezone: str
    language: str = "fr"
    establishment_level: int | None = None
    anssi_method: str = "v2"
    internal_ranges: tuple[Network, ...] | None = None
    public_internal: tuple[Network, ...] = ()
    at: At = NOWHERE


class Learning(NamedTuple):
    """The baseline's window: `days` from `start`, or from the first packet where there is none."""

    start: date | None = None
    days: int = 14
    writes_become_baseline: bool = False
    at: At = NOWHERE


class UnitsAt(NamedTuple):
    """Modbus units behind an address."""

    ip: Address
    unit: Spans
    at: At = NOWHERE


class StationAt(NamedTuple):
    """A BACnet station on a routed network; `mac` in lower-case hex, "" for the whole network."""

    network: int
    mac: str = ""
    at: At = NOWHERE


class PathAt(NamedTuple):
    """A CIP route behind an address, as "1,0": port, link, port, link ..."""

    ip: Address
    path: str
    at: At = NOWHERE


class Match(NamedTuple):
    """One rule of a zone: all its conditions hold (zones.md 7)."""

    priority: int = 0
    mac: str | None = None
    ip: Address | None = None
    modbus: UnitsAt | None = None
    bacnet_instance: Spans | None = None
    bacnet: StationAt | None = None
    knx: str | None = None
    cip: PathAt | None = None
    cidr: Network | None = None
    vlan: tuple[int, ...] | None = None
    bacnet_network: tuple[int, ...] | None = None
    name: str | None = None
    role: str | None = None
    mac_oui: str | None = None
    vendor: str | None = None
    fallback: str | None = None
    at: At = NOWHERE


CONDITIONS = tuple(field for field in Match._fields if field not in {"priority", "at"})


class DeclaredZone(NamedTuple):
    """zones.md 5.3. None: as its kind says. `sl_t`: seven numbers, FR1 to FR7. `confidence`: of a suggested zone (8.4)."""

    id: str
    kind: str
    name: str = ""
    level: float | None = None
    criticality: str | None = None
    sl_t: tuple[int, ...] | None = None
    trust: str | None = None
    anssi_class: int | None = None
    parent: str | None = None
    match: tuple[Match, ...] = ()
    intra: str = "any"
    depends_on: tuple[str, ...] = ()
    confidence: float | None = None
    at: At = NOWHERE


class Allowance(NamedTuple):
    """A protocol a conduit lets through. None: the protocol's own default."""

    proto: str
    transport: str | None = None
    ports: Spans | None = None
    ops: frozenset[str] | None = None
    tls: str = "optional"
    version: str | None = None
    at: At = NOWHERE


class Conduit(NamedTuple):
    """zones.md 5.4: every zone of `sources` may begin conversations with every zone of `targets`. None or empty: no restriction.
    `protected_by`: what protects on its way what it carries, a tunnel between two routers for example."""

    id: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    protocols: tuple[Allowance, ...]
    hosts_from: tuple[Host, ...] = ()
    hosts_to: tuple[Host, ...] = ()
    write_hosts: tuple[Host, ...] = ()
    strongest_bacnet_priority: int | None = None
    unidirectional: bool = False
    window: str | None = None
    purpose: str = ""
    owner: str = ""
    ticket: str = ""
    expires: date | None = None
    protected_by: str = ""
    at: At = NOWHERE


class Side(NamedTuple):
    """One side of a never rule: all that is given holds (zones.md 5.5). All empty: any zone."""

    zones: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    trusts: tuple[str, ...] = ()
    level_min: float | None = None
    level_max: float | None = None
    criticality_min: str | None = None
    at: At = NOWHERE


class Never(NamedTuple):
    """zones.md 5.5. Without `ops`: any traffic; without `protocols`: any protocol."""

    id: str
    source: Side
    target: Side
    ops: frozenset[str] = frozenset()
    protocols: tuple[Allowance, ...] = ()
    except_conduits: tuple[str, ...] = ()
    except_windows: tuple[str, ...] = ()
    reason: str = ""
    at: At = NOWHERE


DEFAULTS = "defaults"
"""The word that stands for the never rules of zones.md 4.2."""


class Writer(NamedTuple):
    """zones.md 5.7: who may change which points. Empty: no restriction. `values`: address -> smallest, largest."""

    proto: str
    client: tuple[Host, ...] = ()
    server: tuple[Host, ...] = ()
    window: str | None = None
    unit: Spans = ()
    fc: tuple[int, ...] = ()
    addresses: Spans = ()
    values: tuple[tuple[int, float, float], ...] = ()
    objects: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    strongest_priority: int | None = None
    paths: tuple[str, ...] = ()
    services: tuple[int, ...] = ()
    areas: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    oids: tuple[str, ...] = ()
    at: At = NOWHERE


class Scanner(NamedTuple):
    """An authorised active scanner; `window` is an id, a window of its own, or None for always."""

    ip: tuple[Network, ...]
    window: str | Window | None = None
    note: str = ""
    at: At = NOWHERE


class PinnedAsset(NamedTuple):
    """zones.md 5.8: known by any of ip, mac, bacnet_instance, modbus; the rest are facts given by a person."""

    id: str
    ip: Address | None = None
    mac: str | None = None
    bacnet_instance: int | None = None
    modbus: UnitsAt | None = None
    name: str = ""
    zone: str | None = None
    criticality: str | None = None
    role: str | None = None
    room: str = ""
    owner: str = ""
    vendor: str = ""
    model: str = ""
    firmware: str = ""
    tags: tuple[str, ...] = ()
    at: At = NOWHERE


class Credentials(NamedTuple):
    """Whether logins are checked, and what is kept of them (detections.md part C); `dictionary`: a file with rows of the
    site's own, beside those we ship."""

    check: bool = True
    store: str = "masked"
    dictionary: str | None = None
    at: At = NOWHERE


class Cap(NamedTuple):
    """The most a finding of a detection may weigh on this site, and why (detections.md A.3)."""

    detection: str
    cap: str
    reason: str
    at: At = NOWHERE


class Site(NamedTuple):
    """The whole file. `zones` None: to be suggested. `conduits` None: only never rules are judged. `never` None: the defaults.

    suggested_on   the file is a draft, until `accepted_by` says who has read it (zones.md 8.7)
    origin         the path of the file as it was given, and its SHA-256
    """

    version: int
    site: Place
    learning: Learning = Learning()
    zones: tuple[DeclaredZone, ...] | None = None
    conduits: tuple[Conduit, ...] | None = None
    never: tuple[Never | str, ...] | None = None
    windows: tuple[Window, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    expected_operations: tuple[ExpectedOperation, ...] = ()
    expected_writers: tuple[Writer, ...] = ()
    limits: tuple[Limit, ...] = ()
    time_sources: tuple[Address, ...] = ()
    dns_servers: tuple[Address, ...] = ()
    gateways: tuple[Address, ...] = ()
    scanners: tuple[Scanner, ...] = ()
    assets: tuple[PinnedAsset, ...] = ()
    caps: tuple[Cap, ...] = ()
    credentials: Credentials = Credentials()
    retention_days: int = 400
    suggested_on: date | None = None
    accepted_by: str = ""
    accepted_on: date | None = None
    origin: tuple[str, str] = ("", "")
    at: At = NOWHERE

__all__ = [
    "CONDITIONS", "DEFAULTS", "NOWHERE", "Address", "Allowance", "At", "Conduit", "Credentials", "DeclaredZone", "ExpectedOperation",
    "Host", "Intervention", "Learning", "Limit", "Match", "Network", "Never", "PathAt", "PinnedAsset", "Place", "Scanner", "Side", "Site",
    "Spans", "StationAt", "UnitsAt", "Window", "Writer",
]  # fmt: skip
