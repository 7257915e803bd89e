"""`otwatch explain ALERT`: one finding in full."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from otwatch.cli.options import FILE, lang, log_of, opened, put, record_to_read, said, voice_of
from otwatch.cli.places import of_one_place
from otwatch.errors import OtwatchError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from otwatch.outputs.voice import Voice
    from otwatch.record import Record
    from otwatch.results import AlertRow


@click.command(help=said("help.explain"))
@click.argument("alert", metavar=said("metavar.ALERT"), type=click.IntRange(min=1))
@click.option("--site", "site_file", type=FILE, help=said("help.option_explain_site"))
@click.option("--json", "as_json", is_flag=True, help=said("help.option_explain_json"))
@record_to_read
@lang
def explain(alert: int, site_file: Path | None, as_json: bool, record: Path | None, lang: str | None) -> None:
    from otwatch.alerts.words import TRACE
    from otwatch.cli.knowledge import quotes
    from otwatch.decisions.standing import joined
    from otwatch.outputs.bundle import bundle, bundle_document
    from otwatch.outputs.explain import around
    from otwatch.outputs.explain import explain as explained
    from otwatch.outputs.layout import show
    from otwatch.outputs.points import told_of

    with opened(record) as kept:
        (found,) = joined([kept.alert(alert)], log_of(kept.path))
        made = bundle(found, kept)
        if as_json:
            put(bundle_document(made))
            return
        called = told_of(kept, found.server, found.facts.get("point", ""), found.facts.get("value", ""))
        voice = voice_of(kept, lang)
        said_of_frames = quotes([found]).get(found.number, ())
        show([*explained(found, voice, TRACE, called, said_of_frames), *around(made, voice), *_allowing(found, kept, site_file, voice)])


def _allowing(found: "AlertRow", kept: "Record", given: Path | None, voice: "Voice") -> "Iterator[RenderableType]":
    """What the site file says: the one given, else the one of the replay, if it is still there and as it was."""
    from hashlib import sha256

    from otwatch.config import load_site
    from otwatch.outputs.explain import legitimate, note
    from otwatch.results.places import bare
    from otwatch.zones.policy import Policy
    from otwatch.zones.suggestion.allowing import allowing

    name, digest = kept.site_file()
    path = given or Path(name)
    if not (given or name):
        return
    try:
        content = path.read_bytes()
    except OSError as error:
        if given:
            raise OtwatchError("allowed.unreadable", path=given, reason=error) from error
        yield from note(voice.words("allowed.gone", file=name), voice)
        return
    policy = Policy(load_site(path))
    if given is None and sha256(content).hexdigest() != digest:
        yield from note(voice.words("allowed.changed", file=name), voice)
    as_declared = found._replace(client=bare(found.client), server=bare(found.server))
    told = allowing(as_declared, of_one_place(kept.results()), policy)
    yield from legitimate(told, str(path), content.decode().splitlines(), voice)
