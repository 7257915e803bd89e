"""`otwatch report`: what a record says as files for people, or as a folder for auditors; and whether such a folder is as it was made."""

from hashlib import blake2b, file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from otwatch.cli.carriers import CARRIERS, Told, write
from otwatch.cli.options import FILE, lang, opened, record_to_read, results_of, said
from otwatch.outputs.report.audit import LABELS
from otwatch.outputs.visible import visible
from otwatch.outputs.wording import Words, language

if TYPE_CHECKING:
    from otwatch.outputs.report.redaction import Redaction
    from otwatch.record.differences import Difference
    from otwatch.results import Results

AS_MADE, NOT_AS_MADE = 0, 1
"""Exit statuses of --check."""
USUAL_LABEL = "AMBER"
"""Of what is made for somebody else."""


class Order(NamedTuple):
    """The options."""

    html: Path | None
    pdf: Path | None
    xlsx: Path | None
    audit: Path | None
    check: Path | None
    since: Path | None
    redact: bool
    pseudonyms: Path | None
    tlp: str | None
    record: Path | None
    lang: str | None


@click.command(help=said("help.report"))
@click.option("--html", type=FILE, help=said("help.option_html"))
@click.option("--pdf", type=FILE, help=said("help.option_pdf"))
@click.option("--xlsx", type=FILE, help=said("help.option_xlsx"))
@click.option("--audit", type=FILE, help=said("help.option_audit"))
@click.option("--check", type=FILE, help=said("help.option_check"))
@click.option("--since", type=FILE, help=said("help.option_since"))
@click.option("--redact", is_flag=True, help=said("help.option_redact"))
@click.option("--pseudonyms", type=FILE, help=said("help.option_pseudonyms"))
@click.option("--tlp", type=click.Choice(LABELS, case_sensitive=False), default=None, help=said("help.option_tlp"))
@record_to_read
@lang
def report(**given: Any) -> int:
    order = Order(**given)
    _refuse(order)
    if order.check is not None:
        return _check(order.check, Words(language(order.lang)))
    told = _told(order)
    for form, carrier in CARRIERS.items():
        file = getattr(order, form)
        if file is not None:
            write(file, carrier(told))
            click.echo(visible(told.voice.words("report.written", file=file)))
    if order.audit is not None:
        from otwatch.cli.packing import pack

        pack(order.audit, told)
    return AS_MADE


def _refuse(order: Order) -> None:
    made = [path for path in (order.html, order.pdf, order.xlsx, order.audit) if path is not None]
    if bool(made) == (order.check is not None):
        raise click.UsageError(said("report.one"))
    if order.since is not None and order.audit is None:
        raise click.UsageError(said("report.since_audit"))
    if order.pseudonyms is not None and not order.redact:
        raise click.UsageError(said("report.pseudonyms_redact"))


def _told(order: Order) -> Told:
    with opened(order.record) as kept:
        results, path = results_of(kept), kept.path
    changes, before = _changes(order.since, results)
    told = results
    if order.redact:
        redaction = _redacted(results, path, (*before, *changes))
        told, changes = redaction.results, redaction.also[len(before) :]
        if order.pseudonyms is not None:
            _write_pseudonyms(order.pseudonyms, redaction)
    from otwatch.outputs.voice import Voice

    voice = Voice.of(Words(language(order.lang, results.language)), told.timezone, told.zones, told.assets)
    label = order.tlp or ("" if order.audit is None and not order.redact else USUAL_LABEL)
    return Told(path, results, told, voice, label, order.redact, changes if order.since is not None else None)


def _changes(since: Path | None, results: "Results") -> "tuple[tuple[Difference, ...], tuple[Results, ...]]":
    """What changed since another record or pack, and that record's results."""
    if since is None:
        return (), ()
    from otwatch.cli.packing import record_of
    from otwatch.record.differences import differences

    with opened(record_of(since)) as kept:
        before = kept.results()._replace(facts=())
    return tuple(differences(before, results)), (before,)


def _redacted(results: "Results", record: Path, also: tuple[Any, ...]) -> "Redaction":
    """By a key that only who has the record can make."""
    from otwatch.cli.knowledge import zone_names
    from otwatch.outputs.report.redaction import redacted

    with record.open("rb") as file:
        key = file_digest(file, lambda: blake2b(person=b"otwatch redact")).digest()
    return redacted(results, key, zone_names(), also)


def _write_pseudonyms(file: Path, redaction: "Redaction") -> None:
    from otwatch.outputs.report.redaction import as_csv

    write(file, as_csv(redaction.pseudonyms).encode())
    file.chmod(0o600)


def _check(folder: Path, words: Words) -> int:
    from otwatch.outputs.report.audit import check

    sum_, faults = check(folder)
    for fault in faults:
        click.echo(words(f"report.{fault.what}", file=visible(fault.file)))
    click.echo(words("report.faulty" if faults else "report.sound", folder=visible(str(folder)), sum=sum_))
    return NOT_AS_MADE if faults else AS_MADE
