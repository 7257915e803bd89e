"""Packets inside packets: what a mirror port wraps up and what routers carry for others. The innermost packet becomes the row's own.

Behind the headers of each layer the row is either opened, and goes on from its inner header with everything above forgotten but what
`Outer` keeps, or it stays the packet it is. A header that says what follows (GRE, IP in IP) is believed as far as what follows is
plausible; a port only hints (VXLAN, GENEVE, TZSP, HP, GTP-U, Teredo), and every field must fit. doors.py knows the headers.

Tunnels in tunnels are entered DEPTH deep. A batch without tunnels costs two look-ups a row.
"""

from collections.abc import Iterator

import numpy as np

from otwatch.decode.doors import AUTO, BY_PORT, BY_PROTOCOL, BY_SOURCE, ETHERNET, FRAME_LINK, MIRRORS, PPP, Door, open_door
from otwatch.decode.headers import ethernet
from otwatch.decode.plausible import has_room, is_ethernet, is_ip
from otwatch.decode.tags import IPV4, IPV6, MPLS, by_version, ppp, read_tags
from otwatch.decode.walk import ALL, Index, Walk, pick
from otwatch.packets import I64, UDP, Bools, Outer

DEPTH = 4
"""Tunnels inside each other; what is deeper stays the payload of the last."""

_PPP_IP = (0x0021, 0x0057)


def enter(walk: Walk, rows: Index = ALL) -> tuple[I64, Outer | None]:
    """Open the tunnels that `rows` stand in; the rows that now stand before an inner network layer, and what was outside."""
    opened = list(_opened(walk, rows))
    if not opened:
        return np.empty(0, np.int64), None
    outer = _joined([_outer(walk, door) for door in opened])
    for door in opened:
        _step_in(walk, door)
    return np.sort(np.concatenate([door.rows for door in opened])), outer


def _opened(walk: Walk, rows: Index) -> Iterator[Door]:
    """The doors behind which something plausible stands."""
    protocol = walk.protocol[rows]
    sign = BY_PROTOCOL[protocol]
    datagram = protocol == UDP
    if datagram.any():
        target = BY_PORT[walk.dst_port[rows]]
        sign = np.where(datagram, np.where(target > 0, target, BY_SOURCE[walk.src_port[rows]]), sign)
    if not sign.any():
        return
    fit = ~walk.fragment[rows] & (walk.ip_version[rows] > 0) & (walk.at[rows] < np.minimum(walk.promised[rows], walk.captured[rows]))
    hit = np.flatnonzero((sign > 0) & fit)
    numbers = walk.numbers(rows)[hit]
    for number in np.unique(sign[hit]).tolist():
        for door in open_door(walk, number, numbers[sign[hit] == number]):
            good = _fits(walk, door)
            if good.any():
                yield door.only(good)


def _fits(walk: Walk, door: Door) -> Bools:
    """Whether what the door announces can stand behind it."""
    if door.inner == ETHERNET:
        return is_ethernet(walk, door.rows, door.at, strict=door.strict, exact=door.exact)
    if door.inner == PPP:
        return _is_ppp(walk, door)
    if door.inner == MPLS:
        return has_room(walk, door.rows, door.at, 4)
    found: Bools = np.zeros(door.rows.size, np.bool_)
    for version, ethertype in ((4, IPV4), (6, IPV6)):
        if door.inner in (AUTO, ethertype):
            found |= is_ip(walk, door.rows, door.at, version, door.exact)
    return found


def _is_ppp(walk: Walk, door: Door) -> Bools:
    """RFC 2637 4.1: a PPP frame with or without its address; control protocols and compressed or encrypted packets are left alone."""
    found = has_room(walk, door.rows, door.at, 4)
    at = door.at[found]
    word = walk.views.u16(at)
    framed = word == 0xFF03
    word = np.where(framed, walk.views.u16(at + 2), word)
    found[found] = np.isin(word, _PPP_IP) | np.isin(word >> 8, _PPP_IP)
    return found


def _outer(walk: Walk, door: Door) -> Outer:
    rows = door.rows
    port = np.where(BY_PORT[walk.dst_port[rows]] > 0, walk.dst_port[rows], walk.src_port[rows])
    return Outer(
        rows, np.full(rows.size, door.kind, np.int64), np.full(rows.size, door.inner == ETHERNET, np.bool_), walk.ip_version[rows],
        walk.src_hi[rows], walk.src_lo[rows], walk.dst_hi[rows], walk.dst_lo[rows], walk.protocol[rows],
        np.where(walk.protocol[rows] == UDP, port, 0),
    )  # fmt: skip


def _joined(outers: list[Outer]) -> Outer:
    """In the order of rows."""
    columns = [np.concatenate(parts) for parts in zip(*outers, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    return Outer(*(column[order] for column in columns))


def joined(outers: list[Outer]) -> Outer | None:
    """The tunnels of all depths in the order of rows, the outermost of a row first; None without any."""
    return _joined(outers) if outers else None


def _step_in(walk: Walk, door: Door) -> None:
    """Forget the packet outside and read the link layer inside, as far as there is one."""
    rows = door.rows
    for column in (walk.ip_version, walk.protocol, walk.src_port, walk.dst_port, walk.flags, walk.seq, walk.ack, walk.ttl, walk.ident):
        column[rows] = 0
    for wide in (walk.src_hi, walk.src_lo, walk.dst_hi, walk.dst_lo):
        wide[rows] = 0
    walk.src_mac[rows] = walk.dst_mac[rows] = walk.ethertype[rows] = -1
    walk.vlan[rows] = door.vlan
    walk.at[rows] = door.at
    if door.kind in MIRRORS:
        _promise_whole(walk, door)
    read_tags(walk, _inner(walk, door))


def _inner(walk: Walk, door: Door) -> Index:
    if door.inner == ETHERNET:
        return ethernet(walk, door.rows)
    if door.inner == PPP:
        framed = pick(door.rows, walk.views.u16(door.at) == 0xFF03)
        walk.at[framed] += 2
        return ppp(walk, door.rows)
    if door.inner == AUTO:
        by_version(walk, door.rows)
    else:
        walk.ethertype[door.rows] = door.inner
    return door.rows


def _promise_whole(walk: Walk, door: Door) -> None:
    """A mirror may cut what it copies: the inner IP header says how long it was, and the rest counts as missing."""
    at = door.at + (FRAME_LINK if door.inner == ETHERNET else 0)
    kind = walk.views.u16(door.at + 12) if door.inner == ETHERNET else np.where(walk.views.u8(at) >> 4 == 6, IPV6, IPV4)
    for version, ethertype in ((4, IPV4), (6, IPV6)):
        there = kind == ethertype
        there[there] = is_ip(walk, door.rows[there], at[there], version)
        begins, rows = at[there], door.rows[there]
        length = walk.views.u16(begins + 2) if version == 4 else walk.views.u16(begins + 4) + 40
        walk.promised[rows] = np.maximum(walk.promised[rows], begins + length)
