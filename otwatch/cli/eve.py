"""`otwatch eve`: findings, and what else is new, as lines for a SOC."""

import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from otwatch.cli.options import FILE, opened, put, record_to_read, results_of, said
from otwatch.errors import OtwatchError
from otwatch.outputs.voice import SEVERITIES

if TYPE_CHECKING:
    from otwatch.outputs.eve import Line
    from otwatch.results import Results

ALSO = ("assets", "conversations")
PAUSE_S = 10
"""Between two looks at a record that is followed."""


@click.command(help=said("help.eve"))
@record_to_read
@click.option("--ecs", "as_ecs", is_flag=True, help=said("help.option_ecs"))
@click.option("--append", "target", type=FILE, help=said("help.option_append"))
@click.option("--follow", is_flag=True, help=said("help.option_follow"))
@click.option("--also", multiple=True, type=click.Choice(ALSO), help=said("help.option_also"))
@click.option("--severity", type=click.Choice(SEVERITIES), default=SEVERITIES[0], help=said("help.option_severity"))
def eve(record: Path | None, as_ecs: bool, target: Path | None, follow: bool, also: tuple[str, ...], severity: str) -> None:
    from otwatch.outputs.appending import append

    def told(results: "Results") -> "list[Line]":
        return _lines(results, as_ecs, also, SEVERITIES.index(severity))

    if follow:
        if target is None:
            raise OtwatchError("eve.follow")
        _follow(record, lambda results: append(target, told(results)))
        return
    with opened(record) as kept:
        lines = told(results_of(kept))
    if target is None:
        put("".join(f"{line.text}\n" for line in lines))
    else:
        append(target, lines)


def _lines(results: "Results", as_ecs: bool, also: Sequence[str], severity: int) -> "list[Line]":
    """Everything in the order of time."""
    from otwatch.alerts.attack import TECHNIQUES
    from otwatch.outputs import eve as forms
    from otwatch.outputs import news

    scene = forms.Scene.of(results, TECHNIQUES)
    alerts = [alert for alert in results.alerts if alert.severity >= severity]
    lines = forms.lines(alerts, scene, forms.ecs if as_ecs else forms.eve)
    for kind in also:
        lines += news.KINDS[kind](results, scene, news.ECS if as_ecs else news.EVE)
    return sorted(lines, key=lambda line: line.time_ns)


def _follow(record: Path | None, tell: "Callable[[Results], object]") -> None:
    """Tell what is new whenever the record was written, until a signal ends it (SIGTERM, SIGINT)."""
    from otwatch.record import default_path
    from otwatch.web.latest import Latest

    stopped, latest, told = Event(), Latest(record or default_path()), None
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    while not stopped.is_set():
        reading = latest.now()
        if reading is not told and reading.is_there:
            tell(reading.results)
        told = reading
        stopped.wait(PAUSE_S)
