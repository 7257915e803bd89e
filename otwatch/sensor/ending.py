"""What a sensor still does once it is told to stop: it hears and learns what came before, for as long as there is time.

Who stops it does not wait for ever (TimeoutStopSec of its unit), and what is not written by then is lost. So a sensor that is behind gives
up what it cannot manage in time, frames first, and says how much; what it has learnt is written in any case.
"""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from otwatch.capture.live import Listener
from otwatch.sensor.hearing import Hearing

HEAR_S, LEARN_S = 6.0, 15.0
"""Until so long after it was told to stop, frames are heard and items learnt from."""
ITEMS = 256
"""What the site half sees between two looks at the clock."""


class GivenUp(NamedTuple):
    """What came before the end and was not managed."""

    packets: int = 0
    items: int = 0


def hear_out(hearing: Hearing, listeners: Sequence[Listener], end_ns: int, clock: Callable[[], float] = time.monotonic) -> GivenUp:
    """Hear what came until `end_ns`, and learn from all that waits. Nothing waits afterwards: what is left is given up."""
    began_s = clock()
    left: dict[str, int] = {}
    for one in listeners:
        if not _heard(hearing, one, end_ns, lambda: clock() - began_s < HEAR_S):
            left[one.name] = _left(one, end_ns)
    hearing.close()
    while hearing.waiting and clock() - began_s < LEARN_S:
        hearing.work(ITEMS)
    return GivenUp(sum(left.values()), hearing.give_up(left))


def _heard(hearing: Hearing, one: Listener, end_ns: int, may_go_on: Callable[[], bool]) -> bool:
    """Whether all that came until `end_ns` could be heard."""
    while may_go_on():
        if hearing.crowded:
            hearing.work(ITEMS)
            continue
        frames = one.take()
        if frames is None:
            return True
        hearing.take(frames)
        if int(frames.time_ns[-1]) > end_ns:
            return True
    return False


def _left(one: Listener, end_ns: int) -> int:
    """How many frames still wait that came until `end_ns`; they are taken and not heard."""
    left = 0
    while (frames := one.take()) is not None:
        before = int((frames.time_ns <= end_ns).sum())
        left += before
        if before < len(frames.time_ns):
            break
    return left
