"""Addresses that mean many."""

from functools import lru_cache

from otwatch.events.addresses import REMEMBERED, address_in


@lru_cache(REMEMBERED)
def is_group(address: str) -> bool:
    """Whether an address means many: multicast or broadcast. What stands behind an address ("10.1.2.3/unit 4") is never many."""
    known = address_in(address)
    if known is None:
        return address[2:3] == ":" and address[1].lower() in "13579bdf"  # the group bit of a MAC (IEEE 802-2014 8.2.2)
    return known.is_multicast or address == "255.255.255.255"


@lru_cache(REMEMBERED)
def is_invented(address: str) -> bool:
    """Whether no machine can send from an address: multicast, or reserved for ever (RFC 1112 4 and 7.2)."""
    known = address_in(address)
    return known is not None and (known.is_multicast or (known.version == 4 and known.is_reserved))


def is_public(address: str) -> bool:
    """Whether it is an address of the Internet (RFC 6890), and not of a site."""
    known = address_in(address)
    return known is not None and known.is_global
