"""What a sensor does with what it hears: the same two halves as a replay, for ever, and again after a restart.

It knows no interface and no file, so that tests can give it any frames. Time is that of the frames. Where it goes back by more than
a slot in the frames of one interface, the machine's clock was set: the wire half tells what it holds and a new one begins. The same
happens at a restart: what was learnt carries on, connections that are open are met anew.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from otwatch.capture import Condition
from otwatch.changes import SightLost
from otwatch.config import Site
from otwatch.config.limits import watched
from otwatch.declared.baseline import Accepted
from otwatch.decode import conversations
from otwatch.inventory import assets, habits, link_table
from otwatch.jobs.stages import guarded_wire
from otwatch.packets import Frames
from otwatch.record import Sums
from otwatch.results import NOW, CaptureRow, Results, StateRow
from otwatch.sensor import standing
from otwatch.sensor.counting import counted
from otwatch.sensor.journal import UNFIT, GapError, Journal, unpacked
from otwatch.sensor.sight import Survey, surveyed
from otwatch.sensor.unseen import Unseen
from otwatch.sightings import SLOT_NS, Item
from otwatch.site import NOTHING, TITLES, SiteHalf, memory
from otwatch.wire import Wire
from otwatch.wire.defects import Defects
from otwatch.wire.overlaps import NOBODY, Standing

DAY_NS = 86_400_000_000_000
LATE_NS = 2_000_000_000
"""A request that waited for so long is written as one without an answer, until it is answered after all."""
LIMITS = {"assets": assets.LIMIT, "links": link_table.LIMIT, "habits": habits.LIMIT, "conversations": conversations.BOUND}
"""Entries that the tables hold at most."""
DROPPED = ": dropped"
"""Ends the name of the note of what each interface lost."""
GIVEN_UP = ("packets given up at the end", "items given up at the end")
"""Notes of what a sensor that was behind did not manage before it ended."""


class Hearing:
    """Frames in, results out, at any time."""

    def __init__(self, site: Site | None, accepted: Accepted = NOTHING, place: str = "") -> None:
        self._told = site, accepted, place
        self._site = site
        self._defects = Defects()
        self._wire = self._new_wire()
        self._condition = Condition()
        self._captures: dict[str, CaptureRow] = {}
        self._clocks: dict[str, int] = {}
        self._last_ns = 0
        self._counts: dict[str, int] = {}
        self.half = SiteHalf(*self._told)
        self._unseen = Unseen()
        self.journal = Journal()
        self.steps = self.batches = self._proven = 0

    def _new_wire(self, told: Standing = NOBODY) -> Wire:
        made = guarded_wire(self._defects, watched(self._site.limits if self._site else ()))
        made.overlaps.carry_on(told)
        return made

    # -- what comes in ------------------------------------------------------------------------------------------------------------------

    def carry_on(
        self, state: Iterable[StateRow], captures: Iterable[CaptureRow], notes: Mapping[str, int], journal: Iterable[tuple[int, bytes]] = ()
    ) -> None:
        """Begin where another sensor was stopped. memory.Strange where its state does not fit; then all but its counters begins anew.
        GapError where only its journal does not: then what is in that is not carried on."""
        self._captures = {row.name: row for row in captures}
        self._counts = {name: count for name, count in notes.items() if not name.startswith(NOW)}
        rows, entries = tuple(state), tuple(journal)
        self.journal.carry_on([number for number, _ in entries])
        try:
            self._restore(rows)
            for _, body in entries:
                self.learn(unpacked(body))
        except memory.Strange:
            self.half = SiteHalf(*self._told)
            self.journal.begin_anew()
            raise
        except UNFIT as error:
            self._restore(rows)
            self.journal.begin_anew()
            raise GapError("strange.other", error=type(error).__name__, reason=error) from error
        finally:
            for name in self.half.notes():
                self._counts.pop(name, None)

    def _restore(self, rows: Iterable[StateRow]) -> None:
        self.half = SiteHalf(*self._told)
        memory.restore(self.half, (row for row in rows if not row.part.startswith(standing.PART)))
        self._wire = self._new_wire(standing.standing(row for row in rows if row.part.startswith(standing.PART)))

    def number(self, interface: str) -> int:
        """Frames of an interface heard so far."""
        row = self._captures.get(interface)
        return row.frames if row is not None else 0

    def take(self, frames: Frames) -> None:
        """A batch; what it says is seen by `work`."""
        self.batches += 1
        self._condition.take(frames)
        for piece in self._pieces(frames):
            self._add(self._wire.take(piece))
            self._last_ns = max(self._last_ns, int(piece.time_ns.max()))
        self._count(frames)
        if self._wire.overlaps.proven != self._proven:
            self._proven = self._wire.overlaps.proven
            self.journal.want_whole()

    def wait(self, now_ns: int) -> None:
        """Nothing came before `now_ns`, and nothing that is older will."""
        self._add(self._wire.wait(now_ns))

    def finish(self) -> None:
        """After the last frame: nothing is left in the wire half, and nothing waits."""
        self.close()
        self.work()

    def close(self) -> None:
        """After the last frame: nothing is left in the wire half."""
        self._add(self._wire.finish())
        self._note(self._wire.notes())
        self._wire = self._new_wire(self._wire.overlaps.standing())

    def give_up(self, packets: Mapping[str, int]) -> int:
        """Let go of all that the site half has not seen, how many items; with `packets` of each interface that nobody heard, it is noted.

        These count as dropped, too: the kernel handed them over, and they are as lost as those it could not.
        """
        items = len(self._unseen)
        self._unseen.clear()
        self._note(dict(zip(GIVEN_UP, (sum(packets.values()), items), strict=True)))
        self._note({f"{interface}{DROPPED}": left for interface, left in packets.items()})
        return items

    def still_open(self) -> list[Item]:
        """What waits for the end of its slot, or for an answer that is late by now; the site half has seen all that came before.

        Only in a copy that is gone afterwards: the sensor itself tells it whole, when it is time.
        """
        self.work()
        return list(self._wire.so_far(self._last_ns - LATE_NS))

    def learn(self, items: Iterable[Item]) -> None:
        """Let the site half see these, in such a copy."""
        for item in items:
            self.half.see(item)

    def _add(self, items: Iterator[Item]) -> None:
        told = list(items)
        self.journal.add(told, self._unseen.extend(told))

    @property
    def waiting(self) -> int:
        """Items that the site half has not seen yet."""
        return len(self._unseen)

    @property
    def crowded(self) -> bool:
        """Whether so much waits that no frames are to be heard before some of it was seen (unseen.ROOM)."""
        return self._unseen.crowded

    def work(self, most: int = sys.maxsize) -> None:
        """Let the site half see what was heard, in order, at most so many items.

        The end of a slot tells tens of thousands of them at once; a ring would overflow before all are seen, so the sensor works
        them off between its batches.
        """
        see, unseen = self.half.see, self._unseen
        for _ in range(min(most, len(unseen))):
            see(unseen.popleft())

    def _pieces(self, frames: Frames) -> Iterator[Frames]:
        """The batch of one interface, cut where the clock was set back."""
        (interface,) = frames.captures
        before = np.maximum.accumulate(np.concatenate(([self._clocks.get(interface, 0)], frames.time_ns)))[:-1]
        back = np.flatnonzero(before - frames.time_ns > SLOT_NS)
        self._clocks[interface] = int(frames.time_ns[int(back[0]) if len(back) else 0 :].max())
        if not len(back):
            yield frames
            return
        cut = int(back[0])
        if cut:
            yield frames.part(slice(0, cut))
        if self._last_ns - int(frames.time_ns[cut]) > SLOT_NS:
            self._step()
        rest = frames.part(slice(cut, None))
        self._clocks[interface] = int(rest.time_ns[0])
        yield from self._pieces(rest)

    def _step(self) -> None:
        self.finish()
        self.half.clock_stepped()
        self._last_ns = 0
        self.journal.want_whole()
        self.steps += 1
        self._note({"clock set back": 1})

    def _note(self, notes: Mapping[str, int]) -> None:
        for name, times in notes.items():
            self._counts[name] = self._counts.get(name, 0) + times

    def _count(self, frames: Frames) -> None:
        (interface,) = frames.captures
        self._captures[interface] = counted(self._captures.get(interface), frames)

    # -- whether it is heard well -------------------------------------------------------------------------------------------------------

    def last(self, interface: str) -> tuple[int, int]:
        """Time of the newest frame of an interface, and how many came; zeros before the first."""
        row = self._captures.get(interface)
        return (row.last_ns, row.frames) if row is not None else (0, 0)

    def survey(self, now_ns: int) -> Survey:
        """What was counted until now."""
        return surveyed(self.half.inventory, now_ns)

    def tell(self, lost: SightLost) -> None:
        """Let the site half judge that something is not heard well; with what stands behind it."""
        there = {lost.where} if lost.where in self._captures else self._captures.keys()
        self.half.tell(lost._replace(covers=self.half.covers(there)))
        self.journal.want_whole()

    def blind(self, for_ns: int) -> None:
        """For so long not everything could be heard: nothing is missed for that."""
        self.half.blind(self.last_ns, for_ns)
        self.journal.want_whole()

    # -- what comes out -----------------------------------------------------------------------------------------------------------------

    @property
    def last_ns(self) -> int:
        """Time of the newest frame."""
        return max((row.last_ns for row in self._captures.values()), default=0)

    @property
    def frames(self) -> int:
        return sum(row.frames for row in self._captures.values())

    def state(self) -> list[StateRow]:
        """What another sensor needs to carry on; to be asked before `results`, and nothing is to be heard afterwards."""
        self.work()
        self.half.fold()
        return [*memory.kept(self.half), *standing.rows(self._wire.overlaps.standing())]

    def sums(self, notes: Mapping[str, int]) -> Sums:
        """What is counted of everything; costs no more on a large site."""
        return Sums(tuple(self._captures.values()), self.half.inventory.protocols.rows(TITLES), self._noted(notes))

    def results(self, notes: Mapping[str, int]) -> Results:
        """Everything, as if it ended now: the site half is not to be used afterwards. `notes` are added to what is counted here; a
        counter of the kernel that is 0 says something, too."""
        self.half.finish()
        found = self.half.results(tuple(self._captures.values()), {})
        return found._replace(notes=self._noted(notes))

    def _noted(self, notes: Mapping[str, int]) -> dict[str, int]:
        counted = dict(self._counts)
        beside = (self._wire.notes(), self._defects.notes(), self._condition.notes(), notes)
        for name, times in (pair for found in beside for pair in found.items()):
            counted[name] = counted.get(name, 0) + times
        fills = {f"{NOW}{name}": held for name, held in {**self.half.fills(), "conversations": len(self._wire.conversations)}.items()}
        limits = {f"{NOW}{name} limit": limit for name, limit in LIMITS.items()}
        moments = {f"{NOW}last packet": self.last_ns // 1_000_000_000, f"{NOW}batches": self.batches}
        told = {**counted, **fills, **limits, **moments, **self.half.notes()}
        return {**dict.fromkeys(notes, 0), **{name: times for name, times in told.items() if times}}

    # -- what is let go -----------------------------------------------------------------------------------------------------------------

    def forget_old(self) -> int:
        """Let go of what was last seen longer ago than the site wants; how much."""
        days = self._site.retention_days if self._site is not None else Site._field_defaults["retention_days"]
        return self._forget(self.last_ns - days * DAY_NS)

    def forget_share(self, share: int = 16) -> int:
        """Let go of the oldest part of links and findings; how much. At least one thing stays."""
        times = sorted(self.half.times())
        if len(times) < 2:
            return 0
        return self._forget(times[max(len(times) // share, 1)])

    def _forget(self, before_ns: int) -> int:
        self.journal.want_whole()
        return self.half.forget(before_ns)

