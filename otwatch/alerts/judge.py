"""The one place where items meet detections.

    item -> counters -> judges of its type -> findings; those of one act become one (incidents.py) -> repeats -> rows
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from otwatch.alerts.counting import Count, counts_of
from otwatch.alerts.incidents import one_per_act
from otwatch.alerts.model import Detection, Evidence, Finding, Site, any_event, no_event
from otwatch.alerts.repeats import Repeats
from otwatch.alerts.rows import rows_of
from otwatch.alerts.strain import failures
from otwatch.changes import Change, LinkSeen
from otwatch.events import CHANGES, Answer, Credential, Event, Request, Verb
from otwatch.events.remembered import remembered
from otwatch.results import AlertRow
from otwatch.sightings import Conversation, Outcome, Said, Sighting, Tally

_SCANS = ("recon.", "zone.flow.", "zone.conduit.", "zone.level.")
"""What a declared scanner may do in its window."""


_Kind = tuple[type, str, Verb | None]
"""Type, protocol or scheme, and verb: all that says who may have to do with an item."""


class _Course(NamedTuple):
    """What becomes of an item: what counts it, and the detections that may find something in it.

    asked     those it concerns by itself
    watching  all that watch its kind, and are asked when it crosses one of their counters
    """

    counts: tuple[Count, ...]
    asked: tuple[Detection, ...]
    watching: tuple[Detection, ...]


class _Watchers(NamedTuple):
    """All detections that watch a kind, and those that may find something in an item by itself, with what they say about it."""

    all: tuple[Detection, ...]
    concerned: tuple[tuple[Callable[[Any], bool], Detection], ...]


_ERROR = Outcome.ERROR  # looked up in the enum it costs 0.1 us


class Judge:
    """Everything between what is seen and the list of findings."""

    def __init__(self, detections: Iterable[Detection], site: Site) -> None:
        self._site = site
        self._detections = tuple(detections)
        self._kinds: dict[_Kind, _Watchers] = {}
        self._types: dict[type, _Course] = {}
        self._course = remembered(self._course_of)
        self.repeats = Repeats(site.windows.thresholds.repeat_s)

    def see(self, item: Sighting | Change | Tally) -> list[Finding]:
        """Judge one item, after the inventory has learnt from it; its findings are kept, and given for those who want them at once."""
        if isinstance(item, Sighting):
            event, course = item.event, self._course(item.event)
            counts = course.counts
            if item.outcome is _ERROR and isinstance(event, Request):
                counts = (*counts, failures)
            self._site.windows.remember(item)
            return self._find(item, self._count(item, event, counts, course))
        course = self._course_by_type(item)
        if not isinstance(item, Tally):
            return self._find(item, course.asked)
        self._site.windows.remember(item)
        return self._find(item, self._count(item, item, course.counts, course))

    def see_said(self, talk: Conversation, by_client: bool, said: Iterable[Said]) -> None:
        """Judge what one side said in a slot, event by event."""
        for one in said:
            event = one[0]
            course, sighting = self._course(event), Sighting(talk, by_client, *one)
            self._find(sighting, self._count(sighting, event, course.counts, course))

    def rows(self) -> tuple[AlertRow, ...]:
        """All findings so far, most serious first."""
        return rows_of(self.repeats.folds(self._site), self._site)

    def is_judged(self, event: Event) -> bool:
        """Whether it is counted, or a detection may find something in it."""
        course = self._course(event)
        return bool(course.counts or course.asked)

    def _count(self, item: Sighting | Tally, event: Any, counts: tuple[Count, ...], course: _Course) -> tuple[Detection, ...]:
        """Count an item; who is asked about it: those whom it concerns by itself, or by a counter that it crosses."""
        site, asked = self._site, course.asked
        windows = site.windows
        windows.begin()
        for count in counts:
            windows.count(count(item, event, site))
        if windows.is_crossed:
            asked = tuple(one for one in course.watching if one in asked or any(map(windows.crossed, one.counters)))
        return asked

    def _find(self, item: Sighting | Change | Tally, asked: tuple[Detection, ...]) -> list[Finding]:
        site = self._site
        judged = [self._finding(one, evidence) for one in asked for evidence in one.judge(item, site)]
        if not judged:
            return judged
        found = one_per_act(judged)
        for finding in found:
            self.repeats.add(finding)
        return found

    def _course_of(self, event: Event) -> _Course:
        kind = _kind(event)
        watchers = self._watchers(kind)
        asked = tuple([one for concerns, one in watchers.concerned if concerns is any_event or concerns(event)])
        return _Course(counts_of(*kind[:2], event), asked, watchers.all)

    def _course_by_type(self, item: Change | Tally) -> _Course:
        """All changes and tallies of one type take the same course. A tally is no event: whoever is about some events only is asked about
        those tallies that cross his counters."""
        course = self._types.get(type(item))
        if course is None:
            watching = self._watchers(_kind(item)).all
            asked = tuple(one for one in watching if one.concerns is any_event) if isinstance(item, Tally) else watching
            course = self._types[type(item)] = _Course(counts_of(type(item), "", item), asked, watching)
        return course

    def _watchers(self, kind: _Kind) -> _Watchers:
        watchers = self._kinds.get(kind)
        if watchers is None:
            watching = tuple(one for one in self._detections if _watches(one, *kind))
            concerned = tuple((one.concerns, one) for one in watching if one.concerns is not no_event)
            watchers = self._kinds[kind] = _Watchers(watching, concerned)
        return watchers

    def _finding(self, detection: Detection, evidence: Evidence) -> Finding:
        site, now_ns = self._site, evidence.last_ns
        return Finding(
            detection,
            evidence,
            excuse=self._excuse(detection, evidence),
            tests=self._tests(detection, evidence),
            learning=detection.learns and site.learning(now_ns),
            in_window=self._in_window(evidence),
        )

    def _excuse(self, detection: Detection, evidence: Evidence) -> str:
        """Why it was to be expected (A.3). Logins and never rules are not excused by works; a declared scanner may try what it wants."""
        site, now_ns = self._site, evidence.last_ns
        if evidence.client and detection.id.startswith(_SCANS) and site.scanner(evidence.client, now_ns):
            return "scanner"
        if not (detection.excusable and evidence.client and evidence.server):
            return ""
        return site.intervention(evidence.client, evidence.server, evidence.verb, now_ns) or ""

    def _tests(self, detection: Detection, evidence: Evidence) -> str:
        if not (detection.excusable and evidence.client and evidence.server and evidence.verb in CHANGES):
            return ""
        return self._site.tests(evidence.client, evidence.server, evidence.verb, evidence.last_ns)

    def _in_window(self, evidence: Evidence) -> bool:
        """Whether engineering changes something through a conduit that is open: a conduit out of its window allows nothing."""
        zone = self._site.zone(evidence.client) if evidence.client and evidence.server else None
        if zone is None or zone.kind != "engineering" or evidence.verb not in CHANGES:
            return False
        return self._site.verdict(_link(evidence)).kind == "allowed"


def _kind(event: Event | Change | Tally) -> _Kind:
    if isinstance(event, Request):
        return Request, event.protocol, event.verb
    if isinstance(event, Answer):
        return Answer, event.protocol, None
    return type(event), event.scheme if isinstance(event, Credential) else "", None


def _watches(detection: Detection, watched: type, protocol: str, verb: Verb | None) -> bool:
    """Protocols and verbs are those of requests and answers: any other kind of item has none."""
    is_spoken = watched not in (Request, Answer) or not detection.protocols or protocol in detection.protocols
    return watched in detection.watches and is_spoken and (verb is None or not detection.verbs or verb in detection.verbs)


def _link(evidence: Evidence) -> LinkSeen:
    """What was done, as the policy judges it."""
    return LinkSeen(
        evidence.client, evidence.server, evidence.transport, evidence.port, evidence.protocol, evidence.verb,
        "established", 0, evidence.last_ns, evidence.frames[0],
    )  # fmt: skip
