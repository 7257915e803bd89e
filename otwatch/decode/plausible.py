"""Whether an IP packet or an Ethernet frame can stand somewhere: asked where no field says what follows, or where one may lie.

Nothing moves, no row gets a flaw. Only bytes that were captured are looked at; a header that is not there whole is not plausible.
"""

import numpy as np

from otwatch.decode.walk import Walk
from otwatch.packets import I64, Bools

_IPV4, _IPV6 = 0x0800, 0x86DD
_LLC = 3
_KNOWN_LLC = (0x8282, 0xAAAA, 0x4242)
"""Service access points that networks like ours use behind a length: BACnet, SNAP, spanning tree."""
_KNOWN = np.zeros(0x10000, np.bool_)
"""Ethertypes of frames that networks like ours carry: IP, ARP, VLANs, PPPoE, MPLS, backbones, loops, LLDP, fieldbuses."""
_KNOWN[[
    _IPV4, _IPV6, 0x0806, 0x8035, 0x8100, 0x88A8, 0x9100, 0x8863, 0x8864, 0x8847, 0x8848, 0x88E7, 0x8926, 0x88CC, 0x8892, 0x88A4, 0x88B8,
    0x88BA, 0x88E5, 0x888E, 0x88F7, 0x892F, 0x88FB, 0x9000,
]] = True  # fmt: skip


def has_room(walk: Walk, rows: I64, at: I64, size: int | I64) -> Bools:
    """Whether `size` bytes from `at` on are promised and were captured."""
    return at + size <= np.minimum(walk.promised[rows], walk.captured[rows])


def is_ip(walk: Walk, rows: I64, at: I64, version: int, exact: bool = False) -> Bools:
    """RFC 791 3.1, RFC 8200 3: version, size of the header, and length; `exact`: it ends inside what is promised."""
    found = has_room(walk, rows, at, 20 if version == 4 else 40)
    here = at[found]
    first = walk.views.u8(here)
    if version == 4:
        length = walk.views.u16(here + 2)
        good = (first >= 0x45) & (first <= 0x4F) & (length >= (first & 0x0F) * 4)
    else:
        length = walk.views.u16(here + 4) + 40
        good = first >> 4 == 6
    found[found] = good & (here + length <= walk.promised[rows[found]]) if exact else good
    return found


def is_ethernet(walk: Walk, rows: I64, at: I64, strict: bool = False, exact: bool = False) -> Bools:
    """IEEE 802.3-2022 3: one sender (no group), and a type or a length; `strict`: what follows is one that we know.

    Where the type is IP, `is_ip` must hold as well; a length leaves room for LLC, and that many bytes are promised. Loops and adapters
    of fieldbuses send as zero, where IP or LLC that we know follows.
    """
    found = has_room(walk, rows, at, 14)
    here = at[found]
    kind = walk.views.u16(here + 12)
    sized = (kind >= _LLC) & (here + 14 + kind <= walk.promised[rows[found]])
    sender = walk.views.mac(here + 6)
    known = _known_llc(walk, rows[found], here, kind)
    nobody = (sender == 0) & ~known & (kind != _IPV4) & (kind != _IPV6)
    good = (sender >> 40 & 1 == 0) & ~nobody & np.where(kind <= 1500, sized, kind >= 0x600)
    if strict:
        good &= known | _KNOWN[kind]
    for version, ethertype in ((4, _IPV4), (6, _IPV6)):
        there = good & (kind == ethertype)
        if there.any():
            good[there] = is_ip(walk, rows[found][there], here[there] + 14, version, exact)
    found[found] = good
    return found


def _known_llc(walk: Walk, rows: I64, here: I64, kind: I64) -> Bools:
    found = (kind <= 1500) & has_room(walk, rows, here, 16)
    found[found] = np.isin(walk.views.u16(here[found] + 14), _KNOWN_LLC)
    return found
