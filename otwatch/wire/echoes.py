"""Packets that were captured twice: a mirror of several ports, or of both sides of a router, shows a packet each time it passes.

The same packet is: the same addresses, protocol, ports, numbers and flags of TCP, payload, and the same identification in IPv4 within
50 ms (domain/zones.md 9.4), whatever became of MACs, VLAN, TTL and checksum on the way. A device that sends the same again counts the
identification on. Where there is none (IPv6, and stacks that leave it 0) only a payload within 5 ms is the same packet.
"""

from collections import deque
from secrets import randbits

import numpy as np

from otwatch.decode.statements import Meanings, Statement
from otwatch.events import Echo, Piece
from otwatch.packets import I64, SYN, TCP, U8, U64, Bools, Packets, payload_of, words_at
from otwatch.wire.listening import Heard

IDENTIFIED_NS, NAMELESS_NS = 50_000_000, 5_000_000
"""Packet time between a packet and its echo, with and without an identification."""
WINDOW = 4_096
"""Packets between them, at most."""
_FACTORS = [np.uint64(randbits(64) | 1) for _ in range(8)]


class Echoes:
    """The packets of the window; `seen` counts the echoes."""

    def __init__(self) -> None:
        self.seen = 0
        self._packets = 0
        self._batches: deque[tuple[int, Packets]] = deque()
        self._hash: U64 = np.empty(0, dtype=np.uint64)
        self._number: I64 = np.empty(0, dtype=np.int64)
        self._time: I64 = np.empty(0, dtype=np.int64)

    def hear(self, packets: Packets) -> Bools | None:
        """Which packets of a batch were there before; None where none was."""
        rows = np.flatnonzero((packets.ip_version > 0) & ~packets.fragment & ((packets.ident > 0) | (packets.length > 0)))
        first, self._packets = self._packets, self._packets + len(packets.start)
        self._batches.append((first, packets))
        hashes = np.concatenate([self._hash, _summary(packets, rows)])
        numbers = np.concatenate([self._number, rows + first])
        times = np.concatenate([self._time, packets.time_ns[rows]])
        ordered = np.sort(hashes)
        twice = ordered[1:][ordered[1:] == ordered[:-1]]
        alike = np.flatnonzero(_among(hashes, twice)) if len(twice) else np.empty(0, dtype=np.int64)
        found = self._confirm(hashes[alike], numbers[alike], times[alike], first) if len(twice) else None
        kept = numbers >= self._packets - WINDOW
        self._hash, self._number, self._time = hashes[kept], numbers[kept], times[kept]
        while self._batches[0][0] + len(self._batches[0][1].start) <= self._packets - WINDOW:
            self._batches.popleft()
        return found

    def _confirm(self, hashes: U64, numbers: I64, times: I64, first: int) -> Bools | None:
        """Hold each packet of the newest batch against the last one that looks like it."""
        order = np.argsort(hashes, kind="stable")
        alike = np.flatnonzero(hashes[order][1:] == hashes[order][:-1])
        one, other = order[alike], order[alike + 1]
        near = (np.abs(times[one] - times[other]) <= IDENTIFIED_NS) & (numbers[other] >= first) & (numbers[other] - numbers[one] <= WINDOW)
        before, after = numbers[one[near]], numbers[other[near]]
        if not len(after):
            return None
        was, is_now = self._facts(before), self._facts(after)
        later = np.abs(was[_TIME].astype(np.int64) - is_now[_TIME].astype(np.int64))
        same = (was[_TIME + 1 :] == is_now[_TIME + 1 :]).all(axis=0)
        same &= (is_now[_IDENT] > 0) | (is_now[_LENGTH] > 0) & (later <= NAMELESS_NS)
        same[same] = (self._heads(before[same]) == self._heads(after[same])).all(axis=0)
        pairs = [at for at in np.flatnonzero(same).tolist() if self._payload(int(before[at])) == self._payload(int(after[at]))]
        if not pairs:
            return None
        self.seen += len(pairs)
        found: Bools = np.zeros(self._packets - first, dtype=np.bool_)
        found[after[pairs] - first] = True
        return found

    def _facts(self, numbers: I64) -> U64:
        """Time, identification, length, and all else that must be equal, of packets by number."""
        facts = np.empty((_FACTS, len(numbers)), dtype=np.uint64)
        for first, packets in self._batches:
            here = np.flatnonzero((numbers >= first) & (numbers < first + len(packets.start)))
            rows = numbers[here] - first
            ends = packets.src_hi[rows], packets.src_lo[rows], packets.dst_hi[rows], packets.dst_lo[rows]
            ports = packets.protocol[rows] << 40 | packets.flags[rows] << 32 | packets.src_port[rows] << 16 | packets.dst_port[rows]
            columns = (packets.time_ns, packets.ident, packets.length, packets.missing, packets.seq, packets.ack)
            facts[:, here] = np.stack([*(column[rows].astype(np.uint64) for column in columns), ports.astype(np.uint64), *ends])
        return facts

    def _heads(self, numbers: I64) -> U8:
        """The first bytes of payloads, where nearly all that are not the same differ: comparing them one by one is dear."""
        heads = np.zeros((_HEAD, len(numbers)), dtype=np.uint8)
        for first, packets in self._batches:
            here = np.flatnonzero((numbers >= first) & (numbers < first + len(packets.start)))
            here = here[packets.length[numbers[here] - first] > 0]
            start, length = packets.start[numbers[here] - first], packets.length[numbers[here] - first]
            for at in range(_HEAD):
                heads[at, here] = packets.data[start + np.minimum(at, length - 1)]
        return heads

    def _payload(self, number: int) -> bytes:
        first, packets = next(one for one in reversed(self._batches) if one[0] <= number)
        return payload_of(packets, number - first)


_HEAD = _SHOWN = 16
_TIME, _IDENT, _LENGTH, _FACTS = 0, 1, 2, 11


def _summary(packets: Packets, rows: I64) -> U64:
    """A number of each packet that seldom is that of another: a keyed sum of what every packet of a stream has of its own."""
    ports = packets.src_port << 16 | packets.dst_port | packets.flags << 32
    place = packets.seq << 32 ^ packets.ack
    own = packets.ident << 32 | packets.length
    words = (ports.view(np.uint64), place.view(np.uint64), own.view(np.uint64), packets.src_lo, packets.dst_lo)
    mixed: U64 = np.zeros(len(own), dtype=np.uint64)
    for word, factor in zip(words, _FACTORS, strict=False):
        mixed += word * factor
    nameless = np.flatnonzero((packets.ident == 0) & (packets.length >= _SHOWN) & (packets.protocol != TCP))
    if len(nameless):
        mixed[nameless] += _shown(packets, nameless)
    return mixed if len(rows) == len(mixed) else mixed[rows]


def _shown(packets: Packets, rows: I64) -> U64:
    """A keyed sum of the first and last bytes of payloads: what datagrams without an identification have of their own."""
    start, end = packets.start[rows], packets.start[rows] + packets.length[rows]
    shown: U64 = np.zeros(len(rows), dtype=np.uint64)
    for at, factor in zip((start, start + 8, end - 8), _FACTORS[-3:], strict=True):
        shown += words_at(packets.data, at, 8)[0] * factor
    return shown


def _among(hashes: U64, few: U64) -> Bools:
    """Which hashes are among a few sorted ones."""
    among: Bools = few[np.minimum(np.searchsorted(few, hashes), len(few) - 1)] == hashes
    return among


def without_openings(packets: Packets, echoes: Bools) -> Packets:
    """The same packets; an echo opens no connection, for behind it may lie what was said since."""
    bare = echoes & (packets.protocol == TCP) & (packets.length == 0)
    return packets._replace(flags=np.where(bare, packets.flags & ~SYN, packets.flags))


def apart(heard: Heard, echoes: Bools, packets: Packets) -> tuple[Heard, Heard]:
    """What was said, and what was only heard again; TCP drops that before (decode/streams.py)."""
    again = echoes & (packets.protocol != TCP)
    rows = again[heard.rows]
    parts = (
        Heard(heard.rows[one], heard.store[one], heard.number[one], [said for said in heard.single if bool(again[said.row]) == echo])
        for one, echo in ((~rows, False), (rows, True))
    )
    said, echo = parts
    return said, echo


def meaning(statement: Statement, meanings: Meanings, protocol: str) -> int:
    """The number of everything that a statement says, as an echo. Pieces are put together once."""
    said = (event for message in statement.reading.messages for event in message.events)
    return meanings.number(tuple(Echo(protocol, event) for event in said if not isinstance(event, Piece | Echo)))
