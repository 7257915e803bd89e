"""What is found in real captures, and in the hospital of our own."""

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from otwatch.config import load_site
from otwatch.pipeline import replay
from otwatch.results import AlertRow

ROOT = Path(__file__).parents[2]
HOSPITAL = ROOT / "pcaps" / "hospital.pcapng"
TRUTH = {incident["id"]: incident for incident in json.loads((ROOT / "pcaps" / "hospital.json").read_text())["incidents"]}
FOUND = {
    "default-login": ("cred.default.cleartext", "success", 3),
    "office-setpoint": ("modbus.write.unexpected", "success", 4),
    "priority-1": ("bacnet.write.high_priority", "p1_2", 4),
    "listen-only": ("modbus.control.diagnostic", "listen_only", 4),
    "office-scan": ("recon.net.sweep", "fast", 3),
}

needs_tshark = pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed")


@cache
def hospital() -> tuple[AlertRow, ...]:
    return replay([str(HOSPITAL)], load_site(ROOT / "configs" / "site.yaml")).alerts


def row_of(incident: str) -> AlertRow:
    return next(row for row in hospital() if (row.detection, row.variant) == FOUND[incident][:2])


def test_exactly_the_scripted_incidents() -> None:
    assert sorted((row.detection, row.variant, row.severity) for row in hospital()) == sorted(FOUND.values())
    assert all(row.status == "new" for row in hospital())


@pytest.mark.parametrize("incident", TRUTH)
def test_incident_names_its_two_sides(incident: str) -> None:
    row = row_of(incident)
    assert row.client == TRUTH[incident]["client"]
    assert incident == "office-scan" or row.server.partition("/")[0] == TRUTH[incident]["server"]
    assert {frame.number for frame in row.frames} <= set(TRUTH[incident]["frames"])


@pytest.mark.parametrize("incident", TRUTH)
@needs_tshark
def test_filter_shows_exactly_the_frames(incident: str) -> None:
    row = row_of(incident)
    command = ("tshark", "-n", "-r", str(HOSPITAL), "-Y", row.filter, "-T", "fields", "-e", "frame.number")
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert set(map(int, shown)) == {frame.number for frame in (*row.frames, *row.answers)}


def test_sweep_counts_every_try() -> None:
    row = row_of("office-scan")
    assert row.times == len(TRUTH["office-scan"]["frames"])
    assert "10.22.8.20-36" in row.sentence["fr"]


def test_no_secret_is_said() -> None:
    assert "Valmont-cam-31" not in repr(hospital())
    assert "root:pass" not in repr(hospital())


def writes(rows: tuple[AlertRow, ...]) -> list[tuple[str, str, int]]:
    return [(row.client, row.server, row.frames[0].number) for row in rows if row.detection.endswith(".write.unexpected")]


def test_only_the_fake_command_is_an_unexpected_write(captures: Path) -> None:
    rows = replay([str(captures / "modbus" / "lemay-send_a_fake_command_modbus_6RTU_with_operate.pcap")]).alerts
    assert writes(rows) == [("192.168.1.101", "192.168.1.102", 4785)]


def test_a_port_scan_is_one_sweep(captures: Path) -> None:
    (row,) = replay([str(captures / "attack" / "markofu-portscan.pcap")]).alerts
    assert (row.detection, row.client) == ("recon.net.sweep", "10.100.25.14")


def test_orders_to_bacnet_devices_behind_routers(captures: Path) -> None:
    rows = replay([str(captures / "bacnet" / "icsnpp-bacnet_services.pcap")]).alerts
    named = {(row.detection, row.variant) for row in rows}
    assert {
        ("bacnet.write.high_priority", "p1_2"), ("cred.bacnet", "default"), ("eng.bacnet.dcc", "limited"), ("eng.bacnet.dcc", "failure"),
        ("eng.device.restart", "order"), ("eng.program.download", "success"), ("recon.bacnet.whois_sweep", "sweep"),
    } <= named  # fmt: skip
    assert {row.server for row in rows if row.detection == "cred.bacnet"} <= {"bacnet 108", "bacnet 10"}
