"""Trials for people (a line each, and below it what is not as expected) and for programs."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from otwatch.checks import Miss, TrialCheck
from otwatch.outputs.documents import document, plain
from otwatch.outputs.visible import visible
from otwatch.outputs.wording import LANGUAGES, Words

_SEVERITIES = frozenset({"found", "least"})
"""Places that hold the word of a severity."""


def trials_text(checks: Sequence[TrialCheck], words: Words) -> Iterator[str]:
    """Lines: each trial with its outcome, then how many passed."""
    for check in checks:
        yield visible(words("trial.line", outcome=words(f"trial.outcome.{outcome(check)}"), file=check.file))
        yield from (f"    {visible(line)}" for line in _reasons(check, words))
    passed = sum(check.passed for check in checks)
    yield words("trial.sum", passed=words.number(passed), all=words.number(len(checks)))


def outcome(check: TrialCheck) -> str:
    """ "passed", "failed", or "wrong" where it could not be run."""
    if check.wrong:
        return "wrong"
    return "passed" if check.passed else "failed"


def _reasons(check: TrialCheck, words: Words) -> Iterator[str]:
    yield from check.wrong.splitlines()
    for miss in check.misses:
        place = f"{Path(check.file).name}:{miss.line}: " if miss.line else ""
        yield f"{place}{said(miss, words)}"


def said(miss: Miss, words: Words) -> str:
    given = {name: words(f"severity.{value}") if name in _SEVERITIES else value for name, value in miss.given.items()}
    return words(f"trial.{miss.key}", **given)


def trials_document(checks: Sequence[TrialCheck]) -> str:
    spoken = {language: Words(language) for language in LANGUAGES}
    return document({"tests": [_fields(check, spoken) for check in checks]})


def _fields(check: TrialCheck, spoken: dict[str, Words]) -> dict[str, object]:
    misses = [{"problem": miss.key, "line": miss.line, **plain(miss.given), "text": _texts(miss, spoken)} for miss in check.misses]
    wrong = [visible(line) for line in check.wrong.splitlines()]
    return {"file": visible(check.file), "outcome": outcome(check), "expected": check.expected, "misses": misses, "errors": wrong}


def _texts(miss: Miss, spoken: dict[str, Words]) -> dict[str, str]:
    return {language: visible(said(miss, words)) for language, words in spoken.items()}
