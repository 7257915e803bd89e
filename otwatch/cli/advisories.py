"""`otwatch advisories`, `advisories import`, and `ageing`: what is known to be vulnerable, and what is no longer looked after."""

from pathlib import Path

import click

from otwatch.cli.options import FILE, forms, goes_on, lang, opened, record_to_read, said, voice_of
from otwatch.cli.tables import show_rows


@click.group(help=said("help.advisories"), invoke_without_command=True)
@record_to_read
@forms
@lang
@click.option("--asset", help=said("help.option_asset"))
@click.pass_context
def advisories(context: click.Context, record: Path | None, form: str | None, lang: str | None, asset: str | None) -> None:
    if goes_on(context):
        return
    from otwatch.advisories.matching import matches
    from otwatch.advisories.store import default_path, load
    from otwatch.outputs.advisories import ADVISORIES
    from otwatch.results import AssetRow, AttributeRow

    with opened(record) as kept:
        found = matches(load(default_path(kept.path)), kept.rows(AssetRow), kept.rows(AttributeRow))
        show_rows(ADVISORIES, [one for one in found if asset in (None, one.asset)], voice_of(kept, lang), form)


@advisories.command("import", help=said("help.advisories_import"))
@click.argument("folder", metavar=said("metavar.FOLDER"), type=FILE)
@record_to_read
@lang
def import_(folder: Path, record: Path | None, lang: str | None) -> None:
    from otwatch.advisories.store import default_path, imported, save
    from otwatch.outputs.visible import visible
    from otwatch.outputs.wording import Words, language
    from otwatch.record import default_path as default_record

    found, problems = imported(folder)
    words = Words(language(lang))
    for problem in problems:
        click.echo(visible(problem.text(words.language)), err=True)
    path = default_path(record or default_record())
    save(path, found)
    number = len({one.advisory for one in found})
    click.echo(visible(words("advisories.imported", number=number, wrong=len(problems), path=path)))


@click.command(help=said("help.ageing"))
@record_to_read
@forms
@lang
def ageing(record: Path | None, form: str | None, lang: str | None) -> None:
    from otwatch.advisories.ageing import aged
    from otwatch.outputs.advisories import AGEING
    from otwatch.results import AssetRow, AttributeRow, LinkRow

    with opened(record) as kept:
        found = aged(kept.rows(AssetRow), kept.rows(AttributeRow), kept.rows(LinkRow))
        show_rows(AGEING, found, voice_of(kept, lang), form)
