"""What was seen against what is declared: one verdict a link, in the order of domain/zones.md 9.6.

    same zone -> intra          (unless the zone declares its own traffic too)
    never rule -> forbidden     (its exceptions are conduits that fully allow the link, and open windows)
    one-way conduit used backwards -> forbidden
    no conduit, or none that lists the protocol -> undeclared
    a conduit with all clauses held -> allowed;  else -> violation, with the clauses that fail

Reasons are fixed words (`op`, `hosts_from` ...), as in detections.md; "<clause>?" is a clause that cannot be verified on this link.
"""

from datetime import date
from enum import StrEnum
from ipaddress import IPv4Address
from typing import NamedTuple

from otwatch.changes import LinkSeen
from otwatch.config.site import Allowance, Conduit, Host, Never
from otwatch.config.words import ANY, ANY_PROTOCOL, OT_VERBS, PROTOCOLS
from otwatch.events import CHANGES, Verb
from otwatch.zones.policy import Placed, Policy, has_op, means
from otwatch.zones.policy.hosts import address_of
from otwatch.zones.policy.windows import local
from otwatch.zones.policy.writers import spoken

SURE = 0.7
"""Confidence from which suggested zones are judged by never rules (zones.md 8.7)."""
LOCAL_PROTOCOLS = frozenset({"arp", "dhcp", "dhcpv6", "spanning-tree", "lldp", "cdp", "mrp", "dlr", "hsr", "prp", "eapol", "loopback"})
"""Never cross-zone (zones.md 9.2)."""
BROADCAST_MAC = "ff:ff:ff:ff:ff:ff"
EVERY_BACNET_DEVICE = "bacnet 65535/*"
"""Asset key of a global broadcast, which is meant to cross all networks (135-2020 clause 6.3.2)."""
_HOSTS = (0xFF_FFFF, 0xFFFF, 0xFF)
"""Host bits of a /8, /16 and /24."""


class Judged(StrEnum):
    """What became of a link."""

    INTRA = "intra"
    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"
    UNDECLARED = "undeclared"
    VIOLATION = "violation"
    NOT_JUDGED = "not judged"


class Verdict(NamedTuple):
    """`rule` is the never rule, or the one-way conduit, that forbids; `conduit` the one that allows or is violated."""

    kind: Judged
    rule: str = ""
    reasons: tuple[str, ...] = ()
    conduit: str = ""


UNDIRECTED = frozenset({"cip-io"})
"""What either side sends by itself, and nobody asks for in words: it is judged by its packets, and a conduit that lets one of the two
open it lets both speak (zones.md 9.2)."""
_FINE = frozenset({Judged.ALLOWED, Judged.INTRA, Judged.NOT_JUDGED})


class _Trial(NamedTuple):
    """A link held against one protocol line of a conduit."""

    conduit: Conduit
    failed: tuple[str, ...]
    unsure: tuple[str, ...]


def judge(policy: Policy, link: LinkSeen, client: Placed, server: Placed) -> Verdict:
    """The verdict on a link. Zones are those at the packet's time; the caller places both sides (a broadcast's server in its domain)."""
    found = _judge(policy, link, client, server)
    if link.protocol not in UNDIRECTED or found.kind in _FINE:
        return found
    turned = _judge(policy, link._replace(client=link.server, server=link.client), server, client)
    return turned if turned.kind in _FINE else found


def _judge(policy: Policy, link: LinkSeen, client: Placed, server: Placed) -> Verdict:
    aside = _set_aside(link, client, server)
    if aside:
        return Verdict(Judged.NOT_JUDGED, reasons=(aside,))
    if client.zone.id == server.zone.id and client.zone.intra == "any":
        return Verdict(Judged.INTRA)
    if link.is_portless and (_between(policy, link, client, server) or _between(policy, link, server, client)):
        return Verdict(Judged.NOT_JUDGED, reasons=("no_ports",))
    rule = _forbidding(policy, link, client, server)
    if rule:
        return Verdict(Judged.FORBIDDEN, rule.id)
    if policy.draft or not policy.has_conduits:
        return Verdict(Judged.NOT_JUDGED, reasons=("draft" if policy.draft else "no_conduits",))
    backwards = _backwards(policy, link, client, server)
    if backwards:
        return Verdict(Judged.FORBIDDEN, backwards.id, ("unidirectional",))
    return _by_conduits(policy, link, client, server)


# -- what is no flow between zones (zones.md 9.2, 9.3) ----------------------------------------------------------------------------------


def _set_aside(link: LinkSeen, client: Placed, server: Placed) -> str:
    if link.protocol in LOCAL_PROTOCOLS:
        return "local"
    if server.asset == EVERY_BACNET_DEVICE:
        return "broadcast"
    address = address_of(server.ip or server.asset)
    if address is None:
        return "broadcast" if server.asset.lower() == BROADCAST_MAC else ""
    if passed_on(link):
        return ""
    if address.is_multicast:
        return "multicast"
    if not isinstance(address, IPv4Address) or link.transport == "tcp":
        return ""
    return "broadcast" if _is_own_broadcast(address, client) else ""


def passed_on(link: LinkSeen) -> str:
    """Who told its own network what another one said first: a BBMD (135-2020 J.4.5). "" where the client spoke itself."""
    return dict(link.details).get("via", "") if link.details else ""


def is_announcement(link: LinkSeen) -> bool:
    """Whether it only says who is there: an answer, where somebody asked for it."""
    return bool(link.details) and "announces" in dict(link.details) and not passed_on(link)


def _is_own_broadcast(address: IPv4Address, client: Placed) -> bool:
    """255.255.255.255, or the last address of the /8, /16 or /24 that holds the sender; another subnet's is a real flow to it."""
    if address == IPv4Address("255.255.255.255"):
        return True
    sender = address_of(client.ip or client.asset)
    return isinstance(sender, IPv4Address) and int(address) in {int(sender) | hosts for hosts in _HOSTS}


# -- never rules ------------------------------------------------------------------------------------------------------------------------


def _forbidding(policy: Policy, link: LinkSeen, client: Placed, server: Placed) -> Never | None:
    if policy.draft and min(client.zone.confidence, server.zone.confidence) < SURE:
        return None
    for rule in policy.never:
        if means(rule, client.zone, server.zone) and _touches(rule, link) and not _excepted(policy, rule, link, client, server):
            return rule
    return None


def _touches(rule: Never, link: LinkSeen) -> bool:
    named = not rule.protocols or any(_lists(line, link) and has_op(line.ops or frozenset(), link.verb) for line in rule.protocols)
    return named and has_op(rule.ops, link.verb)


def _excepted(policy: Policy, rule: Never, link: LinkSeen, client: Placed, server: Placed) -> bool:
    if any(policy.is_open(window, link.time_ns) for window in rule.except_windows):
        return True
    trials = _trials(policy, link, client, server)
    return any(trial.conduit.id in rule.except_conduits and not trial.failed for trial in trials)


def _backwards(policy: Policy, link: LinkSeen, client: Placed, server: Placed) -> Conduit | None:
    """A one-way conduit whose target began the conversation with its source (zones.md 5.4)."""
    for conduit in policy.between(server.zone.id, client.zone.id):
        ends = _is_host(policy, conduit.hosts_from, server) and _is_host(policy, conduit.hosts_to, client)
        if conduit.unidirectional and ends and not _is_expired(policy, conduit, link):
            return conduit
    return None


# -- conduits ---------------------------------------------------------------------------------------------------------------------------


def _by_conduits(policy: Policy, link: LinkSeen, client: Placed, server: Placed) -> Verdict:
    if link.transport == "icmp":
        return _by_echo(policy, link, client, server)
    if not _between(policy, link, client, server):
        declared = policy.between(client.zone.id, server.zone.id)
        expired = declared[0].id if declared else ""
        return Verdict(Judged.UNDECLARED, reasons=("expires",) if expired else _undeclared("pair", client, server), conduit=expired)
    trials = _trials(policy, link, client, server)
    if not trials:
        return Verdict(Judged.UNDECLARED, reasons=_undeclared("proto", client, server))
    best = min(trials, key=lambda trial: len(trial.failed))
    if best.failed:
        return Verdict(Judged.VIOLATION, reasons=best.failed + best.unsure, conduit=best.conduit.id)
    return Verdict(Judged.ALLOWED, reasons=best.unsure, conduit=best.conduit.id)


def _by_echo(policy: Policy, link: LinkSeen, client: Placed, server: Placed) -> Verdict:
    """An echo follows any conduit between the two zones for free (zones.md 9.2)."""
    both = _between(policy, link, client, server) + _between(policy, link, server, client)
    if both:
        return Verdict(Judged.ALLOWED, reasons=("icmp",), conduit=both[0].id)
    return Verdict(Judged.UNDECLARED, reasons=("icmp", *_undeclared("pair", client, server)))


def _undeclared(reason: str, client: Placed, server: Placed) -> tuple[str, ...]:
    unknown = (("unknown_source", client), ("unknown_target", server))
    return (reason, *(name for name, side in unknown if side.zone.kind == "unknown"))


def _between(policy: Policy, link: LinkSeen, client: Placed, server: Placed) -> list[Conduit]:
    """The conduits from one zone to the other that still hold."""
    return [conduit for conduit in policy.between(client.zone.id, server.zone.id) if not _is_expired(policy, conduit, link)]


def _trials(policy: Policy, link: LinkSeen, client: Placed, server: Placed) -> list[_Trial]:
    """The link held against every line of every valid conduit that lists its protocol and port."""
    return [
        _Trial(conduit, _failed(policy, conduit, line, link, client, server), _unsure(line, link))
        for conduit in _between(policy, link, client, server)
        for line in conduit.protocols
        if _lists(line, link)
    ]


def _lists(line: Allowance, link: LinkSeen) -> bool:
    """Whether a line is about the link's protocol and port. What nobody can read is believed to be what its port says."""
    proto = PROTOCOLS[line.proto]
    transports = (line.transport,) if line.transport else proto.transports
    if link.transport and transports and link.transport not in transports:
        return False
    ports = line.ports if line.ports is not None else tuple((port, port) for port in proto.ports)
    if link.port and ports and not any(low <= link.port <= high for low, high in ports):
        return False
    protocol = spoken(link.protocol, link.verb, link.details)
    if line.proto in {ANY_PROTOCOL, protocol} or protocol in proto.also:
        return True
    return bool(ports) and link.port != 0 and protocol not in PROTOCOLS


def _failed(policy: Policy, conduit: Conduit, line: Allowance, link: LinkSeen, client: Placed, server: Placed) -> tuple[str, ...]:
    changes = link.verb in CHANGES
    strongest = conduit.strongest_bacnet_priority
    held = {
        "op": link.verb is None or has_op(allowed_ops(line), link.verb),
        "hosts_from": _is_host(policy, conduit.hosts_from, client),
        "hosts_to": _is_host(policy, conduit.hosts_to, server),
        "write_hosts": not changes or _is_host(policy, conduit.write_hosts, client),
        "strongest_bacnet_priority": not changes or strongest is None or not 0 < link.strongest < strongest,
        "tls": _tls(line, link) is not False,
        "version": _version(line, link) is not False,
        "window": policy.is_open(conduit.window, link.time_ns),
    }
    return tuple(clause for clause, holds in held.items() if not holds)


def _unsure(line: Allowance, link: LinkSeen) -> tuple[str, ...]:
    """Clauses that this link cannot show to hold: a read-only line on what cannot be read, TLS or a version nobody saw."""
    ops = allowed_ops(line)
    unread = link.verb is None and not (ANY in ops or Verb.SESSION in ops)
    doubts = {"op?": unread, "tls?": _tls(line, link) is None, "version?": _version(line, link) is None}
    return tuple(clause for clause, doubtful in doubts.items() if doubtful)


def allowed_ops(line: Allowance) -> frozenset[str]:
    """What a line allows: what it says, else what its protocol has by default (zones.md 5.4)."""
    if line.ops is not None:
        return line.ops
    return frozenset(OT_VERBS) if PROTOCOLS[line.proto].ot else frozenset({ANY})


def _tls(line: Allowance, link: LinkSeen) -> bool | None:
    """Whether the clause on TLS holds; None where it cannot be seen. `details` say "tls": "1.2" or "none" where it was seen."""
    if line.tls == "optional":
        return True
    seen = _seen_tls(link)
    return None if seen is None else seen == (line.tls == "required")


_RECOGNISED_TLS = frozenset({"tls", "bacnet-sc"})
"""Services that no port suggests: they were recognised by their first bytes."""


def _seen_tls(link: LinkSeen) -> bool | None:
    said = dict(link.details).get("tls")
    if said is not None:
        return said != "none"
    if link.protocol in _RECOGNISED_TLS:
        return True
    spoken = PROTOCOLS.get(link.protocol)
    readable = link.verb is not None and link.protocol != "https"
    return False if readable or (spoken is not None and spoken.clear) else None


def _version(line: Allowance, link: LinkSeen) -> bool | None:
    """Whether the clause on the version holds ("2c" is 2); None where no version was seen."""
    if line.version is None:
        return True
    said = dict(link.details).get("version")
    return None if not said else said.lstrip("v")[:1] == line.version


def _is_host(policy: Policy, hosts: tuple[Host, ...], side: Placed) -> bool:
    return policy.hosts(hosts).holds(side.asset, side.ip)


def _is_expired(policy: Policy, conduit: Conduit, link: LinkSeen) -> bool:
    today: date = local(link.time_ns, policy.clock).date()
    return conduit.expires is not None and conduit.expires < today
