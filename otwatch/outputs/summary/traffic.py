"""Who talks to whom between zones: one entry for two zones and a verdict, what must not be first."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from otwatch.outputs.layout import Paragraph, bullets, copied, heading, indented
from otwatch.outputs.matrix import crossing, rank
from otwatch.outputs.passages import done, protocols
from otwatch.outputs.voice import Voice
from otwatch.results import LinkRow, Results

if TYPE_CHECKING:
    from rich.console import RenderableType

MOST = 30


def traffic(results: Results, voice: Voice, again: str) -> Iterator["RenderableType"]:
    words = voice.words
    yield heading(words("traffic.title"))
    entries = _entries(results, voice)
    if not entries:
        yield indented(Paragraph(words("traffic.none")))
    for verdict, members in groupby(entries[:MOST], key=lambda entry: entry[0]):
        shown = words.term("verdict", verdict)
        yield indented(Paragraph(shown[:1].upper() + shown[1:], "bold"))
        yield indented(bullets(lines for _, lines in members), 4)
    if len(entries) > MOST:
        yield indented(Paragraph(words("traffic.more", number=words.number(len(entries) - MOST))))
        yield copied(f"otwatch conversations{again}")


def _entries(results: Results, voice: Voice) -> list[tuple[str, tuple[str, str]]]:
    """Verdict and lines of every two zones that talk."""
    groups: dict[tuple[int, str, str, str], list[LinkRow]] = {}
    for link in crossing(results.links, results.assets):
        key = (rank(link.verdict), link.verdict, voice.zone(link.client_zone), voice.zone(link.server_zone))
        groups.setdefault(key, []).append(link)
    return [(key[1], _lines(*key[2:], groups[key], voice)) for key in sorted(groups)]


def _lines(client: str, server: str, links: list[LinkRow], voice: Voice) -> tuple[str, str]:
    words = voice.words
    counted = words.count("conversation", len(links))
    spoken = words("traffic.spoken", protocols=protocols(links), done=done(links, voice), conversations=counted)
    return words("traffic.between", client=client, server=server), spoken
