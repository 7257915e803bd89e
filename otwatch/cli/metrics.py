"""`otwatch metrics` and `otwatch serve`: a record as Prometheus metrics, printed once or served."""

import signal
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path
from threading import Thread

import click

from otwatch.cli.options import lang, opened, put, record_to_read, said
from otwatch.errors import OtwatchError
from otwatch.outputs.wording import Words, language

LISTEN = "127.0.0.1:9468"


@click.command(help=said("help.metrics"))
@record_to_read
def metrics(record: Path | None) -> None:
    from otwatch.outputs.metrics import exposition

    with opened(record) as kept:
        put(exposition(kept.results()).decode())


@click.command(help=said("help.serve"))
@record_to_read
@click.option("--listen", default=LISTEN, show_default=True, help=said("help.option_listen"))
@click.option("--without-tls", is_flag=True, help=said("help.option_without_tls"))
@lang
def serve(record: Path | None, listen: str, without_tls: bool, lang: str | None) -> None:
    from otwatch.outputs.serving import server
    from otwatch.record import default_path

    words = Words(language(lang))
    address, port = _place(listen, words)
    if not address.is_loopback and not without_tls:
        raise OtwatchError(words("serve.open", given=listen))
    try:
        listening = server(record or default_path(), str(address), port)
    except OSError as error:
        raise OtwatchError(words("serve.busy", given=listen, reason=error.strerror)) from error
    with listening:
        signal.signal(signal.SIGTERM, lambda *_: Thread(target=listening.shutdown).start())
        click.echo(words("serve.at", url=f"http://{address}:{listening.server_port}/metrics"))
        listening.serve_forever()


def _place(given: str, words: Words) -> tuple[IPv4Address, int]:
    address, _, port = given.rpartition(":")
    try:
        place = IPv4Address(address)
    except AddressValueError as error:
        raise OtwatchError(words("serve.listen", given=given)) from error
    if not (port.isascii() and port.isdecimal() and int(port) < 1 << 16):
        raise OtwatchError(words("serve.listen", given=given))
    return place, int(port)
