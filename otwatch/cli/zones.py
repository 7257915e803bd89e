"""`otwatch zones`: the zones of a record; below it what was seen between them, and what follows from it."""

from pathlib import Path

import click

from otwatch.cli.options import FILE, forms, goes_on, lang, opened, put, record_to_read, said, voice_of
from otwatch.cli.places import of_one_place
from otwatch.cli.tables import show_rows, tell_age
from otwatch.outputs.views import ZONES
from otwatch.results import AssetRow, ConduitRow, LinkRow, ZoneRow

PIPE_WIDTH = 80
GRAPHS = ("zones", "assets", "dependencies")
FORMS = ("node-link", "graphml", "gexf", "dot")
EXPORTS = ("csv", "nftables", "functions", "fortinet", "opnsense", "stormshield")


@click.group(invoke_without_command=True, help=said("help.zones"))
@record_to_read
@forms
@lang
@click.pass_context
def zones(context: click.Context, record: Path | None, form: str | None, lang: str | None) -> None:
    if goes_on(context):
        return
    with opened(record) as kept:
        voice = voice_of(kept, lang)
        tell_age(kept, voice)
        show_rows(ZONES, kept.rows(ZoneRow), voice, form)


@zones.command(help=said("help.matrix"))
@record_to_read
@forms
@lang
def matrix(record: Path | None, form: str | None, lang: str | None) -> None:
    from otwatch.outputs.matrix import MATRIX, cells, crossing, matrix_document, matrix_text

    with opened(record) as kept:
        voice, known = voice_of(kept, lang), kept.rows(ZoneRow)
        found = cells(crossing(kept.rows(LinkRow), kept.rows(AssetRow)), known)
        declared = kept.rows(ConduitRow)
    if form == "json":
        put(matrix_document(found, known, declared))
    elif form == "csv":
        from otwatch.outputs.tables import as_csv

        put(as_csv(MATRIX, found, voice))
    else:
        from shutil import get_terminal_size

        from otwatch.outputs.layout import is_terminal, show

        width = get_terminal_size().columns if is_terminal() else PIPE_WIDTH
        show(matrix_text(found, known, voice, width))


@zones.command(help=said("help.suggest"))
@record_to_read
@lang
def suggest(record: Path | None, lang: str | None) -> None:
    from otwatch.outputs.draft import draft_text
    from otwatch.outputs.wording import Words, language
    from otwatch.zones.suggestion.drafting import drafted

    with opened(record) as kept:
        results = of_one_place(kept.results())
    words = Words(language(lang, results.language))
    if any(not zone.suggested for zone in results.zones):
        raise click.UsageError(words("draft.declared"))
    put(draft_text(drafted(results), results.site, results.timezone, words))


@zones.command(help=said("help.graph"))
@record_to_read
@click.option("--of", "wanted", type=click.Choice(GRAPHS), default=GRAPHS[0], help=said("help.option_graph_of"))
@click.option("--format", "form", type=click.Choice(FORMS), default=FORMS[0], help=said("help.option_graph"))
def graph(record: Path | None, wanted: str, form: str) -> None:
    from otwatch.zones.graphs import graph as graphs
    from otwatch.zones.graphs.forms import FORMS as WRITERS

    with opened(record) as kept:
        results = kept.results()
    make = {"zones": graphs.zone_graph, "dependencies": graphs.dependency_graph, "assets": graphs.assets_of}
    put(WRITERS[form](make[wanted](results)))


@zones.command(help=said("help.analyse"))
@record_to_read
@click.option("--json", "as_json", is_flag=True, help=said("help.option_json"))
@lang
def analyse(record: Path | None, as_json: bool, lang: str | None) -> None:
    from otwatch.outputs.analysis import analysis_document, analysis_text
    from otwatch.outputs.layout import show
    from otwatch.outputs.wording import LANGUAGES
    from otwatch.zones.analyses.conclude import conclude

    with opened(record) as kept:
        found = conclude(kept.results())
        voices = {language: voice_of(kept, language) for language in LANGUAGES}
        voice = voice_of(kept, lang)
    if as_json:
        put(analysis_document(found, voices))
    else:
        show(analysis_text(found, voice))


@zones.command(help=said("help.export"))
@record_to_read
@click.option("--site", "site_file", type=FILE, required=True, help=said("help.option_site_policy"))
@click.option("--format", "form", type=click.Choice(EXPORTS), default=EXPORTS[0], help=said("help.option_export"))
@click.option("--narrow", is_flag=True, help=said("help.option_narrow"))
@lang
def export(record: Path | None, site_file: Path, form: str, narrow: bool, lang: str | None) -> None:
    from otwatch.config import load_site
    from otwatch.outputs import firewall
    from otwatch.zones.firewall.functions import function_filter
    from otwatch.zones.firewall.permits import propose
    from otwatch.zones.policy import Policy

    policy = Policy(load_site(site_file))
    with opened(record) as kept:
        proposal, voice = propose(policy, of_one_place(kept.results()), narrow=narrow), voice_of(kept, lang)
    if form == "functions":
        from otwatch.outputs.documents import document

        put(document(function_filter(policy, proposal) | {"about": firewall.about(proposal, voice)}))
        return
    put(firewall.FORMS[form](proposal, voice))
    if form in {"csv", "stormshield"}:
        for line in firewall.about(proposal, voice):
            click.echo(line, err=True)


@zones.command(help=said("help.levels"))
@record_to_read
@click.option("--json", "as_json", is_flag=True, help=said("help.option_json"))
@lang
def levels(record: Path | None, as_json: bool, lang: str | None) -> None:
    from otwatch.outputs import levels as shown
    from otwatch.outputs.layout import show
    from otwatch.zones.analyses import levels as judged
    from otwatch.zones.analyses.scene import Scene

    with opened(record) as kept:
        marks, voice = judged.levels(Scene(kept.results())), voice_of(kept, lang)
    if as_json:
        put(shown.levels_document(marks))
    else:
        show(shown.levels_text(marks, voice))
