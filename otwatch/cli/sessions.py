"""`otwatch sessions`: who worked on which equipment, from where, and what was changed."""

from pathlib import Path

import click

from otwatch.cli.options import forms, lang, opened, record_to_read, said, voice_of
from otwatch.cli.tables import in_zone_of, show_rows, tell_age, zone_option
from otwatch.results import AssetRow, SessionRow


@click.command(help=said("help.sessions"))
@record_to_read
@forms
@lang
@zone_option
def sessions(record: Path | None, form: str | None, lang: str | None, zone: str | None) -> None:
    from otwatch.outputs.sessions import SESSIONS

    with opened(record) as kept:
        in_zone = in_zone_of(kept, zone, "zone")
        wanted = {row.key for row in kept.rows(AssetRow) if in_zone(row)}
        found = [row for row in kept.rows(SessionRow) if zone is None or row.server in wanted]
        voice = voice_of(kept, lang)
        tell_age(kept, voice)
        show_rows(SESSIONS, found, voice, form)
