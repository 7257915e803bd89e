"""Decode once: what was read before is recognised by the bytes that decide its meaning.

While a dissector reads a payload, its Reader notes the bytes that nobody looked at (transaction numbers, sampled values). All other
bytes decide. Another payload of the same length with the same deciding bytes therefore says the same, and that is checked for a
whole batch at once: gather the payloads of about one length, blank what does not decide, and look the rows up, byte for byte.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

import numpy as np

from otwatch.decode.rows import RowIndex
from otwatch.events import Answer, Credential, Event, Piece, Reading, Request, Verb
from otwatch.packets import I64, U8, U64, Bools

LONGEST = 512
"""Payloads beyond this are read each time: an attacker must not fill the memory with a few packets."""
BOUND = 98_304
"""Statements remembered; beyond it the half that was not seen for longest is forgotten."""
WEIGHT = 600_000
"""How much all remembered events may hold together, counted by `weight`: a few long messages must not fill the memory either."""
MASKS = 24
"""Different sets of deciding bytes looked for at one length; beyond it payloads are read each time."""

ROUTINE = frozenset({Verb.READ, Verb.SUBSCRIBE, Verb.DISCOVER, Verb.SESSION, Verb.ALARM, Verb.OTHER})
"""Verbs whose requests are counted and not joined with their answers."""

_Length = TypeVar("_Length", int, I64)


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
    """Numbers for what payloads say, so that different payloads that say the same are counted together."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Event, ...], int] = {}
        self.events: list[tuple[Event, ...]] = []
        self.weight = 0

    def number(self, events: tuple[Event, ...]) -> int:
        """The number of these events; -1 for none."""
        if not events:
            return -1
        number = self._numbers.setdefault(events, len(self.events))
        if number == len(self.events):
            self.events.append(events)
            self.weight += weight(events)
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
        self._shapes: dict[int, _Shape] = {}
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
            counted.extend(event for event in message.events if event not in waits)
        answers = any(isinstance(event, Answer) for event in counted)
        meaning, again = self._meanings.number(tuple(counted)), -1
        if waiting and not self._ordered and all(map(_asks, waiting)):
            again = self._meanings.number(tuple(_events(reading)))
        return Statement(reading, meaning, bool(waiting), answers, again)

    def waiting(self, said: tuple[Event, ...]) -> list[Event]:
        """The events of a message that are told one by one and joined with their answers; beside a login every request is."""
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
        shape = self._shapes.setdefault(words(len(payload)), _Shape(words(len(payload))))
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


class _Kind:
    """Statements of eight neighbouring lengths, at most one set of deciding bytes for each length."""

    def __init__(self, words: int) -> None:
        self.masks: U64 = np.zeros((words, 8), dtype=np.uint64)
        self.bits: list[int | None] = [None] * 8
        self.index = RowIndex(words)
        self.numbers: I64 = np.empty(0, dtype=np.int64)
        self.fresh: dict[bytes, int] = {}

    def settle(self) -> None:
        if self.fresh:
            rows = np.frombuffer(b"".join(self.fresh), dtype=np.uint64).reshape(len(self.fresh), -1)
            self.numbers = np.concatenate([self.numbers, np.array(list(self.fresh.values()), dtype=np.int64)])
            self.index.add(rows.T)
            self.fresh = {}

    def renumber(self, anew: I64) -> None:
        numbers = anew[self.numbers]
        kept = np.flatnonzero(numbers >= 0)
        self.index.keep(kept)
        self.numbers = numbers[kept]


class _Shape:
    """All statements whose payload fits into the same number of 64-bit words; a word before them holds the length."""

    def __init__(self, words: int) -> None:
        self._words = words + 1
        self._kinds: list[_Kind] = []

    def find(self, data: U8, start: I64, length: I64) -> I64:
        numbers = np.full(len(start), -1, dtype=np.int64)
        if not self._kinds:
            return numbers
        rows, odd = self._rows(data, start, length), length & 7
        left = np.arange(len(start))
        for kind in self._kinds:
            found = kind.index.find(rows & kind.masks[:, odd])
            hit = found >= 0
            if hit.any():
                numbers[left[hit]] = kind.numbers[found[hit]]
                rows, odd, left = rows[:, ~hit], odd[~hit], left[~hit]
            if not len(left):
                break
        return numbers

    def recall(self, payload: bytes) -> int:
        row, at = self._row(payload), len(payload) & 7
        for kind in self._kinds:
            bits = kind.bits[at]
            if bits is not None and kind.fresh:
                number = kind.fresh.get((row & bits).to_bytes(8 * self._words))
                if number is not None:
                    return number
        return -1

    def learn(self, payload: bytes, reading: Reading, number: int) -> bool:
        mask = bytearray(b"\xff" * (8 + len(payload)))
        for start, end in reading.aside:
            mask[8 + start : 8 + end] = bytes(end - start)
        for at, bits in reading.bits:
            mask[8 + at] = bits
        bits, at = int.from_bytes(mask.ljust(8 * self._words, b"\0")), len(payload) & 7
        kind = next((kind for kind in self._kinds if kind.bits[at] in (None, bits)), None)
        if kind is None:
            if len(self._kinds) == MASKS:
                return False
            kind = _Kind(self._words)
            self._kinds.append(kind)
        if kind.bits[at] is None:
            kind.bits[at] = bits
            kind.masks[:, at] = np.frombuffer(bits.to_bytes(8 * self._words), dtype=np.uint64)
        kind.fresh[(self._row(payload) & bits).to_bytes(8 * self._words)] = number
        return True

    def settle(self) -> None:
        for kind in self._kinds:
            kind.settle()

    def renumber(self, anew: I64) -> None:
        for kind in self._kinds:
            kind.renumber(anew)
        self._kinds = [kind for kind in self._kinds if kind.index.size]

    def _row(self, payload: bytes) -> int:
        return int.from_bytes((len(payload).to_bytes(8) + payload).ljust(8 * self._words, b"\0"))

    def _rows(self, data: U8, start: I64, length: I64) -> U64:
        """The payloads as rows of words; what stands behind their own end is still in them, and never decides."""
        rows = np.empty((self._words, len(start)), dtype=np.uint64)
        rows[0] = length.astype(">u8").view(np.uint64)
        width = 8 * (self._words - 1)
        inside = start <= data.size - width
        if inside.all():
            rows[1:] = _gathered(data, start, width)
        else:  # the last payloads of a batch
            rows[1:, inside] = _gathered(data, start[inside], width)
            for at in np.flatnonzero(~inside).tolist():
                rows[1:, at] = np.frombuffer(data[start[at] :].tobytes().ljust(width, b"\0"), dtype=np.uint64)
        return rows


def _gathered(data: U8, start: I64, width: int) -> U64:
    """`width` bytes from each start, as words; bounds-checked like every index."""
    overlapping = np.ndarray((max(data.size - width + 1, 0),), f"V{width}", buffer=data, strides=(1,))
    return overlapping[start].view(np.uint64).reshape(len(start), width // 8).T


def _asks(event: Event) -> bool:
    """Whether an event only asks, so that asking again changes nothing; with the login that stands beside the question (SNMP)."""
    return isinstance(event, Credential) or (isinstance(event, Request) and event.verb in ROUTINE)


def weight(events: Iterable[Event]) -> int:
    """How much events hold: four for each, and one for each point, value, fact."""
    return sum(4 + sum(len(field) for field in event if isinstance(field, tuple)) for event in events)


def words(length: _Length) -> _Length:
    """How many 64-bit words a payload needs."""
    return (length + 7) // 8


def _events(reading: Reading) -> Iterator[Event]:
    for message in reading.messages:
        yield from message.events
