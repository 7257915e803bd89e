"""`otwatch diff`, `otwatch assets import | drift`: records with each other, and what is declared with what is observed."""

from pathlib import Path

import click

from otwatch.cli.assets import assets
from otwatch.cli.options import FILE, forms, lang, opened, record_to_read, said, voice_of
from otwatch.cli.tables import show_rows

declared_store = click.option("--declared", "store", type=FILE, help=said("help.option_declared"))


@click.command(help=said("help.diff"))
@click.argument("before", metavar="A", type=FILE)
@click.argument("after", metavar="B", type=FILE)
@forms
@lang
def diff(before: Path, after: Path, form: str | None, lang: str | None) -> None:
    from otwatch.outputs.comparisons import DIFFERENCES
    from otwatch.record.differences import differences

    with opened(before) as old, opened(after) as new:
        show_rows(DIFFERENCES, differences(old.results(), new.results()), voice_of(new, lang), form)


@assets.command("import", help=said("help.assets_import"))
@click.argument("register", metavar=f"{said('metavar.FILE')}.csv", type=FILE)
@click.option("--map", "columns", multiple=True, help=said("help.option_map"))
@record_to_read
@declared_store
@lang
def import_(register: Path, columns: tuple[str, ...], record: Path | None, store: Path | None, lang: str | None) -> None:
    from otwatch.declared.importing import imported
    from otwatch.declared.store import FIELDS, save
    from otwatch.outputs.visible import visible
    from otwatch.outputs.wording import Words, language

    mapping = dict(column.partition("=")[::2] for column in columns)
    if unknown := mapping.keys() - set(FIELDS):
        raise click.BadParameter(said("output.no_field", names=", ".join(sorted(unknown)), known=", ".join(FIELDS)), param_hint="--map")
    (found, left_out), path = imported(register, mapping), _store(store, record)
    save(path, found)
    words = Words(language(lang))
    for one in left_out:
        reason = words(f"drift.left_out.{one.why}", said=one.said, other=one.other)
        click.echo(visible(words("drift.line", path=register, line=one.line, reason=reason)), err=True)
    click.echo(visible(words("drift.imported", assets=words.count("asset", len(found.rows)), path=path)))
    if left_out:
        click.echo(visible(words("drift.left", lines=words.count("line", len(left_out)))))


@assets.command("drift", help=said("help.assets_drift"))
@record_to_read
@declared_store
@forms
@lang
def drift(record: Path | None, store: Path | None, form: str | None, lang: str | None) -> None:
    from otwatch.declared.drift import drift as drifted
    from otwatch.declared.store import load
    from otwatch.outputs.comparisons import DRIFT
    from otwatch.results import AssetRow, AttributeRow, FaceRow

    declared = load(_store(store, record))
    with opened(record) as kept:
        found = drifted(declared.rows, kept.rows(AssetRow), kept.rows(FaceRow), kept.rows(AttributeRow))
        show_rows(DRIFT, found, voice_of(kept, lang), form)


def _store(store: Path | None, record: Path | None) -> Path:
    from otwatch.declared.store import default_path as beside
    from otwatch.record import default_path

    return store or beside(record or default_path())
