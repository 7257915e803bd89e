"""What each item adds to which counter: the one place that knows what scans look like (detections.md, group 4)."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from os import urandom
from typing import Any, NamedTuple

from otwatch.alerts import questions, strain
from otwatch.alerts.groups import is_group, is_public
from otwatch.alerts.model import Site
from otwatch.alerts.tracks import Mark
from otwatch.events import Anomaly, Answer, Binding, Credential, Request, Secret, State, Verb
from otwatch.events.virtual import virtual
from otwatch.sightings import Outcome, Sighting, Tally

_KEY = urandom(16)
"""Secrets are told apart by a fingerprint of this process; nothing of it is kept."""
_FLEETS = frozenset({"snmp", "bacnet"})
"""Schemes whose secret is one for many devices by design."""

_UNHEARD = frozenset({Outcome.UNANSWERED, Outcome.UNKNOWN})
_ILLEGAL_FUNCTION, _ILLEGAL_ADDRESS, _NO_SUCH_UNIT = "1", "2", frozenset({"10", "11"})
_SYN = 0x02
"""TCP flag of who begins, and of who lets in (RFC 9293 3.1)."""
_LISTS = frozenset({0x04, 0x63, 0x64})
"""ListServices, ListIdentity, ListInterfaces of EtherNet/IP."""
_WHOEVER = ("device", 4_194_303)
"""The BACnet device instance that means "whoever you are" (135-2020 clause 12.11)."""
_MAC_LENGTH = 17
_SEARCHES = frozenset({"who-Is", "who-Has"})
READS = frozenset({1, 2, 3, 4})
REFUSALS = {"http-basic": frozenset({"401", "407"}), "http-proxy": frozenset({"401", "407"}), "http-url": frozenset({"401", "407"}),
            "ftp": frozenset({"530"}), "rtsp": frozenset({"401"}), "telnet": frozenset({"refused"}),
            "mqtt": frozenset({"4", "5", "134", "135"}), "bacnet": frozenset({"4/26"}), "s7": frozenset({"0xd602"}),
            "opcua": frozenset({"0x801f0000", "0x80200000", "0x80210000"}), "http-digest": frozenset({"401", "407"}),
            "rtsp-digest": frozenset({"401"}), "sip-digest": frozenset({"401", "403", "407"}), "vnc": frozenset({"1"}),
            "http-form": frozenset({"401", "403"}), "ws-security": frozenset({"400", "401"}),
            "snmp-v3": frozenset({"usm 3", "usm 5"}), "ipmi": frozenset({"0x0d"}), "ldap": frozenset({"49"}),
            "http-scram": frozenset({"401", "403", "407"})}  # fmt: skip
"""Answers that mean "wrong password", by scheme: 403 of HTTP is the right one without permission (detections.md B.2), of SIP it is how
exchanges refuse (RFC 3261 21.4.4)."""


Count = Callable[[Any, Any, Site], Iterable[Mark]]
"""What an item adds to counters. It gets the item, its event (of a tally, the tally itself) and the site."""


def counts_of(kind: type, spoken: str, event: Any) -> tuple[Count, ...]:
    """All that counts an event of a type in a protocol or scheme, or tallies."""
    return tuple([row.counts for row in _rows(kind, spoken) if row.only(event)])


@lru_cache(maxsize=1024)
def _rows(kind: type, spoken: str) -> tuple["_Row", ...]:
    return (*_COUNTS.get((kind, spoken), ()), *_WHATEVER_IS_SPOKEN.get(kind, ()))


def _tally(tally: Tally, _: Tally, site: Site) -> Iterator[Mark]:
    """Only who begins is counted: its first packet is a SYN, or an echo. The other side's RST or silence is a try in vain."""
    talk = tally.conversation
    if tally.packets[0] >= strain.MANY:
        yield from strain.pressed(tally)
    yield from strain.invented(tally)
    if not tally.packets[0] or is_group(talk.server):
        return
    if talk.transport == "icmp" and not talk.server_port:
        yield Mark("ping", talk.client, talk.server, tally.first_ns, tally.frame, tally.packets[0], not tally.packets[1])
        yield from strain.echoed(tally)
    if talk.transport == "udp":
        yield from strain.unheard(tally)
    if talk.transport != "tcp":
        return
    yield from strain.odd(tally)
    yield from strain.broken_off(tally)
    yield from strain.hurried(tally)
    if tally.flags[0] & _SYN:
        thing = (talk.server, talk.server_port)
        failed = not tally.flags[1] & _SYN
        yield Mark("tcp", talk.client, thing, tally.first_ns, tally.frame, 1, failed, _within(talk.server))
        yield from strain.connected(tally)
        if failed and _enters(talk.client, talk.server):
            yield Mark("tcp_outside", talk.client, talk.server, tally.first_ns, tally.frame, 1, failed)
        if failed and not site.learning(tally.first_ns):
            yield Mark("tcp_slow", talk.client, thing, tally.first_ns, tally.frame)


@lru_cache(maxsize=4096)
def _within(server: str) -> int:
    """What a try stands for among those at random: who shares files tries hosts of the Internet on whatever ports, and mostly in vain."""
    return int(not is_public(server))


@lru_cache(maxsize=4096)
def _enters(client: str, server: str) -> bool:
    """Whether an address of the Internet tries one of a private network: nobody has business there in vain with many hosts."""
    return is_public(client) and not is_public(server)


def _anomaly(item: Sighting, event: Anomaly, site: Site) -> Iterator[Mark]:
    speaker, _ = site.ends(item)
    yield Mark("malformed", speaker, (event.protocol, event.reason), item.first_ns, item.frame, item.times)


def _arp(item: Sighting, event: Request, site: Site) -> Iterator[Mark]:
    client, _ = site.ends(item)
    if ("kind", "gratuitous") not in event.details:
        for point in event.points:
            yield Mark("arp", client, point.name, item.first_ns, item.frame, item.times)


def _named(item: Sighting, event: Binding, site: Site) -> Iterator[Mark]:
    station = site.subject(item) if event.kind == "bacnet-device" and event.key != str(_WHOEVER[1]) else ""
    if station:
        link = len(station) == _MAC_LENGTH and station[2] == ":"  # a router of BACnet is known by its MAC on one side
        yield Mark("bacnet_instances", (event.key, link), station, item.first_ns, item.frame, item.times)
    if event.kind == "gateway":
        speaker, _ = site.ends(item)
        yield Mark("gateways", event.key, (event.value, speaker), item.first_ns, item.frame, item.times)
    yield from _arp_owner(item, event, site)


def _root(item: Sighting, event: State, site: Site) -> Iterator[Mark]:
    """Each VLAN may have a tree and a root of its own."""
    speaker, _ = site.ends(item)
    yield Mark("bridge_roots", (speaker, event.name), event.value, item.first_ns, item.frame, item.times)


def _is_root(event: State) -> bool:
    return event.name.startswith("root ")


def _arp_owner(item: Sighting, event: Binding, site: Site) -> Iterator[Mark]:
    """Who claims an address; an owner of no other one counts as failed. Redundant routers have MACs of their own for what they share."""
    if event.kind != "arp" or virtual(event.value):
        return
    told = (item.first_ns, item.frame, item.times)
    yield Mark("arp_addresses", event.value, event.key, *told)
    yield Mark("arp_owners", event.key, event.value, *told, failed=site.windows.crossed("arp_addresses") is None)


def _modbus_request(item: Sighting, event: Request, site: Site) -> Iterator[Mark]:
    client, server = site.ends(item)
    pair = (client, site.host(server))
    unit = event.target[-1] if event.target else ""
    if unit:
        yield Mark("modbus_units", pair, unit, item.first_ns, item.frame, item.times)
    if event.code in READS:
        for point in event.points:
            thing = (unit, point.kind, point.first, point.quantity)
            yield Mark("modbus_points", pair, thing, item.first_ns, item.frame, item.times, quantity=point.quantity)
    if item.outcome is Outcome.ERROR:
        yield from _refusal(item, event.code, item.error_code, unit, pair)


def _modbus_answer(item: Sighting, event: Answer, site: Site) -> Iterator[Mark]:
    client, server = site.ends(item)
    unit = event.target[-1] if event.target else ""
    yield from _refusal(item, event.code, event.error_code, unit, (client, site.host(server)))


def _is_refusal(event: Answer) -> bool:
    return bool(event.error)


def _refusal(item: Sighting, code: int, error_code: str, unit: str, pair: tuple[str, str]) -> Iterator[Mark]:
    """Modbus exceptions (v1.1b3 section 7): who asks around meets them."""
    if error_code == _ILLEGAL_FUNCTION:
        yield Mark("modbus_functions", pair, code, item.first_ns, item.frame, item.times)
    if error_code == _ILLEGAL_ADDRESS:
        yield Mark("modbus_addresses", pair, (unit, code), item.first_ns, item.frame, item.times)
    if error_code in _NO_SUCH_UNIT and unit:
        yield Mark("modbus_units_failing", pair, unit, item.first_ns, item.frame, item.times)


def _asks_anybody(event: Request) -> bool:
    return _WHOEVER in [point[:2] for point in event.points]


def _searches(event: Request) -> bool:
    return event.operation in _SEARCHES or _asks_anybody(event)


def _bacnet(item: Sighting, event: Request, site: Site) -> Iterator[Mark]:
    client, server = site.ends(item)
    said = dict(event.details)
    told = (item.first_ns, item.frame, item.times)
    receiver = item.conversation.server if item.by_client else item.conversation.client
    if event.operation == "who-Is":
        asked = (said.get("low", ""), said.get("high", ""))
        yield Mark("bacnet_ranges", client, asked, *told) if any(asked) else Mark("bacnet_global", client, "everybody", *told)
        if not is_group(receiver):
            yield Mark("bacnet_devices", client, server, *told)
    if event.operation == "who-Has":
        yield Mark("bacnet_names", client, (event.points, said.get("name", "")), *told)
    if _asks_anybody(event):
        yield Mark("bacnet_devices", client, server, *told)


def _enip(item: Sighting, event: Request, site: Site) -> Iterator[Mark]:
    client, server = site.ends(item)
    yield Mark("enip_devices", client, server, item.first_ns, item.frame, item.times)


def _lists(event: Request) -> bool:
    return event.code in _LISTS and event.verb is Verb.DISCOVER


def _community(item: Sighting, event: Credential, site: Site) -> Iterator[Mark]:
    """Only guesses are counted: nobody answered. Where the other direction was never seen, those at one agent: it has two at most."""
    if item.outcome in _UNHEARD and isinstance(event.secret, Secret):
        client, server = site.ends(item)
        key = client if item.outcome is Outcome.UNANSWERED else (client, server)
        yield Mark("communities", key, event.secret.fingerprint(_KEY), item.first_ns, item.frame, item.times)


def _login(item: Sighting, event: Credential, site: Site) -> Iterator[Mark]:
    """Every login stands for itself, told apart by its frame."""
    failed = item.outcome is Outcome.ERROR and item.error_code in REFUSALS[event.scheme]
    if failed or item.outcome is Outcome.OK:
        client, server = site.ends(item)
        yield Mark("logins", (client, server), (item.frame, event.user), item.first_ns, item.frame, 1, failed)
        if failed:
            yield Mark("sprays", client, server, item.first_ns, item.frame)
    if isinstance(event.secret, Secret) and item.outcome is Outcome.OK and event.scheme not in _FLEETS and site.compares_secrets():
        _, server = site.ends(item)
        yield Mark("secrets", event.secret.fingerprint(_KEY), server, item.first_ns, item.frame)


class _Row(NamedTuple):
    """`only`: what of its kind it counts at all; pure, asked once an event."""

    counts: Count
    only: Callable[[Any], bool] = bool


_COUNTS: dict[tuple[type, str], tuple[_Row, ...]] = {
    (Tally, ""): (_Row(_tally),),
    (Anomaly, ""): (_Row(_anomaly),),
    (Binding, ""): (_Row(_named),),
    (State, ""): (_Row(_root, _is_root),),
    (Request, "arp"): (_Row(_arp),),
    (Request, "modbus"): (_Row(_modbus_request), _Row(questions.identities, questions.asks_identity)),
    (Answer, "modbus"): (_Row(_modbus_answer, _is_refusal),),
    (Request, "bacnet"): (_Row(_bacnet, _searches), _Row(questions.contents, questions.asks_contents)),
    (Request, "enip"): (_Row(_enip, _lists),),
    (Request, "s7"): (_Row(questions.identities, questions.asks_identity), _Row(questions.places, questions.connects)),
    (Request, "http"): (_Row(questions.pages, questions.asks_page),),
    (Request, "snmp"): (_Row(questions.walked, questions.walks),),
    **{(Request, name): (_Row(questions.identities, questions.asks_identity),) for name in ("opcua", "knx", "mms")},
    **{(Request, name): (_Row(questions.asked_system),) for name in ("icmp", "icmpv6")},
    (Credential, "snmp"): (_Row(_community),),
    **{(Credential, scheme): (_Row(_login),) for scheme in REFUSALS},
}
_WHATEVER_IS_SPOKEN: dict[type, tuple[_Row, ...]] = {
    Request: (_Row(strain.orders, strain.is_order),),
    Answer: (_Row(strain.failures, strain.is_failure),),
}
