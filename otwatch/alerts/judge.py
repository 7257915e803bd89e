"""The one place where items meet detections.

    item -> counters -> judges of its type -> findings; those of one act become one (incidents.py) -> repeats -> rows
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from otwatch.alerts.counting import Count, count_of
from otwatch.alerts.incidents import one_per_act
from otwatch.alerts.model import Detection, Evidence, Finding, Site, any_event
from otwatch.alerts.repeats import Repeats
from otwatch.alerts.rows import rows_of
from otwatch.alerts.strain import failures
from otwatch.changes import Change, LinkSeen
from otwatch.events import CHANGES, Answer, Credential, Event, Request, Verb
from otwatch.events.remembered import remembered
from otwatch.results import AlertRow
from otwatch.sightings import Outcome, Routine, Sighting, Tally

_SCANS = ("recon.", "zone.flow.", "zone.conduit.", "zone.level.")
"""What a declared scanner may do in its window."""


_Kind = tuple[type, str, Verb | None]
"""Type, protocol or scheme, and verb: all that says who may have to do with an item."""


class _Course(NamedTuple):
    """What becomes of an item: what counts it, and the detections that may find something in it.

    asked     those it concerns by itself
    watching  all that watch its kind, and are asked when it crosses one of their counters
    """

    counts: Count | None
    asked: tuple[Detection, ...]
    watching: tuple[Detection, ...]


_ERROR = Outcome.ERROR  # looked up in the enum it costs 0.1 us
_NOTHING = (None, ())
"""No counter and no detection."""


class Judge:
    """Everything between what is seen and the list of findings."""

    def __init__(self, detections: Iterable[Detection], site: Site) -> None:
        self._site = site
        self._detections = tuple(detections)
        self._kinds: dict[_Kind, tuple[Detection, ...]] = {}
        self._course = remembered(self._course_of)
        self.repeats = Repeats(site.windows.thresholds.repeat_s)

    def see(self, item: Sighting | Change | Tally) -> list[Finding]:
        """Judge one item, after the inventory has learnt from it; its findings are kept, and given for those who want them at once."""
        event: Event | Change | Tally
        if isinstance(item, Sighting):
            event, course = item.event, self._course(item.event)
        else:
            event, course = item, self._course_by_kind(item)
        asked = course.asked
        if isinstance(item, (Sighting, Tally)):  # half the time of `Sighting | Tally`
            windows = self._site.windows
            windows.remember(item)
            marks = course.counts(item, event, self._site) if course.counts else ()
            if isinstance(item, Sighting) and item.outcome is _ERROR and isinstance(event, Request):
                marks = chain(marks, failures(item, event, self._site))
            if windows.count(marks):
                asked = tuple(one for one in course.watching if one in asked or any(map(windows.crossed, one.counters)))
        judged = [self._finding(one, evidence) for one in asked for evidence in one.judge(item, self._site)]
        if not judged:
            return judged
        found = one_per_act(judged)
        for finding in found:
            self.repeats.add(finding)
        return found

    def rows(self) -> tuple[AlertRow, ...]:
        """All findings so far, most serious first."""
        return rows_of(self.repeats.folds(self._site), self._site)

    def concerning(self, routine: Routine) -> Iterator[Sighting]:
        """Those of its sightings that are counted or that a detection may find something in."""
        course = self._course
        for said in routine.said:
            if course(said[0])[:2] != _NOTHING:
                yield Sighting(routine.conversation, routine.by_client, *said)

    def _course_of(self, event: Event) -> _Course:
        kind = _kind(event)
        watching = self._watching(kind)
        return _Course(count_of(*kind[:2], event), tuple(one for one in watching if one.concerns(event)), watching)

    def _course_by_kind(self, item: Change | Tally) -> _Course:
        """All changes and tallies of one type take the same course. A tally is no event: whoever is about some events only is asked about
        those tallies that cross his counters."""
        watching = self._watching(_kind(item))
        asked = tuple(one for one in watching if one.concerns is any_event) if isinstance(item, Tally) else watching
        return _Course(count_of(type(item), "", item), asked, watching)

    def _watching(self, kind: _Kind) -> tuple[Detection, ...]:
        watching = self._kinds.get(kind)
        if watching is None:
            watching = self._kinds[kind] = tuple(one for one in self._detections if _watches(one, *kind))
        return watching

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
