"""Zones for a site that declares none: a draft with a confidence and its reasons, never an active policy (domain/zones.md 8).

    cells     hosts of one VLAN, else of one network (`cells`)                          8.1
    votes     each host's roles (weights come from the inventory) and names             8.2
    kind      the kind with at least half of the cell's votes and enough hosts          8.3
    parts     where no kind holds a cell: those of its hosts that talk with each other  8.3
    confidence   share of votes, number of hosts, days seen, names that agree           8.4

A draft made from an infected network would bless the attacker: a person must read it. Until then only never rules
between zones of confidence 0.7 or more are judged (8.7, `compare.SURE`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from ipaddress import ip_address
from typing import NamedTuple

from otwatch.config.site import DeclaredZone, Match, Place, Site
from otwatch.zones.policy import UNKNOWN_ID, Policy
from otwatch.zones.policy.kinds import KINDS
from otwatch.zones.suggestion.cells import SMALLEST, Asked, Cell, Gateways, Host, cells
from otwatch.zones.suggestion.naming import is_critical, name_votes

ROLE_KINDS = {
    "supervision": "supervision", "engineering": "engineering", "historian": "historian", "time": "time_ntp", "camera": "cctv",
    "recorder": "cctv", "ups": "ups", "switch": "ot_backbone", "office": "office_it", "remote": "remote_maintenance",
    "biomedical": "biomedical", "telephony": "telephony", "lighting": "lighting", "door": "access_control",
}  # fmt: skip
"""What a role says about the zone of its host. `controller` and `gateway` stand in many kinds of zones: there, names decide."""
ALONE = frozenset({"time_ntp", "ups", "engineering", "remote_maintenance"})
"""Kinds that one host is enough for (zones.md 8.3)."""

HALF = 0.5
"""Share of a cell's votes that its kind needs."""
ROLE_FLOOR = 3.0
"""Roles below this weight do not vote."""
PLAIN, TO_CONFIRM = 0.7, 0.4
"""Confidence from which a zone is proposed plainly, or to be confirmed; below it is proposed as unknown."""


class Suggestion(NamedTuple):
    """A zone proposed.

    proposed   the kind with most votes, also where too few hosts or too little confidence left the zone unknown
    match      what puts hosts into it
    reasons    fixed words with their values: "share 0.62", "agree 2/5", "days 1", "names yes", "roles controller 4"
    """

    zone: str
    kind: str
    proposed: str
    match: tuple[Match, ...]
    members: tuple[str, ...]
    share: float
    confidence: float
    criticality: str
    reasons: tuple[str, ...]


Talks = Mapping[tuple[str, str], float]
"""Two assets -> how much they say to each other."""
_ByOne = Mapping[str, Mapping[str, float]]


def suggest(assets: Iterable[Host], talks: Talks | None = None, asked: Asked = (), gateways: Gateways = ()) -> list[Suggestion]:
    """A zone for every cell of private addresses, in the order of their addresses; parts of a cell right before its rest.

    Where one or two hosts of whom nothing is known are all that was seen of a network, it gets no zone: a person would have to read
    a line that says nothing. They are left to the zone of everything unknown.
    """
    by_one = _by_one(talks or {})
    return _named([one for cell in cells(assets, asked, gateways) for one in _proposals(cell, by_one) if _says_something(one)])


def _by_one(talks: Talks) -> _ByOne:
    """So that a cell looks at what its own hosts say: a flood of VLANs makes thousands of cells."""
    found: dict[str, dict[str, float]] = {}
    for (one, other), weight in talks.items():
        found.setdefault(one, {})[other] = weight
    return found


def _says_something(one: Suggestion) -> bool:
    return one.proposed != "unknown" or len(one.members) >= SMALLEST or any(reason.startswith("roles ") for reason in one.reasons)


def _proposals(cell: Cell, talks: _ByOne) -> Iterator[Suggestion]:
    whole = _propose(cell)
    left = list(cell.hosts)
    for part in _parts(cell, talks) if whole.kind == "unknown" else ():
        found = _propose(part)
        if found.kind != "unknown":
            yield found
            left = [host for host in left if host not in part.hosts]
    if left:
        yield whole if len(left) == len(cell.hosts) else _propose(cell._replace(hosts=left))


def draft(suggestions: Iterable[Suggestion], place: Place) -> Policy:
    """The suggestions as a policy that answers like a declared one, flagged as a draft."""
    found = tuple(suggestions)
    zones = [DeclaredZone(one.zone, one.kind, criticality=one.criticality, match=one.match) for one in found]
    zones.append(DeclaredZone("internet", "internet", match=(Match(fallback="public"),)))
    zones.append(DeclaredZone("unknown", "unknown", match=(Match(fallback="private"),)))
    return Policy(Site(1, place, zones=tuple(zones)), {one.zone: one.confidence for one in found} | {"unknown": 0.0, UNKNOWN_ID: 0.0})


# -- parts (8.3) -------------------------------------------------------------------------------------------------------------------------


def _parts(cell: Cell, talks: _ByOne) -> Iterator[Cell]:
    """Communities of hosts that talk more with each other than with the rest.

    Louvain, of the same modularity as the greedy merging of zones.md 8.3: that takes seconds where one supervision polls a thousand
    controllers, at every write of a sensor's record.
    """
    keys = {host.asset: host for host in cell.hosts}
    among = {(one, other): weight for one in keys for other, weight in talks.get(one, {}).items() if other in keys and other != one}
    if len(keys) < 2 * SMALLEST or not among:
        return
    from networkx import Graph
    from networkx.algorithms.community import louvain_communities

    graph: Graph[str] = Graph()
    graph.add_nodes_from(sorted(keys))
    for (one, other), weight in sorted(among.items()):
        before = graph.get_edge_data(one, other, {"weight": 0.0})["weight"]
        graph.add_edge(one, other, weight=before + weight)
    for members in sorted(louvain_communities(graph, weight="weight", seed=0), key=lambda found: (-len(found), min(found))):
        hosts = [host for host in cell.hosts if host.asset in members]
        if SMALLEST <= len(hosts) < len(cell.hosts):
            yield Cell(tuple(Match(ip=ip_address(ip)) for ip in dict.fromkeys(host.ip for host in hosts)), hosts)


def import_communities() -> None:
    """Import now what finds them (0.1 s), for whoever waits for other processes anyway."""
    import_module("networkx.algorithms.community")


# -- votes (8.2) ------------------------------------------------------------------------------------------------------------------------


def _role_votes(host: Host) -> dict[str, float]:
    votes: dict[str, float] = {}
    for role, weight in host.roles.items():
        if weight >= ROLE_FLOOR and role in ROLE_KINDS:
            votes[ROLE_KINDS[role]] = votes.get(ROLE_KINDS[role], 0.0) + weight
    return votes


def _plain_votes(host: Host) -> float:
    """Weight of roles that say nothing about the kind: they count against every kind, but only where no name speaks."""
    return sum(weight for role, weight in host.roles.items() if weight >= ROLE_FLOOR and role not in ROLE_KINDS)


# -- kinds and confidence (8.3 to 8.5) --------------------------------------------------------------------------------------------------


def _propose(cell: Cell) -> Suggestion:
    by_name = [name_votes(host.names) for host in cell.hosts]
    by_role = [_role_votes(host) for host in cell.hosts]
    by_host = [_sum((named, roles)) for named, roles in zip(by_name, by_role, strict=True)]
    silent = sum(_plain_votes(host) for host, named in zip(cell.hosts, by_name, strict=True) if not named)
    best, share, agreeing = _winner(silent, by_host)
    accepted = share >= HALF and agreeing >= (1 if best in ALONE else 2)
    names_agree = any(best in named for named in by_name)
    confidence = _confidence(share, cell.hosts, names_agree) if accepted else 0.0
    kind = best if confidence >= TO_CONFIRM else "unknown"
    reasons = (f"share {share:.2f}", f"agree {agreeing}/{len(cell.hosts)}", f"days {_days(cell.hosts)}")
    told = (*reasons, *(("names yes",) if names_agree else ()), *_roles_said(cell.hosts))
    members = tuple(host.asset for host in cell.hosts)
    return Suggestion("", kind, best, cell.match, members, round(share, 3), round(confidence, 3), _criticality(kind, cell.hosts), told)


def _roles_said(hosts: list[Host]) -> tuple[str, ...]:
    counted = Counter(role for host in hosts for role, weight in host.roles.items() if weight >= ROLE_FLOOR)
    return (f"roles {' '.join(f'{role} {counted[role]}' for role in sorted(counted))}",) if counted else ()


def _sum(votes: Iterable[Mapping[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for one in votes:
        for kind, weight in one.items():
            total[kind] = total.get(kind, 0.0) + weight
    return total


def _winner(silent: float, by_host: list[dict[str, float]]) -> tuple[str, float, int]:
    """The kind with most votes, its share of all votes, and how many hosts voted for it first; unknown where nobody votes."""
    votes = _sum(by_host)
    if not votes:
        return "unknown", 0.0, 0
    kind = max(sorted(votes), key=lambda name: votes[name])
    agreeing = sum(1 for host in by_host if host.get(kind, 0.0) >= max(host.values(), default=1.0))
    return kind, votes[kind] / (sum(votes.values()) + silent), agreeing


def _confidence(share: float, hosts: list[Host], names_agree: bool) -> float:
    return 0.5 * share + 0.2 * min(1, len(hosts) / 5) + 0.2 * min(1, _days(hosts) / 7) + 0.1 * names_agree


def _days(hosts: list[Host]) -> int:
    return max(host.days for host in hosts)


def _criticality(kind: str, hosts: list[Host]) -> str:
    """The kind's own; C4 where critical rooms stand in the names of two hosts; never lower (8.5)."""
    critical = sum(1 for host in hosts if is_critical(host.names))
    return "C4" if critical >= 2 else KINDS[kind].criticality


def _named(proposals: list[Suggestion]) -> list[Suggestion]:
    """Ids from kinds, numbered where a kind comes more than once; unknown zones are named by their network, so that they keep their id."""
    seen: Counter[str] = Counter()
    named = []
    for one in proposals:
        plain = one.kind if one.kind != "unknown" else _network_id(one.match[0])
        seen[plain] += 1
        named.append(one._replace(zone=f"{plain}_{seen[plain]}" if seen[plain] > 1 else plain))
    return named


def _network_id(match: Match) -> str:
    """ "net_10_20_1_0", "vlan_310", "bacnet_2101": an id of at most 32 letters, digits and _."""
    if match.bacnet_network is not None:
        return f"bacnet_{match.bacnet_network[0]}"
    if match.vlan is not None:
        return f"vlan_{match.vlan[0]}"
    return ("net_" + re.sub(r"[^0-9a-f]+", "_", str(match.cidr or match.ip).partition("/")[0])).strip("_")[:29]
