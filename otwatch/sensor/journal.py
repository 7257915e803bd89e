"""What passed the waist since the record was written, so that a second's write costs what that second told.

To write everything anew costs as much as the site is large, and a quiet site changes little. So most writes only add to the record's
journal, in the exchange format, what was told since the last one. Who carries on takes the state of the last whole write and sees
again what the journal holds, as if it had just been told.

Logins are in no journal: a secret leaves the process by a private pipe only. Behind a new one everything is written; one that was written
(communities of SNMP are sent all day) only counts once more, which a sensor that is killed loses back to its last whole write.
"""

import os
from collections.abc import Collection, Iterable, Iterator
from hashlib import blake2s
from typing import NamedTuple

from otwatch.errors import ExchangeError, Keyed
from otwatch.events import Credential, Echo, Event
from otwatch.exchange import Inlet, Outlet, Receiver, Sender
from otwatch.exchange.framing import LAST, Kind
from otwatch.record import Entry
from otwatch.sightings import Item, Routine, Sighting

ROOM, MOST = 4096, 32_768
"""Items told since the last whole write, beyond which the next is whole: to add more costs as much, and who carries on sees them all.
And beyond which nothing is added any more until that is done."""
HEAVY, HEAVIEST = 131_072, 1_048_576
"""The same bounds by weight, as unseen.py counts it: few items may hold much. The second is 30 MB of usual traffic, 120 MB
of long reads."""
LOGINS = 4096
"""Different logins that are remembered as written; beyond it all of them are new."""
_SUM = 8
"""Bytes before an entry that tell whether it is as it was written."""
UNFIT = (ExchangeError, LookupError, ValueError, TypeError, AttributeError, AssertionError)
"""What comes of entries that are damaged, or whose words mean something else in this otwatch."""


class GapError(Keyed):
    """What the journal holds cannot be carried on; the state before it can."""


class Mark(NamedTuple):
    """When a write began: its number, the items told by then, how often a whole write was wanted, and the weight of the items."""

    number: int = 0
    told: int = 0
    wanted: int = 0
    weight: int = 0


class Journal:
    """What was told and is not written yet. `number`: of the last write that was begun; they may end in any order (keeping.py)."""

    def __init__(self) -> None:
        self.number = 0
        self._items: list[Item] = []
        self._last = Mark()
        self._from = self._after = self._weight = 0
        self._gap, self._wanted = -1, 1
        self._at_work: Mark | None = None
        self._logins: set[tuple[str, str, Event]] = set()

    def add(self, items: Iterable[Item], weight: int = 0) -> None:
        """Items that were told, and what they weigh together."""
        self._weight += weight
        for item in items:
            if not holds_login(item):
                self._items.append(item)
            elif self.is_new(item):
                self._remember(item)
                self.want_whole()
        if self._exceeds(MOST, HEAVIEST):
            self._let_go(self.told)
            self._gap = self.told

    def carry_on(self, numbers: Collection[int]) -> None:
        """Behind the writes of another sensor."""
        self.number = self._after = max(numbers, default=0)
        self._last = Mark(min(numbers, default=0))

    def begin_anew(self) -> None:
        """What the record holds is not what was carried on: nothing may be added to it."""
        self._gap = self.told

    @property
    def told(self) -> int:
        """Items so far."""
        return self._from + len(self._items)

    def entry(self, still_open: Iterable[Item]) -> Entry:
        """What a write that adds has to add, in a copy."""
        cut = max(self._at_work.told - self._from, 0) if self._at_work else 0
        before = self._at_work.number if self._at_work else 0, packed(self._items[:cut])
        return Entry(self.number, packed(self._items[cut:]), packed(still_open), before, self._last.number, self._after)

    @property
    def must_be_whole(self) -> bool:
        """Whether something is not written that no journal can hold, or so much that it need not."""
        return self._wanted != self._last.wanted or self._exceeds(ROOM, HEAVY)

    @property
    def is_full(self) -> bool:
        """Whether something was let go that no whole write has yet: until then nothing may be added behind it."""
        return self._gap >= 0

    def _exceeds(self, items: int, weight: int) -> bool:
        """Whether more was told since the last whole write."""
        return self.told - self._last.told > items or self._weight - self._last.weight > weight

    def want_whole(self) -> None:
        """Something happened that no item tells."""
        self._wanted += 1

    def is_new(self, login: Item) -> bool:
        """Whether nobody told this login before."""
        return not isinstance(login, Sighting) or _login(login) not in self._logins

    def _remember(self, login: Item) -> None:
        if len(self._logins) >= LOGINS:
            self._logins.clear()
        if isinstance(login, Sighting):
            self._logins.add(_login(login))

    def begin(self, is_whole: bool = False) -> Mark:
        """A write begins; what it will have written, for `written` or `whole`."""
        self.number += 1
        mark = Mark(self.number, self.told, self._wanted, self._weight)
        if is_whole:
            self._at_work = mark
        return mark

    def written(self, mark: Mark) -> None:
        """A write that began then has added to the journal of the record."""
        self._let_go(mark.told)
        self._after = mark.number

    def whole(self, mark: Mark | None) -> None:
        """The write of everything that began then is over; None where it failed."""
        self._at_work = None
        if mark is not None:
            self._let_go(mark.told)
            self._last, self._after = mark, max(self._after, mark.number)
            self._gap = self._gap if self._gap > mark.told else -1

    def _let_go(self, until: int) -> None:
        if until > self._from:
            del self._items[: until - self._from]
            self._from = until


def holds_login(item: Item) -> bool:
    """Whether an item holds what somebody sent to log in."""
    if isinstance(item, Routine):
        return any(_is_login(said[0]) for said in item.said)
    return isinstance(item, Sighting) and _is_login(item.event)


def _login(sighting: Sighting) -> tuple[str, str, Event]:
    return sighting.conversation.client, sighting.conversation.server, sighting.event


def _is_login(event: Event) -> bool:
    return isinstance(event.event if isinstance(event, Echo) else event, Credential)


def packed(items: Iterable[Item]) -> bytes:
    """Items as bytes, nothing where there are none. TypeError where one holds a login."""
    made = os.memfd_create("journal")
    try:
        outlet = Outlet(made)
        empty = os.lseek(made, 0, os.SEEK_CUR)
        sender = Sender(outlet)
        for item in items:
            sender.add(item)
        sender.flush()
        if (size := os.lseek(made, 0, os.SEEK_CUR)) == empty:
            return b""
        outlet.put(Kind.ENDING)
        body = os.pread(made, size + 64, 0)
        return _sum(body) + body
    finally:
        os.close(made)


def unpacked(body: bytes) -> Iterator[Item]:
    """The same items. ExchangeError where these are none, or another otwatch has packed them."""
    if not body:
        return
    total, body = body[:_SUM], body[_SUM:]
    if total != _sum(body):
        raise ExchangeError("exchange.altered")
    made = os.memfd_create("journal")
    try:
        with open(made, "wb", closefd=False) as file:
            file.write(body)
        os.lseek(made, 0, os.SEEK_SET)
        inlet = Inlet(made)
        receiver = Receiver(inlet)
        for kind in inlet:
            if kind not in LAST:
                yield from receiver.take(kind)
    finally:
        os.close(made)


def _sum(body: bytes) -> bytes:
    return blake2s(body, digest_size=_SUM).digest()
