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
    from otwatch.outputs.baseline import quality, with_habits
    from otwatch.outputs.layout import Paragraph, show
    from otwatch.results import LinkRow

    with opened(record) as kept:
        rows, accepted = _reviewed(kept)
        voice, view = voice_of(kept, lang), with_habits(kept.rows(LinkRow))
    if form is None:
        show([Paragraph(line) for line in quality(rows, accepted, voice)])
    wanted = [row for row in rows if row.state in (states or TO_DECIDE)]
    show_rows(view, sorted(wanted, key=lambda row: STATES.index(row.state)), voice, form)


@baseline.command(help=said("help.baseline_accept"))
@click.argument("lines", metavar=f"[{said('metavar.LINE')}]...", nargs=-1)
@record_to_read
@lang
@_states
@click.option("--alert", "given", metavar=said("metavar.ALERT"), help=said("help.option_accept_alert"))
@_author
@click.option("--reason", default="", help=said("help.option_why"))
def accept(
    lines: tuple[str, ...], record: Path | None, lang: str | None, states: tuple[str, ...], given: str | None, author: str | None,
    reason: str,
) -> None:  # fmt: skip
    from otwatch.declared.baseline import accept as accepting
    from otwatch.declared.baseline import default_path, save

    words = Words(language(lang))
    with opened(record) as kept:
        rows, before = _reviewed(kept)
        path = default_path(kept.path)
        answering = _answers(kept, given, rows) if given else ()
        if unknown := set(lines) - {row.id for row in rows}:
            raise click.BadParameter(said("baseline.unknown", lines=", ".join(sorted(unknown))), param_hint=said("metavar.LINE"))
        wanted = tuple(row for row in rows if row.id in lines or row.state in states or row in answering)
        if not wanted:
            raise click.UsageError(said("baseline.which"))
        save(path, accepting(before, wanted, _name(author), reason, _now()))
        if given:
            _close(kept, given, _name(author), reason or words("baseline.because", lines=", ".join(row.id for row in answering)))
    click.echo(visible(words("baseline.accepted", number=len(wanted), path=path)))


def _answers(record: "Record", given: str, rows: "tuple[BaselineRow, ...]") -> "tuple[BaselineRow, ...]":
    """The lines that would make a finding usual; a wrong use where there are none."""
    from otwatch.decisions.deciding import chosen
    from otwatch.declared.baseline import answers
    from otwatch.results import AlertRow

    alert = chosen(record.rows(AlertRow), given)
    found = answers(alert, rows) if alert is not None else ()
    if not found:
        raise click.BadParameter(said("baseline.no_habit" if alert else "baseline.no_alert", given=given), param_hint="--alert")
    return found


def _close(record: "Record", given: str, author: str, reason: str) -> None:
    """The log of decisions tells who accepted what answers the finding (detections.md A.4)."""
    from otwatch.decisions.deciding import By, take
    from otwatch.decisions.log import CLOSE
    from otwatch.results import AlertRow

    take(CLOSE, given, By(author, getpass.getuser(), reason), record.rows(AlertRow), record.path, UTC, datetime.now(UTC))


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
@click.argument("file", metavar=said("metavar.FILE"), type=FILE)
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
