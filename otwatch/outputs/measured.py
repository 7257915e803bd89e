"""What the metrics say: values read from the rows of a record, by the values of their labels.

Labels only hold words of closed sets: names of our tables (protocols, detections, verbs, counters), of interfaces that an operator
chose, and of zones. Never an address, a name of a device or a capture. Zones are those of the record, the first ZONES of them; further
ones are "other".
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from otwatch.outputs.mirror import diagnose
from otwatch.outputs.visible import visible
from otwatch.outputs.voice import SEVERITIES
from otwatch.outputs.wording import catalogue
from otwatch.results import NOW, Results

ZONES = 64
OTHER, NONE = "other", "none"
_SECOND = 1_000_000_000
FRAMES, CAPTURE, TUNNEL = "frames: ", "capture: ", "tunnel: "
RECEIVED, DROPPED, CUT, TRANSMITTED = ": received", ": dropped", ": cut", " transmitted"
"""Ends of the names of notes that each interface of a sensor has."""
EVICTIONS = {
    "assets": "evicted assets", "macs": "evicted macs", "links": "evicted links", "habits": "evicted habits",
    "conversations": "conversations forgotten", "statements": "statements forgotten", "cip_connections": "CIP connections forgotten",
}  # fmt: skip
"""The bounded tables, and the note that counts what each has forgotten."""
NOT_WRITTEN = "record not written"
LIMIT = " limit"
"""Ends the name of the note of how much a sensor's table holds at most."""
SENSED = f"{NOW}assets{LIMIT}"
"""The note that every record of a sensor has."""
BLIND = ("drops", "queue", "gaps", "silent", "one_way", "vlan", "macs", "clock", "record")
"""The words of changes.Blindness (kept by a test)."""
STATUSES = frozenset({"new", "expected", "muted", "closed"})
LIVE = "live"
"""The format of what was never a file."""

Samples = Mapping[tuple[str, ...], float]
"""Values by the values of the labels."""


class Source(NamedTuple):
    """What the table of metrics reads: results, whether a sensor keeps them, and how zones are called in labels."""

    results: Results
    is_kept: bool
    zones: Mapping[str, str]

    @classmethod
    def of(cls, results: Results, is_kept: bool) -> "Source":
        """Zones in the order of the record; then those that only assets name ("(internet)")."""
        ids = dict.fromkeys((*(zone.id for zone in results.zones), *sorted({asset.zone for asset in results.assets} - {""})))
        return cls(results, is_kept, {zone: visible(zone) if at < ZONES else OTHER for at, zone in enumerate(ids)})

    def zone(self, zone: str) -> str:
        return self.zones.get(zone, OTHER) if zone else NONE


def alone(read: Callable[[Results], float]) -> Callable[[Source], Samples]:
    """A metric without labels."""
    return lambda source: {(): read(source.results)}


def _sum(rows: Iterator[tuple[tuple[str, ...], int]]) -> Samples:
    found: Counter[tuple[str, ...]] = Counter()
    for labels, amount in rows:
        found[labels] += amount
    return found


def by_protocol(field: str) -> Callable[[Source], Samples]:
    return lambda source: {(row.name or NONE,): getattr(row, field) for row in source.results.protocols}


def messages(source: Source) -> Samples:
    pairs = ((row, direction) for row in source.results.protocols for direction in ("request", "answer") if row.decoded)
    return {(row.name or NONE, direction): getattr(row, f"{direction}s") for row, direction in pairs}


def writes(source: Source) -> Samples:
    return _sum(((row.protocol or NONE, row.verdict), row.writes) for row in source.results.links if row.writes)


def operations(source: Source) -> Samples:
    return _sum(((row.protocol or NONE, verb), times) for row in source.results.links for verb, times in row.verbs.items())


def alerts(source: Source) -> Samples:
    statuses = ((row, row.status if row.status in STATUSES else OTHER) for row in source.results.alerts)
    return _sum(((row.detection, SEVERITIES[row.severity], status), 1) for row, status in statuses)


def assets(source: Source) -> Samples:
    return _sum(((source.zone(row.zone), row.kind), 1) for row in source.results.assets)


def conduits(source: Source) -> Samples:
    ways = ((row, row.bytes_sent + row.bytes_received) for row in source.results.links)
    return _sum(((source.zone(row.client_zone), source.zone(row.server_zone), row.verdict), amount) for row, amount in ways if amount)


def expired(source: Source) -> Samples:
    """Of conduits whose last day is over, by the last packet, where the site is."""
    last_ns = max((row.last_ns for row in source.results.captures), default=0)
    today = datetime.fromtimestamp(last_ns // _SECOND, ZoneInfo(source.results.timezone or "UTC")).date().isoformat()
    return {(): sum(1 for row in source.results.conduits if row.expires and row.expires < today)}


def links(source: Source) -> Samples:
    return _sum(((source.zone(row.client_zone), source.zone(row.server_zone), row.verdict), 1) for row in source.results.links)


def coverage(source: Source) -> Samples:
    rows = (row for row in source.results.facts if row.section == "coverage" and row.item.get("count") == "frames")
    return _sum(((str(row.item["kind"]).replace(" ", "_"),), row.times) for row in rows)


def notes_with(prefix: str) -> Callable[[Source], Samples]:
    """Notes that begin with a word, without it."""

    def read(source: Source) -> Samples:
        notes = source.results.notes.items()
        return _sum(((_closed(name).removeprefix(prefix),), times) for name, times in notes if name.startswith(prefix))

    return read


def _closed(name: str) -> str:
    """The name of a counter of ours; a record of other hands may hold anything."""
    return name if f"note.{name}" in catalogue("en") else OTHER


def notes(source: Source) -> Samples:
    """Counters that have no metric of their own."""
    begins, ends = (NOW, FRAMES, CAPTURE, TUNNEL), (RECEIVED, DROPPED, CUT)
    apart = {*EVICTIONS.values(), NOT_WRITTEN}
    rows = ((name, times) for name, times in source.results.notes.items() if not (name.startswith(begins) or name.endswith(ends)))
    return _sum(((_closed(name),), times) for name, times in rows if name not in apart)


def note(name: str, unit: float = 1) -> Callable[[Source], Samples]:
    """A note of a sensor; none in the record of a replay."""
    return lambda source: {(): source.results.notes.get(name, 0) * unit} if SENSED in source.results.notes else {}


def blind(source: Source) -> Samples:
    """Every reason, so that a new one is seen; only of a sensor."""
    notes = source.results.notes
    return {(reason,): notes.get(f"{NOW}blind {reason}", 0) for reason in BLIND} if SENSED in notes else {}


def evictions(source: Source) -> Samples:
    """Of every table, so that the first one is seen as an increase."""
    return {(table,): source.results.notes.get(name, 0) for table, name in EVICTIONS.items()}


def interfaces(end: str, begin: str = "") -> Callable[[Source], Samples]:
    """Counters that a sensor keeps of each interface: a record holds no zeros, and these must be seen."""

    def read(source: Source) -> Samples:
        notes = source.results.notes
        noted = (name.removeprefix(begin).removesuffix(end) for name in notes if name.endswith(end))
        live = (row.name for row in source.results.captures if row.format == LIVE)
        return {(visible(name),): notes.get(f"{begin}{name}{end}", 0) for name in (*live, *noted)}

    return read


def levels(end: str = "") -> Callable[[Source], Samples]:
    """A level of each of the sensor's tables that has a limit."""

    def read(source: Source) -> Samples:
        notes = source.results.notes
        return {(table,): notes.get(f"{NOW}{table}{end}", 0) for table in EVICTIONS if f"{NOW}{table}{LIMIT}" in notes}

    return read


def mirror(source: Source) -> Samples:
    return {(reason.check,): int(reason.grade) for reason in diagnose(source.results).reasons}


def last_s(results: Results) -> float:
    return max((row.last_ns for row in results.captures if row.frames), default=0) / _SECOND


def first_s(results: Results) -> float:
    return min((row.first_ns for row in results.captures if row.frames), default=0) / _SECOND
