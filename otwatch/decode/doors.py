"""The headers of tunnels: from the payload of an outer packet to where the inner one begins, and what it is.

One function a kind of tunnel, that gives the rows whose header fits. Nothing is changed: tunnels.py decides whether to go in.
Only captured bytes are read: every function first drops the rows that have no room for its header.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from otwatch.decode.plausible import has_room
from otwatch.decode.tags import IPV4, IPV6, MPLS
from otwatch.decode.walk import Walk
from otwatch.packets import I64, TUNNELS, Bools

ETHERNET, PPP, AUTO = -2, -3, -4
"""What stands inside, where it is no ethertype: a frame, a PPP frame, IP of whichever version."""
FRAME_LINK = 14
_KIND = {name: number for number, name in enumerate(TUNNELS)}
MIRRORS = frozenset(_KIND[name] for name in ("erspan", "tzsp", "hp-erm"))
"""Kinds that only copy what a switch saw."""
_TAGS = 16
_EXTENSIONS = 4


class Door(NamedTuple):
    """Rows that stand before a tunnel of one kind.

    at       where the inner header begins        vlan     the VLAN that the tunnel's header tells, else -1
    strict   only inner ethertypes that we know   exact    the inner packet must end inside the tunnel
    """

    rows: I64
    at: I64
    kind: int
    inner: int
    vlan: I64
    strict: bool = False
    exact: bool = False

    def only(self, good: Bools) -> "Door":
        return self._replace(rows=self.rows[good], at=self.at[good], vlan=self.vlan[good])


Doors = Iterator[Door]


def _door(rows: I64, at: I64, name: str, inner: int, vlan: I64 | None = None, strict: bool = False, exact: bool = False) -> Door:
    return Door(rows, at, _KIND[name], inner, np.full(rows.size, -1, np.int64) if vlan is None else vlan, strict, exact)


def _with_room(walk: Walk, rows: I64, size: int) -> tuple[I64, I64]:
    """Rows with `size` bytes more, and where they stand."""
    rows = rows[has_room(walk, rows, walk.at[rows], size)]
    return rows, walk.at[rows]


def _vlan(number: I64) -> I64:
    return np.where(number > 0, number, -1)


# -- announced by the IP protocol --------------------------------------------------------------------------------------------------------


def _ip_in_ip(walk: Walk, rows: I64) -> Doors:
    """RFC 2003, RFC 4213 3.5, RFC 2473: the inner header follows at once."""
    outer, inner = walk.ip_version[rows], walk.protocol[rows]
    for version, protocol, name, kind in (
        (4, 4, "ip-in-ip", IPV4), (4, 41, "6in4", IPV6), (6, 4, "4in6", IPV4), (6, 41, "6in6", IPV6),
    ):  # fmt: skip
        here = rows[(outer == version) & (inner == protocol)]
        if here.size:
            yield _door(here, walk.at[here], name, kind)


def _etherip(walk: Walk, rows: I64) -> Doors:
    """RFC 3378 3: version 3 and 12 bits of zero, then a frame."""
    rows, at = _with_room(walk, rows, 2)
    good = walk.views.u16(at) == 0x3000
    yield _door(rows[good], at[good] + 2, "etherip", ETHERNET)


def _mpls_in_ip(walk: Walk, rows: I64) -> Doors:
    """RFC 4023 3."""
    yield _door(rows, walk.at[rows], "mpls-in-ip", MPLS)


def _gre(walk: Walk, rows: I64) -> Doors:
    """RFC 2784 2.1 and RFC 2890 2: checksum, key and sequence number are there when their flag is set. Source routes are not read."""
    rows, at = _with_room(walk, rows, 4)
    flags, kind = walk.views.u16(at), walk.views.u16(at + 2)
    size = 4 + 4 * (flags >> 15 & 1) + 4 * (flags >> 13 & 1) + 4 * (flags >> 12 & 1)
    plain = (flags & 0x4007 == 0) & has_room(walk, rows, at, size)
    for number, name, inner in _GRE:
        good = plain & (kind == number)
        if good.any():
            yield _door(rows[good], (at + size)[good], name, inner)
    for number, read in ((_GRE_ERSPAN_3, _erspan_3), (_GRE_WCCP, _wccp)):
        good = plain & (kind == number)
        if good.any():
            yield from read(walk, rows[good], (at + size)[good])
    good = plain & (kind == _GRE_ERSPAN)
    if good.any():
        yield from _erspan(walk, rows[good], (at + size)[good], flags[good])
    yield from _gre_of_makers(walk, rows, at, flags << 16 | kind)


_GRE = ((IPV4, "gre", IPV4), (IPV6, "gre", IPV6), (0x6558, "gre", ETHERNET), (MPLS, "gre", MPLS), (0x8848, "gre", MPLS))
_GRE_ERSPAN, _GRE_ERSPAN_3, _GRE_WCCP = 0x88BE, 0x22EB, 0x883E
_EOIP, _PPTP = 0x2001_6400, 0x2001_880B


def _erspan(walk: Walk, rows: I64, at: I64, flags: I64) -> Doors:
    """draft-foschiano-erspan-03 4.1, 4.2: type I is GRE alone; type II, told by the sequence number, has a header of 8 bytes."""
    second = flags & 0x1000 > 0
    if not second.all():
        yield _door(rows[~second], at[~second], "erspan", ETHERNET)
    second &= has_room(walk, rows, at, 8)
    rows, at = rows[second], at[second]
    first = walk.views.u16(at)
    good = first >> 12 == 1
    yield _door(rows[good], at[good] + 8, "erspan", ETHERNET, _vlan(first[good] & 0xFFF))


def _erspan_3(walk: Walk, rows: I64, at: I64) -> Doors:
    """The same, 4.3: version 2, 12 bytes, 8 more when the last bit says so; frame type 0 is Ethernet, 2 is IP."""
    room = has_room(walk, rows, at, 12)
    rows, at = rows[room], at[room]
    first, last = walk.views.u16(at), walk.views.u16(at + 10)
    inside = at + 12 + 8 * (last & 1)
    for number, inner in ((0, ETHERNET), (2, AUTO)):
        good = (first >> 12 == 2) & (last >> 10 & 0x1F == number)
        yield _door(rows[good], inside[good], "erspan", inner, _vlan(first[good] & 0xFFF))


def _wccp(walk: Walk, rows: I64, at: I64) -> Doors:
    """draft-wilson-wrec-wccp-v2-01 4.2: a redirect header of 4 bytes, which version 1 does not have, then the IP packet."""
    room = has_room(walk, rows, at, 4)
    rows, at = rows[room], at[room]
    yield _door(rows, np.where(walk.views.u8(at) >> 4 == 4, at, at + 4), "wccp", IPV4)


def _gre_of_makers(walk: Walk, rows: I64, at: I64, word: I64) -> Doors:
    """EoIP of MikroTik: key field of length and number, then a frame. PPTP, RFC 2637 4.1: version 1, sequence and acknowledgement."""
    eoip = (word == _EOIP) & has_room(walk, rows, at, 8)
    if eoip.any():
        yield _door(rows[eoip], at[eoip] + 8, "eoip", ETHERNET)
    size = 12 + 4 * (word >> 23 & 1)
    pptp = (word & 0xFF7F_FFFF == _PPTP | 0x1000_0000) & has_room(walk, rows, at, size)
    if pptp.any():
        yield _door(rows[pptp], (at + size)[pptp], "pptp", PPP)


# -- hinted at by a port -----------------------------------------------------------------------------------------------------------------


def _vxlan(walk: Walk, rows: I64) -> Doors:
    """RFC 7348 5: flag 08 alone, reserved fields zero; with draft-smith-vxlan-group-policy also flag 80, D and A, and the group."""
    rows, at = _with_room(walk, rows, 8)
    first, last = walk.views.u32(at), walk.views.u32(at + 4)
    good = ((first == 0x0800_0000) | (first & 0xFFB7_0000 == 0x8800_0000)) & (last & 0xFF == 0)
    yield _door(rows[good], at[good] + 8, "vxlan", ETHERNET, exact=True)


def _geneve(walk: Walk, rows: I64) -> Doors:
    """RFC 8926 3.4: version 0, options in 4-byte units, reserved fields zero, ethertype."""
    rows, at = _with_room(walk, rows, 8)
    first, last = walk.views.u32(at), walk.views.u32(at + 4)
    plain = (first & 0xC03F_0000 == 0) & (last & 0xFF == 0)
    inside = at + 8 + 4 * (first >> 24 & 0x3F)
    for number, inner in ((0x6558, ETHERNET), (IPV4, IPV4), (IPV6, IPV6)):
        good = plain & (first & 0xFFFF == number)
        yield _door(rows[good], inside[good], "geneve", inner, exact=True)


def _gtp_u(walk: Walk, rows: I64) -> Doors:
    """3GPP TS 29.281 5.1, 5.2: version 1, a G-PDU, a length that is the datagram's; optional fields and extension headers are passed.

    The spare bit is not looked at (5.1).
    """
    rows, at = _with_room(walk, rows, 8)
    flags, length = walk.views.u8(at), walk.views.u16(at + 2)
    good = (flags & 0xF0 == 0x30) & (walk.views.u8(at + 1) == 0xFF) & (at + 8 + length == walk.promised[rows])
    optional = flags & 0x07 > 0
    good &= ~optional | has_room(walk, rows, at, 12)
    rows, at, optional, extended = rows[good], at[good], optional[good], (flags & 0x04 > 0)[good]
    inside = at + 8 + 4 * optional
    waits = extended.copy()
    waits[waits] = walk.views.u8(at[waits] + 11) > 0
    for _ in range(_EXTENSIONS):
        waits, inside = _pass_extension(walk, rows, inside, waits)
    yield _door(rows[~waits], inside[~waits], "gtp-u", AUTO, exact=True)


def _pass_extension(walk: Walk, rows: I64, at: I64, waits: Bools) -> tuple[Bools, I64]:
    """5.2.1: a length in 4-byte units, contents, the type of the next. Rows that break this wait for ever."""
    fits = waits & has_room(walk, rows, at, 4)
    size = np.zeros(rows.size, np.int64)
    size[fits] = walk.views.u8(at[fits]) * 4
    fits &= (size > 0) & has_room(walk, rows, at, size)
    after = at + np.where(fits, size, 0)
    more = waits.copy()
    more[fits] = walk.views.u8(after[fits] - 1) > 0
    return more, after


def _tzsp(walk: Walk, rows: I64) -> Doors:
    """TaZmen Sniffer Protocol: version 1, type 0 or 1, what is inside (1 is Ethernet), then tags up to number 1."""
    rows, at = _with_room(walk, rows, 5)
    good = np.isin(walk.views.u32(at), (0x0100_0001, 0x0101_0001))
    rows, at = rows[good], at[good] + 4
    waits = np.ones(rows.size, np.bool_)
    for _ in range(_TAGS):
        waits, at = _pass_tag(walk, rows, at, waits)
    yield _door(rows[~waits], at[~waits], "tzsp", ETHERNET, exact=False, strict=True)


def _pass_tag(walk: Walk, rows: I64, at: I64, waits: Bools) -> tuple[Bools, I64]:
    """Tag 0 is padding, 1 the end; all others have a length. Rows that run out of bytes wait for ever."""
    fits = waits & has_room(walk, rows, at, 2)
    number = np.full(rows.size, -1, np.int64)
    number[fits] = walk.views.u8(at[fits])
    size = np.ones(rows.size, np.int64)
    long = number > 1
    size[long] = walk.views.u8(at[long] + 1) + 2
    return waits & (number != 1), at + np.where(fits, size, 0)


def _hp(walk: Walk, rows: I64) -> Doors:
    """Remote mirroring of HP ProCurve, as Wireshark reads it: 8 bytes, then 8 bits, priority, CFI, VLAN (12), tagged (1), 7 bits."""
    rows, at = _with_room(walk, rows, 12)
    yield _door(rows, at + 12, "hp-erm", ETHERNET, _vlan(walk.views.u32(at + 8) >> 8 & 0xFFF), strict=True)


def _teredo(walk: Walk, rows: I64) -> Doors:
    """RFC 4380 5.1.1: authentication and origin may stand before the IPv6 packet, of which one end is a Teredo or link-local address."""
    rows, at = _with_room(walk, rows, 40)
    inside = at + np.where(walk.views.u16(at) == 1, 13 + walk.views.u8(at + 2) + walk.views.u8(at + 3), 0)
    good = has_room(walk, rows, inside, 40)
    rows, inside = rows[good], inside[good]
    inside = inside + np.where(walk.views.u16(inside) == 0, 8, 0)
    good = has_room(walk, rows, inside, 40)
    rows, inside = rows[good], inside[good]
    length = walk.views.u16(inside + 4) + 40
    ours: Bools = np.zeros(rows.size, np.bool_)
    for end in (8, 24):
        ours |= (walk.views.u32(inside + end) == 0x2001_0000) | (walk.views.u16(inside + end) & 0xFFC0 == 0xFE80)
    good = ours & (inside + length == walk.promised[rows])
    yield _door(rows[good], inside[good], "teredo", IPV6, exact=True)


_DOORS: tuple[Callable[[Walk, I64], Doors], ...] = (
    _ip_in_ip, _gre, _etherip, _mpls_in_ip, _vxlan, _geneve, _tzsp, _hp, _gtp_u, _teredo,
)  # fmt: skip
BY_PROTOCOL = np.zeros(256, np.uint8)
"""1 + index into the kinds above, by IP protocol; 0 where nothing is inside."""
BY_PROTOCOL[[4, 41, 47, 97, 137]] = 1, 1, 2, 3, 4
BY_PORT = np.zeros(0x10000, np.uint8)
"""The same by UDP port (IANA; 8472 is where Linux began with VXLAN, 7932 and 37008 are HP's and TZSP's habit)."""
BY_PORT[[4789, 8472, 6081, 37008, 7932, 2152, 3544]] = 5, 5, 6, 7, 8, 9, 10
BY_SOURCE = np.where(np.arange(0x10000) == 3544, BY_PORT, 0).astype(np.uint8)
"""Teredo servers and relays answer from their port; all others send to it."""


def open_door(walk: Walk, number: int, rows: I64) -> Doors:
    """Read the headers of the tunnel with that number in the tables."""
    return (door for door in _DOORS[number - 1](walk, rows) if door.rows.size)
