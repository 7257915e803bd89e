"""What is usual here: the baseline that was learnt, and what a person accepted, as detections ask it and as rows of the record.

    learnt   while the site was learnt, but never who changes programs, settings or clocks
    accepted by a person (declared/baseline.py); once that is frozen, nothing else is usual

Writes that were seen while learning raise no finding later, and a person is asked to accept them all the same.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from hashlib import sha256

from otwatch.alerts.model import Severity
from otwatch.alerts.usual import LEARNING, NEW, RETURNED, USUAL, Range
from otwatch.changes import LinkSeen
from otwatch.declared.baseline import Accepted, AcceptedLine, Named
from otwatch.events import Point
from otwatch.inventory import Inventory
from otwatch.inventory.baseline import ADMIN, SERVE, WRITE, Baseline, Line, Usage, conversation, group_of, service_of
from otwatch.inventory.rows import order
from otwatch.results import AlertRow, BaselineRow

KNOWN_NS = 7 * 86_400_000_000_000
"""From when on an asset is known (inv.conversation.new)."""
POISON = ("zone.flow.forbidden", "zone.internet.*", "cred.*", "recon.*", "eng.program.*", "integ.arp.spoof")
"""Findings beside which nothing is learnt (A.4): never rules, default passwords, scans, programs."""

Resolve = Callable[[str], str]


class Usual:
    """Asked by the names assets have now; what is learnt is looked up by the keys under which it was seen."""

    def __init__(self, inventory: Inventory, accepted: Accepted, learning: Callable[[int], bool]) -> None:
        self._inventory = inventory
        self._accepted: Mapping[Named, AcceptedLine] = {line.name: line for line in accepted.lines}
        self._known = {asset for line in accepted.lines for asset in (line.client, line.server)}
        self._is_frozen = accepted.is_frozen
        self._learning = learning

    def talk(self, link: LinkSeen) -> str:
        return self._word(conversation(link), link.time_ns)

    def service(self, link: LinkSeen) -> str:
        """USUAL too where the port says nothing."""
        usage = service_of(link)
        return USUAL if usage is None else self._word(usage, link.time_ns)

    def capability(self, asset: str, what: str, time_ns: int) -> str:
        return self._word(Usage("", asset, what, SERVE), time_ns)

    def points(self, client: str, server: str, protocol: str, point: Point, time_ns: int) -> tuple[str, Range]:
        usage = Usage(client, server, protocol, WRITE, group_of(point))
        accepted, line = self._accepted.get(self._named(usage)), self._baseline.get(usage)
        if accepted is not None:
            return USUAL, Range(accepted.low, accepted.high, sure=True)
        return self._word(usage, time_ns), Range(line.low, line.high, line.values) if line is not None else Range()

    def is_accepted(self, asset: str) -> bool:
        return self._inventory.resolve(asset) in self._known

    def is_known(self, asset: str, time_ns: int) -> bool:
        key = self._inventory.resolve(asset)
        seen = (one.first_ns for one in self._inventory.knowledge.members(key) if one.first_ns)
        return self.is_accepted(asset) or time_ns - min(seen, default=time_ns) > KNOWN_NS

    @property
    def _baseline(self) -> Baseline:
        return self._inventory.habits.baseline

    def _word(self, usage: Usage, time_ns: int) -> str:
        if self._learning(time_ns):
            return LEARNING
        line = self._baseline.get(usage)
        if self._named(usage) in self._accepted or (line is not None and line.learnt and not self._is_frozen):
            return USUAL
        return RETURNED if line is not None and line.returned else NEW

    def _named(self, usage: Usage) -> Named:
        client = self._inventory.resolve(usage.client) if usage.client else ""
        return (client, self._inventory.resolve(usage.server), *usage[2:])


def baseline_rows(
    baseline: Baseline, accepted: Accepted, resolve: Resolve, alerts: Iterable[AlertRow], writes_are_learnt: bool
) -> tuple[BaselineRow, ...]:
    """All lines under the names assets have now; lines that came to mean the same are one."""
    groups: defaultdict[Named, list[Line]] = defaultdict(list)
    for usage, line in baseline.all():
        groups[(resolve(usage.client) if usage.client else "", resolve(usage.server), *usage[2:])].append(line)
    doubts, known = _doubts(alerts), {line.name: line for line in accepted.lines}
    found = (_row(name, lines, known.get(name), doubts, writes_are_learnt) for name, lines in groups.items())
    return tuple(sorted(found, key=lambda row: (order(row.client), order(row.server), row[5:8])))


def _row(
    name: Named, lines: list[Line], accepted: AcceptedLine | None, doubts: Mapping[tuple[str, str], set[str]], writes_are_learnt: bool
) -> BaselineRow:
    first = min(lines, key=lambda line: (line.first_ns, line.frame))
    why = sorted(doubts.get(name[:2], set()) | doubts.get((name[0], ""), set()) if name[0] else ())
    week = 0
    for line in lines:
        week |= line.week
    least = min((line.least for line in lines if line.least is not None), default=None)
    most = max((line.most for line in lines if line.most is not None), default=None)
    state = "accepted" if accepted is not None else "doubtful" if why else _state(name[3], lines, writes_are_learnt)
    return BaselineRow(
        sha256("\0".join(name).encode()).hexdigest()[:8], state, accepted.author if accepted is not None else ", ".join(why), *name,
        max(line.days for line in lines), f"{week:042x}", _said(least), _said(most), first.first_ns,
        max(line.last_ns for line in lines), first.frame,
    )  # fmt: skip


def _state(act: str, lines: list[Line], writes_are_learnt: bool) -> str:
    if any(line.learnt for line in lines):
        return "waiting" if act == WRITE and not writes_are_learnt else "learnt"
    if act == ADMIN:
        return "waiting"
    return RETURNED if all(line.returned for line in lines) else NEW


def _doubts(alerts: Iterable[AlertRow]) -> dict[tuple[str, str], set[str]]:
    """The findings that speak against learning, by client and server; a scan speaks against all that its client does."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in alerts:
        for name in _poison(row):
            found[row.client, row.server].add(name)
    return found


def _poison(row: AlertRow) -> Iterator[str]:
    if row.severity >= Severity.MEDIUM and row.status != "expected":
        yield from (name for name in (row.detection, *row.also) if any(fnmatchcase(name, pattern) for pattern in POISON))


def _said(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
