"""What texts that devices write for people say of their maker, model and version: sysDescr, banners, titles, classes of DHCP.

`products.toml` has a row for each way of writing, with an example. What a row says was said by the device itself, but read by a
table: so it stands behind whatever a protocol says in a field of its own (facts.SOURCES).
"""

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

from otwatch.events import Details

TEXTS = frozenset({"description", "software", "title", "realm"})
"""Attributes that a row looks at which names none."""


class Row(NamedTuple):
    """One way of writing. `means` has places for the groups of `like`."""

    like: re.Pattern[str]
    fields: frozenset[str]
    means: Details
    example: str
    gives: Details


@cache
def rows() -> tuple[Row, ...]:
    table = tomllib.loads(Path(__file__).with_name("products.toml").read_text("utf-8"))
    return tuple(_row(**row) for row in table["row"])


def _row(like: str, means: dict[str, str], example: str, gives: dict[str, str], fields: Any = TEXTS) -> Row:
    return Row(re.compile(like), frozenset(fields), tuple(means.items()), example, tuple(gives.items()))


@cache
def looked_at() -> frozenset[str]:
    """Attributes that some row looks at."""
    return frozenset(field for row in rows() for field in row.fields)


@lru_cache(maxsize=4096)
def read(field: str, text: str) -> Details:
    """What a text says that was told as this attribute."""
    said: dict[str, str] = {}
    for row in rows():
        if field in row.fields:
            said = {**_meant(row, text), **said}
    return tuple(said.items())


def _meant(row: Row, text: str) -> dict[str, str]:
    found = row.like.search(text)
    groups = {} if found is None else found.groupdict(default="")
    values = ((name, _filled(place, groups)) for name, place in row.means if found is not None)
    return {name: value for name, value in values if value}


def _filled(place: str, groups: dict[str, str]) -> str:
    """What is to be said, with what was found in its places."""
    return " ".join(Formatter().vformat(place, (), groups).split()).strip(" ,;")
