"""What was heard and waits for the site half, in order, and how much it holds.

The end of a slot tells tens of thousands of items at once, and a flood of long writes tells items of twenty kilobytes. So what waits is
weighed and not only counted, and who hears stops listening while it is too much: frames then wait in the ring, and the kernel drops and
counts those that find no place there.
"""

from collections import deque
from collections.abc import Callable, Iterable

from otwatch.decode.statements import weight
from otwatch.events import Event
from otwatch.events.remembered import remembered
from otwatch.sightings import Item, Routine, Sighting

ROOM = 524_288
"""How much may wait before no further frames are heard, as `decode.statements.weight` counts: 15 MB of usual traffic (22,000 items),
42 MB of a scan, 60 MB of long reads."""
ITEM, SAID = 12, 4
"""What an item weighs beside its events, and each event of a routine beside itself."""


class Unseen:
    """A queue that is weighed."""

    def __init__(self) -> None:
        self._items: deque[Item] = deque()
        self._weights: deque[int] = deque()
        self._weigh_event: Callable[[Event], int] = remembered(lambda event: weight((event,)))
        self.weight = 0

    def __len__(self) -> int:
        return len(self._items)

    @property
    def crowded(self) -> bool:
        """Whether so much waits that nothing is to be added for now. What one batch tells may still come on top."""
        return self.weight > ROOM

    def extend(self, items: Iterable[Item]) -> int:
        """Items at the end; gives what they weigh."""
        before = self.weight
        for item in items:
            held = self._held(item)
            self._items.append(item)
            self._weights.append(held)
            self.weight += held
        return self.weight - before

    def popleft(self) -> Item:
        self.weight -= self._weights.popleft()
        return self._items.popleft()

    def clear(self) -> None:
        self._items.clear()
        self._weights.clear()
        self.weight = 0

    def _held(self, item: Item) -> int:
        if isinstance(item, Sighting):
            return ITEM + weight((item.event,))
        if isinstance(item, Routine):
            return ITEM + sum(SAID + self._weigh_event(said[0]) for said in item.said)
        return ITEM
