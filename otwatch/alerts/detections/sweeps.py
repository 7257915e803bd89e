"""Judging sweeps of addresses, ports, units and objects.

The counters of `windows` say who crossed a threshold; a judge asks them right after its item was counted.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import partial
from ipaddress import IPv4Address, ip_address

from otwatch.alerts.detections.operations import few, floor_if, operation, seen
from otwatch.alerts.groups import is_group
from otwatch.alerts.model import Evidence, Severity, Site
from otwatch.alerts.severity import SURE, nature
from otwatch.alerts.tracks import Crossing, Seen
from otwatch.events import Answer, Request, Verb
from otwatch.sightings import Sighting, Tally

_SHOWN = 5
_GAP = 4
"""How far apart addresses of one span stand at most: a few hosts of it may be off."""
"""Spans of targets that a sentence names; further ones are counted."""
_UMAS = 0x5A

STRANGERS = frozenset({"office_it", "cctv", "remote_maintenance", "third_party", "wifi_guest"})
"""Kinds of zones from which nobody looks after equipment."""
_ASKERS = frozenset({"supervision", "engineering"})
_ROUTERS = frozenset({"gateway", "router"})
_ENIP_LISTS = frozenset({0x04, 0x63, 0x64})
_ROUTER_QUESTIONS = frozenset({"Who-Is-Router-To-Network", "What-Is-Network-Number"})
_TABLE_QUESTIONS = frozenset({"Read-Broadcast-Distribution-Table", "Read-Foreign-Device-Table"})
_QUESTIONS = dict.fromkeys(_ROUTER_QUESTIONS, _ASKERS | _ROUTERS) | dict.fromkeys(_TABLE_QUESTIONS, _ASKERS)
"""Questions about the network itself, and who may ask them."""
_UNSURE = 0.5
Things = Mapping[Hashable, Seen]


def is_expected_asker(asset: str, site: Site) -> bool:
    """Whether it looks after equipment, and so may ask it anything. Whoever stands in an office that was declared does not, however much
    he asks."""
    zone = site.zone(asset) if asset else None
    if zone is not None and zone.kind in STRANGERS and zone.confidence >= SURE:
        return False
    return bool(nature(asset, site) & _ASKERS)


def evidence_of(sighting: Sighting, site: Site, crossing: Crossing, variant: str, told: Callable[[Things], dict[str, str]]) -> Evidence:
    """Evidence for all that was not told yet of a crossing; what it amounts to is asked when rows are made."""
    found = seen(sighting, site, variant, variant, {})
    return found._replace(
        frames=crossing.frames, times=crossing.times, first_ns=crossing.first_ns, last_ns=crossing.last_ns,
        late=partial(told, crossing.things),
    )  # fmt: skip


# -- Modbus -----------------------------------------------------------------------------------------------------------------------------


def units(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """While a record is young a supervision that begins looks the same, but for units that do not exist."""
    windows = site.windows
    failing = windows.crossed("modbus_units_failing")
    crossing = windows.crossed("modbus_units")
    if failing is not None:
        yield evidence_of(sighting, site, failing, "units", _unit_facts)
    elif crossing is not None and not site.learning(sighting.first_ns):
        yield evidence_of(sighting, site, crossing, "units", _unit_facts)


def _unit_facts(things: Things) -> dict[str, str]:
    numbers = sorted(int(text) for text in (str(thing).removeprefix("unit ") for thing in things) if text.isdecimal())
    return {"count": str(len(things)), "targets": spans(numbers)}


MODBUS_UNITS = frozenset({"modbus_units", "modbus_units_failing"})
MODBUS_MAP = frozenset({"modbus_functions", "modbus_addresses", "modbus_points"})


def asks_identity(event: Request | Answer) -> bool:
    """Whether somebody asks a device who it is, other than in UMAS."""
    return isinstance(event, Request) and event.protocol == "modbus" and event.verb is Verb.DISCOVER and event.code != _UMAS


def exploration(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    windows = site.windows
    for counter, variant, told in (("modbus_functions", "function", _function_facts), ("modbus_addresses", "address", _address_facts)):
        crossing = windows.crossed(counter)
        if crossing is not None:
            yield evidence_of(sighting, site, crossing, variant, told)
    crossing = windows.crossed("modbus_points")
    if crossing is not None and not site.learning(sighting.first_ns):
        yield evidence_of(sighting, site, crossing, "map", _point_facts)
    yield from _identification(sighting, site)


def _identification(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """Asking a device who it is; where nothing is known of the asker this says little."""
    request = sighting.event
    if not isinstance(request, Request) or not asks_identity(request):
        return
    client, _ = site.ends(sighting)
    known = nature(client, site)
    if known & _ASKERS or site.scanner(client, sighting.first_ns):
        return
    found = operation(sighting, site, "identity", "identity", sought="identity", targets=f"({request.operation})")
    yield found if known else found._replace(confidence=_UNSURE)


def still_strange(evidence: Evidence, site: Site) -> bool:
    """Who turned out to be supervision or engineering may ask devices who they are: it asks first and reads afterwards."""
    return evidence.variant != "identity" or not is_expected_asker(evidence.client, site)


def _function_facts(things: Things) -> dict[str, str]:
    """Things are codes of functions."""
    return {"sought": "functions", "targets": spans(sorted(thing for thing in things if isinstance(thing, int)))}


def _address_facts(things: Things) -> dict[str, str]:
    """Things are (unit, function)."""
    return {"sought": "addresses", "targets": spans(sorted({thing[1] for thing in things if isinstance(thing, tuple)}))}


def _point_facts(things: Things) -> dict[str, str]:
    return {"sought": "points", "targets": str(sum(seen.quantity for seen in things.values()))}


# -- BACnet, EtherNet/IP ----------------------------------------------------------------------------------------------------------------

_BACNET_COUNTERS = ("bacnet_global", "bacnet_ranges", "bacnet_names", "bacnet_devices")
BACNET = frozenset(_BACNET_COUNTERS)
_SYSTEMATIC = frozenset({"bacnet_ranges", "bacnet_names"})
"""Range after range, or name after name: whoever knows his devices asks them once, together."""


def judged_by_who_asks(evidence: Evidence, site: Site) -> Evidence:
    """A systematic search of supervision or engineering is a search like any other: both draw up their list of devices so."""
    return evidence._replace(variant="sweep") if evidence.variant == "ranges" and is_expected_asker(evidence.client, site) else evidence


def is_question(request: Request) -> bool:
    """Whether it asks for what only supervision or engineering is looking for."""
    return request.operation in _QUESTIONS


def bacnet(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    """All ways to look for devices are one sweep of their origin."""
    request = sighting.event
    if not isinstance(request, Request) or request.protocol != "bacnet":
        return
    for counter in _BACNET_COUNTERS:
        crossing = site.windows.crossed(counter)
        if crossing is not None:
            found = evidence_of(sighting, site, crossing, "ranges" if counter in _SYSTEMATIC else "sweep", _question_facts)
            yield found._replace(server="", facts={"operation": request.operation})
            return
    usual = _QUESTIONS.get(request.operation)
    if usual is None or (request.operation in _TABLE_QUESTIONS and site.learning(sighting.first_ns)):
        return
    client, _ = site.ends(sighting)
    known = nature(client, site)
    if known and not known & usual:
        yield operation(sighting, site, "sweep", request.operation, targets=request.operation)._replace(server="")


def _question_facts(things: Things) -> dict[str, str]:
    """Things are stations asked, ranges of instances, or names looked for; only stations are worth naming."""
    return _device_facts(things) if any(_ipv4(thing) is not None for thing in things) else {"targets": "everybody"}


def _device_facts(things: Things) -> dict[str, str]:
    return {"targets": addresses(things)}


def enip(sighting: Sighting, site: Site) -> Iterator[Evidence]:
    request = sighting.event
    if not isinstance(request, Request) or request.protocol != "enip" or request.code not in _ENIP_LISTS:
        return
    client, server = site.ends(sighting)
    signed = any(name == "signature" for name, _ in request.details)
    crossing = site.windows.crossed("enip_devices")
    variant, mark = ("tool_signature", "tool") if signed else ("sweep", "none")
    if crossing is not None:
        found = evidence_of(sighting, site, crossing, variant, _device_facts)
        yield found._replace(server="", facts={"operation": request.operation, "mark": mark})
    elif signed or (is_group(server) and not is_expected_asker(client, site)):
        known = bool(nature(client, site))
        found = operation(sighting, site, variant, variant, targets=server, mark=mark)._replace(server="")
        yield found if signed or known else found._replace(confidence=_UNSURE)


# -- any network ------------------------------------------------------------------------------------------------------------------------


NET = frozenset({"tcp", "udp", "ping", "tcp_slow", "tcp_outside", "arp"})


def net(item: Sighting | Tally, site: Site) -> Iterator[Evidence]:
    """ARP, echoes and connections tried by one client are one sweep, whichever of them crossed its threshold."""
    for counter in ("tcp", "udp", "ping"):
        crossing = site.windows.crossed(counter)
        if crossing is not None and isinstance(item, Tally):
            yield _sweep(crossing, item, "fast", item.conversation.client, site)
            return
    slow = site.windows.crossed("tcp_slow") or site.windows.crossed("tcp_outside")
    if slow is not None and isinstance(item, Tally):
        yield _sweep(slow, item, "slow", item.conversation.client, site)
    arp = site.windows.crossed("arp")
    if arp is not None and isinstance(item, Sighting):
        client, _ = site.ends(item)
        if not nature(client, site) & _ROUTERS:
            yield _sweep(arp, item, "fast", client, site)


def _sweep(crossing: Crossing, item: Sighting | Tally, variant: str, client: str, site: Site) -> Evidence:
    """Inside a vital zone, or toward one, it is never less than high."""
    target = item.conversation.server if isinstance(item, Tally) else ""
    vital = "C4" in {site.criticality(asset) for asset in (client, target) if asset}
    return Evidence(
        variant, client, "", item.conversation.transport, crossing.first_ns, crossing.last_ns, crossing.frames,
        late=partial(_sweep_facts, crossing.things, isinstance(item, Tally)), times=crossing.times, floor=floor_if(vital, Severity.HIGH),
    )  # fmt: skip


def _sweep_facts(things: Things, is_answer_known: bool) -> dict[str, str]:
    """Who asks by ARP is answered by one of many, or by none: that is not known here."""
    hosts = {thing[0] if isinstance(thing, tuple) else thing for thing in things}
    ports = sorted({thing[1] for thing in things if isinstance(thing, tuple)})
    vain = f"{sum(seen.failed for seen in things.values())}/{len(things)}" if is_answer_known else "–"
    return {"count": str(len(hosts)), "targets": addresses(hosts), "ports": spans(ports) or "–", "vain": vain}


def addresses(things: Mapping[Hashable, Seen] | set[Hashable]) -> str:
    """Addresses in few words: "10.22.8.20-39, 10.22.9.1"; other things as they are."""
    found = sorted(address for thing in things if (address := _ipv4(thing)) is not None)
    if not found:
        words = sorted(str(thing) for thing in things if isinstance(thing, str))
        return ", ".join(words[:_SHOWN]) or "–"
    runs = _runs(found, lambda last, number: number - last <= _GAP and number >> 8 == last >> 8)
    return few([str(IPv4Address(first)) + (f"-{last & 0xFF}" if last > first else "") for first, last in runs], _SHOWN)


def _ipv4(thing: Hashable) -> int | None:
    try:
        address = ip_address(str(thing))
    except ValueError:
        return None
    return int(address) if address.version == 4 else None


def _runs(numbers: list[int], follows: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """First and last of sorted numbers that stand together, one following the other."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and follows(runs[-1][1], number):
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def spans(numbers: list[int]) -> str:
    """Sorted numbers in few words: "1-40, 247"."""
    runs = _runs(numbers, lambda last, number: number == last + 1)
    return few([f"{first}-{last}" if last > first else str(first) for first, last in runs], _SHOWN)
