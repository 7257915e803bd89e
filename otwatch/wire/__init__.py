"""The wire half: frames in, sightings and tallies out.

It knows no site, no zone and no clock but the packets' own. For every batch of frames:

    decode           layers 2 to 4, as columns                         decode/columns.py
    Conversations    who talks to whom, who began                      decode/conversations.py
    Recognition      what is spoken there                              wire/recognition.py
    Listening        which statement every payload is                  wire/listening.py, decode/statements.py, decode/streams.py
    Waiting          requests joined with their answers                wire/operations.py
    Counts           all the rest, counted by slot                     wire/counts.py

What comes out, and in which order, does not depend on where batches end: everything is told by (slot, kind, frame).
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from otwatch.decode.columns import decode
from otwatch.decode.conversations import Conversations, Talk
from otwatch.decode.fragments import Fragments
from otwatch.decode.statements import Meanings, Statement
from otwatch.dissectors.base import Dissector, events
from otwatch.events import Answer, Credential, Event, Message, Piece, Request
from otwatch.packets import FLAWS, I64, Bools, Frames, Packets
from otwatch.sightings import SLOT_NS, Frame, Outcome, Sighting, Tally
from otwatch.wire.counts import Captures, Counts
from otwatch.wire.listening import Heard, Listening
from otwatch.wire.operations import PATIENCE, Asked, Waiting
from otwatch.wire.pieces import Pieces
from otwatch.wire.recognition import Marked, Recognition, undecided

_Told = tuple[int, int, int, Sighting | Tally]
"""Slot, kind (0 ended waits, 1 told at once, 2 counted), order, item."""


class _Spot(NamedTuple):
    """Where a message stands."""

    direction: int
    slot: int
    time_ns: int
    place: int


class Wire:
    """Everything between frames and the waist."""

    def __init__(self, dissectors: tuple[Dissector, ...]) -> None:
        self._fragments = Fragments()
        self._flaws = np.zeros(len(FLAWS), dtype=np.int64)
        self._captures = Captures()
        self.conversations = Conversations(tuple(one.name for one in dissectors))
        self._counts = Counts(self.conversations, self._captures)
        self.listening = Listening(dissectors, self.conversations, self._counts.meanings)
        self._recognition = Recognition(dissectors, self.conversations, self.listening.sequence)
        self._marked = Marked(dissectors)
        self._waiting = Waiting()
        self._pieces = Pieces()
        self._single: list[tuple[int, int, int, int, int]] = []
        self._slot = self._order = self._last_ns = self._last_place = 0

    def take(self, frames: Frames) -> Iterator[Sighting | Tally]:
        """One batch of frames; what is known for sure after it."""
        packets = decode(frames, self._fragments)
        while len(packets.start):
            talk, fitting = self.conversations.follow(packets)
            told = self._hear(_rows(packets, slice(0, fitting)), talk)
            yield from self._tell(told, self._slot)
            if fitting < len(packets.start):
                yield from self._forget_conversations()
            packets = _rows(packets, slice(fitting, None))
        if self.listening.full():
            yield from self._forget_statements()

    def finish(self) -> Iterator[Sighting | Tally]:
        """After the last frame: what still waited."""
        told: list[_Told] = []
        for direction, statement, payload in self.listening.finish():
            self._speak(statement, payload, _Spot(direction, self._slot, self._last_ns, self._last_place), told)
        self._lose(np.array([self._slot]))
        for asked in self._waiting.expired(self._slot + PATIENCE + 1):
            told.extend(self._end(asked, self._slot, final=True))
        yield from self._tell(told, self._slot + 1)
        yield from self._counts.left()

    def notes(self) -> dict[str, int]:
        """Counters about the monitor itself: frames that could not be decoded, by reason, and what bounded tables had to forget."""
        flaws = {f"frames: {reason}": int(times) for reason, times in zip(FLAWS, self._flaws, strict=True) if reason and times}
        forgotten = {
            "conversations forgotten": self.conversations.evicted,
            "statements forgotten": sum(store.evicted for store in self.listening.stores),
            "fragmented datagrams never completed": self._fragments.evicted + self._fragments.expired,
        }
        return flaws | {reason: times for reason, times in forgotten.items() if times}

    def _hear(self, packets: Packets, talk: Talk) -> list[_Told]:
        open_slot = self._slot
        slot = np.maximum(np.maximum.accumulate(packets.time_ns // SLOT_NS), open_slot)
        place = self._captures.places(packets)
        self._slot, self._last_ns, self._last_place = int(slot[-1]), int(packets.time_ns[-1]), int(place[-1])
        self._flaws += np.bincount(packets.flaw, minlength=len(FLAWS))
        self._counts.amounts(packets, talk, slot, place)
        self.listening.sequence.room(2 * len(self.conversations))
        found = self._recognition.hear(packets, talk, undecided(self.conversations, packets, talk, self._marked))
        for one in found:
            if slot[one.row] > open_slot:
                self._counts.turned(int(slot[one.row]), one.number)
        heard = self.listening.hear(packets, talk, found)
        self._lose(slot)
        return self._join(packets, talk, heard, slot, place)

    def _join(self, packets: Packets, talk: Talk, heard: Heard, slot: I64, place: I64) -> list[_Told]:
        """Tell what is urgent and what was waited for, in the order of frames; count everything else."""
        direction = talk.direction[heard.rows]
        meaning, urgent, answers = self._traits(heard)
        awaited = self._waiting.conversations | set((direction[urgent] >> 1).tolist())
        awaited |= {int(talk.number[row]) for row, statement, _ in heard.single if statement.urgent}
        joined = urgent | (answers & np.isin(direction >> 1, np.fromiter(awaited, dtype=np.int64)))
        rows = heard.rows[~joined]
        self._counts.said(slot[rows], direction[~joined], meaning[~joined], packets.time_ns[rows], place[rows])
        told: list[_Told] = []
        for row, statement, payload in sorted((*self._recalled(packets, heard, joined), *heard.single), key=lambda one: one[0]):
            spot = _Spot(int(talk.direction[row]), int(slot[row]), int(packets.time_ns[row]), int(place[row]))
            self._end_waits(spot.slot, told)
            self._speak(statement, payload, spot, told)
        self._end_waits(self._slot, told)
        return told

    def _traits(self, heard: Heard) -> tuple[I64, Bools, Bools]:
        meaning = np.full(len(heard.rows), -1, dtype=np.int64)
        urgent, answers = np.zeros(len(heard.rows), dtype=np.bool_), np.zeros(len(heard.rows), dtype=np.bool_)
        for store in np.unique(heard.store).tolist():
            here, statements = heard.store == store, self.listening.stores[store]
            number = heard.number[here]
            meaning[here], urgent[here], answers[here] = statements.meaning[number], statements.urgent[number], statements.answers[number]
        return meaning, urgent, answers

    def _recalled(self, packets: Packets, heard: Heard, chosen: Bools) -> Iterator[tuple[int, Statement, bytes]]:
        rows, stores, numbers = heard.rows[chosen].tolist(), heard.store[chosen].tolist(), heard.number[chosen].tolist()
        for row, store, number in zip(rows, stores, numbers, strict=True):
            start = int(packets.start[row])
            yield row, self.listening.stores[store].known[number], packets.data[start : start + int(packets.length[row])].tobytes()

    def _speak(self, statement: Statement, payload: bytes, spot: _Spot, told: list[_Told]) -> None:
        """One payload, message by message."""
        counted: list[Event] = []
        for message in statement.reading.messages:
            counted.extend(self._message(message, payload, spot, told))
        self._count(tuple(counted), spot)

    def _message(self, message: Message, payload: bytes, spot: _Spot, told: list[_Told]) -> list[Event]:
        """Join a message's answers and let its requests wait; gives what is only counted."""
        dissector = self.listening.dissector(spot.direction >> 1)
        store = self.listening.stores[self.listening.store_of(spot.direction)]
        ticket = payload[slice(*message.ticket)]
        waits: list[Event] = []
        counted: list[Event] = []
        for event in message.events:
            if isinstance(event, Piece):
                counted.extend(self._piece(dissector, event, spot, told))
            elif isinstance(event, Answer) and (asked := self._waiting.answer(spot.direction ^ 1, ticket, event, dissector.ordered)):
                self._answer(asked, event, payload[message.start : message.end], spot, told)
            else:
                (waits if store.waits(event) else counted).append(event)
        self._ask(waits, message.events, ticket, spot, told)
        return counted

    def _ask(self, waits: list[Event], said: tuple[Event, ...], ticket: bytes, spot: _Spot, told: list[_Told]) -> None:
        """Let the requests of a message wait for their answers, the first together with the logins it carries."""
        logins = tuple(event for event in waits if isinstance(event, Credential))
        asks = [event for event in waits if isinstance(event, Request)]
        if not asks and logins:
            request = next((event for event in said if isinstance(event, Request)), None)
            self._wait(Asked(spot.direction, ticket, request, logins, spot.slot, spot.time_ns, spot.place), told)
        for at, request in enumerate(asks):
            together: tuple[Event, ...] = (request, *logins) if at == 0 else (request,)
            asked = Asked(spot.direction, ticket, request, together, spot.slot, spot.time_ns, spot.place)
            if request.one_way:
                told.extend(self._outcome(asked, spot.slot, 1, Outcome.UNKNOWN))
            else:
                self._wait(asked, told)

    def _wait(self, asked: Asked, told: list[_Told]) -> None:
        pushed_out = self._waiting.ask(asked)
        if pushed_out is not None:
            told.extend(self._outcome(pushed_out, asked.slot, 1, Outcome.UNKNOWN))

    def _answer(self, asked: Asked, answer: Answer, message: bytes, spot: _Spot, told: list[_Told]) -> None:
        if not answer.final:
            return
        outcome = Outcome.ERROR if answer.error else Outcome.OK
        told.extend(self._outcome(asked, spot.slot, 1, outcome, answer, self._captures.frame(spot.place)))
        dissector = self.listening.dissector(spot.direction >> 1)
        joined = dissector.joined
        if joined is None or asked.request is None or answer.error:
            return
        request = asked.request
        self._count(events(lambda read, _: joined(request, read), message, None, dissector.name), spot)

    def _piece(self, dissector: Dissector, piece: Piece, spot: _Spot, told: list[_Told]) -> list[Event]:
        whole = self._pieces.add(spot.direction, piece, spot.slot)
        if whole is None or dissector.pieces is None:
            return []
        said = events(dissector.pieces, whole, None, dissector.name)
        message = Message(0, len(piece.ticket), (0, len(piece.ticket)), said)
        return self._message(message, piece.ticket, spot, told)

    def _end_waits(self, slot: int, told: list[_Told]) -> None:
        for asked in self._waiting.expired(slot - PATIENCE + 1):
            told.extend(self._end(asked, asked.slot + PATIENCE, final=False))

    def _end(self, asked: Asked, slot: int, final: bool) -> list[_Told]:
        """Nobody answered: either nobody was there to answer, or the answers were not captured."""
        heard_at_all = bool(self.conversations.heard[asked.direction >> 1, ~asked.direction & 1])
        recent = final and asked.slot >= self._slot
        return self._outcome(asked, slot, 0, Outcome.UNANSWERED if heard_at_all and not recent else Outcome.UNKNOWN)

    def _outcome(
        self, asked: Asked, slot: int, kind: int, outcome: Outcome, answer: Answer | None = None, at: Frame | None = None
    ) -> list[_Told]:
        number = asked.direction >> 1
        by_client = bool(self.conversations.client[number] == asked.direction & 1)
        conversation, frame = self.conversations.named(number), self._captures.frame(asked.place)
        error, code = (answer.error, answer.error_code) if answer else ("", "")
        told: list[_Told] = []
        for event in asked.events:
            self._order += 1
            sighting = Sighting(conversation, by_client, event, 1, asked.time_ns, asked.time_ns, frame, outcome, error, code, at)
            told.append((slot, kind, self._order, sighting))
        return told

    def _count(self, said: tuple[Event, ...], spot: _Spot) -> None:
        if said:
            self._single.append((spot.slot, spot.direction, self._counts.meanings.number(said), spot.time_ns, spot.place))

    def _count_singles(self) -> None:
        if self._single:
            self._counts.said(*np.array(self._single, dtype=np.int64).T)
            self._single = []

    def _lose(self, slot: I64) -> None:
        for row, number, losses in self.listening.losses:
            self._counts.lose(int(slot[row]), number, losses)
        self.listening.losses = []

    def _tell(self, told: list[_Told], before: int) -> Iterator[Sighting | Tally]:
        self._count_singles()
        for order, (slot, item) in enumerate(self._counts.close(before)):
            told.append((slot, 2, order, item))
        told.sort(key=lambda one: one[:3])
        yield from (item for _, _, _, item in told)

    def _forget_conversations(self) -> Iterator[Sighting | Tally]:
        """The table is full: tell what was counted so far, and forget the conversations that were silent longest."""
        chosen = self.conversations.stale()
        anew = {number: at for at, number in enumerate(chosen.tolist())}
        told: list[_Told] = []
        for asked in self._waiting.renumber(anew):
            told.extend(self._outcome(asked, self._slot, 1, Outcome.UNKNOWN))
        yield from self._tell(told, self._slot + 1)
        yield from self._counts.left()
        self.conversations.keep(chosen)
        self.listening.keep(anew)
        self._recognition.keep(anew)
        self._pieces.clear()

    def _forget_statements(self) -> Iterator[Sighting | Tally]:
        yield from self._tell([], self._slot + 1)
        self._counts.meanings = Meanings()
        self.listening.forget(self._counts.meanings)


def _rows(packets: Packets, part: slice) -> Packets:
    """Some of the packets of a batch."""
    whole = part.start == 0 and part.stop is not None and part.stop >= len(packets.start)
    if whole:
        return packets
    shared = {"data", "capture"}
    return packets._replace(**{name: getattr(packets, name)[part] for name in packets._fields if name not in shared})


def sightings(wire: Wire, batches: Iterable[Frames]) -> Iterator[Sighting | Tally]:
    """Everything that passes the waist, for all batches."""
    for frames in batches:
        yield from wire.take(frames)
    yield from wire.finish()


__all__ = ["Wire", "sightings"]
