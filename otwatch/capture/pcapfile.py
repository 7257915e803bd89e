"""The classic capture file (draft-ietf-opsawg-pcap-05): a header of 24 bytes, then frames with a small header each.

The magic number tells the byte order, the unit of the fraction of a second, and Kuznetzov's longer record header.
Seconds are unsigned (section 5), so nothing lies before 1970. The snap length is not believed: files lie about it.
"""

from struct import Struct
from typing import Any, NamedTuple

import numpy as np

from otwatch.capture.batches import MAX_CAPTURED, Columns, gather
from otwatch.packets import I64, U8
from otwatch.words import phrase

HEADER = 24
"""Bytes before the first record."""


class Variant(NamedTuple):
    """What a magic number stands for: nanoseconds in a unit of the fraction, bytes of a record header."""

    unit_ns: int
    record: int


_VARIANTS = {
    0xA1B2C3D4: Variant(1000, 16),
    0xA1B23C4D: Variant(1, 16),
    0xA1B2CD34: Variant(1000, 24),  # Kuznetzov: interface, protocol and packet type behind the usual fields
}
_MAGICS = {Struct(order + "I").pack(number): (order, variant) for number, variant in _VARIANTS.items() for order in "<>"}
_FIELDS = ("seconds", "fraction", "captured", "wire")
_OFFSETS = (0, 4, 8, 12)
_OFFSETS_SWAPPED = (0, 4, 12, 8)  # files of version 2.0 to 2.2 (libpcap, sf-pcap.c, lengths_swapped)


def is_pcap(beginning: bytes) -> bool:
    return beginning[:4] in _MAGICS


class Pcap:
    """The layout of one file, from its first `HEADER` bytes."""

    name = "pcap"

    def __init__(self, header: bytes) -> None:
        order, variant = _MAGICS[header[:4]]
        version = Struct(order + "HH").unpack_from(header, 4)
        offsets = _OFFSETS_SWAPPED if (2, 0) <= version < (2, 3) else _OFFSETS
        # Section 4: the upper half of the field tells the length of a frame check sequence
        self.link_type = Struct(order + "I").unpack_from(header, 20)[0] & 0xFFFF
        self._unit_ns = variant.unit_ns
        self._header = variant.record
        self._word = Struct(order + "I")
        self._captured = offsets[2]
        self._record: np.dtype[Any] = np.dtype({
            "names": _FIELDS, "formats": [order + "u4"] * 4, "offsets": offsets, "itemsize": variant.record,
        })  # fmt: skip

    def walk(self, data: memoryview, at: int, starts: list[int], most: int) -> tuple[int, bool]:
        word, field, header, append = self._word.unpack_from, self._captured, self._header, starts.append
        last, end, after = len(data) - header, len(data), at
        for _ in range(most - len(starts)):
            if after > last:
                break
            after += header + word(data, after + field)[0]
            if after > end:
                return at, after - at <= header + MAX_CAPTURED
            append(at)
            at = after
        return at, at > last

    def columns(self, data: U8, starts: I64) -> Columns:
        records = gather(data, starts, self._record)
        absurd = np.flatnonzero(records["captured"] > MAX_CAPTURED)[:1]
        count = int(absurd[0]) if len(absurd) else len(records)
        seconds, fraction, length, wire = (records[field][:count].astype(np.int64) for field in _FIELDS)
        time_ns = seconds * 1_000_000_000 + fraction * self._unit_ns  # at most 2^32 * (10^9 + 10^3): fits
        return Columns(starts[:count] + self._header, length, wire, time_ns, np.full(count, self.link_type, np.int64))

    def lost(self) -> None:
        """The format has no place for it."""

    def ending(self, data: memoryview) -> str:
        there = len(data)
        if not there:
            return ""
        if there < self._header:
            return phrase("broken.frame_header", there=there, whole=self._header).text()
        (captured,) = self._word.unpack_from(data, self._captured)
        if captured > MAX_CAPTURED:
            return phrase("broken.frame_size", size=captured, most=MAX_CAPTURED).text()
        return phrase("broken.frame", there=there - self._header, whole=captured).text()
