"""`otwatch replay`: captures -> record and summary."""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from otwatch.cli.options import ALLOCATIONS, FILE, again, lang, log_of, put, record_to_write, said, share
from otwatch.cli.places import grouped, site_names
from otwatch.outputs.visible import visible
from otwatch.outputs.voice import SEVERITIES, Voice
from otwatch.outputs.wording import Words, language

if TYPE_CHECKING:
    from otwatch.config import Site
    from otwatch.declared.baseline import Accepted
    from otwatch.jobs import Hearing
    from otwatch.results import Results

Progress = Callable[[int, int | None], None]


@click.command(help=said("help.replay"))
@click.argument("captures", metavar="CAPTURE...", nargs=-1)
@click.option("--site", "site_file", type=FILE, help=said("help.option_site"))
@site_names
@record_to_write
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help=said("help.option_format"))
@click.option("--fail-on", type=click.Choice(SEVERITIES), default="high", show_default=True, help=said("help.option_fail_on"))
@share
@lang
@click.option("--quiet", is_flag=True, help=said("help.option_quiet"))
def replay(  # noqa: PLR0913, PLR0917  # click gives one argument an option
    captures: tuple[str, ...],
    site_file: Path | None,
    names: tuple[str, ...],
    record: Path | None,
    form: str,
    fail_on: str,
    jobs: int,
    lang: str | None,
    quiet: bool,
) -> int:
    groups = grouped(captures, names, site_file)
    site = site_of(site_file, lang)
    words = Words(language(lang, site.site.language if site else ""))
    with ExitStack() as ending:
        hearings = {place: ending.enter_context(begun(of_it, jobs, site)) for place, of_it in groups.items()}
        # other processes hear while this one reads on
        if jobs > 1:
            _prepare(drafts=site is None, prints=not quiet and form == "text")
        from otwatch.decisions.standing import decided
        from otwatch.declared.baseline import default_path as beside
        from otwatch.declared.baseline import load
        from otwatch.record import Record, default_path

        accepted = load(beside(record or default_path()))
        with Record.create(record or default_path()) as kept:
            log = log_of(kept.path)
            recorded = _of_places({place: concluded(one, site, words, quiet, accepted, place) for place, one in hearings.items()})
            kept.write(recorded)
    results = decided(recorded, log)
    for row in results.captures:
        if row.broken:
            click.echo(visible(words("replay.broken", capture=row.name, reason=row.broken)), err=True)
    if not quiet:
        _print(results, words, form, record)
    return _status(results, fail_on, words, quiet)


def _prepare(drafts: bool, prints: bool) -> None:
    """Import what only the end needs, while there are processors for it."""
    if drafts:
        from otwatch.zones.suggestion.suggest import import_communities

        import_communities()
    if prints:
        import_module("otwatch.outputs.summary")
        import_module("rich.table")


def _of_places(found: "dict[str, Results]") -> "Results":
    from otwatch.results.places import together

    return together(found) if len(found) > 1 else next(iter(found.values()))


def _status(results: "Results", fail_on: str, words: Words, quiet: bool) -> int:
    """Whether a finding is left about which nobody has decided. Critical ones are named in any case: here where no summary does it."""
    from otwatch.outputs.apart import apart_lines, parted

    open_, apart = parted(results.alerts)
    if quiet:
        for line in list(apart_lines(apart, Voice.of(words, results.timezone, results.zones, results.assets)))[1:]:
            click.echo(visible(line), err=True)
    return int(any(alert.severity >= SEVERITIES.index(fail_on) for alert in open_))


def site_of(path: Path | None, chosen: str | None) -> "Site | None":
    """What a site file declares. What only time has made wrong in it is told, and hinders nobody."""
    if path is None:
        return None
    from otwatch.config import heard_site

    words = Words(language(chosen))
    site, past = heard_site(path)
    for problem in past:
        click.echo(visible(words("site.past", problem=problem.text(words.language))), err=True)
    return site


@contextmanager
def begun(captures: tuple[str, ...], jobs: int, site: "Site | None") -> "Iterator[Hearing]":
    """What is heard makes no cycles: to look for them meanwhile costs a twentieth of a replay."""
    gc.set_threshold(ALLOCATIONS)
    from otwatch.config.limits import watched
    from otwatch.jobs import hearing

    gc.disable()
    try:
        with hearing(captures, jobs, watched(site.limits if site else ())) as heard:
            yield heard
    finally:
        gc.enable()


def concluded(
    hearing: "Hearing", site: "Site | None", words: Words, quiet: bool, accepted: "Accepted | None" = None, place: str = ""
) -> "Results":
    from otwatch import pipeline
    from otwatch.site import NOTHING

    with _progress(words, wanted=not quiet) as progress:
        return pipeline.concluded(hearing, site, progress, accepted or NOTHING, place)


def heard(captures: tuple[str, ...], site: "Site | None", words: Words, quiet: bool, jobs: int = 1) -> "Results":
    with begun(captures, jobs, site) as hearing:
        return concluded(hearing, site, words, quiet)


@contextmanager
def _progress(words: Words, wanted: bool) -> Iterator[Progress | None]:
    """A bar on a terminal's standard error; nothing in a pipe."""
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(words("replay.reading")), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print(results: "Results", words: Words, form: str, record: Path | None) -> None:
    """The mirror is judged as `otwatch doctor` judges the record."""
    from otwatch.outputs.mirror import diagnose

    mirror = diagnose(results)
    if form == "json":
        from otwatch.outputs.doctor import doctor_fields
        from otwatch.outputs.documents import replay_document
        from otwatch.record import default_path

        put(replay_document(results, doctor_fields(mirror), str(record or default_path())))
        return
    from otwatch.outputs.layout import show
    from otwatch.outputs.summary import summary

    show(summary(results, mirror, Voice.of(words, results.timezone, results.zones, results.assets), again(record)))
