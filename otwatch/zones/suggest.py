"""Zones for a site that declares none: a draft with a confidence and its reasons, never an active policy (domain/zones.md 8).

    cells     hosts of one VLAN, else of one /24 (IPv6: /64)                            8.1
    votes     each host's roles (weights come from the inventory) and names             8.2
    kind      the kind with at least half of the cell's votes and enough hosts          8.3
    confidence   share of votes, number of hosts, days seen, names that agree           8.4

A draft made from an infected network would bless the attacker: a person must read it. Until then only never rules
between zones of confidence 0.7 or more are judged (8.7, `compare.SURE`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from ipaddress import ip_address, ip_network
from itertools import pairwise
from typing import NamedTuple
from unicodedata import combining, normalize

from otwatch.config.site import DeclaredZone, Match, Network, Place, Site
from otwatch.zones.kinds import KINDS
from otwatch.zones.policy import UNKNOWN_ID, Policy

ROLE_KINDS = {
    "supervision": "supervision", "engineering": "engineering", "historian": "historian", "time": "time_ntp", "camera": "cctv",
    "recorder": "cctv", "ups": "ups", "switch": "ot_backbone", "office": "office_it", "remote": "remote_maintenance",
    "biomedical": "biomedical", "telephony": "telephony", "lighting": "lighting", "door": "access_control",
}  # fmt: skip
"""What a role says about the zone of its host. `controller` and `gateway` stand in many kinds of zones: there, names decide."""
ALONE = frozenset({"time_ntp", "ups", "engineering", "remote_maintenance"})
"""Kinds that one host is enough for (zones.md 8.3)."""

AIR = frozenset(["cta", "ahu", "cvc", "vmc", "ventil", "air"])
CRITICAL_ROOMS = frozenset(["bloc", "salle_op", "rea", "reanimation", "usi", "iso", "isolement", "ste", "sterili", "grossesse", "neonat"])
FIRE = frozenset(["ssi", "incendie", "desenfum", "cmsi", "ecs_ssi"])
WORDS = {
    "electrical_hv": frozenset({"hta"}),
    "electrical_lv": frozenset(["tgbt", "bt", "gte", "inverseur"]),
    "generators": frozenset(["ge", "groupe"]),
    "ups": frozenset(["ondul", "ups", "asi"]),
    "medical_gases": frozenset(["o2", "oxy", "vide", "protoxyde", "airmed", "fluide"]),
    "water": frozenset(["ecs", "efs", "chlor", "surpress", "osmos", "dialyse", "legio"]),
    "fire_safety": FIRE,
    "access_control": frozenset(["porte", "badge", "utl", "acces"]),
    "lifts": frozenset(["asc", "ascenseur", "monte"]),
    "cold_chain": frozenset(["frigo", "froid_pharma", "sang"]),
    "nurse_call": frozenset(["appel", "malade"]),
}
"""Words of names (zones.md 8.2), without accents; the power list is divided by the kind each word means."""
STEMS = frozenset(
    "ventil reanim sterili neonat desenfum ondul oxy fluide chlor surpress osmos legio ascenseur groupe".split()  # noqa: SIM905  # a list of words reads best as words
)
"""Words of the lists that longer words begin with ("ventilation", "surpresseur"); all others stand alone ("vide" is no "video")."""
WORD_VOTE, WORD_CAP = 2.0, 4.0
ROLE_FLOOR = 3.0
"""Roles below this weight do not vote."""
PLAIN, TO_CONFIRM = 0.7, 0.4
"""Confidence from which a zone is proposed plainly, or to be confirmed; below it is proposed as unknown."""


class Host(NamedTuple):
    """An asset as the suggestion sees it. `roles`: role -> weight; `days` on which it was seen."""

    asset: str
    ip: str
    vlan: int = -1
    names: tuple[str, ...] = ()
    roles: Mapping[str, float] = {}
    days: int = 1


class Suggestion(NamedTuple):
    """A zone proposed. `proposed` is the kind before a low confidence made it unknown; `reasons` are for people and keyed in English."""

    zone: str
    kind: str
    proposed: str
    cidrs: tuple[Network, ...]
    vlan: int
    members: tuple[str, ...]
    share: float
    confidence: float
    criticality: str
    reasons: tuple[str, ...]


class _Cell(NamedTuple):
    vlan: int
    network: Network | None
    hosts: list[Host]


def suggest(assets: Iterable[Host]) -> list[Suggestion]:
    """A zone for every cell of private addresses, in the order of their addresses."""
    proposals = [_propose(cell) for cell in _cells(assets)]
    return _named(proposals)


def draft(suggestions: Iterable[Suggestion], place: Place) -> Policy:
    """The suggestions as a policy that answers like a declared one, flagged as a draft."""
    found = tuple(suggestions)
    zones = [DeclaredZone(one.zone, one.kind, criticality=one.criticality, match=_rules(one)) for one in found]
    zones.append(DeclaredZone("internet", "internet", match=(Match(fallback="public"),)))
    zones.append(DeclaredZone("unknown", "unknown", match=(Match(fallback="private"),)))
    return Policy(Site(1, place, zones=tuple(zones)), {one.zone: one.confidence for one in found} | {"unknown": 0.0, UNKNOWN_ID: 0.0})


def _rules(one: Suggestion) -> tuple[Match, ...]:
    if one.vlan >= 0:
        return (Match(vlan=(one.vlan,)),)
    return tuple(Match(cidr=network) for network in one.cidrs)


# -- cells (8.1) ------------------------------------------------------------------------------------------------------------------------


def _cells(assets: Iterable[Host]) -> list[_Cell]:
    cells: dict[tuple[int, str], _Cell] = {}
    for host in assets:
        network = _network(host.ip)
        if network is None:
            continue
        key = (host.vlan, "") if host.vlan >= 0 else (-1, str(network))
        cells.setdefault(key, _Cell(host.vlan, None if host.vlan >= 0 else network, [])).hosts.append(host)
    return sorted(cells.values(), key=lambda cell: min(int(ip_address(host.ip)) for host in cell.hosts))


def _network(ip: str) -> Network | None:
    """The /24 or /64 of a private unicast address."""
    try:
        address = ip_address(ip.partition("%")[0])
    except ValueError:
        return None
    if address.is_multicast or address.is_global or address.is_unspecified:
        return None
    return ip_network((address, 24 if address.version == 4 else 64), strict=False)


# -- votes (8.2) ------------------------------------------------------------------------------------------------------------------------


def tokens(names: Iterable[str]) -> frozenset[str]:
    """Words of names: lower case, no accents, cut at _ - . / blanks and digits; neighbours joined too ("salle_op", "airmed"), "o2" kept."""
    found: set[str] = set()
    for name in names:
        bare = "".join(letter for letter in normalize("NFKD", name.lower()) if not combining(letter))
        found.update(re.findall(r"(?<![a-z])o2(?![a-z0-9])", bare))
        parts = [part for part in re.split(r"[\W_\d]+", bare) if part]
        found.update(parts)
        found.update(first + joint + second for first, second in pairwise(parts) for joint in ("_", ""))
    return frozenset(found)


def _has(spoken: frozenset[str], words: frozenset[str]) -> int:
    """How many of the words are there."""
    return sum(1 for word in words if word in spoken or (word in STEMS and any(said.startswith(word) for said in spoken)))


def name_votes(names: Iterable[str]) -> dict[str, float]:
    """Kind -> weight by the words in a host's names."""
    spoken = tokens(names)
    votes = {kind: min(WORD_CAP, WORD_VOTE * _has(spoken, words)) for kind, words in WORDS.items()}
    if _has(spoken, FIRE) and not _has(spoken, WORDS["water"] - {"ecs"}):
        votes["water"] = 0.0  # "ecs" is hot water, or the control unit of a fire panel
    air = _has(spoken, AIR)
    if air and not votes["medical_gases"]:
        kind = "hvac_critical" if _has(spoken, CRITICAL_ROOMS) else "hvac_general"
        votes[kind] = WORD_CAP if kind == "hvac_critical" else WORD_VOTE * min(air, 2)
    return {kind: weight for kind, weight in votes.items() if weight}


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


def _propose(cell: _Cell) -> Suggestion:
    by_name = [name_votes(host.names) for host in cell.hosts]
    by_role = [_role_votes(host) for host in cell.hosts]
    by_host = [_sum((named, roles)) for named, roles in zip(by_name, by_role, strict=True)]
    silent = sum(_plain_votes(host) for host, named in zip(cell.hosts, by_name, strict=True) if not named)
    kind, share, agreeing = _winner(silent, by_host)
    names_agree = any(kind in named for named in by_name)
    confidence = _confidence(share, cell.hosts, names_agree) if kind != "unknown" else 0.0
    reasons = (f"share {share:.2f}", f"{agreeing} of {len(cell.hosts)} hosts agree", *(("names agree",) if names_agree else ()))
    return Suggestion(
        "", kind if confidence >= TO_CONFIRM else "unknown", kind, () if cell.network is None else (cell.network,), cell.vlan,
        tuple(host.asset for host in cell.hosts), round(share, 3), round(confidence, 3), _criticality(kind, cell.hosts), reasons,
    )  # fmt: skip


def _sum(votes: Iterable[Mapping[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for one in votes:
        for kind, weight in one.items():
            total[kind] = total.get(kind, 0.0) + weight
    return total


def _winner(silent: float, by_host: list[dict[str, float]]) -> tuple[str, float, int]:
    """The kind that holds the cell, its share of all votes, and how many hosts voted for it first; unknown where none does."""
    votes = _sum(by_host)
    if not votes:
        return "unknown", 0.0, 0
    kind = max(votes, key=lambda name: votes[name])
    share = votes[kind] / (sum(votes.values()) + silent)
    agreeing = sum(1 for host in by_host if host.get(kind, 0.0) >= max(host.values(), default=1.0))
    enough = agreeing >= (1 if kind in ALONE else 2)
    return (kind, share, agreeing) if share >= 0.5 and enough else ("unknown", share, agreeing)


def _confidence(share: float, hosts: list[Host], names_agree: bool) -> float:
    days = max(host.days for host in hosts)
    return 0.5 * share + 0.2 * min(1, len(hosts) / 5) + 0.2 * min(1, days / 7) + 0.1 * names_agree


def _criticality(kind: str, hosts: list[Host]) -> str:
    """The kind's own; C4 where critical rooms stand in the names of two hosts; never lower (8.5)."""
    critical = sum(1 for host in hosts if _has(tokens(host.names), CRITICAL_ROOMS))
    return "C4" if critical >= 2 else KINDS[kind].criticality


def _named(proposals: list[Suggestion]) -> list[Suggestion]:
    """Ids from kinds, numbered where a kind comes more than once; the numbers follow the addresses."""
    seen: Counter[str] = Counter()
    named = []
    for one in proposals:
        seen[one.kind] += 1
        several = seen[one.kind] > 1 or one.kind == "unknown"
        named.append(one._replace(zone=f"{one.kind}_{seen[one.kind]}" if several else one.kind))
    return named
