"""`otwatch facts`: what captures say, counted. Printed from a record, as everything else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from otwatch.cli.options import FILE, lang, opened, put, said, share
from otwatch.outputs.wording import Words, language
from otwatch.results import CaptureRow, FactRow

if TYPE_CHECKING:
    from otwatch.record import Record


@click.command(help=said("help.facts"))
@click.argument("captures", metavar="[CAPTURE]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help=said("help.option_json"))
@click.option("--record", type=FILE, help=said("help.option_record_facts"))
@share
@lang
def facts(captures: tuple[str, ...], as_json: bool, record: Path | None, jobs: int, lang: str | None) -> None:
    with _record(captures, record, jobs) as kept:
        read, counted = kept.rows(CaptureRow), kept.rows(FactRow)
        of_site = kept.site()[2]
    if as_json:
        from otwatch.outputs.facts import facts_document

        put(facts_document(read, counted))
        return
    from otwatch.outputs.facts import facts_text
    from otwatch.outputs.layout import show

    show(facts_text(read, counted, Words(language(lang, of_site))))


@contextmanager
def _record(captures: tuple[str, ...], path: Path | None, jobs: int) -> "Iterator[Record]":
    """The record of these captures, in `path` or for this time only; without captures the record that is there."""
    with TemporaryDirectory(prefix="otwatch-") as folder:
        if captures:
            path = path or Path(folder, "record.db")
            _write(captures, path, jobs)
        with opened(path) as kept:
            yield kept


def _write(captures: tuple[str, ...], path: Path, jobs: int) -> None:
    from otwatch import pipeline
    from otwatch.record import Record

    with Record.create(path) as kept:
        kept.write(pipeline.replay(captures, jobs=jobs))
