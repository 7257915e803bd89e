"""`otwatch explain ALERT`: one finding in full."""

from pathlib import Path

import click

from otwatch.cli.options import lang, log_of, opened, record_to_read, said, voice_of


@click.command(help=said("help.explain"))
@click.argument("alert", type=click.IntRange(min=1))
@record_to_read
@lang
def explain(alert: int, record: Path | None, lang: str | None) -> None:
    from otwatch.alerts.words import TRACE
    from otwatch.decisions.standing import joined
    from otwatch.outputs.explain import explain as explained
    from otwatch.outputs.layout import show
    from otwatch.outputs.points import names_of

    with opened(record) as kept:
        (found,) = joined([kept.alert(alert)], log_of(kept.path))
        called = names_of(kept, found.server, found.facts.get("point", ""))
        show(explained(found, voice_of(kept, lang), TRACE, called))
