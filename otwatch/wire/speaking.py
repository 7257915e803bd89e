"""Messages one by one: what is told at once, what waits for its answer, and what ends a wait.

A wait ends with the answer; or after `PATIENCE` slots, or when its connection is opened anew: then nobody answered, if the other
side had been heard until then and nothing was lost; else the outcome is not known. Everything else that is said is counted.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from otwatch.decode.conversations import Conversations
from otwatch.decode.statements import Statement
from otwatch.dissectors.base import Dissector, events
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Answer, Credential, Details, Event, Message, Opened, Piece, Request
from otwatch.packets import I64
from otwatch.sightings import Frame, Item, Outcome, Sighting
from otwatch.wire.counts import Captures, Counts
from otwatch.wire.operations import GIVES_UP, PATIENCE, Asked, Waiting
from otwatch.wire.pieces import Pieces
from otwatch.wire.stores import Stores

Told = tuple[int, int, int, Item]
"""Slot, kind (0 ended waits, 1 told at once, 2 counted), order, item."""
ENDED, AT_ONCE, COUNTED = 0, 1, 2


class Spot(NamedTuple):
    """Where a message stands."""

    direction: int
    slot: int
    time_ns: int
    place: int


class Clock(NamedTuple):
    """The slots of a batch, and how many packets came before it: tells what had been heard when a slot began."""

    slot: I64
    before: int

    def start(self, slot: int) -> int:
        """How many packets came before the first of `slot`."""
        return self.before + int(np.searchsorted(self.slot, slot))


class Speaking:
    """Everything that is not only counted; `told` holds what is to be told next."""

    def __init__(self, stores: Stores, conversations: Conversations, counts: Counts, captures: Captures) -> None:
        self._stores = stores
        self._conversations = conversations
        self._counts = counts
        self._captures = captures
        self._waiting = Waiting()
        self._pieces = Pieces()
        self._gaps: dict[int, int] = {}
        self._counted: list[tuple[int, int, int, int, int]] = []
        self._order = 0
        self._slot = -1
        self.told: list[Told] = []

    @property
    def awaited(self) -> set[int]:
        """Numbers of the conversations in which somebody waits for an answer."""
        return self._waiting.conversations

    def waits(self, number: int) -> bool:
        """Whether somebody waits for an answer in a conversation now."""
        return self._waiting.waits(number)

    def speak(self, statement: Statement, payload: bytes, spot: Spot) -> None:
        """One payload, message by message; as a whole where nothing of it waits or is waited for."""
        if not (statement.urgent or (statement.answers and self.waits(spot.direction >> 1))):
            if statement.meaning >= 0:
                self._counted.append((spot.slot, spot.direction, statement.meaning, spot.time_ns, spot.place))
            return
        counted: list[Event] = []
        for message in statement.reading.messages:
            counted.extend(self._message(message, payload, spot))
        self._count(tuple(counted), spot)

    def repeat(self, statement: Statement, spot: Spot) -> None:
        """A question that was asked in this slot before."""
        self._counted.append((spot.slot, spot.direction, statement.again, spot.time_ns, spot.place))

    def expire(self, slot: int, clock: Clock) -> None:
        """`slot` has begun: end the waits that lasted too long."""
        if slot == self._slot:
            return
        self._slot = slot
        for asked in self._waiting.expired(slot - PATIENCE + 1):
            ended = asked.slot + PATIENCE
            self._end(asked, ended, ENDED, clock.start(ended))

    def reopen(self, number: int, slot: int, packet: int) -> None:
        """A connection is opened anew with this packet: what the one before still waited for does not come any more."""
        for asked in self._waiting.drop(number):
            self._end(asked, slot, AT_ONCE, packet)

    def lose(self, number: int, slot: int) -> None:
        """Bytes of a conversation were never captured, an answer may have been among them; without tickets, order tells nothing now."""
        self._gaps[number] = slot
        if self._stores.dissector(number).ordered:
            for asked in self._waiting.drop(number):
                self._outcome(asked, slot, AT_ONCE, Outcome.UNKNOWN)

    def finish(self, slot: int, packets: int) -> None:
        """After the last packet, in `slot`: what was asked in that slot had no time to be answered."""
        for asked in self._waiting.expired(slot + 1):
            if asked.slot < slot:
                self._end(asked, slot, ENDED, packets)
            else:
                self._outcome(asked, slot, ENDED, Outcome.UNKNOWN)

    def give_up(self, before_ns: int, slot: int, packets: int) -> None:
        """End the waits of what was asked before `before_ns`."""
        for asked in self._waiting.asked_before(before_ns):
            self._end(asked, slot, ENDED, packets)

    def count(self) -> None:
        """Hand over what is only counted."""
        if self._counted:
            self._counts.said(*np.array(self._counted, dtype=np.int64).T)
            self._counted = []

    def forget(self, anew: dict[int, int], slot: int) -> None:
        """Tell the requests of conversations that are about to be forgotten; the others follow to their new numbers."""
        for asked in self._waiting.renumber(anew):
            self._outcome(asked, slot, AT_ONCE, Outcome.UNKNOWN)
        self._pieces.renumber(anew)
        self._gaps = {anew[number]: at for number, at in self._gaps.items() if number in anew}

    def _message(self, message: Message, payload: bytes, spot: Spot) -> list[Event]:
        """Join a message's answers and let its requests wait; gives what is only counted."""
        store = self._stores.of(spot.direction)
        ticket = payload[slice(*message.ticket)]
        waits = store.waiting(message.events)
        counted: list[Event] = []
        for event in message.events:
            if isinstance(event, Piece):
                counted.extend(self._piece(event, spot))
            elif isinstance(event, Answer) and (ended := self._waiting.answer(_asking(event, spot), ticket, event)):
                for asked in ended:
                    self._answer(asked, event, payload[message.start : message.end], spot)
            elif event not in waits:
                counted.append(event)
        logins = tuple(event for event in waits if isinstance(event, Credential))
        if logins and (proven := self._dissector(spot).proven) is not None:
            logins = tuple(_proven(login, proven, payload[message.start : message.end]) for login in logins)
        self._ask(waits, logins, ticket, spot)
        return counted

    def _ask(self, waits: list[Event], logins: tuple[Credential, ...], ticket: bytes, spot: Spot) -> None:
        """Let the requests of a message wait for their answers, the first together with the logins it carries."""
        asks = [event for event in waits if isinstance(event, Request)]
        if not asks and logins:
            self._wait(Asked(spot.direction, ticket, None, logins, spot.slot, spot.time_ns, spot.place))
        for at, request in enumerate(asks):
            together: tuple[Event, ...] = (request, *logins) if at == 0 else (request,)
            self._wait(Asked(spot.direction, ticket, request, together, spot.slot, spot.time_ns, spot.place))

    def _wait(self, asked: Asked) -> None:
        if asked.request is not None and asked.request.one_way:
            self._outcome(asked, asked.slot, AT_ONCE, Outcome.UNKNOWN)
            return
        for pushed_out in self._waiting.ask(asked):
            self._outcome(pushed_out, asked.slot, AT_ONCE, Outcome.UNKNOWN)

    def _answer(self, asked: Asked, answer: Answer, message: bytes, spot: Spot) -> None:
        outcome = Outcome.ERROR if answer.error else Outcome.OK
        if (answered := self._dissector(spot).answered) is not None:
            proven = tuple(_proven(one, answered, message) if isinstance(one, Credential) else one for one in asked.events)
            asked = asked._replace(events=proven)
        said = () if answer.error or not message else self._joined(asked.request, message, self._dissector(spot))
        told = tuple(detail for event in said if isinstance(event, Answer) for detail in event.details)
        self._outcome(asked, spot.slot, AT_ONCE, outcome, answer, self._captures.frame(spot.place), told)
        for opened in (event for event in said if isinstance(event, Opened)):
            self._tell(opened, spot)
        self._count(tuple(event for event in said if not isinstance(event, Answer | Opened)), spot)

    def _joined(self, request: Request | None, message: bytes, dissector: Dissector) -> tuple[Event, ...]:
        """What an answer says now that its request is known."""
        joined = dissector.joined
        if joined is None or request is None:
            return ()
        return events(lambda read, _: joined(request, read), message, None, dissector.name)

    def _tell(self, opened: Opened, spot: Spot) -> None:
        """At once: what travels through a connection comes behind its opening."""
        number = spot.direction >> 1
        by_client = bool(self._conversations.client[number] == spot.direction & 1)
        self._order += 1
        frame = self._captures.frame(spot.place)
        sighting = Sighting(self._conversations.named(number), by_client, opened, 1, spot.time_ns, spot.time_ns, frame)
        self.told.append((spot.slot, AT_ONCE, self._order, sighting))

    def _piece(self, piece: Piece, spot: Spot) -> list[Event]:
        dissector = self._dissector(spot)
        whole = self._pieces.add(spot.direction, piece, spot.slot)
        if whole is None or dissector.pieces is None:
            return []
        said = events(dissector.pieces, whole, None, dissector.name)
        message = Message(0, len(piece.ticket), (0, len(piece.ticket)), said)
        return self._message(message, piece.ticket, spot)

    def _end(self, asked: Asked, slot: int, kind: int, packet: int) -> None:
        """Nobody answered before `packet`: either nobody was there to answer, or the answer was not captured."""
        number = asked.direction >> 1
        heard = bool(self._conversations.heard[number, ~asked.direction & 1] < packet)
        complete = self._gaps.get(number, -1) < asked.slot
        self._outcome(asked, slot, kind, Outcome.UNANSWERED if heard and complete else Outcome.UNKNOWN)

    def _outcome(
        self, asked: Asked, slot: int, kind: int, outcome: Outcome, answer: Answer | None = None, at: Frame | None = None,
        told: Details = (),
    ) -> None:  # fmt: skip
        number = asked.direction >> 1
        by_client = bool(self._conversations.client[number] == asked.direction & 1)
        conversation, frame = self._conversations.named(number), self._captures.frame(asked.place)
        error, code = (answer.error, answer.error_code) if answer else ("", "")
        for event in asked.events:
            self._order += 1
            sighting = Sighting(conversation, by_client, event, 1, asked.time_ns, asked.time_ns, frame, outcome, error, code, at, told)
            self.told.append((slot, kind, self._order, sighting))

    def _count(self, said: tuple[Event, ...], spot: Spot) -> None:
        if said:
            self._counted.append((spot.slot, spot.direction, self._counts.meanings.number(said), spot.time_ns, spot.place))

    def _dissector(self, spot: Spot) -> Dissector:
        return self._stores.dissector(spot.direction >> 1)


def _asking(answer: Answer, spot: Spot) -> int:
    """The direction of the request that an answer is about: the other one, but for who gives up his own."""
    return spot.direction if GIVES_UP in answer.details else spot.direction ^ 1


def _proven(login: Credential, proven: Callable[[Credential, Reader], Credential], message: bytes) -> Credential:
    """A login with the proof that its message holds; as it was where the message is cut."""
    try:
        return proven(login, Reader(message))
    except Malformed:
        return login
