"""click's own words in the language spoken.

click asks gettext, which reads compiled catalogues only. Ours is text like all others (words/click.*.toml): the names that click's modules
have bound to gettext are bound to it instead.
"""

import click

from otwatch.outputs.wording import LANGUAGES, catalogue

_MODULES = (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.types)
_NAMED = (
    click.types.StringParamType, click.types.IntParamType, click.types.IntRange, click.types.FloatParamType, click.types.FloatRange,
)  # fmt: skip
"""Types whose names are shown in usage and errors, and not asked of gettext."""


def speak(language: str) -> None:
    """Commands declared from here on, and what is said of their use, speak this language."""
    sentences = said_by_click(language)

    def one(sentence: str) -> str:
        return sentences.get(sentence, sentence)

    def counted(single: str, many: str, number: int) -> str:
        return one(single if number == 1 else many)

    for module in _MODULES:
        vars(module).update(_=one, ngettext=counted)
    for sort in _NAMED:
        sort.name = one(sort.name)


def said_by_click(language: str) -> dict[str, str]:
    """click's sentence -> ours."""
    asked, told = catalogue(LANGUAGES[0]), catalogue(language)
    return {sentence: told[key] for key, sentence in asked.items() if key.startswith("click.")}
