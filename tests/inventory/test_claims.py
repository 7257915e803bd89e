"""What speaks against who claims an address by ARP: the table of MACs told by hand, and the captures that hold such claims."""

from pathlib import Path

import pytest

from otwatch.inventory.claims import LATELY_NS, claim
from otwatch.inventory.macs import Macs
from otwatch.pipeline import replay
from otwatch.sightings import Frame

HOST, INTRUDER, ROUTER = "00:80:f4:00:00:01", "b8:27:eb:00:00:02", "00:26:0b:00:00:03"
FIRST, LATER = Frame("test.pcap", 1), Frame("test.pcap", 9)
SECOND = 1_000_000_000


def macs(*notes: tuple[str, str, int, bool]) -> Macs:
    """MAC, address, second, and whether it was said by ARP."""
    table = Macs()
    for mac, ip, second, by_arp in notes:
        table.note(mac, ip, second * SECOND, FIRST if second < 5 else LATER, by_arp)
    return table


def test_a_host_with_an_address_of_its_own_that_claims_another() -> None:
    table = macs((HOST, "10.0.1.11", 1, True), (INTRUDER, "10.0.4.50", 2, True), (INTRUDER, "10.0.1.11", 6, True))
    assert claim(table, INTRUDER, "10.0.1.11", 6 * SECOND).rivals == {HOST: FIRST}
    assert claim(table, INTRUDER, "10.0.1.11", 6 * SECOND).taken == 1
    assert not claim(table, INTRUDER, "10.0.1.11", 6 * SECOND + LATELY_NS).rivals  # long ago


def test_a_device_that_was_replaced() -> None:
    table = macs((HOST, "10.0.1.11", 1, True), (INTRUDER, "10.0.1.11", 6, True))
    assert not claim(table, INTRUDER, "10.0.1.11", 6 * SECOND).rivals  # it has no other address


def test_a_mirror_of_both_sides_of_a_router() -> None:
    """Each packet is captured twice, with the host's card and then with the router's, which nobody knows as such yet."""
    table = macs((HOST, "10.0.1.11", 1, False), (ROUTER, "10.0.1.11", 2, False), (HOST, "fe80::11", 2, False), (HOST, "10.0.1.11", 6, True))
    assert not claim(table, HOST, "10.0.1.11", 6 * SECOND).rivals


def test_a_poisoning_that_began_before_the_capture() -> None:
    """The intruder is seen first, claiming the address and using his own; then its owner sends (c37118/icsnpp-c37118_1100)."""
    table = macs((INTRUDER, "10.0.1.11", 1, True), (INTRUDER, "10.0.1.20", 2, True), (HOST, "10.0.1.11", 3, False))
    assert claim(table, INTRUDER, "10.0.1.11", 4 * SECOND).rivals.keys() == {HOST}


def test_a_router_that_answers_for_its_hosts() -> None:
    own = [(ROUTER, f"10.0.1.{number}", 2, True) for number in range(1, 6)]
    table = macs((HOST, "10.0.1.11", 1, True), *own, (ROUTER, "10.0.1.11", 6, True))
    assert not claim(table, ROUTER, "10.0.1.11", 6 * SECOND).rivals


def test_a_redundant_pair_with_a_virtual_mac() -> None:
    shared = "00:00:5e:00:01:07"
    table = macs((HOST, "10.0.1.1", 1, True), (shared, "10.0.1.2", 2, True), (shared, "10.0.1.1", 6, True))
    assert not claim(table, shared, "10.0.1.1", 6 * SECOND).rivals


def test_one_that_stands_between_two() -> None:
    other = "84:7b:eb:00:00:04"
    table = macs(
        (HOST, "10.0.1.11", 1, False), (other, "10.0.1.12", 1, False), (INTRUDER, "10.0.1.11", 6, True), (INTRUDER, "10.0.1.12", 6, True)
    )  # fmt: skip
    assert claim(table, INTRUDER, "10.0.1.12", 6 * SECOND).taken == 2


@pytest.mark.parametrize(("last", "led"), [(1, True), (8, False)])
def test_packets_from_afar_that_take_another_way(last: int, led: bool) -> None:
    """Only where the former way was left: two routers may share the traffic."""
    announced = [(INTRUDER, "10.0.1.66", 5, True), (INTRUDER, "10.0.1.1", 6, True)]
    table = macs((ROUTER, "203.0.113.7", last, False), *announced, (INTRUDER, "203.0.113.7", 7, False))
    found = claim(table, INTRUDER, "10.0.1.1", 9 * SECOND)
    assert (found.claimed, found.former) == ((("10.0.1.66", "10.0.1.1"), ROUTER) if led else ((), ""))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("attack/sanders-arppoison.pcapng", [("integ.arp.diverted", 3)]),
        ("mixed/tracepcap-week5_shadow_device_arp_spoof.pcap", [("integ.arp.spoof", 2)]),
        ("melsec/iti-melsoft_UDP_unclean_1.pcap", [("integ.arp.spoof", 3), ("integ.arp.spoof", 3)]),
        ("mixed/tracepcap-week4_ftp_exfil_gateway_change.pcap", []),
        ("l2/ndpi-vrrp3.pcapng", []),
    ],
)
def test_captures(captures: Path, name: str, found: list[tuple[str, int]]) -> None:
    if not (captures / name).is_file():
        pytest.skip(f"{name} is not among the captures")
    rows = replay([str(captures / name)]).alerts
    assert sorted((row.detection, row.severity) for row in rows if row.detection.startswith("integ.arp")) == found
