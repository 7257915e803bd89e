"""The block format pcapng (draft-ietf-opsawg-pcapng-03): sections of blocks, each section in its own byte order.

A block is type, length, body, and its length again. A section says what interfaces it has; a packet block names one of them,
which gives link type and clock. A batch is a run: packet blocks of one kind under one set of interfaces. So the walk only
looks at the type and length of a packet block, and everything else about it is read, and checked, a column at a time.
Blocks that are neither packets nor interfaces nor their statistics (names, secrets, journals, custom) are passed unread.
"""

from struct import Struct
from typing import Any, NamedTuple

import numpy as np

from otwatch.capture.batches import MAX_CAPTURED, Columns, Records, gather
from otwatch.capture.interfaces import INTERFACE_LEAST, STATISTICS_LEAST, Interface, interface, nanoseconds, statistics
from otwatch.errors import Keyed
from otwatch.packets import I64, U8, U64, Bools
from otwatch.words import phrase

SECTION, INTERFACE, OBSOLETE, SIMPLE, STATISTICS, ENHANCED = 0x0A0D0D0A, 1, 2, 3, 5, 6  # sections 4.1, 4.2, A, 4.4, 4.6, 4.3
HEADER = 12
"""Bytes that tell a pcapng: type, length and byte-order magic of the first section."""

MAX_BLOCK = 16 << 20
"""Bytes of the longest block, as in Wireshark (wiretap/pcapng.c, MAX_BLOCK_SIZE)."""

MAX_INTERFACES = 1 << 16
"""Interfaces in one section; the table must have a bound."""

SECTION_LEAST = 28
"""Bytes of a section header block without options (4.1)."""

_BLOCK_ENDS = 12  # type, length, and the length again
_BYTE_ORDERS = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_RUN_ENDS = {SECTION, INTERFACE, OBSOLETE, SIMPLE, ENHANCED}


class Kind(NamedTuple):
    """A kind of packet block: the columns of its head, and how long the block is at least."""

    head: np.dtype[Any]
    least: int


class Order(NamedTuple):
    """All that depends on the byte order of a section."""

    sign: str
    block: Struct
    word: Struct
    kinds: dict[int, Kind]


class Flaw(Keyed):
    """The bytes are no block."""


class Short(Keyed):
    """The bytes may be the beginning of a block."""


_STAMPED = (("high", "u4"), ("low", "u4"), ("captured", "u4"), ("wire", "u4"))
_HEADS: dict[int, tuple[tuple[str, str], ...]] = {
    ENHANCED: (("type", "u4"), ("total", "u4"), ("interface", "u4"), *_STAMPED),
    OBSOLETE: (("type", "u4"), ("total", "u4"), ("interface", "u2"), ("drops", "u2"), *_STAMPED),
    SIMPLE: (("type", "u4"), ("total", "u4"), ("wire", "u4")),
}


def _order(sign: str) -> Order:
    heads = {kind: np.dtype([(field, sign + size) for field, size in head]) for kind, head in _HEADS.items()}
    kinds = {kind: Kind(head, head.itemsize + 4) for kind, head in heads.items()}
    return Order(sign, Struct(sign + "II"), Struct(sign + "I"), kinds)


_ORDERS = {sign: _order(sign) for sign in "<>"}


def is_pcapng(beginning: bytes) -> bool:
    return beginning[:4] == SECTION.to_bytes(4) and beginning[8:12] in _BYTE_ORDERS


class Pcapng:
    """The layout of a file, and what its current section has said so far."""

    name = "pcapng"

    def __init__(self) -> None:
        self._order = _ORDERS["<"]
        self._interfaces: list[Interface] = []
        self._lost: dict[tuple[int, int], int] = {}
        self._sections = 0
        self._kind = ENHANCED  # of the run
        self._last_ns = 0

    def walk(self, data: memoryview, at: int, starts: list[int], most: int) -> tuple[int, bool]:
        try:
            while True:
                at = self._packets(data, at, starts, most)
                if len(starts) == most:
                    return at, False
                kind, size = self._block(data, at)
                if starts and kind in _RUN_ENDS:
                    return at, False
                at += self._enter(kind, data, at, size)
        except Short:
            return at, True
        except Flaw:
            return at, False

    def _packets(self, data: memoryview, at: int, starts: list[int], most: int) -> int:
        """Walk over packet blocks of the run's kind, as far as they are whole."""
        block, run, least, end = self._order.block.unpack_from, self._kind, self._order.kinds[self._kind].least, len(data)
        while at + _BLOCK_ENDS <= end and len(starts) < most:
            kind, total = block(data, at)
            after = at + total
            if kind != run or not least <= total <= MAX_BLOCK or after > end:
                break
            starts.append(at)
            at = after
        return at

    def _block(self, data: memoryview, at: int) -> tuple[int, int]:
        """Type and length of the whole block at `at`, or its Flaw."""
        there = len(data) - at
        if there < _BLOCK_ENDS:
            raise Short("broken.block_begin", there=there, least=_BLOCK_ENDS)
        order = self._order_at(data, at)
        kind, total = order.block.unpack_from(data, at)
        least = order.kinds[kind].least if kind in order.kinds else _BLOCK_ENDS
        if not least <= total <= MAX_BLOCK:
            raise Flaw("broken.block_size", kind=f"{kind:#x}", size=total, least=least, most=MAX_BLOCK)
        if there < total:
            raise Short("broken.block", there=there, whole=total, kind=f"{kind:#x}")
        (again,) = order.word.unpack_from(data, at + total - 4)
        if again != total:
            raise Flaw("broken.block_lengths", kind=f"{kind:#x}", first=total, again=again)
        return kind, total

    def _order_at(self, data: memoryview, at: int) -> Order:
        """The byte order of the block at `at`: that of its section, unless it begins one itself."""
        if data[at : at + 4] != SECTION.to_bytes(4):
            return self._order
        sign = _BYTE_ORDERS.get(bytes(data[at + 8 : at + 12]))
        if sign is None:
            raise Flaw("broken.byte_order")
        return _ORDERS[sign]

    def _enter(self, kind: int, data: memoryview, at: int, size: int) -> int:
        """Take in a block outside a run; returns how many bytes to pass."""
        if kind in _HEADS:
            self._kind = kind  # a run begins here
            return 0
        if kind == SECTION:
            self._begin_section(data, at, size)
        elif kind == INTERFACE:
            self._add_interface(bytes(data[at + 8 : at + size - 4]))
        elif kind == STATISTICS and size >= _BLOCK_ENDS + STATISTICS_LEAST:
            self._add_statistics(bytes(data[at + 8 : at + size - 4]))
        return size

    def _begin_section(self, data: memoryview, at: int, size: int) -> None:
        order = self._order_at(data, at)
        if size < SECTION_LEAST:
            raise Flaw("broken.section", size=size, least=SECTION_LEAST)
        major = Struct(order.sign + "H").unpack_from(data, at + 12)[0]
        if major != 1:
            raise Flaw("broken.version", version=major)
        self._order, self._interfaces = order, []
        self._sections += 1

    def _add_interface(self, body: bytes) -> None:
        if len(body) < INTERFACE_LEAST:
            raise Flaw("broken.interface", size=len(body), least=INTERFACE_LEAST)
        if len(self._interfaces) == MAX_INTERFACES:
            raise Flaw("broken.interfaces", most=MAX_INTERFACES)
        self._interfaces.append(interface(body, self._order.sign))

    def _add_statistics(self, body: bytes) -> None:
        """They count from the beginning of the capture: the highest is the last."""
        index, lost = statistics(body, self._order.sign)
        if lost is not None and index < len(self._interfaces):
            of = self._sections, index
            self._lost[of] = max(lost, self._lost.get(of, 0))

    def lost(self) -> int | None:
        return sum(self._lost.values()) if self._lost else None

    def columns(self, data: U8, starts: I64) -> Columns:
        if not len(starts):
            return Columns(starts, starts, starts, starts, starts)
        heads = gather(data, starts, self._order.kinds[self._kind].head)
        length = self._lengths(heads)
        sound = self._sound(data, starts, heads, length)
        count = len(sound) if sound.all() else int(sound.argmin())
        return self._read(starts[:count], heads[:count], length[:count])

    def _lengths(self, heads: Records) -> I64:
        """Bytes captured. A Simple Packet Block leaves them to be guessed (4.4): no more than wire, snap length and block."""
        if self._kind != SIMPLE:
            return heads["captured"].astype(np.int64)
        room = heads["total"].astype(np.int64) - self._order.kinds[SIMPLE].least
        snap = (self._interfaces[0].snap if self._interfaces else 0) or MAX_CAPTURED
        return np.minimum(np.minimum(heads["wire"].astype(np.int64), room), snap)

    def _sound(self, data: U8, starts: I64, heads: Records, length: I64) -> Bools:
        """Whether both lengths of a block agree, its frame is inside it and not absurdly long, and its interface is known."""
        total = heads["total"].astype(np.int64)
        again = gather(data, starts + total - 4, np.dtype([("total", self._order.sign + "u4")]))["total"]
        room = total - self._order.kinds[self._kind].least
        known = _interface_of(heads) < len(self._interfaces)
        return np.asarray((again == total) & (length <= room) & (length <= MAX_CAPTURED) & known, np.bool_)

    def _read(self, starts: I64, heads: Records, length: I64) -> Columns:
        used, which = np.unique(_interface_of(heads), return_inverse=True)
        interfaces = [self._interfaces[index] for index in used]
        if self._kind == SIMPLE:
            time_ns = np.full(len(starts), self._last_ns, np.int64)  # it has no time: the last one seen
        else:
            time_ns = nanoseconds(_ticks(heads), [one.clock for one in interfaces], which)
        self._last_ns = int(time_ns[-1]) if len(time_ns) else self._last_ns
        link_type = np.array([one.link_type for one in interfaces], np.int64)[which]
        return Columns(starts + heads.dtype.itemsize, length, heads["wire"].astype(np.int64), time_ns, link_type)

    def ending(self, data: memoryview) -> str:
        if not data:
            return ""
        try:
            kind, size = self._block(data, 0)
            self._enter(kind, data, 0, size)
        except (Flaw, Short) as flaw:
            return str(flaw)
        return self._packet_flaw(np.frombuffer(data[:size], np.uint8))

    def _packet_flaw(self, block: U8) -> str:
        """What is wrong with a packet block that is a sound block."""
        heads = gather(block, np.zeros(1, np.int64), self._order.kinds[self._kind].head)
        named, known = int(_interface_of(heads)[0]), len(self._interfaces)
        if named >= known:
            return phrase("broken.unknown_interface", named=named, known=known).text()
        return phrase("broken.frame_in_block", size=int(self._lengths(heads)[0]), block=len(block)).text()


def _interface_of(heads: Records) -> I64:
    """The interface of each frame; a Simple Packet Block is always of the first (4.4)."""
    names = heads.dtype.names or ()
    return heads["interface"].astype(np.int64) if "interface" in names else np.zeros(len(heads), np.int64)


def _ticks(heads: Records) -> U64:
    return np.asarray((heads["high"].astype(np.uint64) << np.uint64(32)) | heads["low"], np.uint64)
