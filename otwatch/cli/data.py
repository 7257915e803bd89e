"""`otwatch data build oui`: the data files that are shipped, built from their sources."""

from pathlib import Path

import click

from otwatch.cli.options import FILE, said
from otwatch.errors import OtwatchError


@click.group(help=said("help.data"))
def data() -> None:
    pass


@data.group(help=said("help.build"))
def build() -> None:
    pass


@build.command(help=said("help.oui"))
@click.option("--from", "folder", type=FILE, required=True, help=said("help.option_from"))
@click.option("-o", "--output", type=FILE, required=True, help=said("help.option_output"))
def oui(folder: Path, output: Path) -> None:
    from otwatch.inventory import vendors

    built = vendors.build(folder)
    try:
        output.write_bytes(built)
    except OSError as error:
        raise OtwatchError(f"{output}: cannot be written: {error.strerror}; another place can be given with -o") from error
