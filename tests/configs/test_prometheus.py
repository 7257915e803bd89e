"""configs/prometheus: rules that only name what there is, and that the tools of Prometheus take."""

import re
import subprocess
from typing import Any

import pytest
import yaml

from otwatch.outputs.metrics import METRICS
from otwatch.outputs.voice import SEVERITIES
from tests.conftest import ROOT
from tests.debian import needs

FOLDER = ROOT / "configs" / "prometheus"
KNOWN = {one.name: set(one.labels) for one in METRICS}
BY_SCRAPE = {"job", "instance"}
RULES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "otwatch.rules.yml").read_text("utf-8"))["groups"][0]["rules"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_rules_name_what_there_is(rule: dict[str, Any]) -> None:
    metrics = set(re.findall(r"\botwatch_[a-z_]+", rule["expr"]))
    assert metrics <= KNOWN.keys()
    labels = {label for name in metrics for label in KNOWN[name]} | BY_SCRAPE
    assert set(re.findall(r"[{,]\s*([a-z_]+)\s*=", rule["expr"])) <= labels
    assert {label for listed in re.findall(r"by \(([^)]*)\)", rule["expr"]) for label in listed.split(", ")} <= labels
    assert set(re.findall(r"\$labels\.([a-z_]+)", str(rule["annotations"]))) <= labels
    assert rule["labels"]["severity"] in SEVERITIES
    assert rule["annotations"].keys() == {"summary", "description"}


def test_the_scrape_example_asks_where_otwatch_serves() -> None:
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text("utf-8"))
    assert config["rule_files"] == ["otwatch.rules.yml"]
    assert config["scrape_configs"][0]["static_configs"][0]["targets"] == ["127.0.0.1:9468"]


@pytest.mark.parametrize("asked", ["check config prometheus.yml", "check rules otwatch.rules.yml", "test rules otwatch.test.yml"])
def test_promtool(asked: str) -> None:
    command = [needs("promtool", "prometheus"), *asked.split()]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
