"""DTP and VTP: literals, and captures."""

from pathlib import Path

import pytest

from otwatch.dissectors.trunks import DTP, VTP
from otwatch.events import Anomaly, State
from tests.dissectors import names
from tests.dissectors.introduced import said, told

SWITCH = [("vendor", "Cisco"), ("capability", "bridge")]


@pytest.mark.parametrize(("status", "wishes"), [(0x03, ["desirable"]), (0x84, ["auto"]), (0x81, []), (0x02, [])])
def test_a_port_that_may_become_a_trunk(status: int, wishes: list[str]) -> None:
    at = names.DTP_DESIRABLE.index(b"\0\2\0\5") + 4
    payload = names.DTP_DESIRABLE[:at] + bytes((status,)) + names.DTP_DESIRABLE[at + 1 :]
    assert [event.value for event in said(DTP, payload) if isinstance(event, State)] == wishes


def test_the_domain_of_vtp() -> None:
    assert State("vtp", (), "trunk", "domain cisco") in said(VTP, names.VTP_SUMMARY)


def test_lengths_that_cannot_be() -> None:
    assert said(DTP, b"\1\0\1\0\3")[-1] == Anomaly("dtp", "length 3 of an element is less than its own head", 1)
    assert said(VTP, b"\1\1\0\x21" + bytes(40)) == [Anomaly("vtp", "length 33 of the domain is more than 32", 3)]


def test_captures(captures: Path) -> None:
    """tshark: dtp.tas, vtp.md."""
    trunk = captures / "l2/tcpdump-rpvstp-trunk-native-vid5.pcap"
    assert told(trunk, "vtp") == told(trunk, "dtp") == {"00:1f:6d:96:ec:04": SWITCH}
