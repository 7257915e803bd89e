"""Addresses that several machines have, each in its own VLAN: all of them are called by address and VLAN (`192.168.0.10%20`).

The wire half tells them apart from the packet on that proves it (wire/overlaps.py), and only the one that came later; when everything was
seen the first one is named by its VLAN too, so that keys mean the same whichever was heard first.
"""

from collections.abc import Callable, Mapping

from otwatch.inventory.identity import host_of
from otwatch.inventory.inventory import Inventory

SCOPE = "%"


def in_own_vlan(inventory: Inventory) -> Mapping[str, str]:
    """Address -> address and VLAN, of those that are another machine's in another VLAN."""
    scoped = {host for asset in inventory.assets.all() if SCOPE in (host := host_of(asset.key)) and ":" not in host}
    found: dict[str, str] = {}
    for address in {host.partition(SCOPE)[0] for host in scoped}:
        asset = inventory.assets.get(address)
        own = f"{address}{SCOPE}{asset.vlan}" if asset is not None and asset.vlan >= 0 else ""
        if own and own not in scoped:
            found[address] = own
    return found


def named(own: Mapping[str, str]) -> Callable[[str], str]:
    """How an asset is called, and what stands behind it."""

    def name(key: str) -> str:
        host, behind, rest = key.partition("/")
        return f"{own.get(host, host)}{behind}{rest}"

    return name
