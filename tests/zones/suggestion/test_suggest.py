"""Zones suggested from what was seen (domain/zones.md 8)."""

import re
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as some

from otwatch.config.site import Place
from otwatch.zones.matching.conditions import Identified
from otwatch.zones.matching.matcher import Matcher, rule_text
from otwatch.zones.policy import UNKNOWN_ID
from otwatch.zones.suggestion.cells import Host
from otwatch.zones.suggestion.suggest import Suggestion, draft, suggest

PLACE = Place("x", "Europe/Paris")


def hosts(cell: str, count: int, roles: Mapping[str, float] | None = None, name: str = "", vlan: int = -1, days: int = 7) -> list[Host]:
    return [Host(f"{cell}.{n}", f"{cell}.{n}", vlan, (f"{name}{n}",) if name else (), roles or {}, days) for n in range(1, count + 1)]


def test_cells_are_vlans_else_networks() -> None:
    found = suggest(
        [*hosts("10.1.0", 3, {"camera": 4.0}), *hosts("10.1.1", 2, {"camera": 4.0}, vlan=7), *hosts("10.2.9", 2, {"camera": 4.0}, vlan=7)]
    )
    assert [(one.zone, [rule_text(match) for match in one.match], len(one.members)) for one in found] == [
        ("cctv", ["cidr 10.1.0.0/24"], 3),
        ("cctv_2", ["vlan 7"], 4),
    ]


def test_share_confidence_and_criticality() -> None:
    mixed = [*hosts("10.1.0", 3, {"camera": 4.0}), Host("10.1.0.9", "10.1.0.9", roles={"controller": 3.0})]
    (one,) = suggest(mixed)
    assert (one.kind, one.share) == ("cctv", 0.8)
    assert one.confidence == pytest.approx(0.5 * 0.8 + 0.2 * 4 / 5 + 0.2 * 1 / 7 * 7)
    (air,) = suggest(hosts("10.1.0", 5, {"controller": 3.0}, "CTA_BLOC_"))
    assert (air.kind, air.confidence, air.criticality) == ("hvac_critical", 1.0, "C4")
    (general,) = suggest(hosts("10.1.0", 5, {"controller": 3.0}, "CTA_"))
    assert (general.kind, general.criticality) == ("hvac_general", "C2")


def test_too_few_or_too_mixed_stays_unknown() -> None:
    assert suggest(hosts("10.1.0", 1, {"camera": 4.0}))[0].kind == "unknown"
    assert suggest(hosts("10.1.0", 1, {"time": 5.0}))[0].kind == "time_ntp"  # one is enough
    assert suggest(hosts("10.1.0", 3))[0].kind == "unknown"
    assert suggest(hosts("10.1.0", 2)) == []  # nothing is known of them: that is what the zone of everything unknown is for
    assert suggest(hosts("10.1.0", 2, {"controller": 3.0}))[0].kind == "unknown"
    mixed = [*hosts("10.1.0", 2, {"camera": 4.0}), *hosts("10.1.0", 4, {"office": 3.0}), *hosts("10.1.0", 3, {"telephony": 3.0})]
    assert suggest(mixed)[0].kind == "unknown"
    assert suggest(hosts("10.1.0", 3, {"camera": 2.9}))[0].kind == "unknown"  # below the floor of roles


def test_public_and_multicast_addresses_are_no_cell() -> None:
    assert suggest([Host("8.8.8.8", "8.8.8.8"), Host("224.0.0.1", "224.0.0.1"), Host("00:80:f4:00:00:01", "")]) == []


def test_a_draft_places_assets_like_a_declared_site() -> None:
    policy = draft(suggest([*hosts("10.1.0", 5, {"camera": 4.0}), *hosts("10.2.0", 5, {"office": 3.0}, vlan=12)]), PLACE)
    place = Matcher(policy.site).place
    assert policy.draft
    assert place(Identified("10.1.0.200")).zone == "cctv"
    assert place(Identified("10.9.0.1", vlan=12)).zone == "office_it"
    assert (place(Identified("10.9.0.1")).zone, place(Identified("8.8.8.8")).zone) == ("unknown", "internet")
    assert policy.zone("cctv").confidence == pytest.approx(0.9)


ADDRESSES = some.sampled_from(["10.0.0.1", "10.0.0.2", "10.0.1.1", "fe80::1%x", "", "zz"])
NAMES = some.lists(some.text(max_size=20), max_size=2).map(tuple)
ROLES = some.dictionaries(some.sampled_from(["camera", "time", "x"]), some.floats(0, 9), max_size=2)


@given(some.lists(some.builds(Host, some.text(max_size=5), ADDRESSES, some.integers(-1, 2), NAMES, ROLES, some.integers(0, 9))))
def test_any_hosts_give_a_usable_draft(seen: list[Host]) -> None:
    found = suggest(seen)
    assert all(0.0 <= one.confidence <= 1.0 and one.members for one in found)
    assert len({one.zone for one in found}) == len(found)
    draft(found, PLACE)


def test_what_no_rule_of_a_draft_holds_is_never_sure() -> None:
    policy = draft(suggest(hosts("10.1.1", 5)), PLACE)
    assert policy.zone(UNKNOWN_ID).confidence == 0.0
    assert policy.zone("internet").confidence == 1.0


def test_a_cell_without_a_kind_is_divided_into_those_that_talk() -> None:
    cameras = hosts("10.1.0", 4, {"camera": 4.0})
    others = [Host(f"10.1.0.{n}", f"10.1.0.{n}", roles={"controller": 3.0}, days=7) for n in range(11, 18)]
    talks = {(one.asset, other.asset): 5.0 for group in (cameras, others) for one in group for other in group if one.asset < other.asset}
    found = suggest([*cameras, *others], talks)
    assert [(one.zone, len(one.members), one.match[0].cidr is None) for one in found] == [("cctv", 4, True), ("net_10_1_0_0", 7, False)]
    assert found == suggest([*cameras, *others], dict(reversed(talks.items())))


def test_an_unknown_zone_keeps_its_id_and_says_what_it_may_be() -> None:
    alone = hosts("10.3.0", 1, {"camera": 4.0})
    for more in ([], hosts("10.2.0", 2)):
        (one,) = (one for one in suggest([*more, *alone]) if one.members == ("10.3.0.1",))
        assert (one.zone, one.kind, one.proposed, one.confidence) == ("net_10_3_0_0", "unknown", "cctv", 0.0)
        assert one.reasons == ("share 1.00", "agree 1/1", "days 7", "roles camera 1")


@given(some.integers(0, 2**128 - 1), some.integers(0, 2**32 - 1))
def test_ids_of_zones_are_slugs(six: int, four: int) -> None:
    for address in (IPv6Address(six), IPv4Address(four)):
        for one in suggest([Host(str(address), str(address), roles={"controller": 3.0})]):
            assert re.fullmatch("[a-z0-9_]{1,32}", one.zone)


def test_link_local_addresses_are_in_no_cell() -> None:
    assert suggest([Host("fe80::1", "fe80::1")]) == []


def _rules(found: list[Suggestion]) -> list[tuple[list[str], int]]:
    return [([rule_text(match) for match in one.match], len(one.members)) for one in found]


def test_networks_whose_hosts_ask_for_each_other_by_arp_are_one() -> None:
    """A mask of 255.255.254.0 is seen by who asks for whom; who asks for half the world has a wrong mask (zones.md 8.1)."""
    seen = [*hosts("10.1.0", 3), *hosts("10.1.1", 3), *hosts("10.1.3", 3), *hosts("10.9.0", 3)]
    asked = [("10.1.0.1", "10.1.1.1"), ("10.1.0.2", "10.9.0.1"), ("10.1.3.1", "10.1.3.2"), ("10.1.0.3", "192.168.9.9")]
    assert _rules(suggest(seen, asked=asked)) == [(["cidr 10.1.0.0/23"], 6), (["cidr 10.1.3.0/24"], 3), (["cidr 10.9.0.0/24"], 3)]
    assert suggest(seen, asked=reversed(asked)) == suggest(seen, asked=asked)


def test_a_network_around_two_gateways_is_two() -> None:
    """Two /25 behind a gateway each: nobody asks for who is in the other half."""
    roles: dict[int, dict[str, float]] = {1: {"router": 4.0}, 129: {"router": 4.0}}
    halves = [[Host(f"10.1.0.{n}", f"10.1.0.{n}", roles=roles.get(n, {})) for n in range(at, at + 4)] for at in (1, 129)]
    asked = [(one.ip, half[0].ip) for half in halves for one in half[1:]]
    everybody = [one for half in halves for one in half]
    assert _rules(suggest(everybody, asked=asked)) == [(["cidr 10.1.0.0/25"], 4), (["cidr 10.1.0.128/25"], 4)]
    assert _rules(suggest(everybody, asked=[*asked, ("10.1.0.2", "10.1.0.130")])) == [(["cidr 10.1.0.0/24"], 8)]
    plain = [one._replace(roles={}) for one in everybody]
    assert _rules(suggest(plain, asked=asked)) == [(["cidr 10.1.0.0/24"], 8)]
