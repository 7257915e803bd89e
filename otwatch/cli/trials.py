"""`otwatch test DIR`: captures and a site file -> the findings a site expects, so that its rules stay as they were meant."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from otwatch.cli.options import FILE, lang, put, said
from otwatch.cli.replay import heard
from otwatch.errors import OtwatchError
from otwatch.outputs.wording import Words, language

if TYPE_CHECKING:
    from otwatch.checks import TrialCheck

FAILED, WRONG = 1, 2
"""Exit statuses: something is not as expected; a trial could not be run."""
_ENDINGS = (".yaml", ".yml")


@click.command(help=said("help.test"))
@click.argument("places", metavar=f"{said('metavar.DIR')}...", nargs=-1, required=True, type=FILE)
@click.option("--json", "as_json", is_flag=True, help=said("help.option_json"))
@lang
def test(places: tuple[Path, ...], as_json: bool, lang: str | None) -> int:
    from otwatch.outputs.trials import trials_document, trials_text

    words = Words(language(lang))
    checks = [_checked(file, words) for place in places for file in _files(place)]
    put(trials_document(checks) if as_json else "".join(f"{line}\n" for line in trials_text(checks, words)))
    if any(check.wrong for check in checks):
        return WRONG
    return 0 if all(check.passed for check in checks) else FAILED


def _files(place: Path) -> list[Path]:
    """The trials of a folder, by name; or the one that is named itself."""
    if not place.is_dir():
        return [place]
    found = sorted(file for file in place.iterdir() if file.suffix in _ENDINGS)
    if not found:
        raise OtwatchError("trial.no_file", folder=place)
    return found


def _checked(file: Path, words: Words) -> "TrialCheck":
    from otwatch.alerts.detections import DETECTIONS
    from otwatch.alerts.trials import misses
    from otwatch.checks import TrialCheck
    from otwatch.config import load_site
    from otwatch.config.trial import load_trial

    try:
        trial = load_trial(file, sorted(one.id for one in DETECTIONS))
        site = load_site(Path(trial.site), trial.today) if trial.site else None
        results = heard(trial.captures, site, words, quiet=True)
    except OtwatchError as error:
        return TrialCheck(str(file), wrong=error.text(words.language))
    return TrialCheck(str(file), len(trial.expected), misses(trial, results))
