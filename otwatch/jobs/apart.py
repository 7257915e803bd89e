"""The same in several processes: each stage reads a private pipe and writes the next (exchange/)."""

from collections.abc import Iterator
from functools import partial

from otwatch.capture import Source
from otwatch.decode.columns import decode
from otwatch.decode.fragments import Fragments
from otwatch.events import Point
from otwatch.exchange import Inlet, Kind, Outlet, Receiver, Sender, arrived, send_packets
from otwatch.exchange.forms import Ending, Failure, packed, reader, unpacked
from otwatch.jobs.stages import Progress, Reading, counted, guarded_wire
from otwatch.jobs.workers import Workers
from otwatch.results import CaptureRow
from otwatch.sightings import Item
from otwatch.wire.defects import Defects

_CONSUMED, _ENDING, _FAILURE = reader(int), reader(Ending), reader(Failure)
READS, LISTENS = "jobs.reads", "jobs.listens"
"""What the processes do, in messages about them."""


class Apart:
    """Capture and decode in one process, the rest of the wire half in another; their items come here."""

    def __init__(self, sources: list[Source], watched: tuple[Point, ...], workers: Workers) -> None:
        """Start the processes."""
        self.captures: tuple[CaptureRow, ...] = ()
        self.notes: dict[str, int] = {}
        self._sources, self._workers = sources, workers
        packets = workers.start(READS, partial(read, sources))
        self._pipe = workers.start(LISTENS, partial(listen, watched), packets)

    def items(self, progress: Progress | None) -> Iterator[Item]:
        """As they come. The error of a process is raised here; JobError where one ended without a word."""
        inlet, count = Inlet(self._pipe), counted(self._sources, progress)
        receiver = Receiver(inlet)
        with self._workers.heard():
            for kind in inlet:
                if kind == Kind.CONSUMED:
                    count(unpacked(_CONSUMED, inlet.body()))
                elif kind == Kind.FAILED:
                    self._workers.fail(unpacked(_FAILURE, inlet.body()))
                elif kind == Kind.ENDING:
                    ending: Ending = unpacked(_ENDING, inlet.body())
                    self.captures, self.notes = ending.captures, ending.notes
                else:
                    yield from receiver.take(kind)


def read(sources: list[Source], outlet: Outlet, _: None) -> None:
    """The first process: captures -> packets."""
    fragments = Fragments()
    consumed: list[int] = []
    reading = Reading(sources, consumed.append)
    for frames in reading:
        send_packets(outlet, decode(frames, fragments), sum(consumed))
        consumed.clear()
    outlet.put(Kind.CONSUMED, packed(sum(consumed)))
    outlet.put(Kind.ENDING, packed(Ending(reading.captures, reading.condition.notes(), fragments.incomplete)))


def listen(watched: tuple[Point, ...], outlet: Outlet, inlet: Inlet) -> None:
    """The second process: packets -> items."""
    defects, sender = Defects(), Sender(outlet)
    wire = guarded_wire(defects, watched)
    for kind in inlet:
        if kind == Kind.PACKETS:
            packets, consumed = arrived(inlet)
            _send(sender, wire.take(packets))
            outlet.put(Kind.CONSUMED, packed(consumed))
        elif kind == Kind.ENDING:
            ending: Ending = unpacked(_ENDING, inlet.body())
            _send(sender, wire.finish())
            notes = {**wire.notes(ending.incomplete), **defects.notes(), **ending.notes}
            outlet.put(Kind.ENDING, packed(Ending(ending.captures, notes)))
        else:
            outlet.put(kind, inlet.body())


def _send(sender: Sender, items: Iterator[Item]) -> None:
    for item in items:
        sender.add(item)
    sender.flush()
