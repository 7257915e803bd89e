"""Hosts named in the site file: addresses, networks and declared assets."""

from ipaddress import IPv4Address, IPv6Address

from otwatch.config.site import Address, Host, PinnedAsset
from otwatch.events.addresses import address_in


def address_of(name: str) -> Address | None:
    """The address in an endpoint or asset name ("10.20.1.60", "10.20.1.60/17"); None where there is none."""
    return address_in(name.partition("/")[0].partition("%")[0])


class Hosts:
    """Which hosts a list of the file means. An empty list means every host."""

    __slots__ = ("_addresses", "_names", "_networks")

    def __init__(self, hosts: tuple[Host, ...], assets: dict[str, PinnedAsset]) -> None:
        self._names = frozenset(host for host in hosts if isinstance(host, str))
        self._networks = tuple(host for host in hosts if not isinstance(host, str))
        pinned = (assets[name].ip for name in self._names if name in assets)
        self._addresses: frozenset[IPv4Address | IPv6Address] = frozenset(ip for ip in pinned if ip is not None)

    def __contains__(self, name: object) -> bool:
        if not self._names and not self._networks:
            return True
        if name in self._names:
            return True
        address = address_of(name) if isinstance(name, str) else None
        if address is None:
            return False
        return address in self._addresses or any(address in network for network in self._networks)

    def holds(self, *names: str) -> bool:
        """Whether any of an asset's names (its id, its address) is meant."""
        return any(name in self for name in names)
