"""What the site half has learnt, as rows: what the record keeps and every output prints. All times in ns since 1970, UTC.

    network    assets, links, zones and conduits
    things     rows beside those of assets: faces of assets, points that were written, sessions of maintenance, what is usual
    findings   what makes a finding the same one, and what people decided about it
"""

from collections.abc import Mapping
from typing import NamedTuple

from otwatch.results.findings import DecisionRow as DecisionRow
from otwatch.results.network import AllowanceRow as AllowanceRow
from otwatch.results.network import AssetRow as AssetRow
from otwatch.results.network import AttributeRow as AttributeRow
from otwatch.results.network import ConduitRow as ConduitRow
from otwatch.results.network import LinkRow as LinkRow
from otwatch.results.network import Texts as Texts
from otwatch.results.network import ZoneRow as ZoneRow
from otwatch.results.things import BaselineRow as BaselineRow
from otwatch.results.things import FaceRow as FaceRow
from otwatch.results.things import PointRow as PointRow
from otwatch.results.things import ReaderRow as ReaderRow
from otwatch.results.things import SessionRow as SessionRow
from otwatch.results.things import SlotRow as SlotRow
from otwatch.sightings import Frame

NOW = "now: "
"""Begins the names of notes that tell a moment of the sensor, and count nothing: they do not outlive it."""
WRITTEN, ROWS = f"{NOW}written", f"{NOW}rows"
"""Notes of a sensor: when it wrote last, and when it last wrote all rows; s since 1970."""


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
