"""The record is written by copies of the sensor: capture goes on while they write, and what goes wrong there is their end alone.

A copy (fork) holds everything learnt until that moment for nothing. It makes the rows, judges what still waits as if it were the
end, writes the record in one transaction and is gone. A full disk, a locked file or a crash cost that copy; the sensor still has
everything, tells it, and the next copy writes it. What is `most_s` old is written: a copy starts so early after the last one that it
will be done by then. Then it waits SHARE times as long as a processor worked on the last one: not as long as that one took, for on a busy
machine it stood in line, and what nobody has written is lost when the sensor is killed. Where there are many rows (HEAVY_S) it cannot be
done within the second anyway: it stands behind the capture then, and waits SHARE times as long as it took, so that no frame is dropped
for it.
"""

import gc
import os
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

import msgspec

from otwatch.errors import RecordError
from otwatch.words import phrase

SHARE = 2
"""Writing may take a third of one core: a copy that worked for 2 s is followed by 4 s without."""
HEAVY_S, NICE = 0.5, 5
"""Work of a copy from which on the next ones are so much nicer than the capture. Lighter ones are not: behind all else on a busy machine
they would keep the record old."""
AHEAD_S = 0.1
"""Frames wait for so long at most before they are heard."""
_ENOUGH = 1 << 16


class Kept(NamedTuple):
    """What was written. `size`: bytes in use; `more`: whether something could not be, that the next whole write is to hold."""

    size: int = 0
    more: bool = False


Write = Callable[[], Kept]
"""Writes the record."""


class Written(NamedTuple):
    """What became of a copy. `failed`: why nothing was written, "" where it was."""

    kept: Kept = Kept()
    failed: str = ""


class Tally(NamedTuple):
    """Writes so far: those that succeeded, those that failed, and the last of each. The last that succeeded began at `begun_s` and ended
    at `last_s`, in s since 1970."""

    done: int = 0
    failed: int = 0
    reason: str = ""
    size: int = 0
    took_ms: int = 0
    last_s: int = 0
    begun_s: int = 0


class Writer:
    """At most one copy at a time, the next at `due_s`. `tally` says what became of all; `worked_s` and `more` are of the last."""

    def __init__(self, write: Write, most_s: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.tally = Tally()
        self._write = write
        self._most_s = most_s
        self._clock = clock
        self._child = self._pipe = -1
        self._began_s = self.due_s = self.worked_s = 0.0
        self.more = self._is_over = False

    @property
    def runs(self) -> bool:
        """Whether a copy is at work."""
        return self._child >= 0

    def due(self) -> bool:
        """Whether a copy may start now."""
        return not self.runs and self._clock() >= self.due_s

    def start(self) -> None:
        """Start a copy."""
        read, write = os.pipe()
        self._began_s = self._clock()
        try:
            child = os.fork()
        except OSError as error:
            os.close(read)
            os.close(write)
            self._take(Written(failed=f"fork: {error.strerror}"))
            self._is_over = True
            return
        if not child:
            _be_the_copy(self._write, write, NICE if self.worked_s > HEAVY_S else 0)
        os.close(write)
        self._child, self._pipe = child, read

    def look(self) -> bool:
        """Whether a copy has ended since the last look, or could not be made."""
        if self._is_over:
            self._is_over = False
            return True
        if self._child < 0 or not select.select([self._pipe], [], [], 0)[0]:
            return False
        self._end()
        return True

    def stop(self) -> None:
        """Stop the copy that still writes: what is written next is newer. Its transaction leaves no trace."""
        if self._child < 0 or self.look():
            return
        os.kill(self._child, signal.SIGKILL)
        os.close(self._pipe)
        os.waitpid(self._child, 0)
        self._child = self._pipe = -1

    def here(self) -> None:
        """Write without a copy: at the end."""
        self._began_s = self._clock()
        self._take(_outcome(self._write))

    def forgive(self) -> None:
        """What could not be written is there by now: another one wrote it."""
        self.tally = self.tally._replace(reason="")

    def _end(self) -> None:
        told = os.read(self._pipe, _ENOUGH)
        os.close(self._pipe)
        _, status, used = os.wait4(self._child, 0)
        self._child = self._pipe = -1
        died = Written(failed=phrase("record.copy_died", status=status).text())
        self.worked_s = used.ru_utime + used.ru_stime
        self._take(msgspec.json.decode(told, type=Written) if told else died)

    def _take(self, written: Written) -> None:
        now_s = self._clock()
        took_s = now_s - self._began_s
        rest_s = SHARE * (took_s if self.worked_s > HEAVY_S else self.worked_s)
        self.due_s = max(self._began_s + self._most_s - took_s - AHEAD_S, now_s + rest_s)
        tally = self.tally
        if written.failed:
            self.tally = tally._replace(failed=tally.failed + 1, reason=written.failed)
            return
        self.more = written.kept.more
        ended_s = time.time()
        size, took_ms = written.kept.size, int(took_s * 1000)
        self.tally = Tally(tally.done + 1, tally.failed, "", size, took_ms, int(ended_s), int(ended_s - took_s))


def _outcome(write: Write) -> Written:
    try:
        return Written(write())
    except RecordError as error:
        return Written(failed=str(error))


def _be_the_copy(write: Write, pipe: int, nicer: int) -> None:
    """Never returns. Signals are the sensor's business: the copy ends when it has written."""
    status = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        gc.disable()
        with suppress(PermissionError):  # its service may forbid it (systemd/otwatch-sensor@.service)
            os.nice(nicer)
        os.write(pipe, msgspec.json.encode(_outcome(write)))
        status = 0
    finally:
        os._exit(status)
