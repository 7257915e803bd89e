"""From packets to statements: every payload of a spoken protocol is either recognised or read.

The short way: payloads that stand whole in their packet, found in the statements by their deciding bytes, a batch at once.
The long way, for the few others: read by the dissector, through a `Stream` where TCP needs one. Both say the same.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from otwatch.decode.conversations import NOBODY, Conversations, Talk
from otwatch.decode.statements import BOUND, LONGEST, ROUTINE, Meanings, Statement, Statements, words
from otwatch.decode.streams import BUFFER, CLEAN, SLOW, Sequence, Stream
from otwatch.dissectors.base import Dissector, read
from otwatch.events import Anomaly, Answer, Message, Reading, Request, Verb
from otwatch.packets import I64, SYN, TCP, Packets
from otwatch.sightings import Role
from otwatch.wire.counts import Losses
from otwatch.wire.recognition import Recognised, knows

RESYNC = 2_048
"""How far behind a gap the beginning of a message is looked for."""
ANSWERS, ASKS, EITHER = 0, 1, 2
"""Who speaks, as far as it decides how a message is read."""


class Heard(NamedTuple):
    """Payloads understood in a batch: rows, the store and number of each statement; and those read for this time only."""

    rows: I64
    store: I64
    number: I64
    single: list[tuple[int, Statement, bytes]]


class Listening:
    """Statements by protocol and direction, and the streams that are not whole yet."""

    def __init__(self, dissectors: tuple[Dissector, ...], conversations: Conversations, meanings: Meanings) -> None:
        self._dissectors = dissectors
        self._conversations = conversations
        self.sequence = Sequence()
        self.stores = [Statements(meanings, _waits_for(one)) for one in dissectors for _ in (ANSWERS, ASKS, EITHER)]
        self._streams: dict[int, Stream] = {}
        self._sessions: dict[int, object] = {}
        self._datagrams = np.array(["tcp" not in one.transports for one in dissectors])
        self._tells = np.array([one.tells for one in dissectors])
        self._clock = 0
        self.losses: list[tuple[int, int, Losses]] = []

    def hear(self, packets: Packets, talk: Talk, found: list[Recognised]) -> Heard:
        """What the packets of a batch say; `found` are the conversations recognised in it."""
        self._clock += 1
        heard: list[tuple[int, Statement, bytes]] = []
        since = {one.number: one.row for one in found}
        for one in found:
            heard.extend(self._take_over(one))
        rows = self._spoken(packets, talk, since)
        tcp = packets.protocol[rows] == TCP
        segments = self.sequence.sort(packets, rows[tcp], talk.direction[rows[tcp]])
        self._drop_reopened(rows)
        whole = rows[~tcp & (packets.length[rows] > 0)]
        batch = _Batch(packets, talk, segments.unsure, segments.begun, {}, {})
        short, store, number = self._recognise(batch, np.sort(np.concatenate([whole, segments.fast])), heard)
        for row in segments.slow.tolist():
            batch.slow.setdefault(int(talk.direction[row]), []).append(row)
        heard.extend(self._follow_streams(batch))
        self._rest()
        for statements in self.stores:
            statements.settle()
        return Heard(short, store, number, sorted(heard, key=lambda one: one[0]))

    def finish(self) -> Iterator[tuple[int, Statement, bytes]]:
        """At the end of all captures: what stands behind gaps is read, the rest is counted as not understood."""
        for direction, stream in self._streams.items():
            while stream.waits:
                for statement, payload in self._read_on(direction, stream, stream.give_up()):
                    yield direction, statement, payload
            stream.unread += len(stream.buffer)
            self._tell_losses(-1, direction, stream)
        self._streams.clear()

    def waiting(self) -> list[int]:
        """Numbers of the conversations in which something waits behind a gap."""
        return sorted({direction >> 1 for direction, stream in self._streams.items() if stream.waits})

    def forget_streams(self, anew: dict[int, int]) -> None:
        """What the streams of conversations hold that are about to be forgotten counts as not understood."""
        for direction in [at for at in self._streams if at >> 1 not in anew]:
            stream = self._streams.pop(direction)
            stream.discard()
            self._tell_losses(-1, direction, stream)

    def full(self) -> bool:
        """Whether so many statements are known that some must be forgotten."""
        return sum(len(store.known) for store in self.stores) > BOUND

    def forget(self, meanings: Meanings) -> None:
        """Forget the statements not seen for longest, and number all meanings anew."""
        for store in self.stores:
            store.forget()
            store.restate(meanings)

    def keep(self, anew: dict[int, int]) -> None:
        """Follow conversations to their new numbers."""
        chosen = np.array([2 * number + side for number in anew for side in (0, 1)], dtype=np.int64)
        self.sequence.keep(chosen)
        self._streams = {2 * anew[at >> 1] + (at & 1): stream for at, stream in self._streams.items() if at >> 1 in anew}
        self._sessions = {anew[number]: session for number, session in self._sessions.items() if number in anew}

    def dissector(self, number: int) -> Dissector:
        """What is spoken in a conversation."""
        return self._dissectors[int(self._conversations.label[number])]

    def store_of(self, direction: int) -> int:
        """The store of statements for a direction of a conversation."""
        number = direction >> 1
        label, asker = int(self._conversations.label[number]), int(self._conversations.asker[number])
        if self._tells[label] or asker == NOBODY:
            return 3 * label + EITHER
        return 3 * label + (ASKS if asker == direction & 1 else ANSWERS)

    def _spoken(self, packets: Packets, talk: Talk, since: dict[int, int]) -> I64:
        label = self._conversations.label[talk.number]
        size = len(label)
        carries = (packets.length[:size] > 0) & ((packets.ip_version[:size] == 0) | np.isin(packets.protocol[:size], (6, 17)))
        opens = (packets.protocol[:size] == TCP) & (packets.flags[:size] & SYN > 0)
        rows = np.flatnonzero((label >= 0) & (carries | opens))
        if not since:
            return rows
        begins = np.array([since.get(number, -1) for number in talk.number[rows].tolist()])
        tcp = packets.protocol[rows] == TCP
        return rows[np.where(tcp, rows > begins, rows >= begins)]

    def _take_over(self, one: Recognised) -> Iterator[tuple[int, Statement, bytes]]:
        """A conversation was recognised: go on with the streams that led there, and let its first message say who asks."""
        dissector, streams = self._dissectors[one.label], list(one.streams.items())
        for _, stream in streams:
            stream.synced = stream.synced or knows(dissector, stream.buffer, hint=True)
        samples = [(one.side, one.payload), *((direction & 1, stream.buffer) for direction, stream in streams if stream.synced)]
        asker = self._asker(one.number, dissector, [(side, sample) for side, sample in samples if sample])
        self._conversations.speak(one.number, one.label, asker)
        for direction, stream in streams:
            self._streams[direction] = stream
            self.sequence.state[direction] = SLOW
            yield from ((one.row, statement, payload) for statement, payload in self._read_on(direction, stream, b""))
            self._tell_losses(one.row, direction, stream)
            self._let_rest(direction, stream)

    def _asker(self, number: int, dissector: Dissector, samples: list[tuple[int, bytes]]) -> int:
        """Which side asks: the one without the protocol's port, else who began, else what the first message says."""
        guessed = self._conversations.role[number] == Role.GUESS
        for side, sample in samples if guessed else ():
            said = (event for message in read(dissector, sample, None).messages for event in message.events)
            first = next((event for event in said if isinstance(event, Request | Answer)), None)
            if first is not None:
                self._conversations.decide(number, side if isinstance(first, Request) else 1 - side, Role.MESSAGE)
                break
        by_port = self._conversations.side_without(number, dissector.ports)
        if by_port != NOBODY:
            return by_port
        return NOBODY if self._conversations.role[number] == Role.GUESS else int(self._conversations.client[number])

    def _drop_reopened(self, rows: I64) -> None:
        """Streams whose connection was opened anew."""
        for direction in [at for at in self._streams if self.sequence.state[at] == CLEAN]:
            stream = self._streams.pop(direction)
            self._sessions.pop(direction >> 1, None)
            stream.unread += len(stream.buffer)
            self._tell_losses(int(rows[0]), direction, stream)

    def _tell_losses(self, row: int, direction: int, stream: Stream) -> None:
        if stream.lost or stream.unread:
            self.losses.append((row, direction >> 1, Losses(stream.lost, stream.unread)))
            stream.lost = stream.unread = 0

    def _recognise(self, batch: "_Batch", rows: I64, heard: list[tuple[int, Statement, bytes]]) -> tuple[I64, I64, I64]:
        packets, number = batch.packets, batch.talk.number[rows]
        label = self._conversations.label[number].astype(np.int64)
        asker = self._conversations.asker[number]
        asks = np.where(asker == batch.talk.side[rows], ASKS, ANSWERS)
        store = 3 * label + np.where(self._tells[label] | (asker == NOBODY), EITHER, asks)
        found = np.full(len(rows), -1, dtype=np.int64)
        length = packets.length[rows]
        for group in _groups(store << 17 | words(np.minimum(length, LONGEST + 1))):
            if length[group[0]] <= LONGEST:
                statements = self.stores[store[group[0]]]
                found[group] = statements.find(packets.data, packets.start[rows[group]], length[group], self._clock)
        self._read_unknown(batch, rows, store, found, heard)
        short = found >= 0
        for direction, row in batch.turned.items():
            short &= (rows < row) | (batch.talk.direction[rows] != direction)
        return rows[short], store[short], found[short]

    def _read_unknown(self, batch: "_Batch", rows: I64, store: I64, found: I64, heard: list[tuple[int, Statement, bytes]]) -> None:
        for at in np.flatnonzero(found < 0).tolist():
            row, direction = int(rows[at]), int(batch.talk.direction[rows[at]])
            if row >= batch.turned.get(direction, row + 1):
                continue
            payload, statements = batch.payload(row), self.stores[store[at]]
            found[at] = statements.recall(payload)
            if found[at] >= 0:
                continue
            statement = self._read(direction, payload, statements, row in batch.unsure)
            if statement is None:
                self._turn_slow(batch, row, direction, rows)
                continue
            found[at] = statements.learn(payload, statement, self._clock)
            if found[at] < 0:
                heard.append((row, statement, payload))

    def _read(self, direction: int, payload: bytes, statements: Statements, unsure: bool) -> Statement | None:
        """A payload read; None where only a stream can tell: it ends or begins inside a message, or memory is needed."""
        number = direction >> 1
        dissector = self.dissector(number)
        if dissector.session is not None or (unsure and not knows(dissector, payload, hint=True)):
            return None
        reading = read(dissector, payload, self._is_request(direction))
        if reading.used < len(payload):
            if self._conversations.server_port(number)[0] == TCP:
                return None
            ends = Message(reading.used, len(payload), (0, 0), (Anomaly(dissector.name, "datagram ends inside a message", len(payload)),))
            reading = Reading((*reading.messages, ends), len(payload), reading.aside)
        return statements.weigh(reading)

    def _turn_slow(self, batch: "_Batch", row: int, direction: int, rows: I64) -> None:
        batch.turned[direction] = row
        batch.begun[direction] = (int(batch.packets.seq[row]), row not in batch.unsure)
        later = rows[(rows >= row) & (batch.talk.direction[rows] == direction)]
        batch.slow[direction] = later.tolist()

    def _follow_streams(self, batch: "_Batch") -> Iterator[tuple[int, Statement, bytes]]:
        packets = batch.packets
        for row in sorted(row for rows in batch.slow.values() for row in rows):
            direction, time_ns = int(batch.talk.direction[row]), int(packets.time_ns[row])
            stream = self._stream(direction, batch)
            fresh = stream.feed(int(packets.seq[row]), batch.payload(row), int(packets.flags[row]), time_ns)
            yield from ((row, statement, payload) for statement, payload in self._read_on(direction, stream, fresh))
            while stream.overdue(time_ns):
                self._sessions.pop(direction >> 1, None)
                yield from ((row, statement, payload) for statement, payload in self._read_on(direction, stream, stream.give_up()))
            self._tell_losses(row, direction, stream)

    def _stream(self, direction: int, batch: "_Batch") -> Stream:
        if direction not in self._streams:
            self._streams[direction] = Stream(*batch.begun[direction])
            self.sequence.state[direction] = SLOW
        return self._streams[direction]

    def _read_on(self, direction: int, stream: Stream, fresh: bytes) -> Iterator[tuple[Statement, bytes]]:
        """Read what a stream holds, now that `fresh` came."""
        stream.buffer += fresh
        dissector = self.dissector(direction >> 1)
        if not stream.synced and stream.buffer:
            _find_start(dissector, stream)
        if not stream.synced or not stream.buffer:
            return
        payload = stream.buffer
        reading = read(dissector, payload, self._is_request(direction), self._session(dissector, direction >> 1))
        stream.buffer = payload[reading.used :]
        if len(stream.buffer) > BUFFER:
            stream.unread += len(stream.buffer)
            stream.buffer, stream.synced = b"", False
        if reading.messages:
            yield self.stores[self.store_of(direction)].weigh(reading), payload

    def _rest(self) -> None:
        """Streams that need no help any more take the short way again."""
        for direction in [at for at, stream in self._streams.items() if stream.idle]:
            self._let_rest(direction, self._streams[direction])

    def _let_rest(self, direction: int, stream: Stream) -> None:
        if stream.idle and self.dissector(direction >> 1).session is None:
            self.sequence.next[direction], self.sequence.state[direction] = stream.next or 0, CLEAN
            del self._streams[direction]

    def _is_request(self, direction: int) -> bool | None:
        says = self.store_of(direction) % 3
        return None if says == EITHER else says == ASKS

    def _session(self, dissector: Dissector, number: int) -> object:
        if dissector.session is None:
            return None
        return self._sessions.setdefault(number, dissector.session())


class _Batch(NamedTuple):
    """The packets being heard.

    begun    where the streams begin that are needed from now on, and whether that is the start of a message, by direction
    turned   directions that turned out to need a stream, from which row on; `slow` their rows
    """

    packets: Packets
    talk: Talk
    unsure: frozenset[int]
    begun: dict[int, tuple[int, bool]]
    turned: dict[int, int]
    slow: dict[int, list[int]]

    def payload(self, row: int) -> bytes:
        start = int(self.packets.start[row])
        return self.packets.data[start : start + int(self.packets.length[row])].tobytes()


def _waits_for(dissector: Dissector) -> Callable[[Request], bool]:
    routine = ROUTINE - {Verb.DISCOVER} if dissector.joined else ROUTINE
    return lambda request: dissector.ordered or request.verb not in routine


def _groups(key: I64) -> Iterator[I64]:
    """Positions with the same key, group by group."""
    if not len(key):
        return
    order = np.argsort(key, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(key[order])) + 1)


def _find_start(dissector: Dissector, stream: Stream) -> None:
    """Look for the beginning of a message behind a gap (domain/protocols.md 0.3, rule 2)."""
    for offset in range(min(len(stream.buffer), RESYNC)):
        if knows(dissector, stream.buffer, hint=offset == 0, at=offset):
            stream.unread += offset
            stream.buffer, stream.synced = stream.buffer[offset:], True
            return
    if len(stream.buffer) > RESYNC:
        stream.unread += len(stream.buffer)
        stream.buffer = b""
