"""What a person accepted as usual: one JSON file beside the record, read by every replay and sensor that keeps its record there.

Once it is frozen, nothing is usual but what stands in it. Each line says who accepted it, when, and why.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from otwatch.declared.keeping import Store
from otwatch.results import AlertRow, BaselineRow
from otwatch.results.places import bare, place_of

FORM = 1
Named = tuple[str, str, str, str, str]
"""Client, server, protocol, act and group: which line of the baseline."""


@dataclass(frozen=True, slots=True)
class AcceptedLine:
    """`low`, `high`: the range of values that were seen when it was accepted; `accepted_at` as YYYY-MM-DDTHH:MM:SSZ."""

    client: str
    server: str
    protocol: str
    act: str
    group: str = ""
    low: float | None = None
    high: float | None = None
    author: str = ""
    reason: str = ""
    accepted_at: str = ""

    @property
    def name(self) -> Named:
        return self.client, self.server, self.protocol, self.act, self.group


@dataclass(frozen=True, slots=True)
class Accepted:
    """`frozen_at` "" while everything that is learnt counts as usual too."""

    form: int = FORM
    frozen_at: str = ""
    frozen_by: str = ""
    lines: tuple[AcceptedLine, ...] = ()

    @property
    def is_frozen(self) -> bool:
        return bool(self.frozen_at)


def default_path(record: Path) -> Path:
    """Beside the record."""
    return record.with_name("baseline.json")


_STORE = Store(Accepted, FORM, "declared.called.baseline", "otwatch baseline accept", "declared.again.baseline", "--record")
save = _STORE.save


def load(path: Path) -> Accepted:
    """What was accepted, nothing where the file is not there; DeclaredError where it is no such file."""
    return _STORE.load(path) or Accepted()


def accepted_in(accepted: Accepted, place: str) -> Accepted:
    """What was accepted in one place, under the keys that assets have there."""
    there = (line for line in accepted.lines if place_of(line.server or line.client) == place)
    return replace(accepted, lines=tuple(replace(line, client=bare(line.client), server=bare(line.server)) for line in there))


def accept(before: Accepted, rows: tuple[BaselineRow, ...], author: str, reason: str, now: str) -> Accepted:
    """These lines too. One that was accepted before is accepted with the values seen since."""
    lines = {line.name: line for line in before.lines}
    for row in rows:
        line = AcceptedLine(*row[3:8], _number(row.least), _number(row.most), author, reason, now)
        lines[line.name] = line
    return replace(before, lines=tuple(lines[name] for name in sorted(lines)))


HABITS = ("inv.conversation.new", "inv.service.new", "write.novel_target", "integ.ntp.server", "integ.l2.control")
"""Findings that something is not as it usually is: a line of the baseline answers them."""
NEWCOMER = "inv.asset.new"
_DOUBTFUL = "doubtful"


def answers(alert: AlertRow, rows: tuple[BaselineRow, ...]) -> tuple[BaselineRow, ...]:
    """The lines by which a finding would be usual: what was first seen in its frames, or the range of the point that was written; of a
    newcomer all that speaks against nobody. None where a finding is no matter of habit."""
    asset = alert.server or alert.client
    if alert.detection == NEWCOMER:
        return tuple(row for row in rows if asset in (row.client, row.server) and row.state != _DOUBTFUL)
    if alert.detection not in HABITS:
        return ()
    ends = {(alert.client, alert.server), ("", asset), ("", alert.client)}
    point = alert.facts.get("point", "")
    return tuple(row for row in rows if (row.client, row.server) in ends and (row.frame in alert.frames or row.group == point != ""))


def freeze(before: Accepted, rows: tuple[BaselineRow, ...], author: str, now: str) -> Accepted:
    """Nothing more is learnt: what was learnt until now is accepted, what only a person may accept is not."""
    known = {line.name for line in before.lines}
    learnt = tuple(row for row in rows if row.state == "learnt" and row[3:8] not in known)
    return replace(accept(before, learnt, author, "", now), frozen_at=now, frozen_by=author)


def _number(text: str) -> float | None:
    return float(text) if text else None


def with_accepted(rows: tuple[BaselineRow, ...], accepted: Accepted) -> tuple[BaselineRow, ...]:
    """The lines of a record, with what was accepted since it was written."""
    known = {line.name: line.author for line in accepted.lines}
    return tuple(row._replace(state="accepted", why=known[row[3:8]]) if row[3:8] in known else row for row in rows)
