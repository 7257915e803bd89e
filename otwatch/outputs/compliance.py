"""Where a finding helps to comply: families of detections, from compliance.toml."""

import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files

NAMES = {"nis2": "NIS 2, art. 21(2)", "recyf": "ReCyF v2.5", "anssi": "ANSSI PA-108", "iso": "ISO/IEC 27001:2022"}
"""The texts that are referred to, as they are called in both languages."""

KEYS = tuple(NAMES)
Family = dict[str, str]


def references(detection: str) -> Iterator[tuple[str, str]]:
    """Name of the text, and its articles, objectives or measures; nothing for a detection of no family."""
    family = by_key(detection)
    return ((name, family[key]) for key, name in NAMES.items() if key in family)


def by_key(detection: str) -> Family:
    """The same by the keys of the texts (KEYS)."""
    return next((given for patterns, given in _families() if any(fnmatchcase(detection, pattern) for pattern in patterns)), {})


@cache
def _families() -> tuple[tuple[tuple[str, ...], Family], ...]:
    read = tomllib.loads(files(__package__).joinpath("compliance.toml").read_text("utf-8"))
    return tuple((tuple(family["detections"]), {key: family[key] for key in NAMES}) for family in read["family"])
