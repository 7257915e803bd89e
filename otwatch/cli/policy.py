"""`otwatch policy test POLICY`: which of the flows that were seen would pass a site file or a firewall's rules, and which would break."""

from pathlib import Path

import click

from otwatch.cli.options import FILE, lang, opened, put, record_to_read, said, voice_of
from otwatch.cli.places import of_one_place

BROKEN = 1
"""Exit status where something would break."""


@click.group(help=said("help.policy"))
def policy() -> None:
    pass


@policy.command(help=said("help.policy_test"))
@click.argument("file", metavar=said("metavar.POLICY"), type=FILE)
@record_to_read
@click.option("--json", "as_json", is_flag=True, help=said("help.option_json"))
@lang
def test(file: Path, record: Path | None, as_json: bool, lang: str | None) -> int:
    from otwatch.outputs.analysis import analysis_document, analysis_text
    from otwatch.outputs.layout import show
    from otwatch.outputs.wording import LANGUAGES
    from otwatch.zones.firewall.whatif import held_against

    with opened(record) as kept:
        voice = voice_of(kept, lang)
        voices = {language: voice_of(kept, language) for language in LANGUAGES}
        found = held_against(file, of_one_place(kept.results()))
    if as_json:
        put(analysis_document(found, voices))
    else:
        show(analysis_text(found, voice))
    return BROKEN if any(one.key in {"breaks", "unsure"} for one in found) else 0
