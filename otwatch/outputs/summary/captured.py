"""What was captured: files, time, and how much of each protocol was understood."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from otwatch.outputs.layout import Head, facts, grid, heading, indented, said
from otwatch.outputs.voice import Voice
from otwatch.results import CaptureRow, ProtocolRow, Results

if TYPE_CHECKING:
    from rich.console import RenderableType

MOST_FILES = 10


def captured(results: Results, voice: Voice) -> Iterator["RenderableType"]:
    yield heading(voice.words("captured.title"))
    yield indented(facts(_totals(results, voice)))
    if rows := _ordered(results):
        yield said("")
        yield indented(grid(_heads(voice), [_protocol(row, voice) for row in rows]))


def _totals(results: Results, voice: Voice) -> Iterator[tuple[str, str]]:
    words = voice.words
    if results.site:
        yield words("captured.site"), results.site
    for at, row in enumerate(results.captures[:MOST_FILES]):
        yield "" if at else words("captured.files"), _capture(row, voice)
    if len(results.captures) > MOST_FILES:
        yield "", words("captured.more_files", files=words.count("file", len(results.captures) - MOST_FILES))
    frames = sum(row.frames for row in results.captures)
    yield words("captured.packets"), words.number(frames)
    times = [time_ns for row in results.captures if row.frames for time_ns in (row.first_ns, row.last_ns)]
    if times:
        first, last = min(times), max(times)
        span = words("captured.span", between=voice.between(first, last), timezone=str(voice.clock), duration=voice.duration(last - first))
        yield words("captured.time"), span
    if frames:
        read = min(sum(row.packets for row in results.protocols if row.decoded), frames)
        yield words("captured.read"), words("captured.share", packets=words.count("packet", read), percent=f"{100 * read // frames}")


def _capture(row: CaptureRow, voice: Voice) -> str:
    return f"{row.name} ({', '.join(filter(None, (row.format, voice.words.count('packet', row.frames), voice.size(row.bytes))))})"


def _ordered(results: Results) -> list[ProtocolRow]:
    """Protocols that were read, the most spoken first; those known by a port only are told with what could not be seen."""
    return sorted((row for row in results.protocols if row.decoded), key=lambda row: (-row.messages, -row.packets, row.name))


def _heads(voice: Voice) -> list[Head]:
    numbers = ("packets", "messages", "writes", "errors", "not_understood")
    return [Head(voice.words("column.protocol")), *(Head(voice.words(f"column.{name}"), number=True) for name in numbers)]


def _protocol(row: ProtocolRow, voice: Voice) -> list[str]:
    amounts = (row.packets, row.messages, row.writes, row.errors, row.anomalies)
    return [row.title or row.name, *map(voice.words.number, amounts)]
