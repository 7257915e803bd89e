"""A sensor on a cable of its own: what it hears is what a replay reads, whatever ends it, and nothing leaves it.

Frames are sent over a veth pair, heard by a sensor, and recorded beside it; the recording is replayed. What is compared is everything
in both records but times, the capture's name, and the monitor's own counters. Skipped where network namespaces cannot be made.
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from otwatch import pipeline
from otwatch.record import Record
from otwatch.sensor import writing
from tests.live.cables import read, timeless, together
from tests.live.stage import MIRROR, ROOT, SOURCE, Stage, end, missing, stage, until

HOSPITAL = ROOT / "pcaps" / "hospital.pcapng"
SAMPLES = (
    "modbus/arkime-modbus.pcap", "modbus/iti-modbus_test_data_part1.pcap", "bacnet/icsnpp-bacnet_services.pcap",
    "enip/iti-EIP-LockPLCAttempt.pcap", "malformed/zeek-fuzz-72.pcap", "malformed/ndpi-reasm_crash_anon.pcapng",
)  # fmt: skip
KILLS = int(os.environ.get("OTWATCH_KILLS", "3"))
"""How often a sensor is killed; 50 before a release."""
SLACK_S = float(os.environ.get("OTWATCH_SLACK_S", "5.0"))
"""What a machine that does many other things may add to the second that kill -9 costs."""


@pytest.fixture(scope="module")
def set_up() -> Iterator[Stage]:
    reason = missing()
    if reason:
        pytest.skip(reason)
    with stage() as made:
        yield made


@pytest.fixture(autouse=True)
def alone(set_up: Stage) -> Iterator[None]:
    """What a test that failed left running must not be heard by the next."""
    yield
    for process in set_up.started:
        end(process)
    set_up.started.clear()


def early_in_a_slot() -> None:
    """Wait until all that is sent now lies in one slot."""
    until(lambda: 0.2 < time.time() % 10 < 5.0, 11)


def stop(sensor: "subprocess.Popen[str]") -> str:
    sensor.send_signal(signal.SIGTERM)
    _, said = sensor.communicate(timeout=60)
    assert sensor.returncode == 0, said
    return said


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
    assert f"{MIRROR}: dropped" not in live.notes
    offline, heard = timeless(pipeline.replay([str(recorded)])), timeless(live)
    assert len(heard["alerts"]) > 5
    for name, rows in offline.items():
        assert heard[name] == rows, name


def test_nothing_is_ever_sent(set_up: Stage) -> None:
    """After all tests of this file that come before: interface up, promiscuous, listened to."""
    assert set_up.counter(MIRROR, "tx_packets") == 0


def test_a_killed_sensor_loses_a_second_at_most(set_up: Stage, tmp_path: Path) -> None:
    """The record opens, is whole, holds what was heard a moment before, and the next sensor carries on from there."""
    record, frames, firsts = tmp_path / "killed.db", 0, {}
    sending = set_up.start(
        sys.executable, "-m", "tests.live.sending", SOURCE, str(HOSPITAL), "--rate", "20000", "--times", "100000",
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    for _ in range(KILLS):
        sensor = set_up.sense(record)
        time.sleep(random.uniform(2.5, 4.0))
        sensor.kill()
        killed_ns = time.time_ns()
        end(sensor)
        until(lambda: not _locked(record))
        with closing(sqlite3.connect(record)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = read(record)
        assert found.captures[0].frames > frames
        lost_s, write_s = (killed_ns - found.captures[0].last_ns) / 1e9, found.notes.get("now: write ms", 0) / 1000
        print(f"{lost_s:.2f} s lost, a write takes {write_s:.2f} s")
        assert lost_s < max(1.0, (2 + writing.SHARE) * write_s) + SLACK_S
        assert sum(row.packets for row in found.protocols) == found.captures[0].frames
        assert {row.key: row.first_ns for row in found.assets}.items() >= firsts.items()
        frames, firsts = found.captures[0].frames, {row.key: row.first_ns for row in found.assets}
    end(sending)
    stop(set_up.sense(record))
    assert {row.key: row.first_ns for row in read(record).assets}.items() >= firsts.items()


def _locked(record: Path) -> bool:
    """Whether a copy of a sensor still writes."""
    try:
        with Record.open(record):
            lock = subprocess.run(["flock", "--nonblock", str(record), "true"], check=False)
            return lock.returncode != 0
    except OSError:
        return True


def test_a_full_disk_costs_nothing_once_there_is_room(set_up: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    set_up.run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder))
    sensor = set_up.sense(folder / "record.db")
    assert sensor.stderr is not None
    set_up.run("sh", "-c", f"cat /dev/zero > {folder}/all 2> /dev/null || true")
    set_up.send(HOSPITAL)
    assert "cannot be written, everything is kept in memory" in sensor.stderr.readline()
    set_up.run("rm", f"{folder}/all")
    assert "written again" in sensor.stderr.readline()
    stop(sensor)
    copied = tmp_path / "copied.db"
    set_up.run("cp", str(folder / "record.db"), str(copied))
    set_up.run("umount", str(folder))
    found = read(copied)
    assert found.captures[0].frames == 2078
    assert found.notes["record not written"] >= 1


def test_frame_by_frame_with_scapy(set_up: Stage, tmp_path: Path) -> None:
    settings, record = tmp_path / "otwatch.yaml", tmp_path / "portable.db"
    settings.write_text("version: 1\ncapture: portable\n", encoding="utf-8")
    sensor = set_up.sense(record, "--config", str(settings))
    set_up.send(HOSPITAL, "--rate", "2000")
    time.sleep(0.3)
    stop(sensor)
    assert read(record).captures[0].frames == 2078


def test_an_interface_with_an_address_is_refused(set_up: Stage, tmp_path: Path) -> None:
    set_up.run("ip", "address", "add", "192.0.2.9/24", "dev", MIRROR)
    try:
        command = (sys.executable, "-m", "otwatch", "sense", "--interface", MIRROR, "--record", str(tmp_path / "refused.db"))
        refused = set_up.start(*command, stderr=subprocess.PIPE)
        _, said = refused.communicate(timeout=30)
        assert refused.returncode == 2
        assert "has an IP address (192.0.2.9)" in said
        stop(set_up.sense(tmp_path / "allowed.db", "--allow-addressed"))
    finally:
        set_up.run("ip", "address", "flush", "dev", MIRROR)


_TRIES = """
import os, socket, sys
from otwatch.capture.ring import Ring
from otwatch.sensor.seccomp import forbid_sending
ring = Ring("mir", 1 << 20)
if not forbid_sending([ring.fileno()]):
    print("no libseccomp"); sys.exit()
number = ring.fileno()
for way in (lambda: os.write(number, bytes(60)), lambda: socket.socket(fileno=number).send(bytes(60)), lambda: os.dup(number)):
    try:
        way(); print("sent")
    except PermissionError:
        print("refused")
os.write(1, b"others may\\n")
"""


def test_the_kernel_refuses_to_send_where_the_sensor_listens(set_up: Stage) -> None:
    said = set_up.run(sys.executable, "-c", _TRIES).splitlines()
    if said == ["no libseccomp"]:
        pytest.skip("libseccomp is not installed")
    assert sorted(said) == ["others may", "refused", "refused", "refused"]


def test_a_silenced_interface_drops_what_would_leave(set_up: Stage) -> None:
    if shutil.which("nft") is None:
        pytest.skip("nft is not installed (Debian package nftables)")
    try:
        set_up.run(sys.executable, "-m", "otwatch", "silence", MIRROR, "--apply")
    except AssertionError as error:
        pytest.skip(f"no egress hook here: {error}")
    before = set_up.counter(MIRROR, "tx_packets")
    trial = (
        f"import socket\ns = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)\ns.bind(('{MIRROR}', 0))\n"
        "try:\n    s.send(bytes(60)); print('sent')\nexcept OSError as e:\n    print('refused')"
    )
    assert set_up.run(sys.executable, "-c", trial).strip() == "refused"
    assert set_up.counter(MIRROR, "tx_packets") == before
