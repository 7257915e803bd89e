"""Link layers: from the first byte of a frame to the ethertype of what it carries.

One function a link type, in `LINKS` by its LINKTYPE_ number (https://www.tcpdump.org/linktypes.html, cited by name). Each reads
its header and returns the rows whose `ethertype` column may name a further header of `tags`; -1 is "not known".
"""

from collections.abc import Callable

import numpy as np

from otwatch.decode import fieldbus, taps, wide
from otwatch.decode.headers import ethernet, need
from otwatch.decode.tags import IPV4, IPV6, by_version, llc, ppp, read_tags
from otwatch.decode.walk import ALL, Flaw, Index, Walk, pick
from otwatch.decode.wireless import ieee80211, radiotap
from otwatch.packets import I64

_FAMILIES = {2: IPV4, 10: IPV6, 24: IPV6, 28: IPV6, 30: IPV6}  # AF_INET; AF_INET6 of Linux, NetBSD/OpenBSD, FreeBSD, macOS
_ARCNET_BACNET, _EVERYBODY = 0xCD, 0xFFFF_FFFF_FFFF
_NFLOG_PAYLOAD, _NFLOG_DEPTH = 9, 32


def _family(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_NULL and LINKTYPE_LOOP: 4 bytes of address family, in the byte order of whoever captured."""
    rows = need(walk, rows, 4)
    at = walk.here(rows)
    family = np.where(walk.views.u16(at) == 0, walk.views.u16(at + 2), walk.views.little16(at))
    _set_family(walk, rows, family)
    walk.at[rows] = at + 4
    return rows


def _set_family(walk: Walk, rows: Index, family: I64) -> None:
    ethertype = np.full(family.size, -1, np.int64)
    for number, kind in _FAMILIES.items():
        ethertype[family == number] = kind
    walk.ethertype[rows] = ethertype


def _raw(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_RAW: begins with the IP header."""
    by_version(walk, rows)
    return rows


def _raw_ipv4(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_IPV4."""
    walk.ethertype[rows] = IPV4
    return rows


def _raw_ipv6(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_IPV6."""
    walk.ethertype[rows] = IPV6
    return rows


def _ppp(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_PPP and LINKTYPE_PPP_HDLC: RFC 1662 framing (FF 03) or none, or Cisco HDLC when it begins with 0F or 8F."""
    rows = need(walk, rows, 2)
    start = walk.views.u16(walk.at[rows])
    cisco = (start == 0x0F00) | (start == 0x8F00)
    framed = pick(rows, start == 0xFF03)
    walk.at[framed] += 2
    return np.concatenate((
        walk.numbers(_cisco_hdlc(walk, pick(rows, cisco))),
        walk.numbers(ppp(walk, pick(rows, ~cisco))),
    ))  # fmt: skip


def _cisco_hdlc(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_C_HDLC: address, control, ethertype."""
    rows = need(walk, rows, 4)
    at = walk.here(rows)
    walk.ethertype[rows] = _type_only(walk.views.u16(at + 2))
    walk.at[rows] = at + 4
    return rows


def _type_only(field: I64) -> I64:
    """An ethertype field that has no second meaning as a length."""
    return np.where(field > 1500, field, -1)


def _cooked(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_LINUX_SLL: packet type, hardware type, length of the sender's address, the address (8), protocol."""
    rows = need(walk, rows, 16)
    at = walk.here(rows)
    walk.src_mac[rows] = np.where(walk.views.u16(at + 4) == 6, walk.views.mac(at + 6), -1)
    walk.at[rows] = at + 16
    return _cooked_protocol(walk, rows, walk.views.u16(at + 14))


def _cooked_2(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_LINUX_SLL2: protocol, 2 unused, interface (4), hardware type, packet type (1), length of address (1), address (8)."""
    rows = need(walk, rows, 20)
    at = walk.here(rows)
    walk.src_mac[rows] = np.where(walk.views.u8(at + 11) == 6, walk.views.mac(at + 12), -1)
    walk.at[rows] = at + 20
    return _cooked_protocol(walk, rows, walk.views.u16(at))


def _cooked_protocol(walk: Walk, rows: Index, protocol: I64) -> Index:
    """An ethertype, or one of Linux's own numbers below 1536, of which 4 is LLC."""
    walk.ethertype[rows] = _type_only(protocol)
    logical = protocol == 4
    return np.concatenate((walk.numbers(pick(rows, ~logical)), walk.numbers(llc(walk, pick(rows, logical)))))


def _nflog(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_NFLOG: family, version, resource; then type-length-values padded to 4, of which number 9 is the packet."""
    rows = need(walk, rows, 4)
    family = np.zeros(walk.at.size, np.int64)
    family[rows] = walk.views.u8(walk.at[rows])
    walk.at[rows] += 4
    for _ in range(_NFLOG_DEPTH):
        arrived, rows = _pass_value(walk, rows)
        _set_family(walk, arrived, family[arrived])
    walk.stop(rows, Flaw.LINK_WRONG)
    return np.empty(0, np.int64)


def _pass_value(walk: Walk, rows: Index) -> tuple[Index, Index]:
    """The rows that now stand at their packet, and the others. Lengths are little-endian: big-endian sensors are not known."""
    rows = need(walk, rows, 4)
    rows = walk.keep(rows, walk.views.little16(walk.at[rows]) >= 4, Flaw.LINK_WRONG)
    at = walk.here(rows)
    size, kind = walk.views.little16(at), walk.views.little16(at + 2)
    packet = kind == _NFLOG_PAYLOAD
    walk.at[rows] = at + np.where(packet, 4, size + 3 & ~3)
    arrived = pick(rows, packet)
    walk.promised[arrived] = np.minimum(walk.promised[arrived], (at + size)[packet])
    return arrived, pick(rows, ~packet)


def _arcnet(walk: Walk, rows: Index) -> Index:
    """LINKTYPE_ARCNET: sender, receiver (0 is everybody), where the adapter kept it the count of ATA 878.1 (2), system code; that of
    BACnet is CD, and LLC follows it (ANSI/ASHRAE 135-2020 clause 8). Stations have no MAC: their number takes its place.
    """
    rows = need(walk, rows, 5)
    at = walk.here(rows)
    receiver, first, second = (walk.views.u8(at + place) for place in (1, 2, 3))
    walk.src_mac[rows] = walk.views.u8(at)
    walk.dst_mac[rows] = np.where(receiver == 0, _EVERYBODY, receiver)
    walk.ethertype[rows] = -1
    counted = (walk.views.u8(at + 4) == _ARCNET_BACNET) & ((first == 0) ^ (second == 0))
    bare = ~counted & (first == _ARCNET_BACNET)
    walk.at[rows] = at + np.where(counted, 5, 3)
    return llc(walk, pick(rows, bare | counted))


LINKS: dict[int, Callable[[Walk, Index], Index]] = {
    1: ethernet,
    0: _family,
    108: _family,
    12: _raw,
    14: _raw,
    101: _raw,
    228: _raw_ipv4,
    229: _raw_ipv6,
    113: _cooked,
    276: _cooked_2,
    9: _ppp,
    50: _ppp,
    104: _cisco_hdlc,
    105: ieee80211,
    127: radiotap,
    239: _nflog,
    165: fieldbus.bus,
    7: _arcnet,
    8: wide.slip,
    10: wide.fddi,
    51: wide.ppp_over_ethernet,
    100: llc,
    107: wide.frame_relay,
    129: wide.arcnet_linux,
    178: wide.juniper,
    204: wide.ppp_with_direction,
    226: wide.solaris,
    6: wide.token_ring,
    123: wide.atm,
    138: wide.fire_wire,
    242: wide.infiniband,
    117: taps.packet_filter,
    119: taps.prism,
    163: taps.assessment,
    197: taps.record,
    240: taps.card,
    241: taps.transparent_card,
    274: taps.preambled,
}
_TAPPED: dict[int, Callable[[Walk, Index], tuple[Index, I64]]] = {192: taps.ppi, 258: taps.packet_tap}
"""Headers that name the link type behind them, which is one of LINKS."""


def read_links(walk: Walk, link_type: I64) -> None:
    """Read every row up to its network layer."""
    for number in _distinct(link_type):
        rows = pick(ALL, link_type == number)
        tapped = _TAPPED.get(number)
        if tapped is None:
            _read(walk, rows, number)
            continue
        rows, inside = tapped(walk, rows)
        for kind in _distinct(inside):
            _read(walk, pick(rows, inside == kind), kind)


def _read(walk: Walk, rows: Index, number: int) -> None:
    read = LINKS.get(number)
    if read is None:
        walk.stop(rows, Flaw.LINK_UNKNOWN)
    else:
        read_tags(walk, read(walk, rows))


def _distinct(link_type: I64) -> list[int]:
    if not link_type.size or (link_type == link_type[0]).all():
        return [int(number) for number in link_type[:1]]
    return [int(number) for number in np.unique(link_type)]
