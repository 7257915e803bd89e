"""Who talks to whom between zones: one line for two zones and a verdict, what must not be first."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from otwatch.outputs.layout import Head, copied, grid, heading, indented, said
from otwatch.outputs.voice import Voice
from otwatch.results import LinkRow, Results

if TYPE_CHECKING:
    from rich.console import RenderableType

MOST = 30
_ORDER = ("forbidden", "violation", "undeclared", "not judged", "allowed", "intra")
_KEYS = ("zones", "protocols", "verbs", "conversations", "verdict")
_NUMBERS = frozenset({"conversations"})


def traffic(results: Results, voice: Voice, again: str) -> Iterator["RenderableType"]:
    words = voice.words
    yield heading(words("traffic.title"))
    crossing = [link for link in results.links if link.client_zone != link.server_zone]
    if not crossing:
        yield indented(said(words("traffic.none")))
        return
    lines = _grouped(crossing, voice)
    yield indented(grid([Head(words(f"column.{key}"), key in _NUMBERS) for key in _KEYS], lines[:MOST]))
    if len(lines) > MOST:
        yield indented(said(words("traffic.more", number=words.number(len(lines) - MOST))))
        yield copied(f"otwatch conversations{again}")


def _grouped(links: list[LinkRow], voice: Voice) -> list[list[str]]:
    groups: dict[tuple[int, str, str, str], list[LinkRow]] = {}
    for link in links:
        key = (_rank(link.verdict), voice.zone(link.client_zone), voice.zone(link.server_zone), link.verdict)
        groups.setdefault(key, []).append(link)
    return [_line(client, server, verdict, members, voice) for (_, client, server, verdict), members in sorted(groups.items())]


def _line(client: str, server: str, verdict: str, links: list[LinkRow], voice: Voice) -> list[str]:
    words = voice.words
    return [f"{client} -> {server}", _protocols(links), _done(links, voice), words.number(len(links)), words.term("verdict", verdict)]


def _rank(verdict: str) -> int:
    return _ORDER.index(verdict) if verdict in _ORDER else len(_ORDER)


def _protocols(links: list[LinkRow]) -> str:
    """Names of protocols; where none is known, the transport with its port."""
    return ", ".join(sorted({link.protocol or (f"{link.transport} {link.port}" if link.port else link.transport) for link in links}))


def _done(links: list[LinkRow], voice: Voice) -> str:
    """What is done; where no message could be read, how far the conversations came."""
    verbs: Counter[str] = Counter()
    for link in links:
        verbs.update(link.verbs)
    return voice.verbs(verbs) or ", ".join(sorted({voice.words.term("state", link.state) for link in links}))
