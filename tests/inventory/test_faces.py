"""What is one thing, what is two, and why: through a whole inventory."""

from pathlib import Path

import pytest

from otwatch.events import Binding, Identity, Request, Verb
from otwatch.inventory import Declared, Inventory
from otwatch.inventory.faces import SILENT_SIBLINGS, unite
from otwatch.inventory.rows import asset_rows, attribute_rows
from otwatch.results import FaceRow
from tests.inventory.said import answer, feed, i_am, inventory, read, said, tally, tcp, udp
from tests.inventory.test_captures import placed, replay

A, B, GATE = "00:80:f4:00:00:01", "00:0c:29:00:00:02", "10.20.1.60"
CLIENT = "10.20.1.12"


def arp(ip: str, mac: str, at: float = 0) -> object:
    return said(tcp(ip, "10.1.1.254", 0, "arp"), Binding("arp", ip, mac), at=at)


def keys(site: Inventory) -> list[str]:
    return [row.key for row in asset_rows(site, placed)]


def faces(found: tuple[FaceRow, ...]) -> set[tuple[str, str, str, str]]:
    return {(row.asset, row.key, row.state, row.reason) for row in found}


def heard(site: Inventory, *addresses: str, at: float = 0) -> None:
    for ip in addresses:
        feed(site, tally(tcp(ip, "10.9.9.9"), (3, 3), (30, 30), at=at))


def cip(talk_to: str, serial: str, subject: tuple[str, ...] = (), name: str = "1756-ENBT/A") -> object:
    fields = (("vendor_id", "1"), ("serial", serial), ("product", name))
    return said(tcp(CLIENT, talk_to, 44818, "enip"), Identity("cip", subject, fields), False)


# -- one thing --------------------------------------------------------------------------------------------------------------------------


def test_addresses_of_one_card_are_one_asset() -> None:
    site = inventory()
    heard(site, "10.1.1.5")
    feed(site, arp("10.1.1.5", A), tally(udp("fe80::1", "ff02::1"), (1, 0), macs=(A, "")))
    found = unite(site)
    assert "fe80::1" not in keys(site)
    assert ("10.1.1.5", "fe80::1", "now", "mac") in faces(found)
    assert ("10.1.1.5", A, "now", "arp") in faces(found)


def test_what_a_card_only_forwards_is_not_its_own() -> None:
    """Without ARP a router in front of one host looks the same."""
    site = inventory()
    heard(site, "10.1.1.5", "10.1.1.6")
    feed(site, tally(tcp("10.1.1.5", "10.9.9.9"), macs=(A, "")), tally(tcp("10.1.1.6", "10.9.9.9"), macs=(A, "")))
    unite(site)
    assert {"10.1.1.5", "10.1.1.6"} <= set(keys(site))


def test_an_address_that_changed_keeps_the_asset_and_its_history() -> None:
    site = inventory()
    heard(site, "10.1.1.5", at=0)
    heard(site, "10.1.1.9", at=500)
    feed(site, arp("10.1.1.5", A, 0), arp("10.1.1.9", A, 500))
    found = unite(site)
    assert "10.1.1.5" not in keys(site)
    assert ("10.1.1.9", "10.1.1.5", "now", "mac") in faces(found)


def test_an_address_that_was_given_up_is_a_former_one() -> None:
    """A new lease: the same card, an hour later."""
    site = inventory()
    heard(site, "10.1.1.5", at=0)
    heard(site, "10.1.1.9", at=3600)
    feed(site, arp("10.1.1.5", A, 0), arp("10.1.1.9", A, 3600))
    (row,) = (row for row in unite(site) if row.key == "10.1.1.5")
    assert (row.asset, row.state, row.reason, row.value) == ("10.1.1.9", "former", "mac", A)
    assert row.last_ns < asset_rows(site, placed)[0].last_ns


def test_an_address_that_went_to_another_device_is_a_former_one() -> None:
    site = inventory()
    heard(site, "10.1.1.5", "10.1.1.9")
    feed(site, arp("10.1.1.5", A, 0), arp("10.1.1.9", A, 500), arp("10.1.1.5", B, 600))
    found = unite(site)
    rows = {row.key: row for row in asset_rows(site, placed)}
    assert (rows["10.1.1.9"].macs, rows["10.1.1.5"].macs) == ((A,), (B,))
    assert ("10.1.1.9", "10.1.1.5", "former", "mac") in faces(found)


def test_a_module_said_by_its_address_and_by_its_slot_is_one() -> None:
    site = inventory()
    feed(site, tally(tcp(CLIENT, GATE, 44818, "enip"), (3, 3), (9, 9)), cip(GATE, "0x00524d8e"), cip(GATE, "0x00524d8e", ("port 1/0",)))
    feed(site, cip(GATE, "0x00000001", ("port 1/1",), "1756-L61"))
    found = unite(site)
    assert [key for key in keys(site) if key.startswith(GATE)] == [GATE, f"{GATE}/port 1/1"]
    (bond,) = (row for row in found if row.reason == "cip serial")
    assert (bond.asset, bond.key, bond.value) == (GATE, f"{GATE}/port 1/0", "1/0x00524d8e")


def test_devices_on_a_bus_stand_behind_their_interface_which_is_one_of_them() -> None:
    site = inventory()
    talk = udp(CLIENT, GATE, 3671, "knx", client_port=50000)
    feed(site, tally(talk, (3, 3), (9, 9)))
    for device in ("1.1.0", "1.1.20", "1.1.9"):
        feed(site, said(talk, Request("knx", Verb.ALARM, "GroupValueWrite", 0x80, origin=(f"knx {device}",), one_way=True), False))
    feed(site, said(talk, Identity("knx", (), (("knx_address", "1.1.0"), ("name", "IP interface"))), False))
    restart = Request("knx", Verb.CONTROL, "Restart", 0x380, target=("knx 1.1.77",), one_way=True)
    feed(site, said(talk, restart, times=3))
    (bond,) = (row for row in unite(site) if row.reason == "knx address")
    assert (bond.asset, bond.key, bond.value) == (GATE, f"{GATE}/knx 1.1.0", "1.1.0")
    assert [key for key in keys(site) if key.startswith(GATE)] == [GATE, *(f"{GATE}/knx 1.1.{one}" for one in (9, 20, 77))]
    assert site.knowledge.silent == {f"{GATE}/knx 1.1.77"}
    known = site.known(f"{GATE}/knx 1.1.20")
    assert (known.kind, known.parent, known.ip, known.knx, site.roles(known.key)) == ("knx-device", GATE, GATE, "1.1.20", ())


@pytest.mark.parametrize(("kind", "there"), [("14", False), ("12", True)])
def test_slot_0_of_a_controller_with_its_own_port_is_the_controller(kind: str, there: bool) -> None:
    """A bridge (type 12) stands in front of the controller in slot 0; a CompactLogix (14) is it."""
    site = inventory()
    talk = tcp(CLIENT, GATE, 44818, "enip")
    fields = (("vendor_id", "1"), ("device_type", kind), ("serial", "0x00c0ffee"), ("product", "1769-L33ER"))
    feed(site, tally(talk, (3, 3), (9, 9)), said(talk, Identity("cip", (), fields), False))
    feed(site, said(talk, read(("port 1/0",), "cip"), times=9), said(talk, answer(("port 1/0",), "cip"), False, times=9))
    unite(site)
    assert (f"{GATE}/port 1/0" in keys(site)) is there


@pytest.mark.parametrize("serial", ["0x00000000", ""])
def test_no_serial_joins_nothing(serial: str) -> None:
    site = inventory()
    feed(site, cip("10.1.1.1", serial), cip("10.1.1.2", serial))
    unite(site)
    assert {"10.1.1.1", "10.1.1.2"} <= set(keys(site))


def test_a_router_and_its_own_station_are_one_device() -> None:
    site = inventory()
    talk = udp("192.168.0.24", "192.168.0.255")
    feed(site, *i_am(talk, 17), *i_am(talk, 17, ("net 3/01",)), *i_am(talk, 18, ("net 3/02",)))
    found = unite(site)
    assert [key for key in keys(site) if key.startswith(("192.168.0.24", "bacnet 1"))] == ["192.168.0.24", "bacnet 18"]
    assert ("192.168.0.24", "bacnet 17", "now", "bacnet instance") in faces(found)


def test_children_follow_parents_that_are_one() -> None:
    site = inventory()
    for at, ip in ((0, "10.1.1.5"), (500, "10.1.1.9")):
        talk = tcp(CLIENT, ip)
        feed(site, tally(talk, (5, 6), (60, 60), at=at), arp(ip, A, at))
        for hop in ("unit 1", "unit 2"):
            feed(site, said(talk, answer((hop,)), False, at=at, times=4))
    unite(site)
    assert [key for key in keys(site) if "unit" in key] == ["10.1.1.9/unit 1", "10.1.1.9/unit 2"]
    assert {row.parent for row in asset_rows(site, placed) if row.kind == "modbus-unit"} == {"10.1.1.9"}


def test_attributes_of_all_faces_stand_together() -> None:
    site = inventory()
    feed(site, cip("10.1.1.5", "0x1"), said(tcp(CLIENT, "10.1.1.6", 80, "http"), Identity("http", (), (("software", "Rockwell"),)), False))
    feed(site, arp("10.1.1.5", A), arp("10.1.1.6", A))
    unite(site)
    assert {row.name for row in attribute_rows(site) if row.asset == "10.1.1.5"} >= {"serial", "software"}
    assert not [row for row in attribute_rows(site) if row.asset == "10.1.1.6"]


# -- two things -------------------------------------------------------------------------------------------------------------------------


def test_two_devices_with_one_address_are_two() -> None:
    site = inventory()
    heard(site, "10.1.1.5")
    feed(site, arp("10.1.1.5", A, 0), arp("10.1.1.5", B, 5), arp("10.1.1.5", A, 10))
    found = unite(site)
    rows = {row.key: row for row in asset_rows(site, placed)}
    assert (rows["10.1.1.5"].macs, rows[B].macs, rows[B].address, rows[B].kind) == ((A,), (B,), "10.1.1.5", "l2")
    assert {("10.1.1.5", B, "conflict", "address"), (B, "10.1.1.5", "conflict", "address")} <= faces(found)


def test_two_cards_of_one_device_are_one() -> None:
    site = inventory()
    near = "00:80:f4:00:00:02"
    heard(site, "10.1.1.5")
    feed(site, arp("10.1.1.5", A, 0), arp("10.1.1.5", near, 5), arp("10.1.1.5", A, 10))
    found = unite(site)
    (row,) = (row for row in asset_rows(site, placed) if row.key == "10.1.1.5")
    assert row.macs == (A, near)
    assert {("10.1.1.5", A, "now", "arp"), ("10.1.1.5", near, "now", "arp")} <= faces(found)
    assert not [face for face in found if face.state == "conflict"]


def test_a_card_that_was_replaced_is_a_former_one() -> None:
    site = inventory()
    heard(site, "10.1.1.5")
    feed(site, arp("10.1.1.5", A, 0), arp("10.1.1.5", B, 500))
    assert {("10.1.1.5", A, "former", "arp"), ("10.1.1.5", B, "now", "arp")} <= faces(unite(site))


def test_who_claims_the_address_of_another_beside_its_own_is_named() -> None:
    site = inventory()
    heard(site, "10.1.1.1", "10.1.1.66")
    feed(site, arp("10.1.1.1", A, 0), arp("10.1.1.66", B, 1), arp("10.1.1.1", B, 5), arp("10.1.1.1", A, 10), arp("10.1.1.66", B, 11))
    found = unite(site)
    assert {"10.1.1.1", "10.1.1.66"} <= set(keys(site))
    assert ("10.1.1.66", "10.1.1.1", "conflict", "address") in faces(found)


VIRTUAL = [
    ("00:00:5e:00:01:0a", "VRRP 10"), ("00:00:0c:07:ac:05", "HSRP 5"), ("00:00:0c:9f:f0:0b", "HSRP 11"), ("00:07:b4:00:0a:01", "GLBP 10"),
]  # fmt: skip


@pytest.mark.parametrize(("mac", "group"), VIRTUAL)
def test_a_virtual_card_joins_nobody(mac: str, group: str) -> None:
    site = inventory()
    heard(site, "10.1.1.1", "10.1.1.2")
    feed(site, arp("10.1.1.1", mac), arp("10.1.1.2", mac, 1))
    found = unite(site)
    assert {"10.1.1.1", "10.1.1.2"} <= set(keys(site))
    assert {(row.asset, row.value) for row in found if row.state == "shared"} == {("10.1.1.1", group), ("10.1.1.2", group)}


def test_two_stations_with_one_instance_behind_different_routers_are_told() -> None:
    """A host and an MS/TP station behind another router cannot be one device."""
    site = inventory()
    feed(site, *i_am(udp("10.1.1.5", "10.1.1.255"), 17), *i_am(udp("10.1.1.6", "10.1.1.255"), 17, ("net 3/01",)))
    found = unite(site)
    assert {"10.1.1.5", "bacnet 17"} <= set(keys(site))
    assert ("10.1.1.5", "bacnet 17", "conflict", "bacnet instance") in faces(found)


def test_what_a_person_declared_as_two_is_never_joined() -> None:
    site = inventory()
    site.declare([Declared(("10.1.1.5",), (("name", "one"),)), Declared(("10.1.1.9",), (("name", "two"),))])
    heard(site, "10.1.1.5", "10.1.1.9")
    feed(site, arp("10.1.1.5", A), arp("10.1.1.9", A))
    unite(site)
    assert {"10.1.1.5", "10.1.1.9"} <= set(keys(site))


def test_what_a_person_declared_as_one_is_one() -> None:
    site = inventory()
    site.declare([Declared(("10.1.1.5", "10.2.2.9"), (("name", "server"),))])
    heard(site, "10.1.1.5", "10.2.2.9")
    found = unite(site)
    assert ("10.1.1.5", "10.2.2.9", "now", "declared") in faces(found)
    assert [row.name for row in asset_rows(site, placed) if row.key.startswith("10.1.1.5")] == ["server"]


# -- silent children --------------------------------------------------------------------------------------------------------------------


def gateway(site: Inventory, units: int, times: int) -> None:
    talk = tcp(CLIENT, GATE)
    feed(site, tally(talk, (5, 6), (60, 60)))
    for number in (1, 2):
        feed(site, said(talk, answer((f"unit {number}",)), False, times=4))
    for number in range(3, 3 + units):
        feed(site, said(talk, read((f"unit {number}",)), times=times))


def test_what_is_asked_again_and_again_and_never_answers_is_listed_as_silent() -> None:
    site = inventory()
    gateway(site, 1, 5)
    unite(site)
    rows = {row.key: row for row in asset_rows(site, placed)}
    assert (rows[f"{GATE}/unit 3"].presence, rows[f"{GATE}/unit 3"].parent) == ("silent", GATE)
    assert rows[f"{GATE}/unit 1"].presence == "heard"


@pytest.mark.parametrize(("units", "times"), [(4, 1), (SILENT_SIBLINGS + 1, 5)])
def test_what_a_scan_tries_is_no_device(units: int, times: int) -> None:
    site = inventory()
    gateway(site, units, times)
    unite(site)
    assert "silent" not in {row.presence for row in asset_rows(site, placed)}


def test_a_station_that_never_answers_has_a_parent() -> None:
    site = inventory()
    talk = udp(CLIENT, "192.168.0.24")
    feed(site, *i_am(udp("192.168.0.24", "192.168.0.255"), 17), tally(talk, (9, 9)))
    feed(site, said(talk, Request("bacnet", Verb.READ, "readProperty", 12, ("net 3/09",)), times=9))
    unite(site)
    (row,) = (row for row in asset_rows(site, placed) if row.presence == "silent")
    assert (row.key, row.parent) == ("bacnet 3/09", "192.168.0.24")


# -- as a whole -------------------------------------------------------------------------------------------------------------------------


def test_uniting_twice_says_the_same() -> None:
    site = inventory()
    heard(site, "10.1.1.5", "10.1.1.9")
    feed(site, arp("10.1.1.5", A), arp("10.1.1.9", A, 9))
    first = unite(site), asset_rows(site, placed)
    assert (unite(site), asset_rows(site, placed)) == first


def test_stations_of_a_serial_line_and_behind_its_router_are_one(captures: Path) -> None:
    """Frame by frame on MS/TP, station 0x72 is 00:00:00:00:00:72; the router calls it 26001/72. Both say device 86114."""
    site = replay(captures / "bacnet/ctsamples-BACnetIP-MSTP-Mix.pcap")
    found = unite(site)
    assert ("bacnet 86114", "00:00:00:00:00:72", "now", "bacnet instance") in faces(found)


def test_the_spoofer_of_a_gateway_is_named(captures: Path) -> None:
    site = replay(captures / "mixed/tracepcap-week5_shadow_device_arp_spoof.pcap")
    assert ("10.0.4.50", "10.0.1.11", "conflict", "address") in faces(unite(site))
