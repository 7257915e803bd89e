"""What a firewall that reads protocols may let through, conduit by conduit: by its ops and the expected writers (domain/zones.md 11.7)."""

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

from otwatch.conclusions import Permit, Proposal
from otwatch.config.site import Host, Writer
from otwatch.config.words import ANY
from otwatch.zones.policy import Policy
from otwatch.zones.rows import spans_text

FUNCTIONS: dict[str, dict[str, tuple[int, ...]]] = {
    "modbus": {
        "DISCOVER": (17, 43), "READ": (1, 2, 3, 4, 7, 11, 12, 20, 24), "WRITE": (5, 6, 15, 16, 21, 22, 23), "OTHER": (8,),
    },
    "bacnet": {
        "DISCOVER": (), "READ": (3, 4, 12, 14, 26, 29), "SUBSCRIBE": (1, 5, 28, 30, 31), "WRITE": (15, 16), "ALARM": (0, 2), "FILE": (6,),
        "CONTROL": (17, 20, 27), "PROGRAM": (7,), "ADMIN": (8, 9, 10, 11),
    },
}  # fmt: skip
"""Verb -> Modbus functions (v1.1b3 section 6), confirmed BACnet services (135-2020 clause 21). A test holds them against the dissectors."""


def function_filter(policy: Policy, proposal: Proposal) -> dict[str, Any]:
    return {"filters": [_filter(policy, one) for one in proposal.permits if one.enforceable != "l3"]}


def _filter(policy: Policy, one: Permit) -> dict[str, Any]:
    conduit = policy.conduits[one.conduit]
    known = FUNCTIONS.get(one.proto, {})
    codes = {verb: sorted(known[verb]) for verb in one.ops_allowed if known.get(verb)}
    return {
        "conduit": one.conduit, "from_zone": one.client_zone, "to_zone": one.server_zone, "src": one.sources, "dst": one.targets,
        "transport": one.transport, "ports": one.ports, "proto": one.proto, "ops_allowed": one.ops_allowed, "ops_seen": one.ops_seen,
        "functions": {} if ANY in one.ops_allowed else codes,
        "write_hosts": [str(host) for host in conduit.write_hosts],
        "strongest_bacnet_priority": conduit.strongest_bacnet_priority,
        "window": conduit.window,
        "expected_writers": [_writer(line) for line in _writers(policy, one)],
    }  # fmt: skip


def _writers(policy: Policy, one: Permit) -> Iterator[Writer]:
    """Lines whose client and server may lie in the two zones."""
    for line in policy.site.expected_writers:
        if line.proto == one.proto and _touches(line.client, one.sources) and _touches(line.server, one.targets):
            yield line


def _touches(hosts: tuple[Host, ...], networks: tuple[str, ...]) -> bool:
    if not hosts or not networks:
        return True
    zones = [ip_network(network) for network in networks]
    listed = [host for host in hosts if not isinstance(host, str)]
    return any(host.version == zone.version and host.overlaps(zone) for host in listed for zone in zones) or len(listed) < len(hosts)


def _writer(line: Writer) -> dict[str, Any]:
    """What the line restricts, and nothing else."""
    spans = {name: spans_text(getattr(line, name)) for name in ("unit", "addresses") if getattr(line, name)}
    lists = {name: getattr(line, name) for name in ("fc", "objects", "properties", "paths", "services", "areas", "nodes", "groups", "oids")}
    hosts = {name: [str(host) for host in getattr(line, name)] for name in ("client", "server")}
    limits = {str(at): [low, high] for at, low, high in line.values}
    rest = {"values": limits, "strongest_priority": line.strongest_priority, "window": line.window}
    return {name: value for name, value in (hosts | spans | lists | rest).items() if value}
