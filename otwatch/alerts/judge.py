"""The one place where items meet detections.

    item -> counters -> judges of its type -> findings; those of one act become one (incidents.py) -> repeats -> rows
"""

from collections.abc import Iterable, Iterator

from otwatch.alerts.counting import marks
from otwatch.alerts.incidents import one_per_act
from otwatch.alerts.model import Detection, Evidence, Finding, Site
from otwatch.alerts.repeats import Repeats
from otwatch.alerts.rows import rows_of
from otwatch.changes import Change, LinkSeen
from otwatch.events import CHANGES, Request, Verb
from otwatch.results import AlertRow
from otwatch.sightings import Sighting, Tally

_SCANS = ("recon.", "zone.flow.", "zone.conduit.", "zone.level.")
"""What a declared scanner may do in its window."""


class Judge:
    """Everything between what is seen and the list of findings."""

    def __init__(self, detections: Iterable[Detection], site: Site) -> None:
        self._site = site
        self._detections = tuple(detections)
        self._watching: dict[tuple[type, Verb | None], tuple[Detection, ...]] = {}
        self.repeats = Repeats(site.windows.thresholds.repeat_s)

    def see(self, item: Sighting | Change | Tally) -> list[Finding]:
        """Judge one item, after the inventory has learnt from it; its findings are kept, and given for those who want them at once."""
        if isinstance(item, Sighting | Tally):
            self._site.windows.remember(item)
            self._site.windows.count(marks(item, self._site))
        found = one_per_act(self._judged(item))
        for finding in found:
            self.repeats.add(finding)
        return found

    def rows(self) -> tuple[AlertRow, ...]:
        """All findings so far, most serious first."""
        return rows_of(self.repeats.folds(self._site), self._site)

    def _judged(self, item: Sighting | Change | Tally) -> Iterator[Finding]:
        event = item.event if isinstance(item, Sighting) else item
        watched = (type(event), event.verb if isinstance(event, Request) else None)
        if watched not in self._watching:
            self._watching[watched] = tuple(one for one in self._detections if _watches(one, *watched))
        for detection in self._watching[watched]:
            for evidence in detection.judge(item, self._site):
                yield self._finding(detection, evidence)

    def _finding(self, detection: Detection, evidence: Evidence) -> Finding:
        site, now_ns = self._site, evidence.last_ns
        return Finding(
            detection,
            evidence,
            excuse=self._excuse(detection, evidence),
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

    def _in_window(self, evidence: Evidence) -> bool:
        """Whether engineering changes something through a conduit that is open: a conduit out of its window allows nothing."""
        zone = self._site.zone(evidence.client) if evidence.client and evidence.server else None
        if zone is None or zone.kind != "engineering" or evidence.verb not in CHANGES:
            return False
        return self._site.verdict(_link(evidence)).kind == "allowed"


def _watches(detection: Detection, watched: type, verb: Verb | None) -> bool:
    return watched in detection.watches and (verb is None or not detection.verbs or verb in detection.verbs)


def _link(evidence: Evidence) -> LinkSeen:
    """What was done, as the policy judges it."""
    return LinkSeen(
        evidence.client, evidence.server, evidence.transport, evidence.port, evidence.protocol, evidence.verb,
        "established", 0, evidence.last_ns, evidence.frames[0],
    )  # fmt: skip
