"""What was seen, held against rules that are not in force yet, or that somebody believes to be (domain/zones.md 11.7, issue 7)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from otwatch.changes import LinkSeen
from otwatch.conclusions import Conclusion, conclusion
from otwatch.config import load_site
from otwatch.errors import ConfigError
from otwatch.events import Verb
from otwatch.results import AssetRow, Results
from otwatch.zones.analyses.scene import Flow, Scene
from otwatch.zones.compare import Judged, judge
from otwatch.zones.firewall.iptables import read_iptables
from otwatch.zones.firewall.nftables import read_nftables
from otwatch.zones.firewall.ruleset import Begin, Ruleset, decide, shadows
from otwatch.zones.graphs.edges import worse
from otwatch.zones.matching.conditions import Identified
from otwatch.zones.matching.matcher import Matcher
from otwatch.zones.policy import Placed, Policy
from otwatch.zones.policy.hosts import address_of

WRONG_TODAY = frozenset({"forbidden", "violation", "undeclared"})
LARGEST = 64 * 1024 * 1024
"""Bytes of a firewall's rules that are read."""


class Outcome(NamedTuple):
    """What becomes of a flow. `why`: the rule or conduit and its reasons; `sure`: no rule that could not be read has a part in it."""

    passes: bool
    why: str
    sure: bool = True


def held_against(path: Path, results: Results) -> tuple[Conclusion, ...]:
    """Flows that would break, flows that would rightly be stopped, and rules of a firewall that do nothing."""
    scene = Scene(results)
    text = _text(path)
    if text.lstrip().startswith("{"):
        return tuple(_firewall(scene, read_nftables(text, path.name)))
    if any(line.startswith(("*filter", ":FORWARD")) for line in text.splitlines()):
        return tuple(_firewall(scene, read_iptables(text, path.name)))
    return tuple(_broken(scene, _by_site(Policy(load_site(path)), scene), "policy"))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST).decode("utf-8", "replace")
    except OSError as error:
        raise ConfigError("firewall.unreadable", name=path.name, reason=error) from error


# -- what becomes of each flow ----------------------------------------------------------------------------------------------------------


def _broken(scene: Scene, outcome: Callable[[Flow], Outcome | None], kind: str) -> Iterator[Conclusion]:
    """Business first: what nobody objects to today."""
    passed = 0
    told: dict[str, list[Conclusion]] = {"breaks": [], "unsure": [], "stops": []}
    for flow in scene.flows:
        found = outcome(flow)
        if found is None:
            continue
        if found.passes and found.sure:
            passed += 1
            continue
        key = "unsure" if not found.sure else "stops" if flow.link.verdict in WRONG_TODAY else "breaks"
        told[key].append(
            conclusion(
                "test", key, (flow.link.frame,), asset_example=(flow.client, flow.server), zone_from=flow.link.client_zone,
                zone_to=flow.link.server_zone, protocol=flow.link.protocol or f"{flow.link.transport}/{flow.link.port}", why=found.why,
                writes=flow.link.writes, packets=flow.link.packets,
            )
        )  # fmt: skip
    counted = {key: len(found) for key, found in told.items()}
    yield conclusion("test", f"summary_{kind}", (), passed=passed, **counted)
    for found_of in told.values():
        yield from found_of


def _by_site(policy: Policy, scene: Scene) -> Callable[[Flow], Outcome | None]:
    """Assets are placed anew, by the rules of the file that is tested."""
    matcher = Matcher(policy.site)
    placed: dict[str, Placed] = {}

    def place(key: str) -> Placed:
        if key not in placed:
            row = scene.assets[key]
            parent = place(row.parent).zone.id if row.parent in scene.assets and row.parent != key else ""
            known = identified(row, parent)
            placed[key] = Placed(key, known.ip, policy.zone(matcher.place(known).zone))
        return placed[key]

    def outcome(flow: Flow) -> Outcome | None:
        client, server = place(flow.client), place(flow.server)
        worst = None
        for verb in [verb for verb in Verb if verb in flow.link.verbs] or (None,):
            seen = LinkSeen(
                flow.client, flow.server, flow.link.transport, flow.link.port, flow.link.protocol, verb,
                flow.link.state, 0, flow.link.first_ns, flow.link.frame,
            )  # fmt: skip
            verdict = judge(policy, seen, client, server)
            worst = verdict if worst is None or worse(verdict.kind, worst.kind) else worst
        if worst is None or worst.kind in {Judged.NOT_JUDGED, Judged.INTRA}:
            return None
        return Outcome(worst.kind is Judged.ALLOWED, " ".join((worst.kind, worst.rule or worst.conduit, *worst.reasons)).replace("  ", " "))

    return outcome


def identified(row: AssetRow, parent_zone: str = "") -> Identified:
    """What a row of the record tells of an asset's identity."""
    network, station = row.address.removeprefix("net ").partition("/")[::2] if row.address.startswith("net ") else ("", "")
    instance, unit, path = row.key.removeprefix("bacnet "), row.key.rpartition("/unit ")[2], row.key.partition("/port ")[2]
    address = address_of(row.address or row.key)
    return Identified(
        ip=str(address) if address is not None else "", mac=row.macs[0] if len(row.macs) == 1 else "", vlan=row.vlan,
        bacnet_network=int(network) if network.isdecimal() else None, bacnet_mac=station,
        bacnet_instance=int(instance) if row.key.startswith("bacnet ") and instance.isdecimal() else None,
        modbus_unit=int(unit) if "/unit " in row.key and unit.isdecimal() else None, cip_path=path.replace("/", ","),
        names=tuple(filter(None, (row.name,))), roles=frozenset(name for name, _ in row.roles), vendor=row.vendor, parent_zone=parent_zone,
    )  # fmt: skip


# -- firewalls --------------------------------------------------------------------------------------------------------------------------


def _firewall(scene: Scene, rules: Ruleset) -> Iterator[Conclusion]:
    used: set[int] = set()

    def outcome(flow: Flow) -> Outcome | None:
        source, target = address_of(scene.assets[flow.client].address), address_of(scene.assets[flow.server].address)
        if not flow.is_crossing or source is None or target is None or source == target:
            return None
        found = decide(rules, Begin(source, target, flow.link.transport, flow.link.port))
        used.update((found.rule, *found.perhaps))
        perhaps = [rules.rules[at].name for at in found.perhaps]
        decided = rules.rules[found.rule].name if found.rule >= 0 else f"policy {rules.otherwise}"
        return Outcome(found.verdict == "accept", ", ".join([decided, *perhaps]), not perhaps)

    yield from _broken(scene, outcome, "firewall")
    shadowed = dict(shadows(rules))
    for at, earlier in shadowed.items():
        key = "rule_shadowed" if rules.rules[at].verdict == rules.rules[earlier].verdict else "rule_contradicted"
        yield conclusion("rules", key, rule=rules.rules[at].name, by=rules.rules[earlier].name)
    for at, rule in enumerate(rules.rules):
        begins = all(one.of != "state" or ("new" in one.words) != one.negated for one in rule.conditions)
        if at not in used and at not in shadowed and begins and rule.verdict == "accept":
            yield conclusion("rules", "rule_unused", rule=rule.name, days=scene.days)
