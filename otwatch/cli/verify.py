"""`otwatch verify`: the second opinion. tshark reads the same captures; where it says something else, the frames are named."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from otwatch.cli.options import lang, put, said
from otwatch.outputs.visible import visible
from otwatch.outputs.wording import Words, language

if TYPE_CHECKING:
    from otwatch.capture import Source
    from otwatch.checks import CaptureCheck
    from otwatch.referee.tshark import Tshark

SECTIONS = ("modbus", "umas", "bacnet", "enip")
AGREEMENT, DISAGREEMENT, NOTHING_COMPARED = 0, 1, 2
"""Exit statuses."""

Watch = Callable[[str, int, int | None], None]
"""Told the name of a capture, the frame that tshark has reached, and how many there are."""


@click.command(help=said("help.verify"))
@click.argument("captures", metavar="CAPTURE...", nargs=-1, required=True)
@click.option("--section", "sections", multiple=True, type=click.Choice(SECTIONS), help=said("help.option_section"))
@click.option("--timeout", type=click.FloatRange(min=1), default=600, show_default=True, help=said("help.option_timeout"))
@click.option("--json", "as_json", is_flag=True, help=said("help.option_json"))
@lang
def verify(captures: tuple[str, ...], sections: tuple[str, ...], timeout: float, as_json: bool, lang: str | None) -> int:
    from otwatch.capture import open_captures
    from otwatch.referee.tshark import PACKAGE, installed

    words = Words(language(lang))
    program = installed()
    if program is None:
        click.echo(f"otwatch: {words('verify.missing', package=PACKAGE)}", err=True)
        return NOTHING_COMPARED
    sources = open_captures(captures)
    if any(source.size is None for source in sources):
        click.echo(f"otwatch: {words('verify.once')}", err=True)
        return NOTHING_COMPARED
    wanted = frozenset(sections or SECTIONS)
    with _progress(words) as watch:
        checks = [_check(source, program, wanted, timeout, watch, words) for source in sources]
    _print(checks, program.version, as_json, words)
    return _status(checks)


def _status(checks: "list[CaptureCheck]") -> int:
    if any(check.refused for check in checks):
        return NOTHING_COMPARED
    return AGREEMENT if all(check.agrees for check in checks) else DISAGREEMENT


def _check(source: "Source", program: "Tshark", wanted: frozenset[str], limit_s: float, watch: Watch, words: Words) -> "CaptureCheck":
    from otwatch import pipeline
    from otwatch.checks import CaptureCheck
    from otwatch.referee.comparing import checks
    from otwatch.referee.places import PIECE, placed
    from otwatch.referee.tshark import heard

    path = str(source.path)
    if source.path is None or source.refused:
        return CaptureCheck(source.name, (0, 0), (), refused=source.refused)
    watch(source.name, 0, None)
    results = pipeline.replay([path])
    frames = sum(row.frames for row in results.captures)
    for row in results.captures:
        if row.broken:
            click.echo(visible(words("replay.broken", capture=row.name, reason=row.broken)), err=True)
    told = heard(program, source.path, wanted, limit_s, lambda number: watch(source.name, number, frames))
    if not told.complete:
        reason = words("verify.late", seconds=words.rough(limit_s)) if told.late else told.message or words("verify.silent")
        return CaptureCheck(source.name, (frames, told.packets), (), told.message, told.unread, told.late, reason)
    compared = placed(checks(results.facts, told.sheet, wanted), told.sheet, lambda fine: pipeline.piecewise(path, PIECE, fine))
    return CaptureCheck(source.name, (frames, told.packets), compared, told.message, told.unread)


@contextmanager
def _progress(words: Words) -> Iterator[Watch]:
    """A bar on a terminal's standard error; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda name, done, total: None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn(words("verify.reading")), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda name, done, total: bar.update(task, description=escape(visible(name)), completed=done, total=total)


def _print(checks: "list[CaptureCheck]", version: str, as_json: bool, words: Words) -> None:
    if as_json:
        from otwatch.outputs.verify import verify_document

        put(verify_document(checks, version))
        return
    from otwatch.outputs.layout import show
    from otwatch.outputs.verify import verify_text

    show(verify_text(checks, version, words))
