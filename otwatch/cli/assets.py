"""`otwatch assets` and what goes on from there: one in full."""

from pathlib import Path

import click

from otwatch.cli.options import forms, lang, opened, put, record_to_read, said, voice_of
from otwatch.cli.tables import in_zone_of, print_rows, zone_option


@click.group(help=said("help.assets"), invoke_without_command=True)
@record_to_read
@forms
@lang
@zone_option
@click.pass_context
def assets(context: click.Context, record: Path | None, form: str | None, lang: str | None, zone: str | None) -> None:
    if context.invoked_subcommand is not None:
        return
    from otwatch.outputs.views import ASSETS
    from otwatch.results import AssetRow

    with opened(record) as kept:
        in_zone = in_zone_of(kept, zone, "zone")
        print_rows(ASSETS, [row for row in kept.rows(AssetRow) if in_zone(row)], voice_of(kept, lang), form)


@assets.command(help=said("help.assets_show"))
@click.argument("key")
@record_to_read
@forms
@lang
def show(key: str, record: Path | None, form: str | None, lang: str | None) -> None:
    from otwatch.outputs import asset
    from otwatch.outputs.documents import document, plain
    from otwatch.outputs.dossiers import dossier
    from otwatch.outputs.layout import show as print_blocks
    from otwatch.outputs.tables import as_csv

    with opened(record) as kept:
        voice = voice_of(kept, lang)
        found = dossier(kept, key, voice)
    if form == "json":
        put(document(plain(found._asdict() | {"history": found.steps})))
    elif form == "csv":
        put(as_csv(asset.ATTRIBUTES, found.attributes, voice))
    else:
        print_blocks(asset.show(found, voice))
