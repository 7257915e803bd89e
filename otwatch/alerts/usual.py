"""What detections may ask of what is usual: habits of clients, and the baseline that was learnt or accepted (detections.md A.4)."""

from typing import NamedTuple, Protocol

from otwatch.changes import LinkSeen
from otwatch.events import Point

LEARNING, USUAL, NEW, RETURNED = "learning", "usual", "new", "returned"
"""What may be said: nothing yet, for the site is still being learnt; or one of the others, "returned" after 90 days."""


class Habit(NamedTuple):
    """What a client had done with a server by a moment, as far as it is known now.

    polls         reads, if it reads the server regularly; 0 otherwise
    others        other clients had asked this server anything by then
    first_writer  nobody else ever wrote to this server
    is_new        another one polls this server and began long before, and this one had only just begun
    is_early      it had begun to read by then
    """

    polls: int
    others: bool
    first_writer: bool
    is_new: bool = False
    is_early: bool = True


class Asker(NamedTuple):
    """Somebody who asks a server in protocols of equipment: since when, and in how many slots of 10 s he was seen reading."""

    since_ns: int
    slots: int


class Range(NamedTuple):
    """The values that are usual for a point, and after how many that is said; None where none was a number. `sure`: a person said so."""

    low: float | None = None
    high: float | None = None
    values: int = 0
    sure: bool = False


class Usual(Protocol):
    """The baseline. Assets are named by their key."""

    def talk(self, link: LinkSeen) -> str:
        """What may be said of a conversation: LEARNING, USUAL, NEW or RETURNED."""
        ...

    def service(self, link: LinkSeen) -> str:
        """The same of the service that answers there."""
        ...

    def capability(self, asset: str, what: str, time_ns: int) -> str:
        """The same of what an asset says it can do (events.CAPABILITIES)."""
        ...

    def points(self, client: str, server: str, protocol: str, point: Point, time_ns: int) -> tuple[str, Range]:
        """The same of a point that a client writes, and the values that are usual there."""
        ...

    def is_accepted(self, asset: str) -> bool:
        """Whether a person accepted something of it."""
        ...

    def is_known(self, asset: str, time_ns: int) -> bool:
        """Whether it has been there for a week, or a person accepted something of it."""
        ...
