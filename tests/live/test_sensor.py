"""A sensor on a cable of its own: what it hears is what a replay reads, whatever ends it.

Frames are sent over a veth pair, heard by a sensor, and recorded beside it; the recording is replayed. What is compared is everything
in both records but times, the capture's name, and the monitor's own counters. Skipped where network namespaces cannot be made.
"""

import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from otwatch import pipeline
from otwatch.outputs.metrics import METRICS
from otwatch.web.latest import Latest
from tests.live.cables import read, timeless, together
from tests.live.kills import kills, survived
from tests.live.stage import HOSPITAL, MIRROR, SECOND, SOURCE, Stage, end, stop, until

SAMPLES = (
    "modbus/arkime-modbus.pcap", "modbus/iti-modbus_test_data_part1.pcap", "bacnet/icsnpp-bacnet_services.pcap",
    "enip/iti-EIP-LockPLCAttempt.pcap", "malformed/zeek-fuzz-72.pcap", "malformed/ndpi-reasm_crash_anon.pcapng",
)  # fmt: skip
KILLS = 3
"""How often a sensor is killed here."""


def early_in_a_slot() -> None:
    """Wait until all that is sent now lies in one slot."""
    until(lambda: 0.2 < time.time() % 10 < 5.0, 11)


def test_a_sensor_hears_what_a_replay_reads(set_up: Stage, captures: Path, tmp_path: Path) -> None:
    """Alert for alert, asset for asset, with the same frame numbers; and every frame that came is in the record."""
    paths = [HOSPITAL, *(captures / name for name in SAMPLES if (captures / name).exists())]
    file, recorded, record = tmp_path / "all.pcap", tmp_path / "recorded.pcap", tmp_path / "live.db"
    count = together(paths, file)
    before = set_up.counter(MIRROR, "rx_packets")
    recording = set_up.start(sys.executable, "-m", "tests.live.recording", MIRROR, str(recorded), str(count), stdout=subprocess.PIPE)
    assert recording.stdout is not None
    assert recording.stdout.readline() == "recording\n"
    sensor = set_up.sense(record)
    early_in_a_slot()
    set_up.send(file)
    assert recording.wait(30) == 0
    stop(sensor)
    live = read(record)
    assert set_up.counter(MIRROR, "rx_packets") - before == count == live.captures[0].frames == live.notes[f"{MIRROR}: received"]
    assert live.notes[f"{MIRROR}: dropped"] == 0
    offline, heard = timeless(pipeline.replay([str(recorded)])), timeless(live)
    assert len(heard["alerts"]) > 5
    for name, rows in offline.items():
        assert heard[name] == rows, name


def test_its_health_is_seen(set_up: Stage, tmp_path: Path) -> None:
    """Every metric of a sensor is there, zeros too; and that it is alive ends with it."""
    record = tmp_path / "seen.db"
    sensor = set_up.sense(record)
    set_up.send(HOSPITAL)
    latest = Latest(record)
    until(lambda: f'otwatch_capture_received_packets_total{{interface="{MIRROR}"}}'.encode() in latest.now().metrics)
    shown = latest.now().metrics.decode()
    for name in ("otwatch_capture_dropped_packets_total", "otwatch_interface_transmitted_packets_total"):
        assert f'\n{name}{{interface="{MIRROR}"}} 0.0\n' in shown
    assert {one.name for one in METRICS if one.name.startswith(("otwatch_table", "otwatch_record", "otwatch_capture_cut"))} <= set(
        re.findall(r"^(otwatch_[a-z_]+)[{ ]", shown, re.MULTILINE)
    )
    assert "\notwatch_sensor_up 1.0\n" in shown
    stop(sensor)
    assert b"\notwatch_sensor_up 0.0\n" in latest.now().metrics


def test_a_killed_sensor_leaves_a_whole_record(set_up: Stage, tmp_path: Path) -> None:
    """It opens, agrees with itself, and the next sensor carries on. `python -m tests.live.kills` does it 50 times and says what is lost."""
    record = tmp_path / "killed.db"
    *_, last = kills(set_up, record, KILLS, 20_000, HOSPITAL)
    before = read(record)
    stop(set_up.sense(record))
    assert sum(row.frames for row in survived(record, before).captures) >= last.frames > 0


def test_nothing_is_lost_by_sigterm(set_up: Stage, tmp_path: Path) -> None:
    """In the middle of traffic: every frame that had come by then is in the record."""
    record = tmp_path / "ended.db"
    sensor = set_up.sense(record)
    before = set_up.counter(MIRROR, "rx_packets")
    sending = set_up.start(
        sys.executable, "-m", "tests.live.sending", SOURCE, str(HOSPITAL), "--rate", "20000", "--times", "100000",
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    assert until(lambda: set_up.counter(MIRROR, "rx_packets") - before > 20_000)
    came = set_up.counter(MIRROR, "rx_packets") - before
    stop(sensor)
    end(sending)
    found = read(record)
    assert found.captures[0].frames >= came
    assert sum(row.packets for row in found.protocols) == found.captures[0].frames


def test_two_interfaces(set_up: Stage, tmp_path: Path) -> None:
    """Each has its own frames and counters; what is heard at both becomes one record."""
    record = tmp_path / "two.db"
    sensor = set_up.sense(record, "--interface", SECOND[0])
    assert sensor.stderr is not None
    assert f"{SECOND[0]}: listening" in sensor.stderr.readline()
    set_up.send(HOSPITAL)
    set_up.send(HOSPITAL, "--times", "2", into=SECOND[1])
    stop(sensor)
    found = read(record)
    assert {row.name: row.frames for row in found.captures} == {MIRROR: 2078, SECOND[0]: 4156}
    assert [found.notes[f"{name}: received"] for name in (MIRROR, SECOND[0])] == [2078, 4156]
    assert sum(row.packets for row in found.protocols) == 3 * 2078


@pytest.fixture
def small_disk(set_up: Stage, tmp_path: Path) -> Iterator[Path]:
    """A folder for eight megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    set_up.run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder))
    yield folder
    set_up.run("umount", str(folder))


def fill(set_up: Stage, folder: Path) -> None:
    set_up.run("sh", "-c", f"cat /dev/zero > {folder}/all 2> /dev/null || true")


def test_a_full_disk_costs_nothing_once_there_is_room(set_up: Stage, small_disk: Path, tmp_path: Path) -> None:
    """Also for a sensor that begins while there is none."""
    for frames in (2078, 4156):
        if frames == 4156:
            fill(set_up, small_disk)
        sensor = set_up.sense(small_disk / "record.db")
        assert sensor.stderr is not None
        fill(set_up, small_disk)
        set_up.send(HOSPITAL)
        assert "cannot be written, everything is kept in memory" in sensor.stderr.readline()
        set_up.run("rm", f"{small_disk}/all")
        assert "written again" in sensor.stderr.readline()
        stop(sensor)
        copied = tmp_path / f"{frames}.db"
        set_up.run("cp", str(small_disk / "record.db"), str(copied))
        found = read(copied)
        assert found.captures[0].frames == frames
        assert found.notes["record not written"] >= 1


def test_a_locked_record_costs_nothing_once_it_is_free(set_up: Stage, tmp_path: Path) -> None:
    record = tmp_path / "locked.db"
    stop(set_up.sense(record))
    with closing(sqlite3.connect(record, isolation_level=None)) as locking:
        locking.execute("BEGIN IMMEDIATE")
        sensor = set_up.sense(record)
        assert sensor.stderr is not None
        set_up.send(HOSPITAL)
        assert "database is locked" in sensor.stderr.readline()
        locking.execute("ROLLBACK")
        assert "written again" in sensor.stderr.readline()
    stop(sensor)
    assert read(record).captures[0].frames == 2078


def test_under_fire_neither_costs_a_frame(set_up: Stage, small_disk: Path, tmp_path: Path) -> None:
    """The record is locked, then the disk is full, each for seconds of traffic that never rests."""
    record = small_disk / "record.db"
    sensor = set_up.sense(record)
    assert sensor.stderr is not None
    before = set_up.counter(MIRROR, "rx_packets")
    sending = set_up.start(
        sys.executable, "-m", "tests.live.sending", SOURCE, str(HOSPITAL), "--rate", "5000", "--times", "100000",
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    locking = set_up.start(sys.executable, "-c", _LOCK, str(record), stdin=subprocess.PIPE)
    assert "database is locked" in sensor.stderr.readline()
    locking.communicate("done\n", timeout=30)
    assert "written again" in sensor.stderr.readline()
    fill(set_up, small_disk)
    time.sleep(4.0)
    set_up.run("rm", f"{small_disk}/all")
    came = set_up.counter(MIRROR, "rx_packets") - before
    end(sending)
    stop(sensor)
    set_up.run("cp", str(record), str(tmp_path / "kept.db"))
    found = read(tmp_path / "kept.db")
    assert found.captures[0].frames == found.notes[f"{MIRROR}: received"] >= came > 20_000
    assert found.notes[f"{MIRROR}: dropped"] == 0
    assert found.notes["record not written"] >= 2


_LOCK = """
import sqlite3, sys, time
while True:
    try:
        locking = sqlite3.connect(sys.argv[1], isolation_level=None)
        locking.execute("SELECT 1 FROM site")
        break
    except sqlite3.OperationalError:
        time.sleep(0.1)
locking.execute("BEGIN IMMEDIATE")
sys.stdin.readline()
locking.execute("ROLLBACK")
"""
"""Keeps a record locked until it is told to stop."""


def test_frame_by_frame_with_scapy(set_up: Stage, tmp_path: Path) -> None:
    settings, record = tmp_path / "otwatch.yaml", tmp_path / "portable.db"
    settings.write_text("version: 1\ncapture: portable\n", encoding="utf-8")
    sensor = set_up.sense(record, "--config", str(settings))
    set_up.send(HOSPITAL, "--rate", "2000")
    time.sleep(0.3)
    stop(sensor)
    assert read(record).captures[0].frames == 2078


def test_an_interface_that_is_gone_ends_the_sensor_and_one_that_is_down_does_not(set_up: Stage, tmp_path: Path) -> None:
    set_up.run("ip", "link", "add", "usb", "type", "veth", "peer", "name", "far")
    set_up.run("ip", "link", "set", "usb", "up")
    command = (sys.executable, "-m", "otwatch", "sense", "--interface", "usb", "--record", str(tmp_path / "usb.db"))
    sensor = set_up.start(*command, stderr=subprocess.PIPE)
    assert sensor.stderr is not None
    assert "listening" in sensor.stderr.readline()
    set_up.run("ip", "link", "set", "usb", "down")
    assert "nothing can be heard" in sensor.stderr.readline()
    # another of the same name, at once
    set_up.run("sh", "-c", "ip link delete usb && ip link add usb type veth peer name far")
    try:
        assert "the interface is gone" in sensor.stderr.readline()
        assert sensor.wait(30) == 0
    finally:
        set_up.run("ip", "link", "delete", "usb")
