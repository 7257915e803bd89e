"""Whatever a device says, every output stays what it is: text on a terminal, rows and columns in a file (DESIGN section 13)."""

import csv
import io
import json
import re
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import example, given, settings

from otwatch.outputs import documents, tables
from otwatch.outputs.analysis import analysis_document, analysis_text
from otwatch.outputs.doctor import doctor_fields
from otwatch.outputs.explain import explain
from otwatch.outputs.incident import Declaration, Known, declaration, declaration_document, declaration_text
from otwatch.outputs.layout import show
from otwatch.outputs.matrix import cells, matrix_document, matrix_text
from otwatch.outputs.mirror import diagnose
from otwatch.outputs.summary import summary
from otwatch.outputs.views import ALERTS, ASSETS, CONVERSATIONS, ZONES
from otwatch.outputs.visible import inert, visible
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from otwatch.results import Results
from otwatch.zones.analyses.conclude import conclude
from otwatch.zones.graphs.forms import FORMS
from otwatch.zones.graphs.graph import zone_graph
from tests.outputs.hostile import PAYLOADS, UNSEEN, results, strings, texts
from tests.outputs.samples import HOSPITAL

VIEWS = {ASSETS: "assets", CONVERSATIONS: "links", ZONES: "zones", ALERTS: "alerts"}
STYLE = re.compile(r"\x1b\[[0-9;]*m")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def voice(found: Results) -> Voice:
    return Voice.of(Words("fr"), found.timezone, found.zones, found.assets)


def _declared(found: Results) -> Declaration:
    return declaration(found, found.alerts, voice(found), Known(2), {})


def _shown(found: Results, stream: io.StringIO) -> str:
    show(summary(found, diagnose(found), voice(found), ""), stream)
    for alert in found.alerts:
        show(explain(alert, voice(found), {}), stream)
    for view, rows in VIEWS.items():
        show([tables.as_grid(view, getattr(found, rows), voice(found))], stream)
    show(matrix_text(cells(found.links, found.zones), found.zones, voice(found), 80), stream)
    show(analysis_text(conclude(found), voice(found)), stream)
    show(declaration_text(_declared(found), voice(found)), stream)
    return stream.getvalue()


def _lines(found: Results) -> str:
    return "".join(line for view, rows in VIEWS.items() for line in tables.as_lines(view, getattr(found, rows), voice(found)))


def _replayed(found: Results) -> str:
    return documents.replay_document(found, doctor_fields(diagnose(found)), "r.db")


def _json(found: Results) -> str:
    tables_of_it = (documents.rows_document(rows, getattr(found, rows)) for rows in VIEWS.values())
    more = (
        matrix_document(cells(found.links, found.zones), found.zones, found.conduits),
        analysis_document(conclude(found), {"fr": voice(found)}),
        declaration_document(_declared(found)),
        *(form(zone_graph(found)) for form in FORMS.values()),
    )
    return "".join((_replayed(found), *tables_of_it, *more))


OUTPUTS: dict[str, Callable[[Results], str]] = {"pipe": lambda found: _shown(found, io.StringIO()), "lines": _lines, "json": _json}


@pytest.mark.parametrize("output", OUTPUTS)
@given(found=results())
@settings(max_examples=40)
def test_nothing_acts_in_a_pipe(output: str, found: Results) -> None:
    assert not UNSEEN.search(OUTPUTS[output](found))


@given(found=results())
@settings(max_examples=40)
def test_only_our_styles_act_on_a_terminal(found: Results) -> None:
    assert not UNSEEN.search(STYLE.sub("", _shown(found, Terminal())))


@given(found=results())
@settings(max_examples=40)
def test_a_style_says_nothing_of_the_text(found: Results) -> None:
    """What a terminal shows without its styles is what a pipe gets: no markup was taken for an order."""
    terminal, pipe = STYLE.sub("", _shown(found, Terminal())), _shown(found, io.StringIO())
    assert re.sub(r"\s+", "", terminal) == re.sub(r"\s+", "", pipe)


@given(found=results())
@settings(max_examples=40)
def test_rows_stay_rows(found: Results) -> None:
    for view, rows in VIEWS.items():
        lines = list(tables.as_lines(view, getattr(found, rows), voice(found)))
        assert "".join(lines).count("\n") == len(lines) == 1 + len(getattr(found, rows))


@given(found=results())
@settings(max_examples=40)
def test_csv_cells_are_no_formulas(found: Results) -> None:
    for view, rows in VIEWS.items():
        text = tables.as_csv(view, getattr(found, rows), voice(found))
        lines = list(csv.reader(io.StringIO(text, newline="")))
        assert [len(line) for line in lines] == [len(view.columns)] * (1 + len(getattr(found, rows)))
        assert not [cell for line in lines for cell in line if re.match(r"\s*[=+@＝＋－＠]|\s*-(?![\d.]+$)", cell)]
        assert not UNSEEN.search(text.replace("\r\n", ""))
        assert not text.startswith("\ufeff")


@given(found=results())
@settings(max_examples=40)
def test_json_reads_back(found: Results) -> None:
    read = json.loads(_replayed(found))
    assert read["alerts"][0]["filter"] == visible(found.alerts[0].filter)
    msgspec.json.decode(_replayed(found))


@given(text=strings)
@example(text="\ud800")
def test_visible_is_printable_and_keeps_what_prints(text: str) -> None:
    shown = visible(text)
    assert not UNSEEN.search(shown)
    assert "\n" not in shown
    assert visible(shown) == shown
    shown.encode()
    if text.isprintable():
        assert shown == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [("=1+1", "'=1+1"), ("-3", "'-3"), (" @x", "' @x"), ("＝1", "'＝1"), ("a=1", "a=1"), ("", ""), ("10.0.0.1", "10.0.0.1")],
)
def test_inert(text: str, cell: str) -> None:
    assert inert(text) == cell


def test_markup_is_printed_as_it_is() -> None:
    found = HOSPITAL._replace(site="[red]CH[/red] :hospital:")
    assert "[red]CH[/red] :hospital:" in _shown(found, io.StringIO())
    assert "[red]CH[/red] :hospital:" in _shown(found, Terminal())


def test_the_samples_are_hostile() -> None:
    assert any(map(UNSEEN.search, PAYLOADS))


@given(found=results())
@settings(max_examples=40)
def test_no_string_of_a_document_breaks_a_line(found: Results) -> None:
    assert all(text.splitlines() in ([], [text]) for text in texts(json.loads(_replayed(found))))
