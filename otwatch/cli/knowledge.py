"""What pages and papers say beside results, put together from parts that outputs do not know."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from otwatch.conclusions import Mark
    from otwatch.outputs.page.rendering import Knowledge
    from otwatch.results import AlertRow, Results, Texts

QUOTED_FINDINGS, QUOTED_FRAMES = 100, 12
"""Findings, and frames of each, of which Wireshark is asked."""
QUOTED_BYTES, QUOTING_S = 64 << 20, 30
"""Of the captures, all of which Wireshark must read for it; and how long one may take. A page asks while somebody waits for it."""


def knowledge() -> "Knowledge":
    from otwatch.alerts.words import TRACE
    from otwatch.outputs.page.rendering import Knowledge

    return Knowledge(TRACE, marks=marks, quotes=_once(lambda results: quotes(results.alerts[:QUOTED_FINDINGS])))


def _once(ask: "Callable[[Results], Mapping[int, tuple[str, ...]]]") -> "Callable[[Results], Mapping[int, tuple[str, ...]]]":
    """A page is made in each language: what takes seconds is asked for the first only."""
    known: tuple[Results, Mapping[int, tuple[str, ...]]] | None = None

    def asked(results: "Results") -> Mapping[int, tuple[str, ...]]:
        nonlocal known
        found = known  # several threads draw pages
        if found is None or found[0] is not results:
            found = known = (results, ask(results))
        return found[1]

    return asked


def quotes(alerts: "Iterable[AlertRow]") -> Mapping[int, tuple[str, ...]]:
    """What Wireshark says of the frames of findings, where it is installed and the captures are there: by the number of the finding.

    Only of those whose frames may be handed over: its words quote passwords.
    """
    from otwatch.outputs.report.audit import may_be_sliced
    from otwatch.referee.tshark import installed, quoted

    frames = {one.number: sorted({*one.frames, *one.answers})[:QUOTED_FRAMES] for one in alerts if may_be_sliced(one)}
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for capture, number in (frame for found in frames.values() for frame in found):
        wanted[capture].add(number)
    there = {name: wanted[name] for name in _quotable(wanted)}
    program = installed() if there else None
    if program is None:
        return {}
    said = {name: quoted(program, Path(name), numbers, QUOTING_S) for name, numbers in there.items()}
    lines = {
        alert: tuple(f"{number}  {said[name][number]}" for name, number in found if number in said.get(name, ()))
        for alert, found in frames.items()
    }
    return {alert: told for alert, told in lines.items() if told}


def _quotable(names: Iterable[str]) -> Iterator[str]:
    """The captures that are there, the most serious findings' first, as long as all together are not too much to read."""
    left = QUOTED_BYTES
    for name in names:
        size = Path(name).stat().st_size if Path(name).is_file() else left + 1
        if size <= left:
            left -= size
            yield name


def marks(results: "Results") -> "tuple[Mark, ...]":
    """Security levels of all zones."""
    from otwatch.zones.analyses.levels import levels
    from otwatch.zones.analyses.scene import Scene

    return levels(Scene(results))


def zone_names() -> "dict[str, Texts]":
    """What kinds of zones are called."""
    from otwatch.zones.policy.kinds import KINDS

    return {name: {"en": kind.en, "fr": kind.fr} for name, kind in KINDS.items()}
