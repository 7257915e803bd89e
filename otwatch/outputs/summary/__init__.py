"""The text of a replay, for an engineer who is no security person, in the order in which it is needed:

    the mirror, where it is not good
    what was captured    findings, most serious first    who talks to whom between zones    assets by zone    what could not be seen
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from otwatch.outputs.doctor import mirror_line
from otwatch.outputs.layout import Paragraph
from otwatch.outputs.mirror import diagnose
from otwatch.outputs.summary.captured import captured
from otwatch.outputs.summary.findings import findings
from otwatch.outputs.summary.inventory import inventory
from otwatch.outputs.summary.traffic import traffic
from otwatch.outputs.summary.unseen import unseen
from otwatch.outputs.voice import Voice
from otwatch.results import Results

if TYPE_CHECKING:
    from rich.console import RenderableType


def summary(results: Results, voice: Voice, again: str) -> Iterator["RenderableType"]:
    """Blocks for `layout.show`. `again`: what commands that go on from here need behind them (" --record FILE", or "")."""
    if line := mirror_line(diagnose(results), voice.words, again):
        yield Paragraph(line, "bold yellow")
    yield from captured(results, voice)
    yield from findings(results, voice, again)
    yield from traffic(results, voice, again)
    yield from inventory(results, voice, again)
    yield from unseen(results, voice)
