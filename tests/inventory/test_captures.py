"""Real captures through the wire half: what is known of them from their makers or from tshark."""

from pathlib import Path

import pytest

from otwatch.capture import open_captures
from otwatch.dissectors import DISSECTORS
from otwatch.events import Verb
from otwatch.inventory import Inventory, Known
from otwatch.inventory.rows import Placed, asset_rows, attribute_rows, link_rows
from otwatch.sightings import Sighting
from otwatch.wire import Wire, sightings


def replay(path: Path) -> Inventory:
    site = Inventory(spoken=frozenset(one.name for one in DISSECTORS))
    frames = (batch for source in open_captures([path]) for batch in source.read())
    for item in sightings(Wire(DISSECTORS), frames):
        _ = site.see(item) if isinstance(item, Sighting) else site.tally(item)
    return site


def placed(_known: Known) -> Placed:
    return Placed("", "", "C2")


def test_bacnet_devices_behind_routers(captures: Path) -> None:
    """33 devices say I-Am, 30 of them on the MS/TP network 3 behind 192.168.0.24, which is a device itself (without an instance yet).

    tshark: bacapp.unconfirmed_service == 0, distinct (bacapp.instance_number, bacnet.snet, bacnet.sadr). A gateway repeats
    them from 192.168.0.255, and 192.168.0.24 as BACnet Ethernet from its MAC: there 192.168.0.16 and 192.168.0.50 are the
    stations c0a80010bac0 and c0a80032bac0 of network 1.
    """
    site = replay(captures / "bacnet/icsnpp-bacnet_services.pcap")
    announced = {row.asset for row in attribute_rows(site) if row.source == "bacnet I-Am"}
    rows = {row.key: row for row in asset_rows(site, placed)}
    routed = {key for key in announced if rows[key].kind == "bacnet-device"}
    assert len(announced) == 33
    assert announced - routed == {"192.168.0.16", "192.168.0.24", "192.168.0.50"}
    assert {rows[key].parent for key in routed} == {"192.168.0.24"}
    assert {site.known(key).bacnet_network for key in routed} == {3}
    assert rows["192.168.0.24"].macs == ("00:e0:c9:00:10:a5",)
    assert rows["192.168.0.255"].kind == "group"
    assert rows["192.168.0.255"].roles == ()
    assert rows["192.168.0.24"].roles[0][0] == "gateway"


def test_the_fake_command_comes_from_no_habitual_client(captures: Path) -> None:
    site = replay(captures / "modbus/lemay-send_a_fake_command_modbus_6RTU_with_operate.pcap")
    asked = {link.way.server for link in site.links.asked_by(["192.168.1.100"]) if link.way.protocol == "modbus" and "/" in link.way.server}
    assert len(asked) == 6
    assert all(site.habits.polls("192.168.1.100", server, "modbus").is_established for server in asked)
    (fake,) = (link for link in site.links.asked_by(["192.168.1.101"]) if link.writes)
    assert not site.habits.polls("192.168.1.101", fake.way.server, "modbus").is_established
    assert site.habits.first_writer(fake.way.server, "modbus") == "192.168.1.100"
    rows = {row.key: row for row in asset_rows(site, placed)}
    assert rows["192.168.1.100"].roles[0] == ("supervision", "polls-many 6")
    assert {row.client for row in link_rows(site, placed) if row.server == "192.168.1.102"} == {"192.168.1.100", "192.168.1.101"}


def test_modbus_messages(captures: Path) -> None:
    """tshark counts 45 messages, 14 of them exceptions; frame 113 on the same connection says protocol 8960 and is none, only a flaw."""
    site = replay(captures / "modbus/iti-modbus_test_data_part1.pcap")
    (row,) = (row for row in site.protocols.rows({}) if row.name == "modbus")
    assert (row.requests + row.answers, row.messages, row.errors) == (45, 46, 14)
    assert sum(link.verbs.get(Verb.WRITE, 0) for link in site.links.all()) == 3


def test_twice_the_same(captures: Path) -> None:
    path = captures / "enip/icsnpp-enip_cip_example.pcap"
    one, other = replay(path), replay(path)
    assert asset_rows(one, placed) == asset_rows(other, placed)
    assert attribute_rows(one) == attribute_rows(other)
    assert link_rows(one, placed) == link_rows(other, placed)


@pytest.mark.parametrize(
    ("capture", "key", "said"),
    [
        ("c37118/icsnpp-c37_pmu_unclean.pcap", "192.168.0.14", ("Hirschmann", "MAR", "L2P-09.0.00")),
        ("l2/arkime-wireshark-lldp.pcap", "00:13:21:57:ca:7f", ("HPE", "J8762A Switch 2600-8-PWR", "H.08.89")),
        ("bsap/icsnpp-bsap-serial_example.pcapng", "192.168.5.1", ("Cisco", "cisco WS-C2940-8TT-S", "12.1(22)EA14")),
        ("s7/quickdraw-s7_test.pcap", "192.168.10.90", ("Siemens", "SIMATIC S7-300 CPU 312", "V1.2.0")),
        ("fox/iti-fox_info.pcap", "106.68.88.119", ("Tridium", "Niagara Framework", "3.5.41.1")),
    ],
)
def test_what_texts_say_of_products(capture: str, key: str, said: tuple[str, str, str], captures: Path) -> None:
    """tshark: lldp.tlv.system.desc, cdp.software_version and cdp.platform, s7comm.szl.xy11.0001.anz; Fox: app.version."""
    rows = {row.key: row for row in asset_rows(replay(captures / capture), placed)}
    assert (rows[key].vendor, rows[key].product, rows[key].firmware) == said
