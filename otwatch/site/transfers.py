"""Transfers of whole programs and files: many requests that are one operation (detections.md, eng.program.download).

Dissectors mark what belongs to one with the detail "transfer" (events.TRANSFER_STEPS); who asks whom in which protocol tells
transfers apart. Requests are told when they are answered, or some slots later when they are not: so a transfer that came to its
end is told only when nothing of it can follow any more.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from otwatch.changes import ProgramTransferred
from otwatch.events import Request, Verb
from otwatch.sightings import SLOT_NS, Frame, Outcome, Role, Sighting

SILENCE_NS = 60_000_000_000
"""How long nothing comes until a transfer broke off: 60 s (detections.md, eng.program.download)."""
SETTLED_NS = 4 * SLOT_NS
"""After its end: all its requests were told, those without an answer too."""
BOUND = 4096
"""Transfers that may be open at once; beyond it the one that was silent longest is told as it is."""
FRAMES = 20

_CARRIES = frozenset({Verb.PROGRAM, Verb.FILE})
_REFUSED, _UNKNOWN = (Outcome.ERROR, Outcome.UNANSWERED), (Outcome.UNKNOWN, Outcome.NONE)

_Key = tuple[str, str, str, str]
"""Client, server, protocol, way."""


@dataclass(slots=True)
class _Transfer:
    """One that is open, or that ended a moment ago (`ended_ns`, `end`)."""

    first: Sighting
    last_ns: int
    begun: bool = False
    ended_ns: int = 0
    end: str = ""
    accepted: bool | None = None
    blocks: int = 0
    size: int = 0
    frames: list[Frame] = field(default_factory=list)
    answers: list[Frame] = field(default_factory=list)

    def add(self, sighting: Sighting, step: str, size: int) -> None:
        """One more request of it."""
        self.last_ns = max(self.last_ns, sighting.last_ns)
        if sighting.outcome not in _UNKNOWN:
            self.accepted = self.accepted or sighting.outcome is Outcome.OK
        if step == "begin":
            self.begun = True
        if step in {"end", "abort"} or (step == "begin" and sighting.outcome in _REFUSED):
            self.ended_ns, self.end = sighting.last_ns, _result(step, sighting.outcome)
        if step == "block" and sighting.outcome not in _REFUSED:
            self.blocks += sighting.times
            self.size += sighting.times * size
        _note(self.frames, sighting.frame)
        if sighting.answer is not None:
            _note(self.answers, sighting.answer)


def _result(step: str, outcome: Outcome) -> str:
    if step == "begin":
        return "refused" if outcome is Outcome.ERROR else "broken"
    if step == "abort":
        return "aborted"
    return {Outcome.ERROR: "aborted", Outcome.UNANSWERED: "broken"}.get(outcome, "finished")


def _note(frames: list[Frame], frame: Frame) -> None:
    """The first, and the last in the last place."""
    if len(frames) < FRAMES:
        frames.append(frame)
    else:
        frames[-1] = frame


class Transfers:
    """All transfers of one site. `ends` names who asks and who is asked."""

    def __init__(self, ends: Callable[[Sighting], tuple[str, str]]) -> None:
        self._sides = ends
        self._open: OrderedDict[_Key, _Transfer] = OrderedDict()
        self._slot = 0

    def see(self, sighting: Sighting) -> list[ProgramTransferred]:
        """Take a sighting in; the transfers it shows to be over."""
        event = sighting.event
        if not isinstance(event, Request) or event.verb not in _CARRIES:
            return []
        said = dict(event.details)
        way, _, step = said.get("transfer", "").partition("-")
        return self._step(sighting, event, way, step, int(said.get("bytes", 0))) if step else []

    def expired(self, now_ns: int) -> list[ProgramTransferred]:
        """Transfers that are over, because they ended or nothing came any more. Looked for once a slot, and while one is open."""
        if not self._open or now_ns // SLOT_NS <= self._slot:
            return []
        self._slot = now_ns // SLOT_NS
        return [self._close(key) for key in [key for key, one in self._open.items() if _is_over(one, now_ns)]]

    def finish(self) -> list[ProgramTransferred]:
        """Everything was seen."""
        return [self._close(key, "running") for key in list(self._open)]

    def _step(self, sighting: Sighting, request: Request, way: str, step: str, asked: int) -> list[ProgramTransferred]:
        key = (*self._sides(sighting), request.protocol, way)
        over = list(self._before(key, sighting, step))
        one = self._open.get(key)
        if one is None:
            one = self._open[key] = _Transfer(sighting, sighting.last_ns)
        one.add(sighting, step, int(dict(sighting.told).get("bytes", asked)))
        self._open.move_to_end(key)
        if len(self._open) > BOUND:
            over.append(self._close(next(iter(self._open))))
        return over

    def _before(self, key: _Key, sighting: Sighting, step: str) -> Iterator[ProgramTransferred]:
        """Another transfer of the same two that is over because a new one begins; what was asked before the end belongs to the old one."""
        one = self._open.get(key)
        if one is None:
            return
        is_late = one.ended_ns and sighting.first_ns > one.ended_ns
        is_anew = step == "begin" and one.begun and sighting.first_ns > one.first.first_ns
        if is_late or is_anew:
            yield self._close(key)

    def _close(self, key: _Key, otherwise: str = "broken") -> ProgramTransferred:
        one = self._open.pop(key)
        client, server, protocol, way = key
        request, talk = one.first.event, one.first.conversation
        assert isinstance(request, Request)
        return ProgramTransferred(
            client, server, protocol, way, request.operation, request.verb, one.end or otherwise, one.accepted, one.blocks, one.size,
            one.first.first_ns, one.last_ns, tuple(one.frames), tuple(one.answers), talk.transport, talk.server_port,
            talk.role is Role.GUESS,
        )  # fmt: skip


def _is_over(one: _Transfer, now_ns: int) -> bool:
    patience_ns = SETTLED_NS if one.ended_ns else SILENCE_NS
    return now_ns - one.last_ns > patience_ns
