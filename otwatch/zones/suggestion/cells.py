"""Hosts that are looked at together: those of one VLAN, else of one network (domain/zones.md 8.1).

No mask is seen, so a network is a /24 (IPv6: /64) to begin with. Who asks for an address by ARP has it on his own link: networks whose
hosts ask for each other are one, and a network whose hosts never do, around two gateways, is two. Neighbouring networks whose gateway is
one card are one. What stands behind an address goes with it, but a BACnet network with two devices or more is looked at by itself.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, collapse_addresses, ip_address, ip_network
from itertools import pairwise
from typing import NamedTuple, TypeVar

from otwatch.config.site import Match, Network

LARGEST = 20
"""Prefix of the largest network that is put together: beyond it, who asks has a wrong mask."""
SMALLEST = 3
"""Hosts of a part of a network."""
ROUTER = "router"

_Thing = TypeVar("_Thing", bound=Hashable)

LAST = 9
"""Stands behind both versions of IP: what has no address comes last."""
FEWEST_ROUTED = 2
"""Devices from which a BACnet network is looked at by itself (zones.md 8.1)."""

Gateways = Iterable[tuple[str, ...]]
"""Addresses of gateways, those of one card together."""
Asked = Iterable[tuple[str, str]]
"""Addresses of hosts, and addresses that they asked for by ARP."""


class Host(NamedTuple):
    """An asset as the suggestion sees it. `roles`: role -> weight; `days` on which it was seen; `network`: of BACnet, that it is on."""

    asset: str
    ip: str
    vlan: int = -1
    names: tuple[str, ...] = ()
    roles: Mapping[str, float] = {}
    days: int = 1
    network: int | None = None


class Cell(NamedTuple):
    """`match`: what the hosts have in common: a VLAN or BACnet network, else networks, else only that they talk."""

    match: tuple[Match, ...]
    hosts: list[Host]


def cells(assets: Iterable[Host], asked: Asked = (), gateways: Gateways = ()) -> list[Cell]:
    """In the order of their addresses; what has no private unicast address is in none."""
    by_vlan: dict[int, list[Host]] = {}
    by_network: dict[Network, list[Host]] = {}
    every = list(assets)
    routed = _routed(every)
    for host in every:
        if host.network in routed:
            continue
        network = _network(host.ip)
        if network is None:
            continue
        if host.vlan >= 0:
            by_vlan.setdefault(host.vlan, []).append(host)
        else:
            by_network.setdefault(network, []).append(host)
    pairs = [(one, other) for one, other in asked if one != other]
    found = [Cell((Match(bacnet_network=(number,)),), hosts) for number, hosts in routed.items()]
    found += [Cell((Match(vlan=(vlan,)),), hosts) for vlan, hosts in by_vlan.items()]
    for networks in _merged(by_network.keys(), pairs, gateways):
        hosts = [host for network in networks for host in by_network[network]]
        found.extend(_divided(networks[0], hosts, pairs) if len(networks) == 1 else [Cell(_named(networks), hosts)])
    return sorted(found, key=_first_address)


def _routed(hosts: Iterable[Host]) -> dict[int, list[Host]]:
    """BACnet networks behind routers, by their number."""
    found: dict[int, list[Host]] = {}
    for host in hosts:
        if host.network is not None:
            found.setdefault(host.network, []).append(host)
    return {number: members for number, members in found.items() if len(members) >= FEWEST_ROUTED}


def _first_address(cell: Cell) -> tuple[int, int, int]:
    """A BACnet network comes right behind the hosts of its router."""
    number = (cell.match[0].bacnet_network or (0,))[0]
    seen = [ip_address(host.ip.partition("%")[0]) for host in cell.hosts if _network(host.ip) is not None]
    return min(((address.version, int(address), number) for address in seen), default=(LAST, 0, number))


@lru_cache(maxsize=4096)
def _network(ip: str) -> Network | None:
    """The /24 or /64 of a private unicast address; an IPv6 link-local address says nothing about networks."""
    try:
        address = ip_address(ip.partition("%")[0])
    except ValueError:
        return None
    if address.is_multicast or address.is_global or address.is_unspecified or (address.version == 6 and address.is_link_local):
        return None
    return ip_network((address, 24 if address.version == 4 else 64), strict=False)


def _merged(networks: Iterable[Network], pairs: list[tuple[str, str]], gateways: Gateways) -> list[list[Network]]:
    """Networks whose hosts ask for each other, and neighbours whose gateway is one card."""
    known = sorted(networks, key=lambda one: (one.version, int(one.network_address)))
    there = set(known)
    edges = []
    for one, other in pairs:
        left, right = _network(one), _network(other)
        if left != right and left in there and right in there and _above(left) == _above(right):
            edges.append((left, right))
    for card in gateways:
        there_too = sorted({network for ip in card if isinstance(network := _network(ip), IPv4Network) and network in there})
        edges += [(one, other) for one, other in pairwise(there_too) if one.broadcast_address + 1 == other.network_address]
    return _joined(known, edges)


def _above(network: Network) -> Network | None:
    return network.supernet(new_prefix=LARGEST) if isinstance(network, IPv4Network) else None


def _named(networks: list[Network]) -> tuple[Match, ...]:
    return tuple(Match(cidr=one) for one in collapse_addresses(one for one in networks if isinstance(one, IPv4Network)))


def _divided(network: Network, hosts: list[Host], pairs: list[tuple[str, str]]) -> Iterator[Cell]:
    """The parts of a network that never ask for each other, each with a gateway of its own, and what is left."""
    by_ip = {host.ip: host for host in hosts}
    edges = [(one, other) for one, other in pairs if one in by_ip and other in by_ip]
    parts = [part for part in _joined(list(by_ip), edges) if len(part) >= SMALLEST]
    routed = [part for part in parts if any(ROUTER in by_ip[ip].roles for ip in part)]
    narrow = [_span(part) for part in routed]
    apart = all(not one.overlaps(other) for at, one in enumerate(narrow) for other in narrow[:at])
    if len(routed) < 2 or not apart:
        yield Cell((Match(cidr=network),), hosts)
        return
    left = hosts
    for span in (_widened(one, [other for other in narrow if other != one]) for one in narrow):
        inside = [host for host in left if IPv4Address(host.ip) in span]
        left = [host for host in left if host not in inside]
        yield Cell((Match(cidr=span),), inside)
    if left:
        yield Cell((Match(cidr=network),), left)


def _span(addresses: list[str]) -> IPv4Network:
    """The smallest network that holds them all; ARP is IPv4's."""
    numbers = [int(IPv4Address(one)) for one in addresses]
    length = 32 - (min(numbers) ^ max(numbers)).bit_length()
    return IPv4Network((min(numbers), length), strict=False)


def _widened(network: IPv4Network, others: list[IPv4Network]) -> IPv4Network:
    """The largest network around it that holds nothing of the others."""
    while not any(network.supernet().overlaps(other) for other in others):
        network = network.supernet()
    return network


def _joined(things: list[_Thing], edges: list[tuple[_Thing, _Thing]]) -> list[list[_Thing]]:
    """Groups of things that edges lead to, in the order of their first members."""
    group = {thing: [thing] for thing in things}
    for one, other in edges:
        if group[one] is not group[other]:
            group[one].extend(group[other])
            for thing in group[other]:
                group[thing] = group[one]
    order = {thing: at for at, thing in enumerate(things)}
    found = {id(members): members for members in (group[thing] for thing in things)}
    return [sorted(members, key=order.__getitem__) for members in found.values()]
