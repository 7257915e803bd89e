"""The state of a batch while its layers are read: where every row stands, and what is known of it so far.

A layer is a function that takes the walk and the rows it applies to, reads its header at `at`, fills columns, moves `at`
behind the header, and returns the rows that go on. Three ends bound what a row may read:

    at <= promised   the end that the headers read so far promise, never beyond the end of the frame on the wire
    at <= captured   the end of the bytes that were captured (the snap length cuts)

A row that breaks one of them gets a flaw and stops: its payload is empty, and no later layer sees it. The bytes of the next
frame in `data` are never read. All indexing is bounds-checked; the views overlap, so a field at any offset is one lookup.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from otwatch.packets import I64, U8, U64, Bools, Frames

Index = slice | I64
"""Rows of a batch: `ALL`, which costs nothing to apply, or row numbers."""

ALL = slice(None)


class Flaw(IntEnum):
    """Indices into `packets.FLAWS`."""

    LINK_CUT = 1
    LINK_UNKNOWN = 2
    IP_CUT = 3
    IP_WRONG = 4
    TRANSPORT_CUT = 5
    TRANSPORT_WRONG = 6
    FRAGMENT_WRONG = 7
    LINK_WRONG = 8


class Views(NamedTuple):
    """The bytes of a batch as overlapping integers: entry i begins at byte i. Reads give int64."""

    data: U8
    be16: NDArray[Any]
    le16: NDArray[Any]
    be32: NDArray[Any]
    be64: NDArray[Any]

    def u8(self, at: I64) -> I64:
        return self.data[at].astype(np.int64)

    def u16(self, at: I64) -> I64:
        return self.be16[at].astype(np.int64)

    def little16(self, at: I64) -> I64:
        return self.le16[at].astype(np.int64)

    def u32(self, at: I64) -> I64:
        return self.be32[at].astype(np.int64)

    def word(self, at: I64) -> I64:
        """8 bytes; the top bit becomes the sign, so mask after shifting."""
        return self.be64[at].astype(np.int64)

    def address(self, at: I64) -> U64:
        """8 bytes, half an IPv6 address."""
        return self.be64[at].astype(np.uint64)

    def mac(self, at: I64) -> I64:
        """6 bytes."""
        return self.u16(at) << 32 | self.u32(at + 2)


def views(data: U8) -> Views:
    return Views(data, *(_overlapping(data, layout) for layout in (">u2", "<u2", ">u4", ">i8")))


def _overlapping(data: U8, layout: str) -> NDArray[Any]:
    width = int(layout[-1])
    if data.size < width:
        return np.empty(0, layout)
    return np.ndarray((data.size - width + 1,), layout, buffer=data, strides=(1,))


def pick(rows: Index, mask: Bools) -> Index:
    """Those of `rows` where `mask`, which has one entry for each of them."""
    if mask.all():
        return rows
    return np.flatnonzero(mask) if isinstance(rows, slice) else rows[mask]


def none(rows: Index) -> bool:
    return not isinstance(rows, slice) and not rows.size


@dataclass(slots=True)
class Walk:
    """The columns of `Packets` on their way; `at`, `captured` and `promised` as above, offsets into the views' data."""

    views: Views
    at: I64
    captured: I64
    promised: I64
    src_mac: I64
    dst_mac: I64
    vlan: I64
    ethertype: I64
    ip_version: I64
    src_hi: U64
    src_lo: U64
    dst_hi: U64
    dst_lo: U64
    protocol: I64
    src_port: I64
    dst_port: I64
    flags: I64
    seq: I64
    ack: I64
    ttl: I64
    ident: I64
    flaw: U8
    fragment: Bools

    def numbers(self, rows: Index) -> I64:
        """`rows` as row numbers."""
        return np.arange(self.at.size)[rows] if isinstance(rows, slice) else rows

    def here(self, rows: Index) -> I64:
        """Where rows stand; a copy, so that it stays when they move on (with `ALL`, `at[rows]` would be `at` itself)."""
        return self.at[rows].copy()

    def flag(self, rows: Index, flaw: Flaw) -> None:
        """Note a flaw and go on; the first flaw of a row stays."""
        self.flaw[rows] = np.where(self.flaw[rows] == 0, np.uint8(flaw), self.flaw[rows])

    def stop(self, rows: Index, flaw: Flaw) -> None:
        """What a header says cannot be: no payload."""
        self.flag(rows, flaw)
        self.promised[rows] = self.at[rows]

    def close(self, rows: Index) -> None:
        """Not a byte of the payload can be used; what the capture cut off of it still counts as missing."""
        self.at[rows] = np.maximum(self.at[rows], self.captured[rows])

    def keep(self, rows: Index, good: Bools, flaw: Flaw) -> Index:
        """Stop the rows that are not good; the good ones."""
        if good.all():
            return rows
        self.stop(pick(rows, ~good), flaw)
        return pick(rows, good)

    def need(self, rows: Index, size: int | I64, cut: Flaw, wrong: Flaw) -> Index:
        """The rows with `size` more bytes; the others stop, because the headers promise less or the capture cut them off."""
        end = self.at[rows] + size
        lying = end > self.promised[rows]
        short = end > self.captured[rows]
        if not (short | lying).any():
            return rows
        self.stop(pick(rows, lying), wrong)
        self._lose(pick(rows, short & ~lying), cut)
        return pick(rows, ~(short | lying))

    def _lose(self, rows: Index, flaw: Flaw) -> None:
        self.flag(rows, flaw)
        self.close(rows)


def begin(frames: Frames) -> Walk:
    """Every row at the first byte of its frame, nothing known."""
    rows = frames.start.size
    blank, nought = np.full(rows, -1, np.int64), np.zeros(rows, np.int64)
    wide = np.zeros(rows, np.uint64)
    return Walk(
        views=views(frames.data),
        at=frames.start.copy(),
        captured=frames.start + frames.length,
        promised=frames.start + np.maximum(frames.length, frames.wire_length),
        src_mac=blank, dst_mac=blank.copy(), vlan=blank.copy(), ethertype=blank.copy(),
        ip_version=nought, protocol=nought.copy(), ttl=nought.copy(), ident=nought.copy(), flags=nought.copy(),
        src_hi=wide, src_lo=wide.copy(), dst_hi=wide.copy(), dst_lo=wide.copy(),
        src_port=nought.copy(), dst_port=nought.copy(), seq=nought.copy(), ack=nought.copy(),
        flaw=np.zeros(rows, np.uint8),
        fragment=np.zeros(rows, np.bool_),
    )  # fmt: skip
