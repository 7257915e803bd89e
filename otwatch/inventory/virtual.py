"""Groups of routers, or of servers, that share addresses (VRRP, HSRP): the addresses they say they share are faces of the group, and no
device's. Its members are devices of their own, each with the group beside it.

What anybody says about an address hides no machine: one with a card of its own stays what it is (`Macs.shared`).
"""

from collections.abc import Iterator
from typing import NamedTuple

from otwatch.inventory.assets import Asset
from otwatch.inventory.endpoints import GROUP
from otwatch.inventory.inventory import Inventory
from otwatch.inventory.macs import Seen
from otwatch.inventory.rows import order
from otwatch.results import FaceRow

REASON = "virtual address"


class Shared(NamedTuple):
    """A group, by the address it is shown under: IPv4 before IPv6, and before one of the link. `others`: what else leads to it."""

    key: str
    name: str
    others: tuple[tuple[str, Seen], ...]
    members: tuple[tuple[str, Seen], ...]
    cards: tuple[str, ...]


def groups(inventory: Inventory) -> list[Shared]:
    """All groups that were heard. One group has the addresses that the same member said it has."""
    found: dict[tuple[str, str], dict[str, dict[str, Seen]]] = {}
    for address, told in inventory.macs.shared():
        for name in {name for name, _ in told}:
            members = {inventory.resolve(member): seen for (of, member), seen in told.items() if of == name}
            found.setdefault((name, min(members)), {})[address] = members
    taken: set[str] = set()
    made = [_made(inventory, name, addresses, taken) for (name, _), addresses in sorted(found.items())]
    return [one for one in made if one is not None]


def _made(inventory: Inventory, name: str, addresses: dict[str, dict[str, Seen]], taken: set[str]) -> Shared | None:
    """An address that two groups claim is the first one's."""
    free = sorted(addresses.keys() - taken, key=lambda ip: (":" in ip, ip.startswith("fe80:"), order(ip)))
    if not free:
        return None
    taken.update(free)
    members = {member: seen for address in free for member, seen in addresses[address].items()}
    sent_for = {mac: inventory.macs.sent_for(mac).keys() for address in free for mac in inventory.macs.virtual(address)}
    cards = {mac for mac, used in sent_for.items() if used <= {*free, *members}}  # groups of several networks may have one number
    first = [(address, next(iter(addresses[address].values()))) for address in free[1:]]
    return Shared(free[0], name, tuple(first), tuple(sorted(members.items())), tuple(sorted(cards)))


def things(inventory: Inventory, found: list[Shared]) -> Iterator[Asset]:
    """Groups whose addresses nobody was seen to use."""
    for one in found:
        if inventory.assets.get(one.key) is None:
            _, seen = one.members[0]
            asset = Asset(one.key, GROUP, seen.first_ns, seen.frame)
            asset.last_ns, asset.heard = seen.last_ns, True
            yield asset


def face_rows(found: list[Shared]) -> Iterator[FaceRow]:
    """The addresses of each group, its members, and the group beside each of them."""
    for one in found:
        for address, seen in one.others:
            yield FaceRow(one.key, address, "now", REASON, one.name, seen.frame, seen.first_ns, seen.last_ns)
        for member, seen in one.members:
            for asset, key in ((one.key, member), (member, one.key)):
                yield FaceRow(asset, key, "shared", REASON, one.name, seen.frame, seen.first_ns, seen.last_ns)
