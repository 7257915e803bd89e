"""What of the site file a finding contradicts, and which lines would make it legitimate.

The lines are as narrow as the finding: its two hosts, what was spoken, the points that were written. A conduit lets the flow through; a
write also needs a writer where the file lists expected ones (then a conduit alone expects no write, zones.md 5.7). What a never rule
forbids, no line allows: the rule itself would have to go, which is nobody's to paste.
"""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from glob import escape
from ipaddress import ip_address

from otwatch.conclusions import Allowing, Contradiction, DraftConduit, DraftWriter
from otwatch.config.words import PROTOCOLS
from otwatch.results import AlertRow, AssetRow, LinkRow, Results
from otwatch.results.findings import finding
from otwatch.zones.compare import Judged
from otwatch.zones.policy import Policy
from otwatch.zones.suggestion.drafting import Group, conduit_of, named

FLOWS = ("zone.flow.undeclared", "zone.conduit.violation", "zone.level.skip")
"""Detections that hold where no conduit allows what was seen."""
WRITES = ("*.write.unexpected", "bacnet.write.high_priority", "bacnet.write.protective_property", "net.config.changed")
"""Detections that hold where nobody is expected to write."""
STAYS = ("clear.ics.unprotected",)
"""Detections beside them that still hold where a conduit allows the flow."""
_JUDGED = {Judged.UNDECLARED, Judged.VIOLATION, Judged.FORBIDDEN}
_CLAUSES = {"op": "protocols", "tls": "protocols", "version": "protocols"}
"""Clauses that stand under another key than their own name."""
_LISTED_POINTS = 5
"""Points that a finding lists at most (alerts.repeats.VALUES): where there are as many, there may be more."""
_OBJECT = re.compile(r"([a-z0-9-]+:\d+) ([a-z0-9-]+)(\[\d+\])?")
_ADDRESSES = re.compile(r"(?:coil|holding-register) (\d+)(?:\.\.(\d+))?")
_NAMED = {"tag": ("paths", "tag:"), "cip": ("paths", ""), "node": ("nodes", ""), "group": ("groups", "")}
"""Kinds of points that are known by a name: the key that restricts them, and what stands before the name."""


def allowing(alert: AlertRow, results: Results, policy: Policy) -> Allowing:
    """Of a finding of these results under this site file."""
    assets = {row.key: row for row in results.assets}
    links = _links(alert, results.links, assets)
    writes = _is(WRITES, alert)
    contradicted = [*(_of_link(link, policy) for link in links), *([_of_write(alert, assets, policy)] if writes and _lists(policy) else [])]
    told = tuple(dict.fromkeys(contradicted))
    hindrance = _hindrance(alert, links, policy)
    if hindrance:
        return Allowing(told, hindrance=hindrance)
    conduits = _conduits(alert, links, assets, policy)
    writers = (_writer(alert, results, assets),) if writes and _lists(policy) else ()
    return Allowing(told, conduits, writers, "" if conduits or writers else "intra")


def _is(patterns: Iterable[str], alert: AlertRow) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns for name in (alert.detection, *alert.also))


def _lists(policy: Policy) -> bool:
    """Whether the file lists expected writers."""
    return bool(policy.site.expected_writers)


def _hindrance(alert: AlertRow, links: list[LinkRow], policy: Policy) -> str:
    if any(link.verdict == Judged.FORBIDDEN for link in links):
        return "never"
    known = (*FLOWS, *WRITES, *STAYS)
    if not all(any(fnmatchcase(name, pattern) for pattern in known) for name in (alert.detection, *alert.also)):
        return "act"
    if any(policy.is_built_in(zone) for link in links for zone in (link.client_zone, link.server_zone)):
        return "zone"
    lacks_conduits = _is(FLOWS, alert) and not policy.has_conduits
    lacks_writers = _is(WRITES, alert) and not (policy.has_conduits or _lists(policy))
    return "list" if lacks_conduits or lacks_writers else ""


def _links(alert: AlertRow, links: Iterable[LinkRow], assets: dict[str, AssetRow]) -> list[LinkRow]:
    """Links between the two, or the hosts they stand behind, that the policy does not allow."""
    clients, servers = (_carried(end, assets) for end in (alert.client, alert.server))
    return [link for link in links if link.client in clients and link.server in servers and link.verdict in _JUDGED]


def _carried(key: str, assets: dict[str, AssetRow]) -> list[str]:
    """An asset and what it stands behind, the nearest first."""
    found: list[str] = []
    while key and key not in found:
        found.append(key)
        key = assets[key].parent if key in assets else ""
    return found


def _address(key: str, assets: dict[str, AssetRow]) -> str:
    """The address of the host that carries an asset, as the site file names hosts; "" where it has none."""
    for one in _carried(key, assets):
        for text in (one.partition("/")[0], assets[one].address if one in assets else ""):
            try:
                return str(ip_address(text))
            except ValueError:
                continue
    return ""


# -- what is contradicted ---------------------------------------------------------------------------------------------------------------


def _of_link(link: LinkRow, policy: Policy) -> Contradiction:
    ends = (link.client_zone, link.server_zone)
    clauses = tuple(clause for clause in link.reasons if not clause.endswith("?"))
    conduit = policy.conduits.get(link.rule)
    if link.verdict == Judged.FORBIDDEN:
        rule = next((rule for rule in policy.never if rule.id == link.rule), None)
        if rule is None:
            return Contradiction("one_way", (conduit.at.line,) if conduit else (), *ends, link.rule)
        where = (rule.at.line,) if rule.at.line else ()
        return Contradiction("never" if where else "shipped", where, *ends, rule.id, reason=rule.reason)
    if conduit is None:
        return Contradiction("no_conduit", (policy.site.at.of("conduits"),), *ends, clauses=clauses)
    if "expires" in clauses:
        return Contradiction("expired", (conduit.at.of("expires"),), *ends, link.rule)
    lines = dict.fromkeys((conduit.at.line, *(conduit.at.of(_CLAUSES.get(clause, clause)) for clause in clauses)))
    return Contradiction("conduit", tuple(lines), *ends, link.rule, clauses)


def _of_write(alert: AlertRow, assets: dict[str, AssetRow], policy: Policy) -> Contradiction:
    """The lines of expected writers that are about this device and protocol; where the list begins, where none is."""
    server, proto = _address(alert.server, assets), _proto(alert)
    near = [line.at.line for line in policy.site.expected_writers if line.proto == proto and server in policy.hosts(line.server)]
    lines = tuple(near) or (policy.site.at.of("expected_writers"),)
    return Contradiction("writer" if near else "no_writer", lines, alert.client_zone, alert.server_zone)


# -- what would allow it ----------------------------------------------------------------------------------------------------------------


def _conduits(alert: AlertRow, links: list[LinkRow], assets: dict[str, AssetRow], policy: Policy) -> tuple[DraftConduit, ...]:
    """One conduit for each protocol, between these two hosts only."""
    groups: dict[Group, list[LinkRow]] = {}
    for link in links:
        for proto, transport, ports in named(link):
            groups.setdefault((link.client_zone, link.server_zone, proto, transport, ports), []).append(link)
    hosts = tuple(tuple(filter(None, (_address(end, assets),))) for end in (alert.client, alert.server))
    made = (conduit_of(f"c_{finding(alert)[:8]}_{at}", key, groups[key], assets, policy) for at, key in enumerate(sorted(groups), 1))
    return tuple(one._replace(clients=hosts[0], servers=hosts[1], writers=hosts[0] if one.counted["writes"] else ()) for one in made)


def _proto(alert: AlertRow) -> str:
    """As the site file names it: UMAS travels in Modbus."""
    family = alert.detection.partition(".")[0]
    return family if family == "umas" else alert.protocol if alert.protocol in PROTOCOLS else family


def _writer(alert: AlertRow, results: Results, assets: dict[str, AssetRow]) -> DraftWriter:
    unit = re.fullmatch(r".*/unit (\d+)", alert.server)
    priority = alert.facts.get("priority", "")
    proto = _proto(alert)
    restrictions = () if proto == "umas" else _restrictions(_points(alert, results))
    return DraftWriter(
        _address(alert.client, assets), _address(alert.server, assets), proto, unit[1] if unit else "", restrictions,
        int(priority) if proto == "bacnet" and priority.isdecimal() else 0,
    )  # fmt: skip


def _points(alert: AlertRow, results: Results) -> list[str]:
    """The points the finding names; where it cannot name all, every point this client has written there."""
    said = alert.facts.get("point", "").split(", ")
    if len(said) < _LISTED_POINTS and not any("(+" in point for point in said):
        return said
    return [row.point for row in results.points if row.asset == alert.server and alert.client in row.writers]


def _restrictions(points: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the points have in common as the site file says it; none where one of them cannot be said."""
    found: dict[str, dict[str, None]] = {}
    for point in points:
        said = _restriction(point)
        if not said:
            return ()
        for key, value in said:
            found.setdefault(key, {})[value] = None
    return tuple((key, tuple(values)) for key, values in found.items())


def _restriction(point: str) -> tuple[tuple[str, str], ...]:
    if held := _OBJECT.fullmatch(point):
        return ("objects", held[1]), ("properties", held[2])
    if held := _ADDRESSES.fullmatch(point):
        return (("addresses", held[1] if held[2] is None else f"{held[1]}-{held[2]}"),)
    kind, _, name = point.partition(" ")
    key, before = _NAMED.get(kind, ("", ""))
    return ((key, f"{before}{name if kind == 'cip' else escape(name)}"),) if key and name else ()
