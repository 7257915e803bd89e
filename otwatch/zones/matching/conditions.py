"""What a match rule can ask about an asset: one test a condition (domain/zones.md 7)."""

import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_network
from typing import Any, NamedTuple

from otwatch.config.site import Address, Network, PathAt, PinnedAsset, Site, Spans, StationAt, UnitsAt
from otwatch.events.addresses import REMEMBERED

NAME_LIMIT = 128
"""Characters of a name that patterns see: as many as `events.clean` keeps."""


class Identified(NamedTuple):
    """What is known of an asset.

    ip             its address; for what stands behind a gateway or router, that one's address
    mac            "" where it is unknown or that of a router
    vlan           -1 without tag
    modbus_unit, cip_path, bacnet_network   given only for what stands behind `ip`; `bacnet_mac` is the station as hex
    parent_zone    zone of the gateway or router; for an IPv6 link-local address, of the IPv4 asset with the same MAC; "" without
    """

    ip: str = ""
    mac: str = ""
    vlan: int = -1
    bacnet_network: int | None = None
    bacnet_mac: str = ""
    bacnet_instance: int | None = None
    modbus_unit: int | None = None
    cip_path: str = ""
    knx: str = ""
    names: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    vendor: str = ""
    parent_zone: str = ""


class Seen(NamedTuple):
    """An asset with its address parsed once."""

    known: Identified
    address: Address | None
    is_public: bool


Test = Callable[[Seen], bool]
_TEST_NETS = tuple(ip_network(name) for name in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"))


def public(site: Site) -> Callable[[Address], bool]:
    """Globally routable and not the site's own (zones.md 7); the TEST-NET ranges count as public so that examples work."""
    internal = (*(site.site.internal_ranges or ()), *site.site.public_internal)

    @lru_cache(REMEMBERED)
    def is_public(address: Address) -> bool:
        if address.is_multicast or any(address in network for network in internal):
            return False
        return address.is_global or any(address in network for network in _TEST_NETS)

    return is_public


def is_pin(pin: PinnedAsset, asset: Seen) -> bool:
    """Whether any identity of a declared asset is this one's; an address means the host itself, not what stands behind it."""
    known = asset.known
    own = known.modbus_unit is None and not known.cip_path and known.bacnet_network is None
    return (
        (pin.bacnet_instance is not None and pin.bacnet_instance == known.bacnet_instance)
        or (pin.modbus is not None and _unit(pin.modbus)(asset))
        or (own and pin.ip is not None and pin.ip == asset.address)
        or (own and pin.mac is not None and pin.mac == known.mac)
    )


def _inside(spans: Spans, number: int | None) -> bool:
    return number is not None and any(low <= number <= high for low, high in spans)


def _unit(wanted: UnitsAt) -> Test:
    return lambda asset: asset.address == wanted.ip and _inside(wanted.unit, asset.known.modbus_unit)


def _station(wanted: StationAt) -> Test:
    return lambda asset: asset.known.bacnet_network == wanted.network and wanted.mac in {"", asset.known.bacnet_mac}


def _path(wanted: PathAt) -> Test:
    return lambda asset: asset.address == wanted.ip and asset.known.cip_path == wanted.path


def _knx(wanted: str) -> Test:
    """An individual address, `*` for any number: "1.1.*"."""
    form = re.compile(re.escape(wanted).replace(r"\*", "[0-9]+"))
    return lambda asset: form.fullmatch(asset.known.knx) is not None


def _network(wanted: Network) -> Test:
    return lambda asset: asset.address is not None and asset.address in wanted


def _name(wanted: str) -> Test:
    form = re.compile(wanted)
    return lambda asset: any(form.search(name[:NAME_LIMIT]) for name in asset.known.names)


def _vendor(wanted: str) -> Test:
    form = re.compile(wanted)
    return lambda asset: bool(asset.known.vendor) and form.search(asset.known.vendor[:NAME_LIMIT]) is not None


def _fallback(wanted: str) -> Test:
    """`private`: every unicast address that is not public."""

    def holds(asset: Seen) -> bool:
        if asset.address is None or asset.address.is_multicast:
            return False
        return asset.is_public == (wanted == "public")

    return holds


TESTS: dict[str, Callable[[Any], Test]] = {
    "mac": lambda wanted: lambda asset: asset.known.mac == wanted,
    "ip": lambda wanted: lambda asset: asset.address == wanted,
    "modbus": _unit,
    "bacnet_instance": lambda wanted: lambda asset: _inside(wanted, asset.known.bacnet_instance),
    "bacnet": _station,
    "knx": _knx,
    "cip": _path,
    "cidr": _network,
    "vlan": lambda wanted: lambda asset: asset.known.vlan in wanted,
    "bacnet_network": lambda wanted: lambda asset: asset.known.bacnet_network in wanted,
    "name": _name,
    "role": lambda wanted: lambda asset: wanted in asset.known.roles,
    "mac_oui": lambda wanted: lambda asset: asset.known.mac.startswith(wanted),
    "vendor": _vendor,
    "fallback": _fallback,
}
"""Condition -> the test that a wanted value makes."""
