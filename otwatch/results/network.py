"""What is on the network: assets and what was said about each, what they do with each other, zones and conduits."""

from collections.abc import Mapping
from typing import NamedTuple

from otwatch.sightings import Frame

Texts = Mapping[str, str]
"""One text a language: {"en": ..., "fr": ...}."""


class AttributeRow(NamedTuple):
    """One thing said about an asset. `chosen`: this value is the one shown; others are kept beside it.

    source       "bacnet I-Am", "http Server header", "MAC address (IEEE)", "site file" ...
    confidence   "declared" (by a person) > "self" (by itself) > "other" (by another) > "mac" > "port"
    """

    asset: str
    name: str
    value: str
    source: str
    confidence: str
    chosen: bool
    frame: Frame
    first_ns: int
    last_ns: int


class AssetRow(NamedTuple):
    """A thing on the network.

    key      stable: "10.20.1.60", "10.20.1.60/unit 5", "bacnet 210103", "00:40:8c:12:34:56"
    kind     "host", "modbus-unit", "bacnet-device", "cip-node", "knx-device", "l2", "external", "group" (multicast, broadcast)
    parent   key of the gateway or router it stands behind, "" without
    roles    best first, with the key of why (inventory/roles.py) and its figure: (("supervision", "polls-many 6"), ...)
    label    the best name to show
    zone_rank   of the rule that decided (zones.md 7), `zone_since_ns` since when it is there
    days      the most days (UTC) on which one of its links was seen
    presence  "heard", or "silent": asked again and again behind a parent that is there, and never answered
    """

    key: str
    label: str
    kind: str
    parent: str
    address: str
    macs: tuple[str, ...]
    vlan: int
    vendor: str
    product: str
    firmware: str
    serial: str
    name: str
    roles: tuple[tuple[str, str], ...]
    services: tuple[str, ...]
    zone: str
    zone_rule: str
    criticality: str
    first_ns: int
    last_ns: int
    packets: int
    frame: Frame
    presence: str = "heard"
    zone_rank: float = 0.0
    zone_since_ns: int = 0
    days: int = 0


class LinkRow(NamedTuple):
    """What one asset does with another, the initiator first.

    verbs     how often each verb was asked, by name
    state     "attempt", "refused", "established"; `role` how we know the initiator ("syn", "port", "message", "guess")
    verdict   "intra", "allowed", "undeclared", "forbidden", "violation", "not judged"; `rule` and `reasons` say why
    days      distinct days (UTC) on which it was seen; `hours` the hours of the week, 168 bits in hex, bit 0 Monday 00 to 01 UTC
    via       BBMDs that passed on what the client sent (135-2020 J.4); codes: how often each operation was asked, 64 at most
    unanswered   requests that nobody answered
    period_s  seconds between two slots with reads, 10 for anything faster, 0 where there were fewer than three; `period_cv` the
              coefficient of variation of it
    """

    client: str
    server: str
    transport: str
    port: int
    protocol: str
    role: str
    state: str
    client_zone: str
    server_zone: str
    verdict: str
    rule: str
    reasons: tuple[str, ...]
    packets: int
    bytes_sent: int
    bytes_received: int
    verbs: Mapping[str, int]
    writes: int
    errors: int
    first_ns: int
    last_ns: int
    frame: Frame
    days: int = 1
    hours: str = ""
    via: tuple[str, ...] = ()
    codes: Mapping[str, int] = {}
    unanswered: int = 0
    period_s: float = 0.0
    period_cv: float = 0.0


class ZoneRow(NamedTuple):
    """A zone of the site file, or one suggested from what was seen (`suggested`, with confidence 0..1 and why).

    sl_t       the target of FR1 to FR7 (IEC 62443-3-3); `parent` and `depends_on` are ids of zones
    rules      what puts assets into it: "cidr 10.22.1.0/24"
    proposed   of a suggested zone, the kind with most votes, also where they were too few
    """

    id: str
    name: Texts
    kind: str
    level: float
    criticality: str
    assets: int
    suggested: bool
    confidence: float
    reasons: tuple[str, ...]
    trust: str = "internal"
    sl_t: tuple[int, ...] = ()
    parent: str = ""
    depends_on: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    proposed: str = ""


class AllowanceRow(NamedTuple):
    """A protocol that a conduit lets through. `ops` as they hold, defaults filled in; `ports` and `version` "" where the file says none."""

    proto: str
    transport: str
    ports: str
    ops: tuple[str, ...]
    tls: str
    version: str


class ConduitRow(NamedTuple):
    """What a conduit of the site file lets through: every zone of `sources` may begin it with every zone of `targets`."""

    id: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    protocols: tuple[AllowanceRow, ...]
    hosts_from: tuple[str, ...]
    hosts_to: tuple[str, ...]
    write_hosts: tuple[str, ...]
    strongest_bacnet_priority: int
    unidirectional: bool
    window: str
    purpose: str
    owner: str
    ticket: str
    expires: str
