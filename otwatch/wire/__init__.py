"""The wire half: frames in, sightings and tallies out.

It knows no site, no zone and no clock but the packets' own. For every batch of frames:

    decode           layers 2 to 4, as columns                         decode/columns.py
    Overlaps         one address, two machines in two VLANs             wire/overlaps.py
    Conversations    who talks to whom, who began                      decode/conversations.py
    Recognition      what is spoken there                              wire/recognition.py
    Listening        which statement every payload is                  wire/listening.py, wire/stores.py, decode/statements.py
    Following        the few streams that are not simply in order      wire/following.py, decode/streams.py
    Echoes           packets that a mirror showed twice                 wire/echoes.py
    Tunnels          who wrapped packets up for whom                    wire/tunnels.py
    Speaking         requests joined with their answers                wire/speaking.py, wire/operations.py, wire/pieces.py
    Questions        asked again inside a slot: only counted            wire/questions.py
    Counts           all the rest, counted by slot                     wire/counts.py
    Connections      what travels through connections of CIP           wire/connections.py

What comes out, and in which order, does not depend on where batches end: everything is told by (slot, kind, frame).
"""

from collections.abc import Iterable, Iterator
from itertools import chain, groupby, repeat
from operator import itemgetter

import numpy as np

from otwatch.decode.columns import decode
from otwatch.decode.conversations import Conversations, Talk
from otwatch.decode.fragments import Fragments
from otwatch.decode.statements import Meanings
from otwatch.dissectors.base import Dissector
from otwatch.packets import BATCH, FLAWS, I64, TUNNELS, Bools, Frames, Packets, payload_of, rows_of
from otwatch.sightings import SLOT_NS, Item, Role, Sighting, Tally, singly
from otwatch.wire.batch import Said
from otwatch.wire.companions import Companions
from otwatch.wire.connections import Connections
from otwatch.wire.counts import Captures, Counts
from otwatch.wire.echoes import Echoes, apart, meaning, without_openings
from otwatch.wire.following import Following
from otwatch.wire.listening import Heard, Listening
from otwatch.wire.overlaps import Overlaps
from otwatch.wire.questions import Questions
from otwatch.wire.recognition import Marked, Recognition, openings, undecided
from otwatch.wire.speaking import COUNTED, Clock, Speaking, Spot
from otwatch.wire.stores import Stores
from otwatch.wire.tunnels import Tunnels

_Moment = tuple[int, int, Said | int | None]
"""Row, what happens there (in this order), and what is said, or its position among what was heard.

What is said only now, behind a gap, was seen before.
"""
_LOST, _BEFORE, _REOPENED, _SAID, _HEARD = 0, 1, 2, 3, 3
_IN_ORDER = itemgetter(0, 1)
LEAST = 512
"""Packets heard at once when every one of them says something new and long."""


class Wire:
    """Everything between frames and the waist."""

    def __init__(self, dissectors: tuple[Dissector, ...]) -> None:
        self._fragments = Fragments()
        self._flaws = np.zeros(len(FLAWS), dtype=np.int64)
        self._captures = Captures()
        self.conversations = Conversations(tuple(one.name for one in dissectors))
        self._counts = Counts(self.conversations, self._captures)
        self._stores = Stores(dissectors, self.conversations, self._counts.meanings)
        self._following = Following(self.conversations, self._stores)
        self._listening = Listening(self.conversations, self._stores, self._following)
        self._recognition = Recognition(dissectors, self.conversations, self._following.sequence)
        self._speaking = Speaking(self._stores, self.conversations, self._counts, self._captures)
        self._marked, self._questions, self._portion = Marked(dissectors), Questions(), BATCH
        self._connections, self._companions = Connections(), Companions()
        self._echoes, self.overlaps = Echoes(), Overlaps()
        self._tunnels = Tunnels(self._captures)
        self._slot = self._packets = self._last_ns = self._last_place = 0

    def take(self, batch: Frames | Packets, at_once: bool = False) -> Iterator[Item]:
        """One batch, decoded or not; what is known for sure after it. `at_once`: slots do not wait for their end."""
        packets = self.overlaps.told_apart(decode(batch, self._fragments) if isinstance(batch, Frames) else batch)
        while len(packets.start):
            part = rows_of(packets, slice(0, self._portion))
            talk, fitting = self.conversations.follow(part)
            if fitting:
                self._hear(rows_of(part, slice(0, fitting)), talk)
                yield from self._tell(self._slot)
            if fitting < len(part.start):
                yield from self._forget_conversations()
            yield from self._make_room()
            packets = rows_of(packets, slice(fitting, None))
        if at_once or self._counts.crowded() or self._tunnels.crowded():
            yield from self._tell(self._slot + 1)

    def wait(self, now_ns: int) -> Iterator[Item]:
        """Nothing came before `now_ns`, and nothing will: what waited for the end of its slot is told as the next frame would have it."""
        if self._packets and now_ns // SLOT_NS > self._slot:
            self._slot = now_ns // SLOT_NS
            self._speaking.expire(self._slot, Clock(np.array([self._slot]), self._packets))
            yield from self._tell(self._slot)

    def finish(self) -> Iterator[Item]:
        """After the last frame: what still waited."""
        for number in self._following.waiting():
            self._speaking.lose(number, self._slot)
        for said in self._following.finish():
            self._speaking.speak(said.statement, said.payload, Spot(said.direction, self._slot, *said.at))
        self._lose(np.array([self._slot]))
        self._speaking.finish(self._slot, self._packets)
        yield from self._tell(self._slot + 1)
        yield from self._counts.left(self._last_ns, self._last_place)

    def so_far(self, asked_before_ns: int) -> Iterator[Item]:
        """What the open slot holds, and what was asked before then and has no answer: for a copy that hears nothing afterwards."""
        self._speaking.give_up(asked_before_ns, self._slot, self._packets)
        yield from self._tell(self._slot + 1)

    def notes(self, incomplete: int = 0) -> dict[str, int]:
        """Counters about the monitor itself: frames not decoded, by reason, and what was forgotten, `incomplete` datagrams elsewhere."""
        flaws = {f"frames: {reason}": int(times) for reason, times in zip(FLAWS, self._flaws, strict=True) if reason and times}
        forgotten = {
            "conversations forgotten": self.conversations.evicted,
            "statements forgotten": sum(store.evicted for store in self._stores.all),
            "CIP connections forgotten": self._connections.evicted,
            "data connections forgotten": self._companions.evicted,
            "fragmented datagrams never completed": self._fragments.incomplete + incomplete,
            "packets captured twice": self._echoes.seen, "packets not told apart by VLAN": self.overlaps.crowded,
        }  # fmt: skip
        tunnels = {f"tunnel: {kind}": int(times) for kind, times in zip(TUNNELS, self._tunnels.passed, strict=True) if times}
        return flaws | tunnels | {reason: times for reason, times in forgotten.items() if times}

    def _hear(self, packets: Packets, talk: Talk) -> None:
        open_slot = self._slot
        slot = np.maximum(np.maximum.accumulate(packets.time_ns // SLOT_NS), open_slot)
        place = self._captures.places(packets)
        self._slot, self._last_ns, self._last_place = int(slot[-1]), int(packets.time_ns[-1]), int(place[-1])
        self._flaws += np.bincount(packets.flaw, minlength=len(FLAWS))
        self.conversations.hear(talk, self._packets)
        self._counts.amounts(packets, talk, slot, place)
        echoes = self._echoes.hear(packets)
        packets = packets if echoes is None else without_openings(packets, echoes)
        if packets.outer is not None:
            self._tunnels.take(packets.outer, packets, slot, place)
        self._following.sequence.room(2 * len(self.conversations))
        found = self._recognition.hear(packets, talk, place, undecided(self.conversations, packets, talk, self._marked))
        for row, number, client in self._recognition.opened:
            self._turn(int(slot[row]), open_slot, number)
            self.conversations.decide(number, client, Role.SYN)
        self._recognition.opened.clear()
        for one in found:
            self._turn(int(slot[one.row]), open_slot, one.number)
        heard = self._listening.hear(packets, talk, place, found)
        if echoes is not None:
            heard = self._pass_echoes(heard, echoes, packets, talk, slot, place)
        self._join(packets, talk, heard, slot, place)
        self._packets += len(slot)

    def _pass_echoes(self, heard: Heard, echoes: Bools, packets: Packets, talk: Talk, slot: I64, place: I64) -> Heard:
        """Count what was only captured a second time; the rest."""
        self._counts.twice(slot[echoes], talk.number[echoes])
        heard, again = apart(heard, echoes, packets)
        known = zip(again.rows.tolist(), again.store.tolist(), again.number.tolist(), strict=True)
        said = [(row, self._stores.all[store].known[number]) for row, store, number in known]
        said += [(one.row, one.statement) for one in again.single]
        rows = np.array([row for row, _ in said], dtype=np.int64)
        protocols = (self._stores.dissector(number).name for number in talk.number[rows].tolist())
        meanings = [meaning(one, self._counts.meanings, protocol) for (_, one), protocol in zip(said, protocols, strict=True)]
        self._counts.said(slot[rows], talk.direction[rows], np.array(meanings, dtype=np.int64), packets.time_ns[rows], place[rows])
        return heard

    def _turn(self, slot: int, open_slot: int, number: int) -> None:
        """A conversation gets another name: what was counted in slots before this one keeps the name it had."""
        if slot > open_slot:
            self._counts.turned(slot, number)

    def _join(self, packets: Packets, talk: Talk, heard: Heard, slot: I64, place: I64) -> None:
        """Tell what is urgent and what was waited for, in the order of frames; count everything else."""
        direction = talk.direction[heard.rows]
        meaning, urgent, answers, again = self._traits(heard)
        repeated, single = self._repeated(packets, heard, direction, again, slot, place)
        meaning[repeated], urgent[repeated] = again[repeated], False
        awaited = self._speaking.awaited | set((direction[urgent] >> 1).tolist())
        awaited |= {int(talk.number[row]) for row, _, statement, *_ in single if statement.urgent}
        counted = ~(urgent | (answers & np.isin(direction >> 1, np.fromiter(awaited, dtype=np.int64))))
        moments: list[_Moment] = [(one.row, _BEFORE if any(one.at) else _SAID, one) for one in single]
        moments += zip(heard.rows[~counted].tolist(), repeat(_HEARD), np.flatnonzero(~counted).tolist())
        moments += [(row, _REOPENED, None) for row in openings(packets, talk, awaited)]
        moments += [(row, _LOST, None) for row in self._lose(slot)]
        counted[self._tell_moments(moments, packets, talk, heard, slot, place)] = True
        rows = heard.rows[counted]
        self._counts.said(slot[rows], direction[counted], meaning[counted], packets.time_ns[rows], place[rows])

    def _tell_moments(self, moments: list[_Moment], packets: Packets, talk: Talk, heard: Heard, slot: I64, place: I64) -> list[int]:
        """Go through a batch in order; gives the positions in `heard` of answers that nobody waited for after all."""
        clock = Clock(slot, self._packets)
        idle: list[int] = []
        for row, kind, what in sorted(moments, key=_IN_ORDER):
            self._speaking.expire(int(slot[row]), clock)
            if isinstance(what, Said):
                self._speaking.speak(what.statement, what.payload, _spot(what, packets, slot, place))
            elif what is not None:
                statement = self._stores.all[heard.store[what]].known[heard.number[what]]
                if not statement.urgent and not self._speaking.waits(int(talk.number[row])):
                    idle.append(what)
                    continue
                said = Said(row, int(talk.direction[row]), statement, payload_of(packets, row))
                self._speaking.speak(statement, said.payload, _spot(said, packets, slot, place))
            elif kind == _LOST:
                self._speaking.lose(int(talk.number[row]), int(slot[row]))
            else:
                self._speaking.reopen(int(talk.number[row]), int(slot[row]), self._packets + row)
        self._speaking.expire(self._slot, clock)
        return idle

    def _traits(self, heard: Heard) -> tuple[I64, Bools, Bools, I64]:
        meaning, again = np.full((2, len(heard.rows)), -1, dtype=np.int64)
        urgent, answers = np.zeros((2, len(heard.rows)), dtype=np.bool_)
        for store in np.unique(heard.store).tolist():
            here, statements = heard.store == store, self._stores.all[store]
            number = heard.number[here]
            meaning[here], again[here] = statements.meaning[number], statements.again[number]
            urgent[here], answers[here] = statements.urgent[number], statements.answers[number]
        return meaning, urgent, answers, again

    def _repeated(self, packets: Packets, heard: Heard, direction: I64, again: I64, slot: I64, place: I64) -> tuple[Bools, list[Said]]:
        """Which statements ask what was asked in their slot before; and those read for this time only that do not."""
        singles = np.array([(one.row, one.direction, one.statement.again) for one in heard.single], dtype=np.int64).reshape(-1, 3).T
        rows, sides = np.concatenate([heard.rows, singles[0]]), np.concatenate([direction, singles[1]])
        repeated = self._questions.again(rows, slot[rows], sides, np.concatenate([again, singles[2]]))
        new: list[Said] = []
        for one, asked in zip(heard.single, repeated[len(again) :].tolist(), strict=True):
            if asked:
                self._speaking.repeat(one.statement, _spot(one, packets, slot, place))
            else:
                new.append(one)
        return repeated[: len(again)], new

    def _lose(self, slot: I64) -> list[int]:
        """Count what is missing or not understood; gives the rows that come after missing bytes."""
        losses, self._following.losses = self._following.losses, []
        for row, number, missing in losses:
            self._counts.lose(int(slot[row]), number, missing)
        return [row for row, _, missing in losses if missing.lost]

    def _tell(self, before: int) -> Iterator[Item]:
        """What is known for sure: all that was counted before slot `before`, and all that is told at once."""
        self._speaking.count()
        told, self._speaking.told = self._speaking.told, []
        counted: Iterator[tuple[int, Item]] = chain(self._tunnels.close(before), self._counts.close(before))
        told += [(slot, COUNTED, order, item) for order, (slot, item) in enumerate(counted)]
        told.sort(key=itemgetter(0, 1, 2))
        for _, slot in groupby(told, itemgetter(0)):
            for item in self._companions.see(one for _, _, _, one in slot):
                yield from self._connections.see(self.overlaps.see(item))

    def _forget_conversations(self) -> Iterator[Item]:
        """The table is full: tell what was counted so far, and forget the conversations that were silent longest."""
        chosen = self.conversations.stale()
        anew = {number: at for at, number in enumerate(chosen.tolist())}
        self._following.forget(anew)
        self._lose(np.array([self._slot]))
        self._speaking.forget(anew, self._slot)
        yield from self._tell(self._slot + 1)
        yield from self._counts.left(self._last_ns, self._last_place)
        self.conversations.keep(chosen)
        self._following.keep(anew)
        self._recognition.keep(anew)
        self._questions.forget()

    def _make_room(self) -> Iterator[Item]:
        """Where there is too much to remember, less is heard at once: what one batch says must not fill the memory either."""
        if not self._stores.full():
            self._portion = min(2 * self._portion, BATCH)
            return
        self._portion = max(self._portion // 4, LEAST)
        yield from self._tell(self._slot + 1)
        self._counts.meanings = Meanings()
        self._stores.forget(self._counts.meanings)
        self._questions.forget()


def _spot(one: Said, packets: Packets, slot: I64, place: I64) -> Spot:
    """Where something was said: in its packet, or where bytes stand that were held behind a gap."""
    time_ns, at = one.at if any(one.at) else (int(packets.time_ns[one.row]), int(place[one.row]))
    return Spot(one.direction, int(slot[one.row]), time_ns, at)


def items(wire: Wire, batches: Iterable[Frames | Packets]) -> Iterator[Item]:
    """Everything that passes the waist, for all batches."""
    for frames in batches:
        yield from wire.take(frames)
    yield from wire.finish()


def sightings(wire: Wire, batches: Iterable[Frames]) -> Iterator[Sighting | Tally]:
    """Everything that passes the waist, sighting by sighting."""
    return singly(items(wire, batches))


__all__ = ["Wire", "items", "sightings"]
