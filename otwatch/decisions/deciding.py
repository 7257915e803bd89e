"""What a person may decide: by whom, why, and until when. Everything that is wrong is told as a DecisionError."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import NamedTuple

from otwatch.decisions.log import CLOSE, REOPEN, Decision, add, beside, load, said
from otwatch.decisions.standing import extent, latest
from otwatch.errors import DecisionError
from otwatch.results import AlertRow
from otwatch.results.findings import finding

USUAL, LONGEST = timedelta(days=90), timedelta(days=366)
"""How long a decision holds where nobody says, and at most: there is no mute for ever (detections.md A.3)."""
NAME, REASON = 64, 500
"""Characters of an author, and of a reason."""
_BLANKS = str.maketrans("\u00a0\u202f", "  ")
"""French writes with these; nothing else invisible is let in."""
_SECOND = 1_000_000_000
ID = 16
"""Digits of the id of a finding; a number has fewer."""
ENDLESS = frozenset({CLOSE, REOPEN})
"""What has no end to be said: closed is what has happened."""


class By(NamedTuple):
    """Who decides and why, as they say it. `account` as the machine knows them; `until` a day or "" (see `day`)."""

    author: str
    account: str
    reason: str
    until: str = ""


class Taken(NamedTuple):
    """A decision that is on the disk, and its finding; None where the record has it no more."""

    decision: Decision
    alert: AlertRow | None


def take(action: str, given: str, by: By, alerts: Iterable[AlertRow], record: Path, clock: tzinfo, now: datetime) -> Taken:
    """Decide about the finding that is `given` by its number or its id, and write it down."""
    path, alert = beside(record), chosen(alerts, given)
    if action == REOPEN:
        former = latest(load(path).decisions).get(finding(alert) if alert else given)
        if former is None:
            raise DecisionError("decision.not_decided", given=given)
        made = reopened(former, by.author, by.account, by.reason, now)
    elif alert is None:
        raise DecisionError("decision.no_finding", given=given, record=record)
    else:
        made = decision(action, alert, by.author, by.account, by.reason, day(by.until, clock) if by.until else None, now)
    add(path, made, record)
    return Taken(made, alert)


def chosen(alerts: Iterable[AlertRow], given: str) -> AlertRow | None:
    """The finding with this number, or the latest of those with this id."""
    if given.isascii() and given.isdecimal() and len(given) < ID:
        return next((alert for alert in alerts if alert.number == int(given)), None)
    return max((alert for alert in alerts if finding(alert) == given), key=lambda alert: alert.last_ns, default=None)


def decision(action: str, alert: AlertRow, author: str, account: str, reason: str, until: datetime | None, now: datetime) -> Decision:
    """A decision about a finding of a record, made now. Without `until`, USUAL from now on, or from when it was seen last."""
    return Decision(
        time=moment(now), action=action, author=plain("author", author, NAME), account=account, reason=plain("reason", reason, REASON),
        until="" if action in ENDLESS else moment(_end(alert, until, now)), finding=finding(alert), number=alert.number,
        detection=alert.detection, title=dict(alert.title), client=alert.client, server=alert.server, severity=alert.severity,
        extent=tuple(sorted(extent(alert))), seen=said(alert.last_ns),
    )  # fmt: skip


def reopened(former: Decision, author: str, account: str, reason: str, now: datetime) -> Decision:
    """What was decided about a finding is taken back, whether the record still has it or not."""
    return Decision(
        time=moment(now), action=REOPEN, author=plain("author", author, NAME), account=account, reason=plain("reason", reason, REASON),
        until="", finding=former.finding, number=former.number, detection=former.detection, title=former.title, client=former.client,
        server=former.server, severity=former.severity, extent=former.extent, seen=former.seen,
    )  # fmt: skip


def plain(what: str, text: str, longest: int) -> str:
    """One line that shows all it says; `what` is "author" or "reason"."""
    line = text.translate(_BLANKS).strip()
    if not line:
        raise DecisionError(f"decision.without_{what}")
    if len(line) > longest or not line.isprintable():
        raise DecisionError(f"decision.long_{what}", longest=longest)
    return line


def day(text: str, clock: tzinfo) -> datetime:
    """`2026-12-31`: the end of that day by the site's clock; or a moment of ISO 8601, by the same clock where it has no offset."""
    try:
        found = datetime.fromisoformat(text)
        if len(text) == len("2026-12-31"):
            found += timedelta(days=1)
        return (found if found.tzinfo else found.replace(tzinfo=clock)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise DecisionError("decision.no_day", text=text) from error


def _end(alert: AlertRow, until: datetime | None, now: datetime) -> datetime:
    """The end of a decision, which lies behind what it is to cover and not too far behind."""
    seen = datetime.fromtimestamp(alert.last_ns // _SECOND + 1, UTC)
    base = max(seen, now)
    if until is None:
        return base + USUAL
    if not base < until <= base + LONGEST:
        first, last = (base.date() + timedelta(days=1)), (base + LONGEST).date()
        raise DecisionError("decision.not_then", day=until.date(), first=first, last=last)
    return until


def moment(time: datetime) -> str:
    return said(int(time.timestamp()) * _SECOND)
