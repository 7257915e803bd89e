"""`otwatch doctor`: is the mirror any good? Answered from a record, or from captures heard for this time only."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from otwatch.cli.options import FILE, lang, opened, put, said
from otwatch.cli.replay import heard, site_of
from otwatch.outputs.wording import Words, language

if TYPE_CHECKING:
    from otwatch.results import Results

GOOD, NOT_GOOD = 0, 1
"""Exit statuses."""


@click.command(help=said("help.doctor"))
@click.argument("captures", metavar="[CAPTURE]...", nargs=-1)
@click.option("--site", "site_file", type=FILE, help=said("help.option_site"))
@click.option("--record", type=FILE, help=said("help.option_record_read"))
@click.option("--json", "as_json", is_flag=True, help=said("help.option_json"))
@lang
def doctor(captures: tuple[str, ...], site_file: Path | None, record: Path | None, as_json: bool, lang: str | None) -> int:
    from otwatch.outputs.mirror import Grade, diagnose
    from otwatch.zones.expected import protocols

    if captures and record:
        raise click.UsageError(said("doctor.both"))
    site = site_of(site_file, lang)
    words = Words(language(lang, site.site.language if site else ""))
    results = heard(captures, site, words, quiet=False) if captures else _kept(record)
    diagnosis = diagnose(results, protocols(site) if site else {})
    if as_json:
        from otwatch.outputs.doctor import doctor_document

        put(doctor_document(diagnosis, tuple(row.name for row in results.captures)))
    else:
        from otwatch.outputs.doctor import doctor_text
        from otwatch.outputs.layout import show

        show(doctor_text(diagnosis, words if lang or site else Words(language(lang, results.language))))
    return GOOD if diagnosis.verdict == Grade.GOOD else NOT_GOOD


def _kept(record: Path | None) -> "Results":
    with opened(record) as kept:
        return kept.results()
