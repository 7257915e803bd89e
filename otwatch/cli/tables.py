"""`otwatch conversations | alerts`: the tables of a record."""

from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from otwatch.cli.options import findings_of, forms, goes_on, lang, opened, put, record_to_read, said, voice_of
from otwatch.outputs.age import age_lines
from otwatch.outputs.tables import Anew, View
from otwatch.outputs.views import ALERTS, CONVERSATIONS
from otwatch.outputs.visible import visible
from otwatch.outputs.voice import SEVERITIES, Voice
from otwatch.results import AssetRow, LinkRow, ZoneRow

if TYPE_CHECKING:
    from otwatch.record import Record

NO_ZONE = "-"
AT_ONCE = 1000
"""Lines of a table that are written at once."""
Keep = Callable[[Any], bool]

zone_option = click.option("--zone", help=said("help.option_zone"))


@click.command(help=said("help.conversations"))
@record_to_read
@forms
@lang
@zone_option
@click.option("--protocol", help=said("help.option_protocol"))
def conversations(record: Path | None, form: str | None, lang: str | None, zone: str | None, protocol: str | None) -> None:
    with opened(record) as kept:
        in_zone = in_zone_of(kept, zone, "client_zone", "server_zone")
        found = [row for row in kept.rows(LinkRow) if in_zone(row) and protocol in {None, row.protocol}]
        voice = voice_of(kept, lang)
        tell_age(kept, voice)
        show_rows(CONVERSATIONS, found, voice, form)


@click.group(help=said("help.alerts"), invoke_without_command=True)
@record_to_read
@forms
@lang
@zone_option
@click.option("--severity", type=click.Choice(SEVERITIES), default=SEVERITIES[0], help=said("help.option_severity"))
@click.option("--decided", is_flag=True, help=said("help.option_decided"))
@click.pass_context
def alerts(
    context: click.Context, record: Path | None, form: str | None, lang: str | None, zone: str | None, severity: str, decided: bool
) -> None:
    if goes_on(context):
        return
    from otwatch.outputs.apart import apart_lines, parted

    with opened(record) as kept:
        in_zone, least = in_zone_of(kept, zone, "client_zone", "server_zone"), SEVERITIES.index(severity)
        found = [row for row in findings_of(kept) if in_zone(row) and row.severity >= least]
        voice = voice_of(kept, lang)
        tell_age(kept, voice)
        open_, apart = parted(found)
        if decided:
            show_rows(ALERTS, apart, voice, form)
        elif form is not None:
            show_rows(ALERTS, found, voice, form)
        else:
            show_rows(ALERTS, open_, voice, form)
            for line in apart_lines(apart, voice):
                click.echo(visible(line))


def in_zone_of(record: "Record", wanted: str | None, *fields: str) -> Keep:
    """Whether one of the row's fields is the wanted zone; a zone that the record does not have is a wrong use."""
    if wanted is None:
        return lambda row: True
    zone = "" if wanted == NO_ZONE else wanted
    known = {row.zone for row in record.rows(AssetRow)} | {row.id for row in record.rows(ZoneRow)}
    if zone and zone not in known:
        raise click.BadParameter(said("output.no_zone", zone=wanted, known=", ".join(sorted(known - {""}))), param_hint="--zone")
    return lambda row: zone in {getattr(row, field) for field in fields}


def tell_age(record: "Record", voice: Voice) -> None:
    """That the rows of a sensor's record are older than its last write, beside what is printed."""
    for line in age_lines(record.notes(), voice):
        click.echo(visible(line), err=True)


def show_rows(view: View, rows: Sequence[Any] | Anew, voice: Voice, form: str | None) -> None:
    """A table for people, CSV or JSON."""
    if form is None:
        _show_text(view, rows, voice)
        return
    from otwatch.outputs.documents import rows_pieces
    from otwatch.outputs.tables import csv_lines

    for piece in rows_pieces(view.name, rows) if form == "json" else csv_lines(view, rows, voice):
        put(piece)


def _show_text(view: View, rows: Sequence[Any] | Anew, voice: Voice) -> None:
    from otwatch.outputs.layout import is_terminal, show
    from otwatch.outputs.tables import as_grid, as_lines

    if not isinstance(rows, Anew) and not rows:
        click.echo(voice.words(view.nothing))
    elif is_terminal() and not isinstance(rows, Anew):
        show([as_grid(view, rows, voice)])
    else:
        lines = as_lines(view, rows, voice)
        while piece := "".join(islice(lines, AT_ONCE)):
            click.echo(piece, nl=False)
