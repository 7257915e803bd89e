"""Who hears whose broadcasts, and who wants which multicast (domain/zones.md 9.3).

Only a host of a VLAN asks by ARP there or speaks to everybody; whoever else is seen there came through a router. Where no VLANs are seen,
nothing tells which networks share a wire, and nothing is said. Who joined a group shows in reports of IGMP version 2 (RFC 2236), which
are sent to the group itself; version 3 names groups in its payload only and is not read.

    heard in one VLAN, of two zones         -> DomainShared, once a VLAN
    group joined, published by another zone -> a conversation of the publisher with who joined, judged like any other
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from otwatch.changes import DomainShared, LinkSeen
from otwatch.events import Verb
from otwatch.inventory import Inventory
from otwatch.inventory.endpoints import is_broadcast, is_mac
from otwatch.inventory.identity import host_of
from otwatch.inventory.links import Link, State, Way
from otwatch.sightings import Frame, Tally

EVERYBODY = frozenset({"255.255.255.255", "ff:ff:ff:ff:ff:ff"})
"""Addresses that name no network."""
HOSTS, GROUPS = 4_096, 8_192
"""Hosts of one VLAN, and pairs of a host and a group."""
IGMP = "ip 2"
SEARCHES = frozenset({"mdns", "ssdp", "llmnr", "ws-discovery"})
"""Groups in which things are only looked for."""

_Pair = tuple[str, str]
ZoneOf = Callable[[str], str]
"""The zone of an asset, "" where nothing is certain."""


class Heard(NamedTuple):
    """Where a host spoke to a group: in which VLANs, and with which TTL at most."""

    vlans: frozenset[int]
    ttl: int
    frame: Frame


class Domains:
    """A bounded memory of tallies whose target is everybody, or a group."""

    def __init__(self) -> None:
        self._hosts: dict[int, dict[str, Frame]] = {}
        self._published: dict[_Pair, Heard] = {}
        self._joined: dict[_Pair, Heard] = {}
        self.crowded = 0

    def see(self, tally: Tally) -> None:
        talk = tally.conversation
        if not is_broadcast(talk.server) or not tally.packets[0]:
            return
        if is_local(talk.client, talk.server):
            hosts = self._hosts.setdefault(tally.vlan, {}) if tally.vlan >= 0 else {}
            if len(hosts) < HOSTS or talk.client in hosts:
                hosts.setdefault(talk.client, tally.frame)
            else:
                self.crowded += 1
            return
        table = self._joined if talk.transport == IGMP else self._published
        before = table.get((talk.client, talk.server))
        if before is not None or len(table) < GROUPS:
            vlans, ttl, frame = before or Heard(frozenset(), 0, tally.frame)
            table[talk.client, talk.server] = Heard(vlans | {tally.vlan}, max(ttl, tally.ttl[0]), frame)
        else:
            self.crowded += 1

    def notes(self) -> dict[str, int]:
        """What was not remembered for want of room."""
        return {"hosts of VLANs and groups that were not remembered": self.crowded}

    def shared(self, inventory: Inventory, zone_of: ZoneOf, time_ns: int) -> Iterator[DomainShared]:
        """VLANs in which hosts of several zones stand, each with one host of every zone. Who is heard in two VLANs is a router."""
        by_vlan: dict[int, dict[str, Frame]] = {}
        vlans: dict[str, set[int]] = {}
        for vlan, hosts in self._hosts.items():
            for key, frame in hosts.items():
                host = inventory.resolve(key)
                if not is_mac(host):
                    by_vlan.setdefault(vlan, {}).setdefault(host, frame)
                    vlans.setdefault(host, set()).add(vlan)
        for vlan, found in sorted(by_vlan.items()):
            zones: dict[str, str] = {}
            for host in sorted(host for host in found if len(vlans[host]) == 1):
                zones.setdefault(zone_of(host), host)
            zones.pop("", None)
            if len(zones) > 1:
                members = tuple(zones[zone] for zone in sorted(zones))
                yield DomainShared(vlan, members, tuple(sorted(zones)), time_ns, tuple(found[host] for host in members))

    def received(self, inventory: Inventory, zone_of: ZoneOf) -> Iterator[LinkSeen]:
        """What a group brings from one zone to another. Each becomes a link of the inventory, as if it had been sent to who joined."""
        joined: dict[str, list[tuple[str, Heard]]] = {}
        for (host, group), heard in self._joined.items():
            joined.setdefault(group, []).append((host, heard))
        wanted = [link for link in inventory.links.all() if link.way.server in joined and link.way.transport != IGMP]
        behind = {(host_of(link.way.client), *link.way[1:]) for link in wanted if host_of(link.way.client) != link.way.client}
        for link in wanted:
            if link.way in behind:
                continue  # an interface says what devices on its bus say: they are the ones who publish
            published = self._published.get((host_of(link.way.client), link.way.server))
            for host, heard in joined[link.way.server]:
                zones = zone_of(link.way.client), zone_of(host)
                if host != link.way.client and all(zones) and zones[0] != zones[1] and reaches(published, heard):
                    yield from _delivered(inventory, link, host)


def is_local(sender: str, group: str) -> bool:
    """Everybody on the sender's link: no router forwards it (RFC 919, RFC 5771 section 4). Another subnet's broadcast is forwarded."""
    if group in EVERYBODY or group.startswith("224.0.0."):
        return True
    return group.endswith(".255") and group.rpartition(".")[0] == sender.rpartition(".")[0]


def reaches(published: Heard | None, joined: Heard) -> bool:
    """Whether it comes to who joined: it was seen in the same VLAN; where none is seen, it may at least pass a router."""
    if published is None:
        return False
    common = published.vlans & joined.vlans
    return bool(common - {-1}) or (bool(common) and published.ttl > 1)


def _delivered(inventory: Inventory, link: Link, host: str) -> Iterator[LinkSeen]:
    way = link.way
    there = inventory.links.at(Way(way.client, host, way.transport, way.port, way.protocol), link.role, link.first_ns, link.frame)
    there.state = State.ESTABLISHED
    there.verbs, there.codes, there.packets, there.sent = dict(link.verbs), dict(link.codes), link.packets, link.sent
    there.writes, there.days, there.week = link.writes, link.days, link.week
    there.last_ns = max(there.last_ns, link.last_ns)
    verbs: list[Verb | None] = [Verb.DISCOVER] if way.protocol in SEARCHES else [*sorted(link.verbs)] or [None]
    for verb in verbs:
        yield LinkSeen(*there.way, verb, "established", 0, link.first_ns, link.frame, (("group", way.server),))
