"""One finding in full: what happened, why it is one, where to see it, what to do."""

import shlex
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from otwatch.outputs.layout import SEVERITY_STYLES, Paragraph, copied, facts, heading, indented, said
from otwatch.outputs.voice import Voice
from otwatch.results import AlertRow, Texts
from otwatch.sightings import Frame

if TYPE_CHECKING:
    from rich.console import RenderableType

STDIN = "stdin"
"""Name of a capture that was read from standard input and cannot be opened again."""


def explain(alert: AlertRow, voice: Voice, terms: Mapping[str, Texts], called: str = "") -> Iterator["RenderableType"]:
    """Blocks for `layout.show`. `terms`: what the terms of a severity trace mean, by name; `called`: the site's names for its points."""
    from rich.text import Text

    words = voice.words
    severity = said(voice.severity(alert.severity).upper(), SEVERITY_STYLES[alert.severity])
    yield Text.assemble(said(f"{words('explain.alert', number=alert.number)}  "), severity, "  ", said(words.of(alert.title), "bold"))
    yield said("")
    yield indented(Paragraph(words.of(alert.sentence)))
    yield said("")
    yield indented(facts(_who(alert, voice, called)))
    for key, text in (("why", alert.expected), ("harmless", alert.harmless_when), ("next", alert.next_step)):
        if words.of(text):
            yield heading(words(f"explain.{key}"))
            yield indented(Paragraph(words.of(text)))
    yield heading(words("explain.evidence"))
    yield indented(facts(_evidence(alert, voice)))
    yield from _commands(alert, voice)
    yield heading(words("explain.severity", severity=voice.severity(alert.severity)))
    yield indented(facts(_step(line, voice, terms) for line in alert.trace))
    yield indented(Paragraph(words("explain.confidence", percent=f"{100 * alert.confidence:.0f}")))
    yield heading(words("explain.references"))
    yield indented(facts(_references(alert, voice)))


def _who(alert: AlertRow, voice: Voice, called: str) -> Iterator[tuple[str, str]]:
    words = voice.words
    yield words("explain.client"), _side(alert.client, alert.client_zone, voice)
    if alert.server:
        yield words("explain.server"), _side(alert.server, alert.server_zone, voice)
    if called:
        yield words("column.point"), f"{called} ({alert.facts['point']})"
    if alert.protocol:
        yield words("explain.protocol"), alert.protocol
    yield words("explain.when"), f"{voice.between(alert.first_ns, alert.last_ns)} ({voice.clock})"
    yield words("explain.times"), words.number(alert.times)
    yield words("explain.status"), words.term("status", alert.status)


def _side(asset: str, zone: str, voice: Voice) -> str:
    return voice.words("explain.in_zone", asset=voice.label(asset), zone=voice.zone(zone))


def _evidence(alert: AlertRow, voice: Voice) -> Iterator[tuple[str, str]]:
    words = voice.words
    for key, frames in (("frames", alert.frames), ("answers", alert.answers)):
        for at, (capture, numbers) in enumerate(_by_capture(frames).items()):
            yield "" if at else words(f"explain.{key}"), words("explain.numbers", numbers=", ".join(map(str, numbers)), capture=capture)
    if len(alert.frames) < alert.times:
        yield "", words("explain.first_frames")


def _by_capture(frames: tuple[Frame, ...]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for frame in frames:
        found.setdefault(frame.capture, []).append(frame.number)
    return found


def _commands(alert: AlertRow, voice: Voice) -> Iterator["RenderableType"]:
    """Filter and command stand on lines of their own, not folded by us, so that they can be copied."""
    if not alert.frames or not alert.filter:
        return
    words = voice.words
    yield indented(Paragraph(words("explain.filter"), "dim"))
    yield copied(alert.filter)
    yield indented(Paragraph(words("explain.tshark"), "dim"))
    capture = alert.frames[0].capture
    yield copied(f"tshark -r {shlex.quote(capture)} -Y {shlex.quote(alert.filter)}")
    if capture == STDIN:
        yield indented(Paragraph(words("explain.stdin"), "dim"))


def _step(line: str, voice: Voice, terms: Mapping[str, Texts]) -> tuple[str, str]:
    """A line of the trace, "target:C4 +1": its effect and its words."""
    name, _, effect = line.rpartition(" ")
    term, _, of = name.partition(":")
    meaning = voice.words.of(terms.get(term, {})) or term
    return effect, f"{meaning} ({of})" if of else meaning


def _references(alert: AlertRow, voice: Voice) -> Iterator[tuple[str, str]]:
    words = voice.words
    yield words("explain.detection"), f"{alert.detection} ({alert.variant})" if alert.variant else alert.detection
    if alert.techniques:
        before = words("explain.was", ids=", ".join(alert.was)) if alert.was else ""
        yield "MITRE ATT&CK for ICS", f"{', '.join(alert.techniques)}{before}"
    if alert.requirements:
        yield "IEC 62443-3-3", ", ".join(alert.requirements)
    if alert.also:
        yield words("explain.also"), ", ".join(alert.also)
