"""Frames and packets built from their parts, for literals and for strategies.py."""

from collections.abc import Iterable
from dataclasses import dataclass
from struct import pack

import numpy as np

from otwatch.packets import I64, Frames

CLIENT_4, SERVER_4 = bytes([10, 1, 0, 1]), bytes([10, 1, 0, 2])
CLIENT_6, SERVER_6 = bytes.fromhex("fd00" + "00" * 13 + "01"), bytes.fromhex("fd00" + "00" * 13 + "02")
MACS = bytes.fromhex("020000000002020000000001")


@dataclass(frozen=True)
class Frame:
    data: bytes
    link_type: int = 1
    wire: int | None = None
    time_ns: int = 0


def batch(frames: list[Frame]) -> Frames:
    """Frames side by side, as a capture gives them."""
    lengths = [len(frame.data) for frame in frames]
    return Frames(
        data=np.frombuffer(b"".join(frame.data for frame in frames), np.uint8),
        start=column(sum(lengths[:row]) for row in range(len(frames))),
        length=column(lengths),
        wire_length=column(len(frame.data) if frame.wire is None else frame.wire for frame in frames),
        time_ns=column(frame.time_ns for frame in frames),
        link_type=column(frame.link_type for frame in frames),
        number=column(range(1, len(frames) + 1)),
        origin=column(0 for _ in frames),
        captures=("test",),
    )


def column(values: Iterable[int]) -> I64:
    return np.array(list(values), np.int64)


def ethernet(ethertype: int, body: bytes, tags: bytes = b"") -> bytes:
    return MACS + tags + pack("!H", ethertype) + body


def tcp(payload: bytes, options: bytes = b"", flags: int = 0x18) -> bytes:
    return pack("!HHIIBBHHH", 40_000, 502, 7, 9, (20 + len(options)) // 4 << 4, flags, 8192, 0, 0) + options + payload


def udp(payload: bytes, length: int | None = None) -> bytes:
    return pack("!HHHH", 47_808, 47_808, 8 + len(payload) if length is None else length, 0) + payload


def ipv4(protocol: int, body: bytes, *, options: bytes = b"", total: int | None = None, ident: int = 1, place: int = 0) -> bytes:
    size = 20 + len(options)
    length = size + len(body) if total is None else total
    return pack("!BBHHHBBH", 0x40 | size // 4, 0, length, ident, place, 64, protocol, 0) + CLIENT_4 + SERVER_4 + options + body


def ipv6(protocol: int, body: bytes, *, size: int | None = None) -> bytes:
    return pack("!IHBB", 0x6000_0000, len(body) if size is None else size, protocol, 63) + CLIENT_6 + SERVER_6 + body


def pieces_of(version: int, protocol: int, body: bytes, size: int, ident: int = 1) -> list[bytes]:
    """A datagram as IP fragments of `size` bytes, a multiple of 8."""
    fragments = []
    for at in range(0, len(body), size):
        part, more = body[at : at + size], at + size < len(body)
        if version == 4:
            fragments.append(ipv4(protocol, part, ident=ident, place=at // 8 | more << 13))
        else:
            fragments.append(ipv6(44, pack("!BBHI", protocol, 0, at | more, ident) + part))
    return fragments
