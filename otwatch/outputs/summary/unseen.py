"""What could not be seen: silence about it would look like "all is well"."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from otwatch.outputs.age import age_lines
from otwatch.outputs.layout import bullets, heading, indented
from otwatch.outputs.voice import Voice
from otwatch.results import NOW, ProtocolRow, Results

if TYPE_CHECKING:
    from rich.console import RenderableType


def unseen(results: Results, voice: Voice) -> Iterator["RenderableType"]:
    yield heading(voice.words("unseen.title"))
    yield indented(bullets((line,) for line in unseen_lines(results, voice)))


def unseen_lines(results: Results, voice: Voice) -> list[str]:
    """One sentence each; one that says so where nothing is missing."""
    counted = (*_captures(results, voice), *_protocols(results, voice), *_notes(results, voice), *_zones(results, voice))
    told = [*age_lines(results.notes, voice), *counted]
    return told or [voice.words("unseen.nothing")]


def _captures(results: Results, voice: Voice) -> Iterator[str]:
    for row in results.captures:
        if row.broken:
            yield voice.words("unseen.broken", capture=row.name, reason=row.broken)


def _protocols(results: Results, voice: Voice) -> Iterator[str]:
    words = voice.words
    for row in results.protocols:
        flaws = [
            words(f"unseen.{what}", amount=amount)
            for what, number, amount in (
                ("lost", row.lost, voice.size(row.lost)),
                ("unread", row.unread, voice.size(row.unread)),
                ("anomalies", row.anomalies, words.count("message", row.anomalies)),
            )
            if number and row.decoded
        ]
        if flaws:
            yield words("unseen.protocol", protocol=row.title or row.name, flaws=words("unseen.and").join(flaws))
    sealed = {row.item["service"] for row in results.facts if row.item.get("kind") == "encrypted"}
    undecoded = [row for row in results.protocols if not row.decoded]
    for key, encrypted in (("encrypted", True), ("undecoded", False)):
        rows = [row for row in undecoded if (row.name in sealed) is encrypted]
        if rows:
            yield words(f"unseen.{key}", protocols=", ".join(_spoken(row, voice) for row in rows))


def _spoken(row: ProtocolRow, voice: Voice) -> str:
    return f"{row.title or row.name or voice.words('unseen.unknown')} ({voice.words.count('packet', row.packets)})"


OF_THE_MIRROR = "capture: "
"""Counters that `otwatch doctor` tells."""
OTHERS, HEARD = (OF_THE_MIRROR, NOW), ": received"
"""Begin and end names of notes that tell of nothing unseen."""


def _notes(results: Results, voice: Voice) -> Iterator[str]:
    for name, number in results.notes.items():
        if number and not (name.startswith(OTHERS) or name.endswith(HEARD)):
            yield voice.words("unseen.note", what=voice.words.term("note", name), number=voice.words.number(number))


def _zones(results: Results, voice: Voice) -> Iterator[str]:
    words = voice.words
    suggested = sum(zone.suggested for zone in results.zones)
    if suggested:
        yield words("unseen.suggested", zones=words.count("zone", suggested))
    elif not results.zones:
        yield words("unseen.no_zones")
