"""Conduits that say more than is done, or something else (domain/zones.md 11.6). What was not seen in a short time proves nothing."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_network

from otwatch.conclusions import Conclusion, conclusion
from otwatch.config.words import ANY, PROTOCOLS
from otwatch.results import ConduitRow, LinkRow
from otwatch.zones.analyses.scene import Flow, Scene
from otwatch.zones.policy.hosts import address_of

LONG_DAYS = 60
"""Days from which a conduit that was never used is told as too much."""
USED_PERCENT = 30
"""Share of the addresses a conduit opens, from which it is not told as too wide (zones.md 11.6)."""
CHANGES = frozenset({"WRITE", "CONTROL", "PROGRAM", "ADMIN", "TIME"})


def hygiene(scene: Scene) -> Iterator[Conclusion]:
    by_conduit: dict[str, list[Flow]] = {}
    for flow in scene.tried:
        by_conduit.setdefault(flow.link.rule, []).append(flow)
    unused = [row for row in scene.conduits if row.id not in by_conduit]
    if unused:
        key = "unused" if scene.days > LONG_DAYS else "unused_short"
        yield conclusion("hygiene", key, conduits=", ".join(row.id for row in unused), number=len(unused), days=scene.days)
    for row in scene.conduits:
        yield from _of_conduit(scene, row, by_conduit.get(row.id, []))


def _contradicted(scene: Scene, row: ConduitRow) -> Iterator[Conclusion]:
    """What the conduit lists, and a never rule forbids all the same: it wins (zones.md 5.5)."""
    met = [
        flow for flow in scene.tried
        if flow.link.client_zone in row.sources and flow.link.server_zone in row.targets and _lists(row, flow.link)
        and flow.link.verdict == "forbidden" and flow.link.rule not in scene.conduit_ids
    ]  # fmt: skip
    for rule in sorted({flow.link.rule for flow in met}):
        first = next(flow for flow in met if flow.link.rule == rule)
        ends = (first.client, first.server)
        yield conclusion("hygiene", "contradicted", (first.link.frame,), conduit=row.id, rule=rule, asset_example=ends)


def _lists(row: ConduitRow, link: LinkRow) -> bool:
    """Whether a conduit declares all that was asked in a conversation; one that only reads does not declare what was written."""
    for line in row.protocols:
        if link.protocol in {line.proto, *PROTOCOLS[line.proto].also} and (ANY in line.ops or set(link.verbs) <= set(line.ops)):
            return True
    return False


def _of_conduit(scene: Scene, row: ConduitRow, flows: list[Flow]) -> Iterator[Conclusion]:
    yield from _contradicted(scene, row)
    for reason in ("expires", "unidirectional", "tls"):
        broken = [flow for flow in flows if reason in flow.link.reasons]
        if broken:
            first = broken[0]
            ends = (first.client, first.server)
            yield conclusion("hygiene", reason, (first.link.frame,), conduit=row.id, asset_example=ends, flows=len(broken))
    allowed = [flow for flow in flows if flow.link.verdict == "allowed"]
    if not allowed:
        return
    ops = {op for line in row.protocols for op in line.ops}
    seen = {verb for flow in flows for verb in flow.link.verbs}
    idle = ops & CHANGES - seen
    if idle and not seen & CHANGES and all(flow.link.verbs for flow in flows):
        yield conclusion("hygiene", "never_changes", conduit=row.id, ops=" ".join(sorted(idle)), days=scene.days)
    if scene.days > LONG_DAYS:
        yield from _too_wide(scene, row, allowed, ops - seen - CHANGES - {ANY})
    for side, listed in (("from", row.hosts_from), ("to", row.hosts_to)):
        heard = {address_of(flow.client if side == "from" else flow.server) for flow in allowed}
        missing = [host for host in listed if host.endswith(("/32", "/128")) and address_of(host) not in heard]
        if missing:
            yield conclusion("hygiene", "host_missing", conduit=row.id, hosts=", ".join(host.partition("/")[0] for host in missing))


def _too_wide(scene: Scene, row: ConduitRow, allowed: list[Flow], idle: set[str]) -> Iterator[Conclusion]:
    """Addresses that nobody used, and operations besides changes, after long listening."""
    ends = {"from": (row.sources, row.hosts_from), "to": (row.targets, row.hosts_to)}
    declared = sum(_addresses(scene, zones, hosts) for zones, hosts in ends.values())
    used = len({flow.client for flow in allowed}) + len({flow.server for flow in allowed})
    if 100 * used < USED_PERCENT * declared:
        yield conclusion("hygiene", "wide", conduit=row.id, declared=declared, hosts=used, days=scene.days)
    if idle and all(flow.link.verbs for flow in allowed):
        yield conclusion("hygiene", "idle_ops", conduit=row.id, ops=" ".join(sorted(idle)), days=scene.days)


def _addresses(scene: Scene, zones: Iterable[str], hosts: Iterable[str]) -> int:
    """How many addresses one side of a conduit opens: those it lists, else all of its zones."""
    rules = (rule.partition(" ")[::2] for zone in zones if zone in scene.zones for rule in scene.zones[zone].rules)
    listed = [host for host in hosts if "/" in host] or [network for kind, network in rules if kind == "cidr"]
    return sum(ip_network(network).num_addresses for network in listed)
