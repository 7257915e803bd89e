"""IP fragments put together again: IPv4 (RFC 791 3.2, RFC 815) and IPv6 (RFC 8200 4.5, RFC 5722).

The fragment that completes a datagram stands for all of it; the others carry nothing. Fragments are taken in the order of
their rows, so where a batch ends changes nothing. What is kept is bounded in datagrams and in bytes; the datagram that
waited longest without a new fragment goes first.

Overlaps do not happen by accident: in IPv4 the bytes that came first stay and the datagram is marked, in IPv6 it is dropped
with all its later fragments. The same fragment twice is harmless and passes unnoticed, also just after its datagram is whole:
mirror ports show every packet twice, and an echo must not wait for a datagram that never comes.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import NamedTuple

TIMEOUT_NS = 30_000_000_000
"""Packet time a datagram may take from its first fragment to its last."""

ECHO_NS = 50_000_000
"""Packet time within which a fragment of a whole datagram is its echo, and no new datagram (domain/zones.md 9.4)."""

_SIZE_LIMIT = 65_535
_ECHOES = 64

Key = tuple[int, ...]
"""What fragments of one datagram have in common: IP version, VLAN, addresses, identification, and in IPv4 the protocol."""


class Piece(NamedTuple):
    """A fragment: `data` belongs at byte `offset` of the datagram; `protocol` counts at offset 0."""

    offset: int
    data: bytes
    more: bool
    protocol: int
    time_ns: int


class Joined(NamedTuple):
    """What became of a fragment: the whole datagram and its protocol once nothing is missing; whether anything was wrong."""

    whole: bytes | None = None
    protocol: int = 0
    wrong: bool = False


@dataclass(slots=True)
class _Datagram:
    """`have` has bit n set once the 8 bytes from 8n are there; `size` is -1 until the last fragment tells it."""

    since_ns: int
    content: bytearray = field(default_factory=bytearray)
    have: int = 0
    size: int = -1
    protocol: int = 0
    overlapped: bool = False
    dropped: bool = False

    def is_whole(self) -> bool:
        return self.size >= 0 and self.have == (1 << _blocks(self.size)) - 1

    def fits(self, piece: Piece) -> bool:
        """Whether the fragment agrees with the end already known."""
        end = piece.offset + len(piece.data)
        if self.size >= 0:
            return end <= self.size and (piece.more or end == self.size)
        return piece.more or end >= len(self.content)

    def overlap(self, piece: Piece) -> int:
        return self.have & _span(piece)

    def repeats(self, piece: Piece) -> bool:
        """Whether the fragment tells nothing new: all its bytes are there, and are the same."""
        return (piece.more or self.size >= 0) and self.overlap(piece) == _span(piece) and self.content.startswith(piece.data, piece.offset)

    def put(self, piece: Piece) -> None:
        """Take the bytes that are not there yet."""
        end = piece.offset + len(piece.data)
        self.content.extend(bytes(max(0, end - len(self.content))))
        if self.overlap(piece):
            self._fill(piece)
        else:
            self.content[piece.offset : end] = piece.data
        self.have |= _span(piece)
        if not piece.more:
            self.size = end
        if not piece.offset:
            self.protocol = piece.protocol

    def _fill(self, piece: Piece) -> None:
        for at in range(0, len(piece.data), 8):
            if not self.have >> (piece.offset + at) // 8 & 1:
                block = piece.data[at : at + 8]
                self.content[piece.offset + at : piece.offset + at + len(block)] = block


class Fragments:
    """The datagrams that wait for more, of one stream of packets. Counters: `joined`, `evicted` (bounds), `expired` (time)."""

    def __init__(self, datagrams: int = 1024, held: int = 16 << 20) -> None:
        """At most `datagrams` at once, and `held` bytes of content."""
        self.joined = self.evicted = self.expired = 0
        self._datagrams, self._held = datagrams, held
        self._waiting: OrderedDict[Key, _Datagram] = OrderedDict()
        self._bytes = 0
        self._whole: OrderedDict[Key, _Datagram] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def incomplete(self) -> int:
        """Datagrams that were given up."""
        return self.evicted + self.expired

    def add(self, key: Key, piece: Piece) -> Joined:
        """Take one fragment, captured whole and without a flaw."""
        if not _is_possible(piece):
            return Joined(wrong=True)
        if self._is_echo(key, piece):
            return Joined()
        datagram = self._find(key, piece.time_ns)
        if datagram.dropped or not datagram.fits(piece):
            return Joined(wrong=True)
        wrong = False
        if datagram.overlap(piece):
            if datagram.repeats(piece):
                return Joined()
            wrong = datagram.overlapped = True
        if wrong and key[0] == 6:
            self._drop(datagram)
            return Joined(wrong=True)
        return self._put(key, datagram, piece, wrong)

    def _is_echo(self, key: Key, piece: Piece) -> bool:
        whole = self._whole.get(key)
        return whole is not None and abs(piece.time_ns - whole.since_ns) <= ECHO_NS and whole.fits(piece) and whole.repeats(piece)

    def _find(self, key: Key, time_ns: int) -> _Datagram:
        datagram = self._waiting.get(key)
        if datagram and abs(time_ns - datagram.since_ns) > TIMEOUT_NS:
            self._forget(key)
            self.expired += 1
            datagram = None
        if not datagram:
            datagram = self._waiting[key] = _Datagram(time_ns)
        self._waiting.move_to_end(key)
        return datagram

    def _put(self, key: Key, datagram: _Datagram, piece: Piece, wrong: bool) -> Joined:
        before = len(datagram.content)
        datagram.put(piece)
        self._bytes += len(datagram.content) - before
        if datagram.is_whole():
            self._forget(key)
            self._remember(key, datagram, piece.time_ns)
            return Joined(bytes(datagram.content), datagram.protocol, datagram.overlapped)
        while len(self._waiting) > self._datagrams or self._bytes > self._held:
            self._forget(next(iter(self._waiting)))
            self.evicted += 1
        return Joined(wrong=wrong)

    def _remember(self, key: Key, datagram: _Datagram, time_ns: int) -> None:
        self.joined += 1
        datagram.since_ns = time_ns
        self._whole[key] = datagram
        self._whole.move_to_end(key)
        if len(self._whole) > _ECHOES:
            self._whole.popitem(last=False)

    def _drop(self, datagram: _Datagram) -> None:
        """Keep the memory of it, so that later fragments do not begin it anew."""
        self._bytes -= len(datagram.content)
        datagram.dropped, datagram.content = True, bytearray()

    def _forget(self, key: Key) -> None:
        self._bytes -= len(self._waiting.pop(key).content)


def _blocks(size: int) -> int:
    return (size + 7) // 8


def _span(piece: Piece) -> int:
    """The bits of `_Datagram.have` that a fragment sets; offsets are multiples of 8."""
    return (1 << _blocks(len(piece.data))) - 1 << piece.offset // 8


def _is_possible(piece: Piece) -> bool:
    """RFC 791 3.2, RFC 8200 4.5: not empty, whole blocks of 8 bytes but for the last, no datagram beyond 65535 bytes."""
    size = len(piece.data)
    return size > 0 and not (piece.more and size % 8) and piece.offset + size <= _SIZE_LIMIT
