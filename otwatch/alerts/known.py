"""What a site knows of its assets, in the form in which detections are told (model.Site)."""

from typing import NamedTuple, Protocol

from otwatch.results import Texts


class Habit(NamedTuple):
    """What a client has done with a server so far.

    polls         reads, if it reads the server regularly; 0 otherwise
    others        other clients this server has been seen with
    first_writer  nobody else ever wrote to this server
    """

    polls: int
    others: int
    first_writer: bool


class Asker(NamedTuple):
    """Somebody who asks a server in protocols of equipment: since when, and in how many slots of 10 s he was seen reading."""

    since_ns: int
    slots: int


class ZoneView(NamedTuple):
    """A zone as detections see it. `confidence` 0..1 that the asset is in it: 1 where a person said so."""

    id: str
    name: Texts
    kind: str
    trust: str
    level: float
    criticality: str
    confidence: float = 1.0


class Verdict(Protocol):
    """Of the policy on a link (zones.compare.Verdict): "intra", "allowed", "forbidden", "undeclared", "violation", "not judged"."""

    @property
    def kind(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def reasons(self) -> tuple[str, ...]: ...
    @property
    def conduit(self) -> str: ...


class Exchange(NamedTuple):
    """What a client has asked a server in a protocol so far, how much of it failed, and since when; all 0 where it never did."""

    requests: int = 0
    errors: int = 0
    since_ns: int = 0


class Setting(NamedTuple):
    """How often a point was written so far, by whomever, and since when; both 0 where it never was."""

    writes: int = 0
    first_ns: int = 0
