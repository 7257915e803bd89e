"""Spanning tree: literals of IEEE 802.1D, and a capture."""

from pathlib import Path

from otwatch.dissectors.base import read
from otwatch.dissectors.spanning_tree import PVST, SPANNING_TREE
from otwatch.events import State
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import fields, told

BRIDGE = [("capability", "bridge"), ("mac", "00:80:f4:aa:bb:01")]


def test_a_bridge_and_the_root() -> None:
    assert fields(SPANNING_TREE, names.BPDU) == [*BRIDGE, ("dialect", "RSTP")]
    assert fields(SPANNING_TREE, names.BPDU_ROOT) == [*BRIDGE, ("dialect", "STP"), ("description", "root of the spanning tree")]


def test_the_root_it_follows() -> None:
    """The same MAC as the bridge's own where it is the root."""
    said = [message for payload in (names.BPDU, names.BPDU_ROOT) for message in read(SPANNING_TREE, payload, None).messages]
    roots = [(event.name, event.value) for message in said for event in message.events if isinstance(event, State)]
    assert len(roots) == 2
    assert roots[0] != roots[1] == ("root 0", "8000 00:80:f4:aa:bb:01")


def test_a_tree_for_each_vlan() -> None:
    """The low bits of the bridge's priority (IEEE 802.1Q-2022 13.26.3)."""
    of_vlan = names.BPDU[:17] + b"\x80\x09" + names.BPDU[19:]
    (message,) = read(SPANNING_TREE, of_vlan, None).messages
    assert [event.name for event in message.events if isinstance(event, State)] == ["root 9"]


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
