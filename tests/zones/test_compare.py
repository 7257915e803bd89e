"""Every step of domain/zones.md 9.6 and every clause of 5.4, on a site of two zones."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as some

from otwatch.changes import LinkSeen
from otwatch.config.site import Place, Site
from otwatch.decode.ports import ETHERTYPES, SERVICES
from otwatch.dissectors import DISSECTORS
from otwatch.events import Verb
from otwatch.zones.compare import LOCAL_PROTOCOLS, Judged, Verdict, judge
from otwatch.zones.policy import Placed, Policy
from otwatch.zones.suggestion.suggest import Host, draft, suggest

from .conftest import Judge, at, judged, link

ZONES = """
zones:
  - {id: a, kind: supervision, match: [{cidr: 10.1.0.0/16}]}
  - {id: b, kind: hvac_general, match: [{cidr: 10.2.0.0/16}]}
  - {id: c, kind: cctv, intra: declared, match: [{cidr: 10.3.0.0/16}]}
never: []
windows: [{id: day, days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00"}]
"""
A, B = "10.1.0.1", "10.2.0.1"
NIGHT = at("2026-10-13T20:00")
Sites = Callable[[str], Site]


def shown(found: Verdict) -> str:
    return " ".join(part for part in (found.kind, found.rule, found.conduit, *found.reasons) if part)


def conduit(clauses: str) -> str:
    return ZONES + f"conduits: [{{id: k, from: a, to: b, {clauses}}}]\n"


@pytest.mark.parametrize(
    ("clauses", "seen", "expected"),
    [
        # protocol and port
        ("protocols: {proto: modbus}", link(A, B, "modbus", "READ"), "allowed k"),
        ("protocols: {proto: modbus}", link(A, B, "modbus", "READ", 1502), "undeclared proto"),
        ("protocols: {proto: modbus, ports: 1500-1510}", link(A, B, "modbus", "READ", 1502), "allowed k"),
        ("protocols: {proto: modbus}", link(A, B, "s7", "READ", 102), "undeclared proto"),
        ("protocols: {proto: modbus}", link(A, B, "http", "READ", 502), "undeclared proto"),  # a web server on 502 is not Modbus
        ("protocols: {proto: modbus, transport: udp}", link(A, B, "modbus", "READ"), "undeclared proto"),
        ("protocols: {proto: enip}", link(A, B, "cip", "READ"), "allowed k"),
        ("protocols: {proto: enip}", link(A, B, "cip-io", "SUBSCRIBE", 2222, transport="udp"), "allowed k"),
        ("protocols: {proto: https}", link(A, B, "http", "READ", 443), "undeclared proto"),
        ("protocols: {proto: https}", link(A, B, "tls", None, 443), "allowed k"),
        ("protocols: {proto: sql, ports: 1433}", link(A, B, "mssql", None, 1433), "allowed k"),
        ("protocols: {proto: vnc, ports: 6000}", link(A, B, "", None, 6000), "allowed k"),
        ("protocols: {proto: any}", link(A, B, "", None, 7777), "allowed k"),
        ("protocols: {proto: umas}", link(A, B, "modbus", "READ", umas="0x02"), "allowed k"),
        ("protocols: {proto: umas}", link(A, B, "modbus", "SESSION"), "allowed k"),
        ("protocols: {proto: umas}", link(A, B, "modbus", "READ"), "undeclared proto"),
        ("protocols: {proto: modbus, ops: ANY}", link(A, B, "modbus", "PROGRAM", umas="0x31"), "undeclared proto"),
        # op
        ("protocols: {proto: modbus}", link(A, B, "modbus", "WRITE"), "violation k op"),
        ("protocols: {proto: modbus, ops: [READ, WRITE]}", link(A, B, "modbus", "WRITE"), "allowed k"),
        ("protocols: {proto: modbus, ops: ANY}", link(A, B, "modbus", "PROGRAM"), "allowed k"),
        ("protocols: {proto: modbus, ops: READ}", link(A, B, "modbus", None), "allowed k op?"),  # nothing of it can be read
        ("protocols: {proto: ftp}", link(A, B, "ftp", "FILE", 21), "allowed k"),  # IT protocols: any verb
        # hosts
        ("protocols: {proto: modbus}, hosts_from: 10.1.0.2", link(A, B, "modbus", "READ"), "violation k hosts_from"),
        ("protocols: {proto: modbus}, hosts_from: 10.1.0.0/30", link(A, B, "modbus", "READ"), "allowed k"),
        ("protocols: {proto: modbus}, hosts_to: 10.2.0.2", link(A, B, "modbus", "READ"), "violation k hosts_to"),
        ("protocols: {proto: modbus, ops: ANY}, write_hosts: 10.1.0.2", link(A, B, "modbus", "READ"), "allowed k"),
        ("protocols: {proto: modbus, ops: ANY}, write_hosts: 10.1.0.2", link(A, B, "modbus", "TIME"), "violation k write_hosts"),
        # priority
        ("protocols: {proto: bacnet, ops: ANY}, strongest_bacnet_priority: 8", link(A, B, "bacnet", "WRITE", strongest=8), "allowed k"),
        (
            "protocols: {proto: bacnet, ops: ANY}, strongest_bacnet_priority: 8",
            link(A, B, "bacnet", "WRITE", strongest=7),
            "violation k strongest_bacnet_priority",
        ),
        ("protocols: {proto: bacnet, ops: ANY}, strongest_bacnet_priority: 8", link(A, B, "bacnet", "WRITE"), "allowed k"),
        # TLS and version
        ("protocols: {proto: https, tls: required}", link(A, B, "https", None, tls="1.3"), "allowed k"),
        ("protocols: {proto: https, tls: required}", link(A, B, "https", None), "allowed k tls?"),
        ("protocols: {proto: bacnet-sc, tls: required}", link(A, B, "bacnet-sc", None), "allowed k"),
        ("protocols: {proto: https, tls: required}", link(A, B, "https", None, tls="none"), "violation k tls"),
        ("protocols: {proto: opcua, tls: required}", link(A, B, "opcua", "READ", 4840), "violation k tls"),
        ("protocols: {proto: http, tls: required}", link(A, B, "http", "READ"), "violation k tls"),
        ("protocols: {proto: https, tls: forbidden}", link(A, B, "tls", None, 443), "violation k tls"),
        ("protocols: {proto: snmp, version: 3}", link(A, B, "snmp", "READ", version="3"), "allowed k"),
        ("protocols: {proto: snmp, version: 3}", link(A, B, "snmp", "READ", version="2c"), "violation k version"),
        ("protocols: {proto: snmp, version: 3}", link(A, B, "snmp", "READ"), "allowed k version?"),
        # time
        ("protocols: {proto: modbus}, window: day", link(A, B, "modbus", "READ"), "allowed k"),
        ("protocols: {proto: modbus}, window: day", link(A, B, "modbus", "READ", time_ns=NIGHT), "violation k window"),
        ("protocols: {proto: modbus}, expires: 2027-01-01", link(A, B, "modbus", "READ", time_ns=at("2027-01-01T23:59")), "allowed k"),
        (
            "protocols: {proto: modbus}, expires: 2027-01-01",
            link(A, B, "modbus", "READ", time_ns=at("2027-01-02T00:00")),
            "undeclared k expires",
        ),
        # all that fails is told
        (
            "protocols: {proto: modbus}, window: day, hosts_from: 10.1.0.9",
            link(A, B, "modbus", "WRITE", time_ns=NIGHT),
            "violation k op hosts_from window",
        ),
        # the other direction is another conduit
        ("protocols: {proto: modbus}", link(B, A, "modbus", "READ"), "undeclared pair"),
        ("protocols: {proto: modbus}, unidirectional: true", link(B, A, "modbus", "READ"), "forbidden k unidirectional"),
        # what is no flow between zones
        ("protocols: {proto: modbus}", link(A, "255.255.255.255", "bacnet", "DISCOVER"), "not judged broadcast"),
        ("protocols: {proto: modbus}", link(A, "10.255.255.255", "bacnet", "DISCOVER"), "not judged broadcast"),
        ("protocols: {proto: modbus}", link(A, "ff:ff:ff:ff:ff:ff", "bacnet", "DISCOVER", transport="ethernet"), "not judged broadcast"),
        ("protocols: {proto: modbus}", link(A, "10.2.255.255", "bacnet", "DISCOVER"), "undeclared proto"),  # directed: a real flow
        (
            "protocols: {proto: modbus}",
            link(A, "10.255.255.255", "modbus", "READ"),
            "undeclared pair unknown_target",
        ),  # TCP is no broadcast
        ("protocols: {proto: modbus}", link(A, "239.255.255.250", "ssdp", "DISCOVER", transport="udp"), "not judged multicast"),
        ("protocols: {proto: modbus}", link(A, B, "arp", "DISCOVER", transport="ethernet"), "not judged local"),
        ("protocols: {proto: modbus}", link(A, B, "dhcp", None, 67, transport="udp"), "not judged local"),
        ("protocols: {proto: modbus}", link(A, B, "", None, transport="icmp"), "allowed k icmp"),
        ("protocols: {proto: modbus}", link(B, A, "", None, transport="icmp"), "allowed k icmp"),
        ("protocols: {proto: modbus}", link(A, "10.3.0.1", "", None, transport="icmp"), "undeclared icmp pair"),
        # unknown assets
        ("protocols: {proto: modbus}", link("10.9.0.1", B, "modbus", "READ"), "undeclared pair unknown_source"),
        ("protocols: {proto: modbus}", link("10.9.0.1", "10.9.0.2", "modbus", "READ"), "intra"),
        # inside a zone
        ("protocols: {proto: modbus}", link(A, "10.1.0.2", "modbus", "WRITE"), "intra"),
        ("protocols: {proto: modbus}", link("10.3.0.1", "10.3.0.2", "http", "READ"), "undeclared pair"),
    ],
)
def test_clauses(site_of: Sites, clauses: str, seen: LinkSeen, expected: str) -> None:
    assert shown(judged(site_of(conduit(clauses)), seen)) == expected


def test_the_conduit_that_fails_least_is_named(site_of: Sites) -> None:
    text = ZONES + (
        "conduits:\n  - {id: k1, from: a, to: b, protocols: {proto: modbus}, hosts_from: 10.1.0.9}\n"
        "  - {id: k2, from: [a, c], to: [c, b], protocols: {proto: modbus}}\n"
    )
    assert shown(judged(site_of(text), link(A, B, "modbus", "WRITE"))) == "violation k2 op"
    assert shown(judged(site_of(text), link(A, B, "modbus", "READ"))) == "allowed k2"


def test_an_exception_holds_only_for_what_its_conduit_allows(site_of: Sites) -> None:
    text = conduit("protocols: {proto: modbus}").replace("never: []", "never: [{id: n, from: a, to: b, except_conduits: k}]")
    assert shown(judged(site_of(text), link(A, B, "modbus", "READ"))) == "allowed k"
    assert shown(judged(site_of(text), link(A, B, "modbus", "WRITE"))) == "forbidden n"
    assert shown(judged(site_of(text), link(A, B, "ssh", None, 22))) == "forbidden n"


def test_never_rules_by_protocol_and_verb(site_of: Sites) -> None:
    text = conduit("protocols: {proto: any}").replace(
        "never: []", "never: [{id: n, from: a, to: b, protocols: {proto: modbus, ops: WRITE}}]"
    )
    assert shown(judged(site_of(text), link(A, B, "modbus", "WRITE"))) == "forbidden n"
    assert judged(site_of(text), link(A, B, "modbus", "READ")).kind == "allowed"
    assert judged(site_of(text), link(A, B, "s7", "WRITE", 102)).kind == "allowed"


def test_what_cannot_be_read_is_a_session_for_never_rules(site_of: Sites) -> None:
    text = ZONES.replace("never: []", "never: [{id: n, from: a, to: b, ops: %s}]")
    assert judged(site_of(text % "WRITE"), link(A, B, "modbus", None)).kind == "not judged"
    assert judged(site_of(text % "SESSION"), link(A, B, "modbus", None)).kind == "forbidden"


def test_without_conduits_only_never_rules_are_judged(site_of: Sites) -> None:
    assert shown(judged(site_of(ZONES), link(A, B, "modbus", "WRITE"))) == "not judged no_conduits"
    assert shown(judged(site_of(ZONES + "conduits: []\n"), link(A, B, "modbus", "WRITE"))) == "undeclared pair"


def test_what_shows_no_ports_is_not_judged_between_zones_that_may_speak(site_of: Sites) -> None:
    """Rests of fragmented datagrams whose first part the mirror lost, in either direction: answers may be the long ones."""
    text = conduit("protocols: {proto: bacnet}").replace("never: []", "never: [{id: n, from: b, to: a}]")
    for one, other in ((A, B), (B, A)):
        assert shown(judged(site_of(text), link(one, other, "", None, 0, transport="udp"))) == "not judged no_ports"
    assert shown(judged(site_of(text), link(A, "10.3.0.1", "", None, 0, transport="udp"))) == "undeclared pair"
    assert shown(judged(site_of(text), link(A, B, "rtp", None, 0, transport="udp"))) == "undeclared proto"


def test_the_internet_is_never_allowed_even_in_the_shortest_file(site_of: Sites) -> None:
    assert shown(judged(site_of(""), link("10.1.0.1", "198.51.100.7", "https", None))) == "forbidden d02"
    assert shown(judged(site_of(""), link("198.51.100.7", "10.1.0.1", "modbus", None))) == "forbidden d01"


def test_a_draft_judges_only_never_rules_between_sure_zones() -> None:
    office = [Host(f"10.5.0.{n}", f"10.5.0.{n}", roles={"office": 3.0}, days=7) for n in range(1, 6)]
    air = [Host(f"10.6.0.{n}", f"10.6.0.{n}", names=(f"CTA_BLOC_{n}",), roles={"controller": 3.0}, days=7) for n in range(1, 6)]
    policy = draft(suggest(office + air), Place("x", "Europe/Paris"))
    sure = [Placed(ip, ip, policy.zone(zone)) for ip, zone in (("10.5.0.1", "office_it"), ("10.6.0.1", "hvac_critical"))]
    assert shown(judge(policy, link("10.5.0.1", "10.6.0.1", "modbus", "READ"), sure[0], sure[1])) == "forbidden d03"
    assert shown(judge(policy, link("10.6.0.1", "10.5.0.1", "modbus", "READ"), sure[1], sure[0]._replace(zone=policy.zone("unknown")))) == (
        "not judged draft"
    )
    doubtful = sure[0].zone._replace(confidence=0.69)
    assert judge(policy, link("10.5.0.1", "10.6.0.1", "modbus", "READ"), sure[0]._replace(zone=doubtful), sure[1]).kind == "not judged"


ADDRESSES = some.sampled_from(
    ["10.20.1.10", "10.22.1.15", "10.10.5.20", "10.24.1.3", "8.8.8.8", "10.22.1.255", "224.0.0.1", "10.25.9.9", "fd00::1"]
)


@given(
    ADDRESSES,
    ADDRESSES,
    some.sampled_from(["modbus", "bacnet", "https", "ssh", "", "x"]),
    some.sampled_from([None, *Verb]),
    some.integers(0, 65535),
)
def test_every_link_has_one_verdict_with_its_source(
    policy: Policy, client: str, server: str, protocol: str, verb: Verb | None, port: int
) -> None:
    found = judged(policy.site, link(client, server, protocol, verb, port))
    assert (found.rule != "") == (found.kind == Judged.FORBIDDEN)
    assert found.conduit if found.kind in {Judged.ALLOWED, Judged.VIOLATION} else True
    assert found.reasons if found.kind in {Judged.UNDECLARED, Judged.VIOLATION, Judged.NOT_JUDGED} else True


def test_attempts_are_judged_like_the_rest(verdict: Judge) -> None:
    assert verdict("10.10.5.20", "10.22.8.20", "", None, 80, state="attempt").kind == "forbidden"


def test_a_bacnet_broadcast_to_all_networks_is_no_flow(verdict: Judge) -> None:
    assert shown(verdict("10.22.1.15", "bacnet 65535/*", "bacnet", "DISCOVER")) == "not judged broadcast"
    assert verdict("10.22.1.15", "bacnet 2001/*", "bacnet", "DISCOVER").reasons != ("broadcast",)


def test_local_protocols_are_named_as_they_are_heard() -> None:
    heard = {one.name for one in DISSECTORS} | {*ETHERTYPES.values()} | {name for names in SERVICES.values() for name in names.values()}
    assert heard >= LOCAL_PROTOCOLS
