"""What tshark says, counted: how often each item of each field, and in which frames. Bounded."""

from array import array

from otwatch.events import clean
from otwatch.facts.ledger import BOUND, NAMELESS, Item

FRAMES = 2_000_000
"""Frame numbers that are kept, of all items together; of what comes later the first frame alone."""

Loose = tuple[tuple[str, str | int | None], ...]
"""An item as it is read: what was not said is None."""
Key = tuple[tuple[str, str], ...]
"""An item as it is compared."""


def key(item: Item) -> Key:
    """Without order and without the difference between capitals and small letters: spellings of Wireshark change between its editions."""
    return tuple(sorted((name, str(value).casefold()) for name, value in item))


class Count:
    """One item: how often it was said, and in which frames, one entry each time."""

    __slots__ = ("frames", "item", "times")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.times = 0
        self.frames = array("Q")


class Sheet:
    """Counters by section, field and item, for the sections that are wanted."""

    def __init__(self, sections: frozenset[str]) -> None:
        self._sections = sections
        self._left = FRAMES
        self.last_whole: int | None = None
        """The last frame of which all items were kept with their frames; None: all were."""
        self.fields: dict[tuple[str, str], dict[Key, Count]] = {}

    def add(self, section: str, field: str, frame: int, item: Loose = (), times: int = 1) -> None:
        if section not in self._sections:
            return
        said: Item = tuple((name, clean(value) if isinstance(value, str) else value) for name, value in item if value is not None)
        counts = self.fields.setdefault((section, field), {})
        at = key(said)
        if at not in counts and len(counts) >= BOUND:
            said, at = NAMELESS, key(NAMELESS)
        count = counts.setdefault(at, Count(said))
        count.times += times
        self._place(count, frame, times)

    def _place(self, count: Count, frame: int, times: int) -> None:
        if not times:
            return
        if self._left > 0 or not count.frames:
            count.frames.append(frame)
            self._left -= 1
        elif self.last_whole is None:
            self.last_whole = frame - 1
