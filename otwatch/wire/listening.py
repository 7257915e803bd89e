"""From packets to statements: every payload of a spoken protocol is either recognised or read.

The short way: payloads that stand whole in their packet, found in the statements by their deciding bytes, a batch at once. What
changes the plant is told one by one and seldom says the same twice, so it is read each time and not remembered.
The long way, for the few others: read by the dissector, through a `Stream` where TCP needs one. Both say the same.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from otwatch.decode.conversations import Conversations, Talk
from otwatch.decode.rows import order
from otwatch.decode.sequence import CLEAN
from otwatch.decode.shapes import words
from otwatch.decode.statements import LONGEST, Statement, Statements
from otwatch.dissectors.base import read
from otwatch.events import Anomaly, Message
from otwatch.packets import I64, SYN, TCP, Bools, Packets, payload_of
from otwatch.wire.batch import Batch, Said
from otwatch.wire.counts import Losses
from otwatch.wire.cut import read_cut
from otwatch.wire.following import Following
from otwatch.wire.recognition import Recognised, knows
from otwatch.wire.stores import Stores


class Heard(NamedTuple):
    """Payloads understood in a batch: rows, the store and number of each statement; and those read for this time only."""

    rows: I64
    store: I64
    number: I64
    single: list[Said]


class Listening:
    """Finds out what every payload says."""

    def __init__(self, conversations: Conversations, stores: Stores, following: Following) -> None:
        self._conversations = conversations
        self._stores = stores
        self._following = following
        self._clock = 0

    def hear(self, packets: Packets, talk: Talk, place: I64, found: list[Recognised]) -> Heard:
        """What the packets of a batch say; `found` are the conversations recognised in it, `place` is where each packet stands."""
        self._clock += 1
        self._following.repeated.see(packets, talk.direction, self._conversations.label)
        heard: list[Said] = []
        since = {one.number: one.row for one in found}
        for one in found:
            heard.extend(self._following.take_over(one))
        rows = self._spoken(packets, talk, since)
        rows, followed = self._set_cut_apart(packets, talk, rows, heard) if packets.missing.any() else (rows, rows[:0])
        tcp = packets.protocol[rows] == TCP
        segments = self._following.sequence.sort(packets, rows[tcp], talk.direction[rows[tcp]])
        whole = rows[~tcp & (packets.length[rows] > 0)]
        begun = {**segments.begun, **self._begun(talk.direction[followed])}
        batch = Batch(packets, talk, place, segments.unsure, begun, {}, set(), [])
        for row in (*segments.slow.tolist(), *followed.tolist()):
            batch.slow.setdefault(int(talk.direction[row]), []).append(row)
        rows, store, number, turned = self._recognise(batch, np.concatenate([whole, segments.fast]), segments.slow, heard)
        heard.extend(self._following.hear(batch))
        heard.extend(self._following.compare(batch, segments.again))
        self._stores.settle()
        short = (number >= 0) & (~turned | np.isin(rows, batch.passed))
        return Heard(rows[short], store[short], number[short], sorted(heard, key=lambda one: one[0]))

    def _spoken(self, packets: Packets, talk: Talk, since: dict[int, int]) -> I64:
        label = self._conversations.label[talk.number]
        spoken = np.flatnonzero(label >= 0)
        tcp = packets.protocol[spoken] == TCP
        carries = packets.length[spoken] + packets.missing[spoken] > 0
        rows: I64 = spoken[carries | (tcp & (packets.flags[spoken] & SYN > 0))]
        if not since:
            return rows
        begins = np.array([since.get(number, -1) for number in talk.number[rows].tolist()])
        tcp = packets.protocol[rows] == TCP
        later: I64 = rows[np.where(tcp, rows > begins, rows >= begins)]
        return later

    def _set_cut_apart(self, packets: Packets, talk: Talk, rows: I64, heard: list[Said]) -> tuple[I64, I64]:
        """Read the datagrams that the snap length cut; the rows left, and those of directions in which it cut a segment."""
        cut, tcp = packets.missing[rows] > 0, packets.protocol[rows] == TCP
        followed: Bools = tcp & np.isin(talk.direction[rows], talk.direction[rows[tcp & cut]])
        for row in rows[cut & ~tcp].tolist():
            direction, missing = int(talk.direction[row]), int(packets.missing[row])
            payload = payload_of(packets, row)
            reading, _ = read_cut(self._stores.dissector(direction >> 1), payload, missing, self._stores.is_request(direction))
            heard.append(Said(row, direction, self._stores.of(direction).weigh(reading), payload))
            self._following.losses.append((row, direction >> 1, Losses(missing)))
        left, apart = np.flatnonzero(~followed & (tcp | ~cut)), np.flatnonzero(followed)
        return rows[left], rows[apart]

    def _begun(self, direction: I64) -> dict[int, tuple[int | None, bool]]:
        """Where streams begin that are needed although all is in order."""
        sequence = self._following.sequence
        clean = sequence.state[direction] == CLEAN
        known = zip(direction.tolist(), clean.tolist(), sequence.next[direction].tolist(), strict=True)
        return {at: (seq if in_order else None, in_order) for at, in_order, seq in known}

    def _recognise(self, batch: Batch, fast: I64, slow: I64, heard: list[Said]) -> tuple[I64, I64, I64, Bools]:
        """All these rows, the store and number of the statement in each (-1 for none), and which of them a stream has to take first."""
        packets, rows = batch.packets, np.sort(np.concatenate([fast, slow]))
        number = batch.talk.number[rows]
        store = self._stores.numbers(number, batch.talk.side[rows])
        found = np.full(len(rows), -1, dtype=np.int64)
        length = packets.length[rows]
        for group in _groups(store << 17 | words(np.minimum(length, LONGEST + 1))):
            if length[group[0]] <= LONGEST:
                statements = self._stores.all[store[group[0]]]
                found[group] = statements.find(packets.data, packets.start[rows[group]], length[group], self._clock)
        turns = _Turns(rows, batch.talk.direction[rows], np.isin(rows, slow))
        self._read_unknown(batch, turns, store, found, heard)
        batch.known.update(rows[turns.turned & (found >= 0)].tolist())
        return rows, store, found, turns.turned

    def _read_unknown(self, batch: Batch, turns: "_Turns", store: I64, found: I64, heard: list[Said]) -> None:
        for at in np.flatnonzero(found < 0).tolist():
            if turns.turned[at]:
                continue
            row, direction = int(turns.rows[at]), int(turns.direction[at])
            payload, statements = batch.payload(row), self._stores.all[store[at]]
            found[at] = statements.recall(payload)
            if found[at] >= 0:
                continue
            statement = self._read(direction, payload, statements, row in batch.unsure)
            if statement is None:
                batch.begun[direction] = (int(batch.packets.seq[row]), row not in batch.unsure)
                batch.slow[direction] = turns.turn(at)
                continue
            if not statement.urgent or statement.again >= 0:
                found[at] = statements.learn(payload, statement, self._clock)
            if found[at] < 0:
                heard.append(Said(row, direction, statement, payload))

    def _read(self, direction: int, payload: bytes, statements: Statements, unsure: bool) -> Statement | None:
        """A payload read; None where only a stream can tell: it ends or begins inside a message, or memory is needed."""
        number = direction >> 1
        dissector = self._stores.dissector(number)
        if dissector.session is not None or (unsure and not knows(dissector, payload, hint=True)):
            return None
        reading = read(dissector, payload, self._stores.is_request(direction))
        if reading.used < len(payload):
            if self._conversations.server_port(number)[0] == TCP:
                return None
            ends = Message(reading.used, len(payload), (0, 0), (Anomaly(dissector.name, "datagram ends inside a message", len(payload)),))
            reading = reading._replace(messages=(*reading.messages, ends), used=len(payload))
        return statements.weigh(reading)


class _Turns:
    """Rows that may take the short way; `turned` are those that cannot after all, for a payload before them needs a stream."""

    def __init__(self, rows: I64, direction: I64, turned: Bools) -> None:
        self.rows = rows
        self.direction = direction
        self.turned = turned
        self._order: I64 | None = None

    def turn(self, at: int) -> list[int]:
        """The row at this position needs a stream, and with it all that follow in its direction: those rows."""
        if self._order is None:
            self._order = order(self.direction)
        first, last = np.searchsorted(self.direction, (self.direction[at], self.direction[at] + 1), sorter=self._order)
        same = self._order[first:last]
        later = same[same >= at]
        self.turned[later] = True
        return list(map(int, self.rows[later]))


def _groups(key: I64) -> Iterator[I64]:
    """Positions with the same key, group by group."""
    if not len(key):
        return
    sorting = order(key)
    yield from np.split(sorting, np.flatnonzero(np.diff(key[sorting])) + 1)
