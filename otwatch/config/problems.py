"""What is wrong in a file, and where. The texts stand in the catalogues (words/errors.*.toml, `problem`)."""

from typing import Literal, NamedTuple

from otwatch.words import LANGUAGES, Phrase, phrase

Severity = Literal["error", "warning"]

BY_TIME = frozenset({"expired"})
"""Errors that time alone brings to a file that was right."""


class Problem(NamedTuple):
    """One thing that is wrong, and where.

    line   counts from 1; 0 where the file as a whole is meant
    where  path of keys: "zones[3].level"; empty for the whole file
    """

    file: str
    line: int
    where: str
    severity: Severity
    said: Phrase

    @property
    def key(self) -> str:
        """Which problem it is, for machines."""
        return self.said.key.removeprefix("problem.")

    @property
    def phrase(self) -> Phrase:
        place = f"{self.file}:{self.line}" if self.line else self.file
        if self.where:
            return phrase("problem.there", place=place, where=self.where, said=self.said)
        return phrase("problem.somewhere", place=place, said=self.said)

    def text(self, language: str = LANGUAGES[0]) -> str:
        """`site.yaml:12: zones[3].level: a number is expected, not 'two'`."""
        return self.phrase.text(language)
