"""Which decision covers which finding. It covers what its author saw, and no more:

    the same finding (results.findings), no more serious, no further protocol or target, no further detection beside it
    MUTE, EXPECT   as long as it happens before the day that was said
    CLOSE          until it happens again

Times are those of packets, so that the same record and the same log always say the same, today and in a year, live and replayed. A finding
that stopped stays covered; one that goes on beyond the day is shown again.
"""

from collections.abc import Iterable

from otwatch.decisions.log import CLOSE, EXPECT, MUTE, REOPEN, Decision, Log, ns
from otwatch.results import AlertRow, DecisionRow, Results
from otwatch.results.findings import finding

STATUS = {MUTE: "muted", EXPECT: "expected", CLOSE: "closed"}
BROKEN = "log of decisions broken at line"
"""The note of results whose decisions are not all believed."""
LISTS = ("protocols", "flows", "targets")
"""Facts that list what else was spoken, and whom a sweep reached."""


def extent(alert: AlertRow) -> frozenset[str]:
    """What was spoken, whom it reached, and what else the same act is."""
    listed = (word for name in LISTS for word in alert.facts.get(name, "").split(", "))
    return frozenset((alert.protocol, *listed, *alert.also)) - {""}


def latest(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """The last decision about each finding, the reopened ones left out, in the order in which they were made."""
    found: dict[str, Decision] = {}
    for decision in decisions:
        found.pop(decision.finding, None)
        if decision.action != REOPEN:
            found[decision.finding] = decision
    return found


def lapse(decision: Decision, alert: AlertRow) -> str:
    """Why a decision about a finding does not cover it: "worse", "further", "again", "over"; "" where it does."""
    if alert.severity > decision.severity:
        return "worse"
    if not extent(alert) <= set(decision.extent):
        return "further"
    if decision.action == CLOSE:
        return "again" if alert.last_ns > ns(decision.seen) else ""
    return "over" if not decision.until or alert.last_ns >= ns(decision.until) else ""


def decided(results: Results, log: Log) -> Results:
    """The results as people want to see them. Nothing but status and decision of findings, and a note, is different."""
    notes = {**results.notes, BROKEN: log.flaw} if log.flaw else results.notes
    return results._replace(alerts=joined(results.alerts, log), notes=notes)


def joined(alerts: Iterable[AlertRow], log: Log) -> tuple[AlertRow, ...]:
    """Findings with what people decided about them."""
    standing = latest(log.decisions)
    return tuple(_joined(alert, standing.get(finding(alert))) for alert in alerts)


def _joined(alert: AlertRow, decision: Decision | None) -> AlertRow:
    if decision is None or decision.action not in STATUS or lapse(decision, alert):
        return alert
    until_ns = ns(decision.until) if decision.until else None
    row = DecisionRow(decision.author, decision.reason, ns(decision.time), until_ns)
    return alert._replace(status=STATUS[decision.action], decision=row)
