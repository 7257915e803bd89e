"""Payloads of a real capture, in order, for tests that need no stream.

Naive: TCP segments that were sent again are left out, as tshark does; nothing is put together.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from otwatch.capture import open_captures
from otwatch.decode.columns import decode
from otwatch.decode.fragments import Fragments
from otwatch.packets import TCP, Packets

Sender = tuple[int, int, int, int]


class Segment(NamedTuple):
    """`number` is the frame as Wireshark counts; `protocol` that of IP, 0 without IP."""

    number: int
    protocol: int
    ethertype: int
    src_port: int
    dst_port: int
    payload: bytes


def segments(capture: Path) -> Iterator[Segment]:
    """Every payload that is not empty."""
    following: dict[Sender, int] = {}
    fragments = Fragments()
    for source in open_captures([capture]):
        for frames in source.read():
            packets = decode(frames, fragments)
            for row in (packets.length > 0).nonzero()[0]:
                if packets.protocol[row] != TCP or _is_new(packets, int(row), following):
                    yield _segment(packets, int(row))


def _segment(packets: Packets, row: int) -> Segment:
    start, length = int(packets.start[row]), int(packets.length[row])
    columns = (packets.number, packets.protocol, packets.ethertype, packets.src_port, packets.dst_port)
    number, protocol, ethertype, src_port, dst_port = (int(column[row]) for column in columns)
    return Segment(number, protocol, ethertype, src_port, dst_port, packets.data[start : start + length].tobytes())


def _is_new(packets: Packets, row: int, following: dict[Sender, int]) -> bool:
    sender = (int(packets.src_lo[row]), int(packets.dst_lo[row]), int(packets.src_port[row]), int(packets.dst_port[row]))
    sequence = int(packets.seq[row])
    if 0 < (following.get(sender, sequence) - sequence) % 2**32 < 2**20:
        return False
    following[sender] = (sequence + int(packets.length[row])) % 2**32
    return True
