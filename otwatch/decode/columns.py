"""Layers 2 to 4 of a whole batch at once: `Frames` -> `Packets`.

links and tags -> network -> fragments -> transport -> tunnels, and again from the network layer inside; the walk (walk.py) carries
what is known of every row from one to the next.
"""

import numpy as np

from otwatch.decode.fragments import Fragments, Key, Piece
from otwatch.decode.links import read_links
from otwatch.decode.network import Pieces, read_extensions, read_network
from otwatch.decode.transport import read_transport
from otwatch.decode.tunnels import DEPTH, enter, joined
from otwatch.decode.walk import ALL, Flaw, Index, Walk, begin, views
from otwatch.packets import I64, U64, Bools, Frames, Outer, Packets


def decode(frames: Frames, fragments: Fragments) -> Packets:
    """Decode a batch; one row a frame, in the same order.

    `fragments` carries unfinished datagrams from one batch to the next. Where one is completed, `data` is a copy with the
    whole datagram added behind the frames.
    """
    walk = begin(frames)
    read_links(walk, frames.link_type)
    outers: list[Outer] = []
    rows: Index = ALL
    for depth in range(DEPTH + 1):
        _read(walk, rows, depth, frames.time_ns, fragments)
        if depth == DEPTH:
            break
        rows, outer = enter(walk, rows)
        if outer is None:
            break
        outers.append(outer)
    return _packets(frames, walk, joined(outers))


def _read(walk: Walk, rows: Index, depth: int, time_ns: I64, fragments: Fragments) -> None:
    """The network and transport layer of rows inside so many tunnels."""
    whole, pieces = read_network(walk, rows)
    whole.append(_join(walk, pieces, depth, time_ns, fragments))
    for ready in whole:
        read_transport(walk, ready)


def _join(walk: Walk, pieces: list[Pieces], depth: int, time_ns: I64, fragments: Fragments) -> I64:
    """Put fragments together; the rows that now stand at the first byte of a whole datagram, behind the IP headers."""
    rows, identification, offset, more = (np.concatenate(column) for column in zip(*pieces, strict=True))
    usable = (walk.flaw[rows] == 0) & (walk.promised[rows] <= walk.captured[rows])
    found: list[tuple[int, bytes, int]] = []
    for one in np.flatnonzero(usable)[np.argsort(rows[usable])]:
        row = int(rows[one])
        protocol = int(walk.protocol[row])
        key = (*_key(walk, row, int(identification[one]), protocol), depth)
        content = walk.views.data[walk.at[row] : walk.promised[row]].tobytes()
        joined = fragments.add(key, Piece(int(offset[one]), content, bool(more[one]), protocol, int(time_ns[row])))
        if joined.wrong:
            walk.flag(rows[one : one + 1], Flaw.FRAGMENT_WRONG)
        if joined.whole is not None:
            found.append((row, joined.whole, joined.protocol))
    walk.close(rows)
    return _place(walk, found)


def _key(walk: Walk, row: int, identification: int, protocol: int) -> Key:
    """RFC 791 3.2 counts the protocol in, RFC 8200 4.5 does not. Two mirrored VLANs are two streams, and so are two depths of tunnels."""
    version = int(walk.ip_version[row])
    addresses = (int(walk.src_hi[row]), int(walk.src_lo[row]), int(walk.dst_hi[row]), int(walk.dst_lo[row]))
    return (version, int(walk.vlan[row]), *addresses, identification, protocol if version == 4 else 0)


def _place(walk: Walk, found: list[tuple[int, bytes, int]]) -> I64:
    """Add whole datagrams behind the data of the batch and point their rows there."""
    rows = np.array([row for row, _, _ in found], np.int64)
    if not found:
        return rows
    sizes = np.array([len(whole) for _, whole, _ in found], np.int64)
    ends = walk.views.data.size + np.cumsum(sizes)
    walk.views = views(np.concatenate((walk.views.data, np.frombuffer(b"".join(whole for _, whole, _ in found), np.uint8))))
    walk.at[rows] = ends - sizes
    walk.captured[rows] = walk.promised[rows] = ends
    walk.protocol[rows] = [protocol for _, _, protocol in found]
    walk.fragment[rows] = False
    ready, nested = read_extensions(walk, rows)
    for again in nested:
        walk.stop(again.rows, Flaw.FRAGMENT_WRONG)
    return walk.numbers(ready)


def _packets(frames: Frames, walk: Walk, outer: Outer | None) -> Packets:
    no_ip = walk.ip_version == 0
    if no_ip.any():
        _name_by_mac(walk.src_lo, walk.src_mac, no_ip)
        _name_by_mac(walk.dst_lo, walk.dst_mac, no_ip)
    known = np.minimum(walk.promised, walk.captured)
    return Packets(
        data=walk.views.data, time_ns=frames.time_ns, number=frames.number, wire_length=frames.wire_length, origin=frames.origin,
        captures=frames.captures, src_mac=walk.src_mac, dst_mac=walk.dst_mac, vlan=walk.vlan, ethertype=walk.ethertype,
        ip_version=walk.ip_version, src_hi=walk.src_hi, src_lo=walk.src_lo, dst_hi=walk.dst_hi, dst_lo=walk.dst_lo,
        protocol=walk.protocol, src_port=walk.src_port, dst_port=walk.dst_port, flags=walk.flags, seq=walk.seq, ack=walk.ack,
        start=np.minimum(walk.at, walk.captured),
        length=np.maximum(known - walk.at, 0),
        missing=np.maximum(walk.promised - np.maximum(walk.at, walk.captured), 0),
        ttl=walk.ttl, ident=walk.ident, flaw=walk.flaw, fragment=walk.fragment, outer=outer,
    )  # fmt: skip


def _name_by_mac(address: U64, mac: I64, rows: Bools) -> None:
    address[rows] = np.maximum(mac[rows], 0).astype(np.uint64)
