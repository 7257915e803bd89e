"""Packets made by hand for the tests of the wire half."""

import numpy as np

from otwatch.packets import TCP, Frames, Packets


def segments(rows: list[tuple[int, int, bytes, int]]) -> tuple[Packets, np.ndarray]:
    """TCP segments (direction, sequence number, payload, flags) as a batch, and the column of directions."""
    size = len(rows)
    payloads = [payload for _, _, payload, _ in rows]
    length = np.array([len(payload) for payload in payloads])
    columns = {name: np.zeros(size, dtype=np.int64) for name in Packets._fields}
    columns |= {
        "data": np.frombuffer(b"".join(payloads) + b"\0", dtype=np.uint8),
        "captures": ("made by hand",),
        "protocol": np.full(size, TCP),
        "seq": np.array([seq for _, seq, _, _ in rows]),
        "flags": np.array([flags for *_, flags in rows]),
        "start": np.cumsum(length) - length,
        "length": length,
    }
    return Packets(**columns), np.array([direction for direction, *_ in rows])


def regroup(frames: Frames, size: int) -> list[Frames]:
    """The same frames in batches of `size`."""
    return [frames.part(slice(at, at + size)) for at in range(0, len(frames.start), size)]
