"""`otwatch incident ALERT...`: a draft of the declaration of an incident. Nothing is sent."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from otwatch.cli.options import FILE, lang, opened, put, record_to_read, said

WHEN = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


@click.command(help=said("help.incident"))
@click.argument("numbers", metavar=f"{said('metavar.ALERT')}...", type=click.IntRange(min=1), nargs=-1, required=True)
@click.option("--level", type=click.IntRange(1, 4), default=None, help=said("help.option_level"))
@click.option("--site", type=FILE, help=said("help.option_incident_site"))
@click.option("--aware", type=WHEN, default=None, help=said("help.option_aware"))
@click.option("--json", "as_json", is_flag=True, help=said("help.option_json"))
@record_to_read
@lang
def incident(numbers: tuple[int, ...], record: Path | None, lang: str | None, as_json: bool, **known: Any) -> None:
    from otwatch.outputs.incident import Known, declaration, declaration_document, declaration_text
    from otwatch.outputs.layout import show
    from otwatch.outputs.voice import Voice
    from otwatch.outputs.wording import Words, language

    with opened(record) as kept:
        alerts = [kept.alert(number) for number in dict.fromkeys(numbers)]
        results = kept.results()
    voice = Voice.of(Words(language(lang, results.language)), results.timezone, results.zones, results.assets)
    level = known["level"] or _level_of(known["site"], voice.words.language)
    aware = known["aware"].replace(tzinfo=voice.clock) if known["aware"] else None
    made = declaration(results, alerts, voice, Known(level, aware), _sums({frame.capture for one in alerts for frame in one.frames}))
    if as_json:
        put(declaration_document(made))
    else:
        show(declaration_text(made, voice))


def _sums(captures: Iterable[str]) -> dict[str, str]:
    """SHA-256 of those that are still where they were."""
    from otwatch.outputs.report.audit import total_of

    return {name: f"SHA-256 {total_of(Path(name))}" for name in sorted(captures) if Path(name).is_file()}


def _level_of(site: Path | None, spoken: str) -> int:
    """The level of the establishment that a site file tells; 0 where none does."""
    if site is None:
        return 0
    from otwatch.cli.replay import site_of

    read = site_of(site, spoken)
    return (read.site.establishment_level or 0) if read else 0
