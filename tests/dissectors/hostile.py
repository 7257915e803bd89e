"""Hostile variants of good payloads, and the promise that what a dissector sets aside says nothing."""

from hypothesis import strategies as st

from otwatch.dissectors.base import Dissector, read
from otwatch.events import Reading


def read_twice(dissector: Dissector, payload: bytes, is_request: bool | None, noise: bytes) -> Reading:
    """Reads a payload, and again with `noise` wherever nothing was looked at: both must say the same (decode/statements.py)."""
    said = read(dissector, payload, is_request)
    other = bytearray(payload)
    for start, end in said.aside:
        other[start:end] = (noise * (end - start))[: end - start]
    assert read(dissector, bytes(other), is_request) == said
    return said


@st.composite
def variants(draw: st.DrawFn, good: list[bytes]) -> bytes:
    """Good payloads joined, with bytes changed, cut short."""
    payload = bytearray(b"".join(draw(st.lists(st.sampled_from(good), min_size=1, max_size=3))))
    for place, value in draw(st.lists(st.tuples(st.integers(0, len(payload) - 1), st.integers(0, 255)), max_size=4)):
        payload[place] = value
    return bytes(payload[: draw(st.integers(0, len(payload)))] if draw(st.booleans()) else payload)
