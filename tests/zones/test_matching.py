"""Precedence of match rules, one test a row of domain/zones.md 7."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network

import pytest

from otwatch.config.site import DeclaredZone, Match, Place, Site
from otwatch.zones.conditions import Identified
from otwatch.zones.matching import Decision, Matcher
from otwatch.zones.policy import OUTSIDE_ID, UNKNOWN_ID

LADDER = """
gateways: [10.0.0.254]
zones:
  - {id: pinned, kind: ups}
  - {id: by_mac, kind: ups, match: [{mac: "00:80:f4:00:00:01"}]}
  - {id: by_ip, kind: ups, match: [{ip: 10.0.0.1}, {ip: 10.0.0.254}]}
  - {id: by_unit, kind: ups, match: [{modbus: {ip: 10.0.0.9, unit: "1-40"}}]}
  - {id: by_instance, kind: ups, match: [{bacnet_instance: "100-199"}]}
  - {id: by_station, kind: ups, match: [{bacnet: {network: 21, mac: "05"}}]}
  - {id: by_knx, kind: ups, match: [{knx: "1.1.*"}]}
  - {id: by_cip, kind: ups, match: [{cip: {ip: 10.0.0.9, path: "1,0"}}]}
  - {id: by_long, kind: ups, match: [{cidr: 10.0.0.0/28}]}
  - {id: by_short, kind: ups, match: [{cidr: 10.0.0.0/24}]}
  - {id: by_vlan, kind: ups, match: [{vlan: [310, 311]}]}
  - {id: by_network, kind: ups, match: [{bacnet_network: 21}]}
  - {id: by_name, kind: ups, match: [{name: "(?i)^cta"}]}
  - {id: by_role, kind: ups, match: [{role: camera}]}
  - {id: by_oui, kind: ups, match: [{mac_oui: "00:40:8c"}]}
  - {id: by_vendor, kind: ups, match: [{vendor: "(?i)axis"}]}
  - {id: in_private, kind: ups, match: [{fallback: private}]}
  - {id: in_public, kind: ups, match: [{fallback: public}]}
assets: [{id: x, ip: 10.0.0.2, zone: pinned}, {id: y, mac: "00:80:f4:00:00:09", zone: pinned}]
"""
CAMERA = frozenset({"camera"})


@pytest.mark.parametrize(
    ("asset", "zone", "rank"),
    [
        (Identified("10.0.0.2", "00:80:f4:00:00:01"), "pinned", 100),
        (Identified("10.0.0.1", "00:80:f4:00:00:09"), "pinned", 100),
        (Identified("10.0.0.1", "00:80:f4:00:00:01"), "by_mac", 90),
        (Identified("10.0.0.254", "00:80:f4:00:00:01"), "by_ip", 80),  # the MAC of a gateway says nothing
        (Identified("10.0.0.1", bacnet_instance=100), "by_ip", 80),
        (Identified("10.0.0.3", bacnet_instance=100), "by_instance", 70),
        (Identified("10.0.0.9", modbus_unit=40, parent_zone="by_long"), "by_unit", 70),
        (Identified("10.0.0.9", modbus_unit=41, parent_zone="by_long"), "by_long", 15),
        (Identified("10.0.0.9", modbus_unit=41), "by_long", 60.028),
        (Identified("10.0.0.9", cip_path="1,0", parent_zone="by_long"), "by_cip", 70),
        (Identified("10.0.0.9", cip_path="1,1", names=("CTA",), parent_zone="by_long"), "by_long", 15),
        (Identified("10.0.0.9", knx="1.1.17"), "by_knx", 70),
        (Identified("10.0.0.5", bacnet_network=21, bacnet_mac="05", parent_zone="by_long"), "by_station", 70),
        (Identified("10.0.0.5", vlan=310), "by_long", 60.028),
        (Identified("10.0.0.99", vlan=310), "by_short", 60.024),
        (Identified("10.9.0.1", vlan=311, names=("CTA-1",)), "by_vlan", 50),
        (Identified("10.0.0.1", bacnet_network=21, bacnet_mac="06", parent_zone="by_ip"), "by_network", 40),
        (Identified("10.0.0.1", bacnet_network=22, names=("CTA-1",), parent_zone="by_ip"), "by_name", 30),
        (Identified("10.0.0.1", bacnet_network=22, parent_zone="by_ip"), "by_ip", 15),
        (Identified("10.9.0.1", names=("x", "cta-2"), roles=CAMERA), "by_name", 30),
        (Identified("10.9.0.1", roles=CAMERA), "by_role", 20),
        (Identified("10.9.0.1", mac="00:40:8c:11:22:33"), "by_oui", 20),
        (Identified(mac="00:40:8c:11:22:33"), "by_oui", 20),  # known by MAC only
        (Identified("10.9.0.1", vendor="Axis AB"), "by_vendor", 20),
        (Identified("fe80::1%eth0", parent_zone="by_ip"), "by_ip", 15),  # the IPv4 asset with the same MAC
        (Identified("10.9.0.1"), "in_private", 10),
        (Identified("fd00::1"), "in_private", 10),
        (Identified("169.254.7.7"), "in_private", 10),
        (Identified("203.0.113.9"), "in_public", 10),
        (Identified("2a00:1450::1"), "in_public", 10),
        (Identified("239.1.1.1"), UNKNOWN_ID, 0),
        (Identified(), UNKNOWN_ID, 0),
    ],
)
def test_precedence(site_of: Callable[[str], Site], asset: Identified, zone: str, rank: float) -> None:
    found = Matcher(site_of(LADDER)).place(asset)
    assert found.zone == zone
    assert found.rank == pytest.approx(rank)


def place(site_of: Callable[[str], Site], zones: str, asset: Identified) -> Decision:
    return Matcher(site_of(zones)).place(asset)


def test_conditions_of_one_rule_must_all_hold(site_of: Callable[[str], Site]) -> None:
    zones = (
        "zones:\n - {id: a, kind: ups, match: [{cidr: 10.0.0.0/24, role: camera}]}\n - {id: b, kind: ups, match: [{cidr: 10.0.0.0/16}]}\n"
    )
    assert place(site_of, zones, Identified("10.0.0.1", roles=CAMERA)).zone == "a"
    assert place(site_of, zones, Identified("10.0.0.1")).zone == "b"


def test_equal_rank_is_decided_by_priority_then_by_the_file_and_told(site_of: Callable[[str], Site]) -> None:
    zones = "zones:\n - {id: a, kind: ups, match: [{name: x}]}\n - {id: b, kind: ups, match: [{name: y%s}]}\n"
    both = Identified(names=("xy",))
    assert place(site_of, zones % "", both)[::3] == ("a", "b")
    assert place(site_of, zones % ", priority: 1", both)[::3] == ("b", "")


def test_decision_names_its_rule(site_of: Callable[[str], Site]) -> None:
    assert place(site_of, LADDER, Identified("10.0.0.99")).rule == "zones[9].match[0] cidr 10.0.0.0/24"


def test_without_any_rule_public_addresses_are_outside(site_of: Callable[[str], Site]) -> None:
    assert place(site_of, "", Identified("8.8.8.8")).zone == OUTSIDE_ID
    assert place(site_of, "", Identified("10.0.0.1")) == Decision(UNKNOWN_ID, 0.0, "")


def test_own_public_ranges_are_not_outside(site_of: Callable[[str], Site]) -> None:
    own = site_of("")._replace(site=Place("x", "Europe/Paris", public_internal=(ip_network("8.8.8.0/24"),)))
    assert Matcher(own).place(Identified("8.8.8.8")).zone == UNKNOWN_ID


def test_ten_thousand_prefixes_are_looked_up_not_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    zones = tuple(
        DeclaredZone(f"z{number}", "ups", match=(Match(cidr=ip_network((int(ip_address("10.0.0.0")) + number * 256, 24))),))
        for number in range(10_000)
    )
    matcher = Matcher(Site(1, Place("x", "Europe/Paris"), zones=zones))
    met: list[object] = []
    usual = Matcher._under
    monkeypatch.setattr(Matcher, "_under", lambda self, name, key: met.extend(usual(self, name, key)) or usual(self, name, key))
    for number in range(2_000):
        assert matcher.place(Identified(f"10.{number % 39}.{number % 256}.7")).rank == pytest.approx(60.024)
    assert len(met) == 2_000  # the one rule that holds for each
