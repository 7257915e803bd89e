"""Requests joined with their answers, by ticket or by order (DESIGN section 9).

A request that waits is told once: with its answer, or when `PATIENCE` slots of packet time have passed, or when the capture ends.
"""

from collections import deque
from typing import NamedTuple

from otwatch.events import Answer, Event, Request

PATIENCE = 2
"""Slots (10 s of packet time each) until a request counts as unanswered."""
BOUND = 65_536
"""Requests that may wait at once; the oldest is told as unanswered to make room."""


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
    """All requests that wait, by who asked and by ticket."""

    def __init__(self) -> None:
        self._asked: dict[int, dict[bytes, deque[Asked]]] = {}
        self._queue: deque[Asked] = deque()
        self._gone: set[int] = set()

    def __len__(self) -> int:
        return len(self._queue) - len(self._gone)

    @property
    def conversations(self) -> set[int]:
        """Numbers of the conversations in which somebody waits."""
        return {direction >> 1 for direction in self._asked}

    def ask(self, asked: Asked) -> Asked | None:
        """Wait for an answer; gives the oldest request when there are too many."""
        self._asked.setdefault(asked.direction, {}).setdefault(asked.ticket, deque()).append(asked)
        self._queue.append(asked)
        return self._oldest() if len(self) > BOUND else None

    def answer(self, direction: int, ticket: bytes, answer: Answer, ordered: bool) -> Asked | None:
        """The request that `direction` asked and this answers; it waits no longer if the answer is final."""
        queue = self._asked.get(direction, {}).get(ticket)
        if not queue:
            return None
        asked = next((one for one in queue if ordered or _fits(one.request, answer)), None)
        if asked is not None and answer.final:
            self._remove(asked, queue)
            self._gone.add(id(asked))
        return asked

    def expired(self, slot: int) -> list[Asked]:
        """Requests asked before `slot`, that wait no longer."""
        out: list[Asked] = []
        while self._queue and (id(self._queue[0]) in self._gone or self._queue[0].slot < slot):
            asked = self._oldest()
            if asked is not None:
                out.append(asked)
        return out

    def renumber(self, anew: dict[int, int]) -> list[Asked]:
        """Follow conversations to their new numbers; gives the requests whose conversation is forgotten."""
        waiting = [asked for asked in self._queue if id(asked) not in self._gone]
        self._asked, self._queue, self._gone = {}, deque(), set()
        lost: list[Asked] = []
        for asked in waiting:
            number = anew.get(asked.direction >> 1, -1)
            if number < 0:
                lost.append(asked)
            else:
                self.ask(asked._replace(direction=number * 2 + (asked.direction & 1)))
        return lost

    def _oldest(self) -> Asked | None:
        asked = self._queue.popleft()
        if id(asked) in self._gone:
            self._gone.discard(id(asked))
            return None
        self._remove(asked, self._asked[asked.direction][asked.ticket])
        return asked

    def _remove(self, asked: Asked, queue: deque[Asked]) -> None:
        queue.remove(asked)
        tickets = self._asked[asked.direction]
        if not queue:
            del tickets[asked.ticket]
        if not tickets:
            del self._asked[asked.direction]


def _fits(request: Request | None, answer: Answer) -> bool:
    """Whether the operation is the same; a negative code answers any (a BACnet Reject does not repeat the service)."""
    return request is not None and (answer.code < 0 or request.code == answer.code) and request.target == answer.target
