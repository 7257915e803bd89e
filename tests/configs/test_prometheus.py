"""configs/prometheus: rules that only name what there is, that are tested both ways, and that the tools of Prometheus take."""

import re
import subprocess
from typing import Any

import pytest
import yaml

from otwatch.outputs.voice import SEVERITIES
from tests.configs.promql import BY_SCRAPE, KNOWN, RULES, rules, selected, unknown
from tests.debian import needs

FOLDER = RULES.parent
ALERTS = rules("alert")
TESTED = yaml.safe_load((FOLDER / "otwatch.test.yml").read_text("utf-8"))["tests"]


def test_what_is_unknown_is_found() -> None:
    asked = 'sum by (verb) (rate(otwatch_nothing_total[5m])) + otwatch_assets{job="otwatch",verdict="x"}'
    assert sorted(unknown(asked)) == ["by verb", "otwatch_assets.verdict", "otwatch_nothing_total"]


@pytest.mark.parametrize("rule", [*rules("record"), *ALERTS], ids=lambda rule: rule.get("alert") or rule["record"])
def test_rules_name_what_there_is(rule: dict[str, Any]) -> None:
    assert not list(unknown(rule["expr"]))
    of_metrics = [picked for name, picked in selected(rule["expr"]) if ":" not in name]
    assert all(picked["job"] == "otwatch" for picked in of_metrics)


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_alerts_say_what_and_what_to_do(rule: dict[str, Any]) -> None:
    labels = {label for name, _ in selected(rule["expr"]) for label in KNOWN[name]} | BY_SCRAPE
    assert set(re.findall(r"\$labels\.([a-z_]+)", str(rule["annotations"]))) <= labels
    assert rule["labels"]["severity"] in SEVERITIES
    assert rule["annotations"].keys() == {"summary", "description"}


@pytest.mark.parametrize("comes", [True, False])
def test_every_alert_is_tested_both_ways(comes: bool) -> None:
    cases = [case for test in TESTED for case in test.get("alert_rule_test", ())]
    assert {case["alertname"] for case in cases if bool(case.get("exp_alerts")) is comes} == {rule["alert"] for rule in ALERTS}


def test_the_scrape_example_asks_where_otwatch_serves() -> None:
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text("utf-8"))
    assert config["rule_files"] == ["otwatch.rules.yml"]
    assert config["scrape_configs"][0]["static_configs"][0]["targets"] == ["127.0.0.1:9468"]


@pytest.mark.parametrize("asked", ["check config prometheus.yml", "check rules otwatch.rules.yml", "test rules otwatch.test.yml"])
def test_promtool(asked: str) -> None:
    command = [needs("promtool", "prometheus"), *asked.split()]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
