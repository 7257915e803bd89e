"""Every query of every dashboard, asked of a real Prometheus that scrapes a real sensor: it hears the sample hospital meanwhile."""

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import Any

import pytest

from tests.capture.builders import pcap
from tests.configs.test_grafana import TARGETS, filled
from tests.conftest import ROOT
from tests.debian import needs
from tests.live.cables import frames_of
from tests.live.stage import HOSPITAL, Stage, missing, stage, until

PROMETHEUS = "127.0.0.1:9090"
QUERIES = sorted({filled(expression) for _, _, expression in TARGETS})
_ASK = """
import json, sys, urllib.parse, urllib.request
address, queries = sys.argv[1], json.load(sys.stdin)
def ask(query):
    with urllib.request.urlopen(f"http://{address}/api/v1/query?{urllib.parse.urlencode({'query': query})}", timeout=30) as answer:
        return json.load(answer)["data"]["result"]
print(json.dumps({query: ask(query) for query in queries}))
"""
NO_PACKET = bytes(12) + bytes.fromhex("0800 45")
"""A frame that promises IPv4 and ends."""

Answers = dict[str, list[dict[str, Any]]]


def asked(made: Stage, queries: list[str]) -> Answers:
    """What the Prometheus on the stage answers; nothing while it does not."""
    asking = made.start(sys.executable, "-c", _ASK, PROMETHEUS, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
    said, _ = asking.communicate(json.dumps(queries), timeout=120)
    made.started.remove(asking)
    found: Answers = json.loads(said or "{}")
    return found


def poor(made: Path) -> Path:
    """What a poor mirror shows: a packet twice, and what is no packet. On a good one panels about that are empty."""
    twice = [raw for raw in islice(frames_of([HOSPITAL]), 200) for _ in range(2)]
    made.write_bytes(pcap((0, 0, raw) for raw in (*twice, NO_PACKET)))
    return made


def heard_of(made: Stage) -> bool:
    """Whether two scrapes since the frames were sent are there, so that there are rates."""
    query = "count_over_time((otwatch_packets_total > 0)[1m:1s])"
    return any(float(row["value"][1]) >= 3 for row in asked(made, [query]).get(query, ()))


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    program, folder = needs("prometheus", "prometheus"), tmp_path_factory.mktemp("prometheus")
    if reason := missing():
        pytest.skip(reason)
    scrape = {"job_name": "otwatch", "scrape_interval": "1s", "static_configs": [{"targets": ["127.0.0.1:9468"]}]}
    (folder / "prometheus.yml").write_text(json.dumps({"scrape_configs": [scrape]}), "utf-8")  # JSON is YAML
    with stage() as made:
        made.sense(folder / "record.db", "--site", str(ROOT / "configs" / "site.yaml"))
        made.start(sys.executable, "-m", "otwatch", "serve", "--record", str(folder / "record.db"), stdout=DEVNULL)
        options = (f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data", f"--web.listen-address={PROMETHEUS}")
        made.start(program, *options, stdout=DEVNULL, stderr=DEVNULL)
        made.send(HOSPITAL)
        made.send(poor(folder / "poor.pcap"))
        assert until(lambda: heard_of(made), 60), "nothing was scraped"
        yield asked(made, QUERIES)


@pytest.mark.parametrize("query", QUERIES)
def test_a_real_prometheus_answers(query: str, answers: Answers) -> None:
    assert answers[query], "nothing to show"
    assert all(row["value"][1] != "NaN" for row in answers[query])
