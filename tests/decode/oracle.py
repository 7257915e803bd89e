"""Layers 2 to 4 one frame at a time, slow and plain: what the columns must say, written without them.

It shares only `Frames`, `Packets` and `FLAWS` with the product. A row is a dict of the columns of `Packets`, with
`payload` (bytes) in place of `start` and `data`.
"""

from typing import Any

from otwatch.packets import Frames, Packets
from tests.decode.oracle_links import read_inner, read_link
from tests.decode.oracle_packet import COLUMNS, IP_WRONG, L4_CUT, L4_WRONG, MAPPED, PIECE_WRONG, Packet, Stop
from tests.decode.oracle_tunnels import inside, step_in

Row = dict[str, Any]
Place = tuple[int, int, bool]
"""Of a fragment: identification, offset, whether more follow."""


class Joiner:
    """Fragments byte by byte, without any bound but time."""

    def __init__(self) -> None:
        self.waiting: dict[Any, dict[str, Any]] = {}
        self.whole: dict[Any, tuple[int, bytes]] = {}

    def add(self, key: Any, piece: tuple[int, bytes, bool, int], time_ns: int) -> tuple[bytes | None, int, bool]:
        """The whole datagram or None, its protocol, whether anything was wrong."""
        offset, data, more, protocol = piece
        end = offset + len(data)
        if not data or (more and len(data) % 8) or end > 65535:
            return None, 0, True
        when, content = self.whole.get(key, (time_ns, b""))
        if abs(time_ns - when) <= 50 * 10**6 and content[offset:end] == data and (more or end == len(content)):
            return None, 0, False
        old = self.waiting.get(key)
        if old is None or abs(time_ns - old["since"]) > 30 * 10**9:
            old = self.waiting[key] = {"since": time_ns, "bytes": {}, "end": None, "protocol": 0, "odd": False, "dead": False}
        there = old["bytes"]
        if old["dead"] or misfit(old, end, more):
            return None, 0, True
        span = range(offset, end)
        odd = any(at in there for at in span)
        if all(there.get(at) == byte for at, byte in zip(span, data, strict=True)) and (more or old["end"] is not None):
            return None, 0, False
        old["odd"] |= odd
        if odd and key[0] == 6:
            old["dead"] = True
            return None, 0, True
        there.update({at: byte for at, byte in zip(span, data, strict=True) if at not in there})
        old["end"] = old["end"] if more else end
        old["protocol"] = old["protocol"] if offset else protocol
        if len(there) != old["end"]:
            return None, 0, odd
        del self.waiting[key]
        self.whole[key] = time_ns, bytes(there[at] for at in range(old["end"]))
        return self.whole[key][1], old["protocol"], old["odd"]


def misfit(old: dict[str, Any], end: int, more: bool) -> bool:
    if old["end"] is not None:
        return bool(end > old["end"] or (not more and end != old["end"]))
    return not more and end <= max(old["bytes"], default=-1)


def ipv4(p: Packet) -> tuple[int, int, bool] | None:
    """None for a whole datagram, else identification, offset and whether more follow."""
    p.net(20)
    if p.num(0, 1) >> 4 != 4 or p.num(0, 1) & 15 < 5:
        p.wrong(IP_WRONG)
    p.row |= {"ip_version": 4, "ttl": p.num(8, 1), "protocol": p.num(9, 1), "ident": p.num(4, 2)}
    p.row |= {"src_lo": p.num(12, 4) | MAPPED, "dst_lo": p.num(16, 4) | MAPPED}
    total, place, ident = p.num(2, 2), p.num(6, 2), p.num(4, 2)
    if total:
        p.promise(p.at + total, IP_WRONG)
    p.at += 4 * (p.num(0, 1) & 15)
    p.row["fragment"] = int(place & 0x3FFF > 0)
    p.net(0)
    return (ident, (place & 0x1FFF) * 8, bool(place & 0x2000)) if place & 0x3FFF else None


def ipv6(p: Packet) -> None:
    p.net(40)
    if p.num(0, 1) >> 4 != 6:
        p.wrong(IP_WRONG)
    p.row |= {"ip_version": 6, "protocol": p.num(6, 1), "ttl": p.num(7, 1), "src_hi": p.num(8, 8), "src_lo": p.num(16, 8)}
    p.row |= {"dst_hi": p.num(24, 8), "dst_lo": p.num(32, 8)}
    size = p.num(4, 2)
    if size or p.row["protocol"] not in (0, 6, 17):
        p.promise(p.at + 40 + size, IP_WRONG)
    p.at += 40


def extensions(p: Packet) -> tuple[int, int, bool] | None:
    known = (51,) if p.row["ip_version"] == 4 else (0, 43, 44, 51, 60, 135)
    for _ in range(8):
        kind = p.row["protocol"]
        if kind not in known:
            return None
        p.net(8)
        size = 8 if kind == 44 else (p.num(1, 1) + 2) * 4 if kind == 51 else (p.num(1, 1) + 1) * 8
        p.net(size)
        following, place, ident = p.num(0, 1), p.num(2, 2), p.num(4, 4)
        p.at += size
        p.row["protocol"] = following
        if kind == 44 and place & 0xFFF9:
            p.row["fragment"] = 1
            return ident, place & 0xFFF8, bool(place & 1)
    if p.row["protocol"] in known:
        p.wrong(IP_WRONG)
    return None


def transport(p: Packet) -> None:
    if p.row["protocol"] == 6:
        p.need(20, L4_CUT, L4_WRONG)
        p.row |= {"src_port": p.num(0, 2), "dst_port": p.num(2, 2), "seq": p.num(4, 4), "ack": p.num(8, 4), "flags": p.num(13, 1)}
        size = p.num(12, 1) >> 4
        p.at += size * 4
        if size < 5:
            p.wrong(L4_WRONG)
        p.need(0, L4_CUT, L4_WRONG)
    elif p.row["protocol"] == 17:
        p.need(8, L4_CUT, L4_WRONG)
        p.row |= {"src_port": p.num(0, 2), "dst_port": p.num(2, 2)}
        size = p.num(4, 2)
        if size >= 8 and p.at + size > p.end and p.flaw == IP_WRONG:
            p.data, p.end = p.data[: p.end], p.at + size
        elif size < 8 or p.at + size > p.end:
            p.flag(L4_WRONG)
        else:
            p.end = p.at + size
        p.at += 8
    elif p.row["protocol"] in (1, 58) and p.at < min(p.end, len(p.data)):
        errors = (3, 4, 5, 11, 12) if p.row["protocol"] == 1 else range(1, 128)
        if p.num(0, 1) in errors:
            p.row |= dict.fromkeys(("src_port", "dst_port"), p.num(0, 1))


def decode_frame(data: bytes, wire: int, link_type: int, time_ns: int, joiner: Joiner) -> Row:
    p = Packet(data, wire)
    outer = []
    try:
        read_link(p, link_type)
        for depth in range(5):
            p = above(p, depth, time_ns, joiner)
            inner = inside(p) if depth < 4 else None
            if inner is None:
                break
            outer.append(step_in(p, inner))
            read_inner(p, inner.kind)
    except Stop:
        pass
    p.row["outer"] = outer
    for side in ("src", "dst"):
        if not p.row["ip_version"]:
            p.row[f"{side}_lo"] = max(0, p.row[f"{side}_mac"])
    return p.finish()


def above(p: Packet, depth: int, time_ns: int, joiner: Joiner) -> Packet:
    """Network and transport layer; a flaw there ends the row."""
    place = network(p)
    if place:
        p = piece(p, (depth, place), time_ns, joiner)
    if p.row["ip_version"]:
        transport(p)
    return p


def network(p: Packet) -> Place | None:
    if p.row["ethertype"] == 0x0800:
        return ipv4(p) or extensions(p)
    if p.row["ethertype"] == 0x86DD:
        ipv6(p)
        return extensions(p)
    return None


def piece(p: Packet, place: tuple[int, Place], time_ns: int, joiner: Joiner) -> Packet:
    """The datagram that this fragment completes; Stop where it completes none."""
    depth, (ident, offset, more) = place
    row = p.row
    whole, protocol = None, 0
    if not p.flaw and p.end <= len(p.data):
        version = row["ip_version"]
        ends = [row[name] for name in ("src_hi", "src_lo", "dst_hi", "dst_lo")]
        key = (version, row["vlan"], *ends, ident, version == 4 and row["protocol"], depth)
        whole, protocol, wrong = joiner.add(key, (offset, p.data[p.at : p.end], more, row["protocol"]), time_ns)
        p.flaw = PIECE_WRONG if wrong else 0
    if whole is None:
        p.at = max(p.at, len(p.data))
        raise Stop
    p.data, p.at, p.end = whole, 0, len(whole)
    row |= {"protocol": protocol, "fragment": 0}
    if extensions(p):
        p.wrong(PIECE_WRONG)
    return p


def oracle(batches: list[Frames]) -> list[Row]:
    """What the rows of these batches must be."""
    joiner = Joiner()
    return [decode_frame(*frame, joiner) for batch in batches for frame in frames_of(batch)]


def frames_of(batch: Frames) -> list[tuple[bytes, int, int, int]]:
    columns = (batch.start, batch.length, batch.wire_length, batch.link_type, batch.time_ns)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [(batch.data[start : start + length].tobytes(), wire, link_type, time_ns) for start, length, wire, link_type, time_ns in rows]


def rows_of(packets: Packets) -> list[Row]:
    """The columns in the oracle's form."""
    columns = [getattr(packets, name).tolist() for name in COLUMNS]
    rows = [dict(zip(COLUMNS, values, strict=True)) for values in zip(*columns, strict=True)]
    for row, start in zip(rows, packets.start.tolist(), strict=True):
        assert 0 <= start <= start + row["length"] <= packets.data.size
        row["payload"] = packets.data[start : start + row["length"]].tobytes()
        row["outer"] = []
    if packets.outer is not None:
        for at, *outer in zip(*(column.tolist() for column in packets.outer), strict=True):
            rows[at]["outer"].append(tuple(outer))
    return rows
