"""`otwatch points`, and `points import`: what was written, who holds which priority, and what the site calls it."""

from pathlib import Path

import click

from otwatch.cli.options import FILE, forms, goes_on, lang, opened, record_to_read, said, voice_of
from otwatch.cli.tables import show_rows, tell_age


@click.group(help=said("help.points"), invoke_without_command=True)
@record_to_read
@forms
@lang
@click.option("--asset", help=said("help.option_asset"))
@click.option("--written", is_flag=True, help=said("help.option_written"))
@click.pass_context
def points(context: click.Context, record: Path | None, form: str | None, lang: str | None, asset: str | None, written: bool) -> None:
    if goes_on(context):
        return
    from otwatch.outputs.points import POINTS, named

    with opened(record) as kept:
        wanted = named(kept, lambda row: not written or row.writes > 0, asset)
        voice = voice_of(kept, lang)
        tell_age(kept, voice)
        show_rows(POINTS, wanted, voice, form)


@points.command("import", help=said("help.points_import"))
@click.argument("register", metavar=said("metavar.FILE"), type=FILE)
@record_to_read
@lang
def import_(register: Path, record: Path | None, lang: str | None) -> None:
    from otwatch.declared.lists import imported
    from otwatch.declared.names import add, default_path
    from otwatch.outputs.visible import visible
    from otwatch.outputs.wording import Words, language
    from otwatch.record import default_path as default_record

    path = default_path(record or default_record())
    number = add(path, imported(register))
    click.echo(visible(Words(language(lang))("points.imported", number=number, path=path)))
