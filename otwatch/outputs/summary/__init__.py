"""The text of a replay, for an engineer who is no security person, in the order in which it is needed:

whether the mirror is any good
what was captured    findings, most serious first    who talks to whom between zones    assets by zone    what could not be seen
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from otwatch.outputs.doctor import STYLES, mirror_line
from otwatch.outputs.layout import Paragraph
from otwatch.outputs.mirror import Diagnosis
from otwatch.outputs.summary.captured import captured
from otwatch.outputs.summary.findings import findings
from otwatch.outputs.summary.inventory import inventory
from otwatch.outputs.summary.traffic import traffic
from otwatch.outputs.summary.unseen import unseen
from otwatch.outputs.voice import Voice
from otwatch.results import Results

if TYPE_CHECKING:
    from rich.console import RenderableType


def summary(results: Results, mirror: Diagnosis, voice: Voice, again: str) -> Iterator["RenderableType"]:
    """Blocks for `layout.show`. `again`: what commands that go on from here need behind them (" --record FILE", or "")."""
    yield Paragraph(mirror_line(mirror, voice.words, again), STYLES[mirror.verdict])
    yield from captured(results, voice)
    yield from findings(results, voice, again)
    yield from traffic(results, voice, again)
    yield from inventory(results, voice, again)
    yield from unseen(results, voice)
