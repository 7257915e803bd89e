"""`otwatch baseline review | accept | freeze | export`: what is usual, and what a person accepts of it."""

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from otwatch.cli.options import FILE, forms, lang, opened, record_to_read, said, voice_of
from otwatch.cli.tables import show_rows
from otwatch.outputs.visible import visible
from otwatch.outputs.wording import Words, language

if TYPE_CHECKING:
    from otwatch.declared.baseline import Accepted
    from otwatch.record import Record
    from otwatch.results import BaselineRow

STATES = ("doubtful", "new", "returned", "waiting", "learnt", "accepted")
"""What asks for a decision first."""
TO_DECIDE = STATES[:4]

_states = click.option("--state", "states", type=click.Choice(STATES), multiple=True, help=said("help.option_state"))
_author = click.option("--author", default=None, help=said("help.option_author"))


@click.group(help=said("help.baseline"))
def baseline() -> None:
    pass


@baseline.command(help=said("help.baseline_review"))
@record_to_read
@forms
@lang
@_states
def review(record: Path | None, form: str | None, lang: str | None, states: tuple[str, ...]) -> None:
    from otwatch.outputs.baseline import BASELINE, quality
    from otwatch.outputs.layout import Paragraph, show

    with opened(record) as kept:
        rows, accepted = _reviewed(kept)
        voice = voice_of(kept, lang)
    if form is None:
        show([Paragraph(line) for line in quality(rows, accepted, voice)])
    wanted = [row for row in rows if row.state in (states or TO_DECIDE)]
    show_rows(BASELINE, sorted(wanted, key=lambda row: STATES.index(row.state)), voice, form)


@baseline.command(help=said("help.baseline_accept"))
@click.argument("lines", metavar="[LINE]...", nargs=-1)
@record_to_read
@lang
@_states
@_author
@click.option("--reason", default="", help=said("help.option_reason"))
def accept(
    lines: tuple[str, ...], record: Path | None, lang: str | None, states: tuple[str, ...], author: str | None,
    reason: str,
) -> None:  # fmt: skip
    from otwatch.declared.baseline import accept as accepting
    from otwatch.declared.baseline import default_path, save

    with opened(record) as kept:
        rows, before = _reviewed(kept)
        path = default_path(kept.path)
    if unknown := set(lines) - {row.id for row in rows}:
        raise click.BadParameter(said("baseline.unknown", lines=", ".join(sorted(unknown))), param_hint="LINE")
    wanted = tuple(row for row in rows if row.id in lines or row.state in states)
    if not wanted:
        raise click.UsageError(said("baseline.which"))
    save(path, accepting(before, wanted, _name(author), reason, _now()))
    click.echo(visible(Words(language(lang))("baseline.accepted", number=len(wanted), path=path)))


@baseline.command(help=said("help.baseline_freeze"))
@record_to_read
@lang
@_author
def freeze(record: Path | None, lang: str | None, author: str | None) -> None:
    from otwatch.declared.baseline import default_path, save
    from otwatch.declared.baseline import freeze as frozen

    with opened(record) as kept:
        rows, before = _reviewed(kept)
        path = default_path(kept.path)
    after = frozen(before, rows, _name(author), _now())
    save(path, after)
    left = sum(row.state in TO_DECIDE for row in rows)
    click.echo(visible(Words(language(lang))("baseline.frozen", number=len(after.lines), left=left, path=path)))


@baseline.command(help=said("help.baseline_export"))
@click.argument("file", metavar="FILE", type=FILE)
@record_to_read
@lang
def export(file: Path, record: Path | None, lang: str | None) -> None:
    from otwatch.declared.baseline import save

    with opened(record) as kept:
        _, accepted = _reviewed(kept)
    save(file, accepted)
    click.echo(visible(Words(language(lang))("baseline.exported", number=len(accepted.lines), path=file)))


def _reviewed(record: "Record") -> "tuple[tuple[BaselineRow, ...], Accepted]":
    """The lines of a record as they stand now: with what was accepted since it was written."""
    from otwatch.declared.baseline import default_path, load, with_accepted
    from otwatch.results import BaselineRow

    accepted = load(default_path(record.path))
    return with_accepted(record.rows(BaselineRow), accepted), accepted


def _name(author: str | None) -> str:
    return author or getpass.getuser()


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
