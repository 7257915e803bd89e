"""Captures made ready to be sent, and records made ready to be compared."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from otwatch.capture import open_captures
from otwatch.record import Record
from otwatch.results import Results
from otwatch.sightings import Frame
from tests.capture.builders import pcap

LONGEST = 1900
"""Bytes of a frame that fits a place of the ring."""


def frames_of(paths: Sequence[Path]) -> Iterator[bytes]:
    """Whole Ethernet frames of captures, one capture after the other."""
    for path in paths:
        for source in open_captures([path]):
            for batch in source.read():
                columns = zip(*(column.tolist() for column in (batch.start, batch.length, batch.wire_length, batch.link_type)), strict=True)
                for start, length, wire, kind in columns:
                    if kind == 1 and 14 <= length == wire <= LONGEST:
                        yield batch.data[start : start + length].tobytes()


def together(paths: Sequence[Path], made: Path) -> int:
    """One capture out of several, to be sent; how many frames it has."""
    frames = list(frames_of(paths))
    made.write_bytes(pcap((0, 0, raw) for raw in frames))
    return len(frames)


def read(path: Path) -> Results:
    with Record.open(path) as record:
        return record.results()


def timeless(results: Results) -> dict[str, Any]:
    """Everything but when and in which capture: times are 0, frames are their numbers, chains (named by their first step) have no name.
    Notes and captures are left out."""
    left_out = {"captures", "notes"}
    return {name: _timeless(getattr(results, name)) for name in results._fields if name not in left_out}


def _timeless(value: Any) -> Any:
    if isinstance(value, Frame):
        return value.number
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: 0 if name.endswith("_ns") else _timeless(getattr(value, name)) for name in value._fields}
    if isinstance(value, dict):
        return {name: one for name, one in value.items() if name != "chain_id"}
    return tuple(map(_timeless, value)) if isinstance(value, tuple) else value
