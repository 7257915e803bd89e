"""Conclusions as sentences, each with the frames that show it."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from otwatch.conclusions import Conclusion
from otwatch.outputs.documents import document, plain
from otwatch.outputs.layout import Paragraph, bullets, heading, indented
from otwatch.outputs.voice import Voice

if TYPE_CHECKING:
    from rich.console import RenderableType

VERDICTS = frozenset({"forbidden", "violation", "undeclared", "allowed"})
NAMED = 4
"""Assets named in a list; the others are counted."""
ARROWS = frozenset({"path", "example", "weakest"})
"""Places that are filled by a way, and not by a list."""


def sentence(one: Conclusion, voice: Voice) -> str:
    """What is concluded, in the voice's language."""
    words = voice.words
    said: dict[str, str] = {place: words.number(number) for place, number in one.numbers.items()} | dict(one.words)
    said |= {place: _assets(place, keys, voice) for place, keys in one.assets.items()}
    said |= {f"zone_{place}": ", ".join(zone or voice.zone(zone) for zone in ids) for place, ids in one.zones.items()}
    if "why" in said:
        said["why"] = _why(said["why"], voice)
    said["meaning"] = words.term("criticality", one.words.get("criticality", ""))
    return words(f"analysis.{one.key}", **said)


def _why(why: str, voice: Voice) -> str:
    """What a site file says of a flow, in words; the rules of a firewall as they are called there."""
    verdict, _, rest = why.partition(" ")
    if verdict not in VERDICTS:
        return why
    rule, *reasons = rest.split() or [""]
    known = voice.words.term("reason", rule) != rule
    return voice.because(verdict, "" if known else rule, [rule, *reasons] if known else reasons)


def _assets(place: str, keys: tuple[str, ...], voice: Voice) -> str:
    if place in ARROWS:
        return " -> ".join(map(voice.label, keys))
    named = ", ".join(map(voice.label, keys[:NAMED]))
    return named if len(keys) <= NAMED else voice.words("analysis.more", named=named, number=voice.words.number(len(keys) - NAMED))


def analysis_text(found: Sequence[Conclusion], voice: Voice) -> "Iterator[RenderableType]":
    words = voice.words
    if not found:
        yield Paragraph(words("analysis.none"))
    for topic, members in groupby(found, key=lambda one: one.topic):
        yield heading(words(f"analysis.topic.{topic}"))
        yield indented(Paragraph(words(f"analysis.about.{topic}"), "dim"))
        yield indented(bullets(tuple(filter(None, (sentence(one, voice), _shown(one, voice)))) for one in members))


def _shown(one: Conclusion, voice: Voice) -> str:
    places = ", ".join(f"{frame.capture} {frame.number}" for frame in one.frames)
    return voice.words("analysis.frames", places=places) if places else ""


def analysis_document(found: Sequence[Conclusion], voices: dict[str, Voice]) -> str:
    """Every conclusion with its facts, and its sentence in every language."""
    said = [plain(one) | {"sentence": {language: sentence(one, voice) for language, voice in voices.items()}} for one in found]
    return document({"analyses": said})
