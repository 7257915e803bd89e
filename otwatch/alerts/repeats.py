"""The same finding again is the same alert, with a count (detections.md A.5).

Same detection, variant, client, server and subkey within 25 hours of packet time: what is done every day is
a little later on some days. Joining two folds gives the same whatever comes
first, so the order of items inside a slot decides nothing; and no count is ever lost.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from otwatch.alerts.model import Evidence, Finding, Site
from otwatch.alerts.tracks import SECOND
from otwatch.sightings import Frame

FRAMES = 20
"""Frames an alert keeps: the earliest."""
VALUES = 5
"""Different values of a listed fact that an alert keeps: the earliest."""
BOUND = 65_536
"""Folds remembered; beyond it further ones of a detection are one."""

LISTED = frozenset({"value", "reason", "protocols", "pairs", "point", "operation"})
"""Facts of which a fold shows all different values and not the last."""

OUTCOME = "outcome"
_ACCEPTED, _REFUSED, _UNSEEN = "accepted", "refused", "unseen"
_PARTS = {
    "ok": frozenset({_ACCEPTED}), "error": frozenset({_REFUSED}), "unknown": frozenset({_UNSEEN}), "unanswered": frozenset({_UNSEEN}),
    "partly": frozenset({_ACCEPTED, _REFUSED}), "some": frozenset({_REFUSED, _UNSEEN}),
}  # fmt: skip
"""What became of the requests of a finding, by the word that says it; "" is no word, and says nothing."""

Key = tuple[str, str, str, str, str]
Dated = tuple[tuple[int, str], ...]
Timed = tuple[tuple[int, Frame], ...]


class Fold(NamedTuple):
    """Findings that are one.

    finding   the latest, with the times, frames and facts of all
    lists     values of LISTED facts, each with the time it was first seen
    frames, answers   with their times
    """

    finding: Finding
    lists: Mapping[str, Dated]
    frames: Timed
    answers: Timed

    @property
    def evidence(self) -> Evidence:
        return self.finding.evidence

    @property
    def id(self) -> str:
        return self.finding.detection.id


def single(finding: Finding) -> Fold:
    """A fold of one finding."""
    evidence = finding.evidence
    lists = {name: ((evidence.first_ns, evidence.facts[name]),) for name in sorted(LISTED & evidence.facts.keys())}
    frames = tuple((evidence.first_ns, frame) for frame in evidence.frames[:FRAMES])
    return Fold(finding, lists, frames, tuple((evidence.first_ns, frame) for frame in evidence.answers[:FRAMES]))


def join(one: Fold, other: Fold) -> Fold:
    """Two folds of the same key as one; it does not matter which comes first."""
    early, late = (one, other) if _is_earlier(one, other) else (other, one)
    return Fold(
        _joined(early.finding, late.finding),
        {name: _values(one.lists.get(name, ()), other.lists.get(name, ())) for name in sorted(one.lists.keys() | other.lists.keys())},
        _frames(one.frames + other.frames),
        _frames(one.answers + other.answers),
    )


def _is_earlier(one: Fold, other: Fold) -> bool:
    first_ns, second_ns = one.evidence.last_ns, other.evidence.last_ns
    return first_ns < second_ns if first_ns != second_ns else _order(one) <= _order(other)


def _order(fold: Fold) -> tuple[object, ...]:
    """Only what joining leaves as the later one has it: otherwise it would matter what was joined first."""
    evidence = fold.evidence
    facts = sorted((name, value) for name, value in evidence.facts.items() if name != OUTCOME)
    return evidence.last_ns, evidence.frames, facts, evidence.protocol, str(evidence.verb)


def _joined(early: Finding, late: Finding) -> Finding:
    first, last = early.evidence, late.evidence
    outcomes = first.facts.get(OUTCOME, ""), last.facts.get(OUTCOME, "")
    facts = {**last.facts, OUTCOME: _together(*outcomes)} if all(outcomes) else last.facts
    evidence = last._replace(
        facts=facts,
        first_ns=min(first.first_ns, last.first_ns),
        times=first.times + last.times,
        failed=first.failed and last.failed,
        floor=max(first.floor, last.floor),
        confidence=max(first.confidence, last.confidence),
        guess=first.guess and last.guess,
    )
    return late._replace(
        evidence=evidence,
        excuse=late.excuse if early.excuse else "",
        tests=late.tests if early.tests else "",
        learning=early.learning and late.learning,
        in_window=early.in_window and late.in_window,
        also=gathered(*early.also, *late.also),
    )


def _together(early: str, late: str) -> str:
    """What became of several requests, as a word of vocabulary.WORDS; in whatever order they are put together. How a transfer ended says
    more than what became of its requests, and that one was accepted more than that others were not answered."""
    known = [_PARTS.get(early), _PARTS.get(late)]
    if None in known:
        return late if known[1] is None else early
    parts = frozenset().union(*(one for one in known if one))
    if parts >= {_ACCEPTED, _REFUSED}:
        return "partly"
    return "ok" if _ACCEPTED in parts else "some" if _REFUSED in parts and len(parts) > 1 else max(early, late)


def gathered(*findings: Finding) -> tuple[Finding, ...]:
    """One finding for each detection and variant, the last of each, in a fixed order."""
    by_name = {(finding.detection.id, finding.evidence.variant): finding for finding in findings}
    return tuple(by_name[name] for name in sorted(by_name))


def _values(one: Dated, other: Dated) -> Dated:
    first: dict[str, int] = {}
    for time_ns, value in (*one, *other):
        first[value] = min(time_ns, first.get(value, time_ns))
    return tuple(sorted((time_ns, value) for value, time_ns in first.items())[:VALUES])


def _frames(frames: Timed) -> Timed:
    return tuple(sorted(set(frames))[:FRAMES])


class Repeats:
    """All folds of a record."""

    def __init__(self, repeat_s: int) -> None:
        self._repeat_ns = repeat_s * SECOND
        self._open: dict[Key, Fold] = {}
        self._closed: list[tuple[Key, Fold]] = []
        self.crowded = 0

    def __len__(self) -> int:
        return len(self._open) + len(self._closed)

    def add(self, finding: Finding) -> None:
        """Fold one finding."""
        key = self._key(finding)
        before = self._open.get(key)
        fold = single(finding)
        if before is not None and finding.evidence.first_ns - before.evidence.last_ns > self._repeat_ns and len(self._closed) < BOUND:
            self._closed.append((key, before))
            before = None
        self._open[key] = fold if before is None else join(before, fold)

    def forget(self, before_ns: int) -> int:
        """Let go of the folds that were seen last before `before_ns`; how many."""
        before = len(self)
        for key in [key for key, fold in self._open.items() if fold.evidence.last_ns < before_ns]:
            del self._open[key]
        self._closed = [(key, fold) for key, fold in self._closed if fold.evidence.last_ns >= before_ns]
        return before - len(self)

    def times(self) -> list[int]:
        """When each fold was seen last."""
        return [fold.evidence.last_ns for fold in (*self._open.values(), *(fold for _, fold in self._closed))]

    def _key(self, finding: Finding) -> Key:
        key = _named(finding, lambda asset: asset)
        if key in self._open or len(self._open) < BOUND:
            return key
        self.crowded += 1
        return (finding.detection.id, finding.evidence.variant, "", "", "")

    def folds(self, site: Site) -> list[Fold]:
        """What still stands, under the names assets have now, by first frames; folds that came to mean the same are one."""
        latest: dict[Key, Fold] = {}
        done: list[Fold] = []
        held = (*(fold for _, fold in self._closed), *self._open.values())
        kept = (_settled(fold, site) for fold in held if _stands(fold, site))
        for fold in sorted(kept, key=_began):
            key = _named(fold.finding, site.final)
            before = latest.get(key)
            if before is not None and fold.evidence.first_ns - before.evidence.last_ns > self._repeat_ns:
                done.append(before)
                before = None
            latest[key] = fold if before is None else join(before, fold)
        return sorted((_renamed(fold, site) for fold in (*done, *latest.values())), key=_began)


def _stands(fold: Fold, site: Site) -> bool:
    return fold.finding.detection.stands(fold.evidence, site)


def _settled(fold: Fold, site: Site) -> Fold:
    evidence = fold.finding.detection.settled(fold.evidence, site)
    return fold if evidence is fold.evidence else fold._replace(finding=fold.finding._replace(evidence=evidence))


def _named(finding: Finding, name: Callable[[str], str]) -> Key:
    evidence = finding.evidence
    client, server = (name(asset) if asset else "" for asset in (evidence.client, evidence.server))
    return finding.detection.id, evidence.variant, client, server, evidence.subkey


def _renamed(fold: Fold, site: Site) -> Fold:
    evidence = fold.evidence
    client, server = (site.final(asset) if asset else "" for asset in (evidence.client, evidence.server))
    return fold._replace(finding=fold.finding._replace(evidence=evidence._replace(client=client, server=server)))


def _began(fold: Fold) -> tuple[object, ...]:
    evidence = fold.evidence
    return evidence.first_ns, fold.frames, fold.id, evidence.variant, evidence.client, evidence.server, evidence.subkey


def pairs(folds: list[Fold]) -> Iterator[tuple[str, str]]:
    """Who did it to whom, each pair once, the busiest first."""
    times: dict[tuple[str, str], int] = {}
    for fold in folds:
        pair = (fold.evidence.client, fold.evidence.server)
        times[pair] = times.get(pair, 0) + fold.evidence.times
    yield from sorted(times, key=lambda pair: (-times[pair], pair))
