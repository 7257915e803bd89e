"""CDP: a literal, and Zeek's capture of version 1."""

from pathlib import Path

from otwatch.dissectors.cdp import CDP
from otwatch.events import Anomaly
from tests.dissectors import names
from tests.dissectors.introduced import fields, said, told


def test_a_switch() -> None:
    assert fields(CDP, names.CDP) == [
        ("vendor", "Cisco"), ("name", "SW-COEUR"), ("capability", "bridge"), ("software", "Cisco IOS Software, IE2000"),
        ("model", "cisco IE-2000"),
    ]  # fmt: skip


def test_a_length_shorter_than_its_own_head() -> None:
    assert said(CDP, b"\x02\xb4\0\0\0\1\0\3") == [Anomaly("cdp", "length 3 of an element is less than its own head", 4)]


def test_capture(captures: Path) -> None:
    """tshark: cdp.deviceid, cdp.platform, cdp.capabilities.router."""
    found = told(captures / "l2/zeek-cdp-v1.pcap", "cdp")
    assert {("name", "R1"), ("model", "cisco 1601"), ("capability", "router")} <= set(found["00:e0:1e:d5:d5:15"])
