"""DHCP: literals of RFC 2131 and RFC 4702, and captures."""

from pathlib import Path

import pytest

from otwatch.dissectors.dhcp import DHCP, MOST
from otwatch.events import Binding, Identity
from otwatch.wire.recognition import knows
from tests.dissectors import names
from tests.dissectors.introduced import said, told

CLIENT = ("mac 00:80:f4:01:02:03",)


def test_a_client_says_what_it_is() -> None:
    assert said(DHCP, names.DHCP_DISCOVER) == [
        Identity("dhcp", CLIENT, (
            ("host", "cta-ot-1"), ("vendor_class", "udhcp 1.36.1"), ("os", "embedded Linux (BusyBox)"), ("fingerprint", "1,3,6,15"),
        )),
    ]  # fmt: skip


def test_a_server_lends_an_address() -> None:
    assert said(DHCP, names.DHCP_ACK) == [
        Identity("dhcp", (), (("capability", "dhcp-server"),)), Binding("lease", "192.0.2.50", "00:80:f4:01:02:03"),
    ]  # fmt: skip


def test_an_offer_lends_nothing_yet() -> None:
    offer = names.dhcp(2, "350102", given="c0000232")
    assert said(DHCP, offer) == [Identity("dhcp", (), (("capability", "dhcp-server"),))]


def test_a_server_names_the_way_out() -> None:
    """Option 3 lists routers, the preferred one first (RFC 2132 3.5)."""
    offer = names.dhcp(2, "3501020308c0000201c0000202", given="c0000232")
    ways = [Binding("route", "0.0.0.0", "192.0.2.1"), Binding("route", "0.0.0.0", "192.0.2.2")]
    assert said(DHCP, offer)[1:] == [*ways, Binding("gateway", "00:80:f4:01:02:03", "192.0.2.1")]


def test_an_option_full_of_servers_is_told_in_part() -> None:
    offer = names.dhcp(2, "35010206fc" + "".join(f"c00002{number:02x}" for number in range(63)), given="c0000232")
    assert said(DHCP, offer)[1:] == [Binding("resolver", f"192.0.2.{number}") for number in range(MOST)]


@pytest.mark.parametrize(
    "option", ["5116010000" + b"pc7.hopital.example".hex(), "51180400000370633707686f706974616c076578616d706c6500"], ids=["text", "labels"]
)
def test_a_client_renews_under_its_full_name(option: str) -> None:
    assert said(DHCP, names.dhcp(1, option, own="c0000232")) == [
        Identity("dhcp", CLIENT, (("host", "pc7.hopital.example"),)), Binding("lease", "192.0.2.50", "00:80:f4:01:02:03"),
    ]  # fmt: skip


def test_the_number_of_the_exchange_decides_nothing() -> None:
    assert said(DHCP, names.dhcp(1, "0c0161", xid="aabbccdd")) == said(DHCP, names.dhcp(1, "0c0161"))


def test_looks_like() -> None:
    assert knows(DHCP, names.DHCP_DISCOVER, True)
    assert not knows(DHCP, names.DHCP_DISCOVER[:239], True)
    assert not knows(DHCP, names.DHCP_DISCOVER.replace(bytes.fromhex("63825363"), bytes(4)), True)


def test_captures(captures: Path) -> None:
    """tshark: dhcp.option.hostname, dhcp.option.vendor_class_id, dhcp.option.request_list_item."""
    found = told(captures / "dhcp/suricata-dhcp-option-52-overload.pcap", "dhcp")
    assert ("vendor_class", "udhcp 1.36.1") in found["0.0.0.0"]
    assert found["10.100.0.2"] == [("capability", "dhcp-server")]
    found = told(captures / "l2/tcpdump-eapon1.pcap", "dhcp")
    assert {("host", "DJP95S0J"), ("os", "Windows 2000 or later")} <= set(found["0.0.0.0"])
