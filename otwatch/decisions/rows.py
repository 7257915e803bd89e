"""Decisions as rows, for tables and for other programs."""

from collections.abc import Iterable
from typing import NamedTuple

from otwatch.decisions.log import Decision, Log, ns
from otwatch.decisions.standing import lapse, latest
from otwatch.results import AlertRow, Texts
from otwatch.results.findings import finding

HOLDS, ABSENT = "holds", "absent"


class DecidedRow(NamedTuple):
    """The last decision about a finding that was not reopened.

    number   of the finding in this record, the first of those that are the same; 0 where it has none
    state    HOLDS; ABSENT: this record has no such finding; else why it covers it no more: "worse", "further", "again", "over"
    """

    number: int
    state: str
    action: str
    title: Texts
    client: str
    server: str
    author: str
    time_ns: int
    until_ns: int | None
    reason: str
    detection: str
    finding: str


class LogRow(NamedTuple):
    """A line of the log. `number` is the one the finding had then."""

    line: int
    time_ns: int
    action: str
    author: str
    account: str
    number: int
    title: Texts
    client: str
    server: str
    severity: int
    until_ns: int | None
    reason: str
    detection: str
    finding: str


def decided_rows(log: Log, alerts: Iterable[AlertRow]) -> list[DecidedRow]:
    """What is decided now, the latest decision first."""
    found: dict[str, list[AlertRow]] = {}
    for alert in alerts:
        found.setdefault(finding(alert), []).append(alert)
    return [_decided(one, found.get(one.finding, [])) for one in reversed(latest(log.decisions).values())]


def _decided(one: Decision, alerts: list[AlertRow]) -> DecidedRow:
    """A finding that came back stands in the record more than once: the decision lapsed where it covers one of them no more."""
    lapsed = [(why, alert.number) for alert in alerts if (why := lapse(one, alert))]
    state, number = lapsed[0] if lapsed else (HOLDS, alerts[0].number) if alerts else (ABSENT, 0)
    return DecidedRow(
        number, state, one.action, one.title, one.client, one.server, one.author, ns(one.time), _until(one), one.reason, one.detection,
        one.finding,
    )  # fmt: skip


def log_rows(log: Log) -> list[LogRow]:
    """Every decision there ever was, in order."""
    return [
        LogRow(
            line, ns(one.time), one.action, one.author, one.account, one.number, one.title, one.client, one.server, one.severity,
            _until(one), one.reason, one.detection, one.finding,
        )
        for line, one in zip(log.numbers, log.decisions, strict=True)
    ]  # fmt: skip


def _until(one: Decision) -> int | None:
    return ns(one.until) if one.until else None
