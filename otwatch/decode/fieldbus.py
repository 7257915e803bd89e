"""BACnet MS/TP: frames of the RS-485 bus, as captured on it or as an adapter hands them on in Ethernet frames.

    preamble 55 FF, frame type 1, receiver 1, sender 1, length 2 of the data, CRC of the header 1, data, CRC of the data 2

ANSI/ASHRAE 135-2020 clause 9.3. Only types 5 and 6 carry an NPDU; all others pass the token round.
"""

import numpy as np

from otwatch.decode.headers import limit, need
from otwatch.decode.walk import Flaw, Index, Walk
from otwatch.packets import I64

BACNET = 0x82
"""The service access point that stands for BACnet in the ethertype column, as in LLC."""
ADAPTER_ORGANISATION, ADAPTER_KIND = 0x001090, 1
"""SNAP header of Cimetrics U+4, which adds the time since the last frame (2) and a byte of its own in front."""
_ADAPTER = 3
_PREAMBLE = 0x55FF
_DATA = (5, 6)


def bus(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_BACNET_MS_TP. Stations have no MAC: their number takes its place, as with the adapter."""
    rows = need(walk, rows, 8)
    rows = walk.keep(rows, walk.views.u16(walk.here(rows)) == _PREAMBLE, Flaw.LINK_WRONG)
    at = walk.here(rows)
    walk.dst_mac[rows], walk.src_mac[rows] = walk.views.u8(at + 3), walk.views.u8(at + 4)
    walk.at[rows] = at + 2
    return _frame(walk, rows)


def adapted(walk: Walk, rows: Index) -> Index:
    """The same behind a SNAP header."""
    rows = need(walk, rows, _ADAPTER)
    walk.at[rows] = walk.here(rows) + _ADAPTER
    return _frame(walk, rows)


def _frame(walk: Walk, rows: Index) -> I64:
    """The data is what is left, without its CRC; nothing that the link layer knows follows."""
    walk.ethertype[rows] = -1
    rows = need(walk, rows, 6)
    at = walk.here(rows)
    walk.at[rows] = at + 6
    limit(walk, rows, walk.views.u16(at + 3))
    walk.ethertype[rows] = np.where(np.isin(walk.views.u8(at), _DATA), BACNET, -1)
    return np.empty(0, np.int64)
