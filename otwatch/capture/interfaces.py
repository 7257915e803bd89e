"""What an interface block of a pcapng says (draft-ietf-opsawg-pcapng-03, 4.2), above all how its clock counts; and its statistics (4.6).

Ticks become nanoseconds since 1970 exactly, without floating point, and are clipped to 64 bits where a file asks for more.
"""

from struct import Struct
from typing import NamedTuple

import numpy as np

from otwatch.packets import I64, U64

SECOND_NS = 1_000_000_000
LATEST_NS = 2**63 - 1
_LATEST_S = LATEST_NS // SECOND_NS - 1
_FAST = 10**10
"""Up to this many ticks a second, the nanoseconds of a fraction are computed in 64 bits: _FAST * SECOND_NS < 2^64."""

INTERFACE_LEAST = 8
"""Bytes of an interface block between its lengths, without options."""

_TSRESOL, _TSOFFSET = 9, 14  # options of an interface, section 4.2
_LOST = (5, 7)  # isb_ifdrop, isb_osdrop: frames for which card or system had no room, section 4.6
STATISTICS_LEAST = 12
"""Bytes of a block of statistics between its lengths, without options."""


class Clock(NamedTuple):
    """Ticks a second (any size), and the seconds to add to what they count (signed, 64 bits)."""

    per_second: int = 1_000_000
    offset_s: int = 0


class Interface(NamedTuple):
    """What an interface says of its frames; `snap` 0 means without limit."""

    link_type: int
    snap: int
    clock: Clock


def interface(body: bytes, sign: str) -> Interface:
    """Read the bytes between the lengths of an interface block, at least INTERFACE_LEAST; `sign` is the `struct` byte order."""
    link_type, _, snap = Struct(sign + "HHI").unpack_from(body)
    return Interface(link_type, snap, _clock(_options(body[INTERFACE_LEAST:], sign), sign))


def statistics(body: bytes, sign: str) -> tuple[int, int | None]:
    """Which interface a block of statistics is about, and how many frames were lost there so far; None where it does not say."""
    index = Struct(sign + "I").unpack_from(body)[0]
    said = _options(body[STATISTICS_LEAST:], sign)
    lost = [Struct(sign + "Q").unpack(said[code])[0] for code in _LOST if len(said.get(code, b"")) == 8]
    return index, sum(lost) if lost else None


def _options(raw: bytes, sign: str) -> dict[int, bytes]:
    """The options of a block (3.5), as far as they are whole."""
    head = Struct(sign + "HH")
    found: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(raw):
        code, size = head.unpack_from(raw, at)
        if not code or at + 4 + size > len(raw):
            break
        found.setdefault(code, raw[at + 4 : at + 4 + size])
        at += 4 + size + -size % 4
    return found


def _clock(options: dict[int, bytes], sign: str) -> Clock:
    """if_tsresol: a negative power of 10, or of 2 with the highest bit set; if_tsoffset: signed seconds (4.2)."""
    resolution = options.get(_TSRESOL, b"\6")[:1] or b"\6"
    power = resolution[0] & 0x7F
    per_second = 2**power if resolution[0] & 0x80 else 10**power
    raw_offset = options.get(_TSOFFSET, b"")
    offset_s = Struct(sign + "q").unpack(raw_offset)[0] if len(raw_offset) == 8 else 0
    return Clock(per_second, offset_s)


def nanoseconds(ticks: U64, clocks: list[Clock], which: I64) -> I64:
    """One time a row: its ticks as `clocks[which]` of the row counts them."""
    if any(clock.per_second > _FAST for clock in clocks):
        return np.array([_slowly(tick, clocks[of]) for tick, of in zip(ticks.tolist(), which.tolist(), strict=True)], np.int64)
    per_second = np.array([clock.per_second for clock in clocks], np.uint64)[which]
    offset_s = np.array([clock.offset_s for clock in clocks], np.int64)[which]
    whole, rest = np.divmod(ticks, per_second)
    seconds = np.minimum(whole, np.uint64(_LATEST_S)).astype(np.int64) + np.clip(offset_s, -_LATEST_S, _LATEST_S)
    fraction = (rest * np.uint64(SECOND_NS) // per_second).astype(np.int64)
    return np.asarray(np.clip(seconds, -_LATEST_S, _LATEST_S) * SECOND_NS + fraction, np.int64)


def _slowly(ticks: int, clock: Clock) -> int:
    return max(-LATEST_NS, min(LATEST_NS, ticks * SECOND_NS // clock.per_second + clock.offset_s * SECOND_NS))
