"""configs/alertmanager: it names alerts that there are, and sends each to whom it concerns."""

import re
import subprocess
from typing import Any

import pytest
import yaml

from tests.configs.promql import rules
from tests.conftest import ROOT
from tests.debian import needs

CONFIG = ROOT / "configs" / "alertmanager" / "alertmanager.yml"
ALERTS = {rule["alert"] for rule in rules("alert")}
TOLD: dict[str, Any] = yaml.safe_load(CONFIG.read_text("utf-8"))


def _matchers() -> list[str]:
    rows = [*TOLD["route"]["routes"], *TOLD["inhibit_rules"]]
    return [matcher for row in rows for key, value in row.items() if key.endswith("matchers") for matcher in value]


@pytest.mark.parametrize("matcher", _matchers())
def test_it_names_alerts_that_there_are(matcher: str) -> None:
    form = re.fullmatch(r'alertname=~?"([^"]+)"', matcher)
    assert form
    assert all(any(re.fullmatch(name, alert) for alert in ALERTS) for name in form[1].split("|"))


def test_receivers_are_declared() -> None:
    routed = {TOLD["route"]["receiver"], *(route["receiver"] for route in TOLD["route"]["routes"])}
    assert routed == {receiver["name"] for receiver in TOLD["receivers"]}


def amtool(*arguments: str) -> str:
    command = [needs("amtool", "prometheus-alertmanager"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def test_amtool_takes_it() -> None:
    amtool("check-config", str(CONFIG))


@pytest.mark.parametrize(
    ("alert", "told"),
    [
        ("OtwatchCriticalFinding", "soc,technical-services"), ("OtwatchForbiddenTraffic", "soc,technical-services"),
        ("OtwatchBlind", "soc,technical-services"), ("OtwatchDrops", "technical-services"),
        ("OtwatchNewCrossZoneTraffic", "technical-services"), ("SomethingElse", "technical-services"),
    ],
)  # fmt: skip
def test_who_is_told(alert: str, told: str) -> None:
    assert amtool("config", "routes", "test", f"--config.file={CONFIG}", f"alertname={alert}") == told
