"""decode/columns.py against the oracle: built frames, hostile frames, every real capture; and independence of batch borders."""

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from otwatch.capture import open_captures
from otwatch.decode.columns import decode
from otwatch.decode.fragments import Fragments
from otwatch.decode.links import LINKS
from otwatch.errors import CaptureError
from otwatch.packets import Frames
from tests.decode.builders import Frame, batch
from tests.decode.oracle import oracle, rows_of
from tests.decode.strategies import frames


def fast(batches: Sequence[Frames]) -> list[dict[str, Any]]:
    fragments = Fragments()
    return [row for one in batches for row in rows_of(decode(one, fragments))]


def agree(batches: list[Frames]) -> None:
    for number, (ours, theirs) in enumerate(zip_longest(fast(batches), oracle(batches)), start=1):
        assert ours == theirs, f"frame {number}"


@given(st.lists(frames(), max_size=12))
def test_columns_say_what_the_oracle_says(built: list[Frame]) -> None:
    agree([batch(built)])


@given(st.lists(frames(), max_size=12), st.integers(1, 5))
def test_batch_borders_change_nothing(built: list[Frame], size: int) -> None:
    split = [batch(built[at : at + size]) for at in range(0, len(built), size)]
    assert fast(split) == fast([batch(built)])


@given(st.binary(max_size=80), st.sampled_from([*LINKS, 147]))
def test_any_bytes_are_a_packet(data: bytes, link_type: int) -> None:
    agree([batch([Frame(data, link_type)])])


def test_every_frame_of_the_real_captures(captures: Path) -> None:
    seen = 0
    for path in sorted(captures.rglob("*.pcap*")):
        try:
            batches = list(open_captures([path])[0].read())
        except CaptureError:
            continue
        agree(batches)
        seen += sum(one.start.size for one in batches)
    assert seen > 250_000
