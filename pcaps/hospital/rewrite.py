"""The pcap of tcpdump becomes a pcapng at the story's time: sorted, microseconds, nothing about the computer that made it.

pcap: draft-ietf-opsawg-pcap; pcapng: draft-ietf-opsawg-pcapng sections 4.1 (SHB), 4.2 (IDB), 4.3 (EPB).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from struct import pack, unpack_from
from typing import NamedTuple

ETHERNET = 1
SNAP_LENGTH = 65535
_COMMENT, _IF_NAME, _IF_TSRESOL = 1, 2, 9


class Taken(NamedTuple):
    """A captured frame; `time_us` in microseconds since 1970."""

    time_us: int
    wire_length: int
    data: bytes


def read_pcap(path: Path) -> Iterator[Taken]:
    """The frames of a little-endian microsecond pcap, as tcpdump writes it here; ValueError for anything else."""
    raw = path.read_bytes()
    magic, link_type = unpack_from("<I16xI", raw)
    if (magic, link_type) != (0xA1B2C3D4, ETHERNET):
        raise ValueError(f"{path}: magic {magic:#x}, link type {link_type}; a microsecond Ethernet pcap was expected")
    at = 24
    while at + 16 <= len(raw):
        seconds, micros, kept, wire = unpack_from("<4I", raw, at)
        yield Taken(seconds * 1_000_000 + micros, wire, raw[at + 16 : at + 16 + kept])
        at += 16 + kept


def write_pcapng(path: Path, frames: Iterable[Taken], shift_us: int, comment: str) -> int:
    """Write the frames in order of time, `shift_us` later; the number written."""
    ordered = sorted(frames, key=lambda frame: frame.time_us)
    with path.open("wb") as out:
        out.write(_block(0x0A0D0D0A, pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + _options((_COMMENT, comment.encode()))))
        interface = _options((_IF_NAME, b"core-mirror"), (_IF_TSRESOL, b"\x06"))
        out.write(_block(1, pack("<HHI", ETHERNET, 0, SNAP_LENGTH) + interface))
        for frame in ordered:
            time_us = frame.time_us + shift_us
            head = pack("<5I", 0, time_us >> 32, time_us & 0xFFFFFFFF, len(frame.data), frame.wire_length)
            out.write(_block(6, head + _padded(frame.data)))
    return len(ordered)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _options(*options: tuple[int, bytes]) -> bytes:
    return b"".join(pack("<HH", code, len(value)) + _padded(value) for code, value in options) + bytes(4)


def _block(kind: int, body: bytes) -> bytes:
    length = pack("<I", len(body) + 12)
    return pack("<I", kind) + length + body + length
