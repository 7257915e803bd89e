"""IEEE 802.11 data frames: addresses, and the LLC behind the header where it is neither encrypted, cut up nor aggregated.

Clauses are those of IEEE 802.11-2020. Frames that are not data keep ethertype -1.
"""

import numpy as np

from otwatch.decode.headers import need
from otwatch.decode.tags import llc
from otwatch.decode.walk import Flaw, Index, Walk, pick
from otwatch.packets import I64, Bools

# First two bytes, as one big-endian word: subtype (4 bits), type (2), version (2); then the flags.
_KIND, _DATA = 0x0F00, 0x0800
_QOS, _NO_DATA = 0x8000, 0x4000
_ORDER, _PROTECTED, _MORE_FRAGMENTS, _FROM_DS, _TO_DS = 0x80, 0x40, 0x04, 0x02, 0x01
_AGGREGATED = 0x80


def radiotap(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_IEEE802_11_RADIOTAP: version, padding, little-endian length of this header."""
    rows = need(walk, rows, 4)
    size = walk.views.little16(walk.at[rows] + 2)
    rows = walk.keep(rows, size >= 4, Flaw.LINK_WRONG)
    walk.at[rows] += walk.views.little16(walk.at[rows] + 2)
    return ieee80211(walk, rows)


def ieee80211(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_IEEE802_11, clause 9.3.2.1."""
    rows = need(walk, rows, 2)
    rows = pick(rows, walk.views.u16(walk.at[rows]) & _KIND == _DATA)
    rows = need(walk, rows, _header_size(walk.views.u16(walk.at[rows])))
    at = walk.here(rows)
    control = walk.views.u16(at)
    _addresses(walk, rows, control)
    walk.at[rows] = at + _header_size(control)
    return llc(walk, pick(rows, _is_plain(walk, at, control)))


def _header_size(control: I64) -> I64:
    """9.2.3: 24 bytes, a fourth address (6) between access points, QoS control (2), HT control (4) where QoS and order are set."""
    qos = control & _QOS > 0
    return _qos_offset(control) + np.where(qos, 2, 0) + np.where(qos & (control & _ORDER > 0), 4, 0)


def _qos_offset(control: I64) -> I64:
    return np.where(control & 3 == _TO_DS | _FROM_DS, 30, 24)


def _addresses(walk: Walk, rows: Index, control: I64) -> None:
    """Table 9-30: which of the four addresses are those of the first sender and the last receiver."""
    at, mac = walk.here(rows), walk.views.mac
    to_ds, from_ds = control & _TO_DS > 0, control & _FROM_DS > 0
    walk.dst_mac[rows] = mac(at + np.where(to_ds, 16, 4))
    walk.src_mac[rows] = mac(at + np.where(from_ds, np.where(to_ds, 24, 16), 10))


def _is_plain(walk: Walk, at: I64, control: I64) -> Bools:
    """Whether an LLC header follows: data, not encrypted, no piece (9.2.4.4), no A-MSDU (9.2.4.5)."""
    whole = (control & (_NO_DATA | _PROTECTED) == 0) & (control & _MORE_FRAGMENTS == 0) & (walk.views.u8(at + 22) & 0x0F == 0)
    qos = control & _QOS > 0
    aggregated = walk.views.u8(at + np.where(qos, _qos_offset(control), 0)) & _AGGREGATED > 0
    plain: Bools = whole & ~(qos & aggregated)
    return plain
