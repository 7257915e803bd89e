"""The only door to jinja2: results in, HTML out. Jinja2 escapes all text, after `visible` took from it what acts without being seen."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from otwatch import __version__
from otwatch.conclusions import Mark
from otwatch.outputs.apart import parted
from otwatch.outputs.layout import KEPT_TOGETHER
from otwatch.outputs.page.findings import Apart, Group, groups, set_apart
from otwatch.outputs.page.inventory import Dossier, Known, Line, dossiers, lines
from otwatch.outputs.page.levels import Levels, levels
from otwatch.outputs.page.overview import Overview, overview
from otwatch.outputs.page.panels import PassagePanel, ZonePanel, passage_panels, zone_panels
from otwatch.outputs.page.zonemap import Picture, ZoneMap, heard_zones, zone_map
from otwatch.outputs.passages import passages
from otwatch.outputs.visible import visible
from otwatch.outputs.voice import Voice
from otwatch.results import Results, Texts

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATE, STYLE, SCRIPT, PICTURE = "page.html", "page.css", "page.js", "picture.svg"


class View(NamedTuple):
    """Everything the template says."""

    overview: Overview
    map: ZoneMap
    groups: tuple[Group, ...]
    apart: Apart
    more_findings: int
    assets: tuple[Line, ...]
    more_assets: int
    dossiers: tuple[Dossier, ...]
    zones: tuple[ZonePanel, ...]
    passages: tuple[PassagePanel, ...]
    levels: Levels


def _no_quotes(_results: Results) -> Mapping[int, tuple[str, ...]]:
    return {}


def _no_marks(_: Results) -> tuple[Mark, ...]:
    return ()


class Knowledge(NamedTuple):
    """What the page says beside results: what terms of a severity trace mean, which services a site file expects, how levels are marked,
    what Wireshark says of the frames of findings, by their number."""

    terms: Mapping[str, Texts] = {}
    expected: Mapping[str, frozenset[str]] = {}
    marks: Callable[[Results], tuple[Mark, ...]] = _no_marks
    quotes: Callable[[Results], Mapping[int, tuple[str, ...]]] = _no_quotes


NO_KNOWLEDGE = Knowledge()


class Carrier(NamedTuple):
    """What differs between a file and a server: how style and script come along, where downloads are, which other languages there are.

    head, tail  elements that bring policy, style and script; made by us, not escaped
    downloads   name -> address of each table as CSV
    documents   name -> address of each table as JSON; in a file the table itself, packed, "" in a page that is packed
    languages   language -> address of the same page in it, those that are not shown now
    packed      language -> the same page in it, packed, in a file; "" in what is packed itself
    refresh_s   seconds after which the page asks for news, 0 for never
    label       of the Traffic Light Protocol, "" for none
    decide      address of the form that decides about a finding, whose id comes behind it; "" where nothing can be decided
    """

    head: str
    tail: str
    downloads: Mapping[str, str]
    documents: Mapping[str, str]
    languages: Mapping[str, str]
    refresh_s: int
    label: str
    decide: str = ""
    packed: Mapping[str, str] = {}

    @property
    def is_file(self) -> bool:
        return bool(self.packed)


def view(results: Results, voice: Voice, knowledge: Knowledge) -> View:
    """Findings about which somebody has decided stand apart, and nowhere else."""
    open_, apart = parted(results.alerts)
    results = results._replace(alerts=open_)
    found = passages(results)
    known = Known(results, voice)
    zones = zone_map(results, voice)
    told = groups(results.alerts, voice, knowledge.terms)
    more_findings = len(results.alerts) - sum(len(group.findings) for group in told)
    return View(
        overview(results, voice, knowledge.expected), zones, told, set_apart(apart, voice, knowledge.terms), more_findings,
        lines(known), len(known.assets) - len(lines(known)),
        dossiers(known), zone_panels(heard_zones(results, found), zones.crossings, known), passage_panels(found, zones.crossings, known),
        levels(knowledge.marks(results), voice),
    )  # fmt: skip


def page(results: Results, voice: Voice, carrier: Carrier, knowledge: Knowledge) -> str:
    """The whole page. Days are written as people of the language write them."""
    shown = view(results, voice._replace(day=voice.words("page.day")), knowledge)
    quotes = knowledge.quotes(results)
    given = {"view": shown, "words": voice.words, "carrier": carrier, "version": __version__, "places": _places(shown), "quotes": quotes}
    return document(TEMPLATE, given)


def document(template: str, given: Mapping[str, Any]) -> str:
    """A page from its template."""
    return _environment().get_template(template).render(given)


def picture(drawn: Picture) -> str:
    """The map alone, for paper: the same lines at the same places."""
    return _environment().get_template(PICTURE).render({"picture": drawn})


def _places(shown: View) -> frozenset[str]:
    """All that can be pointed at."""
    findings = (*(one for group in shown.groups for one in group.findings), *shown.apart.findings)
    crossings = (one.crossing for one in shown.passages)
    return frozenset(f"#{one.id}" for kind in (findings, crossings, shown.zones, shown.dossiers) for one in kind)


def part(name: str) -> str:
    """A file that stands beside the templates: style or script."""
    return files(__package__).joinpath("templates", name).read_text("utf-8")


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import escape

    made = Environment(
        loader=PackageLoader(__package__), autoescape=True, undefined=StrictUndefined, finalize=_shown, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["exact"] = lambda text: escape(visible(text))
    return made


def _shown(value: Any) -> Any:
    """Text as `visible` leaves it, with blanks at which French breaks no line; markup of ours, and what is `exact`, stay as they are."""
    return KEPT_TOGETHER.sub("\u00a0", visible(value)) if type(value) is str else value
