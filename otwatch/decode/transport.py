"""TCP and UDP headers: ports, and where the payload begins and ends. Other protocols have no ports; their payload is above IP."""

import numpy as np

from otwatch.decode.walk import Flaw, Index, Walk, none, pick
from otwatch.packets import ICMP, ICMPV6, TCP, UDP, Bools

_ERRORS: Bools = np.zeros((2, 256), dtype=np.bool_)
"""Types of ICMP that tell of another packet: RFC 792 (destination unreachable, source quench, redirect, time exceeded, parameter
problem), and RFC 4443 2.1 for ICMPv6."""
_ERRORS[0, [3, 4, 5, 11, 12]] = _ERRORS[1, 1:128] = True


def read_transport(walk: Walk, rows: Index) -> None:
    """Read the transport headers of rows that stand behind their IP headers."""
    protocol = walk.protocol[rows]
    _tcp(walk, pick(rows, protocol == TCP))
    _udp(walk, pick(rows, protocol == UDP))
    _icmp(walk, pick(rows, (protocol == ICMP) | (protocol == ICMPV6)))


def _need(walk: Walk, rows: Index, size: int) -> Index:
    return walk.need(rows, size, Flaw.TRANSPORT_CUT, Flaw.TRANSPORT_WRONG)


def _tcp(walk: Walk, rows: Index) -> None:
    """RFC 9293 3.1. Ports and numbers are kept when the options are cut off."""
    rows = _need(walk, rows, 20)
    at = walk.here(rows)
    first, second = walk.views.word(at), walk.views.word(at + 8)
    walk.src_port[rows] = first >> 48 & 0xFFFF
    walk.dst_port[rows] = first >> 32 & 0xFFFF
    walk.seq[rows] = first & 0xFFFF_FFFF
    walk.ack[rows] = second >> 32 & 0xFFFF_FFFF
    walk.flags[rows] = second >> 16 & 0xFF
    size = second >> 26 & 0x3C
    walk.at[rows] = at + size
    _need(walk, walk.keep(rows, size >= 20, Flaw.TRANSPORT_WRONG), 0)


def _udp(walk: Walk, rows: Index) -> None:
    """RFC 768. The length cuts padding; one that is no length or promises more than IP is a flaw, and what is there is kept.

    Where the IP header promised more than there is as well, the datagram was longer: a mirror or a tap that slices packets cut it.
    """
    rows = _need(walk, rows, 8)
    at = walk.here(rows)
    header, limit = walk.views.word(at), walk.promised[rows]
    walk.src_port[rows] = header >> 48 & 0xFFFF
    walk.dst_port[rows] = header >> 32 & 0xFFFF
    length = header >> 16 & 0xFFFF
    lying = (length < 8) | (at + length > limit)
    if lying.any():
        sliced = lying & (length >= 8) & (walk.flaw[rows] == Flaw.IP_WRONG)
        walk.captured[pick(rows, sliced)] = np.minimum(walk.captured[rows], limit)[sliced]
        lying &= ~sliced
        walk.flag(pick(rows, lying), Flaw.TRANSPORT_WRONG)
    walk.promised[rows] = np.where(lying, limit, at + length)
    walk.at[rows] = at + 8


def _icmp(walk: Walk, rows: Index) -> None:
    """An error has its type as both ports: it is said about a packet of others and no part of what its two ends say to each other."""
    if none(rows):
        return
    rows = pick(rows, walk.at[rows] < np.minimum(walk.promised[rows], walk.captured[rows]))
    kind = walk.views.u8(walk.here(rows))
    rows, kind = walk.numbers(rows), np.where(_ERRORS[(walk.protocol[rows] == ICMPV6).astype(np.int64), kind], kind, 0)
    walk.src_port[rows] = walk.dst_port[rows] = kind
