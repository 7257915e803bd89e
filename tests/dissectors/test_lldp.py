"""LLDP: literals of IEEE 802.1AB and TIA-1057, and a capture of Wireshark's."""

from pathlib import Path

import pytest

from otwatch.dissectors.lldp import LLDP
from otwatch.events import Anomaly, Binding, Identity
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import said, told


def test_a_switch_with_a_management_address() -> None:
    assert said(LLDP, names.LLDP) == [
        Identity("lldp", (), (
            ("name", "SW-OT-1"), ("description", "Hirschmann RSP"), ("capability", "bridge"), ("capability", "router"),
            ("firmware", "fw 7.1"), ("serial", "SN0042"), ("mac", "00:80:f4:aa:bb:01"), ("ip", "192.0.2.20"),
        )),
        Binding("address", "192.0.2.20", ""), Binding("address", "192.0.2.20", "00:80:f4:aa:bb:01"),
    ]  # fmt: skip


def test_a_profinet_station_and_padding() -> None:
    assert said(LLDP, names.LLDP_STATION) == [Identity("lldp", (), (("name", "plc-7.hvac"),))]


def test_an_element_that_is_not_all_there() -> None:
    assert said(LLDP, names.LLDP[:-4]) == [Anomaly("lldp", "10 bytes expected, 8 left", 85)]


@pytest.mark.parametrize("payload", [names.LLDP, names.LLDP_STATION])
def test_looks_like(payload: bytes) -> None:
    assert knows(LLDP, payload, True)
    assert not knows(LLDP, b"\x04" + payload, True)


def test_capture(captures: Path) -> None:
    """tshark: lldp.tlv.system.name, lldp.tlv.system.desc, lldp.tlv.enable_system_cap."""
    found = told(captures / "l2/arkime-wireshark-lldp.pcap", "lldp")
    assert ("name", "Summit300-48") in found["00:01:30:f9:ad:a0"]
    assert {("capability", "bridge"), ("capability", "router")} <= set(found["00:01:30:f9:ad:a0"])
    assert ("name", "ProCurve Switch 2600-8-PWR") in found["00:13:21:57:ca:7f"]
