"""Captures heard by one process or by several (`--jobs`): the same items in the same order.

    stages.py    what each process does: captures -> packets, packets -> items
    workers.py   processes that do it, and what becomes of them

A pipeline along the way of a packet. What the wire half remembers is one (who talks to whom, what was asked, what was seen twice), so it is
not divided by files or by ranges of records: each stage does its part for all packets, in order, and the site half stands behind the last.

    1 job    capture, decode, wire, site in this process
    2 jobs   [capture, decode] -> [wire] -> [site, this process]: three processes keep two processors busy better than two do
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from otwatch.capture import open_captures
from otwatch.events import Point
from otwatch.jobs.stages import Hearing, Here


@contextmanager
def hearing(paths: Sequence[str], jobs: int = 1, watched: tuple[Point, ...] = ()) -> Iterator[Hearing]:
    """Begin to hear captures, and to read the values of `watched` points; with more than one job other processes begin at once, and none
    is left behind the end of the context.

    CaptureError where nothing can be read at all. Begin before there are threads, and before whatever these processes do not need.
    """
    sources = open_captures(paths)
    if jobs == 1:
        yield Here(sources, watched)
        return
    from otwatch.jobs.apart import Apart
    from otwatch.jobs.workers import Workers

    with Workers() as workers:
        yield Apart(sources, watched, workers)


__all__ = ["Hearing", "hearing"]
