"""What the site half has learnt, as rows: what the record keeps and every output prints. All times in ns since 1970, UTC.

    things     rows beside those of assets: faces of assets, points that were written, sessions of maintenance, what is usual
    findings   what makes a finding the same one, and what people decided about it
"""

from collections.abc import Mapping
from typing import NamedTuple

from otwatch.results.findings import DecisionRow as DecisionRow
from otwatch.results.things import BaselineRow as BaselineRow
from otwatch.results.things import FaceRow as FaceRow
from otwatch.results.things import PointRow as PointRow
from otwatch.results.things import ReaderRow as ReaderRow
from otwatch.results.things import SessionRow as SessionRow
from otwatch.results.things import SlotRow as SlotRow
from otwatch.sightings import Frame

Texts = Mapping[str, str]
"""One text a language: {"en": ..., "fr": ...}."""


class CaptureRow(NamedTuple):
    """A capture that was read. `broken` says where and why reading stopped early, "" when it did not."""

    name: str
    format: str
    link_types: tuple[int, ...]
    bytes: int
    frames: int
    first_ns: int
    last_ns: int
    broken: str


class ProtocolRow(NamedTuple):
    """How much of a protocol was seen, and how much of it understood.

    messages   requests + answers + those of which nothing but a flaw could be said
    writes     requests that change something (events.CHANGES)
    unread     payload bytes that no message explains; `lost` bytes that were never captured
    decoded    False: only the port's name suggests the protocol, nothing of it was read
    """

    name: str
    title: str
    packets: int
    bytes: int
    messages: int
    requests: int
    answers: int
    errors: int
    writes: int
    anomalies: int
    unread: int
    lost: int
    decoded: bool


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
    roles    best first, with why: (("supervision", "client of 6 OT servers"), ...)
    label    the best name to show
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


class LinkRow(NamedTuple):
    """What one asset does with another, the initiator first.

    verbs     how often each verb was asked, by name
    state     "attempt", "refused", "established"; `role` how we know the initiator ("syn", "port", "message", "guess")
    verdict   "intra", "allowed", "undeclared", "forbidden", "violation", "not judged"; `rule` and `reasons` say why
    days      distinct days (UTC) on which it was seen; `hours` the hours of the week, 168 bits in hex, bit 0 Monday 00 to 01 UTC
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


class AlertRow(NamedTuple):
    """A finding.

    number      1, 2, 3 ... in this record, most serious first
    severity    0 info .. 4 critical; `trace` the sum that led there
    frames      up to 20 frames that show it, `answers` those that answer it; `filter` a Wireshark display filter that
                shows exactly these frames in `frames[0].capture`
    facts       the facts its sentences are made of, by name
    also        other detections that the same act matches
    status      "new"; "expected" where declared works explain it; what a person decided: "muted", "expected", "closed"
    subject     what tells it from others between the same two: a digest of point, account or rule; "" without
    decision    what a person decided, while that holds; joined when a record is read, and never recorded
    title, sentence (who did what to which equipment, with which result), expected (what would have been usual),
    harmless_when, next_step   in every language
    """

    number: int
    detection: str
    variant: str
    severity: int
    confidence: float
    trace: tuple[str, ...]
    client: str
    server: str
    client_zone: str
    server_zone: str
    protocol: str
    times: int
    first_ns: int
    last_ns: int
    frames: tuple[Frame, ...]
    answers: tuple[Frame, ...]
    filter: str
    facts: Mapping[str, str]
    also: tuple[str, ...]
    status: str
    title: Texts
    sentence: Texts
    expected: Texts
    harmless_when: Texts
    next_step: Texts
    techniques: tuple[str, ...]
    was: tuple[str, ...]
    requirements: tuple[str, ...]
    subject: str = ""
    decision: DecisionRow | None = None


class FactRow(NamedTuple):
    """Something a capture says, counted (otwatch/facts).

    section, field   as in "modbus", "functions"; `item` what was counted, {"side": "request", "function": 3}, {} for all there is
    times            how often; `frame` the first that says it
    """

    section: str
    field: str
    item: Mapping[str, str | int]
    times: int
    frame: Frame


class StateRow(NamedTuple):
    """A piece of what a sensor needs to carry on (otwatch/site/memory.py): no result, and shown to nobody."""

    part: str
    number: int
    body: str


class Results(NamedTuple):
    """Everything that one record holds.

    site       the site's name, "" without a site file; `timezone` (IANA name) and `language` are those of the site file
    site_file  the path of the site file as it was given, `site_digest` its SHA-256
    """

    site: str
    captures: tuple[CaptureRow, ...]
    protocols: tuple[ProtocolRow, ...]
    assets: tuple[AssetRow, ...]
    attributes: tuple[AttributeRow, ...]
    links: tuple[LinkRow, ...]
    zones: tuple[ZoneRow, ...]
    alerts: tuple[AlertRow, ...]
    notes: Mapping[str, int]
    """Counters about the monitor itself: packets not decoded by reason, evictions of each bounded table."""
    timezone: str = "UTC"
    language: str = ""
    facts: tuple[FactRow, ...] = ()
    faces: tuple[FaceRow, ...] = ()
    points: tuple[PointRow, ...] = ()
    sessions: tuple[SessionRow, ...] = ()
    conduits: tuple[ConduitRow, ...] = ()
    site_file: str = ""
    site_digest: str = ""
    baseline: tuple[BaselineRow, ...] = ()
