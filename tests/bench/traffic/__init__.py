"""Traffic as exchanges: the frames of one question with its answer, or of one thing that somebody says.

Every generator is endless and depends on nothing but its random source: the same seed gives the same bytes.
The mixture and its rates (polls, changed values, splits, repetitions) are those of the workloads the design was measured with.
"""

from collections.abc import Iterator
from random import Random
from typing import Protocol

Exchange = list[bytes]
"""Ethernet frames in the order in which they pass."""


class Traffic(Protocol):
    """A kind of traffic."""

    def __call__(self, rng: Random) -> Iterator[Exchange]: ...
