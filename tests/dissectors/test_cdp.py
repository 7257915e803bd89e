"""CDP: a literal, and Zeek's capture of version 1."""

from pathlib import Path

from otwatch.dissectors.cdp import CDP
from otwatch.events import Anomaly, Binding, Identity
from tests.dissectors import names
from tests.dissectors.introduced import fields, said, told


def test_a_switch() -> None:
    assert fields(CDP, names.CDP) == [
        ("vendor", "Cisco"), ("name", "SW-COEUR"), ("capability", "bridge"), ("software", "Cisco IOS Software, IE2000"),
        ("model", "cisco IE-2000"),
    ]  # fmt: skip


def test_a_length_shorter_than_its_own_head() -> None:
    assert said(CDP, b"\x02\xb4\0\0\0\1\0\3") == [Anomaly("cdp", "length 3 of an element is less than its own head", 4)]


def test_addresses_are_its_own() -> None:
    """One of IP, one of a protocol that is not told; the management address again."""
    ip, clns = "01 01cc 0004 0a140001", "01 0181 0002 4900"
    payload = bytes.fromhex(f"02b40000 0002 0018 00000002 {ip} {clns} 0016 0011 00000001 {ip}".replace(" ", ""))
    introduced, *addresses = said(CDP, payload)
    assert introduced == Identity("cdp", (), (("vendor", "Cisco"), ("ip", "10.20.0.1")))
    assert addresses == [Binding("address", "10.20.0.1")]


def test_capture(captures: Path) -> None:
    """tshark: cdp.deviceid, cdp.platform, cdp.capabilities.router."""
    found = told(captures / "l2/zeek-cdp-v1.pcap", "cdp")
    assert {("name", "R1"), ("model", "cisco 1601"), ("capability", "router"), ("ip", "192.168.10.1")} <= set(found["00:e0:1e:d5:d5:15"])
