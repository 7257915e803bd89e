"""Findings about which a person has decided: shown apart, counted, and the critical ones still named."""

from collections import Counter
from collections.abc import Iterable, Iterator

from otwatch.outputs.voice import SEVERITIES, Voice
from otwatch.results import AlertRow

CRITICAL = len(SEVERITIES) - 1


def parted(alerts: Iterable[AlertRow]) -> tuple[tuple[AlertRow, ...], tuple[AlertRow, ...]]:
    """Those that are open, and those about which a decision holds."""
    found = tuple(alerts)
    return tuple(alert for alert in found if alert.decision is None), tuple(alert for alert in found if alert.decision is not None)


def counted(apart: Iterable[AlertRow], voice: Voice) -> str:
    """`3 muted, 1 closed`."""
    times = Counter(alert.status for alert in apart)
    return ", ".join(voice.words.count(status, times[status]) for status in ("muted", "expected", "closed") if times[status])


def apart_lines(apart: tuple[AlertRow, ...], voice: Voice) -> Iterator[str]:
    """How many there are, and each critical one: nobody is woken up for it, and nobody forgets it."""
    if not apart:
        return
    yield voice.words("apart.counted", counted=counted(apart, voice))
    for alert in apart:
        if alert.severity == CRITICAL:
            severity = voice.severity(alert.severity).upper()
            yield voice.words("apart.critical", severity=severity, finding=named(alert, voice), decided=said(alert, voice))


def named(alert: AlertRow, voice: Voice) -> str:
    """`1 Unexpected write, 10.10.5.20 → API-CVC`."""
    ends = " → ".join(voice.label(end) for end in (alert.client, alert.server) if end)
    return f"{alert.number} {voice.words.of(alert.title)}{f', {ends}' if ends else ''}"


def last_day(until_ns: int, voice: Voice) -> str:
    """The end of a decision as people say it: the last day where it ends at midnight, else the minute."""
    if voice.time(until_ns) == "00:00:00":
        return voice.date(until_ns - 1)
    return voice.at(until_ns).rpartition(":")[0]


def said(alert: AlertRow, voice: Voice) -> str:
    """`muted by M. Durand until 2026-12-31 23:59: a new server`; "" without a decision."""
    decision = alert.decision
    if decision is None:
        return ""
    key = "apart.until" if decision.until_ns is not None else "apart.again"
    until = last_day(decision.until_ns, voice) if decision.until_ns is not None else ""
    status = voice.words.term("status", alert.status)
    return voice.words(key, status=status, author=decision.author, until=until, reason=decision.reason)
