"""The sum of a finding: it holds all that the finding states, and nothing that people add."""

import json

import pytest

from otwatch.alerts.detections import DETECTIONS
from otwatch.alerts.judge import Judge
from otwatch.outputs.documents import rows_document
from otwatch.results import AlertRow
from tests.alerts.examples import write
from tests.alerts.site import FakeSite


def alert() -> AlertRow:
    judge = Judge(DETECTIONS, FakeSite())
    for item in write()():
        judge.see(item)
    return judge.rows()[0]


def digest(row: AlertRow) -> str:
    (said,) = json.loads(rows_document("alerts", [row]))["alerts"]
    return str(said["evidence"]["sha256"])


@pytest.mark.parametrize("change", [{"times": 9}, {"severity": 0}, {"facts": {"value": "31"}}, {"frames": ()}, {"trace": ()}])
def test_whatever_it_states_changes_the_sum(change: dict[str, object]) -> None:
    assert digest(alert()._replace(**change)) != digest(alert())  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize("change", [{"number": 9}, {"status": "muted"}])
def test_what_people_add_does_not(change: dict[str, object]) -> None:
    assert digest(alert()._replace(**change)) == digest(alert())  # type: ignore[arg-type]  # fields by name
