"""What a detection is, what it finds, and what it may ask the site.

    item (Sighting, Change, Tally) --judge--> Evidence --judge.py--> Finding --repeats.py--> Fold --incidents.py--> AlertRow

A detection is declared in full, so that it can be read, tested and documented without running it. Its `judge` only asks; memory
belongs to the site (habits, windows). What is serious is decided last, when zones and names are final (severity.py).
"""

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from typing import Any, NamedTuple

from otwatch.alerts.asking import Site
from otwatch.alerts.known import Exchange, Held, Setting
from otwatch.alerts.thresholds import Thresholds
from otwatch.alerts.usual import Asker, Habit
from otwatch.alerts.views import LOCAL, Verdict, ZoneView
from otwatch.alerts.windows import Windows
from otwatch.events import Verb
from otwatch.results import Texts
from otwatch.sightings import Frame


class Severity(IntEnum):
    """How serious for care (detections.md A.3). CRITICAL means: wake someone up."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


class Evidence(NamedTuple):
    """What a judge found.

    server       "" where it is about many
    subkey       what tells it from other findings between the same two: point, account, rule
    facts        what the sentences are made of; vocabulary.WORDS says which of them are words to translate
    late         further facts, asked when rows are made
    failed       it was refused
    floor        at least this severity, whatever the arithmetic
    confidence   0..1 that it is what the variant says
    guess        who asked whom is a guess
    """

    variant: str
    client: str
    server: str
    protocol: str
    first_ns: int
    last_ns: int
    frames: tuple[Frame, ...]
    answers: tuple[Frame, ...] = ()
    subkey: str = ""
    facts: Mapping[str, str] = {}
    late: Callable[[], Mapping[str, str]] = dict
    times: int = 1
    failed: bool = False
    floor: Severity = Severity.INFO
    confidence: float = 1.0
    guess: bool = False
    verb: Verb | None = None
    transport: str = ""
    port: int = 0


class Term(NamedTuple):
    """A statement of `zone:` in the catalogue. It applies where everything it names holds (empty: anything), and wins over the sum.

    of            words that decide: kinds of zone or roles
    in_window     only for what engineering does inside an open window
    """

    at_least: Severity = Severity.INFO
    at_most: Severity = Severity.CRITICAL
    step: int = 0
    variants: frozenset[str] = frozenset()
    criticality: frozenset[str] = frozenset()
    client_of: frozenset[str] = frozenset()
    server_of: frozenset[str] = frozenset()
    in_window: bool = False


Judging = Callable[[Any, Site], Iterable[Evidence]]
"""The item is of a type in `watches`, or a Sighting of such an event."""


def always(_evidence: Evidence, _site: Site) -> bool:
    """What was found once stays found."""
    return True


def as_found(evidence: Evidence, _site: Site) -> Evidence:
    """What was found means in the end what it meant at once."""
    return evidence


def any_event(_event: Any) -> bool:
    """Any of those that a detection watches."""
    return True


def no_event(_event: Any) -> bool:
    """None: what was counted makes a finding, whatever event crossed the threshold."""
    return False


class Detection(NamedTuple):
    """A rule, declared in full (DESIGN section 10). Texts are {"en": ..., "fr": ...}; those of `sentence` and `expected` are templates.

    watches        types of events, changes or tallies
    verbs          of requests it is about; empty: all. It spares nearly all judges the polls
    protocols      of requests and answers it is about; empty: all
    concerns       whether it may find something in such an event by itself; pure, asked once an event
    counters       of `Windows`: what crosses one of them is for it, whether it concerns it or not
    severity       by variant; an operation that was refused counts one level less where there is no variant "failure"
    learns         it is about what is new: while learning it is no more than info
    excusable      declared works make it an expected finding
    keeps          criticalities that do not lower it
    stands         whether it still is a finding when rows are made: some doubts clear up
    settled        what a finding that stands turns out to be then: more may be known of who else was there
    """

    id: str
    watches: tuple[type, ...]
    severity: Mapping[str, Severity]
    techniques: tuple[str, ...]
    requirements: tuple[str, ...]
    title: Texts
    sentence: Texts
    expected: Texts
    harmless_when: Texts
    next_step: Texts
    judge: Judging
    verbs: frozenset[Verb] = frozenset()
    protocols: frozenset[str] = frozenset()
    concerns: Callable[[Any], bool] = any_event
    counters: frozenset[str] = frozenset()
    terms: tuple[Term, ...] = ()
    keeps: frozenset[str] = frozenset()
    learns: bool = False
    excusable: bool = True
    stands: Callable[[Evidence, Site], bool] = always
    settled: Callable[[Evidence, Site], Evidence] = as_found


class Finding(NamedTuple):
    """Evidence with what only its moment can tell.

    excuse     declared works or a declared scanner that explain it, "" without
    tests      the window of declared tests in which it was done, "" without
    learning   it was found while learning
    in_window  engineering did it through a conduit that was open for it
    also       other detections that the same act matches
    """

    detection: Detection
    evidence: Evidence
    excuse: str = ""
    tests: str = ""
    learning: bool = False
    in_window: bool = False
    also: tuple["Finding", ...] = ()


__all__ = [
    "LOCAL", "Asker", "Detection", "Evidence", "Exchange", "Finding", "Habit", "Held", "Judging", "Setting", "Severity", "Site", "Term",
    "Thresholds", "Verdict", "Windows", "ZoneView", "any_event", "no_event",
]  # fmt: skip
