from otwatch.events import Identity, Verb
from otwatch.inventory import Known
from otwatch.inventory.rows import Placed, asset_rows, attribute_rows, link_rows
from tests.inventory.said import START, answer, feed, i_am, inventory, read, said, tally, tcp, udp, write

CLIENT, GATE = "10.20.1.12", "10.20.1.60"


def placed(known: Known) -> Placed:
    return Placed(f"zone of {known.parent or known.key}", "cidr", "C3")


def test_asset_row() -> None:
    site = inventory()
    talk = tcp(CLIENT, GATE)
    identity = Identity("modbus", (), (("vendor", "Schneider Electric"), ("product_code", "EGX150"), ("firmware", "4.1")))
    feed(site, tally(talk, (5, 6), (60, 60), macs=("", "00:80:f4:00:00:01"), vlan=310), said(talk, identity, False))
    for hop in ("unit 1", "unit 2"):
        feed(site, said(talk, read((hop,)), times=4), said(talk, answer((hop,)), False, at=9, times=4))
    rows = {row.key: row for row in asset_rows(site, placed)}
    assert list(rows) == [CLIENT, GATE, f"{GATE}/unit 1", f"{GATE}/unit 2"]
    gate, unit = rows[GATE], rows[f"{GATE}/unit 2"]
    assert (gate.vendor, gate.product, gate.firmware) == ("Schneider Electric", "EGX150", "4.1")
    assert (gate.macs, gate.vlan) == (("00:80:f4:00:00:01",), 310)
    assert (gate.packets, gate.services, gate.zone, gate.criticality) == (6, ("tcp/502 modbus",), f"zone of {GATE}", "C3")
    assert gate.roles[0] == ("gateway", "units 2")
    assert (unit.kind, unit.parent, unit.address, unit.zone) == ("modbus-unit", GATE, GATE, f"zone of {GATE}")
    assert (unit.packets, unit.vlan) == (4, 310)
    assert unit.first_ns == START
    assert unit.last_ns == START + 9_000_000_000


def test_the_vlan_in_which_a_router_passes_packets_on_is_nobody_elses() -> None:
    """A mirror of a trunk shows them in both VLANs, the last time with the router's card."""
    site, router = inventory(), "00:1b:54:00:00:02"
    talk = tcp(CLIENT, "10.22.8.20")
    feed(site, tally(talk, macs=(router, ""), vlan=20), tally(tcp("10.22.8.1", "10.22.8.20"), macs=(router, ""), vlan=20))
    feed(site, tally(talk, macs=(router, "00:80:f4:00:00:01"), vlan=20, at=20))
    rows = {row.key: row for row in asset_rows(site, placed)}
    assert (rows[CLIENT].vlan, rows["10.22.8.20"].vlan) == (-1, 20)


def test_attributes_have_one_chosen_value_a_name() -> None:
    site = inventory()
    feed(site, tally(udp("10.1.1.1", "10.1.1.255"), (1, 0), macs=("00:80:f4:00:00:01", "")), *i_am(udp("10.1.1.1", "10.1.1.255"), 7))
    rows = attribute_rows(site)
    assert [(row.name, row.value, row.source, row.confidence, row.chosen) for row in rows if row.name == "vendor"] == [
        ("vendor", "Siemens", "bacnet I-Am", "self", True),
        ("vendor", "TELEMECANIQUE ELECTRIQUE", "MAC address (IEEE)", "mac", False),
    ]


def test_links_of_one_unit_fold_into_the_host() -> None:
    site = inventory()
    talk = tcp(CLIENT, GATE)
    feed(site, tally(talk, (5, 6), (60, 60)), said(talk, read(("unit 5",)), times=4), said(talk, answer(("unit 5",)), False, times=4))
    (row,) = link_rows(site, placed)
    assert (row.client, row.server, row.packets, row.verbs, row.role, row.state) == (CLIENT, GATE, 11, {"READ": 4}, "syn", "established")
    assert (row.client_zone, row.server_zone, row.verdict) == (f"zone of {CLIENT}", f"zone of {GATE}", "not judged")


def test_traffic_belongs_to_who_asks_more() -> None:
    """The controller was heard first, so the conversation bears its name; nearly all requests are the server's."""
    site = inventory()
    talk = udp("10.22.1.15", "10.20.1.10")
    notice = read((), "bacnet")._replace(verb=Verb.SUBSCRIBE)
    feed(site, tally(talk, (10, 40)), said(talk, read((), "bacnet"), False, times=20), said(talk, notice, True, times=3))
    rows = {(row.client, row.server): row for row in link_rows(site, placed)}
    asks, tells = rows["10.20.1.10", "10.22.1.15"], rows["10.22.1.15", "10.20.1.10"]
    assert (asks.packets, asks.bytes_sent, asks.bytes_received, asks.verbs) == (50, 2400, 600, {"READ": 20})
    assert (tells.packets, tells.bytes_sent, tells.verbs) == (3, 0, {"SUBSCRIBE": 3})


def test_writes_and_order() -> None:
    site = inventory()
    feed(site, said(tcp("10.1.1.10", GATE), write(())), said(tcp("10.1.1.9", GATE), write(())))
    rows = link_rows(site, placed)
    assert [(row.client, row.writes) for row in rows] == [("10.1.1.9", 1), ("10.1.1.10", 1)]
