"""`otwatch data build`: data files built from their sources, those that are shipped and those that a site fetches itself."""

from datetime import date, datetime
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

    _write(output, vendors.build(folder))


@build.command(help=said("help.credentials"))
@click.option("--from", "source", type=FILE, required=True, help=said("help.option_from_list"))
@click.option("--read-on", type=click.DateTime(["%Y-%m-%d"]), help=said("help.option_read_on"))
@click.option("-o", "--output", type=FILE, required=True, help=said("help.option_output"))
def credentials(source: Path, read_on: datetime | None, output: Path) -> None:
    from otwatch.alerts import importing

    _write(output, importing.build(source, read_on.date() if read_on else date.today()).encode())  # the operator's day


def _write(output: Path, built: bytes) -> None:
    try:
        output.write_bytes(built)
    except OSError as error:
        raise OtwatchError("output.unwritable_file", path=output, reason=error) from error
