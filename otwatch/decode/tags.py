"""What stands between a link header and the network layer: VLAN tags, LLC and SNAP, PPPoE, MPLS and its pseudowires, VN-tags,
service headers, backbone bridges, FabricPath; nested up to 8 deep.

Each function reads one header of the rows given to it and returns those whose `ethertype` column may name a further one.
"""

from collections.abc import Callable

import numpy as np

from otwatch.decode import fieldbus
from otwatch.decode.headers import ethernet, limit, need, typed
from otwatch.decode.plausible import is_ethernet, is_ip
from otwatch.decode.walk import Flaw, Index, Walk, none, pick
from otwatch.packets import I64

IPV4, IPV6, MPLS, NSH = 0x0800, 0x86DD, 0x8847, 0x894F
DEPTH = 8
"""Headers read between link and network layer; more is an attack."""

_PPP = {0x0021: IPV4, 0x0057: IPV6, 0x0281: MPLS}  # IANA PPP DLL protocol numbers
_BY_NIBBLE = np.full(16, -1, np.int64)
_BY_NIBBLE[[4, 6]] = IPV4, IPV6
_SNAP_CISCO, _CISCO_SPEAKS = 0x00000C, (0x010B, 0x2000, 0x2003, 0x2004)  # PVST+, CDP, VTP, DTP
_NSH = np.full(256, -1, np.int64)  # RFC 8300 2.2
_NSH[[1, 2, 4, 5]] = IPV4, IPV6, NSH, MPLS
_NSH_ETHERNET = 3


def by_version(walk: Walk, rows: Index) -> None:
    """No type field at all: the version nibble of the IP header tells."""
    rows = need(walk, rows, 1)
    walk.ethertype[rows] = _BY_NIBBLE[walk.views.u8(walk.at[rows]) >> 4]


def vlan(walk: Walk, rows: Index) -> Index:
    """IEEE 802.1Q-2022 9.6: priority and VLAN, 2 bytes, then the next ethertype. The outermost VLAN stays."""
    rows = need(walk, rows, 4)
    at, outer = walk.here(rows), walk.vlan[rows]
    walk.vlan[rows] = np.where(outer < 0, walk.views.u16(at) & 0xFFF, outer)
    walk.ethertype[rows] = walk.views.u16(at + 2)
    walk.at[rows] = at + 4
    return rows


def length_field(walk: Walk, rows: Index) -> Index:
    """IEEE 802.3-2022 3.2.6: up to 1500 the field is a length and LLC follows."""
    limit(walk, rows, walk.ethertype[rows])
    return llc(walk, rows)


def llc(walk: Walk, rows: Index) -> Index:
    """IEEE 802.2 3.2: the service access point becomes the ethertype (82 BACnet, 42 spanning tree) unless SNAP follows."""
    walk.ethertype[rows] = -1
    rows = need(walk, rows, 3)
    at = walk.here(rows)
    points, control = walk.views.u16(at), walk.views.u8(at + 2)
    walk.at[rows] = at + 3
    walk.ethertype[rows] = np.where(points >> 8 == points & 0xFF, points & 0xFF, -1)
    return _snap(walk, pick(rows, (points == 0xAAAA) & (control == 3)))


def _snap(walk: Walk, rows: Index) -> Index:
    """RFC 1042: an ethertype where the organisation is 0 (or 0000F8, IEEE 802.1H); of the others, some of Cisco's, and MS/TP."""
    walk.ethertype[rows] = -1
    rows = need(walk, rows, 5)
    at = walk.here(rows)
    organisation, kind = walk.views.u32(at) >> 8, walk.views.u16(at + 3)
    plain = (organisation == 0) | (organisation == 0x0000F8)
    known = plain & (kind > 1500) | (organisation == _SNAP_CISCO) & np.isin(kind, _CISCO_SPEAKS)
    walk.ethertype[rows] = np.where(known, kind, -1)
    walk.at[rows] = at + 5
    fieldbus.adapted(walk, pick(rows, (organisation == fieldbus.ADAPTER_ORGANISATION) & (kind == fieldbus.ADAPTER_KIND)))
    return pick(rows, plain & known)


def ppp(walk: Walk, rows: Index) -> Index:
    """RFC 1661 2: the protocol field, one byte long when that byte is odd (6.5)."""
    walk.ethertype[rows] = -1
    rows = need(walk, rows, 1)
    first = walk.views.u8(walk.at[rows])
    return np.concatenate((
        _ppp_protocol(walk, pick(rows, first & 1 == 1), 1),
        _ppp_protocol(walk, pick(rows, first & 1 == 0), 2),
    ))  # fmt: skip


def _ppp_protocol(walk: Walk, rows: Index, width: int) -> I64:
    rows = need(walk, rows, width)
    at = walk.here(rows)
    protocol = walk.views.u16(at) if width == 2 else walk.views.u8(at)
    walk.at[rows] = at + width
    for number, ethertype in _PPP.items():
        walk.ethertype[pick(rows, protocol == number)] = ethertype
    return walk.numbers(rows)


def pppoe(walk: Walk, rows: Index) -> Index:
    """RFC 2516 4: version and type 1, code 0 (session data), session, length of what follows."""
    rows = need(walk, rows, 6)
    at = walk.here(rows)
    rows = walk.keep(rows, walk.views.u16(at) == 0x1100, Flaw.LINK_WRONG)
    at = walk.here(rows)
    walk.at[rows] = at + 6
    limit(walk, rows, walk.views.u16(at + 4))
    return ppp(walk, rows)


def mpls(walk: Walk, rows: Index) -> Index:
    """RFC 3032 2.1: label, traffic class, bottom of stack, TTL. What is below the bottom has no type: IP tells itself."""
    rows = need(walk, rows, 4)
    at = walk.here(rows)
    bottom = walk.views.u8(at + 2) & 1 == 1
    walk.at[rows] = at + 4
    return np.concatenate((walk.numbers(pick(rows, ~bottom)), _below(walk, walk.numbers(pick(rows, bottom)))))


def _below(walk: Walk, rows: I64) -> I64:
    """Below the bottom stands IP, or a pseudowire's Ethernet frame (RFC 4448), with a control word (RFC 4385) or without one.

    A receiver's MAC may begin like an IP header: then IP must end inside the frame.
    """
    at = walk.here(rows)
    ip = is_ip(walk, rows, at, 4, exact=True) | is_ip(walk, rows, at, 6, exact=True)
    control = ~ip & is_ethernet(walk, rows, at + 4, strict=True)
    control[control] = walk.views.u8(at[control]) >> 4 == 0
    frame = control | ~ip & is_ethernet(walk, rows, at, strict=True)
    by_version(walk, pick(rows, ~frame))
    walk.at[rows[control]] += 4
    return walk.numbers(enclosed(walk, rows[frame]))


def enclosed(walk: Walk, rows: Index) -> Index:
    """A whole Ethernet frame inside another: its MACs and its VLAN are the ones that tell who speaks."""
    walk.vlan[rows] = -1
    return ethernet(walk, rows)


def backbone(walk: Walk, rows: Index) -> Index:
    """IEEE 802.1Q-2022 9.7: flags and service instance (4 bytes), then a customer's whole Ethernet frame."""
    rows = need(walk, rows, 18)
    walk.at[rows] += 4
    return enclosed(walk, rows)


def fabric(walk: Walk, rows: Index) -> Index:
    """Cisco FabricPath: a forwarding tag and a TTL (2 bytes), then the whole frame that came in."""
    rows = need(walk, rows, 16)
    walk.at[rows] += 2
    return enclosed(walk, rows)


def numbered(walk: Walk, rows: Index) -> Index:
    """4 bytes, then the next ethertype: VN-Tag of Cisco (interfaces), HSR (IEC 62439-3 5: size, number), IEEE 802.1CB 7.8 (number)."""
    return typed(walk, rows, 4)


def labelled(walk: Walk, rows: Index) -> Index:
    """Cisco's metadata: version, number of words, an option and a group (6 bytes), then the next ethertype."""
    return typed(walk, rows, 6)


def sealed(walk: Walk, rows: Index) -> Index:
    """IEEE 802.1AE 9.3: control, short length, packet number (6 bytes), the channel (8) where bit 20 says so; then what it protects.

    That can be read where it is not encrypted (bits 08 and 04).
    """
    rows = need(walk, rows, 16)
    at = walk.here(rows)
    control = walk.views.u8(at)
    plain = control & 0x8C == 0
    size = np.where(control & 0x20 > 0, 14, 6)
    rows, at = pick(rows, plain), (at + size)[plain]
    walk.ethertype[rows] = walk.views.u16(at)
    walk.at[rows] = at + 2
    return rows


def service_header(walk: Walk, rows: Index) -> Index:
    """RFC 8300 2: the length (6 bits, in 4-byte units) counts the whole header; what follows has a number of its own."""
    rows = need(walk, rows, 8)
    size = (walk.views.u16(walk.at[rows]) & 0x3F) * 4
    rows = walk.keep(rows, size >= 8, Flaw.LINK_WRONG)
    rows = need(walk, rows, (walk.views.u16(walk.at[rows]) & 0x3F) * 4)
    at = walk.here(rows)
    kind = walk.views.u8(at + 3)
    walk.at[rows] = at + (walk.views.u16(at) & 0x3F) * 4
    walk.ethertype[rows] = _NSH[kind]
    frame = kind == _NSH_ETHERNET
    return np.concatenate((walk.numbers(pick(rows, ~frame)), walk.numbers(enclosed(walk, pick(rows, frame)))))


_READERS: tuple[Callable[[Walk, Index], Index], ...] = (
    vlan, length_field, pppoe, mpls, backbone, numbered, service_header, fabric, labelled, sealed,
)  # fmt: skip
_READER_OF = np.zeros(0x10000, np.uint8)
"""1 + index into _READERS, by ethertype; 0 where the link layer ends."""
_READER_OF[: 1500 + 1] = 2
_READER_OF[[0x8100, 0x88A8, 0x9100]] = 1
_READER_OF[0x8864] = 3
_READER_OF[[MPLS, 0x8848]] = 4
_READER_OF[0x88E7] = 5
_READER_OF[[0x8926, 0x892F, 0xF1C1]] = 6
_READER_OF[NSH] = 7
_READER_OF[0x8903] = 8
_READER_OF[0x8909] = 9
_READER_OF[0x88E5] = 10
_READER_OF[0xFFFF] = 0  # where ethertype -1 leads


def read_tags(walk: Walk, rows: Index) -> None:
    """Read headers until every row's ethertype is that of its innermost."""
    for _ in range(DEPTH):
        reader = _READER_OF[walk.ethertype[rows]]
        if not reader.any():
            return
        found = [(read, pick(rows, reader == number)) for number, read in enumerate(_READERS, start=1)]
        rows = np.concatenate([walk.numbers(read(walk, theirs)) for read, theirs in found if not none(theirs)])
    deep = pick(rows, _READER_OF[walk.ethertype[rows]] > 0)
    if not none(deep):
        walk.stop(deep, Flaw.LINK_WRONG)
