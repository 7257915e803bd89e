"""All of the inventory as what the record keeps: one row an asset, a value, a link."""

from collections import Counter
from collections.abc import Callable
from functools import lru_cache, reduce
from math import sqrt
from operator import or_
from typing import NamedTuple

from otwatch.events import Verb
from otwatch.events.addresses import REMEMBERED
from otwatch.inventory.assets import Asset
from otwatch.inventory.endpoints import BACNET, BEHIND, CIP, GROUP, UNIT, is_broadcast
from otwatch.inventory.facts import Facts
from otwatch.inventory.identity import host_of
from otwatch.inventory.inventory import Inventory
from otwatch.inventory.knowledge import Known
from otwatch.inventory.links import CODES, NAMES, Link, State, is_error
from otwatch.results import AssetRow, AttributeRow, LinkRow
from otwatch.sightings import SLOT_NS

FEWEST_GAPS = 2
"""Times between reads from which there is a period."""
NOT_JUDGED = "not judged"
PRODUCT = ("product", "model", "product_code")
"""Fields that say what an asset is, best first; a code that is only a number says nothing to people."""

_VERBS = tuple((verb, verb.value) for verb in Verb)
_Way = tuple[str, str, str, int, str]


class Placed(NamedTuple):
    """Where an asset stands: zone, the rule that decided with its rank, criticality for care ("C0" to "C4").

    since_ns   when it came there from another zone, 0 where it was there from the first
    """

    zone: str
    rule: str
    criticality: str
    rank: float = 0.0
    since_ns: int = 0


Place = Callable[[Known], Placed]


def asset_keys(inventory: Inventory) -> list[str]:
    """The assets that are there: heard themselves, or spoken with on an open connection. What was only tried, as by a scan, is none."""
    heard = {asset.key for asset in inventory.assets.all() if asset.heard and (asset.kind != CIP or asset.is_there)}
    open_ends = {link.way.server for link in inventory.links.all() if link.state is State.ESTABLISHED and _shows(inventory, link)}
    units = {unit.key for asset in inventory.assets.all() if asset.kind == UNIT for unit in inventory.names.units(host_of(asset.key))}
    met = {inventory.resolve(key) for key in heard | open_ends | units | inventory.knowledge.found()}
    return sorted((key for key in met if inventory.knowledge.members(key)), key=order)  # links outlive assets that were forgotten


def _shows(inventory: Inventory, link: Link) -> bool:
    """Whether an established link shows that the asked side is there, even where it was never heard."""
    sort = inventory.knowledge.kind(link.way.server)
    return sort == GROUP or (link.way.transport == "tcp" and sort not in BEHIND)


@lru_cache(REMEMBERED)
def order(key: str) -> tuple[int, int, str, tuple[int, ...], str]:
    """Hosts by address, what stands behind a host right after it; then BACnet, then MACs."""
    host, _, rest = key.partition("/")
    address, _, vlan = host.partition("%")
    parts = address.split(".")
    if len(parts) == 4 and all(part.isdecimal() for part in parts):
        return 0, 0, "", (*map(int, parts), _number(vlan), *_numbers(rest)), rest
    if host.startswith("bacnet "):
        return 2, _number(host), host, (), rest
    return (1, 0, host, (), rest) if ":" in host and len(host) != 17 else (3, 0, host, (), rest)


def _numbers(behind: str) -> tuple[int, ...]:
    """Of a unit or a KNX address; 0 of anything else."""
    parts = behind.rpartition(" ")[2].split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else (0,)


def _number(text: str) -> int:
    last = text.rpartition(" ")[2]
    return int(last) if last.isdecimal() else 0


def asset_rows(inventory: Inventory, placed: Place) -> tuple[AssetRow, ...]:
    services, days = _services(inventory), days_seen(inventory)
    return tuple(_asset_row(inventory, key, placed, services.get(key, ()), days[key]) for key in asset_keys(inventory))


def days_seen(inventory: Inventory) -> Counter[str]:
    """Asset -> the most days on which one of its links was seen."""
    days: Counter[str] = Counter()
    for link in inventory.links.all():
        for end in map(inventory.resolve, link.way[:2]):
            days[end] = max(days[end], link.days)
    return days


def _asset_row(inventory: Inventory, key: str, placed: Place, services: tuple[str, ...], days: int) -> AssetRow:
    knowledge = inventory.knowledge
    known, facts, seen = knowledge.known(key), knowledge.facts(key), knowledge.members(key)
    place = placed(known)
    first = min(seen, key=lambda asset: (asset.first_ns, asset.frame))
    return AssetRow(
        key=key,
        label=knowledge.label(key),
        kind=known.kind,
        parent=known.parent,
        address=_address(known, facts),
        macs=tuple(knowledge.macs(key)) or ((known.mac,) if known.mac else ()),
        vlan=known.vlan,
        vendor=known.vendor,
        product=next((value for name in PRODUCT if (value := facts.value(name)) and not value.isdecimal()), ""),
        firmware=facts.value("firmware"),
        serial=facts.value("serial"),
        name=facts.value("name") or facts.value("host"),
        roles=tuple((role.name, role.why()) for role in knowledge.roles(key)),
        services=services,
        zone=place.zone,
        zone_rule=place.rule,
        criticality=place.criticality,
        first_ns=first.first_ns,
        last_ns=max(asset.last_ns for asset in seen),
        packets=sum(_packets(asset) for asset in seen),
        frame=first.frame,
        presence="silent" if key in knowledge.silent else "heard",
        zone_rank=place.rank,
        zone_since_ns=place.since_ns or first.first_ns,
        days=days,
    )


def _address(known: Known, facts: Facts) -> str:
    if known.kind == BACNET:
        return f"net {known.bacnet_network}/{known.bacnet_mac}" if known.bacnet_network is not None else ""
    return known.ip or facts.value("ip")


def _packets(asset: Asset) -> int:
    """Of what stands behind a gateway no packets are counted, but the messages it sent."""
    return asset.packets or asset.said


def _services(inventory: Inventory) -> dict[str, tuple[str, ...]]:
    """What every asset was seen to serve: "tcp/502 modbus"."""
    found: dict[str, set[tuple[str, int, str]]] = {}
    for link in inventory.links.all():
        way = link.way
        if link.state is State.ESTABLISHED and way.port and not is_broadcast(way.server):
            found.setdefault(inventory.resolve(way.server), set()).add((way.transport, way.port, way.protocol))
    return {key: tuple(f"{transport}/{port} {name}".strip() for transport, port, name in sorted(served)) for key, served in found.items()}


def attribute_rows(inventory: Inventory) -> tuple[AttributeRow, ...]:
    """Every value said for every attribute of every asset, the chosen one of each first."""
    return tuple(row for key in asset_keys(inventory) for row in _attributes(inventory, key))


def _attributes(inventory: Inventory, key: str) -> list[AttributeRow]:
    if inventory.knowledge.kind(key) == GROUP:
        return []
    rows: list[AttributeRow] = []
    for fact in inventory.knowledge.facts(key):
        chosen = not rows or rows[-1].name != fact.name
        rows.append(AttributeRow(key, fact.name, fact.value, fact.source, fact.confidence, chosen, fact.frame, fact.first_ns, fact.last_ns))
    return rows


def link_rows(inventory: Inventory, placed: Place) -> tuple[LinkRow, ...]:
    """Links between assets; the verdict is the policy's to give ("not judged" here)."""
    groups: dict[_Way, list[Link]] = {}
    for link in inventory.links.all():
        if is_error(link.way):
            continue
        client, server = inventory.resolve(link.way.client), inventory.resolve(link.way.server)
        groups.setdefault((client, server, *link.way[2:]), []).append(link)
    zones = {key: placed(inventory.knowledge.known(key)).zone for key in {end for way in groups for end in way[:2]}}
    ways = sorted(groups, key=lambda way: (order(way[0]), order(way[1]), way[2:]))
    return tuple(_link_row(way, groups[way], _traffic(way, groups), zones) for way in ways)


class _Traffic(NamedTuple):
    packets: int
    sent: int
    received: int


def _traffic(way: _Way, groups: dict[_Way, list[Link]]) -> _Traffic:
    """What tallies counted; where only messages were, those.

    A conversation of two equal ports (BACnet) may have been counted the wrong way round: it belongs to whoever asks more.
    """
    back = (way[1], way[0], *way[2:])
    own, other = _counted(groups[way]), _counted(groups.get(back, []))
    asked, asks_back = _requests(groups[way]), _requests(groups.get(back, []))
    if own.packets and other.packets:
        return own
    if other.packets and asked > asks_back:
        return _Traffic(other.packets, other.received, other.sent)
    if own.packets and asked >= asks_back:
        return own
    return _Traffic(sum(link.messages for link in groups[way]), 0, 0)


def _counted(links: list[Link]) -> _Traffic:
    return _Traffic(sum(link.packets for link in links), sum(link.sent for link in links), sum(link.received for link in links))


def _requests(links: list[Link]) -> int:
    return sum(times for link in links for times in link.verbs.values())


def _verbs(links: list[Link]) -> dict[str, int]:
    counted: dict[Verb, int] = {}
    for link in links:
        for verb, times in link.verbs.items():
            counted[verb] = counted.get(verb, 0) + times
    return {name: times for verb, name in _VERBS if (times := counted.get(verb, 0))}


def _codes(links: list[Link]) -> dict[str, int]:
    """How often each operation was asked, the most frequent first."""
    counted: Counter[str] = Counter()
    for link in links:
        counted.update(link.codes)
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:CODES])


def _link_row(way: _Way, links: list[Link], traffic: _Traffic, zones: dict[str, str]) -> LinkRow:
    client, server, transport, port, protocol = way
    first = min(links, key=lambda link: (link.first_ns, link.frame))
    return LinkRow(
        client=client,
        server=server,
        transport=transport,
        port=port,
        protocol=protocol,
        role=max(link.role for link in links).name.lower(),
        state=NAMES[max(link.state for link in links)],
        client_zone=zones[client],
        server_zone=zones[server],
        verdict=NOT_JUDGED,
        rule="",
        reasons=(),
        packets=traffic.packets,
        bytes_sent=traffic.sent,
        bytes_received=traffic.received,
        verbs=_verbs(links),
        writes=sum(link.writes for link in links),
        errors=sum(link.errors for link in links),
        first_ns=first.first_ns,
        last_ns=max(link.last_ns for link in links),
        frame=first.frame,
        days=max(link.days for link in links),
        hours=f"{reduce(or_, (link.week for link in links)):042x}",
        via=tuple(sorted({via for link in links for via in link.via})),
        codes=_codes(links),
        unanswered=sum(link.unanswered for link in links),
        **_period(max(links, key=lambda link: link.slots)),
    )


def _period(link: Link) -> dict[str, float]:
    """How regularly it reads. Reads are counted by slots of 10 s, so nothing is said of what is faster."""
    gaps = link.slots - 1
    if gaps < FEWEST_GAPS or not link.span:
        return {"period_s": 0.0, "period_cv": 0.0}
    mean = link.span / gaps
    deviation = sqrt(max(0.0, link.spread / gaps - mean * mean))
    return {"period_s": round(mean * SLOT_NS / 1e9, 1), "period_cv": round(deviation / mean, 2)}
