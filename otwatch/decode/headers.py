"""What all headers of the link layer share: that they are there, and that they say where the frame ends."""

import numpy as np

from otwatch.decode.walk import Flaw, Index, Walk, pick
from otwatch.packets import I64


def need(walk: Walk, rows: Index, size: int | I64) -> Index:
    """The rows with `size` more bytes of link header."""
    return walk.need(rows, size, Flaw.LINK_CUT, Flaw.LINK_WRONG)


def ethernet(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_ETHERNET. IEEE 802.3-2022 3.1.1: receiver, sender, type or length."""
    rows = need(walk, rows, 14)
    at = walk.here(rows)
    last = walk.views.word(at + 6)
    walk.dst_mac[rows] = walk.views.word(at) >> 16 & 0xFFFF_FFFF_FFFF
    walk.src_mac[rows] = last >> 16 & 0xFFFF_FFFF_FFFF
    walk.ethertype[rows] = last & 0xFFFF
    walk.at[rows] = at + 14
    return rows


def limit(walk: Walk, rows: Index, size: I64) -> None:
    """The header says that `size` bytes follow; the rest of the frame is padding."""
    end = walk.at[rows] + size
    lying = end > walk.promised[rows]
    if lying.any():
        walk.flag(pick(rows, lying), Flaw.LINK_WRONG)
    walk.promised[rows] = np.minimum(end, walk.promised[rows])


def typed(walk: Walk, rows: Index, before: int, behind: int = 0) -> Index:
    """The next ethertype stands behind `before` bytes that tell nothing, and `behind` more follow it."""
    rows = need(walk, rows, before + 2 + behind)
    at = walk.here(rows)
    walk.ethertype[rows] = walk.views.u16(at + before)
    walk.at[rows] = at + before + 2 + behind
    return rows
