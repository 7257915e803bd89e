"""What is new beside the findings: told once, in the order of time, one line whatever devices say."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings

from otwatch import pipeline
from otwatch.outputs.eve import Scene
from otwatch.outputs.news import ECS, EVE, KINDS, Form, learnt
from otwatch.results import AttributeRow, Results
from tests.cli.commands import HOSPITAL_PCAP
from tests.outputs.hostile import UNSEEN, results
from tests.outputs.samples import FRAME, HOSPITAL, asset

FORMS = [EVE, ECS]
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d+[+\-]\d+", re.ASCII)
PLC = asset("10.0.0.1", first_ns=1_000)


def said(kind: str, found: Results, form: Form = EVE) -> list[dict[str, Any]]:
    return [json.loads(line.text) for line in KINDS[kind](found, Scene.of(found, {}), form)]


def attribute(name: str, value: str, first_ns: int, source: str = "bacnet I-Am", chosen: bool = True) -> AttributeRow:
    return AttributeRow("10.0.0.1", name, value, source, "self", chosen, FRAME, first_ns, first_ns)


def of_plc(*attributes: AttributeRow) -> Results:
    return HOSPITAL._replace(assets=(PLC,), attributes=attributes)


def test_an_asset_and_what_was_learnt_later() -> None:
    first, later = said("assets", of_plc(attribute("vendor", "Sauter", 1_000), attribute("firmware", "3.1", 2_000)))
    assert first["event_type"] == "asset"
    assert (first["asset"]["change"], first["asset"]["key"], first["src_ip"]) == ("new", "10.0.0.1", "10.0.0.1")
    assert (later["asset"]["change"], later["asset"]["attribute"], later["asset"]["after"]) == ("attribute", "firmware", "3.1")
    assert later["asset"]["before"] == ""
    assert TIME.fullmatch(first["timestamp"])


@pytest.mark.parametrize(
    ("attributes", "changes"),
    [
        ((attribute("firmware", "3.0", 1_000, chosen=False), attribute("firmware", "3.1", 2_000)), [("3.0", "3.1")]),
        ((attribute("firmware", "3.1", 2_000), attribute("firmware", "3.0", 1_000, chosen=False)), [("3.0", "3.1")]),
        ((attribute("firmware", "3.0", 1_000, "http", chosen=False), attribute("firmware", "3.1", 2_000)), [("", "3.1")]),
        ((attribute("firmware", "3.0", 1_000), attribute("firmware", "3.1", 2_000, chosen=False)), []),
        ((attribute("firmware", "3.0", 1_000),), []),
        ((attribute("vendor_id", "80", 2_000), attribute("vendor_id", "7", 3_000)), [("80", "7")]),
    ],
)  # fmt: skip
def test_what_counts_as_a_change(attributes: tuple[AttributeRow, ...], changes: list[tuple[str, str]]) -> None:
    assert [(one.before, one.attribute.value) for one in learnt(of_plc(*attributes))] == changes


def test_a_conversation() -> None:
    first = said("conversations", HOSPITAL)[0]
    link = HOSPITAL.links[0]
    assert (first["event_type"], first["src_ip"], first["dest_ip"], first["dest_port"]) == ("conversation", "10.20.1.12", "10.22.8.20", 502)
    assert (first["conversation"]["verdict"], first["conversation"]["server_zone"]) == (link.verdict, link.server_zone)


def test_what_is_judged_otherwise_is_told_again() -> None:
    def ids(found: Results) -> list[str]:
        return [one["conversation"]["id"] for one in said("conversations", found)]

    again = HOSPITAL._replace(links=(HOSPITAL.links[0]._replace(packets=99, last_ns=2**61),))
    other = HOSPITAL._replace(links=(HOSPITAL.links[0]._replace(verdict="undeclared"),))
    assert ids(again) == ids(HOSPITAL)[:1] != ids(other)


def test_ecs() -> None:
    first, later = said("assets", of_plc(attribute("firmware", "3.1", 2_000)), ECS)
    assert (first["event"]["kind"], first["event"]["category"], first["host"]["ip"]) == ("asset", ["host"], ["10.0.0.1"])
    assert later["labels"]["after"] == "3.1"
    talk = said("conversations", HOSPITAL, ECS)[0]
    assert (talk["event"]["type"], talk["destination"]["port"]) == (["connection", "start"], 502)
    macs = [mac for one in said("assets", HOSPITAL, ECS) for mac in one["host"].get("mac", ())]
    assert macs
    assert all(re.fullmatch(r"([0-9A-F]{2}-){5}[0-9A-F]{2}", mac) for mac in macs)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMS)
@given(found=results())
@settings(max_examples=40)
def test_nothing_a_device_says_breaks_a_line(kind: str, form: Form, found: Results) -> None:
    told = [line.text for line in KINDS[kind](found, Scene.of(found, {}), form)]
    assert not [line for line in told if UNSEEN.search(line) or line.splitlines() != [line]]
    for line in told:
        assert json.loads(line)
        line.encode()


@pytest.mark.parametrize("form", FORMS)
def test_the_sample_capture(form: Form) -> None:
    found = pipeline.replay([HOSPITAL_PCAP])
    for kind, rows in (("assets", found.assets), ("conversations", found.links)):
        lines = KINDS[kind](found, Scene.of(found, {}), form)
        assert len(lines) >= len(rows) > 0
        assert len({line.id for line in lines}) == len(lines)
