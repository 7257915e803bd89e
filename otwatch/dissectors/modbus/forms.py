"""What the bytes behind a Modbus function code say, before it is known to which unit.

A form reads those bytes. It raises Malformed only where they are too short to say anything; a limit of the
specification that they break is a `flaw` beside what they do say, so that a wrong write is still seen as a write.
"""

from collections.abc import Callable
from typing import NamedTuple

from otwatch.dissectors.reader import Reader
from otwatch.events import Details, Point, Verb


class Asked(NamedTuple):
    """A request. `operation` and `verb` are given where they hang on more than the function code; `facts` are the client's own."""

    points: tuple[Point, ...] = ()
    values: tuple[str, ...] = ()
    operation: str = ""
    verb: Verb | None = None
    details: Details = ()
    facts: Details = ()
    flaw: str = ""


class Told(NamedTuple):
    """An answer. `error` as in `events.Answer`; `facts` are about the unit that answers."""

    operation: str = ""
    error: str = ""
    error_code: str = ""
    details: Details = ()
    facts: Details = ()
    flaw: str = ""


NOTHING_ASKED, NOTHING_TOLD = Asked(), Told()
"""Made once: most answers say no more than that they came."""

Ask = Callable[[Reader], Asked]
Tell = Callable[[Reader], Told]


def opaque_request(read: Reader) -> Asked:
    """A request whose data only its vendor knows."""
    read.aside(read.left)
    return NOTHING_ASKED


def opaque_answer(read: Reader) -> Told:
    """An answer whose data only its vendor knows."""
    read.aside(read.left)
    return NOTHING_TOLD
