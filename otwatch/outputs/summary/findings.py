"""The findings, most serious first, each with what to do next."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from otwatch.outputs.apart import apart_lines, parted
from otwatch.outputs.layout import SEVERITY_STYLES, Paragraph, copied, facts, heading, indented, numbered, said
from otwatch.outputs.voice import Voice
from otwatch.results import AlertRow, Results

if TYPE_CHECKING:
    from rich.console import RenderableType

MOST = 20


def findings(results: Results, voice: Voice, again: str) -> Iterator["RenderableType"]:
    words = voice.words
    alerts, apart = parted(results.alerts)
    yield heading(words("findings.title", counted=_counted(alerts, voice)))
    if not alerts:
        yield indented(Paragraph(words("findings.none")))
    for alert in alerts[:MOST]:
        yield from _finding(alert, voice)
    if len(alerts) > MOST:
        yield said("")
        yield indented(Paragraph(words("findings.more", findings=words.count("finding", len(alerts) - MOST))))
        yield copied(f"otwatch alerts{again}")
    if apart:
        yield said("")
        yield from (indented(Paragraph(line)) for line in apart_lines(apart, voice))
        yield copied(f"{words('apart.show')}{again}")
    if alerts:
        yield said("")
        yield indented(Paragraph(words("findings.explain")))
        yield copied(f"otwatch explain {alerts[0].number}{again}")


def _counted(alerts: tuple[AlertRow, ...], voice: Voice) -> str:
    """`5 (critical 1, high 4)`."""
    levels = Counter(alert.severity for alert in alerts)
    said_levels = ", ".join(f"{voice.severity(level)} {levels[level]}" for level in sorted(levels, reverse=True))
    return f"{len(alerts)} ({said_levels})" if alerts else "0"


def _finding(alert: AlertRow, voice: Voice) -> Iterator["RenderableType"]:
    from rich.text import Text

    words = voice.words
    severity = said(voice.severity(alert.severity).upper(), SEVERITY_STYLES[alert.severity])
    title = Text.assemble(severity, "  ", said(words.of(alert.title), "bold"))
    times = "" if alert.times == 1 else f", {words.count('time', alert.times)}"
    when = f"{voice.between(alert.first_ns, alert.last_ns)}{times}"
    what_next = facts([(words("findings.when"), when), (words("findings.next"), words.of(alert.next_step))])
    yield said("")
    yield indented(numbered(alert.number, title, Paragraph(words.of(alert.sentence)), what_next))
