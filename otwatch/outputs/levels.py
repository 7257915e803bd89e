"""Levels of zones for people: target and bound side by side, then the sentence why for every cap."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from otwatch.conclusions import Cap, Mark
from otwatch.outputs.documents import document, plain
from otwatch.outputs.layout import Head, Paragraph, bullets, grid, heading, indented
from otwatch.outputs.voice import Voice

if TYPE_CHECKING:
    from rich.console import RenderableType

NOT_ASSESSABLE = "NA"


def levels_text(marks: Sequence[Mark], voice: Voice) -> "Iterator[RenderableType]":
    words = voice.words
    yield heading(words("level.title"))
    if not marks:
        yield indented(Paragraph(words("level.none")))
        return
    yield indented(Paragraph(words("level.about"), "dim"))
    zones = [(zone, list(members)) for zone, members in groupby(marks, key=lambda mark: mark.zone)]
    heads = [Head(words("column.zone")), *(Head(mark.requirement) for mark in zones[0][1]), Head(words("level.gaps"), number=True)]
    yield indented(grid(heads, ([zone, *map(square, found), str(sum(mark.gap for mark in found))] for zone, found in zones)))
    yield heading(words("level.why"))
    for zone, found in zones:
        lines = [_line(mark, cap, voice) for mark in found for cap in mark.caps]
        lines += [(_missing(found, voice),)] if any(mark.reached is None for mark in found) else []
        yield indented(Paragraph(voice.words("matrix.pair", ends=zone, verdict=voice.zone(zone)), "bold"))
        yield indented(bullets(lines), 4)


def square(mark: Mark) -> str:
    """ "1/3": at most 1, target 3; a gap that is shown carries a "!"."""
    shown = NOT_ASSESSABLE if mark.reached is None else f"{mark.reached}"
    return f"{shown}/{mark.target}{'!' if mark.gap else ''}"


def _line(mark: Mark, cap: Cap, voice: Voice) -> tuple[str, ...]:
    words = voice.words
    why = words("level.line", requirement=mark.requirement, most=cap.most, why=words(f"level.cap.{cap.key}"), sr=cap.requirement)
    shown = [words("level.alerts", numbers=", ".join(map(str, cap.alerts)))] if cap.alerts else []
    shown += [words("analysis.frames", places=", ".join(f"{frame.capture} {frame.number}" for frame in cap.frames))] if cap.frames else []
    return (why, words("between").join(shown)) if shown else (why,)


def _missing(marks: Sequence[Mark], voice: Voice) -> str:
    words = voice.words
    short = (
        words("level.short", requirement=mark.requirement, counted=words.number(mark.counted), needed=words.number(mark.needed),
              unit=words(f"level.unit.{mark.unit}")) for mark in marks if mark.reached is None
    )  # fmt: skip
    return words("level.missing", short=", ".join(short))


def levels_document(marks: Sequence[Mark]) -> str:
    return document({"indicative": True, "levels": plain(tuple(marks))})
