"""Rare link layers that carry IP: wide-area lines, rings, buses of computers, ARCNET.

One function a link type, as in links.py, cited by the name of its LINKTYPE_ number.
"""

import numpy as np

from otwatch.decode.headers import ethernet, need, typed
from otwatch.decode.tags import IPV4, IPV6, by_version, llc, ppp, pppoe
from otwatch.decode.walk import Flaw, Index, Walk, pick
from otwatch.packets import I64

_NLPID = np.full(256, -1, np.int64)
_NLPID[[0xCC, 0x8E]] = IPV4, IPV6
_SNAP = 0x80
_RFC_1201 = {0xD4: IPV4, 0xD5: 0x0806, 0xC4: IPV6}
_RFC_1051 = {0xF0: IPV4, 0xF1: 0x0806}
_ARCNET_BACNET = 0xCD
_SOLARIS = {2: IPV4, 26: IPV6}
_MAGIC = 0x4D_4743
_EXTENDED, _NO_LINK = 0x80, 0x02
_ROUTED = 1 << 47


def fddi(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_FDDI: frame control, receiver, sender; LLC follows in frames of class 5 (ISO 9314-2 7.3.1)."""
    rows = need(walk, rows, 13)
    at = walk.here(rows)
    walk.dst_mac[rows], walk.src_mac[rows] = walk.views.mac(at + 1), walk.views.mac(at + 7)
    walk.at[rows] = at + 13
    return llc(walk, pick(rows, walk.views.u8(at) & 0xF0 == 0x50))


def frame_relay(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_FRELAY: an address of 2 bytes (Q.922 3.2); then RFC 2427 (03, protocol), or Cisco's ethertype."""
    rows = need(walk, rows, 4)
    at = walk.here(rows)
    rows = walk.keep(rows, walk.views.u8(at) & 1 < walk.views.u8(at + 1) & 1, Flaw.LINK_WRONG)
    at = walk.here(rows)
    standard = walk.views.u8(at + 2) == 3
    walk.at[rows] = at + 4
    kind = walk.views.u16(at + 2)
    walk.ethertype[rows] = np.where(standard, _NLPID[kind & 0xFF], np.where(kind > 1500, kind, -1))
    snap = standard & (kind & 0xFF == 0)
    return np.concatenate((walk.numbers(pick(rows, ~snap)), _padded_snap(walk, walk.numbers(pick(rows, snap)))))


def _padded_snap(walk: Walk, rows: I64) -> I64:
    """RFC 2427 4.1: a byte of padding, 80, the organisation (0 for ethertypes), the ethertype."""
    rows = walk.numbers(need(walk, rows, 6))
    at = walk.here(rows)
    plain = walk.views.u32(at) == _SNAP << 24
    walk.ethertype[rows] = np.where(plain, walk.views.u16(at + 4), -1)
    walk.at[rows] = at + 6
    good: I64 = rows[plain]
    return good


def slip(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_SLIP: direction and the compressed header (16 bytes), then IP."""
    rows = need(walk, rows, 16)
    walk.at[rows] += 16
    by_version(walk, rows)
    return rows


def solaris(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_IPNET: version 1, address family, then zones and interface (24 bytes in all)."""
    rows = need(walk, rows, 24)
    at = walk.here(rows)
    family = walk.views.u8(at + 1)
    for number, ethertype in _SOLARIS.items():
        walk.ethertype[pick(rows, family == number)] = ethertype
    walk.at[rows] = at + 24
    return rows


def juniper(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_JUNIPER_ETHER: "MGC", flags, extensions with their length where flag 80 is set; then a frame, unless flag 02 is set."""
    rows = need(walk, rows, 4)
    rows = walk.keep(rows, walk.views.u32(walk.here(rows)) >> 8 == _MAGIC, Flaw.LINK_WRONG)
    flags = np.zeros(walk.at.size, np.int64)
    flags[rows] = walk.views.u8(walk.at[rows] + 3)
    walk.at[rows] += 4
    extended = pick(rows, flags[rows] & _EXTENDED > 0)
    extended = need(walk, extended, 2)
    walk.at[extended] += 2 + walk.views.u16(walk.at[extended])
    lost = walk.flaw[rows] > 0
    return ethernet(walk, pick(rows, ~lost & (flags[rows] & _NO_LINK == 0)))


def ppp_over_ethernet(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_PPP_ETHER: begins with the PPPoE header."""
    return pppoe(walk, rows)


def ppp_with_direction(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_PPP_WITH_DIR: a byte that tells the direction, then PPP with its address (FF 03) or without."""
    rows = need(walk, rows, 3)
    walk.at[rows] += 1
    walk.at[pick(rows, walk.views.u16(walk.here(rows)) == 0xFF03)] += 2
    return ppp(walk, rows)


def arcnet_linux(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_ARCNET_LINUX: sender, receiver, offset in the buffer (2), then the system code.

    Stations have no MAC: their number takes its place.
    """
    rows = need(walk, rows, 5)
    at = walk.here(rows)
    walk.src_mac[rows], walk.dst_mac[rows] = walk.views.u8(at), walk.views.u8(at + 1)
    walk.at[rows] = at + 4
    return _system(walk, rows)


def _system(walk: Walk, rows: Index) -> Index:
    """The system code. RFC 1201: fragment flag and number (3) follow; RFC 1051: nothing; BACnet (ASHRAE 135-2020 clause 8): LLC."""
    rows = need(walk, rows, 1)
    at = walk.here(rows)
    code = walk.views.u8(at)
    walk.at[rows] = at + 1
    for number, ethertype in _RFC_1051.items():
        walk.ethertype[pick(rows, code == number)] = ethertype
    bacnet = llc(walk, pick(rows, code == _ARCNET_BACNET))
    found = [walk.numbers(pick(rows, np.isin(code, list(_RFC_1051)))), walk.numbers(bacnet)]
    whole = need(walk, pick(rows, np.isin(code, list(_RFC_1201))), 3)
    here = walk.here(whole)
    whole = pick(whole, walk.views.u8(here) == 0)  # others are pieces of a packet
    kinds = walk.views.u8(walk.at[whole] - 1)
    for number, ethertype in _RFC_1201.items():
        walk.ethertype[pick(whole, kinds == number)] = ethertype
    walk.at[whole] += 3
    return np.concatenate((*found, walk.numbers(whole)))


def token_ring(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_IEEE802_5: access and frame control, receiver, sender; its group bit announces a route, whose first 5 bits count it."""
    rows = need(walk, rows, 16)
    at = walk.here(rows)
    sender = walk.views.mac(at + 8)
    walk.dst_mac[rows], walk.src_mac[rows] = walk.views.mac(at + 2), sender & ~_ROUTED
    walk.at[rows] = at + 14 + np.where(sender & _ROUTED > 0, walk.views.u8(at + 14) & 0x1F, 0)
    return llc(walk, pick(rows, walk.views.u8(at + 1) & 0xC0 == 0x40))


def atm(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_SUNATM: direction and kind (1), path and circuit; kind 2 is LLC, kind 1 an emulated LAN: 2 bytes, then a frame."""
    rows = need(walk, rows, 4)
    at = walk.here(rows)
    kind = walk.views.u8(at) & 0x0F
    walk.at[rows] = at + 4
    emulated = need(walk, pick(rows, kind == 1), 2)
    walk.at[emulated] += 2
    return np.concatenate((walk.numbers(llc(walk, pick(rows, kind == 2))), walk.numbers(ethernet(walk, emulated))))


def fire_wire(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_APPLE_IP_OVER_IEEE1394: receiver and sender (8 each), ethertype."""
    return typed(walk, rows, 16)


def infiniband(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_IPOIB: a global route header (40), then RFC 4391 6: ethertype and 2 reserved bytes."""
    return typed(walk, rows, 40, 2)
