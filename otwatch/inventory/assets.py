"""The things on the network by raw key, each with what was seen of it itself."""

from collections.abc import Callable

from otwatch.inventory.endpoints import CIP, EXTERNAL, HOST, UNIT, IsInternal, kind
from otwatch.inventory.facts import Facts
from otwatch.sightings import Frame

LIMIT = 65_536
"""Assets kept; when there are more, a sixteenth is forgotten: what was never heard first, then what was silent longest."""

ONCE = 8_192
"""Assets kept that were met at one moment only; beyond it an eighth of these is forgotten. What is there is heard again, what somebody
invents by the thousand is not, and with its names and rows each takes some 6 kB."""

UNIT_ANSWERS = 2
"""A unit is there once it answered twice (protocols.md 1.7): a scan of 247 units does not make 247 assets."""

NODE_REQUESTS = 3
"""A CIP node is there once it said something or was asked so often without an error: a scan of slots asks once or twice."""


class Asset:
    """What was seen under one raw key.

    heard      it said something itself: what is only asked, as in a scan, need not exist
    announced  it was heard as an asset of its own; `told`: an AssetSeen says so (of a single unit none does)
    spoke_via  raw keys of the routers or gateways that passed on what it said, and when first; `asked_via` what was said to it
    networks   BACnet networks it said to route to
    routed     raw keys of what was heard through it
    said       messages of what stands behind another, which sends no packets of its own; `asked`: messages sent to it
    """

    __slots__ = (
        "announced",
        "asked",
        "asked_via",
        "facts",
        "first_ns",
        "frame",
        "heard",
        "is_address",
        "key",
        "kind",
        "last_ns",
        "networks",
        "packets",
        "routed",
        "said",
        "spoke_via",
        "told",
        "vlan",
    )  # fmt: skip

    def __init__(self, key: str, kind_of_it: str, time_ns: int, frame: Frame) -> None:
        self.key = key
        self.kind = kind_of_it
        self.first_ns = self.last_ns = time_ns
        self.frame = frame
        self.is_address = kind_of_it in (HOST, EXTERNAL)
        self.heard = self.announced = self.told = False
        self.packets = self.said = self.asked = 0
        self.vlan = -1
        self.facts = Facts()
        self.networks: set[str] = set()
        self.routed: set[str] = set()
        self.spoke_via: dict[str, int] = {}
        self.asked_via: dict[str, int] = {}

    @property
    def is_fleeting(self) -> bool:
        """Whether it was met at one moment only."""
        return self.first_ns == self.last_ns

    def begin(self, time_ns: int, frame: Frame) -> None:
        """It was met then, maybe earlier than known so far: what is told at once comes before what its slot tells at the end."""
        if time_ns < self.first_ns:
            self.first_ns, self.frame = time_ns, frame

    def tagged(self, vlan: int, passed_on: bool) -> None:
        """Heard in a VLAN. The one in which a router passes its packets on is not its own, though it seems so until the router is known."""
        if not passed_on:
            self.vlan = vlan
        elif self.vlan == vlan:
            self.vlan = -1

    @property
    def is_there(self) -> bool:
        if self.kind == CIP:
            return self.heard and (self.said > 0 or self.asked >= NODE_REQUESTS)
        return self.heard and (self.kind != UNIT or self.said >= UNIT_ANSWERS)


class Assets:
    """A bounded table of assets; `external` counts those outside the site."""

    def __init__(self, is_internal: IsInternal, forgotten: Callable[[set[str]], None], limit: int = LIMIT) -> None:
        self._by_key: dict[str, Asset] = {}
        self._is_internal = is_internal
        self._forgotten = forgotten
        self._limit = limit
        self._checked = ONCE
        self.evicted = self.external = 0

    def __len__(self) -> int:
        return len(self._by_key)

    def get(self, key: str) -> Asset | None:
        return self._by_key.get(key)

    def all(self) -> list[Asset]:
        return list(self._by_key.values())

    def at(self, key: str, time_ns: int, frame: Frame) -> Asset:
        """The asset of a raw key, made when it is met for the first time."""
        asset = self._by_key.get(key)
        if asset is None:
            if len(self._by_key) >= min(self._checked, self._limit):
                self._make_room()
            asset = self._by_key[key] = Asset(key, kind(key, self._is_internal), time_ns, frame)
            self.external += asset.kind == EXTERNAL
        return asset

    def _make_room(self) -> None:
        """Looks how full the table is, and when it has to look again: fleeting assets are at most as many as were made since."""
        fleeting = [asset for asset in self._by_key.values() if asset.is_fleeting]
        if len(fleeting) >= ONCE:
            self._evict(fleeting, ONCE // 8)
        elif len(self._by_key) >= self._limit:
            self._evict(list(self._by_key.values()), max(1, self._limit // 16))
        left = sum(asset.is_fleeting for asset in self._by_key.values())
        self._checked = len(self._by_key) + ONCE - left

    def _evict(self, among: list[Asset], number: int) -> None:
        gone = {asset.key for asset in sorted(among, key=lambda asset: (asset.heard, asset.last_ns, asset.key))[:number]}
        for key in gone:
            self.external -= self._by_key.pop(key).kind == EXTERNAL
        self.evicted += len(gone)
        self._forgotten(gone)
