"""Zones and conduits as rows of the record."""

from collections.abc import Callable

from otwatch.config.site import Site
from otwatch.zones.policy import OUTSIDE_ID, Policy
from otwatch.zones.rows import conduit_rows, zone_rows


def test_every_zone_and_conduit_of_the_example(example: Site) -> None:
    policy = Policy(example)
    zones = {row.id: row for row in zone_rows(policy, (), {"cvc": 3})}
    assert len(zones) == len(example.zones or ())
    assert (zones["cvc"].assets, zones["bt"].assets, zones["internet"].trust) == (3, 0, "external")
    assert zones["cvc_bloc"].sl_t == (2, 3, 3, 1, 3, 2, 3)
    assert [row.id for row in conduit_rows(policy)] == [conduit.id for conduit in example.conduits or ()]


def test_zones_nobody_declared_are_there_when_something_is_in_them(example: Site) -> None:
    assert OUTSIDE_ID in {row.id for row in zone_rows(Policy(example), (), {OUTSIDE_ID: 1})}


def test_a_conduit_says_what_its_line_says(site_of: Callable[[str], Site]) -> None:
    site = site_of(
        "zones: [{id: a, kind: supervision}, {id: b, kind: hvac_general}]\n"
        "conduits:\n"
        "  - {id: x, from: a, to: [b, a], protocols: [{proto: modbus, ops: [WRITE, READ]}, {proto: https, transport: tcp,"
        " ports: '443,8000-8010', tls: required}, {proto: snmp, version: 3}], write_hosts: [10.0.0.1, 10.1.0.0/24], expires: 2999-12-31}\n"
    )
    (row,) = conduit_rows(Policy(site))
    assert [tuple(line) for line in row.protocols] == [
        ("modbus", "", "", ("READ", "WRITE"), "optional", ""),
        ("https", "tcp", "443,8000-8010", ("ANY",), "required", ""),
        ("snmp", "", "", ("DISCOVER", "READ", "SESSION", "SUBSCRIBE"), "optional", "3"),
    ]
    assert (row.sources, row.targets, row.write_hosts, row.expires) == (("a",), ("b", "a"), ("10.0.0.1/32", "10.1.0.0/24"), "2999-12-31")
