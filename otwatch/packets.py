"""Batches of frames and packets as columns: what flows through the wire half instead of objects."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BATCH = 16_384
"""Frames in a batch: measured best of 4 k .. 256 k."""

U8 = NDArray[np.uint8]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Frames(NamedTuple):
    """A batch of captured frames; every column but `data` has one entry a frame.

    data         the bytes that `start` points into (uint8, read only)
    start        int64: first byte of the frame in `data`
    length       int64: bytes captured
    wire_length  int64: bytes that were on the wire
    time_ns      int64: nanoseconds since 1970, UTC
    link_type    int64: LINKTYPE_ value of the pcap registry
    number       int64: frame number in its capture, from 1, as Wireshark counts
    origin       int64: index into `captures`
    captures     names of the captures the frames come from, as shown to people; one, unless captures of the same time were merged
    """

    data: U8
    start: I64
    length: I64
    wire_length: I64
    time_ns: I64
    link_type: I64
    number: I64
    origin: I64
    captures: tuple[str, ...]

    def part(self, rows: slice) -> "Frames":
        """Some of the frames; `data` and `captures` are shared."""
        shared = {"data", "captures"}
        return self._replace(**{name: getattr(self, name)[rows] for name in self._fields if name not in shared})


class Outer(NamedTuple):
    """The outer IP headers of tunnels: one entry a tunnel that was entered, several for a row that came through several.

    row                the row of `Packets` that came out of it; kind: index into TUNNELS
    others             as in `Packets`; `port` is where UDP went, 0 for others; frame: whether a whole Ethernet frame was inside
    """

    row: I64
    kind: I64
    frame: Bools
    ip_version: I64
    src_hi: U64
    src_lo: U64
    dst_hi: U64
    dst_lo: U64
    protocol: I64
    port: I64

    def part(self, rows: slice) -> "Outer":
        """What belongs to some of the rows, which are numbered anew."""
        start, stop = rows.start or 0, np.iinfo(np.int64).max if rows.stop is None else rows.stop
        kept = (self.row >= start) & (self.row < stop)
        columns = {name: getattr(self, name)[kept] for name in self._fields}
        return self._replace(**columns | {"row": columns["row"] - start})


class Packets(NamedTuple):
    """The same batch, decoded to layer 4; one row a frame, in the same order. All columns int64 unless said.

    src_mac, dst_mac   48 bits; -1 where the link layer has none
    vlan               outermost 802.1Q tag; -1 without
    ethertype          of the innermost header; for LLC its service access point (0x82 BACnet, 0x42 spanning tree); -1 unknown; ARP 0x0806
    ip_version         4, 6, or 0 for anything that is not IP
    src_hi, src_lo     uint64: sender; IPv6 as 128 bits, IPv4 as ::ffff:a.b.c.d; without IP: hi 0, lo the MAC (behind wire/overlaps.py
                       hi of IPv4 is VLAN + 1 where the address is another machine's there)
    dst_hi, dst_lo     uint64: the same of the receiver
    protocol           IP protocol after extension headers (6 TCP, 17 UDP, 1 ICMP ...); 0 for not IP
    src_port, dst_port 0 where there are none
    flags              TCP flags byte; 0 for others
    seq, ack           TCP numbers
    start, length      the payload above the transport (TCP, UDP), or above the link layer for what is not IP, inside `data`;
                       taken from the IP and UDP headers, never from the frame's length (padding)
    missing            int64: bytes the headers promise and the capture cut off (snap length)
    ttl                of the IP header; 0 for others
    ident              identification of the IPv4 header; 0 for others
    flaw               uint8: 0 fine, else an index into FLAWS
    fragment           bool: an IP fragment that is not yet, or never will be, a whole datagram (ports 0, length 0)
    outer              None, or the headers of the tunnels that packets of the batch came through; the row is the innermost packet
    """

    data: U8
    time_ns: I64
    number: I64
    wire_length: I64
    origin: I64
    captures: tuple[str, ...]
    src_mac: I64
    dst_mac: I64
    vlan: I64
    ethertype: I64
    ip_version: I64
    src_hi: U64
    src_lo: U64
    dst_hi: U64
    dst_lo: U64
    protocol: I64
    src_port: I64
    dst_port: I64
    flags: I64
    seq: I64
    ack: I64
    start: I64
    length: I64
    missing: I64
    ttl: I64
    ident: I64
    flaw: U8
    fragment: Bools
    outer: Outer | None = None


FLAWS = (
    "", "frame ends inside its link header", "unknown link type", "frame ends inside its IP header", "IP header is wrong",
    "frame ends inside its transport header", "transport header is wrong", "fragment is wrong",
    "link header is wrong",
)  # fmt: skip

TUNNELS = (
    "", "erspan", "tzsp", "hp-erm", "gre", "eoip", "wccp", "pptp", "ip-in-ip", "6in4", "4in6", "6in6", "etherip", "mpls-in-ip", "vxlan",
    "geneve", "gtp-u", "teredo",
)  # fmt: skip
"""Encapsulations that are entered, by number."""

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58


def payload_of(packets: Packets, row: int) -> bytes:
    """The payload of one packet."""
    start = int(packets.start[row])
    return packets.data[start : start + int(packets.length[row])].tobytes()


def rows_of(packets: Packets, part: slice) -> Packets:
    """Some of the packets of a batch."""
    whole = part.start == 0 and part.stop is not None and part.stop >= len(packets.start)
    if whole:
        return packets
    shared = {"data", "captures", "outer"}
    columns = {name: getattr(packets, name)[part] for name in packets._fields if name not in shared}
    return packets._replace(**columns, outer=packets.outer and packets.outer.part(part))


def words_at(data: U8, start: I64, width: int) -> U64:
    """`width` bytes from each start, as words; bounds-checked like every index."""
    overlapping = np.ndarray((max(data.size - width + 1, 0),), f"V{width}", buffer=data, strides=(1,))
    return overlapping[start].view(np.uint64).reshape(len(start), width // 8).T
