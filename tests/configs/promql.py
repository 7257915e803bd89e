"""What expressions of PromQL ask for, held against docs/metrics.md and the recording rules."""

from collections.abc import Iterator
from typing import Any

import promql_parser
import yaml

from otwatch.outputs.metrics import METRICS
from tests.conftest import ROOT

RULES = ROOT / "configs" / "prometheus" / "otwatch.rules.yml"
BY_SCRAPE = {"job", "instance", "site"}
"""Labels that a scrape gives (configs/prometheus/prometheus.yml)."""


def rules(kind: str) -> list[dict[str, Any]]:
    """All rules of a kind: "record", "alert"."""
    groups = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"] if kind in rule]


def parsed(expression: str) -> list[promql_parser.Expr]:
    """All parts of an expression; ValueError where it is none."""
    parts: list[promql_parser.Expr] = []
    promql_parser.walk(promql_parser.parse(expression), parts.append)
    return parts


def selected(expression: str) -> list[tuple[str, dict[str, str]]]:
    """The series asked for: names, and the labels that they are picked by."""
    selectors = (part for part in parsed(expression) if isinstance(part, promql_parser.VectorSelector))
    return [(str(one.name), {each.name: each.value for each in one.matchers.matchers}) for one in selectors]


def _known() -> dict[str, set[str]]:
    known = {one.name: set(one.labels) for one in METRICS} | {"up": set(), "ALERTS": {"alertname", "severity", "alertstate"}}
    for rule in rules("record"):
        asked = {name for name, _ in selected(rule["expr"])}
        known[rule["record"]] = {label for name in asked for label in known[name]}
    return known


KNOWN = _known()
"""Metrics and recorded series, and their own labels."""


def unknown(expression: str) -> Iterator[str]:
    """Series and labels that nothing gives."""
    labels = {label for name, _ in selected(expression) for label in KNOWN.get(name, ())} | BY_SCRAPE
    for name, picked in selected(expression):
        if name not in KNOWN:
            yield name
        yield from (f"{name}.{label}" for label in picked if label not in labels)
    for part in parsed(expression):
        if isinstance(part, promql_parser.AggregateExpr) and part.modifier is not None:
            yield from (f"by {label}" for label in part.modifier.labels if label not in labels)
