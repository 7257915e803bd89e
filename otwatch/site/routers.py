"""Who leads out of a network: what the site file says, and what cards show."""

from collections.abc import Iterable

from otwatch.config.site import Address
from otwatch.inventory.macs import Macs


def is_gateway(asset: str, declared: Iterable[Address], macs: Macs) -> bool | None:
    """Whether it is declared, or has one card with what is declared; None where nothing is."""
    named = frozenset(map(str, declared))
    if not named:
        return None
    return asset in named or not all(named.isdisjoint(macs.sent_for(mac)) for mac in macs.senders(asset))


def crosses(asset: str, macs: Macs) -> bool:
    """Whether its card sends for several networks, or several routers share its address."""
    return bool(macs.virtual(asset)) or any(macs.networks(mac) > 1 for mac in macs.senders(asset))
