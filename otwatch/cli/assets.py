"""`otwatch assets` and what goes on from there: one in full, all of them for another program."""

from pathlib import Path

import click

from otwatch.cli.options import FILE, forms, goes_on, lang, opened, put, record_to_read, said, voice_of
from otwatch.cli.tables import in_zone_of, show_rows, tell_age, zone_option

FORMS = ("csv", "xlsx", "json", "netbox", "cyclonedx", "graphml")


@click.group(help=said("help.assets"), invoke_without_command=True)
@record_to_read
@forms
@lang
@zone_option
@click.pass_context
def assets(context: click.Context, record: Path | None, form: str | None, lang: str | None, zone: str | None) -> None:
    if goes_on(context):
        return
    from otwatch.outputs.views import ASSETS
    from otwatch.results import AssetRow

    with opened(record) as kept:
        in_zone = in_zone_of(kept, zone, "zone")
        voice = voice_of(kept, lang)
        tell_age(kept, voice)
        show_rows(ASSETS, [row for row in kept.rows(AssetRow) if in_zone(row)], voice, form)


@assets.command(help=said("help.assets_show"))
@click.argument("key", metavar=said("metavar.KEY"))
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


@assets.command(help=said("help.assets_export"))
@click.argument("form", metavar=said("metavar.FORM"), type=click.Choice(FORMS))
@record_to_read
@click.option("-o", "--output", type=FILE, required=True, help=said("help.option_folder"))
@lang
def export(form: str, record: Path | None, output: Path, lang: str | None) -> None:
    from otwatch.errors import OtwatchError
    from otwatch.outputs.exports import EXPORTS
    from otwatch.outputs.exports.ids import Inventory
    from otwatch.outputs.visible import visible
    from otwatch.results import AssetRow, AttributeRow, CaptureRow, FaceRow, LinkRow

    with opened(record) as kept:
        heard_ns = max((row.last_ns for row in kept.rows(CaptureRow)), default=0)
        tables = (kept.rows(AssetRow), kept.rows(AttributeRow), kept.rows(FaceRow), kept.rows(LinkRow))
        files = EXPORTS[form](Inventory(kept.site()[0], heard_ns, *tables), voice_of(kept, lang))
    try:
        output.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, content in files.items():
            output.joinpath(name).write_bytes(content)
            click.echo(visible(str(output / name)))
    except OSError as error:
        raise OtwatchError("output.unwritable_folder", path=output, reason=error) from error
