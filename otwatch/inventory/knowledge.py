"""All that is known of one asset, put together from its raw keys. Keys here are resolved: `identity.Names.resolve`."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from otwatch.events import Details
from otwatch.events.virtual import virtual
from otwatch.inventory import roles as scores
from otwatch.inventory.assets import Asset, Assets
from otwatch.inventory.endpoints import BACNET, BEHIND, CIP, EXTERNAL, GROUP, HOST, KNX, L2, UNIT, IsInternal, is_mac, kind
from otwatch.inventory.facts import DECLARED, MAC, Fact, Facts, merged
from otwatch.inventory.identity import Names, host_of
from otwatch.inventory.link_table import Links
from otwatch.inventory.links import Link
from otwatch.inventory.macs import Macs, Seen
from otwatch.inventory.roles import ALSO, Edge, Evidence, Role
from otwatch.inventory.vendors import maker
from otwatch.sightings import Frame

NAMES = ("name", "host", "title", "project")
"""Fields that zone rules on names look at."""
_NOWHERE = Frame("", 0)


class Declared(NamedTuple):
    """What a person says about an asset (zones.md 5.8). `keys`: "10.1.2.3", a MAC, "bacnet 210103", "10.1.2.3/unit 5"."""

    keys: tuple[str, ...]
    facts: Details


class Known(NamedTuple):
    """All that can place an asset in a zone.

    ip         its address; of what stands behind it, the router's or gateway's; "" without
    mac        its own MAC, "" where it is unknown or a router's
    knx        individual address
    parent     key of the gateway or router it stands behind; `same_host`: of an IPv6 link-local address, the host with the same MAC
    roles      names, also in the words of the site file
    """

    key: str
    kind: str
    ip: str
    mac: str
    vlan: int
    unit: int | None
    cip_path: str
    bacnet_network: int | None
    bacnet_mac: str
    bacnet_instance: int | None
    knx: str
    names: tuple[str, ...]
    vendor: str
    roles: frozenset[str]
    parent: str
    same_host: str


class Knowledge:
    """Questions about assets, answered from what was seen so far."""

    def __init__(self, assets: Assets, macs: Macs, names: Names, links: Links, is_internal: IsInternal) -> None:
        self._assets = assets
        self._macs = macs
        self._names = names
        self._links = links
        self._is_internal = is_internal
        self._declared: dict[str, list[Fact]] = {}
        self.pins: list[tuple[str, ...]] = []
        self._more: dict[str, Asset] = {}
        self.silent: frozenset[str] = frozenset()
        self.crowd: frozenset[str] = frozenset()
        self._groups: Mapping[str, str] = {}
        self._final: dict[str, tuple[Facts, tuple[Role, ...], Known]] | None = None

    def settle(self) -> None:
        """Nothing is learnt from here on: answers are remembered."""
        self._names.settle()
        self._final = {}

    def unite(self, more: Iterable[Asset], silent: Iterable[str], groups: Mapping[str, str]) -> None:
        """Assets were united; `more` were found beside those that said something, `silent` ones that never did; `groups` of routers, by
        the address they share."""
        self._more = {asset.key: asset for asset in more}
        self.silent, self._groups = frozenset(silent), groups
        self._final = {}

    def found(self) -> set[str]:
        """Keys of what was found when assets were united."""
        return self._more.keys() | self.silent | self._groups.keys()

    def declare(self, declared: Iterable[Declared]) -> None:
        for one in declared:
            self.pins.append(one.keys)
            facts = [Fact(name, value, "site file", DECLARED, _NOWHERE, 0, 0) for name, value in one.facts if value]
            for key in one.keys:
                self._declared.setdefault(key, []).extend(facts)

    def declared(self, key: str) -> list[Fact]:
        """What the site file says about an asset: by its key, its MACs or its BACnet instance."""
        if not self._declared:
            return []
        named = (*self._names.parts(key), *self.macs(key), f"bacnet {self._said(key, 'device_instance')}")
        return [fact for name in dict.fromkeys(named) for fact in self._declared.get(name, ())]

    def members(self, key: str) -> list[Asset]:
        """What was seen of it, by raw key; the key itself first."""
        return [asset for member in self._names.members(key) if (asset := self._assets.get(member) or self._more.get(member)) is not None]

    def kind(self, key: str) -> str:
        return GROUP if key in self._groups else kind(key, self._is_internal)

    def macs(self, key: str) -> dict[str, Seen]:
        """The MACs of a host; none for what stands behind another, outside the site, or is many."""
        if self.kind(key) != HOST:
            return {}
        own = (one for part in self._names.parts(key) if self.kind(part) == HOST for one in self._macs.of(part).items())
        return {mac: seen for mac, seen in own if self._names.is_of(mac, key)}

    def facts(self, key: str) -> Facts:
        """What was said about it: by itself, by the block of its MAC, by the site file."""
        return self._facts(key) if self._final is None else self._settled(key)[0]

    def _settled(self, key: str) -> tuple[Facts, tuple[Role, ...], Known]:
        final = self._final if self._final is not None else {}
        if key not in final:
            facts = self._facts(key)
            found = self._roles(key, facts)
            final[key] = (facts, found, self._known(key, facts, found))
        return final[key]

    def _facts(self, key: str) -> Facts:
        parts = [member.facts for member in self.members(key)]
        more = [*self.declared(key), *self._blocks(key)]
        whole = merged(parts) if len(parts) == 1 and not more else merged([Facts(), *parts])
        for fact in more:
            whole.learn(fact)
        return whole

    def _said(self, key: str, name: str) -> str:
        return next((value for member in self.members(key) if (value := member.facts.value(name))), "")

    def _blocks(self, key: str) -> list[Fact]:
        """What the blocks of its MACs say."""
        seen = [_block(mac, where) for mac, where in self.macs(key).items()]
        if self.kind(key) == L2 and not virtual(key):
            seen = [_block(key, asset) for asset in self.members(key)]
        return [fact for fact in seen if fact.value]

    def parent(self, key: str) -> str:
        """The asset it stands behind: of the routers it was heard through the one met first, an address before a MAC."""
        sort = self.kind(key)
        if sort in BEHIND:
            return self._names.resolve(host_of(key))
        if sort != BACNET:
            return ""
        stations = self.members(key)
        ways = [via for name in ("spoke_via", "asked_via") for station in stations for via in self._routers(getattr(station, name))]
        return ways[0] if ways else ""

    def _routers(self, vias: dict[str, int]) -> list[str]:
        real = (via for via in vias if self.kind(via) != GROUP)
        return [self._names.resolve(via) for via in sorted(real, key=lambda via: (is_mac(self._names.resolve(via)), vias[via], via))]

    def links_to(self, key: str) -> list[Link]:
        """Links by which anything was begun with it."""
        return self._links.asked_of(self._names.members(key))

    def asked_of(self, key: str) -> list[Link]:
        """Links by which messages of equipment were sent to it."""
        return [link for link in self.links_to(key) if link.verbs and link.way.protocol in scores.OT]

    def roles(self, key: str) -> tuple[Role, ...]:
        """What it is for, best first; many and what is outside have no role, and telegrams do not tell what a KNX device is for."""
        return self._roles(key, self._facts(key)) if self._final is None else self._settled(key)[1]

    def _roles(self, key: str, facts: Facts) -> tuple[Role, ...]:
        if self.kind(key) in (GROUP, EXTERNAL, KNX):
            return ()
        return scores.roles(self._evidence(key, facts))

    def _evidence(self, key: str, facts: Facts) -> Evidence:
        raw = self._names.members(key)
        seen = self.members(key)
        macs = [mac for mac in self.macs(key) if self._macs.is_router(mac)]
        return Evidence(
            out=tuple(self._edge(link, link.way.server) for link in self._links.asked_by(raw)),
            into=tuple(self._edge(link, link.way.client) for link in self._links.asked_of(raw)),
            units=len(self._names.units(key)),
            routed=max(len({network for asset in seen for network in asset.networks}), len(self._behind(key))),
            networks=max(map(self._macs.networks, macs), default=0),
            sources=max(map(self._macs.sources, macs), default=0),
            vendor=facts.value("vendor"),
            capable=frozenset(facts.values("capability")),
            crowd=not self.crowd.isdisjoint(self._names.parts(key)),
        )

    def _behind(self, key: str) -> set[str]:
        """BACnet stations heard through it."""
        return {station for member in self.members(key) for station in member.routed}

    def _edge(self, link: Link, other: str) -> Edge:
        verbs = frozenset(verb.value for verb in link.verbs)
        outside = self.kind(other) == EXTERNAL
        return Edge(self._names.resolve(other), link.way.protocol, link.state, verbs, link.slots, outside, link.marks)

    def known(self, key: str) -> Known:
        """All that can place it in a zone."""
        if self._final is not None:
            return self._settled(key)[2]
        facts = self._facts(key)
        return self._known(key, facts, self._roles(key, facts))

    def _known(self, key: str, facts: Facts, roles: tuple[Role, ...]) -> Known:
        sort, parent = self.kind(key), self.parent(key)
        seen = self.members(key)
        network, _, station = next((asset.key.removeprefix("bacnet ") for asset in seen if sort == BACNET), "").partition("/")
        instance = facts.value("device_instance") or (key.removeprefix("bacnet ") if sort == BACNET and "/" not in key else "")
        found = {role.name for role in roles}
        return Known(
            key=key,
            kind=sort,
            ip=self._ip(key, parent),
            mac=key if sort == L2 else next(iter(self.macs(key)), ""),
            vlan=next((asset.vlan for asset in (*seen, *self.members(parent)) if asset.vlan >= 0), -1),
            unit=int(key.rpartition(" ")[2]) if sort == UNIT else None,
            cip_path=key.partition("/")[2] if sort == CIP else "",
            bacnet_network=int(network) if network else None,
            bacnet_mac=station,
            bacnet_instance=int(instance) if instance.isdecimal() else None,
            knx=key.rpartition(" ")[2] if sort == KNX else facts.value("knx_address"),
            names=tuple(dict.fromkeys(value for name in NAMES for value in facts.values(name))),
            vendor=facts.value("vendor"),
            roles=frozenset(found | {ALSO[name] for name in found if name in ALSO} | set(facts.values("role"))),
            parent=parent,
            same_host=self._same_host(key),
        )

    def _ip(self, key: str, parent: str) -> str:
        own = parent or key
        return "" if own.startswith("bacnet ") or is_mac(own) else host_of(own).partition("%")[0]

    def _same_host(self, key: str) -> str:
        if not key.startswith("fe80:"):
            return ""
        return next((ip for mac in self.macs(key) for ip in self._macs.addresses(mac) if ":" not in ip), "")

    def label(self, key: str) -> str:
        """Its name with its key, or the key alone."""
        facts = self.facts(key)
        name = self._groups.get(key) or facts.value("name") or facts.value("host")
        return f"{name} ({key})" if name else key


def _block(mac: str, seen: Seen | Asset) -> Fact:
    return Fact("vendor", maker(mac), "MAC address (IEEE)", MAC, seen.frame, seen.first_ns, seen.last_ns)
