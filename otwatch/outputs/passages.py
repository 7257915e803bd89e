"""What one zone begins with another, in all protocols together: one entry an ordered pair of zones, for texts and maps."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from otwatch.outputs.matrix import crossing, rank, spoken
from otwatch.outputs.voice import Voice
from otwatch.results import LinkRow, Results

CALM = frozenset({"allowed", "intra", "not judged"})
"""Verdicts that ask nothing of anybody."""


class Passage(NamedTuple):
    """All that one zone begins with another, the worst conversations first."""

    client_zone: str
    server_zone: str
    links: tuple[LinkRow, ...]

    @property
    def verdict(self) -> str:
        """The worst of its conversations."""
        return self.links[0].verdict

    @property
    def bytes(self) -> int:
        return sum(link.bytes_sent + link.bytes_received for link in self.links)

    @property
    def writes(self) -> int:
        return sum(link.writes for link in self.links)


def passages(results: Results) -> tuple[Passage, ...]:
    """Every two zones that talk, in the direction in which conversations began; the worst first, then the busiest."""
    found: dict[tuple[str, str], list[LinkRow]] = {}
    for link in crossing(results.links, results.assets):
        found.setdefault((link.client_zone, link.server_zone), []).append(link)
    made = (Passage(*zones, tuple(sorted(links, key=_worst_first))) for zones, links in found.items())
    return tuple(sorted(made, key=lambda one: (rank(one.verdict), -one.bytes, one.client_zone, one.server_zone)))


def _worst_first(link: LinkRow) -> tuple[int, int, str, str]:
    return rank(link.verdict), -link.packets, link.client, link.server


def protocols(links: Iterable[LinkRow]) -> str:
    return ", ".join(sorted(set(map(spoken, links))))


def done(links: Iterable[LinkRow], voice: Voice) -> str:
    """What is done; where no message could be read, how far the conversations came."""
    rows = tuple(links)
    verbs: Counter[str] = Counter()
    for link in rows:
        verbs.update(link.verbs)
    return voice.verbs(verbs) or ", ".join(sorted({voice.words.term("state", link.state) for link in rows}))
