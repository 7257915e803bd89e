"""Decode once: what was read before is recognised by the bytes that decide its meaning.

While a dissector reads a payload, its Reader notes the bytes that nobody looked at (transaction numbers, sampled values). All other
bytes decide. Another payload of the same length with the same deciding bytes therefore says the same, and that is checked for a
whole batch at once: gather the payloads of about one length, blank what does not decide, and look the rows up, byte for byte.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from otwatch.decode.shapes import Shape, words
from otwatch.events import Answer, Credential, Event, Piece, Reading, Request, Verb
from otwatch.packets import I64, U8, Bools

LONGEST = 512
"""Payloads beyond this are read each time: an attacker must not fill the memory with a few packets."""
BOUND = 98_304
"""Statements remembered; beyond it the half that was not seen for longest is forgotten."""
WEIGHT = 600_000
"""How much all remembered events may hold together, counted by `weight`: a few long messages must not fill the memory either."""

ROUTINE = frozenset({Verb.READ, Verb.SUBSCRIBE, Verb.DISCOVER, Verb.SESSION, Verb.ALARM, Verb.OTHER})
"""Verbs whose requests are counted and not joined with their answers."""


_MAY_WAIT = frozenset({Request, Credential, Piece})


class Statement(NamedTuple):
    """A payload that was read.

    meaning   number of the events that are only counted, -1 for none
    urgent    it holds something that waits for an answer or is told at once
    answers   it holds an answer, that may be waited for
    again     number of its events, where all that waits are questions that one answer a slot is enough for; else -1
    """

    reading: Reading
    meaning: int
    urgent: bool
    answers: bool
    again: int


class Meanings:
    """Numbers for what payloads say, so that different payloads that say the same are counted together.

    `events` are all events, each once; a meaning is some of them, in the order in which they are said.
    """

    def __init__(self) -> None:
        self._events: dict[Event, int] = {}
        self._numbers: dict[tuple[int, ...], int] = {}
        self._parts: list[tuple[int, ...]] = []
        self.events: list[Event] = []
        self.weight = 0

    def __len__(self) -> int:
        return len(self._parts)

    def number(self, events: tuple[Event, ...]) -> int:
        """The number of these events; -1 for none."""
        if not events:
            return -1
        parts = tuple(map(self._event, events))
        number = self._numbers.setdefault(parts, len(self._parts))
        if number == len(self._parts):
            self._parts.append(parts)
            self.weight += len(parts)
        return number

    def apart(self, meaning: I64) -> tuple[I64, I64, I64]:
        """Every event of every meaning: the position of the meaning, the number of the event, and its place among them."""
        different, position = np.unique(meaning, return_inverse=True)
        parts = [self._parts[number] for number in different.tolist()]
        sizes = np.array([len(part) for part in parts], dtype=np.int64)
        flat = np.fromiter((number for part in parts for number in part), dtype=np.int64, count=int(sizes.sum()))
        times = sizes[position]
        of = np.repeat(np.arange(len(meaning)), times)
        place = np.arange(len(of)) - np.repeat(np.cumsum(times) - times, times)
        return of, flat[(np.cumsum(sizes) - sizes)[position[of]] + place], place

    def _event(self, event: Event) -> int:
        number = self._events.setdefault(event, len(self.events))
        if number == len(self.events):
            self.events.append(event)
            self.weight += weight((event,))
        return number


class Statements:
    """What one protocol said in one direction.

    waits_for   which requests are joined with their answers
    ordered     answers are told apart by their order: none may be left out
    meaning, urgent, answers, again: the fields of `known` as columns.
    """

    def __init__(self, meanings: Meanings, waits_for: Callable[[Request], bool], ordered: bool = False) -> None:
        self._meanings = meanings
        self._waits_for = waits_for
        self._ordered = ordered
        self._shapes: dict[int, Shape] = {}
        self.known: list[Statement] = []
        self.weight = 0
        self.meaning: I64 = np.zeros(1024, dtype=np.int64)
        self.urgent: Bools = np.zeros(1024, dtype=np.bool_)
        self.answers: Bools = np.zeros(1024, dtype=np.bool_)
        self.again: I64 = np.zeros(1024, dtype=np.int64)
        self._seen: I64 = np.zeros(1024, dtype=np.int64)
        self.evicted = 0

    def find(self, data: U8, start: I64, length: I64, clock: int) -> I64:
        """The numbers of the statements in payloads that fit into the same number of words; -1 where it was not settled yet."""
        shape = self._shapes.get(words(int(length[0])))
        if shape is None:
            return np.full(len(start), -1, dtype=np.int64)
        numbers = shape.find(data, start, length)
        self._seen[numbers[numbers >= 0]] = clock
        return numbers

    def recall(self, payload: bytes) -> int:
        """The number of a payload that was learnt since `settle`; -1 for all others."""
        shape = self._shapes.get(words(len(payload)))
        return -1 if shape is None else shape.recall(payload)

    def weigh(self, reading: Reading) -> Statement:
        """A reading, sorted into what is counted and what is not."""
        counted: list[Event] = []
        waiting: list[Event] = []
        for message in reading.messages:
            waits = self.waiting(message.events)
            waiting.extend(waits)
            counted.extend((event for event in message.events if event not in waits) if waits else message.events)
        answers = any(isinstance(event, Answer) for event in counted)
        meaning, again = self._meanings.number(tuple(counted)), -1
        if waiting and not self._ordered and all(map(_asks, waiting)):
            again = self._meanings.number(tuple(_events(reading)))
        return Statement(reading, meaning, bool(waiting), answers, again)

    def waiting(self, said: tuple[Event, ...]) -> list[Event]:
        """The events of a message that are told one by one and joined with their answers; beside a login every request is."""
        if _MAY_WAIT.isdisjoint(map(type, said)):
            return []
        login = any(isinstance(event, Credential) for event in said)
        return [event for event in said if self._waits(event, login)]

    def _waits(self, event: Event, login: bool) -> bool:
        if isinstance(event, Request):
            return login or self._waits_for(event)
        return isinstance(event, Credential | Piece)

    def learn(self, payload: bytes, statement: Statement, clock: int) -> int:
        """Remember what a payload says; its number, or -1 when it is too long or of too many kinds."""
        if len(payload) > LONGEST:
            return -1
        shape = self._shapes.setdefault(words(len(payload)), Shape(words(len(payload))))
        number = len(self.known)
        if not shape.learn(payload, statement.reading, number):
            return -1
        self.known.append(statement)
        self.weight += weight(_events(statement.reading))
        if number >= len(self._seen):
            self._grow()
        self._set(number, statement, clock)
        return number

    def settle(self) -> None:
        """Make everything learnt so far visible to `find`."""
        for shape in self._shapes.values():
            shape.settle()

    def forget(self) -> None:
        """Forget the half that was not seen for longest; numbers change."""
        self.settle()
        size = len(self.known)
        chosen = np.sort(np.lexsort((np.arange(size), self._seen[:size]))[size // 2 :])
        self.evicted += size - len(chosen)
        anew = np.full(size, -1, dtype=np.int64)
        anew[chosen] = np.arange(len(chosen))
        self.known = [self.known[number] for number in chosen.tolist()]
        self.weight = sum(weight(_events(statement.reading)) for statement in self.known)
        for column in (self._seen, self.meaning, self.urgent, self.answers, self.again):
            column[: len(chosen)] = column[chosen]
        for shape in self._shapes.values():
            shape.renumber(anew)

    def restate(self, meanings: Meanings) -> None:
        """Number all meanings anew in a fresh table."""
        self._meanings = meanings
        self.known = [self.weigh(statement.reading) for statement in self.known]
        self.meaning[: len(self.known)] = [statement.meaning for statement in self.known]
        self.again[: len(self.known)] = [statement.again for statement in self.known]

    def _set(self, number: int, statement: Statement, clock: int) -> None:
        self._seen[number] = clock
        self.meaning[number] = statement.meaning
        self.urgent[number] = statement.urgent
        self.answers[number] = statement.answers
        self.again[number] = statement.again

    def _grow(self) -> None:
        self._seen = np.concatenate([self._seen, np.zeros_like(self._seen)])
        self.meaning = np.concatenate([self.meaning, np.zeros_like(self.meaning)])
        self.urgent = np.concatenate([self.urgent, np.zeros_like(self.urgent)])
        self.answers = np.concatenate([self.answers, np.zeros_like(self.answers)])
        self.again = np.concatenate([self.again, np.zeros_like(self.again)])


def _asks(event: Event) -> bool:
    """Whether an event only asks, so that asking again changes nothing; with the login that stands beside the question (SNMP)."""
    return isinstance(event, Credential) or (isinstance(event, Request) and event.verb in ROUTINE)


def weight(events: Iterable[Event]) -> int:
    """How much events hold: four for each, and one for each point, value, fact."""
    return sum(4 + sum(len(field) for field in event if isinstance(field, tuple)) for event in events)


def _events(reading: Reading) -> Iterator[Event]:
    for message in reading.messages:
        yield from message.events
