"""A draft of a site file from what was seen (domain/zones.md 8.6): suggested zones, and a conduit for each protocol between two of them.

It would bless an attacker who is there already. So nothing is left out in silence: what writes, what was seen once or on few days,
what a never rule forbids and where the initiator is a guess carries a flag, and a person reads the flags first.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from ipaddress import ip_address

from otwatch.conclusions import Draft, DraftConduit
from otwatch.config.site import DeclaredZone, Place, Site
from otwatch.config.words import ANY_PROTOCOL, PROTOCOLS
from otwatch.events import Verb
from otwatch.results import AssetRow, LinkRow, Results, ZoneRow
from otwatch.zones.compare import LOCAL_PROTOCOLS
from otwatch.zones.policy import Policy, means

LISTED = 8
"""Hosts that a conduit names; beyond it the zone is meant."""
STEADY_DAYS = 3
"""Days from which a flow counts as usual (zones.md 8.6)."""
MANY_PORTS = 8
"""Ports of something without a name from which a person must look at it."""
_FLAG_ORDER = ("never", "write", "ports", "initiator", "single", "days")
_HOSTS = frozenset({"host", "external"})
_UMAS_VERB = "SESSION"
"""Modbus has no sessions: one on its port is UMAS (function 90), which conduits name apart."""

Group = tuple[str, str, str, str, tuple[int, ...]]


def drafted(results: Results) -> Draft:
    """The draft of a record whose zones were suggested."""
    zones = tuple(row for row in results.zones if row.suggested and row.id)
    known = {row.id for row in zones}
    assets = {row.key: row for row in results.assets}
    groups: dict[Group, list[LinkRow]] = {}
    for link in results.links:
        if _is_flow(link, assets) and {link.client_zone, link.server_zone} <= known:
            for proto, transport, ports in map(_wide, named(link)):
                groups.setdefault((link.client_zone, link.server_zone, proto, transport, ports), []).append(link)
    order = {row.id: at for at, row in enumerate(zones)}
    policy = _policy(zones)
    keys = sorted(groups, key=lambda key: (order[key[0]], order[key[1]], key[2:]))
    conduits = tuple(conduit_of(f"s{at:02}", key, groups[key], assets, policy) for at, key in enumerate(keys, 1))
    last_ns = max((row.last_ns for row in results.captures), default=0)
    return Draft(zones, conduits, _with_role(results.assets, "time"), _with_role(results.assets, "router"), last_ns)


def _is_flow(link: LinkRow, assets: dict[str, AssetRow]) -> bool:
    server = assets.get(link.server)
    to_group = server is not None and server.kind == "group"
    crosses = link.client_zone != link.server_zone and link.state == "established"
    return crosses and not to_group and link.protocol not in LOCAL_PROTOCOLS and link.transport != "icmp"


def named(link: LinkRow) -> list[tuple[str, str, tuple[int, ...]]]:
    """Protocol, transport and ports as a conduit says them; the port is only said where the protocol's own does not hold."""
    name = link.protocol if link.protocol in PROTOCOLS else _also(link.protocol)
    if not name:
        return [(ANY_PROTOCOL, link.transport, (link.port,) if link.port else ())]
    usual = PROTOCOLS[name].ports
    ports = () if link.port in usual or not link.port else (link.port,)
    umas = [("umas", "", ports)] if name == "modbus" and _UMAS_VERB in link.verbs else []
    return [(name, "", ports), *umas]


def _wide(spoken: tuple[str, str, tuple[int, ...]]) -> tuple[str, str, tuple[int, ...]]:
    """What has no name is one line for two zones, whatever its ports: a program that takes another port every day would fill the file."""
    proto, transport, ports = spoken
    return proto, transport, () if proto == ANY_PROTOCOL else ports


def _also(protocol: str) -> str:
    return next((name for name, proto in PROTOCOLS.items() if protocol and protocol in proto.also), "")


def conduit_of(name: str, key: Group, links: list[LinkRow], assets: dict[str, AssetRow], policy: Policy) -> DraftConduit:
    client_zone, server_zone, proto, transport, ports = key
    verbs: Counter[str] = Counter()
    for link in links:
        verbs.update(link.verbs)
    writing = [link for link in links if link.writes]
    if proto == ANY_PROTOCOL:
        ports = tuple(sorted({link.port for link in links if link.port}))
        verbs[Verb.SESSION] += 1  # what cannot be read is one (zones.md 9.6), and no more than that is let through
    rule = _forbidding(policy, client_zone, server_zone, set(verbs))
    counted = {
        "clients": len({link.client for link in links}), "servers": len({link.server for link in links}),
        "writes": sum(link.writes for link in links), "days": max(link.days for link in links),
    }  # fmt: skip
    return DraftConduit(
        name, client_zone, server_zone, proto, transport, ports, tuple(sorted(verbs)) if verbs else (),
        _addresses((link.client for link in links), assets), _addresses((link.server for link in links), assets),
        _addresses((link.client for link in writing), assets), counted, _flags(links, proto, counted, rule), rule,
        min(links, key=lambda link: (not link.writes, link.first_ns, link.frame)).frame,
    )  # fmt: skip


def _flags(links: Sequence[LinkRow], proto: str, counted: dict[str, int], rule: str) -> tuple[str, ...]:
    held = {
        "never": bool(rule),
        "write": counted["writes"] > 0,
        "initiator": all(link.role == "guess" for link in links),
        "single": len(links) == 1,
        "days": counted["days"] < STEADY_DAYS,
        "ports": proto == ANY_PROTOCOL and len({link.port for link in links}) > MANY_PORTS,
    }
    return tuple(flag for flag in _FLAG_ORDER if held[flag])


def _addresses(keys: Iterable[str], assets: dict[str, AssetRow]) -> tuple[str, ...]:
    """Addresses of hosts; none where there are too many, or where one cannot be named by an address."""
    distinct = set(keys)
    found = {assets[key].address for key in distinct if key in assets and assets[key].kind in _HOSTS}
    return tuple(sorted(found, key=lambda one: (ip_address(one).version, ip_address(one)))) if len(found) == len(distinct) <= LISTED else ()


def _forbidding(policy: Policy, client_zone: str, server_zone: str, verbs: set[str]) -> str:
    """The never rule that forbids some of what was seen."""
    client, server = policy.zone(client_zone), policy.zone(server_zone)
    for rule in policy.never:
        if means(rule, client, server) and (not rule.ops or rule.ops & verbs):
            return rule.id
    return ""


def _policy(zones: Iterable[ZoneRow]) -> Policy:
    """The zones with the never rules that hold everywhere."""
    lines = (DeclaredZone(row.id, row.kind, level=row.level, criticality=row.criticality, trust=row.trust) for row in zones)
    return Policy(Site(1, Place("", "UTC"), zones=tuple(lines)))


def _with_role(assets: Iterable[AssetRow], role: str) -> tuple[str, ...]:
    return tuple(row.address for row in assets if row.kind == "host" and row.address and any(name == role for name, _ in row.roles))


