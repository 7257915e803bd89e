"""`otwatch metrics`: a record as Prometheus metrics, printed once."""

from pathlib import Path

import click

from otwatch.cli.options import opened, put, record_to_read, said


@click.command(help=said("help.metrics"))
@record_to_read
def metrics(record: Path | None) -> None:
    from otwatch.outputs.metrics import exposition

    with opened(record) as kept:
        put(exposition(kept.results()).decode())
