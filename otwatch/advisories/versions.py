"""Versions of devices: numbers between points, with or without a "V" in front. What is anything else is compared only for being equal."""

import re

_RANGE = re.compile(r"(?:vers:[a-z]+/)?(?P<sign><=|>=|<|>|=|)\s*(?:FW=)?[vV]?(?P<number>\d+(?:\.\d+)*)")
_ALL = re.compile(r"vers:all/\*|\*|all(?: versions)?", re.IGNORECASE)
_SAID = re.compile(r"(?:FW=)?[vV]?(?P<number>\d+(?:\.\d+)*)")
_WORDS = (("all versions prior to ", "<"), ("prior to ", "<"), ("all versions < ", "<"), ("all versions <= ", "<="))


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
    bounds = [_RANGE.fullmatch(part.strip()) for part in text.split("|")]
    said = numbers(version)
    if said is None or not all(bounds):
        return None
    return all(_holds(said, bound["sign"], bound["number"]) for bound in bounds if bound)


def _holds(said: tuple[int, ...], sign: str, number: str) -> bool:
    bound = tuple(map(int, number.split(".")))
    width = max(len(said), len(bound))
    one, other = (part + (0,) * (width - len(part)) for part in (said, bound))
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}.get(sign, one == other)
