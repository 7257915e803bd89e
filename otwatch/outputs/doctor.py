"""The diagnosis of a mirror (outputs/mirror.py), for people and for programs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from otwatch.outputs.documents import document
from otwatch.outputs.layout import Paragraph, bullets, heading, indented
from otwatch.outputs.mirror import Diagnosis, Figure, Grade, Reason
from otwatch.outputs.visible import visible
from otwatch.outputs.wording import LANGUAGES, Words

if TYPE_CHECKING:
    from rich.console import RenderableType

SHOWN = 8
"""Names that one reason lists."""
STYLES = {Grade.GOOD: "bold green", Grade.DOUBTFUL: "bold yellow", Grade.BAD: "bold red"}


def word(grade: Grade) -> str:
    return grade.name.lower()


def doctor_text(diagnosis: Diagnosis, words: Words) -> Iterator["RenderableType"]:
    """Blocks for `layout.show`: the verdict, why, and what to do about it; then what is worth knowing, and what is fine."""
    verdict = diagnosis.verdict
    yield Paragraph(words(f"doctor.verdict.{word(verdict)}"), STYLES[verdict])
    for key, grades in (("flaws", {Grade.BAD, Grade.DOUBTFUL}), ("notes", {Grade.NOTE}), ("fine", {Grade.GOOD})):
        reasons = [reason for reason in diagnosis.reasons if reason.grade in grades]
        if reasons:
            yield heading(words(f"doctor.{key}"))
            yield indented(bullets(sentences(reason, words) for reason in reasons))


def mirror_line(diagnosis: Diagnosis, words: Words, again: str) -> str:
    """The head of other texts: one line."""
    names = ", ".join(words(f"doctor.{reason.check}.name") for reason in diagnosis.flaws)
    return words(f"doctor.head.{word(diagnosis.verdict)}", names=names, command=f"otwatch doctor{again}")


def doctor_document(diagnosis: Diagnosis, captures: tuple[str, ...]) -> str:
    """One JSON object: the verdict and the checks, and what was heard."""
    verdict, checks = doctor_fields(diagnosis).values()
    return document({"verdict": verdict, "captures": [visible(name) for name in captures], "checks": checks})


def doctor_fields(diagnosis: Diagnosis) -> dict[str, Any]:
    """The verdict, and every check with its figures and its sentence in every language."""
    spoken = {language: Words(language) for language in LANGUAGES}
    return {"verdict": word(diagnosis.verdict), "checks": [_plain(reason, spoken) for reason in diagnosis.reasons]}


def _plain(reason: Reason, spoken: dict[str, Words]) -> dict[str, Any]:
    figures = {name: [visible(one) for one in value] if isinstance(value, tuple) else value for name, value in reason.figures.items()}
    texts = {language: [visible(line) for line in sentences(reason, words)] for language, words in spoken.items()}
    said = {language: lines[0] for language, lines in texts.items()}
    to_do = {language: lines[1] for language, lines in texts.items() if lines[1:]}
    return {"check": reason.check, "grade": word(reason.grade), "figures": figures, "text": said, "next": to_do}


def sentences(reason: Reason, words: Words) -> tuple[str, ...]:
    """What was found, and what to do about it."""
    figures = {name: _said(value, words) for name, value in reason.figures.items()}
    if reason.grade == Grade.GOOD:
        return (words(f"doctor.{reason.check}.good", **figures),)
    return words(f"doctor.{reason.check}.found", **figures), words(f"doctor.{reason.check}.next", **figures)


def _said(figure: Figure, words: Words) -> str:
    if isinstance(figure, tuple):
        return ", ".join(figure[:SHOWN]) + (", …" if len(figure) > SHOWN else "")
    if isinstance(figure, int):
        return words.number(figure)
    return words.rough(100 * figure)
