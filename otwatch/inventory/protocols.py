"""How much of each protocol was seen, and how much of it understood: sightings and tallies counted by service."""

from collections.abc import Mapping

from otwatch.events import CHANGES, Anomaly, Answer, Binding, Identity, Request
from otwatch.results import ProtocolRow
from otwatch.sightings import Frame, Outcome, Sighting, Tally

ANSWERED = frozenset({Outcome.OK, Outcome.ERROR})

OPENINGS = frozenset({"tls", "ssh", "smb", "vnc"})
"""Protocols of which only the opening can be read: what it says of the two sides makes nothing else known."""

REMEMBERED = 4096
"""Frames remembered on both sides, to tell a message with a flaw from one of which nothing else could be said."""


class _Count:
    """`unread`, `lost` in bytes; `decoded`: a message of it was read."""

    __slots__ = ("anomalies", "answers", "bytes", "decoded", "errors", "flawed", "lost", "packets", "requests", "unread", "writes")

    def __init__(self) -> None:
        self.packets = self.bytes = self.requests = self.answers = self.errors = self.writes = self.anomalies = self.unread = self.lost = 0
        self.flawed = 0
        self.decoded = False


class Protocols:
    """Counters by service, "" for what no port names."""

    def __init__(self) -> None:
        self._counts: dict[str, _Count] = {}
        self._flaws: dict[Frame, tuple[_Count, int]] = {}
        self._joined: dict[Frame, None] = {}
        self._last: Frame | None = None

    def _of(self, service: str) -> _Count:
        count = self._counts.get(service)
        if count is None:
            count = self._counts[service] = _Count()
        return count

    def request(self, sighting: Sighting, request: Request) -> None:
        """A request joined with its answer is two messages."""
        count = self._spoken(sighting)
        times = sighting.times
        count.requests += times
        if request.verb in CHANGES:
            count.writes += times
        if sighting.outcome:
            self._joined_with(sighting, count)

    def _joined_with(self, sighting: Sighting, count: _Count) -> None:
        """What became of a request is known."""
        self._said_late(sighting.frame)
        if sighting.answer is not None:
            self._said_late(sighting.answer)
        if sighting.outcome in ANSWERED:
            count.answers += sighting.times
            count.errors += sighting.times if sighting.outcome is Outcome.ERROR else 0

    def answer(self, sighting: Sighting, answer: Answer) -> None:
        count = self._spoken(sighting)
        count.answers += sighting.times
        if answer.error:
            count.errors += sighting.times

    def other(self, sighting: Sighting) -> None:
        """Facts are part of a message that was counted; a flaw may be all there is of one."""
        if isinstance(sighting.event, Anomaly):
            count = self._of(sighting.conversation.service)
            count.anomalies += sighting.times
            self._flaw(count, sighting)
        elif isinstance(sighting.event, Identity | Binding) and sighting.event[0] not in OPENINGS:
            self._of(sighting.conversation.service).decoded = True

    def _spoken(self, sighting: Sighting) -> _Count:
        service = sighting.conversation.service
        count = self._counts.get(service) or self._of(service)
        count.decoded = True
        self._last = sighting.frame
        return count

    def _flaw(self, count: _Count, sighting: Sighting) -> None:
        """What is counted comes right behind the request or answer it stands beside; requests that wait come before or later."""
        if sighting.frame != self._last and sighting.frame not in self._joined:
            count.flawed += sighting.times
            self._flaws[sighting.frame] = count, sighting.times
            if len(self._flaws) > REMEMBERED:
                del self._flaws[next(iter(self._flaws))]

    def _said_late(self, frame: Frame) -> None:
        self._joined[frame] = None
        if len(self._joined) > REMEMBERED:
            del self._joined[next(iter(self._joined))]
        if self._flaws and frame in self._flaws:
            count, times = self._flaws.pop(frame)
            count.flawed -= times

    def tally(self, tally: Tally) -> None:
        count = self._of(tally.conversation.service)
        count.packets += tally.packets[0] + tally.packets[1]
        count.bytes += tally.bytes[0] + tally.bytes[1]
        count.unread += tally.unread
        count.lost += tally.lost

    def rows(self, titles: Mapping[str, str]) -> tuple[ProtocolRow, ...]:
        """Those that were read first, then by packets. `titles`: service -> how people call it."""
        order = sorted(self._counts, key=lambda name: (not self._counts[name].decoded, -self._counts[name].packets, name))
        return tuple(self._row(name, titles.get(name, name)) for name in order)

    def _row(self, name: str, title: str) -> ProtocolRow:
        count = self._counts[name]
        return ProtocolRow(
            name, title, count.packets, count.bytes, count.requests + count.answers + count.flawed, count.requests, count.answers,
            count.errors, count.writes, count.anomalies, count.unread, count.lost, count.decoded,
        )  # fmt: skip
