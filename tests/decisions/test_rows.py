"""Decisions as rows."""

from datetime import UTC, datetime, timedelta

from otwatch.decisions.deciding import decision, reopened
from otwatch.decisions.log import Log
from otwatch.decisions.rows import decided_rows, log_rows
from tests.outputs.samples import alert

NOW = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)
ONE, TWO, THREE = alert(1, 3), alert(2, 3, client="10.0.0.1"), alert(3, 2, client="10.0.0.2")
MUTED, CLOSED, OTHER = (
    decision(action, of, "A", "root", "why", None, NOW) for action, of in (("mute", ONE), ("close", TWO), ("expect", THREE))
)
LOG = Log((MUTED, CLOSED, OTHER, reopened(OTHER, "B", "root", "no", NOW)), (1, 2, 4, 5))


def test_what_is_decided_now() -> None:
    rows = decided_rows(LOG, (ONE, TWO._replace(last_ns=TWO.last_ns + 1)))
    assert [(row.number, row.state, row.action) for row in rows] == [(2, "again", "close"), (1, "holds", "mute")]
    assert [(row.number, row.state) for row in decided_rows(LOG, ())] == [(0, "absent"), (0, "absent")]


def test_a_finding_that_came_back_beyond_the_day_is_told() -> None:
    later = ONE._replace(number=9, last_ns=ONE.last_ns + int(timedelta(days=365).total_seconds()) * 10**9)
    assert [(row.number, row.state) for row in decided_rows(Log((MUTED,), (1,)), (ONE, later))] == [(9, "over")]


def test_all_there_ever_was() -> None:
    assert [(row.line, row.action, row.until_ns is None) for row in log_rows(LOG)] == [
        (1, "mute", False), (2, "close", True), (4, "expect", False), (5, "reopen", True),
    ]  # fmt: skip
