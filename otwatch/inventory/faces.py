"""One asset, all its faces: assets are united when everything was seen, and every key of each is told with the reason.

Also found then: what is asked again and again behind a parent and never answers (silent), and what uses an address that
another thing has already (a conflict). Both are things, and stand in the inventory.
"""

from collections.abc import Iterator, Mapping

from otwatch.inventory.assets import Asset
from otwatch.inventory.endpoints import BACNET, BEHIND, EXTERNAL, GROUP, HOST, L2, UNIT
from otwatch.inventory.facts import SELF, Fact
from otwatch.inventory.holders import Holder, Holding
from otwatch.inventory.identity import host_of
from otwatch.inventory.inventory import Inventory
from otwatch.inventory.joining import Joined, Part, by_instance, join
from otwatch.inventory.overlaps import SCOPE, in_own_vlan, named
from otwatch.inventory.rows import asset_keys, order
from otwatch.inventory.virtual import face_rows, groups, things
from otwatch.results import FaceRow

SILENT_REQUESTS = 3
"""What was asked so often without any answer is a device that is off or gone; a scan asks once or twice."""
SILENT_SIBLINGS = 32
"""More silent ones behind one parent are no devices but a scan."""
MOVED_NS = 600_000_000_000
"""An address that was silent for so long while another one of the same device spoke was given up: 10 minutes, as for zone.multihomed."""

NOW, FORMER, SHARED, CLAIMED, CONFLICT = "now", "former", "shared", "claimed", "conflict"


def unite(inventory: Inventory) -> tuple[FaceRow, ...]:
    """Unite the assets of an inventory that has seen everything; every key beside its own that an asset was seen under."""
    if inventory.names.united:
        inventory.names.unite({})
        inventory.knowledge.unite((), (), {})
    silent, shared = _silent(inventory), groups(inventory)
    keys = sorted({*asset_keys(inventory), *silent}, key=order)
    leads_to = {key: one.key for one in shared for key in (one.key, *(address for address, _ in one.others), *one.cards)}
    parts = {key: _part(inventory, key) for key in keys if inventory.knowledge.kind(key) not in (GROUP, EXTERNAL) and key not in leads_to}
    holding = Holding(inventory.macs, inventory.is_internal, lambda ip: _speaks_on_link(inventory, ip))
    joined = join(parts, holding, inventory.knowledge.pins)
    moved = dict(_moved(inventory, holding, joined.whole))
    nameless = [one for _, found in holding.conflicts() for one in found if moved.get(one.mac) == one.mac]
    own = in_own_vlan(inventory)
    name = named(own)
    scoped = {key: key for key in keys if name(key) != key}
    leads = {part: name(whole) for part, whole in {**scoped, **joined.whole, **moved, **leads_to}.items()}
    if silent or nameless or shared or any(part != whole for part, whole in leads.items()):
        inventory.names.unite({**leads, **{key: name(key) for key in silent if key not in leads}})
        more = (*map(_rival, nameless), *things(inventory, shared))
        inventory.knowledge.unite(more, map(name, silent), {one.key: one.name for one in shared})
    cards = (*_former(inventory, holding), *_shared(inventory, holding), *_claimed(inventory, holding))
    alike = (*_conflicts(inventory, holding, parts), *_overlapping(parts, own), *face_rows(shared))
    rows = (*_bonds(joined, parts), *_raw(inventory, keys, holding), *cards, *alike)
    whole = [row._replace(asset=inventory.resolve(row.asset)) for row in rows]
    return tuple(sorted({row for row in whole if row.key != row.asset}, key=lambda row: (order(row.asset), row.state, order(row.key), row)))


def _part(inventory: Inventory, key: str) -> Part:
    knowledge = inventory.knowledge
    seen = knowledge.members(key)
    known = knowledge.known(key)
    pin = next((at for at, keys in enumerate(knowledge.pins) if _is_pinned(inventory, key, known.bacnet_instance, keys)), None)
    first = min(seen, key=lambda asset: (asset.first_ns, asset.frame))
    last_ns = max(asset.last_ns for asset in seen)
    return Part(key, known.kind, knowledge.facts(key), first.frame, first.first_ns, last_ns, known.parent, known.bacnet_mac, pin)


def _is_pinned(inventory: Inventory, key: str, instance: int | None, keys: tuple[str, ...]) -> bool:
    return not {key, *inventory.knowledge.macs(key), f"bacnet {instance}"}.isdisjoint(keys)


def _speaks_on_link(inventory: Inventory, ip: str) -> bool:
    """Whether the address sent to a group that no router forwards: all hosts here (RFC 919), or 224.0.0.0/24 (RFC 5771 section 4)."""
    return any(link.way.server == "255.255.255.255" or link.way.server.startswith("224.0.0.") for link in inventory.links.asked_by([ip]))


def _silent(inventory: Inventory) -> list[str]:
    """Children that were asked often and never heard, behind parents that are there."""
    behind: dict[str, list[str]] = {}
    for asset in inventory.assets.all():
        if not asset.heard and asset.asked >= SILENT_REQUESTS and asset.kind in BEHIND | {BACNET}:
            parent = inventory.assets.get(_gate(asset))
            if parent is not None and parent.heard and parent.packets:
                behind.setdefault(parent.key, []).append(asset.key)
    return [key for keys in behind.values() if len(keys) <= SILENT_SIBLINGS for key in keys]


def _gate(asset: Asset) -> str:
    """The endpoint that it is asked through."""
    return next(iter(asset.asked_via), "") if asset.kind == BACNET else host_of(asset.key)


def _moved(inventory: Inventory, holding: Holding, whole: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """MACs that mean another asset than the one whose address they sent for first."""
    rivals = {one.mac for _, found in holding.conflicts() for one in found}
    for mac in holding.macs():
        before = inventory.names.alone(mac)
        held = [one.ip for one in holding.now(mac)]
        after = held[0] if held else (mac if mac in rivals else before)
        if whole.get(after, after) != whole.get(before, before):
            yield mac, whole.get(after, after)


def _rival(holder: Holder) -> Asset:
    """A thing of which nothing is known but its card and the address it claims."""
    seen = holder.seen
    asset = Asset(holder.mac, L2, seen.first_ns, seen.frame)
    asset.last_ns, asset.heard = seen.last_ns, True
    asset.facts.learn(Fact("ip", holder.ip, "arp", SELF, seen.frame, seen.first_ns, seen.last_ns))
    return asset


def _overlapping(parts: Mapping[str, Part], own: Mapping[str, str]) -> Iterator[FaceRow]:
    """The address that other machines have in other VLANs."""
    for address, key in own.items():
        part = parts.get(address)
        if part is not None:
            yield FaceRow(key, address, NOW, "vlan", key.partition(SCOPE)[2], part.frame, part.first_ns, part.last_ns)


def _bonds(joined: Joined, parts: Mapping[str, Part]) -> Iterator[FaceRow]:
    """Each part that is not the whole, with a bond that joined it. An address that fell silent before another was used is a former one."""
    told = set(joined.whole.values())
    ends = [(bond.other, bond) for bond in joined.bonds] + [(bond.one, bond) for bond in joined.bonds]
    for key, bond in ends:
        if key not in told:
            told.add(key)
            part, whole = parts[key], parts[joined.whole[key]]
            is_former = part.kind == whole.kind == HOST and part.last_ns < whole.first_ns and whole.last_ns - part.last_ns >= MOVED_NS
            seen = (part.frame, part.first_ns, part.last_ns) if is_former else bond[4:]
            yield FaceRow(whole.key, key, FORMER if is_former else NOW, bond.reason, bond.value, *seen)


def _raw(inventory: Inventory, keys: list[str], holding: Holding) -> Iterator[FaceRow]:
    """Raw keys that mean an asset of their own accord (identity.py): units, stations, MACs."""
    for key in keys:
        whole = inventory.resolve(key)
        for asset in inventory.knowledge.members(whole):
            reason = {UNIT: "only unit", BACNET: "bacnet instance"}.get(asset.kind)
            if reason and inventory.names.alone(asset.key) == key != asset.key:
                value = inventory.knowledge.facts(key).value("device_instance") if asset.kind == BACNET else ""
                yield FaceRow(key, asset.key, NOW, reason, value, asset.frame, asset.first_ns, asset.last_ns)
    for mac in holding.macs():
        best = max(holding.now(mac) or holding.ever(mac), key=lambda one: (one.seen.by_arp, -one.seen.first_ns))
        if best not in holding.rivals(best.ip):
            yield _card(best.ip, best, FORMER if holding.is_over(best) else NOW)


def _card(asset: str, holder: Holder, state: str) -> FaceRow:
    seen = holder.seen
    reason = "arp" if seen.by_arp else "sender"
    return FaceRow(asset, holder.mac, state, reason, holder.ip, seen.frame, seen.first_ns, seen.last_ns)


def _claimed(inventory: Inventory, holding: Holding) -> Iterator[FaceRow]:
    """Cards that announced an address and are not its own: they do so for several of a network, as proxies and spoofers do."""
    for ip in holding.addresses():
        for mac, seen in holding.claimed(ip):
            yield FaceRow(ip, mac, CLAIMED, "proxy arp", ip, seen.frame, seen.first_ns, seen.last_ns)


def _former(inventory: Inventory, holding: Holding) -> Iterator[FaceRow]:
    """Addresses that a card had before it had others, and that another card holds since."""
    for mac in holding.macs():
        held = {one.ip for one in holding.now(mac)}
        asset = inventory.resolve(mac)
        for one in holding.ever(mac):
            if one.ip not in held and inventory.resolve(one.ip) != asset and not holding.rivals(one.ip) and held:
                seen = one.seen
                yield FaceRow(asset, one.ip, FORMER, "mac", mac, seen.frame, seen.first_ns, seen.last_ns)


def _shared(inventory: Inventory, holding: Holding) -> Iterator[FaceRow]:
    for ip in holding.addresses():
        for mac, group, seen in holding.shared(ip):
            yield FaceRow(inventory.resolve(ip), mac, SHARED, "virtual mac", group, seen.frame, seen.first_ns, seen.last_ns)


def _conflicts(inventory: Inventory, holding: Holding, parts: Mapping[str, Part]) -> Iterator[FaceRow]:
    """Both sides of each: an address that two devices have, an instance that two devices say."""
    for ip, found in holding.conflicts():
        for one in found:
            seen, other = one.seen, inventory.resolve(one.mac)
            yield FaceRow(other, ip, CONFLICT, "address", one.mac, seen.frame, seen.first_ns, seen.last_ns)
            yield FaceRow(ip, other, CONFLICT, "address", one.mac, seen.frame, seen.first_ns, seen.last_ns)
    for instance, said in by_instance(parts).items():
        for key, fact in said:
            for other in {inventory.resolve(other) for other, _ in said} - {inventory.resolve(key)}:
                yield FaceRow(key, other, CONFLICT, "bacnet instance", instance, fact.frame, fact.first_ns, fact.last_ns)
