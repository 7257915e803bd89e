"""Addresses that mean many."""

from functools import lru_cache
from ipaddress import ip_address


@lru_cache(65_536)
def is_group(address: str) -> bool:
    """Whether an address means many: multicast or broadcast. What stands behind an address ("10.1.2.3/unit 4") is never many."""
    try:
        return ip_address(address).is_multicast or address == "255.255.255.255"
    except ValueError:
        return address[2:3] == ":" and address[1].lower() in "13579bdf"  # the group bit of a MAC (IEEE 802-2014 8.2.2)


@lru_cache(65_536)
def is_invented(address: str) -> bool:
    """Whether no machine can send from an address: multicast, or reserved for ever (RFC 1112 4 and 7.2)."""
    try:
        known = ip_address(address)
    except ValueError:
        return False
    return known.is_multicast or (known.version == 4 and known.is_reserved)


def is_public(address: str) -> bool:
    """Whether it is an address of the Internet (RFC 6890), and not of a site."""
    try:
        return ip_address(address).is_global
    except ValueError:
        return False
