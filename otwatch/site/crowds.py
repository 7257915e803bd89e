"""Addresses that seem to be shared by several hosts: who translates addresses, or a proxy (domain/zones.md 9.4).

One sign proves nothing, so two different ones are needed: initial TTLs of two families within a minute (64, 128 or 255: RFC 1122 3.2.1.7
leaves the number to the system), and two host names or systems of two families that it says of itself. TTLs are those of TCP: many
devices answer echoes with another. Interleaved IP identifications, the third sign there, do not pass the waist and are not looked at.
"""

import re

from otwatch.inventory import Inventory
from otwatch.inventory.endpoints import HOST
from otwatch.inventory.facts import SELF
from otwatch.sightings import Tally

LIMIT = 65_536
"""Addresses looked at."""
MINUTE_NS = 60_000_000_000
_FAMILIES = (64, 128, 255)
_NAMED_BY = frozenset({"dhcp option 12", "netbios", "llmnr", "smb", "mdns"})
"""Sources of names that a host gives itself; a name in a request for a page is the server's."""
_SYSTEMS = {
    "windows": re.compile(r"(?i)windows|microsoft|msft"),
    "linux": re.compile(r"(?i)linux|ubuntu|debian|android|samba"),
    "apple": re.compile(r"(?i)mac ?os|darwin|iphone|ipad|airport"),
}
"""Families of systems, by words they say of themselves."""


class Crowds:
    """When each family of TTLs was heard last from an address, and the addresses from which two came within a minute."""

    def __init__(self) -> None:
        self._heard: dict[str, dict[int, int]] = {}
        self._mixed: dict[str, None] = {}
        self.crowded = 0

    def see(self, tally: Tally) -> None:
        talk = tally.conversation
        if talk.transport != "tcp":
            return
        for key, packets, ttl in ((talk.client, tally.packets[0], tally.ttl[0]), (talk.server, tally.packets[1], tally.ttl[1])):
            if packets and ttl > 0:
                self._hear(key, _family(ttl), tally.first_ns)

    def _hear(self, key: str, family: int, time_ns: int) -> None:
        heard = self._heard.get(key)
        if heard is None:
            if len(self._heard) >= LIMIT:
                self.crowded += 1
                return
            heard = self._heard[key] = {}
        heard[family] = max(time_ns, heard.get(family, 0))
        if len(heard) > 1 and key not in self._mixed:
            others = (last_ns for other, last_ns in heard.items() if other != family)
            if any(abs(time_ns - last_ns) <= MINUTE_NS for last_ns in others):
                self._mixed[key] = None

    def suspects(self, inventory: Inventory) -> frozenset[str]:
        """Hosts of the site behind whose address others seem to stand, by their keys."""
        hosts = {inventory.resolve(key) for key in self._mixed}
        return frozenset(key for key in hosts if inventory.knowledge.kind(key) == HOST and _says_two_things(inventory, key))

    def notes(self) -> dict[str, int]:
        """What was not looked at for want of room."""
        return {"addresses not looked at for translation": self.crowded}


def _family(ttl: int) -> int:
    """The TTL it began with, as far as numbers tell: no way has that many hops."""
    return next((family for family in _FAMILIES if ttl <= family), _FAMILIES[-1])


def _says_two_things(inventory: Inventory, key: str) -> bool:
    facts = [fact for fact in inventory.facts(key) if fact.confidence == SELF]
    names = {fact.value.partition(".")[0].casefold() for fact in facts if fact.name == "host" and fact.source in _NAMED_BY}
    said = [fact.value for fact in facts if fact.name in {"os", "software", "vendor_class"}]
    systems = {system for system, words in _SYSTEMS.items() if any(words.search(text) for text in said)}
    return len(names) > 1 or len(systems) > 1
