"""What an interface shows in a short while, for `otwatch doctor`: heard as a sensor hears it, and written nowhere."""

import select
import time
from contextlib import closing

from otwatch.capture.listening import listen
from otwatch.capture.live import Listener
from otwatch.config import Site
from otwatch.results import NOW, Results
from otwatch.sensor.hearing import Hearing
from otwatch.sensor.seccomp import forbid_sending
from otwatch.sensor.sensing import TURN_S, counters
from otwatch.sensor.silence import addresses

RING_BYTES = 32 << 20


def trial(interface: str, seconds: float, site: Site | None) -> Results:
    """Listen for so long, or until Ctrl-C. CaptureError where that is not possible."""
    hearing = Hearing(site)
    one, _ = listen(interface, ring_bytes=RING_BYTES)
    with closing(one):
        forbid_sending([one.fileno()])
        before = counters(one)
        _hear(hearing, one, time.monotonic() + seconds)
        hearing.finish()
        notes = counters(one)
        sent = f"{NOW}{interface} transmitted"
        notes[sent] -= before[sent]
        return hearing.results({**notes, f"{NOW}{interface} addresses": len(addresses(interface))})


def _hear(hearing: Hearing, one: Listener, end_s: float) -> None:
    try:
        while (left_s := end_s - time.monotonic()) > 0:
            select.select([one], [], [], min(left_s, TURN_S))
            frames = one.take()
            if frames is not None:
                hearing.take(frames)
                hearing.work()
    except KeyboardInterrupt:
        return
