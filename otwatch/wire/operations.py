"""Requests joined with their answers, by ticket or by order (DESIGN section 9).

A request that waits is told once: with its answer, or when `PATIENCE` slots of packet time have passed, or when the capture ends.
"""

from collections import OrderedDict
from itertools import takewhile
from typing import NamedTuple

from otwatch.dissectors.base import matches
from otwatch.events import UNNAMED, Answer, Details, Event, Request

PATIENCE = 2
"""Slots (10 s of packet time each) until a request counts as unanswered."""
BOUND = 65_536
"""Requests that may wait at once; the oldest is told with an unknown outcome to make room."""
SAME_TICKET = 256
"""Of them, those that one side asked with one ticket, or without tickets."""
GIVES_UP = ("by", "client")
"""A detail of answers that the asking side sends to end its own request (BACnet Abort, 135-2020 clause 20.1.9)."""


_PLACES = frozenset({"packet", "call"})
"""Details that an answer has in common with its request alone."""


class Asked(NamedTuple):
    """A request that waits for its answer, and what else its message says.

    direction  2 x conversation + side of who asks
    place      where the frame stands (capture << 40 | number)
    """

    direction: int
    ticket: bytes
    request: Request | None
    events: tuple[Event, ...]
    slot: int
    time_ns: int
    place: int


class Waiting:
    """All requests that wait, in the order they were asked, and by who asked with which ticket."""

    def __init__(self) -> None:
        self._queue: OrderedDict[int, Asked] = OrderedDict()
        self._asked: dict[int, dict[bytes, dict[int, Asked]]] = {}
        self._next = 0

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def conversations(self) -> set[int]:
        """Numbers of the conversations in which somebody waits."""
        return {direction >> 1 for direction in self._asked}

    def waits(self, conversation: int) -> bool:
        """Whether somebody waits in a conversation."""
        return 2 * conversation in self._asked or 2 * conversation + 1 in self._asked

    def ask(self, asked: Asked) -> list[Asked]:
        """Wait for an answer; gives the requests that wait no longer because there are too many."""
        self._next += 1
        self._queue[self._next] = asked
        same = self._asked.setdefault(asked.direction, {}).setdefault(asked.ticket, {})
        same[self._next] = asked
        out = [self._remove(next(iter(same)))] if len(same) > SAME_TICKET else []
        return out + [self._remove(next(iter(self._queue))) for _ in range(len(self) - BOUND)]

    def answer(self, direction: int, ticket: bytes, answer: Answer) -> list[Asked]:
        """The requests of `direction` that this answers, and that wait no longer; none where it only says "wait"."""
        same = self._asked.get(direction, {}).get(ticket)
        if not same or not answer.final:
            return []
        fitting = [number for number, asked in same.items() if _fits(asked.request, answer)]
        if not fitting:
            return []
        chosen = next((number for number in fitting if _target(same[number]) == answer.target), fitting[0])
        place = same[chosen].place
        refused = [number for number in fitting if same[number].place == place] if ticket and answer.code == UNNAMED else [chosen]
        if not ticket:
            refused += _logins_behind(chosen, same)
        return [self._remove(number) for number in refused]

    def expired(self, slot: int) -> list[Asked]:
        """Requests asked before `slot`, that wait no longer."""
        out: list[Asked] = []
        while self._queue and self._queue[number := next(iter(self._queue))].slot < slot:
            out.append(self._remove(number))
        return out

    def asked_before(self, time_ns: int) -> list[Asked]:
        """Requests asked before `time_ns`, that wait no longer."""
        out: list[Asked] = []
        while self._queue and self._queue[number := next(iter(self._queue))].time_ns < time_ns:
            out.append(self._remove(number))
        return out

    def drop(self, conversation: int) -> list[Asked]:
        """The requests of both sides of a conversation, that wait no longer."""
        sides = [self._asked.get(2 * conversation + side, {}) for side in (0, 1)]
        numbers = sorted(number for tickets in sides for same in tickets.values() for number in same)
        return [self._remove(number) for number in numbers]

    def renumber(self, anew: dict[int, int]) -> list[Asked]:
        """Follow conversations to their new numbers; gives the requests whose conversation is forgotten."""
        waiting = list(self._queue.values())
        self._queue, self._asked = OrderedDict(), {}
        lost: list[Asked] = []
        for asked in waiting:
            number = anew.get(asked.direction >> 1, -1)
            if number < 0:
                lost.append(asked)
            else:
                self.ask(asked._replace(direction=number * 2 + (asked.direction & 1)))
        return lost

    def _remove(self, number: int) -> Asked:
        asked = self._queue.pop(number)
        tickets = self._asked[asked.direction]
        same = tickets[asked.ticket]
        del same[number]
        if not same:
            del tickets[asked.ticket]
        if not tickets:
            del self._asked[asked.direction]
        return asked


def _fits(request: Request | None, answer: Answer) -> bool:
    """Whether an answer is about this request, as far as it says what it is about.

    CIP answers name no route; a BACnet Reject and the refusal of a wrapper do not name the operation, and the latter
    answers for all that was wrapped. Parts of a packet are answered by their place in it, calls of SIP by their sum.
    """
    if request is None or request.origin != answer.origin or answer.target not in ((), request.target):
        return False
    return matches(request, answer) and (answer.code == UNNAMED or _place(answer.details) == _place(request.details))


def _logins_behind(chosen: int, same: dict[int, Asked]) -> list[int]:
    """The logins in the body of a request, which stand alone behind it (HTTP)."""
    return list(takewhile(lambda number: same[number].request is None, (number for number in same if number > chosen)))


def _target(asked: Asked) -> tuple[str, ...]:
    return asked.request.target if asked.request else ()


def _place(details: Details) -> str:
    return next((value for name, value in details if name in _PLACES), "")
