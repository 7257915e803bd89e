"""What each item adds to which counter: the one place that knows what scans look like (detections.md, group 4)."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from ipaddress import ip_address
from os import urandom
from typing import Any

from otwatch.alerts.model import Site
from otwatch.alerts.windows import Mark
from otwatch.events import Anomaly, Answer, Binding, Credential, Request, State, Verb
from otwatch.sightings import Outcome, Sighting, Tally

_KEY = urandom(16)
"""Communities are told apart by a fingerprint of this process; nothing of it is kept."""

_ILLEGAL_FUNCTION, _ILLEGAL_ADDRESS, _NO_SUCH_UNIT = "1", "2", frozenset({"10", "11"})
_SYN = 0x02
"""TCP flag of who begins, and of who lets in (RFC 9293 3.1)."""
_LISTS = frozenset({0x04, 0x63, 0x64})
"""ListServices, ListIdentity, ListInterfaces of EtherNet/IP."""
_SHARED_MACS = ("00:00:5e:00:01:", "00:00:5e:00:02:", "00:00:0c:07:ac:", "00:00:0c:9f:f")
"""VRRP for IPv4 and IPv6 (RFC 5798 7.3), HSRP versions 1 and 2."""
_WHOEVER = ("device", 4_194_303)
"""The BACnet device instance that means "whoever you are" (135-2020 clause 12.11)."""
_MAC_LENGTH = 17
_SEARCHES = frozenset({"who-Is", "who-Has"})
READS = frozenset({1, 2, 3, 4})
REFUSALS = {"http-basic": frozenset({"401", "407"}), "http-proxy": frozenset({"401", "407"}), "http-url": frozenset({"401", "407"}),
            "ftp": frozenset({"530"}), "rtsp": frozenset({"401"}), "telnet": frozenset({"refused"}),
            "mqtt": frozenset({"4", "5", "134", "135"}), "bacnet": frozenset({"4/26"}), "s7": frozenset({"0xd602"}),
            "opcua": frozenset({"0x801f0000", "0x80200000", "0x80210000"})}  # fmt: skip
"""Answers that mean "wrong password", by scheme: 403 of HTTP is the right one without permission (detections.md B.2)."""


Count = Callable[[Any, Any, Site], Iterable[Mark]]
"""What an item adds to counters. It gets the item, its event (of a tally, the tally itself) and the site."""


def count_of(kind: type, spoken: str, event: Any) -> Count | None:
    """What counts an event of a type in a protocol or scheme, or tallies; None where nothing does."""
    count = _COUNTS.get((kind, spoken))
    return count if count is None or _ONLY.get(count, bool)(event) else None


def _tally(tally: Tally, _: Tally, site: Site) -> Iterator[Mark]:
    """Only who begins is counted: its first packet is a SYN, or an echo. The other side's RST or silence is a try in vain."""
    talk = tally.conversation
    if not tally.packets[0] or is_group(talk.server):
        return
    if talk.transport == "icmp":
        yield Mark("ping", talk.client, talk.server, tally.first_ns, tally.frame, tally.packets[0], not tally.packets[1])
    if talk.transport == "tcp" and tally.flags[0] & _SYN:
        thing = (talk.server, talk.server_port)
        failed = not tally.flags[1] & _SYN
        yield Mark("tcp", talk.client, thing, tally.first_ns, tally.frame, 1, failed)
        if failed and not site.learning(tally.first_ns):
            yield Mark("tcp_slow", talk.client, thing, tally.first_ns, tally.frame)


@lru_cache(65_536)
def is_group(address: str) -> bool:
    """Whether an address means many: multicast or broadcast. What stands behind an address ("10.1.2.3/unit 4") is never many."""
    try:
        return ip_address(address).is_multicast or address == "255.255.255.255"
    except ValueError:
        return address[2:3] == ":" and address[1].lower() in "13579bdf"  # the group bit of a MAC (IEEE 802-2014 8.2.2)


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
    yield from _arp_owner(item, event, site)


def _root(item: Sighting, event: State, site: Site) -> Iterator[Mark]:
    speaker, _ = site.ends(item)
    yield Mark("bridge_roots", speaker, event.value, item.first_ns, item.frame, item.times)


def _is_root(event: State) -> bool:
    return event.name == "root"


def _arp_owner(item: Sighting, event: Binding, site: Site) -> Iterator[Mark]:
    """Who claims an address; an owner of no other one counts as failed. Redundant routers have MACs of their own for what they share."""
    if event.kind != "arp" or event.value.startswith(_SHARED_MACS):
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
    """Only guesses are counted: nobody answered."""
    if item.outcome is Outcome.UNANSWERED:
        client, _ = site.ends(item)
        yield Mark("communities", client, event.secret.fingerprint(_KEY), item.first_ns, item.frame, item.times)


def _login(item: Sighting, event: Credential, site: Site) -> Iterator[Mark]:
    """Every login stands for itself, told apart by its frame."""
    failed = item.outcome is Outcome.ERROR and item.error_code in REFUSALS[event.scheme]
    if failed or item.outcome is Outcome.OK:
        client, server = site.ends(item)
        yield Mark("logins", (client, server), (item.frame, event.user), item.first_ns, item.frame, 1, failed)


_COUNTS: dict[tuple[type, str], Count] = {
    (Tally, ""): _tally,
    (Anomaly, ""): _anomaly,
    (Request, "arp"): _arp,
    (Binding, ""): _named,
    (State, ""): _root,
    (Request, "modbus"): _modbus_request,
    (Answer, "modbus"): _modbus_answer,
    (Request, "bacnet"): _bacnet,
    (Request, "enip"): _enip,
    (Credential, "snmp"): _community,
    **{(Credential, scheme): _login for scheme in REFUSALS},
}
_ONLY: dict[Count, Callable[[Any], bool]] = {_modbus_answer: _is_refusal, _bacnet: _searches, _enip: _lists, _root: _is_root}
"""What of them is counted at all, where it is not everything."""
