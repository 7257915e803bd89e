"""The metrics: what they count, what their labels may hold, and that Prometheus can read them."""

import re
import shutil
import subprocess
from ipaddress import ip_address

import pytest
from hypothesis import given, settings
from prometheus_client.parser import text_string_to_metric_families

from otwatch.changes import Blindness
from otwatch.outputs.measured import BLIND, EVICTIONS, ZONES
from otwatch.outputs.metrics import METRICS, NOTHING, exposition
from otwatch.outputs.wording import catalogue
from otwatch.results import ConduitRow, FactRow, Results
from tests.outputs.hostile import results
from tests.outputs.samples import EMPTY, FRAME, HOSPITAL, asset, zone

CLOSED = {
    "zone", "client_zone", "server_zone", "protocol", "detection", "severity", "status", "verb", "verdict", "kind", "direction",
    "reason", "what", "tunnel", "check", "table", "interface", "version",
}  # fmt: skip
SENSED = HOSPITAL._replace(
    notes={
        "frames: unknown link type": 2, "capture: frames cut": 3, "tunnel: erspan": 4, "statements forgotten": 5, "eth1: received": 6,
        "eth1: dropped": 7, "eth1: cut": 11, "now: eth1 transmitted": 0, "now: assets": 8, "now: assets limit": 80, "now: batches": 9,
        "packets captured twice": 12, "of another hand 10.0.0.1": 10, "now: record bytes": 4096, "now: write ms": 250,
        "record not written": 1, "now: blind drops": 1, "now: written": 11,
    },
    facts=(FactRow("coverage", "services", {"service": "rdp", "kind": "not spoken", "count": "frames"}, 30, FRAME),),
)  # fmt: skip


def scraped(found: Results) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(exposition(found).decode())
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in families for one in family.samples}


def value(found: Results, name: str, **labels: str) -> float:
    return scraped(found)[name, tuple(sorted(labels.items()))]


@pytest.mark.parametrize(
    ("name", "labels", "counted"),
    [
        ("otwatch_sensor_blind", {"reason": "drops"}, 1), ("otwatch_sensor_blind", {"reason": "silent"}, 0),
        ("otwatch_record_written_timestamp_seconds", {}, 11),
        ("otwatch_record_up", {}, 1), ("otwatch_packets_total", {}, 2078), ("otwatch_bytes_total", {}, 73_000),
        ("otwatch_last_packet_timestamp_seconds", {}, 1_791_878_650), ("otwatch_first_packet_timestamp_seconds", {}, 1_791_878_400),
        ("otwatch_messages_total", {"protocol": "modbus", "direction": "request"}, 322), ("otwatch_alerts", {"detection":
         "modbus.write.unexpected", "severity": "critical", "status": "new"}, 1),
        ("otwatch_protocol_packets_total", {"protocol": "rdp"}, 30), ("otwatch_lost_bytes_total", {"protocol": "modbus"}, 60),
        ("otwatch_operations", {"protocol": "modbus", "verb": "WRITE"}, 3),
        ("otwatch_writes", {"protocol": "modbus", "verdict": "forbidden"}, 2),
        ("otwatch_assets", {"zone": "bt", "kind": "modbus-unit"}, 1), ("otwatch_assets", {"zone": "none", "kind": "group"}, 1),
        ("otwatch_conduit_bytes", {"client_zone": "bureautique", "server_zone": "cvc", "verdict": "forbidden"}, 20_000),
        ("otwatch_coverage_frames_total", {"kind": "not_spoken"}, 30), ("otwatch_mirror_check", {"check": "dropped"}, 3),
        ("otwatch_undecodable_frames_total", {"reason": "unknown link type"}, 2),
        ("otwatch_capture_condition_total", {"what": "frames cut"}, 3), ("otwatch_tunnel_packets_total", {"tunnel": "erspan"}, 4),
        ("otwatch_notes_total", {"what": "packets captured twice"}, 12),
        ("otwatch_table_evictions_total", {"table": "statements"}, 5), ("otwatch_table_evictions_total", {"table": "assets"}, 0),
        ("otwatch_table_limit", {"table": "assets"}, 80), ("otwatch_capture_cut_packets_total", {"interface": "eth1"}, 11),
        ("otwatch_record_bytes", {}, 4096), ("otwatch_record_write_seconds", {}, 0.25), ("otwatch_record_write_failures_total", {}, 1),
        ("otwatch_links", {"client_zone": "bureautique", "server_zone": "cvc", "verdict": "forbidden"}, 1), ("otwatch_sensor_up", {}, 0),
        ("otwatch_notes_total", {"what": "other"}, 10),
        ("otwatch_capture_received_packets_total", {"interface": "eth1"}, 6), ("otwatch_table_entries", {"table": "assets"}, 8),
        ("otwatch_capture_dropped_packets_total", {"interface": "eth1"}, 7),
        ("otwatch_interface_transmitted_packets_total", {"interface": "eth1"}, 0),
    ],
)  # fmt: skip
def test_values(name: str, labels: dict[str, str], counted: float) -> None:
    assert value(SENSED, name, **labels) == counted


def test_conduits_expire_behind_their_last_day() -> None:
    """By the last packet (2026-10-13), not by the clock of who asks."""
    def ending(*days: str) -> Results:
        rows = (ConduitRow(f"c{at}", ("a",), ("b",), (), (), (), (), 0, False, "", "", "", "", day) for at, day in enumerate(days))
        return HOSPITAL._replace(conduits=tuple(rows))

    assert value(ending("2026-10-12", "2026-10-13", "", "2026-10-01"), "otwatch_conduits_expired") == 2


def test_every_metric_is_shown_by_some_record() -> None:
    assert {name for name, _ in scraped(SENSED)} == {one.name for one in METRICS}


def test_names_and_help() -> None:
    assert len({one.name for one in METRICS}) == len(METRICS)
    for one in METRICS:
        assert re.fullmatch(r"otwatch_[a-z_]+", one.name)
        assert one.name.endswith("_total") == (one.type == "counter")
        assert set(one.labels) <= CLOSED
        assert one.help.endswith(".")


def test_nothing_is_told_twice_and_nothing_of_creation() -> None:
    lines = [line for line in exposition(SENSED).decode().splitlines() if not line.startswith("#")]
    assert len({line.rpartition(" ")[0] for line in lines}) == len(lines)
    assert not [line for line in lines if "_created" in line]


def test_a_record_that_cannot_be_read() -> None:
    assert {name for name, _ in scraped(NOTHING)} == {"otwatch_build_info", "otwatch_record_up", "otwatch_sensor_up"}
    assert value(NOTHING, "otwatch_record_up") == 0
    assert value(EMPTY._replace(site="x"), "otwatch_packets_total") == 0


def test_zeros_of_a_sensor_are_seen() -> None:
    """A record holds no notes that are 0; a packet that was sent must be an increase."""
    live = HOSPITAL.captures[0]._replace(name="mirror0", format="live")
    found = HOSPITAL._replace(captures=(live,), notes={"now: assets limit": 80})
    of_interface = ("received", "dropped", "cut")
    assert [value(found, f"otwatch_capture_{end}_packets_total", interface="mirror0") for end in of_interface] == [0, 0, 0]
    assert value(found, "otwatch_interface_transmitted_packets_total", interface="mirror0") == 0
    assert value(found, "otwatch_table_entries", table="assets") == 0
    assert value(found, "otwatch_record_write_failures_total") == 0
    assert {"otwatch_record_bytes", "otwatch_table_limit"}.isdisjoint(name for name, _ in scraped(HOSPITAL))


def test_whether_a_sensor_keeps_it() -> None:
    assert b"\notwatch_sensor_up 1.0\n" in exposition(HOSPITAL, is_kept=True)


def test_what_tables_forgot_has_words() -> None:
    assert {f"note.{name}" for name in EVICTIONS.values()} <= catalogue("en").keys()


def test_zones_are_bounded() -> None:
    many = [f"z{number}" for number in range(ZONES + 6)]
    zones = tuple(zone(one, one, one, "hvac_general", "C2") for one in many)
    found = HOSPITAL._replace(zones=zones, assets=tuple(asset(f"10.0.0.{at}", zone=one) for at, one in enumerate(many)))
    assert value(found, "otwatch_assets", zone="z63", kind="host") == 1
    assert value(found, "otwatch_assets", zone="other", kind="host") == 6


def _is_address(text: str) -> bool:
    try:
        ip_address(text.partition("/")[0])
    except ValueError:
        return re.fullmatch(r"([0-9a-f]{2}:){5}[0-9a-f]{2}", text) is not None
    return True


def test_no_label_holds_an_address() -> None:
    assert not [labels for _, labels in scraped(SENSED) if any(_is_address(text) for _, text in labels)]


@given(found=results())
@settings(max_examples=60)
def test_nothing_a_device_says_breaks_the_text(found: Results) -> None:
    text = exposition(found).decode()
    samples = [line for line in text.split("\n") if line and not line.startswith("#")]
    assert len(samples) == len(scraped(found))
    assert all(re.fullmatch(r"otwatch_[a-z_]+(\{.*\})? [-+.e0-9]+", line) for line in samples)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed (Debian package prometheus)")
def test_promtool_has_nothing_against_it() -> None:
    done = subprocess.run(["promtool", "check", "metrics"], input=exposition(SENSED), capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


def test_all_reasons_of_blindness_are_known() -> None:
    assert tuple(Blindness) == BLIND
