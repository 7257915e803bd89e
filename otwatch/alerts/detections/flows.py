"""Judging flows between zones that nobody declared, or that a rule forbids (domain/zones.md 9.6).

The verdict is the policy's; here it becomes a finding. All judges look at the same link, and the most specific one tells it.
"""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from otwatch.alerts.detections.operations import floor_if
from otwatch.alerts.model import Evidence, Severity, Site, ZoneView
from otwatch.alerts.severity import SURE
from otwatch.changes import DomainShared, LinkSeen
from otwatch.events import Verb

_OUTSIDE = "internet"
_THIS_NETWORK = ip_network("0.0.0.0/8")
_OT_LEVEL, _DMZ_LEVEL = 3.0, 3.5
_ROLES = frozenset({"controller", "gateway", "camera", "ups", "supervision", "engineering"})
_ORDERS = frozenset({Verb.WRITE, Verb.CONTROL, Verb.PROGRAM, Verb.ADMIN, Verb.TIME})
_BOUNDARIES = (3.0, 3.5, 4.0)
"""B3, B2, B1 of zones.md 11.1: a flow crosses one where one side is below it and the other at it or above."""

_CLAUSES = {
    "write_hosts": "write_clause", "strongest_bacnet_priority": "write_clause", "window": "window", "op": "host", "hosts_from": "host",
    "hosts_to": "host", "tls": "tls", "version": "tls",
}  # fmt: skip
_TECHNICAL_PORTS = frozenset({102, 502, 2404, 4840, 20000})
"""TCP ports on which equipment is asked (protocols.md 1): who answers there is ours even before a message of it could be read."""
_NO_FLOWS = frozenset({"answer", "local", "broadcast", "multicast"})
"""Reasons of a verdict: nothing that passes a router."""
_CLOCK_PORTS, _NAME_PORTS = frozenset({123}), frozenset({53, 853})
VIOLATIONS = {
    "write_clause": Severity.HIGH, "window": Severity.MEDIUM, "host": Severity.MEDIUM, "tls": Severity.LOW, "expired": Severity.LOW,
}  # fmt: skip
OUTBOUND = {"other": Severity.HIGH, "cloud": Severity.MEDIUM, "dns": Severity.MEDIUM, "time": Severity.LOW, "attempt": Severity.LOW}
"""Severities by variant: the worst clause names a violation, and a deep host that reaches out counts one more."""


def link_evidence(link: LinkSeen, variant: str, subkey: str, **facts: str) -> Evidence:
    """Evidence that a link was seen."""
    spoken = link.protocol or (f"{link.transport}/{link.port}" if link.port else link.transport)
    said = {"state": link.state, "deed": "contacted", "protocols": spoken, "verb": str(link.verb or "–").lower()}
    return Evidence(
        variant, link.client, link.server, spoken, link.time_ns, link.time_ns, (link.frame,), (), subkey, said | facts,
        failed=False, verb=link.verb, transport=link.transport, port=link.port,
    )  # fmt: skip


def forbidden(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    verdict = site.verdict(link)
    if verdict.kind != "forbidden":
        return
    grave = link.state == "established" and (
        link.verb in _ORDERS or site.criticality(link.server) == "C4" or _kind(site.zone(link.client)) == _OUTSIDE
    )
    found = link_evidence(link, link.state, verdict.rule, rule=verdict.rule)
    yield found._replace(floor=floor_if(grave, Severity.CRITICAL))


def undeclared(change: LinkSeen | DomainShared, site: Site) -> Iterator[Evidence]:
    if isinstance(change, DomainShared):
        yield from _shared(change, site)
    else:
        yield from _undeclared(change, site)


def _shared(domain: DomainShared, site: Site) -> Iterator[Evidence]:
    """One finding for a VLAN (zones.md 9.3): what its hosts tell each other passes no firewall, whatever is declared."""
    if any(zone is None or zone.confidence < SURE for zone in map(site.zone, domain.assets)):
        return
    facts = {"state": "shared", "deed": "shared", "protocols": f"VLAN {domain.vlan}", "rule": "shared_broadcast_domain"}
    yield Evidence(
        "shared", domain.assets[0], domain.assets[1], "", domain.time_ns, domain.time_ns, domain.frames, (), f"vlan {domain.vlan}",
        facts | {"verb": "–", "zones": ", ".join(domain.zones)},
    )  # fmt: skip


def _undeclared(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    """DISCOVER counts less and orders count more: nobody declared them either. An expired conduit is told as such."""
    verdict = site.verdict(link)
    if verdict.kind != "undeclared" or "expires" in verdict.reasons:
        return
    if "icmp" in verdict.reasons:
        variant = "echo"
    elif link.state == "established" and link.verb is Verb.DISCOVER:
        variant = "discovery"
    elif link.state == "established" and link.verb in _ORDERS:
        variant = "order"
    else:
        variant = link.state
    yield link_evidence(link, variant, verdict.reasons[0] if verdict.reasons else "", rule=", ".join(verdict.reasons))


def violation(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    verdict = site.verdict(link)
    if verdict.kind == "undeclared" and "expires" in verdict.reasons:
        yield link_evidence(link, "expired", verdict.conduit, rule=verdict.conduit, clause="window")
        return
    if verdict.kind != "violation":
        return
    failed = [clause for clause in verdict.reasons if not clause.endswith("?")]
    clauses = {clause: _clause_variant(clause, link) for clause in failed}
    worst = max(failed, key=lambda clause: (VIOLATIONS[clauses[clause]], clause), default="op")
    yield link_evidence(link, clauses.get(worst, "host"), f"{verdict.conduit} {worst}", rule=verdict.conduit, clause=worst)


def _clause_variant(clause: str, link: LinkSeen) -> str:
    if clause == "op" and link.verb in _ORDERS:
        return "write_clause"
    return _CLAUSES.get(clause, "host")


def skip(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    """One finding for each pair of zones and hosts; what is declared or inside one zone was decided by a person."""
    client, server = site.zone(link.client), site.zone(link.server)
    if client is None or server is None or link.state != "established" or link.is_portless:
        return
    if min(client.confidence, server.confidence) < SURE or _OUTSIDE in (client.kind, server.kind):
        return
    depth = crossed(client.level, server.level)
    if depth >= 2 and site.verdict(link).kind not in {"allowed", "intra"} and _NO_FLOWS.isdisjoint(site.verdict(link).reasons):
        yield link_evidence(link, f"depth{depth}", "", rule=f"{client.level:g} → {server.level:g}")


def crossed(one: float, other: float) -> int:
    """How many boundaries between levels stand between two zones."""
    low, high = sorted((one, other))
    return sum(low < boundary <= high for boundary in _BOUNDARIES)


def outbound(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    if not _reaches_out(link, site):
        return
    variant = _service(link, site) if link.state == "established" else "attempt"
    zone = site.zone(link.client)
    deep = zone is not None and zone.level <= 1
    network = network_of(site.host(link.server))
    found = link_evidence(link, variant, network, rule=network)
    yield found._replace(floor=floor_if(deep, min(Severity(OUTBOUND[variant] + 1), Severity.CRITICAL)))


def _reaches_out(link: LinkSeen, site: Site) -> bool:
    is_outside = _kind(site.zone(link.server)) == _OUTSIDE and _is_routed(link, site)
    return is_outside and is_technical(link.client, site) and site.verdict(link).kind != "allowed"


def _is_routed(link: LinkSeen, site: Site) -> bool:
    """Whether both are hosts that packets from elsewhere can reach: floods invent senders, and answers to these go anywhere."""
    if link.is_portless or not _NO_FLOWS.isdisjoint(site.verdict(link).reasons):
        return False
    return not any(map(_is_no_host, (site.host(link.client), site.host(link.server))))


def _is_no_host(asset: str) -> bool:
    """Addresses of the IANA special registry that no host has: 0.0.0.0/8, 127.0.0.0/8, 224.0.0.0/3 and their like in IPv6."""
    try:
        address = ip_address(asset)
    except ValueError:
        return False
    odd = address.is_multicast or address.is_loopback or address.is_unspecified
    return odd or (address.version == 4 and (address.is_reserved or address in _THIS_NETWORK))


def _service(link: LinkSeen, site: Site) -> str:
    """What is reached; a cloud has a name, by which TLS asks for it."""
    if link.protocol == "ntp" or link.port in _CLOCK_PORTS:
        return "time"
    if link.protocol == "dns" or link.port in _NAME_PORTS:
        return "dns"
    return "cloud" if site.hints(link.server).get("host") else "other"


def inbound(link: LinkSeen, site: Site) -> Iterator[Evidence]:
    if _kind(site.zone(link.client)) != _OUTSIDE or site.verdict(link).kind == "allowed" or not _is_routed(link, site):
        return
    zone = site.zone(link.server)
    in_dmz = zone is not None and zone.level == _DMZ_LEVEL
    known = in_dmz or is_technical(link.server, site)
    if known or _is_asked_as_equipment(link, zone):
        variant = "established" if link.state == "established" else "attempt"
        heard = link if known else link._replace(protocol="")  # only the port says what it would be
        yield link_evidence(heard, variant, network_of(link.client), rule=link.client)


def _is_asked_as_equipment(link: LinkSeen, zone: ZoneView | None) -> bool:
    is_ours = _kind(zone) != _OUTSIDE and (zone is None or zone.confidence < SURE)
    return is_ours and link.transport == "tcp" and link.port in _TECHNICAL_PORTS


def is_technical(asset: str, site: Site) -> bool:
    """Whether it belongs to the technical services: by its zone, or by what it does where no zone was declared for it."""
    zone = site.zone(asset)
    if zone is not None and zone.kind == _OUTSIDE:
        return False
    if zone is not None and zone.id and zone.confidence >= SURE:
        return zone.level <= _OT_LEVEL
    return bool(site.roles(asset) & _ROLES)


def network_of(asset: str) -> str:
    """The /24 (IPv6: /48) of an address: one service on the Internet has many."""
    try:
        address = ip_address(asset)
    except ValueError:
        return asset
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False))


def _kind(zone: ZoneView | None) -> str:
    return zone.kind if zone is not None else ""
