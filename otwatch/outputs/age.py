"""How old the rows of a sensor's record are: its sums are written every second, all rows where something was found, else seldom."""

from collections.abc import Iterator, Mapping

from otwatch.outputs.voice import Voice
from otwatch.results import ROWS, WRITTEN

LEAST_S = 10
"""Rows that are younger than the last write by no more than this are as good as that."""
_SECOND_NS = 1_000_000_000


def age_lines(notes: Mapping[str, int], voice: Voice) -> Iterator[str]:
    """A sentence where rows are older than what the record counts; nothing of a replay."""
    written_s, rows_s = notes.get(WRITTEN, 0), notes.get(ROWS, 0)
    if rows_s and written_s - rows_s > LEAST_S:
        yield voice.words("age.rows", rows=voice.at(rows_s * _SECOND_NS), written=voice.time(written_s * _SECOND_NS))
