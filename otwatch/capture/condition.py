"""In which condition frames were captured: cut short, out of time, taken on a machine that itself talks, by the frames themselves;
and what the recorder says it lost.

Only counted, for `otwatch doctor`; what it counts does not depend on where batches end.
"""

import numpy as np

from otwatch.packets import I64, Bools, Frames

PREFIX = "capture: "
"""Of the names of these counters among the notes of a record."""
BACK_NS, SILENCE_NS = 1_000_000_000, 60_000_000_000
"""A step back in time, and a time without any frame, that are worth telling."""
LONGEST = 1600
"""Bytes of the longest frame that an Ethernet with several tags carries (IEEE 802.3 3.2.7: 2000 with envelopes, 1522 as a rule); a longer
one was put together by a network card (large receive offload), or is a jumbo frame."""
SAMPLE = 7
"""One frame of so many is asked for its checksum: no power of two, so that both sides of a dialogue come up."""

_COUNTED = (
    "frames cut", "steps back", "silences", "silent seconds", "long frames", "open checksums", "drop counters", "frames dropped",
)  # fmt: skip
_ETHERNET = 1  # LINKTYPE_ of the pcap registry
_LEAST = 14 + 20 + 20  # Ethernet, IPv4 (RFC 791 3.1), TCP (RFC 9293 3.1): enough for UDP, too
_CHECKSUM = {6: 50, 17: 40}  # of TCP and UDP behind an IPv4 header without options


class Condition:
    """Counters of all frames that were taken in."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(_COUNTED, 0)
        self._last_ns: dict[str, int] = {}

    def take(self, frames: Frames) -> None:
        """Count a batch of one capture."""
        if not len(frames.start):
            return
        self._counts["frames cut"] += int(np.count_nonzero(frames.length < frames.wire_length))
        self._counts["long frames"] += int(np.count_nonzero(frames.wire_length > LONGEST))
        self._counts["open checksums"] += int(np.count_nonzero(_open(frames)))
        self._pass(frames)

    def told(self, lost: int | None) -> None:
        """What a recorder says at the end of a capture; None where it says nothing."""
        self._counts["drop counters"] += lost is not None
        self._counts["frames dropped"] += lost or 0

    def notes(self) -> dict[str, int]:
        """What was found, by name."""
        return {f"{PREFIX}{name}": times for name, times in self._counts.items() if times}

    def _pass(self, frames: Frames) -> None:
        """Steps between neighbours of one capture; what lies between two captures is nobody's silence."""
        (capture,) = frames.captures
        before = self._last_ns.get(capture, int(frames.time_ns[0]))
        steps = np.diff(frames.time_ns, prepend=before)
        silent = steps[steps > SILENCE_NS]
        self._counts["steps back"] += int(np.count_nonzero(steps < -BACK_NS))
        self._counts["silences"] += len(silent)
        self._counts["silent seconds"] += int((silent // 1_000_000_000).sum())
        self._last_ns[capture] = int(frames.time_ns[-1])


def _open(frames: Frames) -> Bools:
    """Which frames of the sample left their checksum to the network card: it holds the sum of the pseudo header only (RFC 9293 3.1)."""
    start = frames.start[(frames.number % SAMPLE == 1) & (frames.link_type == _ETHERNET) & (frames.length >= _LEAST)]
    version, ethertype, protocol = frames.data[start + 14], _word(frames, start + 12), frames.data[start + 23]
    plain = (ethertype == 0x0800) & (version == 0x45) & (_word(frames, start + 20) & 0x3FFF == 0)
    found = np.zeros(len(start), dtype=np.bool_)
    for number, at in _CHECKSUM.items():
        rows = np.flatnonzero(plain & (protocol == number))
        here = start[rows]
        total = number + _word(frames, here + 16) - 20 + sum(_word(frames, here + at_word) for at_word in (26, 28, 30, 32))
        total = (total & 0xFFFF) + (total >> 16)
        found[rows] = (total & 0xFFFF) + (total >> 16) == _word(frames, here + at)
    return found


def _word(frames: Frames, at: I64) -> I64:
    return np.asarray(frames.data[at].astype(np.int64) << 8 | frames.data[at + 1], np.int64)
