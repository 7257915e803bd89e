"""`otwatch config check FILE`: every error and warning of a site file, with its line. `otwatch config schema`: its form, for editors."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import click

from otwatch.cli.options import FILE, lang, put, said
from otwatch.outputs.visible import visible
from otwatch.outputs.wording import Words, language

if TYPE_CHECKING:
    from otwatch.config import Problem

WRONG = 2


class Told(NamedTuple):
    """A problem as JSON gives it."""

    file: str
    line: int
    where: str
    severity: str
    problem: str
    text: str

    @classmethod
    def of(cls, problem: "Problem", spoken: str) -> Self:
        return cls(problem.file, problem.line, problem.where, problem.severity, problem.key, problem.text(spoken))


@click.group(help=said("help.config"))
def config() -> None:
    pass


@config.command(help=said("help.check"))
@click.argument("file", metavar=said("metavar.FILE"), type=FILE)
@lang
@click.option("--json", "as_json", is_flag=True, help=said("help.option_json"))
def check(file: Path, lang: str | None, as_json: bool) -> int:
    from otwatch.zones.policy.check import check_site

    words = Words(language(lang))
    problems = [Told.of(problem, words.language) for problem in check_site(file)]
    if as_json:
        from otwatch.outputs.documents import rows_document

        put(rows_document("problems", problems))
    else:
        click.echo(_text(file, problems, words))
    return WRONG if any(problem.severity == "error" for problem in problems) else 0


@config.command(help=said("help.schema"))
def schema() -> None:
    import json

    from otwatch.config.schema import site_schema

    put(json.dumps(site_schema(), ensure_ascii=False) + "\n")


def _text(file: Path, problems: Sequence[Told], words: Words) -> str:
    name = visible(file.name)
    if not problems:
        return words("check.clean", file=name)
    lines = [visible(words(f"check.{problem.severity}", text=problem.text)) for problem in problems]
    counted = {f"{kind}s": words.count(kind, sum(one.severity == kind for one in problems)) for kind in ("error", "warning")}
    return "\n".join([*lines, words("check.found", file=name, **counted)])
