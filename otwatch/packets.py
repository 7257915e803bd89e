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
    """A batch of captured frames of one capture; every column but `data` has one entry a frame.

    data         the bytes that `start` points into (uint8, read only)
    start        int64: first byte of the frame in `data`
    length       int64: bytes captured
    wire_length  int64: bytes that were on the wire
    time_ns      int64: nanoseconds since 1970, UTC
    link_type    int64: LINKTYPE_ value of the pcap registry
    number       int64: frame number in the capture, from 1, as Wireshark counts
    capture      name of the capture, as shown to people
    """

    data: U8
    start: I64
    length: I64
    wire_length: I64
    time_ns: I64
    link_type: I64
    number: I64
    capture: str


class Packets(NamedTuple):
    """The same batch, decoded to layer 4; one row a frame, in the same order. All columns int64 unless said.

    src_mac, dst_mac   48 bits; -1 where the link layer has none
    vlan               outermost 802.1Q tag; -1 without
    ethertype          of the innermost header; for LLC its service access point (0x82 BACnet, 0x42 spanning tree); -1 unknown; ARP 0x0806
    ip_version         4, 6, or 0 for anything that is not IP
    src_hi, src_lo     uint64: sender; IPv6 as 128 bits, IPv4 as ::ffff:a.b.c.d; without IP: hi 0, lo the MAC
    dst_hi, dst_lo     uint64: the same of the receiver
    protocol           IP protocol after extension headers (6 TCP, 17 UDP, 1 ICMP ...); 0 for not IP
    src_port, dst_port 0 where there are none
    flags              TCP flags byte; 0 for others
    seq, ack           TCP numbers
    start, length      the payload above the transport (TCP, UDP), or above the link layer for what is not IP, inside `data`;
                       taken from the IP and UDP headers, never from the frame's length (padding)
    missing            int64: bytes the headers promise and the capture cut off (snap length)
    ttl                of the IP header; 0 for others
    flaw               uint8: 0 fine, else an index into FLAWS
    fragment           bool: an IP fragment that is not yet, or never will be, a whole datagram (ports 0, length 0)
    """

    data: U8
    time_ns: I64
    number: I64
    wire_length: I64
    capture: str
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
    flaw: U8
    fragment: Bools


FLAWS = (
    "", "frame ends inside its link header", "unknown link type", "frame ends inside its IP header", "IP header is wrong",
    "frame ends inside its transport header", "transport header is wrong", "fragment is wrong",
    "link header is wrong",
)  # fmt: skip

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58
