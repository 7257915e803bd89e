"""The record as Prometheus metrics: declared in one table, read by one collector, documented from the same table (docs/metrics.md).

Labels only hold words of closed sets: names of our tables (protocols, detections, verbs, counters), of interfaces that an operator
chose, and of zones. Never an address, a name of a device or a capture. Zones are those of the record, the first ZONES of them; further
ones are "other".
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from otwatch import __version__
from otwatch.outputs.mirror import diagnose
from otwatch.outputs.visible import visible
from otwatch.outputs.voice import SEVERITIES
from otwatch.outputs.wording import catalogue
from otwatch.results import Results

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.core import Metric

ZONES = 64
OTHER, NONE = "other", "none"
COUNTER, GAUGE = "counter", "gauge"
_SECOND = 1_000_000_000
_NOW = "now: "
"""Begins the names of notes of a sensor that are levels and not sums."""
_FRAMES, _CAPTURE, _TUNNEL = "frames: ", "capture: ", "tunnel: "
_ENDS = (": received", ": dropped", ": cut")
"""Ends of the names of notes that each interface of a sensor has."""

Samples = Mapping[tuple[str, ...], float]
"""Values by the values of the labels."""


class Source(NamedTuple):
    """What the table reads: results, and how zones are called in labels."""

    results: Results
    zones: Mapping[str, str]

    @classmethod
    def of(cls, results: Results) -> "Source":
        """Zones in the order of the record; then those that only assets name ("(internet)")."""
        ids = dict.fromkeys((*(zone.id for zone in results.zones), *sorted({asset.zone for asset in results.assets} - {""})))
        return cls(results, {zone: visible(zone) if at < ZONES else OTHER for at, zone in enumerate(ids)})

    def zone(self, zone: str) -> str:
        return self.zones.get(zone, OTHER) if zone else NONE


class Declared(NamedTuple):
    """A metric: its name as it is scraped, its type, labels and help, and where its values come from."""

    name: str
    type: str
    labels: tuple[str, ...]
    help: str
    read: Callable[[Source], Samples]


def _alone(read: Callable[[Results], float]) -> Callable[[Source], Samples]:
    """A metric without labels."""
    return lambda source: {(): read(source.results)}


def _sum(rows: Iterator[tuple[tuple[str, ...], int]]) -> Samples:
    found: Counter[tuple[str, ...]] = Counter()
    for labels, amount in rows:
        found[labels] += amount
    return found


def _by_protocol(field: str) -> Callable[[Source], Samples]:
    return lambda source: {(row.name or NONE,): getattr(row, field) for row in source.results.protocols}


def _messages(source: Source) -> Samples:
    pairs = ((row, direction) for row in source.results.protocols for direction in ("request", "answer") if row.decoded)
    return {(row.name or NONE, direction): getattr(row, f"{direction}s") for row, direction in pairs}


def _writes(source: Source) -> Samples:
    return _sum(((row.protocol or NONE, row.verdict), row.writes) for row in source.results.links if row.writes)


def _operations(source: Source) -> Samples:
    return _sum(((row.protocol or NONE, verb), times) for row in source.results.links for verb, times in row.verbs.items())


def _alerts(source: Source) -> Samples:
    return _sum(((row.detection, SEVERITIES[row.severity]), 1) for row in source.results.alerts)


def _assets(source: Source) -> Samples:
    return _sum(((source.zone(row.zone), row.kind), 1) for row in source.results.assets)


def _conduits(source: Source) -> Samples:
    ways = ((row, row.bytes_sent + row.bytes_received) for row in source.results.links)
    return _sum(((source.zone(row.client_zone), source.zone(row.server_zone), row.verdict), amount) for row, amount in ways if amount)


def _coverage(source: Source) -> Samples:
    rows = (row for row in source.results.facts if row.section == "coverage" and row.item.get("count") == "frames")
    return _sum(((str(row.item["kind"]).replace(" ", "_"),), row.times) for row in rows)


def _notes_with(prefix: str) -> Callable[[Source], Samples]:
    """Notes that begin with a word, without it."""

    def read(source: Source) -> Samples:
        notes = source.results.notes.items()
        return _sum(((_closed(name).removeprefix(prefix),), times) for name, times in notes if name.startswith(prefix))

    return read


def _closed(name: str) -> str:
    """The name of a counter of ours; a record of other hands may hold anything."""
    return name if f"note.{name}" in catalogue("en") else OTHER


def _notes(source: Source) -> Samples:
    """Counters that have no metric of their own."""
    apart = (_NOW, _FRAMES, _CAPTURE, _TUNNEL)
    rows = ((name, times) for name, times in source.results.notes.items() if not name.startswith(apart) and not name.endswith(_ENDS))
    return _sum(((_closed(name),), times) for name, times in rows)


def _interfaces(end: str, begin: str = "") -> Callable[[Source], Samples]:
    """Counters that a sensor keeps of each interface."""

    def read(source: Source) -> Samples:
        notes = source.results.notes.items()
        found = ((name.removeprefix(begin).removesuffix(end), times) for name, times in notes if name.endswith(end))
        return {(visible(name),): times for name, times in found}

    return read


def _fills(source: Source) -> Samples:
    """How full the sensor's tables are."""
    fills = {name.removeprefix(_NOW): level for name, level in source.results.notes.items() if name.startswith(_NOW)}
    return {(name,): level for name, level in fills.items() if name in TABLES}


def _blind(source: Source) -> Samples:
    """Only a sensor can be blind: its record tells moments."""
    notes = source.results.notes
    return {(kind,): notes.get(f"{_NOW}blind {kind}", 0) for kind in BLIND} if any(name.startswith(_NOW) for name in notes) else {}


def _mirror(source: Source) -> Samples:
    return {(reason.check,): int(reason.grade) for reason in diagnose(source.results).reasons}


def _last(results: Results) -> float:
    return max((row.last_ns for row in results.captures if row.frames), default=0) / _SECOND


def _first(results: Results) -> float:
    return min((row.first_ns for row in results.captures if row.frames), default=0) / _SECOND


NOTHING = Results("", (), (), (), (), (), (), (), {})
"""In the place of a record that cannot be read."""
ALWAYS = frozenset({"otwatch_build_info", "otwatch_record_up"})
TABLES = ("assets", "macs", "links", "habits", "conversations", "waiting")
BLIND = ("drops", "queue", "gaps", "silent", "one_way", "vlan", "macs", "clock", "record")
"""The words of changes.Blindness (kept by a test)."""
METRICS = (
    Declared("otwatch_build_info", GAUGE, ("version",), "Always 1; the version of otwatch.", lambda source: {(__version__,): 1}),
    Declared("otwatch_record_up", GAUGE, (), "1 where the record could be read; else 0, and only the version beside it.",
             lambda source: {(): int(source.results is not NOTHING)}),
    Declared("otwatch_packets_total", COUNTER, (), "Frames captured.",
             _alone(lambda results: sum(row.frames for row in results.captures))),
    Declared("otwatch_bytes_total", COUNTER, (), "Bytes of these frames on the wire.",
             _alone(lambda results: sum(row.bytes for row in results.protocols))),
    Declared("otwatch_first_packet_timestamp_seconds", GAUGE, (), "Time of the first packet, by the clock of the capture; 0 without.",
             _alone(_first)),
    Declared("otwatch_last_packet_timestamp_seconds", GAUGE, (), "Time of the last packet, by the clock of the capture; 0 without.",
             _alone(_last)),
    Declared("otwatch_undecodable_frames_total", COUNTER, ("reason",), "Frames that could not be decoded to their transport layer.",
             _notes_with(_FRAMES)),
    Declared("otwatch_coverage_frames_total", COUNTER, ("kind",), "Frames by what can be said of them: spoken, encrypted, not_spoken.",
             _coverage),
    Declared("otwatch_protocol_packets_total", COUNTER, ("protocol",), "Packets by protocol; \"none\" where no port names one.",
             _by_protocol("packets")),
    Declared("otwatch_protocol_bytes_total", COUNTER, ("protocol",), "Bytes by protocol.", _by_protocol("bytes")),
    Declared("otwatch_messages_total", COUNTER, ("protocol", "direction"), "Messages of the protocols that are read: request, answer.",
             _messages),
    Declared("otwatch_malformed_messages_total", COUNTER, ("protocol",), "Messages that break their protocol.", _by_protocol("anomalies")),
    Declared("otwatch_refused_requests_total", COUNTER, ("protocol",), "Requests that were answered with an error.",
             _by_protocol("errors")),
    Declared("otwatch_lost_bytes_total", COUNTER, ("protocol",), "Bytes of TCP conversations that were sent and never captured.",
             _by_protocol("lost")),
    Declared("otwatch_operations_total", COUNTER, ("protocol", "verb"), "Requests by what they do.", _operations),
    Declared("otwatch_writes_total", COUNTER, ("protocol", "verdict"), "Requests that change something, by the verdict on who talks.",
             _writes),
    Declared("otwatch_alerts", GAUGE, ("detection", "severity"), "Findings in the record.", _alerts),
    Declared("otwatch_assets", GAUGE, ("zone", "kind"), "Assets by zone and kind.", _assets),
    Declared("otwatch_conduit_bytes_total", COUNTER, ("client_zone", "server_zone", "verdict"),
             "Bytes in both directions between two zones, the zone of the initiator first.", _conduits),
    Declared("otwatch_mirror_check", GAUGE, ("check",), "Checks of otwatch doctor: 0 good, 1 good to know, 2 doubtful, 3 bad.", _mirror),
    Declared("otwatch_capture_condition_total", COUNTER, ("what",), "What frames tell of how they were captured.", _notes_with(_CAPTURE)),
    Declared("otwatch_tunnel_packets_total", COUNTER, ("tunnel",), "Packets unwrapped from tunnels.", _notes_with(_TUNNEL)),
    Declared("otwatch_notes_total", COUNTER, ("what",), "What the monitor tells of itself: tables that forgot, packets shown twice.",
             _notes),
    Declared("otwatch_capture_received_packets_total", COUNTER, ("interface",), "Packets that the sensor received.", _interfaces(_ENDS[0])),
    Declared("otwatch_capture_dropped_packets_total", COUNTER, ("interface",), "Packets that the kernel dropped.", _interfaces(_ENDS[1])),
    Declared("otwatch_interface_transmitted_packets_total", COUNTER, ("interface",),
             "Packets that the listening interface sent: they must stay 0.", _interfaces(" transmitted", _NOW)),
    Declared("otwatch_sensor_blind", GAUGE, ("reason",), "1 while the sensor does not see correctly, by reason (sensor.blind).", _blind),
    Declared("otwatch_record_written_timestamp_seconds", GAUGE, (), "When the sensor wrote the record; 0 in the record of a replay.",
             _alone(lambda results: results.notes.get(f"{_NOW}written", 0))),
    Declared("otwatch_table_entries", GAUGE, ("table",), "Entries of the sensor's bounded tables.", _fills),
)  # fmt: skip


class Collector:
    """Prometheus's custom collector: reads anew at every scrape, so that nothing is counted twice."""

    def __init__(self, results: Callable[[], Results]) -> None:
        self._results = results

    def collect(self) -> "Iterator[Metric]":
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        source = Source.of(self._results())
        for one in METRICS:
            if source.results is NOTHING and one.name not in ALWAYS:
                continue
            family = (CounterMetricFamily if one.type == COUNTER else GaugeMetricFamily)(one.name, one.help, labels=one.labels)
            for labels, value in sorted(one.read(source).items()):
                family.add_metric(labels, value)
            yield family


def exposition(results: Results) -> bytes:
    """All metrics of these results in Prometheus's text format (0.0.4)."""
    from prometheus_client import generate_latest

    return generate_latest(registry(lambda: results))


def registry(results: Callable[[], Results]) -> "CollectorRegistry":
    from prometheus_client import CollectorRegistry

    made = CollectorRegistry(auto_describe=False)
    made.register(Collector(results))
    return made
