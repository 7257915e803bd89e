"""configs/grafana: what the declarations say; whole and consistent. tests/live/test_dashboards.py asks every query of a real Prometheus."""

import json
import re
from typing import Any

import pytest

from tests.configs.promql import selected, unknown
from tests.docs.dashboards import FOLDER, pages

BOARDS: dict[str, dict[str, Any]] = {name: json.loads((FOLDER / name).read_text("utf-8")) for name in pages()}
PANELS = [(name, panel) for name, board in BOARDS.items() for panel in board["panels"] if panel["type"] != "row"]
TARGETS = [(name, panel["title"], target["expr"]) for name, panel in PANELS for target in panel["targets"]]
UNITS = {"none", "s", "pps", "reqps", "cps", "Bps", "bytes", "percentunit"}
VARIABLES = {"$__rate_interval": "1m", "$job": ".+", "$instance": ".+"}


def filled(expression: str) -> str:
    """The expression as Grafana sends it."""
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    return expression


def test_the_files_are_what_the_declarations_say() -> None:
    assert {str(path.relative_to(FOLDER)): path.read_text("utf-8") for path in FOLDER.rglob("*.json")} == pages(), "python -m tests.docs"


@pytest.mark.parametrize("name", BOARDS)
def test_dashboards_are_whole(name: str) -> None:
    board = BOARDS[name]
    assert re.fullmatch(r"otwatch-(overview|zones|sensor)-(en|fr)", board["uid"])
    assert board["editable"] is False
    assert [one["name"] for one in board["templating"]["list"]] == ["datasource", "job", "instance"]
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    assert len({one["uid"] for one in BOARDS.values()}) == len(BOARDS)


@pytest.mark.parametrize("name", BOARDS)
def test_panels_stand_side_by_side(name: str) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARDS[name]["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken
        assert max(x for x, _ in cells) < 24
        taken |= cells
    assert len(taken) == 24 * (max(y for _, y in taken) + 1), "there are holes"


@pytest.mark.parametrize(("name", "panel"), PANELS, ids=lambda value: value if isinstance(value, str) else value["title"])
def test_panels_say_what_they_show(name: str, panel: dict[str, Any]) -> None:
    assert panel["title"]
    assert panel["description"].endswith((".", "?"))
    assert panel["fieldConfig"]["defaults"]["unit"] in UNITS
    assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
    assert panel["targets"]
    for target in panel["targets"]:
        assert target["datasource"] == panel["datasource"]
        assert panel["type"] in {"table", "stat"} or target["legendFormat"] != "__auto"


@pytest.mark.parametrize(("name", "title", "expression"), TARGETS)
def test_queries_ask_for_what_there_is(name: str, title: str, expression: str) -> None:
    asked = filled(expression)
    assert "$" not in asked
    assert not list(unknown(asked))
    assert all({"job", "instance"} <= picked.keys() for _, picked in selected(asked))
    assert not re.search(r"\brate\([^)]*\[5m\]", expression), "a rate follows the width of the picture: $__rate_interval"


def test_both_languages_show_the_same() -> None:
    assert {(name[3:], target) for name, _, target in TARGETS if name.startswith("en/")} == {
        (name[3:], target) for name, _, target in TARGETS if name.startswith("fr/")
    }
