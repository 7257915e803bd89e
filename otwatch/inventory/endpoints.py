"""Keys: what an endpoint and a route together name.

A *raw key* is made of one sighting alone, so that it never depends on what came before:

    10.20.1.60              an IP address                      "host", "external" or "group"
    00:80:f4:12:34:56       a MAC, where there is no IP        "l2" or "group"
    10.20.1.60/unit 5       a Modbus unit; 0 and 255 are the IP device itself (protocols.md 1.7)      "modbus-unit"
    bacnet 2001/05          BACnet station 05 (hex) on network 2001 (protocols.md 2.3)              "bacnet-device"
    bacnet 2001/*           everybody on that network, 65535: on every network                     "group"
    10.20.1.60/port 1/0     CIP: through port 1 (the backplane) to link 0                           "cip-node"
    10.20.1.60/knx 1.1.5    KNX: the device with that individual address, behind an interface       "knx-device"

What belongs together is only known later; `identity.py` leads every raw key to the asset it means.
"""

from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple

from otwatch.events import Answer, Event, Request, Route
from otwatch.sightings import Conversation, Sighting

IsInternal = Callable[[str], bool]

HOST, EXTERNAL, GROUP, L2 = "host", "external", "group", "l2"
UNIT, BACNET, CIP, KNX = "modbus-unit", "bacnet-device", "cip-node", "knx-device"
BEHIND = frozenset({UNIT, CIP, KNX})
"""Kinds whose key begins with that of the endpoint they stand behind."""
ADDRESSED = frozenset({HOST, EXTERNAL})
"""Kinds that are reached by an address of their own."""

OWN_UNITS = frozenset({"0", "255"})
BACNET_PORTS = range(47808, 47824)

BY_ASKER = ("by", "client")
"""Detail of an answer that is said by who asked: a BACnet client that gives up (135-2020 clause 20.1.9)."""

_ROUTED = (Request, Answer)
"""Events that tell who stands behind the two addresses."""
_INTERNAL = tuple(
    ip_network(name)
    for name in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7", "fe80::/10")
)


class Ends(NamedTuple):
    """Raw keys of who asks and who is asked."""

    client: str
    server: str


class Reached(NamedTuple):
    """Where a route leads. `via`: raw key of the endpoint it goes through, "" where it is the endpoint itself."""

    key: str
    via: str = ""


@lru_cache(65_536)
def internal(ip: str) -> bool:
    """RFC 1918, 100.64.0.0/10, 169.254.0.0/16, fc00::/7, fe80::/10."""
    address = _address(ip)
    return address is not None and any(address in network for network in _INTERNAL)


def ends(sighting: Sighting) -> Ends:
    """Who asks and who is asked. For facts and flaws, which ask nothing: the two sides of the conversation."""
    return spoken_between(sighting.conversation, sighting.by_client, sighting.event)


def spoken_between(talk: Conversation, by_client: bool, event: Event) -> Ends:
    """The same of an event that one side of a conversation said."""
    client, server = talk.client, talk.server
    if not asked_by_client(by_client, event):
        client, server = server, client
    if not isinstance(event, _ROUTED):
        return Ends(client, server)
    origin, target = event.origin, event.target
    return Ends(reached(client, origin).key if origin else client, reached(server, target).key if target else server)


def asked_by_client(by_client: bool, event: Event) -> bool:
    """Whether the initiator of the conversation asks: a BACnet notification is asked by the controller, whoever began (zones.md 9.2)."""
    if isinstance(event, Request):
        return by_client
    if isinstance(event, Answer):
        by_asker = BY_ASKER in event.details
        return by_client == by_asker
    return True


@lru_cache(65_536)
def reached(endpoint: str, route: Route) -> Reached:
    """Follow a route, hop by hop."""
    found = Reached(endpoint)
    for hop in route:
        word, _, rest = hop.partition(" ")
        found = _HOPS[word](found, rest) if word in _HOPS else found
    return found


def _forwarded(_found: Reached, rest: str) -> Reached:
    """The true sender of what a BBMD forwarded: it takes the place of the endpoint."""
    return Reached(rest.rpartition(":")[0].strip("[]"))


def _by_mac(_found: Reached, rest: str) -> Reached:
    """Who has no address yet: its MAC takes the place of the endpoint."""
    return Reached(rest)


def _unit(found: Reached, rest: str) -> Reached:
    return found if rest in OWN_UNITS else Reached(f"{found.key}/unit {rest}", found.via or found.key)


def _station(found: Reached, rest: str) -> Reached:
    network, _, station = rest.partition("/")
    if not station:
        return found if is_broadcast(found.key) else Reached(f"bacnet {network}/*")
    address = bacnet_ip(station)
    return Reached(address) if address else Reached(f"bacnet {rest}", found.via or found.key)


def _port(found: Reached, rest: str) -> Reached:
    return Reached(f"{found.key}/port {rest}", found.via or found.key)


def _device(found: Reached, rest: str) -> Reached:
    """A device on the bus; of a telegram to all routers nobody knows which one stands before it."""
    return found if is_broadcast(found.key) else Reached(f"{found.key}/knx {rest}", found.via or found.key)


_HOPS: dict[str, Callable[[Reached, str], Reached]] = {
    "ip": _forwarded, "mac": _by_mac, "unit": _unit, "net": _station, "port": _port, "knx": _device,
}  # fmt: skip


def bacnet_ip(station: str) -> str:
    """The IP address in a station address of 4 + 2 octets (clause J.1.2): that device is a host of its own, whichever router names it.

    An Ethernet station has six octets too, but its last two are a BACnet port once in 4096.
    """
    if len(station) != 12 or int(station[8:], 16) not in BACNET_PORTS:
        return ""
    return str(IPv4Address(int(station[:8], 16)))


@lru_cache(65_536)
def kind(key: str, is_internal: IsInternal) -> str:
    """The kind of thing a raw key names."""
    if key.startswith("bacnet "):
        return GROUP if key.endswith("/*") else BACNET
    if "/" in key:
        return KNX if "/knx " in key else UNIT if key.rpartition("/unit ")[2].isdecimal() else CIP
    if is_broadcast(key):
        return GROUP
    if is_mac(key):
        return L2
    return HOST if is_internal(key) else EXTERNAL


def is_mac(key: str) -> bool:
    return len(key) == 17 and key[2::3] == ":::::"


@lru_cache(65_536)
def is_broadcast(key: str) -> bool:
    """Not one thing: multicast, broadcast, the unspecified address.

    An address of the site that ends in 255 counts as the broadcast of its network (prefixes from /8 to /24).
    """
    if is_mac(key):
        return bool(int(key[:2], 16) & 1)
    address = _address(key)
    if address is None:
        return False
    whole = key == "255.255.255.255" or address.is_multicast or address.is_unspecified
    return whole or (address.version == 4 and key.endswith(".255") and internal(key))


@lru_cache(65_536)
def network_of(ip: str) -> str:
    """The /24 (IPv6: /64) of an address, "" for what says nothing about routing: link-local and group addresses."""
    address = _address(ip)
    if address is None or address.is_link_local or is_broadcast(ip):
        return ""
    return str(ip_network((address, 24 if address.version == 4 else 64), strict=False))


@lru_cache(65_536)
def _address(key: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(key.partition("%")[0])
    except ValueError:
        return None
