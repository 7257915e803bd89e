"""Which MAC sends for which addresses: whose MAC it is, and which MACs are routers' (zones.md 9.4).

A MAC that sends for addresses of more than one network, or for three or more, is a router's: it says nothing about the hosts behind
it. What a router itself answers by ARP is its own, as long as that is one address a network: with more it answers for others (proxy ARP).
A virtual MAC belongs to an address that several routers share, and to no device.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from otwatch.events.virtual import virtual
from otwatch.inventory.endpoints import is_broadcast, network_of
from otwatch.sightings import Frame, Sighting

LIMIT = 65_536
ADDRESSES = 256
"""Addresses kept of one MAC: a router has many, and after a few they say nothing new."""
SHARED, MEMBERS = 4_096, 16
"""Addresses that groups of routers share, and routers of one of them."""
ROUTED_HOSTS = 3
OWN_NETWORKS_V6 = 3
"""A host may well have addresses of so many /64 (unique local, global, and a former prefix)."""


@dataclass(slots=True)
class Seen:
    """`by_arp`: the address was announced by ARP, not only seen as a sender's."""

    frame: Frame
    first_ns: int
    last_ns: int
    by_arp: bool


class _Mac:
    __slots__ = ("addresses", "asked", "by_arp", "networks", "networks6")

    def __init__(self) -> None:
        self.addresses: dict[str, Seen] = {}
        self.networks: dict[str, int] = {}
        self.networks6: set[str] = set()
        self.by_arp: dict[str, int] = {}
        self.asked: dict[str, None] = {}

    def add(self, ip: str) -> None:
        network = network_of(ip)
        if ":" in ip:
            self.networks6 |= {network} - {""}
        elif network:
            self.networks[network] = self.networks.get(network, 0) + 1

    @property
    def is_router(self) -> bool:
        return len(self.networks) > 1 or sum(self.networks.values()) >= ROUTED_HOSTS or len(self.networks6) > OWN_NETWORKS_V6

    def owns(self, ip: str) -> bool:
        if not self.is_router:
            return True
        return self.addresses[ip].by_arp and self.by_arp.get(network_of(ip), 0) == 1


class Macs:
    """A bounded table of MACs and the addresses they send for."""

    def __init__(self, routers: frozenset[str] = frozenset(), limit: int = LIMIT) -> None:
        self._by_mac: dict[str, _Mac] = {}
        self._by_ip: dict[str, dict[str, None]] = {}
        self._shared: dict[str, dict[tuple[str, str], Seen]] = {}
        self._routers = routers
        self._limit = limit
        self.evicted = 0

    def note(self, mac: str, ip: str, time_ns: int, frame: Frame, by_arp: bool = False) -> None:
        """The MAC sent something for the address, or said by ARP that it is its own."""
        known = self._by_mac.get(mac)
        if known is not None:
            seen = known.addresses.get(ip)
            if seen is not None and (seen.by_arp or not by_arp):
                seen.last_ns = time_ns
                if time_ns < seen.first_ns:
                    seen.first_ns, seen.frame = time_ns, frame
                return
        self._add(mac, ip, Seen(frame, time_ns, time_ns, by_arp))

    def _add(self, mac: str, ip: str, seen: Seen) -> None:
        if is_broadcast(ip) or is_broadcast(mac):
            return
        known = self._by_mac.get(mac)
        if known is None:
            known = self._make(mac)
        before = known.addresses.get(ip)
        if before is None:
            if len(known.addresses) >= ADDRESSES:
                return
            known.add(ip)
        if seen.by_arp:
            known.by_arp[network_of(ip)] = known.by_arp.get(network_of(ip), 0) + 1
        known.addresses[ip] = seen if before is None else Seen(seen.frame, before.first_ns, seen.last_ns, seen.by_arp)
        self._by_ip.setdefault(ip, {})[mac] = None

    def _make(self, mac: str) -> _Mac:
        """Full, the table forgets the MAC it met first: those that still speak are met again at once."""
        if len(self._by_mac) >= self._limit:
            first = next(iter(self._by_mac))
            for ip in self._by_mac.pop(first).addresses:
                self._by_ip[ip].pop(first)
                if not self._by_ip[ip]:
                    del self._by_ip[ip]
            self.evicted += 1
        made = self._by_mac[mac] = _Mac()
        return made

    def share(self, ip: str, group: str, member: str, said: Sighting) -> None:
        """A member of a group of routers said that the group has the address."""
        told = self._shared.get(ip, {})
        if (group, member) in told:
            seen = told[group, member]
            seen.first_ns, seen.last_ns = min(seen.first_ns, said.first_ns), max(seen.last_ns, said.last_ns)
        elif len(told) < MEMBERS and (ip in self._shared or len(self._shared) < SHARED):
            self._shared.setdefault(ip, told)[group, member] = Seen(said.frame, said.first_ns, said.last_ns, by_arp=False)

    def shared(self) -> Iterator[tuple[str, Mapping[tuple[str, str], Seen]]]:
        """Addresses that groups share, and who said so: by group and member.

        Not those that a member has himself, as the owner of a group has, and not those that a card has which is no member's: that is a
        machine, whatever is said about its address.
        """
        for ip, told in self._shared.items():
            members = {member for _, member in told}
            if ip not in members and all(any(member in self.sent_for(mac) for member in members) for mac in self.of(ip)):
                yield ip, told

    def ask(self, mac: str, ip: str) -> None:
        """The MAC asked for the address by ARP: it believes that it is on its link."""
        known = self._by_mac.get(mac)
        if known is not None and len(known.asked) < ADDRESSES:
            known.asked[ip] = None

    def asked(self) -> Iterator[tuple[str, str]]:
        """Addresses of hosts, and the addresses that they asked for."""
        for mac, known in self._by_mac.items():
            if not self.is_router(mac):
                yield from ((ip, other) for ip in known.addresses for other in known.asked)

    def gateways(self) -> Iterator[tuple[str, ...]]:
        """Addresses of a router that are one card's, in networks of which it sends for nobody else: those stand on one link (zones.md 8.1).

        A switch that routes has one MAC in all its VLANs too, but it is seen to send from one to the other, and so joins none.
        """
        for mac, known in self._by_mac.items():
            announced = {ip for ip, seen in known.addresses.items() if seen.by_arp and ":" not in ip}
            routed = {network_of(ip) for ip in known.addresses if ip not in announced}
            own = tuple(sorted(ip for ip in announced if network_of(ip) not in routed))
            if routed and len(own) > 1 and not virtual(mac):
                yield own

    def is_router(self, mac: str) -> bool:
        known = self._by_mac.get(mac)
        return known is not None and (known.is_router or any(ip in self._routers for ip in known.addresses))

    def networks(self, mac: str) -> int:
        """How many networks the MAC sends for."""
        known = self._by_mac.get(mac)
        return len(known.networks) + len(known.networks6) if known else 0

    def sources(self, mac: str) -> int:
        """How many addresses the MAC sends for (up to ADDRESSES)."""
        known = self._by_mac.get(mac)
        return len(known.addresses) if known else 0

    def of(self, ip: str) -> dict[str, Seen]:
        """The MACs that are this address's own, first met first."""
        found: dict[str, Seen] = {}
        for mac in self._by_ip.get(ip, ()):
            known = self._by_mac[mac]
            beyond = self.is_router(mac) and not known.addresses[ip].by_arp
            if known.owns(ip) and not beyond and not virtual(mac):
                found[mac] = known.addresses[ip]
        return found

    def sent_for(self, mac: str) -> Mapping[str, Seen]:
        """All addresses the MAC sent for (up to ADDRESSES), its own or not."""
        known = self._by_mac.get(mac)
        return known.addresses if known else {}

    def heard(self) -> dict[str, int]:
        """When each MAC sent something last."""
        return {mac: max((seen.last_ns for seen in known.addresses.values()), default=0) for mac, known in self._by_mac.items()}

    def legs(self) -> Iterator[tuple[str, dict[str, Seen]]]:
        """Cards that announce several IPv4 addresses and send for no others; declared routers are none."""
        for mac, known in self._by_mac.items():
            own = {ip: seen for ip, seen in known.addresses.items() if ":" not in ip}
            if len(own) > 1 and all(seen.by_arp for seen in own.values()) and not virtual(mac) and self._routers.isdisjoint(own):
                yield mac, own

    def addressed(self) -> list[str]:
        """All addresses that some MAC sent for."""
        return list(self._by_ip)

    def senders(self, ip: str) -> dict[str, Seen]:
        """The MACs that sent for the address, routers' among them, virtual ones not."""
        return {mac: self._by_mac[mac].addresses[ip] for mac in self._by_ip.get(ip, ()) if not virtual(mac)}

    def virtual(self, ip: str) -> dict[str, Seen]:
        """The virtual MACs that sent for the address."""
        return {mac: self._by_mac[mac].addresses[ip] for mac in self._by_ip.get(ip, ()) if virtual(mac)}

    def addresses(self, mac: str) -> list[str]:
        """The addresses that are this MAC's own, IPv4 before IPv6, first met first."""
        known = self._by_mac.get(mac)
        if known is None:
            return []
        return sorted((ip for ip in known.addresses if mac in self.of(ip)), key=lambda ip: (":" in ip, known.addresses[ip].first_ns, ip))
