"""`otwatch serve`: a record over HTTP, until it is stopped."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from otwatch.cli.options import FILE, lang, record_to_read, said
from otwatch.errors import OtwatchError
from otwatch.outputs.wording import Words, language
from otwatch.words import phrase

if TYPE_CHECKING:
    import ssl

    from otwatch.config.web import Web
    from otwatch.web.listening import Place

LISTEN = "127.0.0.1:9468"


@click.command(help=said("help.serve"))
@record_to_read
@click.option("--listen", default=LISTEN, show_default=True, help=said("help.option_listen"))
@click.option("--web-config", type=FILE, help=said("help.option_web_config"))
@click.option("--decide", "deciders", multiple=True, metavar=said("metavar.USER"), help=said("help.option_decide"))
@click.option("--unprotected", is_flag=True, help=said("help.option_unprotected"))
@lang
def serve(
    record: Path | None, listen: str, web_config: Path | None, deciders: tuple[str, ...], unprotected: bool, lang: str | None
) -> None:
    from otwatch.cli.knowledge import knowledge
    from otwatch.config.web import Web, load_web
    from otwatch.record import default_path
    from otwatch.web.app import application
    from otwatch.web.latest import Latest
    from otwatch.web.listening import serve as answer

    words = Words(language(lang))
    web = load_web(web_config) if web_config else Web()
    if unknown := sorted(set(deciders) - {name for name, _ in web.users}):
        raise OtwatchError("serve.deciders", names=", ".join(unknown))
    place = _place(listen, web, unprotected)
    secured = _secured(web, words)
    try:
        listening = place.bound()
    except OSError as error:
        raise OtwatchError("serve.busy", given=listen, reason=error) from error
    with listening:
        where = place._replace(port=listening.getsockname()[1])
        click.echo(words("serve.at", url=f"{'https' if secured else 'http'}://{where}/"))
        latest = Latest(record or default_path(), knowledge())
        pages = application(latest, web, lambda client: _warn(words("serve.refused", client=client)), place.address.is_loopback, deciders)
        answer(pages, listening, secured)


def _place(given: str, web: "Web", unprotected: bool) -> "Place":
    """Where to listen; beyond this machine only with TLS and knowing who asks, or where that is not wanted."""
    from otwatch.web.app import authenticates
    from otwatch.web.listening import Place

    try:
        place = Place.of(given)
    except ValueError as error:
        raise OtwatchError("serve.listen", given=given) from error
    if place.address.is_loopback or unprotected or (web.tls and authenticates(web)):
        return place
    lack = "serve.no_users" if web.tls else "serve.no_tls" if authenticates(web) else "serve.neither"
    raise OtwatchError("serve.open", given=given, lacks=phrase(lack))


def _secured(web: "Web", words: Words) -> "ssl.SSLContext | None":
    from otwatch.web.listening import Certificates

    if web.tls is None:
        return None
    try:
        return Certificates(web.tls, web.folder, lambda error: _warn(_unusable(error).text(words.language))).context
    except OSError as error:
        raise _unusable(error) from error


def _unusable(error: OSError) -> OtwatchError:
    if error.filename:
        return OtwatchError("serve.certificate_file", file=error.filename, reason=error)
    return OtwatchError("serve.certificate", reason=error)


def _warn(line: str) -> None:
    with suppress(BrokenPipeError):  # who read it is gone: the others are still answered
        click.echo(f"otwatch: {line}", err=True)
