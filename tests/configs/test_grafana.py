"""configs/grafana: what the declarations say; whole, consistent, and every query one that a real Prometheus answers."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest

from otwatch.config import load_site
from otwatch.pipeline import replay
from otwatch.record import Record, claim
from tests.configs.promql import selected, unknown
from tests.conftest import ROOT
from tests.debian import needs
from tests.docs.dashboards import FOLDER, pages

BOARDS: dict[str, dict[str, Any]] = {name: json.loads((FOLDER / name).read_text("utf-8")) for name in pages()}
PANELS = [(name, panel) for name, board in BOARDS.items() for panel in board["panels"] if panel["type"] != "row"]
TARGETS = [(name, panel["title"], target["expr"]) for name, panel in PANELS for target in panel["targets"]]
UNITS = {"none", "s", "pps", "reqps", "cps", "Bps", "bytes", "percentunit"}
VARIABLES = {"$__rate_interval": "1m", "$job": ".+", "$instance": ".+"}
GATHERED = {
    "mirror0: received": 2078, "mirror0: dropped": 1, "mirror0: cut": 0, "now: mirror0 transmitted": 0, "now: record bytes": 200_000,
    "now: write ms": 12, "record not written": 0, "now: assets": 30, "now: assets limit": 65_536, "packets captured twice": 0,
    "frames: unknown link type": 1,
}  # fmt: skip
"""What a sensor would have noted beside."""


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


# -- asked of a real Prometheus ---------------------------------------------------------------------------------------------------------


@contextmanager
def process(*command: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ) as started:
        try:
            yield started
        finally:
            started.kill()


def asked(address: str, path: str, **fields: str) -> Any:
    with urllib.request.urlopen(f"http://{address}{path}?{urlencode(fields)}", timeout=30) as answer:
        return json.load(answer)["data"]


def heard_of(address: str) -> bool:
    """Whether two scrapes are there, so that there are rates."""
    try:
        return float(asked(address, "/api/v1/query", query="max(count_over_time(otwatch_record_up[1m]))")["result"][0]["value"][1]) >= 2
    except (OSError, IndexError):
        return False


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prometheus that has scraped a real `otwatch serve` over the record of a replay, kept as by a sensor."""
    program, folder = needs("prometheus", "prometheus"), tmp_path_factory.mktemp("prometheus")
    results = replay([ROOT / "pcaps" / "hospital.pcapng"], load_site(ROOT / "configs" / "site.yaml"), None)
    with Record.create(folder / "r.db") as record:
        record.write(results._replace(notes={**results.notes, **GATHERED}))
    held = claim(folder / "r.db")
    serve = [sys.executable, "-u", "-m", "otwatch", "serve", "--record", str(folder / "r.db"), "--listen", "127.0.0.1:0", "--lang", "en"]
    with process(*serve) as serving:
        assert serving.stdout is not None
        target = serving.stdout.readline().removeprefix("serving http://").partition("/")[0]
        port = free_port()
        scrape = {"job_name": "otwatch", "scrape_interval": "1s", "static_configs": [{"targets": [target]}]}
        (folder / "prometheus.yml").write_text(json.dumps({"scrape_configs": [scrape]}), "utf-8")  # JSON is YAML
        options = (f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data", f"--web.listen-address=127.0.0.1:{port}")
        with process(program, *options):
            address = f"127.0.0.1:{port}"
            for _ in range(240):
                if heard_of(address):
                    break
                time.sleep(0.25)
            yield address
    os.close(held)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@pytest.mark.parametrize(("name", "title", "expression"), [target for target in TARGETS if target[0].startswith("en/")])
def test_a_real_prometheus_answers(name: str, title: str, expression: str, prometheus: str) -> None:
    found = asked(prometheus, "/api/v1/query", query=filled(expression))["result"]
    assert found, "nothing to show"
    assert all(row["value"][1] != "NaN" for row in found)
