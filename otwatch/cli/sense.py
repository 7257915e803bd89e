"""`otwatch sense`: interfaces -> record, until a signal. `otwatch silence`: makes an interface one that only listens."""

import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from otwatch.cli.options import FILE, lang, said
from otwatch.cli.places import site_name
from otwatch.cli.replay import site_of
from otwatch.outputs.visible import visible
from otwatch.outputs.wording import Words, language

if TYPE_CHECKING:
    from otwatch.config.sensor import Sensor

ON_A_TERMINAL_S = 10


@click.command(help=said("help.sense"))
@click.option("--interface", "interfaces", multiple=True, metavar="IF", help=said("help.option_interface"))
@click.option("--config", type=FILE, help=said("help.option_config"))
@click.option("--site", "site_file", type=FILE, help=said("help.option_site"))
@site_name
@click.option("--record", type=FILE, help=said("help.option_record_sense"))
@click.option("--status", type=click.IntRange(0, 86_400), metavar=said("metavar.SECONDS"), help=said("help.option_status"))
@click.option("--allow-addressed", is_flag=True, help=said("help.option_allow_addressed"))
@lang
def sense(  # noqa: PLR0913, PLR0917  # click gives one argument an option
    interfaces: tuple[str, ...], config: Path | None, site_file: Path | None, site_name: str | None, record: Path | None,
    status: int | None, allow_addressed: bool, lang: str | None,
) -> None:  # fmt: skip
    from otwatch.record import default_path
    from otwatch.sensor import sense as listen

    settings = _settings(config, interfaces, allow_addressed)
    settings = settings._replace(site_name=site_name or settings.site_name)
    named = site_file or (Path(settings.site) if settings.site else None)
    site = site_of(named, language(lang, settings.language))
    words = Words(language(lang or settings.language, site.site.language if site else ""))
    kept = record or (Path(settings.record) if settings.record else default_path().with_name("sensor.db"))
    listen(settings, site, kept, _Saying(words), _status_s(settings.status_s if status is None else status, status))


def _settings(config: Path | None, interfaces: tuple[str, ...], allow_addressed: bool) -> "Sensor":
    """The file's settings; what stands on the command line wins."""
    from otwatch.config.sensor import Sensor, load_sensor

    settings = load_sensor(config) if config is not None else Sensor()
    settings = settings._replace(
        interfaces=tuple(dict.fromkeys(interfaces or settings.interfaces)), allow_addressed=allow_addressed or settings.allow_addressed
    )
    if not settings.interfaces:
        raise click.UsageError(said("sense.no_interface"))
    return settings


def _status_s(seconds: int, wished: int | None) -> int:
    """On a terminal somebody looks; else there is silence unless it was asked for."""
    return ON_A_TERMINAL_S if not seconds and wished is None and sys.stderr.isatty() else seconds


def _now() -> str:
    """When it is; "" where the journal says so beside every line (systemd.exec(5), JOURNAL_STREAM)."""
    return "" if "JOURNAL_STREAM" in os.environ else time.strftime("%Y-%m-%d %H:%M:%S ")


class _Saying:
    """Says what happens, one line each, on standard error."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def __call__(self, key: str, **given: object) -> None:
        shown = {name: self._shown(value) for name, value in given.items()}
        with suppress(BrokenPipeError):  # who read it is gone: the sensor goes on
            click.echo(f"{_now()}{visible(self._words(key, **shown))}", err=True)

    def _shown(self, value: object) -> object:
        if isinstance(value, Mapping):
            return self._words.of(value)
        return self._words.number(value) if isinstance(value, int) else value


@click.command(help=said("help.silence"))
@click.argument("interface", metavar="IF")
@click.option("--apply", "wanted", is_flag=True, help=said("help.option_apply"))
@lang
def silence(interface: str, wanted: bool, lang: str | None) -> None:
    from otwatch.sensor import silence as silent

    words = Words(language(lang))
    if wanted:
        silent.apply(interface)
        click.echo(words("silence.applied", interface=interface), err=True)
        return
    click.echo(f"# {words('silence.rules', interface=interface)}\n{silent.ruleset(interface)}")
    click.echo(f"# {words('silence.commands')}\n{silent.commands(interface)}")
    click.echo(f"# {words('silence.network')}\n{silent.network(interface)}", nl=False)
