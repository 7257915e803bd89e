"""The few directions whose segments are no whole messages: each is followed by a `Stream` as long as it needs one.

What stands behind a gap is read when the gap is given up, or when the connection is opened anew; then a message is looked for
in the first bytes, and what protocols remembered of the conversation no longer fits (domain/protocols.md 0.3, rule 2).
"""

from collections.abc import Iterator

import numpy as np

from otwatch.decode import repetitions
from otwatch.decode.conversations import NOBODY, SEALED, Conversations
from otwatch.decode.repetitions import Repetitions
from otwatch.decode.sequence import CLEAN, SLOW, UNKNOWN, Sequence
from otwatch.decode.streams import BUFFER, Stream
from otwatch.dissectors.base import Dissector, read
from otwatch.events import REWRITTEN, Anomaly, Answer, Message, Reading, Request
from otwatch.packets import I64, SYN, TCP
from otwatch.sightings import Role
from otwatch.wire.batch import Batch, Said
from otwatch.wire.counts import Losses
from otwatch.wire.cut import filled, read_cut
from otwatch.wire.recognition import Recognised, begins, knows
from otwatch.wire.stores import Stores

RESYNC = 2_048
"""How far behind a gap the beginning of a message is looked for."""
LATE = "bytes sent again too late to be compared"
"""Reason of the anomaly where a segment may contradict one before it; where it does, REWRITTEN. The first is read (repetitions.py)."""
BYTES = 1 << 28
"""What all streams together may hold; beyond it the oldest give up what they hold."""


class Following:
    """The streams by direction (two a conversation at most), and what protocols remember of each conversation."""

    def __init__(self, conversations: Conversations, stores: Stores) -> None:
        self._conversations = conversations
        self._stores = stores
        self.sequence = Sequence()
        self.repeated = Repetitions()
        self._streams: dict[int, Stream] = {}
        self._sessions: dict[int, object] = {}
        self._held = 0
        self.losses: list[tuple[int, int, Losses]] = []

    def hear(self, batch: Batch) -> Iterator[Said]:
        """Read the segments in `batch.slow`, in the order of frames."""
        for row in sorted(row for rows in batch.slow.values() for row in rows):
            direction = int(batch.talk.direction[row])
            if self._conversations.label[direction >> 1] <= SEALED:  # since a row before this one
                continue
            stream = self._stream(direction, batch)
            if row in batch.known and stream.passes(*batch.segment(row)):
                batch.passed.append(row)
                continue
            before = stream.size
            yield from self._check(batch, row, stream)
            yield from (said._replace(row=row) for said in self._feed(direction, stream, batch, row))
            self._held += stream.size - before
            self._tell_losses(row, direction, stream)
            self._seal(direction >> 1)
        for direction in batch.slow:
            if direction in self._streams:
                self._let_rest(direction)
        self._make_room()

    def compare(self, batch: Batch, again: I64) -> Iterator[Said]:
        """Tell which of the rows that repeat what was sent before say something else there."""
        for row, verdict in self.repeated.compare(again):
            yield from self._contradicted(batch, row, verdict)

    def _check(self, batch: Batch, row: int, stream: Stream) -> Iterator[Said]:
        seq, flags = int(batch.packets.seq[row]), int(batch.packets.flags[row])
        if stream.repeats(seq, batch.payload(row), flags):
            yield from self._contradicted(batch, row, self.repeated.verdict(row))

    def _contradicted(self, batch: Batch, row: int, verdict: int) -> Iterator[Said]:
        if verdict == repetitions.SAME:
            return
        direction, payload = int(batch.talk.direction[row]), batch.payload(row)
        if self._conversations.label[direction >> 1] <= SEALED:
            return
        reason = REWRITTEN if verdict == repetitions.OTHER else LATE
        flaw = Anomaly(self._stores.dissector(direction >> 1).name, reason, 0, beside=True)
        reading = Reading((Message(0, len(payload), (0, 0), (flaw,)),), len(payload), ())
        yield Said(row, direction, self._stores.of(direction).weigh(reading), payload)

    def take_over(self, one: Recognised) -> Iterator[Said]:
        """A conversation was recognised: go on with the streams that led there, and let its first message say who asks."""
        dissector, streams = self._stores.known(one.label), list(one.streams.items())
        if dissector.sealed and dissector.session is None:
            self._conversations.speak(one.number, SEALED - one.label)
            return
        for _, stream in streams:
            stream.synced = stream.synced or knows(dissector, filled(stream.buffer, stream.cut), hint=True)
        samples = [(one.side, one.payload), *((direction & 1, stream.buffer) for direction, stream in streams if stream.synced)]
        asker = self._asker(one.number, dissector, [(side, sample) for side, sample in samples if sample])
        self._conversations.speak(one.number, one.label, asker)
        for direction, stream in streams:
            self._streams[direction] = stream
            self.sequence.state[direction] = SLOW
            yield from (said._replace(row=one.row) for said in self._read_on(direction, stream, b""))
            self._held += stream.size
            self._tell_losses(one.row, direction, stream)
            self._let_rest(direction)
        if dissector.session is not None:
            self._follow_both(one.number)
            self._seal(one.number)

    def _seal(self, number: int) -> None:
        """Where nothing more can be read from here on, nothing more is listened to."""
        dissector = self._stores.dissector(number)
        if dissector.over is None or number not in self._sessions or not dissector.over(self._sessions[number]):
            return
        label = int(self._conversations.label[number])
        self._conversations.speak(number, SEALED - label, int(self._conversations.asker[number]))
        del self._sessions[number]
        for direction in (2 * number, 2 * number + 1):
            if direction in self._streams:
                self._give_up(direction, self._streams.pop(direction))
                self.sequence.state[direction] = UNKNOWN

    def _follow_both(self, number: int) -> None:
        """What a protocol remembers ends when either side opens a connection: both are followed from now on, whatever they say."""
        for direction in (2 * number, 2 * number + 1):
            if direction not in self._streams and self._conversations.server_port(number)[0] == TCP:
                begun = self.sequence.state[direction] == CLEAN
                self._streams[direction] = Stream(int(self.sequence.next[direction]) if begun else None, synced=bool(begun))
                self.sequence.state[direction] = SLOW

    def finish(self) -> Iterator[Said]:
        """At the end of all captures: what stands behind gaps is read, the rest is counted as not understood."""
        for direction, stream in sorted(self._streams.items(), key=lambda one: one[0]):
            yield from self._read_held(direction, stream)
            stream.discard()
            self._tell_losses(-1, direction, stream)
        self._streams.clear()

    def waiting(self) -> list[int]:
        """Numbers of the conversations in which something waits behind a gap."""
        return sorted({direction >> 1 for direction, stream in self._streams.items() if stream.waits})

    def forget(self, anew: dict[int, int]) -> None:
        """What the streams of conversations hold that are about to be forgotten counts as not understood."""
        for direction in [at for at in self._streams if at >> 1 not in anew]:
            self._give_up(direction, self._streams.pop(direction))

    def keep(self, anew: dict[int, int]) -> None:
        """Follow conversations to their new numbers."""
        self.sequence.keep(np.array([2 * number + side for number in anew for side in (0, 1)], dtype=np.int64))
        self._streams = {2 * anew[at >> 1] + (at & 1): stream for at, stream in self._streams.items() if at >> 1 in anew}
        self.repeated.renumber(anew)
        self._sessions = {anew[number]: session for number, session in self._sessions.items() if number in anew}

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
            self._conversations.decide(number, by_port, Role.MESSAGE)  # of two well-known ports the one of what is spoken tells
            return by_port
        return NOBODY if self._conversations.role[number] == Role.GUESS else int(self._conversations.client[number])

    def _feed(self, direction: int, stream: Stream, batch: Batch, row: int) -> Iterator[Said]:
        packets = batch.packets
        seq, flags, time_ns = int(packets.seq[row]), int(packets.flags[row]), int(packets.time_ns[row])
        if stream.restarts(seq, flags):
            yield from self._read_held(direction, stream)
            self._sessions.pop(direction >> 1, None)
        payload = batch.payload(row)
        fresh = stream.feed(seq, payload, flags, time_ns, int(batch.place[row]))
        stream.skip(seq + (flags & SYN > 0), len(payload), int(packets.missing[row]))
        yield from self._read_on(direction, stream, fresh)
        while stream.overdue(time_ns):
            yield from self._pass_gap(direction, stream)

    def _read_held(self, direction: int, stream: Stream) -> Iterator[Said]:
        while stream.waits:
            yield from self._pass_gap(direction, stream)

    def _pass_gap(self, direction: int, stream: Stream) -> Iterator[Said]:
        self._sessions.pop(direction >> 1, None)
        fresh = stream.give_up()
        while fresh:
            yield from (said._replace(at=stream.at) for said in self._read_on(direction, stream, fresh))
            fresh = stream.following()

    def _read_on(self, direction: int, stream: Stream, fresh: bytes) -> Iterator[Said]:
        """Read what a stream holds, now that `fresh` came."""
        stream.buffer += fresh
        dissector = self._stores.dissector(direction >> 1)
        if not stream.synced and stream.buffer:
            _find_start(dissector, stream)
        if stream.cut:
            yield from self._read_cut(direction, stream)
        if not stream.synced or not stream.buffer:
            return
        payload = stream.buffer
        reading = read(dissector, payload, self._stores.is_request(direction), self._session(dissector, direction >> 1))
        stream.buffer = payload[reading.used :]
        if len(stream.buffer) > BUFFER:
            stream.unread += len(stream.buffer)
            stream.buffer, stream.synced = b"", False
        if reading.messages:
            yield Said(-1, direction, self._stores.of(direction).weigh(reading), payload)

    def _read_cut(self, direction: int, stream: Stream) -> Iterator[Said]:
        """Read up to where the snap length cut; the next segment begins a message when this one ended with one."""
        payload, missing, synced = stream.buffer, stream.cut, stream.synced
        stream.buffer, stream.cut, stream.synced = b"", 0, False
        self._sessions.pop(direction >> 1, None)
        if not synced:
            stream.unread += len(payload)
            return
        reading, stream.synced = read_cut(self._stores.dissector(direction >> 1), payload, missing, self._stores.is_request(direction))
        yield Said(-1, direction, self._stores.of(direction).weigh(reading), payload)

    def _stream(self, direction: int, batch: Batch) -> Stream:
        if direction not in self._streams:
            self._streams[direction] = stream = Stream(*batch.begun[direction])
            stream.torn = not stream.synced
            self.sequence.state[direction] = SLOW
        return self._streams[direction]

    def _session(self, dissector: Dissector, number: int) -> object:
        """What the protocol remembers; dissectors bound it themselves, and there is one a conversation."""
        if dissector.session is None:
            return None
        if number not in self._sessions:
            self._sessions[number] = dissector.session()
        session = self._sessions[number]
        if dissector.unbroken is not None:
            dissector.unbroken(session, self._is_whole(number))
        return session

    def _is_whole(self, number: int) -> bool:
        """Whether all that both sides said since the connection began was captured, and nothing waits behind a gap."""
        both = (self._streams.get(2 * number), self._streams.get(2 * number + 1))
        return all(stream is not None and not stream.torn and not stream.waits for stream in both)

    def _let_rest(self, direction: int) -> None:
        """A stream that needs no help any more takes the short way again."""
        stream = self._streams[direction]
        if stream.idle and self._stores.dissector(direction >> 1).session is None:
            self.sequence.next[direction], self.sequence.state[direction] = stream.next or 0, CLEAN
            del self._streams[direction]

    def _make_room(self) -> None:
        for direction in list(self._streams) if self._held > BYTES else ():
            if self._held <= BYTES:
                return
            self._give_up(direction, self._streams.pop(direction))
            self.sequence.state[direction] = UNKNOWN

    def _give_up(self, direction: int, stream: Stream) -> None:
        self._held -= stream.size
        stream.discard()
        self._tell_losses(-1, direction, stream)

    def _tell_losses(self, row: int, direction: int, stream: Stream) -> None:
        if stream.lost or stream.unread:
            self.losses.append((row, direction >> 1, Losses(stream.lost, stream.unread)))
            stream.lost = stream.unread = 0


def _find_start(dissector: Dissector, stream: Stream) -> None:
    """Look for the beginning of a message behind a gap (domain/protocols.md 0.3, rule 2)."""
    offset = begins(dissector, filled(stream.buffer, stream.cut), min(len(stream.buffer), RESYNC))
    if offset >= 0:
        stream.unread += offset
        stream.buffer, stream.synced = stream.buffer[offset:], True
        return
    if len(stream.buffer) > RESYNC:
        stream.unread += len(stream.buffer)
        stream.buffer = b""
