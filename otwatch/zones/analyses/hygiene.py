"""Conduits that say more than is done, or something else (domain/zones.md 11.6). What was not seen in a short time proves nothing."""

from collections.abc import Iterator

from otwatch.conclusions import Conclusion, conclusion
from otwatch.results import ConduitRow
from otwatch.zones.analyses.scene import Flow, Scene
from otwatch.zones.policy.hosts import address_of

LONG_DAYS = 60
"""Days from which a conduit that was never used is told as too much."""
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


def _of_conduit(scene: Scene, row: ConduitRow, flows: list[Flow]) -> Iterator[Conclusion]:
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
    for side, listed in (("from", row.hosts_from), ("to", row.hosts_to)):
        heard = {address_of(flow.client if side == "from" else flow.server) for flow in allowed}
        missing = [host for host in listed if host.endswith(("/32", "/128")) and address_of(host) not in heard]
        if missing:
            yield conclusion("hygiene", "host_missing", conduit=row.id, hosts=", ".join(host.partition("/")[0] for host in missing))
