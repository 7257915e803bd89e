"""Lines for a SOC: valid in the eyes of who reads them, stable, and one line whatever devices say."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from otwatch import pipeline
from otwatch.alerts.attack import TECHNIQUES
from otwatch.alerts.detections import DETECTIONS
from otwatch.outputs.eve import Form, Scene, ecs, eve, lines, signature_id
from otwatch.outputs.voice import SEVERITIES
from otwatch.results import AlertRow, Results
from tests.cli.commands import HOSPITAL_PCAP
from tests.outputs.hostile import UNSEEN, results
from tests.outputs.samples import HOSPITAL, alert, asset

FORMS = [eve, ecs]
TEXT, NUMBER, TEXTS = str, int, list
EVENT = {
    "timestamp": TEXT, "flow_id": NUMBER, "event_type": TEXT, "src_ip": TEXT, "dest_ip": TEXT, "dest_port": NUMBER, "proto": TEXT,
    "app_proto": TEXT, "pcap_cnt": NUMBER, "alert": dict,
}  # fmt: skip
SIGNATURE = {
    "action": TEXT, "gid": NUMBER, "signature_id": NUMBER, "rev": NUMBER, "signature": TEXT, "category": TEXT, "severity": NUMBER,
    "metadata": dict,
}  # fmt: skip
METADATA = dict.fromkeys(
    ("signature_severity", "attack_target", "affected_product", "created_at", "updated_at", "deployment", "tag"), TEXTS
)
"""What Suricata's etc/schema.json knows of an alert, as far as we use it; it allows no other field on any of these three levels."""
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d+[+\-]\d+", re.ASCII)


def told(found: Results, form: Form = eve) -> list[dict[str, Any]]:
    return [json.loads(line.text) for line in lines(found.alerts, Scene.of(found, TECHNIQUES), form)]


def valid(said: dict[str, Any], allowed: dict[str, type]) -> bool:
    return said.keys() <= allowed.keys() and all(type(value) is allowed[name] for name, value in said.items())


def assert_valid(event: dict[str, Any]) -> None:
    assert valid(event, EVENT)
    assert TIME.fullmatch(event["timestamp"])
    assert valid(event["alert"], SIGNATURE)
    assert valid(event["alert"]["metadata"], METADATA)
    assert all(isinstance(text, str) for texts in event["alert"]["metadata"].values() for text in texts)


def test_an_alert_as_eve() -> None:
    first, second = told(HOSPITAL)
    assert_valid(first)
    assert first["timestamp"] == "2026-10-13T08:01:40.000000+0000"
    assert (first["src_ip"], first["dest_ip"], first["dest_port"], first["proto"]) == ("10.10.5.20", "10.22.8.20", 502, "TCP")
    assert (first["app_proto"], first["pcap_cnt"]) == ("modbus", 412)
    assert first["flow_id"] == second["flow_id"]
    assert first["alert"]["severity"] == 1
    tags = first["alert"]["metadata"]["tag"]
    assert first["alert"]["metadata"]["attack_target"] == ["10.22.8.20"]
    assert {
        f"capture:{HOSPITAL.alerts[0].frames[0].capture}",
        "mitre_ics_technique:T1692.001",
        "mitre_ics_technique_before_v19:T0855",
        "iec_62443_3_3:SR 2.1",
    } <= set(tags)


def test_an_alert_as_ecs() -> None:
    first = told(HOSPITAL, ecs)[0]
    assert (first["event"]["kind"], first["event"]["severity"]) == ("alert", 99)
    assert first["destination"] == {"address": "10.22.8.20", "ip": "10.22.8.20", "port": 502}
    technique = first["threat"]["technique"]
    assert technique["id"] == ["T1692"]
    assert technique["subtechnique"] == {"id": ["T1692.001"], "name": ["Unauthorized Message: Command Message"]}


def test_what_has_no_address_is_not_given_one() -> None:
    behind = asset("bacnet 7", kind="bacnet-device", parent="10.0.0.9", address="net 5/7")
    odd = HOSPITAL._replace(assets=(behind,), alerts=(alert(1, 4, client="00:40:8c:12:34:56", server="bacnet 7", frames=()),))
    (said,) = told(odd)
    assert_valid(said)
    assert "src_ip" not in said
    assert said["dest_ip"] == "10.0.0.9"
    assert "client:00:40:8c:12:34:56" in said["alert"]["metadata"]["tag"]
    (said,) = told(HOSPITAL._replace(alerts=(alert(1, 3, client="10.0.0.1", server="", protocol="tcp"),)))
    assert (said["proto"], said.keys() & {"app_proto", "dest_ip", "dest_port"}) == ("TCP", set())
    assert "attack_target" not in said["alert"]["metadata"]


def test_ids_are_stable_and_one_each() -> None:
    def ids(*alerts: AlertRow) -> list[str]:
        return [line.id for line in lines(alerts, Scene.of(HOSPITAL, {}), eve)]

    again = alert(7, 1, times=99, last_ns=2**62, frames=())
    assert ids(alert(1, 4)) == ids(again) == ["f279c54aded66a15"]
    assert ids(alert(1, 4), again) == ["f279c54aded66a15", "f279c54aded66a15-2"]
    others = ({"client": "10.0.0.1"}, {"variant": "failure"}, {"subject": "another point"}, {"first_ns": 1})
    assert len({*ids(again), *(ids(alert(1, 4, **other))[0] for other in others)}) == len(others) + 1


def test_how_serious_it_is_stands_beside_the_line() -> None:
    assert [line.level for line in lines((alert(1, 4), alert(2, 1, variant="x")), Scene.of(HOSPITAL, {}), eve)] == [4, 1]


def test_signature_ids_are_one_each_and_never_change() -> None:
    found = {signature_id(one.id) for one in DETECTIONS}
    assert len(found) == len(DETECTIONS)
    assert max(found) < 2**31
    assert signature_id("modbus.write.unexpected") == 1393675455


@pytest.mark.parametrize("severity", range(len(SEVERITIES)))
def test_severities(severity: int) -> None:
    (said,) = told(HOSPITAL._replace(alerts=(alert(1, severity),)))
    assert 1 <= said["alert"]["severity"] <= 4
    assert said["alert"]["metadata"]["signature_severity"] == [SEVERITIES[severity]]


@pytest.mark.parametrize("form", FORMS)
@given(found=results())
@settings(max_examples=60)
def test_nothing_a_device_says_breaks_a_line(form: Form, found: Results) -> None:
    said = [line.text for line in lines(found.alerts, Scene.of(found, TECHNIQUES), form)]
    assert len(said) == len(found.alerts)
    assert not [line for line in said if UNSEEN.search(line) or line.splitlines() != [line]]
    for line in said:
        assert json.loads(line)
        line.encode()


@given(found=results())
@settings(max_examples=40)
def test_whatever_a_device_says_is_valid(found: Results) -> None:
    for event in told(found):
        assert_valid(event)


def test_the_sample_capture() -> None:
    found = pipeline.replay([HOSPITAL_PCAP])
    assert len(told(found)) == len(found.alerts) > 0
    for event in told(found):
        assert_valid(event)


@pytest.mark.parametrize("name", ["enip/iti-EIP-RebootorRestart.pcap"])
def test_real_captures(name: str, captures: Path) -> None:
    found = pipeline.replay([str(captures / name)])
    known = [line.id for line in lines(found.alerts, Scene.of(found, TECHNIQUES), eve)]
    assert len(set(known)) == len(found.alerts) > 0
    for event in told(found):
        assert_valid(event)


def test_what_belongs_together_is_said() -> None:
    story = {"chain": "blind_then_act", "chain_id": "084c4d1b96464525", "via": "remote"}
    found = HOSPITAL._replace(alerts=(alert(1, 4, facts=story | {"value": "80.0"}),))
    (line,), (elastic,) = told(found), told(found, ecs)
    assert {f"otwatch_{name}:{value}" for name, value in story.items()} <= set(line["alert"]["metadata"]["tag"])
    assert elastic["labels"].items() >= story.items()
    assert "value" not in elastic["labels"]
