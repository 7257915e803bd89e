"""The record as Prometheus metrics: declared in one table, read by one collector, documented from the same table (docs/metrics.md).

How values and labels are read is in measured.py.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from otwatch import __version__
from otwatch.outputs import measured
from otwatch.outputs.measured import Samples, Source
from otwatch.results import NOW, Results

if TYPE_CHECKING:
    from prometheus_client.core import Metric

COUNTER, GAUGE = "counter", "gauge"


class Declared(NamedTuple):
    """A metric: its name as it is scraped, its type, labels and help, and where its values come from."""

    name: str
    type: str
    labels: tuple[str, ...]
    help: str
    read: Callable[[Source], Samples]


NOTHING = Results("", (), (), (), (), (), (), (), {})
"""In the place of a record that cannot be read."""
ALWAYS = frozenset({"otwatch_build_info", "otwatch_record_up", "otwatch_sensor_up"})
METRICS = (
    Declared("otwatch_build_info", GAUGE, ("version",), "Always 1; the version of otwatch.", lambda source: {(__version__,): 1}),
    Declared("otwatch_record_up", GAUGE, (), "1 where the record could be read; else 0, and little beside it.",
             lambda source: {(): int(source.results is not NOTHING)}),
    Declared("otwatch_sensor_up", GAUGE, (), "1 while a sensor keeps the record; 0: nobody listens, or it is the record of a replay.",
             lambda source: {(): int(source.is_kept)}),
    Declared("otwatch_packets_total", COUNTER, (), "Frames captured.",
             measured.alone(lambda results: sum(row.frames for row in results.captures))),
    Declared("otwatch_bytes_total", COUNTER, (), "Bytes of these frames on the wire.",
             measured.alone(lambda results: sum(row.bytes for row in results.protocols))),
    Declared("otwatch_first_packet_timestamp_seconds", GAUGE, (), "Time of the first packet, by the clock of the capture; 0 without.",
             measured.alone(measured.first_s)),
    Declared("otwatch_last_packet_timestamp_seconds", GAUGE, (), "Time of the last packet, by the clock of the capture; 0 without.",
             measured.alone(measured.last_s)),
    Declared("otwatch_undecodable_frames_total", COUNTER, ("reason",), "Frames that could not be decoded to their transport layer.",
             measured.notes_with(measured.FRAMES)),
    Declared("otwatch_coverage_frames_total", COUNTER, ("kind",), "Frames by what can be said of them: spoken, encrypted, not_spoken.",
             measured.coverage),
    Declared("otwatch_protocol_packets_total", COUNTER, ("protocol",), "Packets by protocol; \"none\" where no port names one.",
             measured.by_protocol("packets")),
    Declared("otwatch_protocol_bytes_total", COUNTER, ("protocol",), "Bytes by protocol.", measured.by_protocol("bytes")),
    Declared("otwatch_messages_total", COUNTER, ("protocol", "direction"), "Messages of the protocols that are read: request, answer.",
             measured.messages),
    Declared("otwatch_malformed_messages_total", COUNTER, ("protocol",), "Messages that break their protocol.",
             measured.by_protocol("anomalies")),
    Declared("otwatch_refused_requests_total", COUNTER, ("protocol",), "Requests that were answered with an error.",
             measured.by_protocol("errors")),
    Declared("otwatch_lost_bytes_total", COUNTER, ("protocol",), "Bytes of TCP conversations that were sent and never captured.",
             measured.by_protocol("lost")),
    Declared("otwatch_operations", GAUGE, ("protocol", "verb"), "Requests by what they do, of all links.", measured.operations),
    Declared("otwatch_writes", GAUGE, ("protocol", "verdict"), "Requests that change something, by the verdict on who talks, of all links.",
             measured.writes),
    Declared("otwatch_alerts", GAUGE, ("detection", "severity", "status"),
             "Findings in the record; status: new, or as somebody decided: expected, muted, closed.", measured.alerts),
    Declared("otwatch_assets", GAUGE, ("zone", "kind"), "Assets by zone and kind.", measured.assets),
    Declared("otwatch_links", GAUGE, ("client_zone", "server_zone", "verdict"),
             "Who talks to whom: pairs of assets and a protocol, by their zones, that of the initiator first.", measured.links),
    Declared("otwatch_conduit_bytes", GAUGE, ("client_zone", "server_zone", "verdict"),
             "Bytes in both directions between two zones, that of the initiator first, of all links.", measured.conduits),
    Declared("otwatch_conduits_expired", GAUGE, (), "Declared conduits that have expired and allow nothing any more.", measured.expired),
    Declared("otwatch_mirror_check", GAUGE, ("check",), "Checks of otwatch doctor: 0 good, 1 good to know, 2 doubtful, 3 bad.",
             measured.mirror),
    Declared("otwatch_capture_condition_total", COUNTER, ("what",), "What frames tell of how they were captured.",
             measured.notes_with(measured.CAPTURE)),
    Declared("otwatch_tunnel_packets_total", COUNTER, ("tunnel",), "Packets unwrapped from tunnels.", measured.notes_with(measured.TUNNEL)),
    Declared("otwatch_notes_total", COUNTER, ("what",), "What else the monitor tells of itself, as packets that were shown twice.",
             measured.notes),
    Declared("otwatch_capture_received_packets_total", COUNTER, ("interface",), "Packets that the sensor received.",
             measured.interfaces(measured.RECEIVED)),
    Declared("otwatch_capture_dropped_packets_total", COUNTER, ("interface",),
             "Packets that are lost: the kernel had no room, or they waited when the sensor was stopped.",
             measured.interfaces(measured.DROPPED)),
    Declared("otwatch_capture_cut_packets_total", COUNTER, ("interface",), "Packets longer than a place of the ring, and cut.",
             measured.interfaces(measured.CUT)),
    Declared("otwatch_interface_transmitted_packets_total", COUNTER, ("interface",),
             "Packets that the listening interface sent: they must stay 0.", measured.interfaces(measured.TRANSMITTED, NOW)),
    Declared("otwatch_sensor_blind", GAUGE, ("reason",), "1 while the sensor does not see correctly, by reason (sensor.blind).",
             measured.blind),
    Declared("otwatch_sensor_waiting_items", GAUGE, (), "What was heard and is not yet learnt from.", measured.note("now: waiting")),
    Declared("otwatch_record_written_timestamp_seconds", GAUGE, (), "When the sensor wrote the record.", measured.note("now: written")),
    Declared("otwatch_record_rows_timestamp_seconds", GAUGE, (), "When the sensor last wrote all rows, not only what is counted.",
             measured.note("now: rows")),
    Declared("otwatch_table_entries", GAUGE, ("table",), "Entries of the sensor's bounded tables.", measured.levels()),
    Declared("otwatch_table_limit", GAUGE, ("table",), "Entries that these tables hold at most.", measured.levels(measured.LIMIT)),
    Declared("otwatch_table_evictions_total", COUNTER, ("table",), "Entries that bounded tables had to forget.", measured.evictions),
    Declared("otwatch_record_bytes", GAUGE, (), "Size of the sensor's record.", measured.note("now: record bytes")),
    Declared("otwatch_record_write_seconds", GAUGE, (), "How long the sensor's last write of the record took.",
             measured.note("now: write ms", 0.001)),
    Declared("otwatch_record_write_failures_total", COUNTER, (), "Writes of the record that failed, and were made up for later.",
             measured.note(measured.NOT_WRITTEN)),
)  # fmt: skip


class Collector:
    """Prometheus's custom collector: reads the rows as they are, so that nothing is counted twice."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def collect(self) -> "Iterator[Metric]":
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        for one in METRICS:
            if self._source.results is NOTHING and one.name not in ALWAYS:
                continue
            family = (CounterMetricFamily if one.type == COUNTER else GaugeMetricFamily)(one.name, one.help, labels=one.labels)
            for labels, value in sorted(one.read(self._source).items()):
                family.add_metric(labels, value)
            yield family


def exposition(results: Results, is_kept: bool = False) -> bytes:
    """All metrics of these results in Prometheus's text format (0.0.4). `is_kept`: a sensor keeps them up to date now."""
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Collector(Source.of(results, is_kept)))
    return generate_latest(registry)
