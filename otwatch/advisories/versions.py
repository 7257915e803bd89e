"""Versions of devices: numbers between points, with or without a "V" in front. What is anything else is compared only for being equal."""

import re
from itertools import pairwise

_NUMBER = r"(?:FW=)?[vV]?(?P<number>\d{1,18}(?:\.\d{1,18})*)"
_RANGE = re.compile(rf"(?:vers:[a-z]+/)?(?P<sign><=|>=|<|>|=|)\s*{_NUMBER}")
_ALL = re.compile(r"vers:all/\*|\*|all(?: versions)?", re.IGNORECASE)
_SAID = re.compile(_NUMBER)
_WORDS = (("all versions prior to ", "<"), ("prior to ", "<"), ("all versions <", "<"), ("versions <", "<"))
_LOWER, _UPPER = (">", ">="), ("<", "<=")


def numbers(text: str) -> tuple[int, ...] | None:
    """`V02.10` -> (2, 10); None for what is no plain version."""
    found = _SAID.fullmatch(text.strip())
    return tuple(map(int, found["number"].split("."))) if found else None


def within(version: str, told: str) -> bool | None:
    """Whether a version lies in a range as an advisory words it; None where either is not understood."""
    text = " ".join(told.split())
    if _ALL.fullmatch(text):
        return True
    if not version:
        return None
    if version.strip().casefold() == text.casefold():
        return True
    for words, sign in _WORDS:
        if text.casefold().startswith(words):
            text = f"{sign}{text[len(words) :]}"
            break
    parts = [_RANGE.fullmatch(part.strip()) for part in text.split("|")]
    said = numbers(version)
    bounds = [(one["sign"], one["number"]) for one in parts if one]
    return None if said is None or len(bounds) < len(parts) else _in_any(said, bounds)


def names_one(told: str) -> bool:
    """Whether a text names single versions, and so says nothing about any other."""
    return not _ALL.fullmatch(told.strip()) and not any(sign in told for sign in "<>") and "prior to" not in told.casefold()


def _in_any(said: tuple[int, ...], bounds: list[tuple[str, str]]) -> bool | None:
    """Single versions, and spans between a lower and an upper bound in the order of versions (vers: package-url/vers-spec, "Using version
    range specifiers"); the first span may have no lower bound, the last no upper one. None where bounds do not take turns."""
    single = [number for sign, number in bounds if sign in ("", "=")]
    if any(_holds(said, "=", number) for number in single):
        return True
    open_ended = sorted((bound for bound in bounds if bound[0] not in ("", "=")), key=lambda bound: tuple(map(int, bound[1].split("."))))
    signs = [sign in _LOWER for sign, _ in open_ended]
    if any(one == next_one for one, next_one in pairwise(signs)):
        return None
    spans: list[list[tuple[str, str]]] = []
    for bound in open_ended:
        if bound[0] in _UPPER and spans:
            spans[-1].append(bound)
        else:
            spans.append([bound])
    return any(all(_holds(said, sign, number) for sign, number in span) for span in spans)


def _holds(said: tuple[int, ...], sign: str, number: str) -> bool:
    bound = tuple(map(int, number.split(".")))
    width = max(len(said), len(bound))
    one, other = (part + (0,) * (width - len(part)) for part in (said, bound))
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}.get(sign, one == other)
