"""All links of a site, bounded, with those of each asset at hand."""

from collections.abc import Callable, Iterable

from otwatch.inventory.links import Link, Way
from otwatch.sightings import Frame, Role

LIMIT = 131_072
ONCE = 16_384
"""Links kept that were seen at one moment only; beyond it an eighth of these is forgotten: a flood of invented ones is not met again."""


class Links:
    """A bounded table of links, with those of each asset at hand."""

    def __init__(self, forgotten: Callable[[], None], limit: int = LIMIT) -> None:
        self._by_way: dict[Way, Link] = {}
        self._from: dict[str, dict[Way, None]] = {}
        self._to: dict[str, dict[Way, None]] = {}
        self._forgotten = forgotten
        self._limit = limit
        self._checked = ONCE
        self.evicted = 0

    def __len__(self) -> int:
        return len(self._by_way)

    def all(self) -> list[Link]:
        return list(self._by_way.values())

    def has(self, way: Way) -> bool:
        return way in self._by_way

    def get(self, way: Way) -> Link | None:
        return self._by_way.get(way)

    def of_client(self, key: str) -> int:
        """How many links a raw key has as a client."""
        return len(self._from.get(key, ()))

    def at(self, way: Way, role: Role, time_ns: int, frame: Frame) -> Link:
        link = self._by_way.get(way)
        if link is None:
            if len(self._by_way) >= min(self._checked, self._limit):
                self._make_room()
            link = self._by_way[way] = Link(way, role, time_ns, frame)
            self._from.setdefault(way.client, {})[way] = None
            self._to.setdefault(way.server, {})[way] = None
        return link

    def asked_by(self, keys: Iterable[str]) -> list[Link]:
        """Links from any of these raw keys."""
        return [self._by_way[way] for key in keys for way in self._from.get(key, ())]

    def asked_of(self, keys: Iterable[str]) -> list[Link]:
        """Links to any of these raw keys."""
        return [self._by_way[way] for key in keys for way in self._to.get(key, ())]

    def forget(self, before_ns: int) -> int:
        """Let go of the links that were seen last before `before_ns`; how many."""
        return self._drop([link for link in self._by_way.values() if link.last_ns < before_ns])

    def _make_room(self) -> None:
        """Looks how full the table is, and when it has to look again: fleeting links are at most as many as were made since."""
        fleeting = [link for link in self._by_way.values() if link.is_fleeting]
        gone = 0
        if len(fleeting) >= ONCE:
            gone = self._drop(_oldest(fleeting, ONCE // 8))
        elif len(self._by_way) >= self._limit:
            gone = self._drop(_oldest(self._by_way.values(), max(1, self._limit // 16)))
        self.evicted += gone
        left = sum(link.is_fleeting for link in self._by_way.values())
        self._checked = len(self._by_way) + ONCE - left

    def _drop(self, links: list[Link]) -> int:
        for link in links:
            del self._by_way[link.way]
            for table, key in ((self._from, link.way.client), (self._to, link.way.server)):
                del table[key][link.way]
                if not table[key]:
                    del table[key]
        self._forgotten()
        return len(links)


def _oldest(links: Iterable[Link], number: int) -> list[Link]:
    return sorted(links, key=lambda link: (link.last_ns, link.way))[:number]
