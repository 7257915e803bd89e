"""Options that several commands have, and the voice in which a record is read out."""

import gc
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from otwatch.cli.spoken import speak
from otwatch.outputs.visible import visible
from otwatch.outputs.wording import LANGUAGES, Words, language

if TYPE_CHECKING:
    from otwatch.decisions.log import Log
    from otwatch.errors import OtwatchError
    from otwatch.outputs.voice import Voice
    from otwatch.record import Record
    from otwatch.results import AlertRow, Results

Command = TypeVar("Command", bound=Callable[..., Any])


def asked(arguments: Sequence[str]) -> str | None:
    """The language that --lang asks for, wherever it stands: help and errors are told when click knows of no option."""
    for before, one in zip(("", *arguments), arguments, strict=False):
        if before == "--lang" or one.startswith("--lang="):
            return one.removeprefix("--lang=")
    return None


said = Words(language(asked(sys.argv)))
"""The language of help, which is built before options are read."""
speak(said.language)
HELP_OPTION = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
FILE = click.Path(path_type=Path)

JOBS = 2
"""More processors find nothing to do."""

ALLOCATIONS = 200_000
"""New objects after which Python looks for cycles. Rows are tuples without cycles; looking often costs a sixth of a replay."""


def _or_before(context: click.Context, option: click.Parameter, value: Any) -> Any:
    """What was given, here or before the command's name: `otwatch assets --record FILE show KEY`."""
    return value if value is not None or context.parent is None else context.parent.params.get(option.name or "")


lang = click.option("--lang", type=click.Choice(LANGUAGES), callback=_or_before, help=said("help.option_lang"))
record_to_read = click.option("--record", type=FILE, callback=_or_before, help=said("help.option_record_read"))
share = click.option("--jobs", type=click.IntRange(1, JOBS), default=1, show_default=True, help=said("help.option_jobs"))
record_to_write = click.option("--record", type=FILE, help=said("help.option_record_write"))


def goes_on(context: click.Context) -> bool:
    """Whether a command of the group follows. It takes --record and --lang from the group; all other options are those of the list."""
    if context.invoked_subcommand is None:
        return False
    for option in context.command.params:
        name = option.name or ""
        if name not in _TAKEN_ON and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            below = f"{context.command_path} {context.invoked_subcommand}"
            raise click.UsageError(said("help.of_the_list", option=option.opts[0], command=below))
    return True


_TAKEN_ON = frozenset({"record", "lang"})


def forms(command: Command) -> Command:
    """--csv and --json, of which the last one given holds; a table for people without."""
    for name in ("csv", "json"):
        command = click.option(f"--{name}", "form", flag_value=name, default=None, help=said(f"help.option_{name}"))(command)
    return command


def opened(record: Path | None) -> "Record":
    """The record to read. Its rows hold no cycles: looking for them often costs a third of the time of a large table."""
    gc.set_threshold(ALLOCATIONS)
    from otwatch.record import Record, default_path

    return Record.open(record or default_path())


def voice_of(record: "Record", chosen: str | None) -> "Voice":
    from otwatch.outputs.voice import Voice
    from otwatch.results import ZoneRow

    _, timezone, of_site = record.site()
    return Voice.named(Words(language(chosen, of_site)), timezone, record.rows(ZoneRow), record.labels())


def findings_of(record: "Record") -> "tuple[AlertRow, ...]":
    """The findings of a record with what people decided about them."""
    from otwatch.decisions.standing import joined
    from otwatch.results import AlertRow

    return joined(record.rows(AlertRow), log_of(record.path))


def results_of(record: "Record") -> "Results":
    """Everything in a record, with what people decided about its findings."""
    from otwatch.decisions.standing import decided

    return decided(record.results(), log_of(record.path))


def log_of(record: Path) -> "Log":
    """What people decided about the findings of a record; that it was tampered with is told at once."""
    from otwatch.decisions.log import beside, load

    found = load(beside(record))
    if found.flaw:
        click.echo(visible(f"otwatch: {said('decided.broken', log=beside(record), line=found.flaw)}"), err=True)
    return found


def tell(error: "OtwatchError", spoken: str) -> None:
    shown = "\n".join(visible(line) for line in error.text(spoken).split("\n"))
    click.echo(f"otwatch: {shown}", err=True)


def again(record: Path | None) -> str:
    """What commands that go on from here need behind them to find this record."""
    return f" --record {shlex.quote(str(record))}" if record else ""


def put(text: str) -> None:
    """Write a document to standard output: UTF-8 and its own line ends, whatever the terminal's are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
