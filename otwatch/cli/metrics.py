"""`otwatch metrics`: a record as Prometheus metrics, printed once."""

from pathlib import Path

import click

from otwatch.cli.options import opened, put, record_to_read, results_of, said


@click.command(help=said("help.metrics"))
@record_to_read
def metrics(record: Path | None) -> None:
    from otwatch.outputs.metrics import exposition
    from otwatch.record.claims import is_kept

    with opened(record) as kept:
        put(exposition(results_of(kept), is_kept(kept.path)).decode())
