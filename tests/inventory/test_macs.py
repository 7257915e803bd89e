from otwatch.inventory.macs import ADDRESSES, Macs
from otwatch.sightings import Frame

HERE = Frame("a.pcap", 1)
MAC, OTHER = "00:80:f4:00:00:01", "00:80:f4:00:00:02"


def noted(*pairs: tuple[str, str, bool], routers: frozenset[str] = frozenset()) -> Macs:
    macs = Macs(routers)
    for at, (mac, ip, by_arp) in enumerate(pairs):
        macs.note(mac, ip, at, HERE, by_arp)
    return macs


def test_a_host_has_its_mac() -> None:
    macs = noted((MAC, "10.1.1.1", False), (MAC, "fe80::1", False))
    assert list(macs.of("10.1.1.1")) == [MAC]
    assert macs.addresses(MAC) == ["10.1.1.1", "fe80::1"]
    assert not macs.is_router(MAC)


def test_a_mac_of_two_networks_or_three_hosts_is_a_routers() -> None:
    two_networks = noted((MAC, "10.1.1.1", False), (MAC, "10.1.2.1", False))
    three_hosts = noted(*((MAC, f"10.1.1.{n}", False) for n in range(1, 4)))
    for macs in (two_networks, three_hosts):
        assert macs.is_router(MAC)
        assert macs.of("10.1.1.1") == {}
        assert macs.addresses(MAC) == []


def test_a_router_keeps_what_it_says_by_arp_of_itself() -> None:
    macs = noted((MAC, "10.1.1.254", True), (MAC, "10.1.2.254", True), (MAC, "10.9.9.9", False))
    assert macs.is_router(MAC)
    assert macs.addresses(MAC) == ["10.1.1.254", "10.1.2.254"]


def test_proxy_arp_gives_nobody_a_mac() -> None:
    macs = noted((MAC, "10.1.1.254", True), (MAC, "10.1.1.7", True), (MAC, "10.1.1.8", True))
    assert macs.addresses(MAC) == []


def test_arp_after_traffic_counts() -> None:
    macs = noted((MAC, "10.1.1.254", False), (MAC, "10.9.9.9", False), (MAC, "10.1.1.254", True))
    assert macs.addresses(MAC) == ["10.1.1.254"]


def test_declared_gateways_and_groups() -> None:
    assert noted((MAC, "10.1.1.1", False), routers=frozenset({"10.1.1.1"})).is_router(MAC)
    assert noted((MAC, "10.1.1.255", False)).of("10.1.1.255") == {}


def test_bounds() -> None:
    macs = Macs(limit=2)
    for number in range(5):
        macs.note(f"00:80:f4:00:00:0{number}", f"10.1.1.{number + 1}", number, HERE)
    assert macs.evicted == 3
    assert macs.of("10.1.1.1") == {}
    assert list(macs.of("10.1.1.5")) == ["00:80:f4:00:00:04"]
    for number in range(ADDRESSES + 50):
        macs.note(OTHER, f"10.2.{number // 200}.{number % 200 + 1}", number, HERE)
    assert macs.sources(OTHER) == ADDRESSES


def test_one_card_that_is_the_gateway_of_two_networks() -> None:
    """It announces both its addresses and sends for what is far; for a host of the one it sends to the other, it routes between them."""
    own = (("00:80:f4:00:00:09", "10.1.0.254", True), ("00:80:f4:00:00:09", "10.1.1.254", True))
    far = ("00:80:f4:00:00:09", "10.9.9.9", False)
    assert list(noted(*own, far).gateways()) == [("10.1.0.254", "10.1.1.254")]
    assert list(noted(*own).gateways()) == []  # a host with two addresses
    assert list(noted(*own, far, ("00:80:f4:00:00:09", "10.1.1.7", False)).gateways()) == []
