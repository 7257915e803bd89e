"""Decisions as lines of a chain beside the record: the log is the store. The last decision about a finding is the one that may hold."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from otwatch.decisions import chain
from otwatch.errors import DecisionError

MUTE, EXPECT, CLOSE, REOPEN = "mute", "expect", "close", "reopen"
_SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a finding, and as much of the finding as tells later what it was about. Moments are UTC.

    action    MUTE (do not show it), EXPECT (it is as it should be), CLOSE (it is dealt with), REOPEN (show it again)
    author    as they said; `account` as the machine knows who wrote this: "root", or the name of a login to the page
    until     what happens from then on is not covered; "" for CLOSE, which covers what has happened, and for REOPEN
    finding   which one (results.findings.finding); `number` it had in the record of that day
    severity, extent   how far it went: what goes further is not covered
    seen      when it had been seen last
    """

    time: str
    action: str
    author: str
    account: str
    reason: str
    until: str
    finding: str
    number: int
    detection: str
    title: Mapping[str, str]
    client: str
    server: str
    severity: int
    extent: tuple[str, ...]
    seen: str


class Log(NamedTuple):
    """All decisions, in order. `flaw`: the first line that is not as it was written, from which on nothing is believed; 0 without.

    numbers   the lines on which the decisions stand; `lines` all of them, `torn` those at the end that were never finished
    sum       the SHA-256 of the last line
    """

    decisions: tuple[Decision, ...] = ()
    numbers: tuple[int, ...] = ()
    flaw: int = 0
    lines: int = 0
    torn: int = 0
    sum: str = ""


def beside(record: Path) -> Path:
    """Beside the record, under its name: findings of two sites may look alike."""
    return record.with_name(f"{record.name}.decisions.ndjson")


def load(path: Path) -> Log:
    """The log; an empty one where nobody decided anything. DecisionError where it cannot be read."""
    found = chain.load(path)
    decisions: list[Decision] = []
    numbers = tuple(int(body["line"]) for body in found.told)
    for number, body in zip(numbers, found.told, strict=True):
        try:
            decisions.append(_decision(body))
        except (msgspec.ValidationError, ValueError, OverflowError):
            return Log(tuple(decisions), numbers[: len(decisions)], number, found.lines, found.torn, found.sum)
    return Log(tuple(decisions), numbers, found.flaw, found.lines, found.torn, found.sum)


def _decision(body: object) -> Decision:
    """ValueError where a moment is none."""
    read = msgspec.convert(body, Decision)
    for moment in filter(None, (read.time, read.seen, read.until)):
        ns(moment)
    return read


def add(path: Path, decision: Decision, record: Path) -> int:
    """Write a decision down and give its line; it is on the disk when this returns. DecisionError where it would not be believed."""
    flaw = load(path).flaw
    if flaw:
        raise DecisionError("decision.flawed", path=path, line=flaw)
    return chain.append(path, asdict(decision), like=record)


def said(time_ns: int) -> str:
    """A moment with all nine decimals: as a number it would lose digits in most JSON readers."""
    seconds, rest = divmod(time_ns, _SECOND)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest:09}Z"


def ns(moment: str) -> int:
    """The moment that `said` said; ValueError for anything else."""
    whole, _, rest = moment.removesuffix("Z").partition(".")
    return int(datetime.fromisoformat(whole).replace(tzinfo=UTC).timestamp()) * _SECOND + int(rest)
