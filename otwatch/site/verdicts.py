"""The verdict of the policy on each link, as rows will tell it."""

from otwatch.results import LinkRow
from otwatch.zones.compare import Judged, Verdict

Way = tuple[str, str, str, int, str]
"""Client, server, transport, port, protocol; assets by the keys they have now."""

_WORST = (Judged.FORBIDDEN, Judged.VIOLATION, Judged.UNDECLARED, Judged.ALLOWED, Judged.INTRA, Judged.NOT_JUDGED)


class Verdicts:
    """Of several verdicts on one link the worst is kept, and of those that are alike the first."""

    def __init__(self) -> None:
        self.kept: dict[Way, Verdict] = {}

    def add(self, way: Way, verdict: Verdict) -> None:
        before = self.kept.get(way)
        if before is None or _WORST.index(verdict.kind) < _WORST.index(before.kind):
            self.kept[way] = verdict

    def keep(self, ways: set[Way]) -> None:
        """Forget all others."""
        self.kept = {way: verdict for way, verdict in self.kept.items() if way in ways}

    def told(self, row: LinkRow, more: tuple[str, ...]) -> LinkRow:
        """A link with its verdict and `more` reasons; a connection to a gateway has the verdict of what was asked behind it."""
        verdict = self.kept.get((row.client, row.server, row.transport, row.port, row.protocol))
        if verdict is None:
            return row._replace(reasons=more)
        return row._replace(verdict=verdict.kind.value, rule=verdict.rule or verdict.conduit, reasons=(*verdict.reasons, *more))
