"""The sensor's loop: interfaces, hearing, record, one turn after the other, until it is told to stop.

A turn waits for frames (at most TURN_S), lets them gather (at most GATHER_S, or a full batch), hears one batch of each interface, and
sees to the record. On a quiet interface a batch of five packets costs what one of five hundred does, so they gather for longer there.
While too much waits for the site half, a turn works that off and hears nothing. All times here are of the machine's monotonic clock but
one: when nothing came for QUIET_S, slots of packet time are closed by the clock that also stamps the packets.
"""

import gc
import select
import signal
import time
from collections.abc import Sequence

from otwatch.alerts.blind import BLIND
from otwatch.capture.live import Listener, index_of
from otwatch.changes import UNSEEING
from otwatch.errors import RecordError
from otwatch.results import NOW, ROWS
from otwatch.sensor.ending import hear_out
from otwatch.sensor.heap import trim
from otwatch.sensor.hearing import DROPPED, Hearing
from otwatch.sensor.keeping import Keeping
from otwatch.sensor.notify import Notifier
from otwatch.sensor.seldom import Say, Seldom
from otwatch.sensor.sight import SECOND_NS, SIGHT_S, SURVEY_S, Interface, Moment, Sight
from otwatch.sensor.silence import transmitted
from otwatch.sensor.writing import Tally

TURN_S, GATHER_S, STEP_S = 0.2, 0.05, 0.005
FEW, LONGER = 16, 10
"""Packets that all interfaces gave in the last turn, below which the next ones gather for so many times as long, in so much longer steps;
but not beyond the next write."""
ITEMS, MANY = 64, 256
"""What the site half sees at once, about 2 ms; and in a turn that hears nothing."""
SHARE = 32
"""After each batch at least a 32nd of what waits is seen: a sensor that has no time to gather is about a slot behind, and stays so."""
QUIET_S = 2.0
ALIVE_S = 10.0
LOOK_S = 1.0
HOUR_S = 3600.0

class Sensing:
    """One run of the sensor. `say` is for events, `show` for the line about how it goes, every `status_s` seconds (0: never)."""

    def __init__(self, hearing: Hearing, listeners: Sequence[Listener], say: Say, status_s: float, record_bytes: int) -> None:
        self._hearing = hearing
        self._listeners = tuple(listeners)
        self._say, self._seldom = say, Seldom(say)
        self._status_s = status_s
        self._record_bytes = record_bytes
        self._poll = select.poll()
        for one in self._listeners:
            self._poll.register(one.fileno(), select.POLLIN)
        self._sent = {one.name: max(transmitted(one.name), 0) for one in self._listeners}
        self._indices = {one.name: index_of(one.name) for one in self._listeners}
        self._stopped = False
        self._gathered, self._due_s = FEW, 0.0
        self._heard_s = self._alive_s = self._shown_s = self._aged_s = time.monotonic()
        self._looked_s = self._watched_s = self._surveyed_s = self._heard_s
        self._sight = Sight(time.time_ns())
        self._unwritten_ns = 0
        self._shown_frames = hearing.frames
        self.notes: dict[str, int] = {}

    def stop(self, *_: object) -> None:
        """End after this turn: a signal's business."""
        self._stopped = True

    def obey(self) -> None:
        """SIGTERM and SIGINT stop it from now on; that who read its messages is gone does not."""
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)

    def run(self, keeping: Keeping, notifier: Notifier) -> None:
        """Until somebody stops it. Nothing that was heard before is lost."""
        self._alive_s = 0.0
        gc.disable()  # what is heard makes no cycles, and to look for them among a million objects stops everything for too long
        notifier.tell("READY=1")
        while not self._stopped:
            self._listen()
            self._keep(keeping)
            self._watch()
            self._tell(keeping.tally, notifier)
        notifier.tell("STOPPING=1")
        self._end(keeping)

    # -- hearing ------------------------------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        if self._hearing.crowded:  # frames wait in the ring meanwhile, and the kernel drops and counts what finds no place there
            self._hearing.work(MANY)
            return
        ready = self._poll.poll(0 if self._hearing.waiting else TURN_S * 1000)
        if not ready:
            self._hearing.work(MANY)
            if time.monotonic() - self._heard_s > QUIET_S:
                self._hearing.wait(time.time_ns() - int(QUIET_S * 1e9))
            return
        for descriptor, event in ready:
            if event & ~select.POLLIN:
                self._look_into(descriptor)
        self._gather()
        self._gathered = sum(map(self._hear, self._listeners))
        if self._gathered:
            self._heard_s = time.monotonic()

    def _gather(self) -> None:
        """Until a batch is full or it is time, the site half sees what was heard before."""
        times, now_s = LONGER if self._gathered < FEW else 1, time.monotonic()
        end_s = now_s + max(GATHER_S, min(times * GATHER_S, self._due_s - now_s))
        while time.monotonic() < end_s and not any(one.full() for one in self._listeners):
            if not self._hearing.waiting:
                time.sleep(times * STEP_S)
            self._hearing.work(ITEMS)

    def _hear(self, one: Listener) -> int:
        """How many packets there were."""
        frames = one.take()
        if frames is None:
            return 0
        self._hearing.take(frames)
        self._hearing.work(max(ITEMS, self._hearing.waiting // SHARE))
        return len(frames.start)

    def _look_into(self, descriptor: int) -> None:
        """An interface that is down may come up again."""
        one = next(one for one in self._listeners if one.fileno() == descriptor)
        reason = one.trouble()
        if reason and index_of(one.name) == self._indices[one.name]:
            self._seldom("sense.down", interface=one.name, reason=reason)

    def _look_for(self) -> None:
        """An interface that is gone does not come back, and another of the same name is another. The kernel tells only that it is down."""
        for one in self._listeners:
            if index_of(one.name) != self._indices[one.name]:
                self._stopped = True
                self._say("sense.gone", interface=one.name)

    # -- the record ---------------------------------------------------------------------------------------------------------------------

    def _keep(self, keeping: Keeping) -> None:
        if keeping.look():
            self._judge(keeping)
        keeping.turn()
        self._due_s = keeping.due_s

    def _judge(self, keeping: Keeping) -> None:
        """A record that cannot be written is told, and when it can be again; one that is too big loses its oldest part."""
        tally = keeping.tally
        if tally.reason:
            keeping.anew()
            self._unwritten_ns = self._unwritten_ns or time.time_ns()
            self._seldom("sense.unwritten", reason=tally.reason)
        elif self._unwritten_ns:
            self._unwritten_ns = 0
            self._seldom.over("sense.unwritten", "sense.written")
        is_written = not (tally.reason or self._hearing.journal.must_be_whole)
        if is_written and tally.size > self._record_bytes and (gone := self._hearing.forget_share()):
            self._seldom("sense.shortened", gone=gone)

    # -- whether it sees ----------------------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        now_s = time.monotonic()
        if now_s - self._surveyed_s >= SURVEY_S:
            self._surveyed_s = now_s
            self._sight.survey(self._hearing.survey(time.time_ns()))
            trim()
        if now_s - self._watched_s >= SIGHT_S:
            self._watched_s = now_s
            interfaces = tuple(map(self._interface, self._listeners))
            before = self._sight.lost.keys()
            for lost in self._sight.look(Moment(time.time_ns(), interfaces, self._hearing.steps, self._unwritten_ns)):
                say = self._seldom.surely if lost.lasts else self._seldom
                say("sense.blind", what=BLIND[lost.kind], where=lost.where or "–", amount=lost.amount)
                self._hearing.tell(lost)
            if any(kind in UNSEEING for kind, _ in self._sight.lost):
                self._hearing.blind(int(SIGHT_S * SECOND_NS))
            for kind, where in sorted(before - self._sight.lost.keys()):
                self._seldom.over("sense.blind", "sense.sees", what=BLIND[kind], where=where or "–")

    def _interface(self, one: Listener) -> Interface:
        counted = one.counted()
        return Interface(one.name, counted.received, counted.dropped, one.filled(), *self._hearing.last(one.name))

    # -- how it goes --------------------------------------------------------------------------------------------------------------------

    def _tell(self, tally: Tally, notifier: Notifier) -> None:
        now_s = time.monotonic()
        if now_s - self._alive_s >= min(notifier.watchdog_s or ALIVE_S, ALIVE_S):
            self._alive_s = now_s
            notifier.tell("WATCHDOG=1", f"STATUS={self._hearing.frames} packets, {self._dropped()} dropped")
        if now_s - self._looked_s >= LOOK_S:
            self._looked_s = now_s
            self._look_for()
        if self._status_s and now_s - self._shown_s >= self._status_s:
            self._show(now_s, tally)
        if now_s - self._aged_s >= HOUR_S:
            self._aged_s = now_s
            self._hearing.forget_old()
            gc.collect()

    def _show(self, now_s: float, tally: Tally) -> None:
        frames, passed_s = self._hearing.frames, max(now_s - self._shown_s, 0.001)
        rate = int((frames - self._shown_frames) / passed_s)
        self._say("sense.status", packets=frames, rate=rate, dropped=self._dropped(), assets=self._hearing.half.fills()["assets"],
                  sent=self._transmitted(), written=int(time.time()) - tally.last_s if tally.last_s else "–")  # fmt: skip
        self._shown_s, self._shown_frames = now_s, frames

    def _dropped(self) -> int:
        return sum(one.counted().dropped for one in self._listeners)

    def _transmitted(self) -> int:
        """Frames that the interfaces sent since the sensor listens: it is to be zero."""
        return sum(max(transmitted(one.name), 0) - self._sent[one.name] for one in self._listeners)

    def note(self, tally: Tally) -> None:
        """Look at counters and moments for the record: a copy must not ask, for the kernel counts anew after every question."""
        found = {"record not written": tally.failed, f"{NOW}record bytes": tally.size, f"{NOW}write ms": tally.took_ms}
        for one in self._listeners:
            found |= counters(one)
        found[f"{NOW}waiting"] = self._hearing.waiting
        found |= {f"{NOW}blind {kind}": 1 for kind, _ in self._sight.lost}
        found[f"{NOW}written"] = int(time.time())
        self.notes = {**found, ROWS: tally.begun_s} if tally.begun_s else found

    # -- the end ------------------------------------------------------------------------------------------------------------------------

    def _end(self, keeping: Keeping) -> None:
        """What came before it was told to stop is still heard, as far as there is time, then everything is written."""
        given_up = hear_out(self._hearing, self._listeners, time.time_ns())
        if any(given_up):
            self._say("sense.given_up", packets=given_up.packets, items=given_up.items)
        if reason := keeping.end():
            raise RecordError("record.last_lost", reason=reason)


def counters(one: Listener) -> dict[str, int]:
    """What the kernel says of an interface, as notes of a record."""
    received, dropped, cut = one.counted()
    sent = max(transmitted(one.name), 0)
    counted = {f"{one.name}: received": received, f"{one.name}{DROPPED}": dropped, f"{one.name}: cut": cut}
    return {**counted, f"{NOW}{one.name} transmitted": sent}
