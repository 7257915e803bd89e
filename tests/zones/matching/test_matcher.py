"""Precedence of match rules, one test a row of domain/zones.md 7."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, ip_address, ip_network
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.config.site import DeclaredZone, Match, Place, Site
from otwatch.zones.matching.conditions import Identified
from otwatch.zones.matching.matcher import Decision, Matcher
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
        (Identified("203.0.113.9", vlan=311), "in_public", 10),  # the VLAN is that of the router
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


# -- promises ---------------------------------------------------------------------------------------------------------------------------

_PREFIXES = st.integers(8, 30).flatmap(lambda bits: st.integers(0, 2**12).map(lambda at: _prefix(at << 14, bits)))
_RULES = st.one_of(
    st.builds(lambda cidr: Match(cidr=cidr), _PREFIXES),
    st.builds(lambda number: Match(ip=IPv4Address(number)), st.integers(0x0A000000, 0x0A00FFFF)),
    st.builds(lambda vlan: Match(vlan=(vlan,)), st.integers(1, 3)),
    st.builds(lambda name, priority: Match(name=name, priority=priority), st.sampled_from("ab"), st.integers(0, 2)),
    st.builds(lambda role, cidr: Match(role=role, cidr=cidr), st.sampled_from(["camera", "ups"]), _PREFIXES),
    st.sampled_from([Match(fallback="private"), Match(mac="02:00:00:00:00:01"), Match(bacnet_instance=((1, 5),))]),
)
_ZONES = st.lists(st.lists(_RULES, max_size=3), min_size=1, max_size=6).map(
    lambda zones: tuple(DeclaredZone(f"z{at}", "ups", match=tuple(match)) for at, match in enumerate(zones))
)


def _known(ip: int, vlan: int, mac: str, names: tuple[str, ...], roles: frozenset[str], instance: int | None) -> Identified:
    return Identified(str(IPv4Address(ip)), mac, vlan, names=names, roles=roles, bacnet_instance=instance)


_ASSETS = st.builds(
    _known, st.integers(0x0A000000, 0x0A00FFFF), st.integers(-1, 3), st.sampled_from(["", "02:00:00:00:00:01"]),
    st.sampled_from([(), ("a",), ("ab",)]), st.sampled_from([frozenset(), CAMERA]), st.sampled_from([None, 3, 9]),
)  # fmt: skip


def _prefix(number: int, bits: int) -> IPv4Network:
    return IPv4Network((0x0A000000 | number & 0xFFFF, bits), strict=False)


def _matcher(zones: tuple[DeclaredZone, ...]) -> Matcher:
    return Matcher(Site(1, Place("x", "Europe/Paris"), zones=zones))


@given(_ZONES, _ASSETS, st.randoms(use_true_random=False))
def test_matching_is_a_total_order(zones: tuple[DeclaredZone, ...], asset: Identified, random: Random) -> None:
    """Of all rules that hold, one is best, whatever the order of the file; where the order decides, that is told."""
    found = _matcher(zones).place(asset)
    shuffled = list(zones)
    random.shuffle(shuffled)
    again = _matcher(tuple(shuffled)).place(asset)
    assert found.rank == again.rank
    if not found.rival:
        assert (found.zone, again.rival) == (again.zone, "")


@given(_ZONES, _ASSETS)
def test_the_best_rule_is_the_best_of_each_alone(zones: tuple[DeclaredZone, ...], asset: Identified) -> None:
    alone = [_matcher((zone._replace(match=(match,)),)).place(asset) for zone in zones for match in zone.match]
    assert _matcher(zones).place(asset).rank == max((one.rank for one in alone), default=0.0)


@given(_ZONES, _ASSETS, _RULES)
def test_another_rule_only_moves_what_it_means(zones: tuple[DeclaredZone, ...], asset: Identified, rule: Match) -> None:
    """An asset is moved by a new rule only into the rule's own zone, and only where the rule holds and is at least as exact."""
    before = _matcher(zones).place(asset)
    after = _matcher((*zones, DeclaredZone("new", "ups", match=(rule,)))).place(asset)
    alone = _matcher((DeclaredZone("new", "ups", match=(rule,)),)).place(asset)
    if after.zone != before.zone:
        assert after.zone == "new" == alone.zone
        assert alone.rank >= before.rank
    if alone.zone == "new" and alone.rank > before.rank:
        assert after.zone == "new"
