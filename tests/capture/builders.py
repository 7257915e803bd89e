"""Captures made byte by byte, and what is read out of them as plain rows."""

from collections.abc import Iterable
from pathlib import Path
from struct import pack
from typing import NamedTuple

from otwatch.capture import Reading, Source, Summary
from otwatch.capture.window import PIECE
from otwatch.packets import BATCH, Frames


class Row(NamedTuple):
    """A frame with its columns."""

    number: int
    time_ns: int
    frame: bytes
    wire: int
    link_type: int = 1


def rows_of(frames: Frames) -> list[Row]:
    columns = zip(*(c.tolist() for c in frames[1:7]), strict=True)
    return [
        Row(number, time_ns, frames.data[start : start + length].tobytes(), wire, link)
        for start, length, wire, time_ns, link, number in columns
    ]


def read(path: Path, most: int = BATCH, piece: int = PIECE) -> tuple[list[Row], Summary]:
    """All rows of a file, and its summary."""
    reading = Reading(Source(path.name, path, path.stat().st_size), most=most, piece=piece)
    rows = [row for frames in reading for row in rows_of(frames)]
    return rows, reading.summary


def pcap_header(order: str = "<", magic: int = 0xA1B2C3D4, link: int = 1, version: tuple[int, int] = (2, 4)) -> bytes:
    return pack(order + "IHHiIII", magic, *version, 0, 0, 65535, link)


def pcap(frames: Iterable[tuple[int, int, bytes]], order: str = "<", magic: int = 0xA1B2C3D4, link: int = 1) -> bytes:
    """A classic file of (seconds, fraction, bytes)."""
    records = (pack(order + "IIII", s, f, len(data), len(data)) + data for s, f, data in frames)
    return pcap_header(order, magic, link) + b"".join(records)


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    padded = body + bytes(-len(body) % 4)
    length = pack(order + "I", len(padded) + 12)
    return pack(order + "I", kind) + length + padded + length


def section(order: str = "<", major: int = 1) -> bytes:
    return block(0x0A0D0D0A, pack(order + "IHHq", 0x1A2B3C4D, major, 0, -1), order)


def option(code: int, value: bytes, order: str = "<") -> bytes:
    return pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def interface(link: int = 1, snap: int = 0, options: bytes = b"", order: str = "<") -> bytes:
    return block(1, pack(order + "HHI", link, 0, snap) + options, order)


def enhanced(data: bytes, ticks: int = 0, index: int = 0, order: str = "<", options: bytes = b"") -> bytes:
    head = pack(order + "IIIII", index, ticks >> 32, ticks & 0xFFFFFFFF, len(data), len(data))
    return block(6, head + data + bytes(-len(data) % 4) + options, order)


def obsolete(data: bytes, ticks: int = 0, index: int = 0, drops: int = 0xFFFF, order: str = "<") -> bytes:
    head = pack(order + "HHIIII", index, drops, ticks >> 32, ticks & 0xFFFFFFFF, len(data), len(data))
    return block(2, head + data, order)


def simple(data: bytes, wire: int | None = None, order: str = "<") -> bytes:
    return block(3, pack(order + "I", len(data) if wire is None else wire) + data, order)


def statistics(index: int = 0, order: str = "<", **counters: int) -> bytes:
    """A block of statistics (draft-ietf-opsawg-pcapng-03, 4.6); `counters` by the names of its options."""
    codes = {"ifrecv": 4, "ifdrop": 5, "filteraccept": 6, "osdrop": 7, "usrdeliv": 8}
    options = b"".join(option(codes[name], pack(order + "Q", value), order) for name, value in counters.items())
    return block(5, pack(order + "III", index, 0, 0) + options + option(0, b"", order) * bool(options), order)
