"""Spanning tree: literals of IEEE 802.1D, and a capture."""

from pathlib import Path

from otwatch.dissectors.spanning_tree import PVST, SPANNING_TREE
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import fields, told

BRIDGE = [("capability", "bridge"), ("mac", "00:80:f4:aa:bb:01")]


def test_a_bridge_and_the_root() -> None:
    assert fields(SPANNING_TREE, names.BPDU) == [*BRIDGE, ("dialect", "RSTP")]
    assert fields(SPANNING_TREE, names.BPDU_ROOT) == [*BRIDGE, ("dialect", "STP"), ("description", "root of the spanning tree")]


def test_a_notice_of_a_change_names_nobody() -> None:
    assert fields(SPANNING_TREE, names.BPDU_CHANGE) == []


def test_one_tree_for_each_vlan(captures: Path) -> None:
    assert fields(PVST, names.PVST) == [*BRIDGE, ("dialect", "RSTP")]
    assert told(captures / "l2/tcpdump-rpvstp-trunk-native-vid5.pcap", "spanning-tree")


def test_looks_like() -> None:
    assert knows(SPANNING_TREE, names.BPDU_CHANGE, True)
    assert not knows(SPANNING_TREE, b"\0\1" + names.BPDU, True)


def test_capture(captures: Path) -> None:
    """tshark: stp.bridge.hw."""
    assert told(captures / "bsap/icsnpp-bsap-serial_example.pcapng", "spanning-tree")
