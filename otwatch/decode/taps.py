"""What capture cards, drivers and programs put in front of the frames that they hand on.

One function a link type, as in links.py, cited by the name of its LINKTYPE_ number. `ppi` and `packet_tap` say themselves which link
type stands behind their header: they give the rows, and that number for each.
"""

import numpy as np

from otwatch.decode.headers import ethernet, need
from otwatch.decode.tags import IPV4, IPV6
from otwatch.decode.walk import Flaw, Index, Walk, none, pick
from otwatch.decode.wireless import ieee80211
from otwatch.packets import I64

_PRISM, _ASSESSMENT = 0x44, 0x8021_1000
_RECORD, _MORE, _EXTENSIONS = 16, 0x80, 8
_RECORD_ETHERNET, _RECORD_IP = (2, 11, 16, 20), {22: IPV4, 23: IPV6}
_PACKET = 1
_CARD, _PREAMBLE, _BEGINS = 4, 0x55, 0xD5
_LONGEST_PREAMBLE = 8
_FILTERED = np.full(256, -1, np.int64)
_FILTERED[[2, 24, 28, 30]] = IPV4, IPV6, IPV6, IPV6  # AF_INET; AF_INET6 of OpenBSD, FreeBSD, macOS


def ppi(walk: Walk, rows: Index) -> tuple[Index, I64]:
    """LINKTYPE_PPI: version, flags, length of this header (2), the link type (4); all little-endian."""
    rows = need(walk, rows, 8)
    rows = walk.keep(rows, walk.views.little16(walk.at[rows] + 2) >= 8, Flaw.LINK_WRONG)
    at = walk.here(rows)
    kind = walk.views.little16(at + 4)
    walk.at[rows] = at + walk.views.little16(at + 2)
    return rows, kind


def packet_tap(walk: Walk, rows: Index) -> tuple[Index, I64]:
    """LINKTYPE_PKTAP of macOS: length of this header (4), kind of record (4; 1 is a packet), the link type (4); all little-endian."""
    rows = need(walk, rows, 12)
    size, record = walk.views.little16(walk.at[rows]), walk.views.little16(walk.at[rows] + 4)
    rows = walk.keep(rows, (size >= 12) & (record == _PACKET), Flaw.LINK_WRONG)
    at = walk.here(rows)
    kind = walk.views.little16(at + 8)
    walk.at[rows] = at + walk.views.little16(at)
    return rows, kind


def prism(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_IEEE802_11_PRISM: message 44 and its length (4 each), in the byte order of the driver; some drivers put the AVS header."""
    rows = need(walk, rows, 8)
    at = walk.here(rows)
    first = walk.views.u32(at)
    assessed = first & ~3 == _ASSESSMENT
    ours = pick(rows, ~assessed)
    begins = walk.here(ours)
    big = walk.views.u32(begins) == _PRISM
    walk.at[ours] = begins + np.where(big, walk.views.u32(begins + 4), walk.views.little16(begins + 4))
    return np.concatenate((walk.numbers(ieee80211(walk, ours)), walk.numbers(assessment(walk, pick(rows, assessed)))))


def assessment(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_IEEE802_11_AVS: version 80211001 or 80211002, length of this header (4)."""
    rows = need(walk, rows, 8)
    rows = walk.keep(rows, walk.views.u32(walk.at[rows]) & ~3 == _ASSESSMENT, Flaw.LINK_WRONG)
    at = walk.here(rows)
    walk.at[rows] = at + walk.views.u32(at + 4)
    return ieee80211(walk, rows)


def record(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_ERF: time (8), type (1, of which the first bit announces extensions of 8 bytes), flags, lengths; Ethernet after 2 bytes."""
    rows = need(walk, rows, _RECORD)
    at = walk.here(rows)
    kind = np.zeros(walk.at.size, np.int64)
    kind[rows] = walk.views.u8(at + 8) & ~_MORE
    walk.at[rows] = at + _RECORD
    going = pick(rows, walk.views.u8(at + 8) & _MORE > 0)
    for _ in range(_EXTENSIONS):
        if none(going):
            break
        going = need(walk, going, 8)
        more = walk.views.u8(walk.here(going)) & _MORE > 0
        walk.at[going] += 8
        going = pick(going, more)
    walk.stop(going, Flaw.LINK_WRONG)
    rows = pick(rows, walk.flaw[rows] == 0)
    for number, ethertype in _RECORD_IP.items():
        walk.ethertype[pick(rows, kind[rows] == number)] = ethertype
    frames = need(walk, pick(rows, np.isin(kind[rows], _RECORD_ETHERNET)), 2)
    walk.at[frames] += 2
    return np.concatenate((walk.numbers(ethernet(walk, frames)), walk.numbers(pick(rows, np.isin(kind[rows], list(_RECORD_IP))))))


def card(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_NETANALYZER of Hilscher: a header (4) with port and errors, then the frame with its check sequence."""
    rows = need(walk, rows, _CARD)
    walk.at[rows] += _CARD
    return ethernet(walk, rows)


def transparent_card(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_NETANALYZER_TRANSPARENT: the same, with what stands on the wire before the frame."""
    rows = need(walk, rows, _CARD)
    walk.at[rows] += _CARD
    return preambled(walk, rows)


def preambled(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_ETHERNET_MPACKET: up to 7 bytes 55, then D5 (IEEE 802.3-2022 3.2.1); pieces of frames (99.3) begin otherwise."""
    rows = need(walk, rows, _LONGEST_PREAMBLE)
    for _ in range(_LONGEST_PREAMBLE):
        walk.at[rows] += walk.views.u8(walk.here(rows)) == _PREAMBLE
    rows = need(walk, rows, 1)
    rows = walk.keep(rows, walk.views.u8(walk.here(rows)) == _BEGINS, Flaw.LINK_WRONG)
    walk.at[rows] += 1
    return ethernet(walk, rows)


def packet_filter(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_PFLOG of BSD: length of this header without its padding to 4, address family; then IP."""
    rows = need(walk, rows, 2)
    at = walk.here(rows)
    walk.ethertype[rows] = _FILTERED[walk.views.u8(at + 1)]
    walk.at[rows] = at + (walk.views.u8(at) + 3 & ~3)
    return rows
