"""Groups that share an address: what is a face of them, and what stays a machine whatever is said about it."""

from otwatch.events import Binding
from otwatch.inventory import Inventory
from otwatch.inventory.faces import unite
from otwatch.inventory.rows import asset_rows
from tests.inventory.said import feed, inventory, said, tally, tcp, udp
from tests.inventory.test_captures import placed
from tests.inventory.test_faces import A, B, arp, faces, heard, keys

R2, R3, VIP, VIP_2, CARD = "10.20.0.2", "10.20.0.3", "10.20.0.1", "10.20.0.9", "00:00:5e:00:01:07"
GROUP = "VRRP 7"


def advertised(member: str, *addresses: str, name: str = GROUP) -> list[object]:
    return [said(udp(member, "224.0.0.18", 0, "vrrp"), Binding("virtual", address, name)) for address in addresses]


def routers(*addresses: str) -> Inventory:
    site = inventory()
    heard(site, R2, R3)
    feed(site, arp(R2, A), arp(R3, B), *advertised(R2, *addresses), *advertised(R3, *addresses))
    return site


def kinds(site: Inventory) -> dict[str, tuple[str, str]]:
    return {row.key: (row.kind, row.label) for row in asset_rows(site, placed)}


def test_the_address_of_a_group_is_no_device() -> None:
    site = routers(VIP)
    feed(site, arp(VIP, CARD), tally(tcp(VIP, "10.9.9.9"), macs=(CARD, "")))
    found = faces(unite(site))
    assert kinds(site)[VIP] == ("group", f"{GROUP} ({VIP})")
    assert {kinds(site)[router][0] for router in (R2, R3)} == {"host"}
    assert {(VIP, R2, "shared", "virtual address"), (R2, VIP, "shared", "virtual address")} <= found
    assert (VIP, CARD, "shared", "virtual mac") in found
    assert CARD not in keys(site)


def test_all_addresses_of_a_group_are_its_faces() -> None:
    site = routers(VIP, VIP_2, "fe80::1")
    found = faces(unite(site))
    assert kinds(site)[VIP][0] == "group"
    assert {(VIP, VIP_2, "now", "virtual address"), (VIP, "fe80::1", "now", "virtual address")} <= found
    assert not {VIP_2, "fe80::1"} & set(keys(site))


def test_a_group_that_nobody_was_seen_to_use_is_there() -> None:
    site = routers(VIP)
    assert VIP not in kinds(site)
    unite(site)
    assert kinds(site)[VIP] == ("group", f"{GROUP} ({VIP})")


def test_the_owner_of_the_address_stays_a_device() -> None:
    """RFC 9568 1.6: priority 255."""
    site = routers()
    heard(site, VIP)
    feed(site, arp(VIP, "00:80:f4:00:00:77"), *advertised(VIP, VIP))
    unite(site)
    assert kinds(site)[VIP][0] == "host"


def test_what_is_said_about_an_address_hides_no_machine() -> None:
    site = routers(VIP)
    feed(site, arp(VIP, "00:80:f4:00:00:77"), tally(tcp(VIP, "10.9.9.9"), macs=("00:80:f4:00:00:77", "")))
    unite(site)
    assert kinds(site)[VIP][0] == "host"


def test_a_member_that_answers_with_its_own_card_hides_nobody() -> None:
    """keepalived without use_vmac."""
    site = routers(VIP)
    feed(site, arp(VIP, A), tally(tcp(VIP, "10.9.9.9"), macs=(A, "")))
    unite(site)
    assert kinds(site)[VIP][0] == "group"


def test_an_address_of_two_groups_belongs_to_the_first() -> None:
    site = routers(VIP)
    feed(site, *advertised(R3, VIP, name="HSRP 4"))
    unite(site)
    assert kinds(site)[VIP] == ("group", f"HSRP 4 ({VIP})")


def test_groups_with_one_number_in_two_networks_are_two() -> None:
    site = routers(VIP)
    heard(site, "10.30.0.2")
    feed(site, arp(VIP, CARD), arp("10.30.0.1", CARD), *advertised("10.30.0.2", "10.30.0.1"))
    unite(site)
    assert {key for key, (kind, _) in kinds(site).items() if kind == "group" and key.startswith("10.")} >= {VIP, "10.30.0.1"}
