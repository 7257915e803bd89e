"""The interface that is listened to sends nothing: not by itself, not when asked to, and the kernel refuses whoever tries.

Three layers: the interface (no ARP, no IPv6, no multicast, as tests/live/stage.py makes it and `otwatch silence` prints it for
networkd), nftables at its egress, seccomp on the descriptor.
"""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.live.cables import read
from tests.live.stage import HOSPITAL, MIRROR, Stage, stop

HOUR_OF_CAPTURES = 15
"""The small hospital's capture lasts 250 s: as often as this it is an hour's worth."""


def test_an_hour_of_captures_and_not_a_frame_sent(set_up: Stage, tmp_path: Path) -> None:
    """Up, promiscuous, listened to, asked by everybody for everything; and the metric says so."""
    record = tmp_path / "silent.db"
    before = set_up.counter(MIRROR, "tx_packets")
    sensor = set_up.sense(record)
    set_up.send(HOSPITAL, "--times", str(HOUR_OF_CAPTURES), "--rate", "20000")
    stop(sensor)
    assert read(record).captures[0].frames == HOUR_OF_CAPTURES * 2078
    assert set_up.counter(MIRROR, "tx_packets") == before
    told = set_up.run(sys.executable, "-m", "otwatch", "metrics", "--record", str(record))
    assert f'otwatch_interface_transmitted_packets_total{{interface="{MIRROR}"}} {float(before)}' in told.splitlines()


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
        if "nft refuses" not in str(error):
            raise
        pytest.skip(f"no egress hook here: {error}")
    before = set_up.counter(MIRROR, "tx_packets")
    trial = (
        f"import socket\ns = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)\ns.bind(('{MIRROR}', 0))\n"
        "try:\n    s.send(bytes(60)); print('sent')\nexcept OSError as e:\n    print('refused')"
    )
    assert set_up.run(sys.executable, "-c", trial).strip() == "refused"
    assert set_up.counter(MIRROR, "tx_packets") == before


_GRO = "from otwatch.sensor.silence import _ethtool; print(_ethtool('fresh', 0x2B, 0))"  # linux/ethtool.h: ETHTOOL_GGRO


def test_an_interface_that_would_speak_is_silent_from_its_first_moment(set_up: Stage) -> None:
    """An end of a cable that was never up, with IPv6, ARP and multicast, as a card is after the start of the machine."""
    set_up.run("ip", "link", "add", "fresh", "type", "veth", "peer", "name", "far")
    try:
        set_up.run("sh", "-c", "echo 0 > /proc/sys/net/ipv6/conf/fresh/disable_ipv6; ip link set far up")
        try:
            set_up.run(sys.executable, "-m", "otwatch", "silence", "fresh", "--apply")
        except AssertionError as error:
            if "nft refuses" not in str(error):
                raise
            pytest.skip(f"no egress hook here: {error}")
        time.sleep(2.0)
        assert set_up.counter("fresh", "tx_packets") == 0
        flags = set_up.run("ip", "-oneline", "link", "show", "fresh")
        assert {"NOARP", "PROMISC", "UP"} <= set(flags.split("<")[1].split(">")[0].split(","))
        assert "MULTICAST" not in flags
        assert set_up.run("cat", "/proc/sys/net/ipv6/conf/fresh/disable_ipv6") == "1\n"
        assert set_up.run(sys.executable, "-c", _GRO) == "0\n"
    finally:
        set_up.run("ip", "link", "delete", "fresh")
