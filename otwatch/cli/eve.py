"""`otwatch eve`: the findings of a record as lines for a SOC."""

from pathlib import Path

import click

from otwatch.cli.options import FILE, opened, put, record_to_read, said
from otwatch.outputs.voice import SEVERITIES


@click.command(help=said("help.eve"))
@record_to_read
@click.option("--ecs", "as_ecs", is_flag=True, help=said("help.option_ecs"))
@click.option("--append", "target", type=FILE, help=said("help.option_append"))
@click.option("--severity", type=click.Choice(SEVERITIES), default=SEVERITIES[0], help=said("help.option_severity"))
def eve(record: Path | None, as_ecs: bool, target: Path | None, severity: str) -> None:
    from otwatch.alerts.attack import TECHNIQUES
    from otwatch.outputs import eve as forms

    with opened(record) as kept:
        results = kept.results()
    alerts = [alert for alert in results.alerts if alert.severity >= SEVERITIES.index(severity)]
    lines = forms.lines(alerts, forms.Scene.of(results, TECHNIQUES), forms.ecs if as_ecs else forms.eve)
    if target is None:
        put("".join(f"{line.text}\n" for line in lines))
        return
    from otwatch.outputs.appending import append

    append(target, lines)
