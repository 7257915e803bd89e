"""What a finding rests on, as pairs of texts: who, in which frames, by which terms it became so serious, and what it refers to."""

import shlex
from collections.abc import Iterator, Mapping

from otwatch.outputs.apart import said
from otwatch.outputs.voice import Voice
from otwatch.results import AlertRow, Texts
from otwatch.sightings import Frame

STDIN = "stdin"
"""Name of a capture that was read from standard input and cannot be opened again."""


def who(alert: AlertRow, voice: Voice, called: str = "") -> Iterator[tuple[str, str]]:
    """Who did it to whom, and when; `called`: the site's name of the point."""
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
    yield words("explain.status"), said(alert, voice) or words.term("status", alert.status)


def _side(asset: str, zone: str, voice: Voice) -> str:
    return voice.words("explain.in_zone", asset=voice.label(asset), zone=voice.zone(zone))


def places(alert: AlertRow, voice: Voice) -> Iterator[tuple[str, str]]:
    """Its frames and their answers, capture by capture."""
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


def command(alert: AlertRow) -> str:
    """What to type to see it with tshark; "" where no filter shows it."""
    if not alert.frames or not alert.filter:
        return ""
    return f"tshark -r {shlex.quote(alert.frames[0].capture)} -Y {shlex.quote(alert.filter)}"


def steps(alert: AlertRow, voice: Voice, terms: Mapping[str, Texts]) -> Iterator[tuple[str, str]]:
    """Lines of the severity trace, "target:C4 +1", as their effect and their words. `terms`: what they mean, by name."""
    for line in alert.trace:
        name, _, effect = line.rpartition(" ")
        term, _, of = name.partition(":")
        meaning = voice.words.of(terms.get(term, {})) or term
        yield effect, f"{meaning} ({of})" if of else meaning


def references(alert: AlertRow, voice: Voice) -> Iterator[tuple[str, str]]:
    words = voice.words
    yield words("explain.detection"), f"{alert.detection} ({alert.variant})" if alert.variant else alert.detection
    if alert.techniques:
        before = words("explain.was", ids=", ".join(alert.was)) if alert.was else ""
        yield "MITRE ATT&CK for ICS", f"{', '.join(alert.techniques)}{before}"
    if alert.requirements:
        yield "IEC 62443-3-3", ", ".join(alert.requirements)
    if alert.also:
        yield words("explain.also"), ", ".join(alert.also)
