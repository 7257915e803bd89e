"""Dashboards as Grafana's JSON (schema 39, Grafana 10.2 and later): from few declared words to the many that Grafana wants.

A panel is declared by what it asks and means; where it stands, its colours, its data source and the rest are the same everywhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from otwatch.outputs.wording import LANGUAGES, catalogue

Json = dict[str, Any]
Texts = tuple[str, str]
"""English, French."""

WIDTH = 24
"""Of Grafana's grid."""
SOURCE: Json = {"type": "prometheus", "uid": "${datasource}"}
PICKED = 'job=~"$job",instance=~"$instance"'
"""Stands for `$picked` in every expression."""
GREEN, BLUE, GREY, YELLOW, ORANGE, RED, DARK = "#56A64B", "#5794F2", "#8E8E8E", "#F2CC0C", "#FF9830", "#E02F44", "#8F3BB8"
SEVERITIES = {"info": GREY, "low": BLUE, "medium": YELLOW, "high": ORANGE, "critical": RED}
VERDICTS = {"intra": BLUE, "allowed": GREEN, "not judged": GREY, "undeclared": YELLOW, "forbidden": RED, "violation": DARK}
KINDS = {"spoken": GREEN, "encrypted": BLUE, "not_spoken": GREY}
COLOURS = SEVERITIES | VERDICTS | KINDS
GRADES = ((0, GREEN), (1, BLUE), (2, ORANGE), (3, RED))


class Panel(NamedTuple):
    """What is asked, and what it means.

    kind        Grafana's: "stat", "timeseries", "table", "bargauge", "state-timeline"
    queries     expressions, and what their series are called ("" in tables)
    limits      values from which on another colour holds
    words       names of values, for panels of states
    columns     of a table: label -> heading; the last is the value
    names       what series or cells are called, instead of the label's own word
    stacked     series stand on each other
    """

    title: Texts
    description: Texts
    kind: str
    queries: tuple[tuple[str, str], ...]
    unit: str
    width: int
    height: int = 8
    limits: tuple[tuple[float, str], ...] = ()
    words: tuple[tuple[float, Texts, str], ...] = ()
    columns: tuple[tuple[str, Texts], ...] = ()
    names: Mapping[str, Texts] = {}
    stacked: bool = False


class Dashboard(NamedTuple):
    """Sections are headings with the panels below them."""

    id: str
    title: Texts
    description: Texts
    sections: tuple[tuple[Texts, tuple[Panel, ...]], ...]


def drawn(board: Dashboard, language: str) -> Json:
    """The dashboard in one language."""
    at = LANGUAGES.index(language)
    return {
        "uid": f"{board.id}-{language}",
        "title": board.title[at],
        "description": board.description[at],
        "tags": ["otwatch", language],
        "schemaVersion": 39,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "refresh": "1m",
        "timezone": "browser",
        "time": {"from": "now-24h", "to": "now"},
        "templating": {"list": _variables(at)},
        "annotations": {"list": [_alerts(at)]},
        "links": [_others(at, language)],
        "panels": list(_placed(board, at)),
    }


def _placed(board: Dashboard, at: int) -> Iterator[Json]:
    """Panels from left to right; those of a line have one height."""
    number, y = 0, 0
    for heading, panels in board.sections:
        number += 1
        yield {"id": number, "type": "row", "title": heading[at], "collapsed": False, "panels": [], "gridPos": _place(0, y, WIDTH, 1)}
        x, y = 0, y + 1
        for panel in panels:
            number += 1
            if x + panel.width > WIDTH:
                x, y = 0, y + panel.height
            yield _panel(panel, number, _place(x, y, panel.width, panel.height), at)
            x += panel.width
        y += panels[-1].height


def _place(x: int, y: int, w: int, h: int) -> Json:
    return {"x": x, "y": y, "w": w, "h": h}


def _panel(panel: Panel, number: int, place: Json, at: int) -> Json:
    drawn_as: Json = {
        "id": number,
        "type": panel.kind,
        "title": panel.title[at],
        "description": panel.description[at],
        "datasource": SOURCE,
        "gridPos": place,
        "targets": [_target(panel, *query, letter) for query, letter in zip(panel.queries, "ABCD", strict=False)],
        "fieldConfig": {"defaults": _defaults(panel, at), "overrides": [*_overrides(panel, at)]},
        "options": _OPTIONS[panel.kind],
    }
    return drawn_as | ({"transformations": _columns(panel, at)} if panel.kind == "table" else {})


def _target(panel: Panel, expression: str, legend: str, letter: str) -> Json:
    target: Json = {
        "refId": letter,
        "datasource": SOURCE,
        "expr": expression.replace("$picked", PICKED),
        "legendFormat": legend or "__auto",
    }
    if panel.kind in {"timeseries", "state-timeline"}:
        return target | {"range": True, "instant": False}
    return target | {"range": False, "instant": True, "format": "table" if panel.kind == "table" else "time_series"}


def _defaults(panel: Panel, at: int) -> Json:
    steps = [
        {"color": GREEN if panel.limits else BLUE, "value": None},
        *({"color": colour, "value": limit} for limit, colour in panel.limits),
    ]
    found: Json = {"unit": panel.unit, "noValue": "–", "color": {"mode": "thresholds"}, "thresholds": {"mode": "absolute", "steps": steps}}
    if panel.words:
        options = {
            f"{value:g}": {"text": text[at], "color": colour, "index": index} for index, (value, text, colour) in enumerate(panel.words)
        }
        found["mappings"] = [{"type": "value", "options": options}]
    if panel.kind == "timeseries":
        found["color"] = {"mode": "palette-classic"}
        found["min"] = 0
        stacking = {"mode": "normal" if panel.stacked else "none", "group": "A"}
        found["custom"] = {
            "drawStyle": "line",
            "lineWidth": 1,
            "fillOpacity": 25 if panel.stacked else 8,
            "showPoints": "never",
            "stacking": stacking,
            "spanNulls": True,
        }
    if panel.kind == "state-timeline":
        found["custom"] = {"lineWidth": 0, "fillOpacity": 80}
    if panel.kind == "bargauge":
        found["min"] = 0
    return found


def _overrides(panel: Panel, at: int) -> Iterator[Json]:
    """The words of closed sets in this language, each in its colour wherever it stands."""
    said = {word: (text[at], COLOURS.get(word, GREY)) for word, text in panel.names.items()}
    if panel.kind == "table":
        options = {word: {"text": text, "color": colour, "index": index} for index, (word, (text, colour)) in enumerate(said.items())}
        for label, heading in panel.columns[:-1]:
            if label in {"severity", "verdict"} and options:
                yield _override(
                    heading[at], [("mappings", [{"type": "value", "options": options}]), ("custom.cellOptions", {"type": "color-text"})]
                )
        return
    for word, (text, colour) in said.items():
        yield _override(word, [("displayName", text), ("color", {"mode": "fixed", "fixedColor": colour})])


def _override(name: str, properties: Sequence[tuple[str, Any]]) -> Json:
    return {"matcher": {"id": "byName", "options": name}, "properties": [{"id": key, "value": value} for key, value in properties]}


def _columns(panel: Panel, at: int) -> list[Json]:
    """A table shows its columns in their order, the largest value first."""
    names = {("Value" if label == "value" else label): heading[at] for label, heading in panel.columns}
    order = {name: index for index, name in enumerate(names)}
    organized = {"excludeByName": {"Time": True}, "renameByName": names, "indexByName": order}
    return [
        {"id": "organize", "options": organized},
        {"id": "sortBy", "options": {"fields": {}, "sort": [{"field": panel.columns[-1][1][at], "desc": True}]}},
    ]


_REDUCED = {"calcs": ["lastNotNull"], "fields": "", "values": False}
_OPTIONS: Mapping[str, Json] = {
    "stat": {"reduceOptions": _REDUCED, "colorMode": "background_solid", "graphMode": "none", "textMode": "value", "justifyMode": "center"},
    "timeseries": {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "multi", "sort": "desc"},
    },
    "table": {"showHeader": True, "cellHeight": "sm", "footer": {"show": False}},
    "bargauge": {"reduceOptions": _REDUCED, "orientation": "horizontal", "displayMode": "basic", "showUnfilled": True},
    "state-timeline": {
        "showValue": "never",
        "mergeValues": True,
        "rowHeight": 0.85,
        "legend": {"showLegend": False},
        "tooltip": {"mode": "single"},
    },
}


def _variables(at: int) -> list[Json]:
    return [
        {
            "name": "datasource",
            "type": "datasource",
            "query": "prometheus",
            "label": ("Data source", "Source")[at],
            "current": {},
            "hide": 0,
        },
        _variable("job", ("Job", "Tâche")[at], "label_values(otwatch_build_info, job)", multi=False),
        _variable("instance", ("Sensor", "Sonde")[at], 'label_values(otwatch_build_info{job=~"$job"}, instance)', multi=True),
    ]


def _variable(name: str, label: str, query: str, multi: bool) -> Json:
    return {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": SOURCE,
        "query": {"query": query, "refId": name},
        "definition": query,
        "multi": multi,
        "includeAll": True,
        "allValue": ".+",
        "refresh": 2,
        "sort": 1,
        "hide": 0,
        "current": {"text": "All", "value": "$__all"},
    }


def _alerts(at: int) -> Json:
    expression = 'ALERTS{alertname=~"Otwatch.*",alertstate="firing",instance=~"$instance"}'
    return {
        "name": ("Alerts of otwatch", "Alertes d'otwatch")[at],
        "datasource": SOURCE,
        "enable": True,
        "iconColor": RED,
        "expr": expression,
        "titleFormat": "{{alertname}}",
        "textFormat": "{{instance}}",
        "step": "60s",
    }


def _others(at: int, language: str) -> Json:
    return {
        "title": ("Other dashboards", "Autres tableaux")[at],
        "type": "dashboards",
        "tags": ["otwatch", language],
        "asDropdown": False,
        "includeVars": True,
        "keepTime": True,
        "icon": "dashboard",
    }


def words_of(family: str, words: Mapping[str, str]) -> Mapping[str, Texts]:
    """The catalogue's words for the words of a closed set."""
    english, french = (catalogue(language) for language in LANGUAGES)
    return {word: (english[f"{family}.{word}"], french[f"{family}.{word}"]) for word in words}
