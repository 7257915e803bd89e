"""SSDP: literals of the UPnP Device Architecture, and captures."""

from pathlib import Path

from otwatch.dissectors.ssdp import SSDP
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import fields, told


def test_a_gateway_announces_itself() -> None:
    assert fields(SSDP, names.SSDP_NOTIFY) == [
        ("software", "Linux/3.10 UPnP/1.0 MiniUPnPd/1.9"), ("url", "http://192.0.2.1:49152/desc.xml"),
        ("device_type", "InternetGatewayDevice"), ("capability", "wan-gateway"),
    ]  # fmt: skip


def test_who_searches_names_his_software() -> None:
    assert fields(SSDP, names.SSDP_SEARCH) == [("software", "Windows/10 UPnP/1.1 x/1")]


def test_an_answer() -> None:
    assert fields(SSDP, names.SSDP_ANSWER) == [("software", "Hikvision/1.0")]


def test_looks_like() -> None:
    assert knows(SSDP, names.SSDP_NOTIFY, False)
    assert not knows(SSDP, b"NOTIFY sip:a@b SIP/2.0\r\n\r\n", True)


def test_capture(captures: Path) -> None:
    found = told(captures / "sip/suricata-ssdp.pcap", "ssdp")
    assert ("url", "http://192.168.1.1:7406/rootDesc.xml") in found["192.168.1.1"]
