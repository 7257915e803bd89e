import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.capture.interfaces import LATEST_NS, SECOND_NS, Clock, interface, nanoseconds
from tests.capture.builders import interface as interface_block
from tests.capture.builders import option


def clock_of(options: bytes, order: str = "<") -> Clock:
    return interface(interface_block(options=options, order=order)[8:-4], order).clock


@pytest.mark.parametrize(
    ("options", "clock"),
    [
        (b"", Clock(1_000_000, 0)),
        (option(9, b"\x09"), Clock(10**9, 0)),
        (option(9, b"\x00"), Clock(1, 0)),
        (option(9, b"\x8a"), Clock(1024, 0)),
        (option(9, b"\xff"), Clock(2**127, 0)),
        (option(2, b"eth0") + option(9, b"\x03") + option(14, b"\xff" * 8), Clock(1000, -1)),
        (option(14, (3600).to_bytes(8, "little")) + option(9, b"\x09") + option(9, b"\x03"), Clock(10**9, 3600)),
        (option(0, b"") + option(9, b"\x09"), Clock()),
        (option(9, b""), Clock()),
        (option(14, b"\1"), Clock()),
        (option(9, b"\x09") + b"\x0e\0\xff\xff12345678", Clock(10**9, 0)),
    ],
)
def test_clock(options: bytes, clock: Clock) -> None:
    assert clock_of(options) == clock


def test_big_endian() -> None:
    assert clock_of(option(14, (3600).to_bytes(8), ">"), ">") == Clock(1_000_000, 3600)


CLOCKS = st.builds(
    Clock,
    st.one_of(st.integers(0, 127).map(lambda power: 10**power), st.integers(0, 127).map(lambda power: 2**power)),
    st.integers(-(2**63), 2**63 - 1) | st.integers(-(10**6), 10**6),
)


@given(st.lists(st.tuples(st.integers(0, 2**64 - 1), CLOCKS), min_size=1, max_size=4))
def test_times_are_exact_or_clipped(rows: list[tuple[int, Clock]]) -> None:
    ticks = np.array([tick for tick, _ in rows], np.uint64)
    said = nanoseconds(ticks, [clock for _, clock in rows], np.arange(len(rows))).tolist()
    for time_ns, (tick, clock) in zip(said, rows, strict=True):
        exact = tick * SECOND_NS // clock.per_second + clock.offset_s * SECOND_NS
        parts = (exact, tick * SECOND_NS // clock.per_second, clock.offset_s * SECOND_NS)
        if all(abs(part) < LATEST_NS - 2 * SECOND_NS for part in parts):
            assert time_ns == exact
        else:
            assert abs(time_ns) <= LATEST_NS
