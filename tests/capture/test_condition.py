"""What frames tell of how they were captured, frame by frame and in batches of any size."""

from struct import pack

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.capture import Condition
from otwatch.packets import Frames

SECOND = 1_000_000_000
SYN = bytes.fromhex(
    "00005e000101 00005e000102 0800"
    "4500 0028 0000 4000 4006 0000 0a000001 0a000002"  # RFC 791 3.1: 10.0.0.1 -> 10.0.0.2, TCP, 40 bytes
    "04d2 01f6 00000001 00000000 5002 2000 0000 0000"
)
OPEN = 0x0A00 + 0x0001 + 0x0A00 + 0x0002 + 6 + 20
"""The sum of the pseudo header: addresses, protocol, length (RFC 9293 3.1)."""


def frames(rows: list[tuple[bytes, int, int]], first: int = 1, capture: str = "a.pcap") -> Frames:
    """(bytes, bytes on the wire, time)."""
    data = np.frombuffer(b"".join(row[0] for row in rows) or b"\0", np.uint8)
    length = np.array([len(row[0]) for row in rows], np.int64)
    start = np.cumsum(length) - length
    wire, time_ns = (np.array([row[at] for row in rows], np.int64) for at in (1, 2))
    ones = np.ones(len(rows), np.int64)
    return Frames(data, start, length, wire, time_ns, ones, np.arange(first, first + len(rows)), ones - 1, (capture,))


def noted(*batches: Frames) -> dict[str, int]:
    condition = Condition()
    for batch in batches:
        condition.take(batch)
    return condition.notes()


def checksum(frame: bytes, at: int, value: int) -> bytes:
    return frame[:at] + pack(">H", value) + frame[at + 2 :]


@pytest.mark.parametrize(
    ("frame", "wire", "found"),
    [
        (SYN, 54, {}),
        (SYN, 1500, {"capture: frames cut": 1}),
        (SYN, 9000, {"capture: frames cut": 1, "capture: long frames": 1}),
        (checksum(SYN, 50, OPEN), 54, {"capture: open checksums": 1}),
        (checksum(SYN, 50, OPEN)[:53], 53, {}),
        (checksum(checksum(SYN, 50, OPEN), 20, 0x2000), 54, {}),  # a fragment
        (checksum(SYN[:23] + b"\x11" + SYN[24:], 40, OPEN + 11), 54, {"capture: open checksums": 1}),
    ],
)
def test_one_frame(frame: bytes, wire: int, found: dict[str, int]) -> None:
    assert noted(frames([(frame, wire, SECOND)])) == found


def test_time() -> None:
    times = [0, 59, 120, 110, 109, 200]
    rows = [(SYN, 54, 1_700_000_000 * SECOND + time * SECOND) for time in times]
    assert noted(frames(rows)) == {"capture: steps back": 1, "capture: silences": 2, "capture: silent seconds": 61 + 91}


def test_nothing_lies_between_two_captures() -> None:
    assert noted(frames([(SYN, 54, 0)]), frames([(SYN, 54, 3600 * SECOND)], capture="b.pcap")) == {}
    assert noted(frames([(SYN, 54, 0)]), frames([(SYN, 54, 3600 * SECOND)])) == {"capture: silences": 1, "capture: silent seconds": 3600}
    assert noted(frames([])) == {}


def test_two_interfaces_by_turns() -> None:
    """Each has its own time: the silence of one is not ended by the other."""
    batches = [frames([(SYN, 54, at * SECOND)], capture=name) for at, name in ((0, "eth1"), (1, "eth2"), (100, "eth1"), (30, "eth2"))]
    assert noted(*batches) == {"capture: silences": 1, "capture: silent seconds": 100}


@pytest.mark.parametrize(
    ("lost", "found"),
    [((None,), {}), ((0, None), {"capture: drop counters": 1}), ((4, 3), {"capture: drop counters": 2, "capture: frames dropped": 7})],
)
def test_what_recorders_say(lost: tuple[int | None, ...], found: dict[str, int]) -> None:
    condition = Condition()
    for one in lost:
        condition.told(one)
    assert condition.notes() == found


rows = st.tuples(
    st.sampled_from([SYN, checksum(SYN, 50, OPEN), SYN[:30], b""]) | st.binary(max_size=70), st.integers(0, 3000), st.integers(0, 10**12)
)


@given(said=st.lists(rows, max_size=30), at=st.integers(0, 30))
def test_batches_make_no_difference(said: list[tuple[bytes, int, int]], at: int) -> None:
    whole = noted(frames(said)) if said else {}
    first, second = said[:at], said[at:]
    assert noted(*(frames(part, number) for part, number in ((first, 1), (second, len(first) + 1)) if part)) == whole
