"""DHCPv6: literals of RFC 8415 and RFC 4704, and captures."""

from pathlib import Path

from otwatch.dissectors.dhcpv6 import DHCPV6
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import fields, said, told


def test_a_client_says_what_it_is() -> None:
    assert fields(DHCPV6, names.DHCPV6_SOLICIT) == [
        ("mac", "08:00:27:fe:8f:95"), ("fingerprint", "v6 23,24"), ("vendor_class", "MSFT 5.0"), ("os", "Windows Vista or later"),
        ("host", "pc7.chu"),
    ]  # fmt: skip


def test_a_server_is_one() -> None:
    assert fields(DHCPV6, names.DHCPV6_REPLY) == [("capability", "dhcp-server")]


def test_what_a_relay_passes_on_is_not_about_the_relay() -> None:
    assert said(DHCPV6, names.DHCPV6_RELAYED) == []


def test_looks_like() -> None:
    assert all(knows(DHCPV6, payload, True) for payload in names.GOOD["dhcpv6"])
    assert not knows(DHCPV6, names.DHCPV6_REPLY[:-1], True)
    assert not knows(DHCPV6, b"\x0e" + names.DHCPV6_REPLY[1:], True)


def test_captures(captures: Path) -> None:
    """tshark: dhcpv6.duidllt.link_layer_addr, dhcpv6.client_fqdn."""
    found = told(captures / "dhcp/arkime-wireshark-dhcpv6.pcap", "dhcpv6")
    assert ("mac", "08:00:27:fe:8f:95") in found["fe80::a00:27ff:fefe:8f95"]
    assert ("capability", "dhcp-server") in found["fe80::a00:27ff:fed4:10bb"]
