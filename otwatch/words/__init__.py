"""What otwatch says to people, in every language: en.toml, fr.toml, and beside them errors.en.toml for a part of what is said.

    catalogue   all texts of a language, by dotted key
    Phrase      a key and what fills the places of its text: it is made where something happens, and becomes text where it is read
    reworded    a text that came as text (of the system, a library, a record), in another language

A test holds all languages to the same keys and the same places.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from string import Formatter
from typing import Any, NamedTuple

LANGUAGES = ("en", "fr")
_TEXTS = ("foreign.", "broken.", "record.", "unheard.", "strange.")
"""Parts of the catalogue whose English may come as text: what others say, and what stands in records and journals."""
_NESTED = frozenset({"reason", "more", "what", "why"})
_LONGEST = 500
"""Characters of a text that is looked for."""


@cache
def catalogue(spoken: str) -> Mapping[str, str]:
    """All words of a language, by dotted key."""
    pages = [page for page in files(__package__).iterdir() if f".{page.name}".endswith(f".{spoken}.toml")]
    return {key: text for page in sorted(pages, key=lambda page: page.name) for key, text in _flat(tomllib.loads(page.read_text("utf-8")))}


def _flat(tree: Mapping[str, Any], above: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in tree.items():
        found.extend(_flat(value, f"{above}{key}.") if isinstance(value, dict) else [(above + key, value)])
    return found


class Phrase(NamedTuple):
    """What is said: a key of the catalogues, and what fills the places of its text (phrases again, or texts and numbers)."""

    key: str
    given: "Mapping[str, str | int | float | Phrase]" = {}  # noqa: RUF012  # a NamedTuple's default, never changed

    def text(self, language: str = LANGUAGES[0]) -> str:
        """In this language. The place {reason} holds what somebody else said, and is reworded."""
        return catalogue(language)[self.key].format(**{name: _shown(name, value, language) for name, value in self.given.items()})


def phrase(key: str, **given: object) -> Phrase:
    """A phrase of anything: exceptions give what they say, paths and the like their text."""
    return Phrase(key, {name: _plain(value) for name, value in given.items()})


def _plain(value: object) -> str | int | float | Phrase:
    if isinstance(value, str | int | float | Phrase):
        return value
    if isinstance(value, OSError) and value.strerror:
        return value.strerror
    said: tuple[Phrase, ...] = getattr(value, "phrases", ())
    return said[0] if said else str(value)


def _shown(name: str, value: str | int | float | Phrase, language: str) -> str | int | float:
    if isinstance(value, Phrase):
        return value.text(language)
    return reworded(value, language) if name == "reason" and isinstance(value, str) else value


@lru_cache(1024)
def reworded(text: str, language: str) -> str:
    """A text of the catalogue's English in this language; any other text as it is."""
    if language == LANGUAGES[0] or len(text) > _LONGEST:
        return text
    for key, form in _forms():
        if found := form.fullmatch(text):
            return catalogue(language)[key].format(**{name: reworded(said, language) for name, said in found.groupdict().items()})
    return text


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What the texts look like whose places are filled; those that say most by themselves are tried first."""
    texts = {key: text for key, text in catalogue(LANGUAGES[0]).items() if key.startswith(_TEXTS)}
    said = sorted(texts, key=lambda key: -sum(len(before) for before, _, _, _ in Formatter().parse(texts[key])))
    return tuple((key, _form(texts[key])) for key in said)


def _form(text: str) -> re.Pattern[str]:
    """A place holds no colon, or else a text that is looked for again (_NESTED): so no text is taken for a part of another."""
    places = {name: rf"(?P<{name}>{'.*?' if name in _NESTED else '(?:(?!: ).)*?'})" for _, name, _, _ in Formatter().parse(text) if name}
    parts = (re.escape(before) + places.get(name or "", "") for before, name, _, _ in Formatter().parse(text))
    return re.compile("".join(parts), re.DOTALL)
