"""Who holds an address: its network cards over time, and what they tell about devices.

    one after the other     the address moved, or the device was replaced: the last card holds it
    at the same time        two devices with one address (a conflict), unless the cards are neighbours by number: one device with two
    a virtual card          VRRP, HSRP and their like: an address that several routers share, and no device's own
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from otwatch.events.virtual import virtual
from otwatch.inventory.endpoints import HOST, IsInternal, kind
from otwatch.inventory.macs import Macs, Seen

NEIGHBOURS = 16
"""Cards of one device have numbers that are as close."""


class Holder(NamedTuple):
    """An address as held by a card."""

    ip: str
    mac: str
    seen: Seen


class Holding:
    """Questions about cards and addresses; `on_link` whether an address sent to a group that no router forwards."""

    def __init__(self, macs: Macs, is_internal: IsInternal, on_link: Callable[[str], bool]) -> None:
        self._macs = macs
        self._is_internal = is_internal
        self._on_link = on_link
        self._rivals: dict[str, list[Holder]] = {}
        self._held: dict[str, list[Holder]] = {}
        self._ever: dict[str, list[Holder]] = {}
        for ip in macs.addressed():
            self._sort(ip)

    def _sort(self, ip: str) -> None:
        """The last card holds an address; where two announce it at the same time, the one that was there first."""
        own = self.of(ip)
        for holder in own:
            self._ever.setdefault(holder.mac, []).append(holder)
        if rivals := self._found_rivals(ip, own):
            self._rivals[ip] = rivals
            own = [one for one in own if one.seen.by_arp and one not in rivals]
        for holder in own[-1:]:
            self._held.setdefault(holder.mac, []).append(holder)

    def addresses(self) -> list[str]:
        """All addresses that some card sent for."""
        return self._macs.addressed()

    def macs(self) -> list[str]:
        """All cards that are some address's own, or were."""
        return sorted(self._ever)

    def of(self, ip: str) -> list[Holder]:
        """The cards that are this address's own, in the order in which they held it."""
        own = [Holder(ip, mac, seen) for mac, seen in self._macs.of(ip).items()]
        return sorted(own, key=lambda one: (one.seen.last_ns, one.mac))

    def now(self, mac: str) -> list[Holder]:
        """The addresses that a card holds now, IPv4 before IPv6, first met first."""
        return sorted(self._held.get(mac, ()), key=lambda one: (":" in one.ip, one.seen.first_ns, one.ip))

    def is_over(self, holder: Holder) -> bool:
        """Whether another card holds the address since."""
        last = self.of(holder.ip)[-1]
        return last.mac != holder.mac and last.seen.first_ns > holder.seen.last_ns

    def proven(self) -> Iterator[tuple[str, list[Holder]]]:
        """Cards with two or more addresses that are certainly theirs, in the order of the cards."""
        for mac in sorted(self._held):
            sure = [one for one in self.now(mac) if self._is_proven(one)]
            if len(sure) > 1:
                yield mac, sure

    def _is_proven(self, one: Holder) -> bool:
        """Whether the packets come from the device itself, not from a router in front of it."""
        if kind(one.ip, self._is_internal) != HOST or self.contested(one.ip):
            return False
        return one.seen.by_arp or one.ip.startswith("fe80:") or one.ip.endswith(_eui64(one.mac)) or self._on_link(one.ip)

    def claimed(self, ip: str) -> list[tuple[str, Seen]]:
        """Cards that announced the address without being its own."""
        own = self._macs.of(ip)
        return [(mac, seen) for mac, seen in self._macs.senders(ip).items() if seen.by_arp and mac not in own]

    def contested(self, ip: str) -> bool:
        """Whether two cards, routers' among them, sent for the address at the same time."""
        return any(_overlap(one, other) for one, other in _pairs(list(self._macs.senders(ip).values())))

    def _found_rivals(self, ip: str, own: list[Holder]) -> list[Holder]:
        if kind(ip, self._is_internal) != HOST:
            return []
        told = sorted((one for one in own if one.seen.by_arp), key=lambda one: (one.seen.first_ns, one.mac))
        return [one for one in told[1:] if _overlap(told[0].seen, one.seen) and not neighbours(told[0].mac, one.mac)]

    def rivals(self, ip: str) -> list[Holder]:
        """Cards beside the first one that announce the address at the same time, and are no neighbours of it."""
        return self._rivals.get(ip, [])

    def conflicts(self) -> Iterator[tuple[str, list[Holder]]]:
        """Addresses that more than one device has, with all cards but the first's."""
        yield from sorted(self._rivals.items())

    def ever(self, mac: str) -> list[Holder]:
        """The addresses that a card holds or held."""
        return sorted(self._ever.get(mac, ()), key=lambda one: (one.seen.first_ns, one.ip))

    def differ(self, one: str, other: str) -> bool:
        """Whether two addresses are known to have different cards."""
        mine, others = {holder.mac for holder in self.of(one)}, {holder.mac for holder in self.of(other)}
        return bool(mine and others) and not mine & others

    def shared(self, ip: str) -> list[tuple[str, str, Seen]]:
        """Virtual cards that sent for the address, with the group they stand for."""
        return [(mac, name, seen) for mac, seen in self._macs.virtual(ip).items() if (name := virtual(mac))]


def neighbours(one: str, other: str) -> bool:
    """Whether two cards are probably one device's: numbers of one maker that are close to each other."""
    first, second = (int(mac.replace(":", ""), 16) for mac in (one, other))
    return first >> 24 == second >> 24 and abs(first - second) <= NEIGHBOURS


def _pairs(seen: list[Seen]) -> Iterable[tuple[Seen, Seen]]:
    return ((one, other) for at, one in enumerate(seen) for other in seen[at + 1 :])


def _overlap(one: Seen, other: Seen) -> bool:
    return one.first_ns <= other.last_ns and other.first_ns <= one.last_ns


def _eui64(mac: str) -> str:
    """The interface identifier that a card's number gives (RFC 4291, appendix A), as it stands in an address."""
    octets = bytes.fromhex(mac.replace(":", ""))
    whole = bytes((octets[0] ^ 2, *octets[1:3], 0xFF, 0xFE, *octets[3:])).hex()
    return ":".join(f"{int(whole[at : at + 4], 16):x}" for at in range(0, 16, 4))
