"""Least privilege: declared and seen, both, and never wider than either (domain/zones.md 11.7)."""

from ipaddress import IPv4Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch import pipeline
from otwatch.config.site import Site
from otwatch.results import Results
from otwatch.zones.firewall.permits import propose, zone_networks
from otwatch.zones.matching.conditions import Identified
from otwatch.zones.matching.matcher import Matcher
from otwatch.zones.policy import Policy
from tests.cli.commands import HOSPITAL_PCAP
from tests.outputs.samples import alert


@pytest.fixture(scope="module")
def found(example: Site) -> Results:
    return pipeline.replay([HOSPITAL_PCAP], example, None)


_NEAR = [10 << 24 | 20 << 16, 10 << 24 | 22 << 16, 10 << 24 | 24 << 16]


@given(st.sampled_from(_NEAR), st.integers(0, 0xFFFF))
def test_networks_of_zones_are_where_matching_places_addresses(example: Site, near: int, low: int) -> None:
    address = IPv4Address(near | low)
    networks = zone_networks(Policy(example))
    held = [zone for zone, parts in networks.items() if any(address in ip_network(part) for part in parts)]
    assert held == [Matcher(example).place(Identified(str(address))).zone]


def test_networks_of_one_zone_do_not_overlap_anothers(example: Site) -> None:
    parts = [(zone, ip_network(part)) for zone, found in zone_networks(Policy(example)).items() for part in found]
    assert not [(one, other) for one, a in parts for other, b in parts if one < other and a.overlaps(b)]


@pytest.mark.parametrize("narrow", [False, True])
def test_never_wider_than_the_conduit_nor_than_what_was_seen(example: Site, found: Results, narrow: bool) -> None:
    policy = Policy(example)
    networks = zone_networks(policy)
    proposal = propose(policy, found, narrow=narrow)
    assert proposal.permits
    for one in proposal.permits:
        conduit = policy.conduits[one.conduit]
        assert one.client_zone in conduit.sources
        for side, zone in ((one.sources, one.client_zone), (one.targets, one.server_zone)):
            wide = [ip_network(part) for part in networks[zone]]
            assert all(any(ip_network(part).subnet_of(whole) for whole in wide) for part in side)  # type: ignore[arg-type]  # all are IPv4
        seen = [link for link in found.links if link.rule == one.conduit and link.verdict == "allowed"]
        assert set(one.ports) <= {link.port for link in seen}
    assert {one.conduit for one in proposal.permits}.isdisjoint(proposal.unseen)
    assert {one.conduit for one in proposal.permits} | set(proposal.unseen) <= set(policy.conduits)


def test_what_a_finding_is_about_gets_no_line(example: Site, found: Results) -> None:
    policy = Policy(example)
    snmp = next(one for one in propose(policy, found).permits if one.conduit == "c11")
    bad = alert(1, 3, client="10.20.1.11", server="10.21.4.40", protocol="snmp")
    without = propose(policy, found._replace(alerts=(bad,)))
    assert snmp.conduit not in {one.conduit for one in without.permits}
    assert without.alerted == (("10.20.1.11", "10.21.4.40", "snmp"),)
    excused = propose(policy, found._replace(alerts=(bad._replace(status="expected"),)))
    assert snmp in excused.permits


def test_what_a_firewall_cannot_hold_is_said(example: Site, found: Results) -> None:
    permits = {one.conduit: one for one in propose(Policy(example), found).permits}
    assert (permits["c01"].enforceable, permits["c01"].notes) == ("l3+dpi", ("ops", "write_hosts", "priority", "notifications"))
    assert permits["c20"].enforceable == "l3"
    tagged = found._replace(assets=tuple(row._replace(vlan=7) for row in found.assets))
    assert {one.enforceable for one in propose(Policy(example), tagged).permits} == {"no"}


def test_a_never_rule_on_operations_refuses_all_only_where_no_conduit_leads(example: Site, found: Results) -> None:
    refusals = {one.id: one for one in propose(Policy(example), found).refusals}
    assert refusals["n04"].targets == ("ssi",)
    assert "n09" not in refusals  # it sleeps in a window, and conduits lead to those zones
    assert refusals["n02"].excepted == ("c21",)


def test_narrow_names_hosts(example: Site, found: Results) -> None:
    one = next(one for one in propose(Policy(example), found, narrow=True).permits if one.conduit == "c11")
    assert (one.sources, one.targets) == (("10.20.1.11/32",), ("10.21.4.40/32",))
    assert ip_address("10.21.4.40") in ip_network(one.targets[0])
