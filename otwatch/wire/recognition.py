"""What is spoken in a conversation: found by its content; the port is a hint about whom to ask first.

A TCP conversation is tried from its first byte on, so that a message split over its first segments is recognised too, for its first
few payloads, longer where the port hints at a protocol. Every datagram begins with a message: one that carries the marks of a protocol
is shown to it, however late it comes, and all others are passed over in columns.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from otwatch.decode.conversations import NOTHING, UNDECIDED, Conversations, Talk
from otwatch.decode.sequence import CLEAN, UNKNOWN, Sequence
from otwatch.decode.streams import BUFFER, Stream
from otwatch.dissectors.base import Dissector
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.packets import ACK, I64, SYN, TCP, UDP, Bools, Packets, payload_of
from otwatch.sightings import Role
from otwatch.wire.cut import filled

TRIES, HINTED_TRIES = 4, 64
"""Payloads looked at before a conversation is given up, without and with a port that hints at a protocol."""
TRIALS, TRIAL_BYTES = 16_384, 1 << 26
"""TCP conversations that may be undecided at once, and what their streams may hold; beyond it the oldest is tried anew."""


_CARRIES = {0: "ethernet", TCP: "tcp", UDP: "udp"}
"""What dissectors call an IP protocol, 0 what is not IP, among their transports; any other is "ip 112"."""


class Recognised(NamedTuple):
    """A conversation's protocol was found in packet `row`.

    TCP: `streams` hold what its sides said so far, by direction; else `payload` is what `side` said in that packet.
    """

    row: int
    number: int
    label: int
    side: int
    streams: dict[int, Stream]
    payload: bytes


_Order = tuple[tuple[int, Dissector, bool], ...]
"""Labels and dissectors in the order in which they are asked, with whether a port hints at them."""


@dataclass(slots=True)
class _Trial:
    tries: int = 0
    streams: dict[int, Stream] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes held."""
        return sum(stream.size for stream in self.streams.values())


class Recognition:
    """Looks at the payloads of undecided conversations."""

    def __init__(self, dissectors: tuple[Dissector, ...], conversations: Conversations, sequence: Sequence) -> None:
        self._dissectors = dissectors
        self._conversations = conversations
        self._sequence = sequence
        self._trials: OrderedDict[int, _Trial] = OrderedDict()
        self._held = 0
        self._place: I64 = np.empty(0, dtype=np.int64)
        self.opened: list[tuple[int, int, int]] = []
        self._hinting = frozenset(port for one in dissectors for port in one.ports)
        self._order = lru_cache(maxsize=4096)(self._find_order)

    def hear(self, packets: Packets, talk: Talk, place: I64, rows: I64) -> list[Recognised]:
        """Look at the openings and payloads in `rows` (ascending), as long as their conversation is undecided.

        `opened` then holds row, number and client of the conversations of which a SYN tells more than was known.
        """
        self._place = place
        found: dict[int, Recognised] = {}
        label = self._conversations.label
        for row, number, side in zip(rows.tolist(), talk.number[rows].tolist(), talk.side[rows].tolist(), strict=True):
            if number in found:
                continue
            if packets.protocol[row] == TCP and packets.flags[row] & SYN:
                self._open(number, 2 * number + side, int(packets.seq[row]), bool(packets.flags[row] & ACK))
                if self._conversations.role[number] < Role.SYN:
                    self.opened.append((row, number, 1 - side if packets.flags[row] & ACK else side))
            if packets.length[row] and label[number] == UNDECIDED and (recognised := self._look(packets, row, number, side)):
                found[number] = recognised
        return list(found.values())

    def _open(self, number: int, direction: int, seq: int, answers: bool) -> None:
        """A connection begins: its stream is known from the first byte on, whatever was said there before."""
        self._sequence.next[direction], self._sequence.state[direction] = (seq + 1) & 0xFFFFFFFF, CLEAN
        if number in self._trials and direction in self._trials[number].streams:
            self._held -= self._trials[number].streams.pop(direction).size
        if not answers and self._conversations.label[number] == NOTHING:
            self._conversations.speak(number, UNDECIDED)

    def keep(self, anew: dict[int, int]) -> None:
        """Follow conversations to their new numbers."""
        self._trials = OrderedDict((anew[number], trial) for number, trial in self._trials.items() if number in anew)
        for number, trial in self._trials.items():
            trial.streams = {2 * number + (direction & 1): stream for direction, stream in trial.streams.items()}
        self._held = sum(trial.size for trial in self._trials.values())

    def _look(self, packets: Packets, row: int, number: int, side: int) -> Recognised | None:
        payload = payload_of(packets, row)
        protocol, *ports = self._conversations.server_port(number)
        hints = self._hinting.intersection(ports)
        order = self._order(protocol, hints, self._conversations.ethertype(number))
        if protocol == TCP:
            return self._look_at_stream(packets, row, payload, number, side, order)
        label = self._try(filled(payload, int(packets.missing[row])), order)
        return Recognised(row, number, label, side, {}, payload) if label >= 0 else None

    def _look_at_stream(self, packets: Packets, row: int, payload: bytes, number: int, side: int, order: _Order) -> Recognised | None:
        trial = self._trials.setdefault(number, _Trial())
        trial.tries += 1
        before = trial.size
        label = self._try_stream(packets, row, payload, trial, number * 2 + side, order)
        self._held += trial.size - before
        tries = HINTED_TRIES if order[0][2] else TRIES
        if label < 0 and trial.tries < tries:
            self._make_room()
            return None
        self._drop(number)
        if label < 0:
            self._conversations.speak(number, NOTHING)
            return None
        return Recognised(row, number, label, side, trial.streams, b"")

    def _sure(self, label: int, trial: _Trial, order: _Order) -> int:
        """What is sealed is never listened to again: where a port hints at what can be read, both sides must say so; -1 until they do."""
        hints = {hinted for hinted, _, hint in order if hint}
        if label < 0 or label in hints or not hints or not self._dissectors[label].sealed:
            return label
        agree = len(trial.streams) == 2 and all(knows(self._dissectors[label], one.buffer, False) for one in trial.streams.values())
        return label if agree else -1

    def _make_room(self) -> None:
        while len(self._trials) > TRIALS or self._held > TRIAL_BYTES:
            number = next(iter(self._trials))
            self._drop(number)
            self._sequence.state[2 * number : 2 * number + 2] = UNKNOWN

    def _drop(self, number: int) -> None:
        self._held -= self._trials.pop(number).size

    def _try_stream(self, packets: Packets, row: int, payload: bytes, trial: _Trial, direction: int, order: _Order) -> int:
        begun = self._sequence.state[direction] == CLEAN
        stream = trial.streams.setdefault(direction, Stream(int(self._sequence.next[direction]) if begun else None, synced=False))
        seq = int(packets.seq[row]) + bool(packets.flags[row] & SYN)  # a SYN counts as a byte before the payload
        if stream.cut:
            stream.discard()
        fresh = stream.feed(seq & 0xFFFFFFFF, payload, 0, int(packets.time_ns[row]), int(self._place[row]))
        stream.skip(seq, len(payload), int(packets.missing[row]))
        stream.buffer += fresh
        label = self._sure(self._try(filled(stream.buffer, stream.cut), order), trial, order)
        if label < 0 and fresh and len(fresh) < len(stream.buffer):
            label = self._sure(self._try(fresh, order), trial, order)
            if label >= 0:
                stream.unread += len(stream.buffer) - len(fresh)
                stream.buffer = fresh
        known = label >= 0
        if not known and stream.waits:
            label = self._sure(self._try(payload, order), trial, order)
        if len(stream.buffer) > BUFFER:
            trial.tries = HINTED_TRIES
        stream.synced = known or (label >= 0 and not stream.buffer)
        return label

    def _try(self, payload: bytes, order: _Order) -> int:
        """The first dissector that knows the payload; -1 for none."""
        return next((label for label, dissector, hint in order if knows(dissector, payload, hint)), -1)

    def _find_order(self, protocol: int, hints: frozenset[int], ethertype: int) -> _Order:
        """Whom to ask: those at whom a port hints before the others."""
        transport = _CARRIES.get(protocol, f"ip {protocol}")
        able = [(label, one) for label, one in enumerate(self._dissectors) if transport in one.transports and one.ethertype == ethertype]
        asked = [(label, one, bool(ethertype) or not one.ports.isdisjoint(hints)) for label, one in able]
        return tuple(sorted((row for row in asked if row[2] or not row[1].fixed), key=lambda row: not row[2]))


def knows(dissector: Dissector, payload: bytes, hint: bool, at: int = 0) -> bool:
    """Whether the bytes from `at` on look like the protocol, from the start of a message. Its marks are asked first: that costs least."""
    for offset, values in dissector.marks:
        if at + offset < len(payload) and payload[at + offset] not in values:
            return False
    try:
        return at < len(payload) and dissector.looks_like(Reader(payload, at), hint)
    except Malformed:
        return False


def begins(dissector: Dissector, payload: bytes, reach: int) -> int:
    """Where in the first `reach` bytes a message begins; -1 for nowhere. Its marks leave few places to look at."""
    data = np.frombuffer(payload, dtype=np.uint8)
    places = np.arange(min(reach, len(data)))
    for offset, values in dissector.marks:
        at = places + offset
        places = places[(at >= len(data)) | _among(values, 256)[data[np.minimum(at, len(data) - 1)]]]
    return next((at for at in places.tolist() if knows(dissector, payload, hint=at == 0, at=at)), -1)


def undecided(conversations: Conversations, packets: Packets, talk: Talk, marked: "Marked") -> I64:
    """The rows that may tell what is spoken: openings, payloads of undecided TCP conversations, marked datagrams."""
    label, tcp = conversations.label[talk.number], packets.protocol == TCP
    opens = tcp & (packets.flags & SYN > 0) & (label < 0)
    tried = label == UNDECIDED
    anew = talk.number[opens & (label == NOTHING)]
    if len(anew):
        tried |= np.isin(talk.number, anew)
    segments = tcp & (packets.length > 0) & tried
    datagrams = np.flatnonzero(~tcp & (packets.length > 0) & (label == UNDECIDED))
    return np.sort(np.concatenate([np.flatnonzero(opens | segments), marked(packets, datagrams)]))


class Marked:
    """Finds the datagrams, and the frames of a known ethertype, that carry the marks of a protocol."""

    def __init__(self, dissectors: tuple[Dissector, ...]) -> None:
        datagrams = [one for one in dissectors if "udp" in one.transports]
        self._marks = [_table(one) for one in datagrams]
        self._places = [_among(one.ports, 65_536) if one.fixed else None for one in datagrams]
        frames = [one for one in dissectors if "ethernet" in one.transports]
        self._ethertypes = [one.ethertype for one in frames if not one.marks]
        self._frames = [(one.ethertype, _table(one)) for one in frames if one.marks]
        self._above_ip = [(protocol, _table(one)) for one in dissectors for protocol in _protocols(one)]

    def __call__(self, packets: Packets, rows: I64) -> I64:
        bare, protocol = np.flatnonzero(packets.ip_version[rows] == 0), packets.protocol[rows]
        ethertype = packets.ethertype[rows[bare]]
        hit = np.zeros(len(rows), dtype=np.bool_)
        hit[bare] = np.isin(ethertype, self._ethertypes)
        for spoken, marks in self._frames:
            framed = bare[ethertype == spoken]
            hit[framed[_marked(packets, rows[framed], marks)]] = True
        for spoken, marks in self._above_ip:
            there = np.flatnonzero(protocol == spoken)
            hit[there[_marked(packets, rows[there], marks)]] = True
        udp = np.flatnonzero(protocol == UDP)
        ports = packets.src_port[rows[udp]], packets.dst_port[rows[udp]]
        for marks, place in zip(self._marks, self._places, strict=True):
            there = udp if place is None else udp[place[ports[0]] | place[ports[1]]]
            hit[there[_marked(packets, rows[there], marks)]] = True
        found: I64 = rows[hit]
        return found


def _protocols(dissector: Dissector) -> list[int]:
    """The IP protocols that have no ports and that it is spoken above."""
    return [int(name.removeprefix("ip ")) for name in dissector.transports if name.startswith("ip ")]


def _table(dissector: Dissector) -> list[tuple[int, Bools]]:
    return [(offset, _among(values, 256)) for offset, values in dissector.marks]


def _marked(packets: Packets, rows: I64, marks: list[tuple[int, Bools]]) -> I64:
    """The positions in `rows` of the payloads that carry all marks."""
    start, length = packets.start[rows], packets.length[rows]
    left = np.arange(len(rows))
    for offset, values in marks:
        left = left[length[left] > offset]
        left = left[values[packets.data[start[left] + offset]]]
    return left


@lru_cache
def _among(values: frozenset[int], size: int) -> Bools:
    """Which of the numbers below `size` are among these."""
    table = np.zeros(size, dtype=np.bool_)
    table[list(values)] = True
    return table


def openings(packets: Packets, talk: Talk, awaited: set[int]) -> list[int]:
    """The rows that open a connection anew in which somebody waits."""
    opens = np.flatnonzero((packets.protocol == TCP) & (packets.flags & (SYN | ACK) == SYN))
    return [row for row in opens.tolist() if int(talk.number[row]) in awaited]
