"""What assets there are, out of sightings and tallies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.changes import AssetChanged, AssetSeen, LinkSeen
from otwatch.events import Anomaly, Binding, Credential, Identity, Point, Request, Secret, Verb
from otwatch.inventory import Declared, Inventory
from otwatch.inventory import inventory as module
from otwatch.inventory.rows import Placed, asset_keys, asset_rows
from otwatch.sightings import Conversation, Outcome, Role, Sighting, Tally
from tests.inventory.said import ACK, RST, SPOKEN, SYN, answer, feed, i_am, inventory, read, said, tally, tcp, udp, write

CLIENT, GATE = "10.20.1.12", "10.20.1.60"
MAC = "00:80:f4:00:00:01"


def polled(units: list[int], times: int = 2) -> list[Sighting | Tally]:
    talk = tcp(CLIENT, GATE)
    items: list[Sighting | Tally] = [tally(talk, (9, 9), (99, 99))]
    for unit in units:
        items += [said(talk, read((f"unit {unit}",)), times=times), said(talk, answer((f"unit {unit}",)), False, times=times)]
    return items


def seen(changes: list[object]) -> list[str]:
    return [change.asset for change in changes if isinstance(change, AssetSeen)]


def test_one_unit_is_the_device_itself() -> None:
    site = inventory()
    assert seen(feed(site, *polled([5]))) == [CLIENT, GATE]
    assert asset_keys(site) == [CLIENT, GATE]
    assert site.resolve(f"{GATE}/unit 5") == GATE


def test_two_units_are_assets_behind_a_gateway() -> None:
    site = inventory()
    assert seen(feed(site, *polled([5, 7]))) == [CLIENT, GATE, f"{GATE}/unit 5", f"{GATE}/unit 7"]
    assert asset_keys(site) == [CLIENT, GATE, f"{GATE}/unit 5", f"{GATE}/unit 7"]
    known = site.known(f"{GATE}/unit 5")
    assert (known.parent, known.unit, known.ip, known.kind) == (GATE, 5, GATE, "modbus-unit")
    assert "gateway" in site.known(GATE).roles


def test_units_0_and_255_are_the_device() -> None:
    site = inventory()
    feed(site, *polled([0, 255, 5]))
    assert asset_keys(site) == [CLIENT, GATE]


def test_a_scan_of_units_makes_no_assets() -> None:
    """Asked once each; the gateway says of all but two that they do not answer (exception 11)."""
    site = inventory()
    talk = tcp(CLIENT, GATE)
    feed(site, tally(talk, (9, 9), (99, 99)))
    for unit in range(1, 248):
        feed(site, said(talk, read((f"unit {unit}",))), said(talk, answer((f"unit {unit}",), error="x", error_code="11"), False, times=9))
    feed(site, *polled([5, 7]))
    assert asset_keys(site) == [CLIENT, GATE, f"{GATE}/unit 5", f"{GATE}/unit 7"]


def test_a_scanned_address_is_no_asset() -> None:
    site = inventory()
    changes = feed(site, *(tally(tcp(CLIENT, f"10.22.8.{n}"), (1, 0), flags=(SYN, 0)) for n in range(1, 20)))
    assert seen(changes) == [CLIENT]
    assert asset_keys(site) == [CLIENT]
    assert {change.state for change in changes if isinstance(change, LinkSeen)} == {"attempt"}


def test_a_reset_shows_that_somebody_is_there() -> None:
    site = inventory()
    changes = feed(site, tally(tcp(CLIENT, GATE), (1, 1), flags=(SYN, RST | ACK)))
    assert asset_keys(site) == [CLIENT, GATE]
    assert [change.state for change in changes if isinstance(change, LinkSeen)] == ["refused"]


def test_the_other_half_of_a_one_way_mirror_is_there() -> None:
    site = inventory()
    feed(site, tally(tcp(CLIENT, GATE), (9, 0), (99, 0)), *(said(tcp(CLIENT, GATE), read((f"unit {n}",)), times=5) for n in (1, 2)))
    assert asset_keys(site) == [CLIENT, GATE, f"{GATE}/unit 1", f"{GATE}/unit 2"]


def test_a_routed_station_is_one_asset_whichever_way_it_is_heard() -> None:
    site = inventory()
    first, second = udp("10.22.0.1", "10.22.255.255"), udp("10.23.0.1", "10.23.255.255")
    changes = feed(site, *i_am(first, 210103, ("net 3/0a",)), *i_am(second, 210103, ("net 3/0a",)))
    assert seen(changes) == ["10.22.0.1", "bacnet 3/0a", "10.23.0.1"]
    assert site.resolve("bacnet 3/0a") == "bacnet 210103"
    known = site.known("bacnet 3/0a")
    assert (known.key, known.parent, known.ip) == ("bacnet 210103", "10.22.0.1", "10.22.0.1")
    assert (known.bacnet_network, known.bacnet_mac, known.bacnet_instance) == (3, "0a", 210103)
    assert "gateway" in site.known("10.22.0.1").roles


def test_a_device_that_speaks_for_itself_is_its_address() -> None:
    site = inventory()
    feed(site, *i_am(udp("10.22.1.15", "10.22.1.255"), 210103))
    assert asset_keys(site) == ["10.22.1.15", "10.22.1.255"]
    assert site.known("10.22.1.15").bacnet_instance == 210103


def test_a_device_named_by_a_router_with_its_ip_is_that_host() -> None:
    """SADR c0a80010bac0 is 192.168.0.16:47808 (clause J.1.2)."""
    site = inventory()
    router = udp("192.168.0.24", "192.168.0.255")
    feed(site, *i_am(udp("192.168.0.16", "192.168.0.255"), 111), *i_am(router, 111, ("net 1/c0a80010bac0",)), tally(router))
    assert [key for key in asset_keys(site) if site.known(key).kind != "group"] == ["192.168.0.16", "192.168.0.24"]


def test_the_wildcard_instance_is_no_device() -> None:
    site = inventory()
    feed(site, *i_am(udp("10.22.0.1", "10.22.0.255"), 4194303, ("net 3/0a",)))
    assert site.resolve("bacnet 3/0a") == "bacnet 3/0a"
    assert site.known("bacnet 3/0a").bacnet_instance is None


def test_a_replaced_station_is_the_device_it_is_now() -> None:
    site = inventory()
    talk = udp("10.22.0.1", "10.22.0.255")
    changes = feed(site, *i_am(talk, 7, ("net 3/0a",)), *i_am(talk, 8, ("net 3/0a",), at=1))
    assert site.resolve("bacnet 3/0a") == "bacnet 8"
    assert [(change.before, change.after) for change in changes if isinstance(change, AssetChanged)] == [("7", "8")]


def test_the_true_sender_of_a_forwarded_message() -> None:
    site = inventory()
    feed(site, *i_am(udp("10.22.0.1", "10.22.0.255"), 7, ("ip 10.99.0.5:47808",)))
    assert site.known("10.99.0.5").bacnet_instance == 7
    assert site.known("10.22.0.1").bacnet_instance is None


def test_a_broadcast_address_is_nothing_that_could_have_a_name() -> None:
    site = inventory()
    feed(site, *i_am(udp("192.168.0.255", "192.168.0.1"), 7), *i_am(udp("192.168.0.255", "192.168.0.1"), 8, ("net 3/0a",)))
    assert site.known("192.168.0.255").bacnet_instance is None
    assert site.known("bacnet 3/0a").parent == ""


def test_an_l2_sender_is_the_host_of_that_mac() -> None:
    site = inventory()
    ether = udp(MAC, "ff:ff:ff:ff:ff:ff", 0, "bacnet-ethernet", 0)._replace(transport="ethernet")
    arp = ether._replace(service="arp")
    changes = feed(site, *i_am(ether, 9), said(arp, Binding("arp", "10.1.1.1", MAC)))
    assert seen(changes) == [MAC, "10.1.1.1"]
    assert asset_keys(site) == ["10.1.1.1", "ff:ff:ff:ff:ff:ff"]
    assert site.known(MAC).bacnet_instance == 9
    assert site.facts(MAC).values("vendor") == ("Siemens", "TELEMECANIQUE ELECTRIQUE")


def test_arp_is_no_link_and_a_probe_no_asset() -> None:
    site = inventory()
    arp = udp(MAC, "ff:ff:ff:ff:ff:ff", 0, "arp", 0)._replace(transport="ethernet")
    asks = Request("arp", Verb.DISCOVER, "ARP request", 1, points=(Point("ip", name="10.1.1.9"),), one_way=True)
    assert feed(site, said(arp, asks), tally(arp, (1, 0))) == []
    assert asset_keys(site) == []


CHASSIS, PORT = "00:80:f4:aa:bb:01", "00:80:f4:aa:bb:07"
TO_BRIDGES = Conversation(PORT, "01:80:c2:00:00:0e", "ethernet", 0, 0, "lldp", Role.GUESS)
TO_ALL = udp("0.0.0.0", "255.255.255.255", 67, "dhcp", 68)  # of a client that has no address yet


def test_a_switch_is_one_asset_with_all_the_macs_it_names() -> None:
    site = inventory()
    named = Identity("lldp", (), (("name", "SW-OT-1"), ("capability", "bridge"), ("capability", "router")))
    addresses = [Binding("address", "10.0.0.20", mac) for mac in ("", CHASSIS)]
    feed(site, *(said(TO_BRIDGES, event) for event in (named, *addresses)))
    assert site.resolve(PORT) == site.resolve(CHASSIS) == "10.0.0.20"
    assert [role.name for role in site.roles("10.0.0.20")] == ["switch", "router"]
    assert site.label("10.0.0.20") == "SW-OT-1 (10.0.0.20)"


def test_what_a_client_says_before_it_has_an_address_is_known_of_it_later() -> None:
    site = inventory()
    feed(site, said(TO_ALL, Identity("dhcp", (f"mac {CHASSIS}",), (("host", "cta-ot-1"),))))
    assert site.resolve(CHASSIS) == CHASSIS
    feed(site, said(TO_ALL, Binding("lease", "10.0.0.50", CHASSIS), by_client=False))
    assert site.label("10.0.0.50") == "cta-ot-1 (10.0.0.50)"


def test_what_others_say_counts_less_and_makes_nobody_heard() -> None:
    site = inventory()
    talk = udp("10.0.0.9", "10.0.0.53", 53, "dns", 0)
    feed(site, said(talk, Identity("dns", ("ip 10.0.0.7:0",), (("host", "gtb.example"),), hearsay=True), by_client=False))
    assert "10.0.0.7" not in asset_keys(site)
    assert [(fact.value, fact.confidence, fact.source) for fact in site.facts("10.0.0.7")] == [("gtb.example", "other", "dns")]
    feed(site, said(udp("10.0.0.7", "224.0.0.251", 5353, "mdns"), Identity("mdns", (), (("host", "gtb.local"),))))
    assert site.facts("10.0.0.7").value("host") == "gtb.local"
    assert "10.0.0.7" in asset_keys(site)


def test_what_a_client_calls_its_server_is_said_of_the_server() -> None:
    site = inventory()
    hello = Identity("tls", (), (("host", "portal.example"),), hearsay=True)
    feed(site, said(tcp("10.0.0.9", "10.0.0.8", 443, "https"), hello), said(tcp("10.0.0.9", "93.184.216.34", 443, "https"), hello))
    assert site.facts("10.0.0.8").value("host") == "portal.example"
    assert not list(site.facts("93.184.216.34")), "names of the rest of the world are not collected"


def test_a_link_local_address_knows_its_host() -> None:
    site = inventory()
    feed(site, tally(tcp("10.1.1.1", GATE), macs=(MAC, "")), tally(udp("fe80::1", "ff02::fb", 5353, "mdns"), (1, 0), macs=(MAC, "")))
    assert site.known("fe80::1").same_host == "10.1.1.1"


def test_cip_slots_are_assets_behind_their_adapter() -> None:
    site = inventory()
    talk = tcp(CLIENT, "10.23.1.5", 44818, "enip")
    once = said(talk, read(("port 1/7",), "cip"))
    feed(site, tally(talk, (9, 9), (99, 99)), said(talk, read(("port 1/0",), "cip"), times=4), once)
    assert asset_keys(site) == [CLIENT, "10.23.1.5", "10.23.1.5/port 1/0"]
    assert site.known("10.23.1.5/port 1/0").cip_path == "port 1/0"
    identity = Identity("cip", ("port 1/7",), (("vendor_id", "1"), ("device_type", "14"), ("serial", "0x1")))
    feed(site, said(talk, identity, False))
    assert site.facts("10.23.1.5/port 1/7").value("vendor") == "Rockwell Automation/Allen-Bradley"
    assert site.facts("10.23.1.5/port 1/7").value("device_type") == "Programmable Logic Controller"


def test_a_change_of_firmware_is_told_once() -> None:
    site = inventory()
    talk = tcp(CLIENT, GATE)
    words = [Identity("modbus", (), (("firmware", version),)) for version in ("1.0", "1.1", "1.0", "1.1")]
    changes = feed(site, *(said(talk, word, False, at) for at, word in enumerate(words)))
    assert [(change.asset, change.before, change.after) for change in changes if isinstance(change, AssetChanged)] == [(GATE, "1.0", "1.1")]


def test_the_same_vendor_number_is_the_same_vendor() -> None:
    site = inventory()
    talk = udp("10.1.1.1", "10.1.1.255")
    renamed = Identity("bacnet", (), (("device_instance", "7"), ("vendor_id", "7"), ("vendor", "Siemens AG")))
    assert not [change for change in feed(site, *i_am(talk, 7), said(talk, renamed)) if isinstance(change, AssetChanged)]


def test_what_a_person_declared_is_shown_and_its_contradiction_told() -> None:
    site = inventory()
    site.declare([Declared((GATE,), (("vendor", "Schneider"), ("name", "TGBT-1"), ("role", "gateway")))])
    talk = tcp(CLIENT, GATE)
    agrees = Identity("modbus", (), (("vendor", "Schneider Electric"),))
    differs = Identity("modbus", (), (("vendor", "Wago"),))
    changes = feed(site, said(talk, agrees, False), said(talk, differs, False, 1))
    assert [(change.before, change.after) for change in changes if isinstance(change, AssetChanged)] == [("Schneider", "Wago")]
    assert site.facts(GATE).values("vendor") == ("Schneider", "Wago", "Schneider Electric")
    assert site.label(GATE) == f"TGBT-1 ({GATE})"
    assert "gateway" in site.known(GATE).roles


def test_a_declared_mac_or_instance_finds_its_host() -> None:
    site = inventory()
    site.declare([Declared((MAC,), (("name", "by mac"),)), Declared(("bacnet 7",), (("room", "B12"),))])
    feed(site, tally(tcp("10.1.1.1", GATE), macs=(MAC, "")), *i_am(udp("10.1.1.1", "10.1.1.255"), 7))
    assert site.label("10.1.1.1") == "by mac (10.1.1.1)"
    assert site.facts("10.1.1.1").value("room") == "B12"


def test_a_secret_leaves_no_trace() -> None:
    site = inventory()
    talk = tcp(CLIENT, "10.24.5.9", 80, "http")
    feed(site, said(talk, Credential("http-basic", "root", Secret(b"hunter2"))), said(talk, Anomaly("http", "flaw", 3)))
    assert "hunter2" not in repr([asset.facts for asset in site.assets.all()])


def test_a_group_that_was_named_first_only_listens() -> None:
    site = inventory()
    feed(site, tally(udp("ff02::1:2", "fe80::5", 546, "dhcpv6", 547), (0, 3)))
    assert [link.way[:4] for link in site.links.all()] == [("fe80::5", "ff02::1:2", "udp", 547)]
    assert asset_keys(site) == ["fe80::5", "ff02::1:2"]


def test_a_flood_from_the_internet_makes_no_assets_and_pushes_none_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXTERNALS", 10)
    site = inventory()
    feed(site, tally(tcp("10.1.0.1", "10.2.0.1"), payload=(1, 1)))
    flood = [tally(tcp(f"8.8.{at >> 8}.{at & 255}", "10.2.0.1"), (1, 0), flags=(SYN, 0), at=at) for at in range(500)]
    feed(site, *flood)
    assert (site.assets.external, len(site.links), site.notes()["attempts that were only counted"]) == (10, 11, 490)
    feed(site, tally(tcp("9.9.9.9", "10.2.0.1"), (2, 1), payload=(5, 5), at=900))
    assert "9.9.9.9" in asset_keys(site)


def test_a_scan_of_one_client_makes_a_bounded_number_of_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAYS", 20)
    site = inventory()
    feed(site, *(tally(tcp("10.1.0.9", "10.2.0.1", port), (1, 0), flags=(SYN, 0)) for port in range(1, 300)))
    assert len(site.links) == 20
    feed(site, tally(tcp("10.1.0.9", "10.2.0.1", 502), (2, 2), payload=(9, 9)))
    assert len(site.links) == 21


def test_links_outlive_assets_that_were_forgotten() -> None:
    site = inventory()
    site.assets._limit = 16
    feed(site, *(tally(tcp(f"10.3.{at}.1", "10.2.0.1"), (2, 2), flags=(SYN, SYN), at=at) for at in range(100)))
    assert site.notes()["evicted assets"]
    assert set(asset_keys(site)) <= {asset.key for asset in site.assets.all()}
    assert asset_rows(site, lambda known: Placed("", "", ""))


def test_the_table_of_assets_is_bounded() -> None:
    site = inventory()
    site.assets._limit = 16
    for number in range(100):
        feed(site, tally(tcp(CLIENT, f"10.30.0.{number}"), at=number), said(tcp(CLIENT, f"10.30.0.{number}"), read(("unit 5",)), at=number))
    assert len(site.assets) <= 17
    assert site.notes()["evicted assets"] > 80
    assert site.assets.get(CLIENT) is not None


hosts = st.sampled_from(["10.1.1.1", "10.1.1.2", "10.1.1.255", "9.9.9.9", "fe80::1", MAC, "ff:ff:ff:ff:ff:ff"])
hops = ["unit 0", "unit 1", "unit 2", "net 3/0a", "net 3/", "ip 10.1.1.1:47808", "port 1/0", "odd"]
routes = st.lists(st.sampled_from(hops), max_size=3).map(tuple)
talks = st.builds(tcp, hosts, hosts) | st.builds(udp, hosts, hosts)
names = st.sampled_from(["7", "10.1.1.1"])
events = st.one_of(
    st.builds(read, routes), st.builds(write, routes, st.just("bacnet"), st.sampled_from([None, 1, 8])), st.builds(answer, routes),
    st.builds(Identity, st.just("bacnet"), routes, st.just((("device_instance", "7"), ("vendor", "x")))),
    st.builds(Binding, st.sampled_from(["bacnet-device", "bacnet-network", "arp"]), names, st.just(MAC), routes),
)  # fmt: skip
sides, sizes = st.sampled_from([(1, 0), (0, 1), (3, 3)]), st.sampled_from([(0, 0), (9, 9)])
items = st.one_of(
    st.builds(said, talks, events, st.booleans(), st.integers(0, 9999), times=st.integers(1, 9), outcome=st.sampled_from(Outcome)),
    st.builds(tally, talks, sides, sizes, macs=st.sampled_from([("", ""), (MAC, MAC)])),
)


@given(st.lists(items, max_size=40))
def test_any_order_of_things_is_taken_and_told_alike(mixed: list[Sighting | Tally]) -> None:
    one, other = Inventory(spoken=SPOKEN), Inventory(spoken=SPOKEN)
    assert feed(one, *mixed) == feed(other, *mixed)
    for key in asset_keys(one):
        assert one.resolve(key) == key
        assert one.known(key) == other.known(key)
        for member in one.names.members(key):
            assert one.resolve(member) == key
