"""What a detection is, what it finds, and what it may ask the site.

    item (Sighting, Change, Tally) --judge--> Evidence --judge.py--> Finding --repeats.py--> Fold --incidents.py--> AlertRow

A detection is declared in full, so that it can be read, tested and documented without running it. Its `judge` only asks; memory
belongs to the site (habits, windows). What is serious is decided last, when zones and names are final (severity.py).
"""

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from typing import Any, NamedTuple, Protocol

from otwatch.alerts.credentials import Verdict as SecretVerdict
from otwatch.alerts.known import Exchange, Held, Setting
from otwatch.alerts.thresholds import Thresholds
from otwatch.alerts.usual import Asker, Habit, Usual
from otwatch.alerts.views import LOCAL, Verdict, ZoneView
from otwatch.alerts.windows import Windows
from otwatch.changes import Claim, LinkSeen, Outside
from otwatch.events import Credential, Request, Verb
from otwatch.results import Texts
from otwatch.sightings import Frame, Sighting


class Severity(IntEnum):
    """How serious for care (detections.md A.3). CRITICAL means: wake someone up."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


class Site(Protocol):
    """What detections may ask. Assets are named by their key (results.AssetRow.key)."""

    @property
    def windows(self) -> Windows: ...

    @property
    def began_ns(self) -> int:
        """Time of the first packet of the record, moved on by every long silence: before it nothing is known."""
        ...

    def ends(self, sighting: Sighting) -> tuple[str, str]:
        """Requests, answers and logins: who asks, who is asked, whoever speaks. Anything else: who speaks, to whom."""
        ...

    def subject(self, sighting: Sighting) -> str:
        """Whom an Identity or a Binding is about: the speaker, or who stands behind him; "" for a group."""
        ...

    def final(self, asset: str) -> str:
        """The key an asset has now: a lone Modbus unit became its address, a BACnet station became its device instance."""
        ...

    def host(self, asset: str) -> str:
        """The asset whose address carries this one: itself, or the gateway or router it stands behind."""
        ...

    def label(self, asset: str) -> str:
        """The best name to show."""
        ...

    def zone(self, asset: str) -> ZoneView | None: ...

    def criticality(self, asset: str) -> str:
        """ "C0" to "C4": of the asset where a person said so, else of its zone; "C2" where nothing is known."""
        ...

    def roles(self, asset: str) -> frozenset[str]: ...

    def hints(self, asset: str) -> Mapping[str, str]:
        """What is known of a server, by the names of credentials.HINTS."""
        ...

    def declares_writers(self) -> bool:
        """Whether the site file has expected writers or conduits; if not, habit decides which writes are expected."""
        ...

    def expected_writer(self, request: Request, client: str, server: str, time_ns: int) -> str | None:
        """The line of the site file that allows a write; where it has no expected_writers, the conduit that allows its verb."""
        ...

    def beyond(self, request: Request, server: str) -> Iterable[Outside]:
        """Declared bounds that what a request writes is beyond."""
        ...

    def strongest_priority(self, client: str, server: str) -> int:
        """The smallest BACnet priority number that conduits allow the client; 8 where they say nothing."""
        ...

    def declares_time(self) -> bool:
        """Whether the site file says who gives the time."""
        ...

    def gives_time(self, asset: str) -> bool:
        """Whether the site file names it as a source of time."""
        ...

    def habit(self, client: str, server: str, protocol: str) -> Habit: ...

    def exchange(self, client: str, server: str, protocol: str) -> Exchange: ...

    def written(self, server: str, protocol: str, point: str) -> Setting: ...

    def went_blind(self, since_ns: int) -> bool:
        """Whether the sensor began to see badly soon after: then what it misses since need not be gone."""
        ...

    def gives_names(self, asset: str) -> bool | None:
        """Whether the site file names it as a DNS server; None where it names none."""
        ...

    def maker(self, asset: str) -> str:
        """Who made the network card of a host; "" where no card is known, LOCAL for a made-up address."""
        ...

    def relayed(self, link: LinkSeen) -> tuple[LinkSeen, ...]:
        """The interactive sessions on the client during which a link began, or right after."""
        ...

    def is_crowd(self, asset: str) -> bool:
        """Whether several hosts seem to stand behind its address."""
        ...

    def hands(self, asset: str, first_ns: int, last_ns: int) -> tuple[str, ...]:
        """Who was connected to its screen or shell at that time, or shortly before."""
        ...

    def askers(self, asset: str) -> Mapping[str, Asker]:
        """Who asked it anything in a protocol of equipment so far, by the key of the asker."""
        ...

    def claim(self, mac: str, ip: str, time_ns: int) -> Claim: ...

    @property
    def usual(self) -> Usual: ...

    def verdict(self, link: LinkSeen) -> Verdict: ...

    def is_protected(self, conduit: str) -> bool:
        """Whether the site file says that something below protects what a conduit carries, a tunnel between two routers for example."""
        ...

    def credential(self, credential: Credential, asset: str) -> SecretVerdict:
        """What a secret is that was sent."""
        ...

    def proven(self, sighting: Sighting) -> SecretVerdict | None:
        """What the secret is that a login proves; None where there was no time to find out, or nobody wants it."""
        ...

    def compares_secrets(self) -> bool:
        """Whether one secret may be held against another."""
        ...

    def scanner(self, asset: str, time_ns: int) -> bool:
        """Whether it is a declared scanner that may scan now."""
        ...

    def intervention(self, client: str, server: str, verb: Verb | None, time_ns: int) -> str | None:
        """The id of declared works that explain what the client does to the server."""
        ...

    def tests(self, client: str, server: str, verb: Verb | None, time_ns: int) -> str:
        """The open window, "" without, in which the site tries what a never rule else forbids."""
        ...

    def learning(self, time_ns: int) -> bool:
        """Whether the inventory is too young to call anything new: within the days of learning after the declared start, or after
        the first packet where that is later."""
        ...


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
