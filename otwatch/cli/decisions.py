"""`otwatch alerts mute | expect | close | reopen | decisions | log`: what people decide about findings, and the proof of it."""

import os
import pwd
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import click

from otwatch.cli.options import forms, lang, opened, record_to_read, said, voice_of
from otwatch.cli.tables import show_rows
from otwatch.outputs.visible import visible
from otwatch.outputs.wording import Words, language

if TYPE_CHECKING:
    from otwatch.decisions.deciding import By
    from otwatch.decisions.log import Log
    from otwatch.outputs.voice import Voice
    from otwatch.record import Record
    from otwatch.results import AlertRow

ACTIONS = ("mute", "expect", "close", "reopen")
ENDING = ("mute", "expect")
"""Those that hold until a day."""
USUAL_DAYS = 90
AS_WRITTEN, NOT_AS_WRITTEN = 0, 1
"""Exit statuses of --check."""


def _deciding(action: str) -> click.Command:
    """The command of one action: they differ in their words, and in whether they have an end."""

    def decide(given: str, author: str, reason: str, record: Path | None, lang: str | None, until: str | None = None) -> None:
        from otwatch.decisions.deciding import By

        with opened(record) as kept:
            _decide(action, given, By(author, _account(), reason, until or ""), kept, voice_of(kept, lang))

    ending = [click.option("--until", metavar="DATE", help=said("help.option_until", days=USUAL_DAYS))] if action in ENDING else []
    options = (
        click.argument("given", metavar=said("metavar.ALERT")),
        click.option("--by", "author", required=True, metavar=said("metavar.AUTHOR"), help=said("help.option_by")),
        click.option("--reason", required=True, metavar=said("metavar.TEXT"), help=said("help.option_reason")),
        *ending, record_to_read, lang,
    )  # fmt: skip
    return click.command(action, help=said(f"help.alerts_{action}"))(reduce(lambda made, option: option(made), reversed(options), decide))


def _decide(action: str, given: str, by: "By", kept: "Record", voice: "Voice") -> None:
    from otwatch.decisions.deciding import take
    from otwatch.outputs.apart import named
    from otwatch.results import AlertRow

    taken = take(action, given, by, kept.rows(AlertRow), kept.path, voice.clock, datetime.now(UTC))
    if taken.alert is None or action == "reopen":
        name = named(taken.alert, voice) if taken.alert else voice.words.of(taken.decision.title)
        click.echo(visible(voice.words("decided.done_reopen", finding=name)))
    else:
        _tell(action, taken.alert, taken.decision.until, voice)


def _tell(action: str, alert: "AlertRow", until: str, voice: "Voice") -> None:
    from otwatch.decisions.log import ns
    from otwatch.outputs.apart import CRITICAL, last_day, named
    from otwatch.results.findings import STORM

    words = voice.words
    end = last_day(ns(until), voice) if until else ""
    click.echo(visible(words(f"decided.done_{action}", until=end, finding=named(alert, voice), number=alert.number)))
    if alert.severity == CRITICAL:
        click.echo(words("decided.critical"))
    if STORM in alert.facts:
        click.echo(words("decided.storm", others=visible(alert.facts[STORM])))


def _account() -> str:
    """As the machine knows who runs this."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


@click.command(help=said("help.alerts_decisions"))
@record_to_read
@forms
@lang
def decisions(record: Path | None, form: str | None, lang: str | None) -> None:
    from otwatch.decisions.log import beside, load
    from otwatch.decisions.rows import decided_rows
    from otwatch.outputs.decided import DECISIONS
    from otwatch.results import AlertRow

    with opened(record) as kept:
        show_rows(DECISIONS, decided_rows(load(beside(kept.path)), kept.rows(AlertRow)), voice_of(kept, lang), form)


@click.command(help=said("help.alerts_log"))
@click.option("--check", is_flag=True, help=said("help.option_log_check"))
@record_to_read
@forms
@lang
def log(check: bool, record: Path | None, form: str | None, lang: str | None) -> int:
    """The check needs no record: the log may outlive it."""
    from otwatch.decisions.log import beside, load
    from otwatch.decisions.rows import log_rows
    from otwatch.outputs.decided import LOG
    from otwatch.record import default_path

    if check:
        path = beside(record or default_path())
        return _checked(path, load(path), Words(language(lang)))
    with opened(record) as kept:
        show_rows(LOG, log_rows(load(beside(kept.path))), voice_of(kept, lang), form)
    return AS_WRITTEN


COMMANDS = (*map(_deciding, ACTIONS), decisions, log)
"""Those of `otwatch alerts`."""


def _checked(path: Path, found: "Log", words: Words) -> int:
    whole = found.lines - found.torn
    mended = sorted({*range(1, (found.flaw or whole + 1))} - set(found.numbers))
    told = [("mended", line) for line in mended] + [("torn", whole + line + 1) for line in range(found.torn)]
    told += [("broken", found.flaw)] if found.flaw else []
    for key, line in told:
        click.echo(visible(words(f"log.{key}", log=path, line=line)))
    if found.flaw or found.torn:
        return NOT_AS_WRITTEN
    if not found.lines:
        click.echo(visible(words("log.empty", log=path)))
        return AS_WRITTEN
    counted = words.count("decision", len(found.decisions))
    click.echo(visible(words("log.sound", log=path, decisions=counted, sum=found.sum)))
    click.echo(words("log.note"))
    return AS_WRITTEN
