"""The language to speak, and its words, numbers and counts."""

import os

from otwatch.results import Texts
from otwatch.words import LANGUAGES, catalogue, reworded

__all__ = ["LANGUAGES", "Words", "catalogue", "language"]
_ONE_BELOW = {"en": (1, 1), "fr": (0, 1)}
"""Numbers that take the singular, from .. to."""
_GROUP = {"en": ",", "fr": "\u00a0"}
_POINT = {"en": ".", "fr": ","}


def language(chosen: str | None = None, of_site: str = "") -> str:
    """The language to speak: the one chosen, else OTWATCH_LANG, else the site's, else the locale's, else English."""
    wished = (chosen, os.environ.get("OTWATCH_LANG"), of_site, _locale())
    return next((word for word in wished if word in LANGUAGES), LANGUAGES[0])


def _locale() -> str:
    """The language part of the locale for messages (POSIX.1-2017, 8.2)."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((name for name in names if name), "")[:2].lower()


class Words:
    """One language's catalogue. `words("findings.none")`; places such as {number} are filled from the arguments, and {reason} with what
    others said in English: the system, a library, a record."""

    def __init__(self, spoken: str) -> None:
        self.language = spoken
        self._said = catalogue(spoken)

    def __call__(self, key: str, **given: object) -> str:
        if isinstance(reason := given.get("reason"), str):
            given["reason"] = reworded(reason, self.language)
        return self._said[key].format(**given)

    def knows(self, key: str) -> bool:
        return key in self._said

    def term(self, family: str, word: str) -> str:
        """A word of an open list (roles, verbs, counters) in this language; as it is where the catalogue does not know it."""
        return self._said.get(f"{family}.{word}", word)

    def count(self, noun: str, number: int) -> str:
        """`2,078 packets`, `1 packet`."""
        least, most = _ONE_BELOW[self.language]
        form = "one" if least <= number <= most else "many"
        return self(f"count.{noun}.{form}", number=self.number(number))

    def number(self, number: int) -> str:
        return f"{number:,}".replace(",", _GROUP[self.language])

    def rough(self, number: float) -> str:
        """Two digits or more: `1.5`, `12`."""
        return self.number(round(number)) if number >= 9.95 else f"{number:.1f}".replace(".", _POINT[self.language])

    def of(self, texts: Texts) -> str:
        """This language's text; English where it is missing."""
        return texts.get(self.language) or texts.get("en", "")
