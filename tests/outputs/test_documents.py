"""The sum of a finding: it holds all that the finding states, and nothing that people add."""

import json
from typing import Any

import pytest

from otwatch.alerts.detections import DETECTIONS
from otwatch.alerts.judge import Judge
from otwatch.outputs.documents import rows_document
from otwatch.results import AlertRow
from otwatch.results.findings import DecisionRow
from tests.alerts.examples import write
from tests.alerts.site import FakeSite


def alert() -> AlertRow:
    judge = Judge(DETECTIONS, FakeSite())
    for item in write()():
        judge.see(item)
    return judge.rows()[0]


def digest(row: AlertRow) -> str:
    return str(said(row)["evidence"]["sha256"])


@pytest.mark.parametrize("change", [{"times": 9}, {"severity": 0}, {"facts": {"value": "31"}}, {"frames": ()}, {"trace": ()}])
def test_whatever_it_states_changes_the_sum(change: dict[str, object]) -> None:
    assert digest(alert()._replace(**change)) != digest(alert())  # type: ignore[arg-type]  # fields by name


NAMED = (
    "alert_id", "detection", "variant", "severity", "severity_trace", "confidence", "status", "first_seen", "last_seen", "count",
    "initiator", "target", "via", "zones", "proto", "op", "also", "chain_id", "title", "explanation", "action", "attack", "sr", "anssi",
    "iso", "recyf", "evidence", "intervention", "notes",
)  # fmt: skip
"""The alert record of detections.md A.7; its `id` is called detection."""


def said(row: AlertRow) -> dict[str, Any]:
    (found,) = json.loads(rows_document("alerts", [row]))["alerts"]
    return dict(found)


def test_the_record_has_all_that_the_catalogue_names() -> None:
    told = said(alert())
    assert set(NAMED) <= told.keys()
    assert (told["op"], told["count"], told["zones"]["to"]) == (told["facts"]["operation"], told["times"], told["server_zone"])
    assert told["explanation"] == told["sentence"]
    assert (told["via"], told["intervention"], told["notes"], told["chain_id"]) == ([], "", [], "")


def test_what_only_some_findings_have() -> None:
    row = alert()
    hands = row._replace(facts={**row.facts, "hands": "PC 1, PC 2", "chain_id": "c1"}, trace=(*row.trace, "expected:int-4711 =0"))
    told = said(hands._replace(decision=DecisionRow("M. Durand", "new meter", 0, None)))
    assert (told["via"], told["chain_id"], told["intervention"]) == (["PC 1", "PC 2"], "c1", "int-4711")
    assert [(note["author"], note["reason"]) for note in told["notes"]] == [("M. Durand", "new meter")]
    assert said(row._replace(trace=("expected:scanner =0",)))["intervention"] == ""


def test_where_it_helps_to_comply() -> None:
    login = said(alert()._replace(detection="cred.snmp"))
    assert (login["recyf"], "A.8.5" in login["iso"], bool(login["anssi"])) == ("10, 11", True, True)


@pytest.mark.parametrize("change", [{"number": 9}, {"status": "muted"}])
def test_what_people_add_does_not(change: dict[str, object]) -> None:
    assert digest(alert()._replace(**change)) == digest(alert())  # type: ignore[arg-type]  # fields by name
