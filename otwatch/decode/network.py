"""IPv4 and IPv6 headers: addresses, the protocol above, where it begins and where it ends.

The end comes from the header (frames are padded), and is never beyond the frame on the wire. A header that promises more than
that gets a flaw, and what is there is kept. What IP carries in IP is the business of tunnels.py.
"""

from typing import NamedTuple

import numpy as np

from otwatch.decode.tags import IPV4, IPV6
from otwatch.decode.walk import ALL, Flaw, Index, Walk, none, pick
from otwatch.packets import I64, TCP, UDP, Bools

EXTENSIONS = 8
"""Extension headers read in one packet; more is an attack."""

_MAPPED = np.uint64(0xFFFF_0000_0000)  # ::ffff:0:0/96, RFC 4291 2.5.5.2
_HOP_BY_HOP, _ROUTING, _FRAGMENT, _AUTHENTICATION, _DESTINATION, _MOBILITY = 0, 43, 44, 51, 60, 135

_IS_EXTENSION = np.zeros((7, 256), np.bool_)
"""By IP version and protocol. In IPv4 only AH (RFC 4302) stands between the header and the transport."""
_IS_EXTENSION[4, _AUTHENTICATION] = True
_IS_EXTENSION[6, [_HOP_BY_HOP, _ROUTING, _FRAGMENT, _AUTHENTICATION, _DESTINATION, _MOBILITY]] = True

_MAY_BE_JUMBO = np.zeros(256, np.bool_)
_MAY_BE_JUMBO[[_HOP_BY_HOP, TCP, UDP]] = True


class Pieces(NamedTuple):
    """Fragments: their rows, the identification of their datagram, their place in it in bytes, whether more follow.

    The walk stands behind the IP headers of each; a row with a flaw is no use.
    """

    rows: I64
    identification: I64
    offset: I64
    more: I64


def read_network(walk: Walk, rows: Index = ALL) -> tuple[list[Index], list[Pieces]]:
    """Read all IP headers of `rows`; those that stand before a whole transport header, and the fragments."""
    fours, fragments_4 = _ipv4(walk, pick(rows, walk.ethertype[rows] == IPV4))
    fours, _ = read_extensions(walk, fours)
    sixes, fragments_6 = _ipv6(walk, pick(rows, walk.ethertype[rows] == IPV6))
    return [fours, sixes], [fragments_4, *fragments_6]


def _need(walk: Walk, rows: Index, size: int | I64) -> Index:
    return walk.need(rows, size, Flaw.IP_CUT, Flaw.IP_WRONG)


def _promise(walk: Walk, rows: Index, end: I64) -> None:
    """The header says that the packet ends at `end`."""
    link = walk.promised[rows]
    lying = end > link
    if lying.any():
        walk.flag(pick(rows, lying), Flaw.IP_WRONG)
    walk.promised[rows] = np.minimum(end, link)


def _ipv4(walk: Walk, rows: Index) -> tuple[Index, Pieces]:
    """RFC 791 3.1. A total length of 0 is left by network cards that cut segments themselves (TSO): the frame's length holds."""
    rows = _need(walk, rows, 20)
    begins = walk.views.u8(walk.at[rows])
    rows = walk.keep(rows, (begins >= 0x45) & (begins <= 0x4F), Flaw.IP_WRONG)
    at = walk.here(rows)
    first, second, pair = walk.views.word(at), walk.views.u16(at + 8), walk.views.word(at + 12)
    walk.ip_version[rows] = 4
    walk.ttl[rows] = second >> 8
    walk.protocol[rows] = second & 0xFF
    walk.src_hi[rows] = walk.dst_hi[rows] = 0
    walk.src_lo[rows] = (pair >> 32 & 0xFFFF_FFFF).astype(np.uint64) | _MAPPED
    walk.dst_lo[rows] = (pair & 0xFFFF_FFFF).astype(np.uint64) | _MAPPED
    walk.ident[rows] = first >> 16 & 0xFFFF
    total = first >> 32 & 0xFFFF
    _promise(walk, rows, np.where(total == 0, walk.promised[rows], at + total))
    walk.at[rows] = at + (first >> 54 & 0x3C)
    cut_up = first & 0x3FFF > 0
    pieces = _pieces(walk, pick(rows, cut_up), first[cut_up])
    _need(walk, pieces.rows, 0)
    return _need(walk, pick(rows, ~cut_up), 0), pieces


def _pieces(walk: Walk, rows: Index, first: I64) -> Pieces:
    numbers = walk.numbers(rows)
    walk.fragment[numbers] = True
    return Pieces(numbers, first >> 16 & 0xFFFF, (first & 0x1FFF) << 3, first >> 13 & 1)


def _ipv6(walk: Walk, rows: Index) -> tuple[Index, list[Pieces]]:
    """RFC 8200 3. A payload length of 0 belongs to a jumbogram (RFC 2675) or is left by the network card, as above."""
    rows = _need(walk, rows, 40)
    rows = walk.keep(rows, walk.views.u8(walk.at[rows]) >> 4 == 6, Flaw.IP_WRONG)
    at = walk.here(rows)
    first = walk.views.word(at)
    size, protocol = first >> 16 & 0xFFFF, first >> 8 & 0xFF
    walk.ip_version[rows] = 6
    walk.ttl[rows] = first & 0xFF
    walk.protocol[rows] = protocol
    walk.src_hi[rows], walk.src_lo[rows] = walk.views.address(at + 8), walk.views.address(at + 16)
    walk.dst_hi[rows], walk.dst_lo[rows] = walk.views.address(at + 24), walk.views.address(at + 32)
    jumbo = (size == 0) & _MAY_BE_JUMBO[protocol]
    _promise(walk, rows, np.where(jumbo, walk.promised[rows], at + 40 + size))
    walk.at[rows] = at + 40
    return read_extensions(walk, rows)


def read_extensions(walk: Walk, rows: Index) -> tuple[Index, list[Pieces]]:
    """Pass extension headers (RFC 8200 4); the rows that stand before a transport header, and the fragments."""
    going = pick(rows, _is_extension(walk, rows))
    if none(going):
        return rows, []
    found: list[Pieces] = []
    for _ in range(EXTENSIONS):
        going, pieces = _pass_header(walk, going)
        found.append(pieces)
        if none(going):
            break
    walk.stop(going, Flaw.IP_WRONG)
    return pick(rows, ~(_is_extension(walk, rows) | walk.fragment[rows])), found


def _is_extension(walk: Walk, rows: Index) -> Bools:
    return _IS_EXTENSION[walk.ip_version[rows], walk.protocol[rows]]


def _pass_header(walk: Walk, rows: Index) -> tuple[Index, Pieces]:
    """Pass one header; the rows where a further one follows, and the fragments. A lone fragment is whole (RFC 6946)."""
    rows = _need(walk, rows, 8)
    rows = _need(walk, rows, _header_size(walk, rows))
    at = walk.here(rows)
    word = walk.views.word(at)
    place = word >> 32 & 0xFFFF
    cut_up = (walk.protocol[rows] == _FRAGMENT) & (place & 0xFFF9 > 0)
    walk.at[rows] = at + _header_size(walk, rows)
    walk.protocol[rows] = word >> 56 & 0xFF
    pieces = walk.numbers(pick(rows, cut_up))
    walk.fragment[pieces] = True
    place = place[cut_up]
    return pick(rows, ~cut_up & _is_extension(walk, rows)), Pieces(pieces, word[cut_up] & 0xFFFF_FFFF, place & 0xFFF8, place & 1)


def _header_size(walk: Walk, rows: Index) -> I64:
    """RFC 8200 4.3: units of 8 bytes, the first not counted; AH: of 4 bytes, the first two not counted; fragment header: 8 bytes."""
    kind, units = walk.protocol[rows], walk.views.u8(walk.at[rows] + 1)
    long = np.where(kind == _AUTHENTICATION, (units + 2) * 4, (units + 1) * 8)
    return np.where(kind == _FRAGMENT, 8, long)
