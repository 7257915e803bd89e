"""Least privilege: what the site file declares and what was seen, both (domain/zones.md 11.7). Never wider than either.

otwatch never applies a rule. What was not seen is not in the list, and that is said: monthly tests, generator trials, seasons.
"""

from collections.abc import Iterable, Iterator
from ipaddress import collapse_addresses, ip_address, ip_network

from otwatch.conclusions import Permit, Proposal, Refusal
from otwatch.config.site import Allowance, Conduit, Host, Network
from otwatch.config.words import ANY, PROTOCOLS
from otwatch.results import AlertRow, LinkRow, Results
from otwatch.zones.compare import allowed_ops
from otwatch.zones.policy import Policy, is_side, means
from otwatch.zones.policy.writers import spoken

WORTH = 2
"""Severity of a finding (medium) from which its conversation gets no line."""
OPEN = frozenset({"new", "seen", "confirmed"})
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7", "fe80::/10")
"""What is internal where the site file does not say (zones.md 5.2)."""
NOTIFYING = frozenset({"bacnet"})
"""Protocols whose servers begin too, from the same port: an answer's state in the firewall does not last for them."""

Ranges = dict[str, tuple[str, ...]]


def propose(policy: Policy, results: Results, *, narrow: bool = False) -> Proposal:
    """The proposal for a record. `narrow`: only hosts that were seen, in the place of whole zones."""
    networks = zone_networks(policy)
    alerted = _alerted(results)
    allowed = [link for link in results.links if link.verdict == "allowed" and link.state == "established" and link.transport != "icmp"]
    kept = [link for link in allowed if _ends(link) not in alerted]
    permits = tuple(_permits(policy, results, kept, networks, narrow))
    used = {link.rule for link in allowed}
    site = policy.site.site
    ranges = site.internal_ranges if site.internal_ranges is not None else tuple(map(ip_network, PRIVATE))
    internal = tuple(map(str, _collapsed([*ranges, *site.public_internal])))
    frames = [row for row in results.captures if row.frames]
    said, lost = sum(row.bytes for row in results.protocols), sum(row.lost for row in results.protocols)
    return Proposal(
        permits, tuple(_refusals(policy, networks)), networks, _outside(policy), internal,
        tuple(name for name in policy.conduits if name not in used),
        tuple(sorted({_ends(link) for link in allowed} & alerted)),
        tuple(rule.id for rule in policy.never if rule.ops or rule.protocols),
        min((row.first_ns for row in frames), default=0), max((row.last_ns for row in frames), default=0),
        round(100 * lost / (said + lost), 2) if said + lost else 0.0,
    )  # fmt: skip


def _alerted(results: Results) -> set[tuple[str, str, str]]:
    return {_ends(row) for row in results.alerts if row.severity >= WORTH and row.status in OPEN}


def _ends(row: LinkRow | AlertRow) -> tuple[str, str, str]:
    """The hosts a firewall sees: what stands behind a gateway is that gateway to it."""
    return row.client.partition("/")[0], row.server.partition("/")[0], row.protocol


# -- zones as networks ------------------------------------------------------------------------------------------------------------------


def zone_networks(policy: Policy) -> Ranges:
    """The networks of each zone, without those that a more exact rule gives to another. Rules on anything but addresses make none."""
    given: list[tuple[Network, str]] = []
    for zone in policy.site.zones or ():
        for match in zone.match:
            network = match.cidr if match.cidr is not None else ip_network(match.ip) if match.ip is not None else None
            if network is not None:
                given.append((network, zone.id))
    given.extend((ip_network(pin.ip), pin.zone) for pin in policy.site.assets if pin.zone is not None and pin.ip is not None)
    holes = _holes(given)
    found: dict[str, list[Network]] = {}
    for network, zone_id in given:
        found.setdefault(zone_id, []).extend(_without(network, holes.get((network, zone_id), [])))
    return {zone_id: tuple(map(str, _collapsed(parts))) for zone_id, parts in found.items()}


def _holes(given: list[tuple[Network, str]]) -> dict[tuple[Network, str], list[Network]]:
    """Each network of a zone, and those inside it that a more exact rule gives to another: looked up upwards, prefix by prefix."""
    owners: dict[Network, list[str]] = {}
    for network, zone_id in given:
        owners.setdefault(network, []).append(zone_id)
    holes: dict[tuple[Network, str], list[Network]] = {}
    for network, zone_id in given:
        above = (network.supernet(new_prefix=length) for length in range(network.prefixlen))
        around = [(whole, owner) for whole in above for owner in owners.get(whole, ())]
        for whole, owner in around:
            if owner != zone_id:
                holes.setdefault((whole, owner), []).append(network)
    return holes


def _inside(small: Network, large: Network) -> bool:
    beside = small.version != large.version or small.prefixlen < large.prefixlen
    return not beside and int(large.network_address) <= int(small.network_address) <= int(large.broadcast_address)


def _without(network: Network, holes: Iterable[Network]) -> list[Network]:
    left: list[Network] = [network]
    for hole in sorted(holes, key=lambda one: (one.prefixlen, int(one.network_address))):
        around = [part for part in left if _inside(hole, part)]
        for part in around:
            left.remove(part)
            left.extend(part.address_exclude(hole))  # type: ignore[arg-type]  # `_inside` has compared the versions
    return left


def _collapsed(parts: list[Network]) -> list[Network]:
    """Neighbours joined, IPv4 first."""
    joined: list[Network] = []
    for version in (4, 6):
        joined.extend(collapse_addresses(part for part in parts if part.version == version))  # type: ignore[type-var]  # one version at a time
    return joined


def _outside(policy: Policy) -> tuple[str, ...]:
    return tuple(zone.id for zone in policy.site.zones or () if any(match.fallback == "public" for match in zone.match))


# -- permits ----------------------------------------------------------------------------------------------------------------------------


def _permits(policy: Policy, results: Results, links: list[LinkRow], networks: Ranges, narrow: bool) -> Iterator[Permit]:
    shared = _shared_vlans(results)
    addresses = {row.key: row.address for row in results.assets}
    groups: dict[tuple[str, str, str, str, int], list[LinkRow]] = {}
    for link in links:
        if link.transport not in {"icmp", "ethernet"}:
            line = _line(policy.conduits[link.rule], link)
            key = (link.rule, link.client_zone, link.server_zone, link.transport, policy.conduits[link.rule].protocols.index(line))
            groups.setdefault(key, []).append(link)
    order = {name: at for at, name in enumerate(policy.conduits)}
    for key in sorted(groups, key=lambda one: (order[one[0]], *one[1:])):
        conduit, seen = policy.conduits[key[0]], groups[key]
        if all(map(_is_data, seen)):
            continue
        sides = []
        for end, listed, zone in (("client", conduit.hosts_from, key[1]), ("server", conduit.hosts_to, key[2])):
            hosts = tuple(sorted({_network(addresses.get(getattr(link, end), "")) for link in seen} - {""}, key=_order))
            sides.append(hosts if narrow else _side(policy, listed, networks.get(zone, ())) or hosts)
        yield _permit(conduit, conduit.protocols[key[4]], key, seen, sides, frozenset(key[1:3]) in shared)


def _is_data(link: LinkRow) -> bool:
    """What a control session asked for, on ports that it chose: a firewall follows the session, and a rule of its own would be open."""
    return link.transport in {"tcp", "udp"} and not link.port


def _permit(
    conduit: Conduit, line: Allowance, key: tuple[str, str, str, str, int], seen: list[LinkRow], sides: list[tuple[str, ...]], shared: bool
) -> Permit:
    ops = allowed_ops(line)
    notes = {
        "ops": ANY not in ops and PROTOCOLS[line.proto].ot,
        "write_hosts": bool(conduit.write_hosts),
        "priority": conduit.strongest_bacnet_priority is not None,
        "window": conduit.window is not None,
        "tls": line.tls == "required",
        "notifications": line.proto in NOTIFYING,
        "data": any(_is_data(link) for link in seen),
    }
    read = notes["ops"] or notes["write_hosts"] or notes["priority"]
    return Permit(
        conduit.id, key[1], key[2], sides[0], sides[1], key[3], tuple(sorted({link.port for link in seen if link.port})), line.proto,
        tuple(sorted(ops)), tuple(sorted({verb for link in seen for verb in link.verbs})), sum(link.writes for link in seen),
        min(link.first_ns for link in seen), max(link.last_ns for link in seen), max(link.days for link in seen),
        "no" if shared else "l3+dpi" if read else "l3", tuple(name for name, holds in notes.items() if holds),
    )  # fmt: skip


def _line(conduit: Conduit, link: LinkRow) -> Allowance:
    """The line of the conduit that names the protocol; the first where it was named by its port only."""
    names = {link.protocol, spoken(link.protocol, None, ())}
    named = [line for line in conduit.protocols if line.proto in names or names & PROTOCOLS[line.proto].also]
    ported = [line for line in conduit.protocols if any(low <= link.port <= high for low, high in line.ports or ())]
    return next(iter((*named, *ported)), conduit.protocols[0])


def _side(policy: Policy, listed: tuple[Host, ...], zone: tuple[str, ...]) -> tuple[str, ...]:
    """The networks of one side: those of its zone, of which a conduit may list a part. None where what it lists has no address."""
    if not listed:
        return zone
    named = (policy.assets[host].ip if isinstance(host, str) and host in policy.assets else host for host in listed)
    hosts = [ip_network(found) for host in named if host is not None and (found := _network(str(host)))]
    if not zone:
        return tuple(map(str, _collapsed(hosts)))
    wide = [ip_network(part) for part in zone]
    within = [one if _inside(one, whole) else whole for one in hosts for whole in wide if _inside(one, whole) or _inside(whole, one)]
    return tuple(map(str, _collapsed(within)))


def _network(text: str) -> str:
    try:
        return str(ip_network(text.partition("%")[0]))
    except ValueError:
        return ""


def _order(network: str) -> tuple[int, int]:
    address = ip_address(network.partition("/")[0])
    return address.version, int(address)


def _shared_vlans(results: Results) -> set[frozenset[str]]:
    """Pairs of zones that have assets in one VLAN: no router stands between them."""
    zones: dict[int, set[str]] = {}
    for row in results.assets:
        if row.vlan >= 0 and row.kind == "host":
            zones.setdefault(row.vlan, set()).add(row.zone)
    return {frozenset((one, other)) for met in zones.values() for one in met for other in met if one != other}


# -- never rules ------------------------------------------------------------------------------------------------------------------------


def _refusals(policy: Policy, networks: Ranges) -> Iterator[Refusal]:
    """Rules against any traffic; one against some operations becomes a refusal only for zones to which no conduit leads."""
    reached = {target for conduit in policy.conduits.values() for target in conduit.targets}
    for rule in policy.never:
        if rule.protocols or rule.except_windows:
            continue
        zones = [zone for zone in policy.zones.values() if not policy.is_built_in(zone.id)]
        targets = tuple(zone.id for zone in zones if is_side(rule.target, zone) and not (rule.ops and zone.id in reached))
        met = [zone for zone in zones if is_side(rule.source, zone) and any(means(rule, zone, policy.zone(other)) for other in targets)]
        if targets and met:
            yield Refusal(rule.id, tuple(zone.id for zone in met), targets, rule.except_conduits)
