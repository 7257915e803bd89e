"""Findings by severity, and what to do first."""

from otwatch.alerts.words import TRACE
from otwatch.outputs.page.findings import FIRST, MOST_FINDINGS, asset_ref, first, groups
from otwatch.outputs.page.naming import Ref, to
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from tests.outputs.samples import HOSPITAL, alert

VOICE = Voice.of(Words("en"), "Europe/Paris", HOSPITAL.zones, HOSPITAL.assets)


def test_groups_the_worst_first() -> None:
    found = groups(HOSPITAL.alerts, VOICE, TRACE)
    assert [(group.severity, group.counted) for group in found] == [("critical", "1 finding"), ("high", "1 finding")]
    assert [group.findings[0].times for group in found] == ["", "40 times"]


def test_a_finding_in_full() -> None:
    one = groups((alert(7, 4),), VOICE, TRACE)[0].findings[0]
    assert one.client == Ref("10.10.5.20", to("asset", "10.10.5.20"))
    assert one.server_zone == Ref("General HVAC", to("zone", "cvc"))
    assert one.command == "tshark -r pcaps/hospital.pcapng -Y 'modbus && frame.number in {412}'"
    assert ("Frames", "412 of pcaps/hospital.pcapng") in one.places
    assert ("IEC 62443-3-3", "SR 2.1") in one.references


def test_the_same_step_at_the_same_asset_is_one_thing_to_do() -> None:
    found = first((alert(1, 4), alert(2, 3), alert(3, 3, server="10.22.8.21")), VOICE)
    assert [(todo.at, todo.others) for todo in found] == [("API-CVC (10.22.8.20)", 1), ("10.22.8.21", 0)]


def test_at_most_five() -> None:
    assert len(first(tuple(alert(at, 3, server=f"10.0.0.{at}") for at in range(1, 20)), VOICE)) == FIRST


def test_nobody_leads_nowhere() -> None:
    assert asset_ref("", VOICE) == Ref("")


def test_what_one_page_tells_in_full_is_bounded() -> None:
    many = tuple(alert(at, 3) for at in range(1, MOST_FINDINGS + 10))
    assert [len(group.findings) for group in groups(many, VOICE, TRACE)] == [MOST_FINDINGS]
