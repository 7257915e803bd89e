"""otwatch(1), from the commands themselves: `python -m deb.manual`, in the language of OTWATCH_LANG."""

from collections.abc import Iterator

import click

from otwatch import __version__
from otwatch.cli import cli
from otwatch.outputs.wording import language

HEADINGS = {
    "en": ("NAME", "passive monitor of hospitals' technical networks", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "FILES"),
    "fr": ("NOM", "surveillance passive des réseaux techniques d'hôpitaux", "SYNOPSIS", "DESCRIPTION", "COMMANDES", "FICHIERS"),
}
FILES = {
    "/etc/otwatch/otwatch.yaml": {"en": "The sensor's settings.", "fr": "Les réglages de la sonde."},
    "/etc/otwatch/site.yaml": {"en": "Zones and what is allowed between them.", "fr": "Les zones et ce qui est permis entre elles."},
    "/var/lib/otwatch/record.db": {"en": "The record.", "fr": "L'enregistrement."},
}


def page(spoken: str) -> str:
    """The whole page (man(7))."""
    return "".join(f"{line}\n" for line in _lines(spoken))


def _lines(spoken: str) -> Iterator[str]:
    name, what, synopsis, description, commands, files = HEADINGS[spoken]
    yield f'.TH OTWATCH 1 "" "otwatch {__version__}" ""'
    yield from (f".SH {name}", rf"otwatch \- {_text(what)}")
    yield from (f".SH {synopsis}", ".B otwatch", r"\fICOMMAND\fR [\fIOPTION\fR...]")
    yield from (f".SH {description}", *_paragraphs(cli))
    yield f".SH {commands}"
    for called, command in sorted(cli.commands.items()):
        yield from _command(called, command)
    yield f".SH {files}"
    for path, meaning in FILES.items():
        yield from (".TP", rf"\fI{_text(path)}\fR", _text(meaning[spoken]))


def _command(name: str, command: click.Command) -> Iterator[str]:
    """A command, or those of a group."""
    if isinstance(command, click.Group):
        for inner, one in sorted(command.commands.items()):
            yield from _command(f"{name} {inner}", one)
        return
    context = click.Context(command, info_name=name)
    usage = " ".join(command.collect_usage_pieces(context))
    yield from (f'.SS "otwatch {name} {_text(usage)}"', *_paragraphs(command))
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if record is not None:
            yield from (".TP", rf"\fB{_text(record[0])}\fR", _text(record[1]))


def _paragraphs(command: click.Command) -> Iterator[str]:
    """Text that is to be filled, and behind click's \\b what is to stay as it is."""
    for part in (command.help or "").strip().split("\n\n"):
        lines = part.split("\n")
        kept = lines[0] == "\b"
        yield ".PP"
        if kept:
            yield ".nf"
        yield from (_text(line) for line in (lines[1:] if kept else lines))
        if kept:
            yield ".fi"


def _text(line: str) -> str:
    """No line means anything to troff."""
    escaped = line.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{escaped}" if escaped[:1] in {".", "'"} else escaped


if __name__ == "__main__":
    print(page(language()), end="")
