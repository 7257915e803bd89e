"""What is special about frames in a ring: tags that the card took out are put back where they stood. The ring itself: tests/live."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.capture.live import link_type_of
from otwatch.capture.ring import HEADER, PLACE, _tagged
from otwatch.errors import CaptureError

MAC = 80


def places(frames: list[tuple[bytes, int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Frames (bytes, status, tci, tpid) as they stand in a ring."""
    cells, heads = np.zeros(len(frames) * PLACE, np.uint8), np.zeros(len(frames), HEADER)
    for at, (raw, status, tci, tpid) in enumerate(frames):
        cells[at * PLACE + MAC : at * PLACE + MAC + len(raw)] = np.frombuffer(raw, np.uint8)
        heads[at]["status"], heads[at]["tci"], heads[at]["tpid"], heads[at]["mac"] = status, tci, tpid, MAC
    return cells, heads, np.arange(len(frames)) * PLACE + MAC


def shown(frames: list[tuple[bytes, int, int, int]]) -> list[bytes]:
    cells, heads, start = places(frames)
    gained = _tagged(cells, heads, start)
    return [cells[at - more : at + len(raw)].tobytes() for (raw, *_), at, more in zip(frames, start, gained, strict=True)]


FRAME = bytes(range(12)) + b"\x08\x00" + b"payload"


@given(st.lists(st.tuples(st.binary(min_size=14, max_size=60), st.booleans(), st.integers(0, 65_535), st.sampled_from([0x8100, 0x88A8]))))
def test_a_tag_stands_behind_the_addresses(frames: list[tuple[bytes, bool, int, int]]) -> None:
    given_ = [(raw, 0x51 if tagged else 1, tci, tpid) for raw, tagged, tci, tpid in frames]
    expected = [raw[:12] + (tpid.to_bytes(2) + tci.to_bytes(2)) * tagged + raw[12:] for raw, tagged, tci, tpid in frames]
    assert shown(given_) == expected


def test_an_old_kernel_does_not_say_which_tag() -> None:
    assert shown([(FRAME, 0x11, 5, 0)]) == [FRAME[:12] + b"\x81\x00\x00\x05" + FRAME[12:]]


def test_loopback_looks_like_ethernet() -> None:
    assert link_type_of("lo") == 1
    with pytest.raises(CaptureError, match="nothing0: no such interface"):
        link_type_of("nothing0")
