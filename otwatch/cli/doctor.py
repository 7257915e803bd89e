"""`otwatch doctor`: is the mirror any good? Answered from a record, or from captures or an interface heard for this time only."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from otwatch.cli.options import FILE, lang, opened, put, said, share
from otwatch.cli.replay import heard, site_of
from otwatch.outputs.wording import Words, language

if TYPE_CHECKING:
    from otwatch.config import Site
    from otwatch.results import Results

GOOD, NOT_GOOD = 0, 1
"""Exit statuses."""


@click.command(help=said("help.doctor"))
@click.argument("named", metavar="[IF | CAPTURE...]", nargs=-1)
@click.option("--site", "site_file", type=FILE, help=said("help.option_site"))
@click.option("--record", type=FILE, help=said("help.option_record_read"))
@click.option("--seconds", type=click.IntRange(1, 86_400), default=30, show_default=True, help=said("help.option_seconds"))
@click.option("--json", "as_json", is_flag=True, help=said("help.option_json"))
@share
@lang
def doctor(
    named: tuple[str, ...], site_file: Path | None, record: Path | None, seconds: int, as_json: bool, jobs: int, lang: str | None
) -> int:
    from otwatch.outputs.mirror import Grade, diagnose
    from otwatch.zones.policy.expected import protocols

    if named and record:
        raise click.UsageError(said("doctor.both"))
    site = site_of(site_file, lang)
    words = Words(language(lang, site.site.language if site else ""))
    if any(map(_is_interface, named)):
        results = _listened(named, seconds, site, words)
    else:
        results = heard(named, site, words, quiet=False, jobs=jobs) if named else _kept(record)
    diagnosis = diagnose(results, protocols(site) if site else {})
    if as_json:
        from otwatch.outputs.doctor import doctor_document

        put(doctor_document(diagnosis, tuple(row.name for row in results.captures)))
    else:
        from otwatch.outputs.doctor import doctor_text
        from otwatch.outputs.layout import show

        show(doctor_text(diagnosis, words if lang or site else Words(language(lang, results.language))))
    return GOOD if diagnosis.verdict == Grade.GOOD else NOT_GOOD


def _is_interface(name: str) -> bool:
    """A file of that name comes first."""
    return "/" not in name and not Path(name).exists() and Path("/sys/class/net", name).exists()


def _listened(named: tuple[str, ...], seconds: int, site: "Site | None", words: Words) -> "Results":
    from otwatch.sensor.trial import trial

    if len(named) > 1:
        raise click.UsageError(said("doctor.mixed"))
    click.echo(words("doctor.listening", interface=named[0], seconds=words.number(seconds)), err=True)
    return trial(named[0], seconds, site)


def _kept(record: Path | None) -> "Results":
    with opened(record) as kept:
        return kept.results()
