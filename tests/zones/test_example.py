"""The example site: what domain/zones.md 6 says of it, cases A to J of section 13, and the ordinary life of its hospital."""

import pytest

from otwatch.config.site import Site
from otwatch.events import Point, Request, Verb
from otwatch.zones.compare import Verdict
from otwatch.zones.matching.conditions import Identified
from otwatch.zones.matching.matcher import Matcher
from otwatch.zones.policy import Policy
from otwatch.zones.policy.check import check_site

from .conftest import EXAMPLE, Judge, at, placed


def test_shipped_files_are_without_problem() -> None:
    assert [problem.text() for problem in check_site(EXAMPLE)] == []
    assert [problem.text() for problem in check_site(EXAMPLE.with_name("site-minimal.yaml"))] == []


@pytest.mark.parametrize(
    ("asset", "zone"),
    [
        (Identified("10.20.1.60", modbus_unit=5, parent_zone="supervision"), "bt"),
        (Identified("10.20.1.60"), "supervision"),
        (Identified("10.20.4.10"), "ntp"),
        (Identified("10.20.4.9"), "services"),
        (Identified("10.25.0.1"), "inconnu"),
        (Identified("198.51.100.7"), "internet"),
        (Identified("8.8.8.8"), "internet"),
        (Identified("10.22.2.1", bacnet_network=9, bacnet_instance=210103, parent_zone="cvc"), "cvc_bloc"),
    ],
)
def test_section_6(example: Site, asset: Identified, zone: str) -> None:
    assert Matcher(example).place(asset).zone == zone


@pytest.mark.parametrize(
    ("words", "more", "expected"),
    [
        # section 6: matches c10 and n09, reported once
        (("10.20.1.12", "10.21.4.5", "modbus", "WRITE"), {}, "forbidden n09"),
        # A: from the office
        (("10.10.5.20", "10.22.1.15", "modbus", "READ"), {}, "forbidden n03"),
        (("10.10.5.20", "10.22.1.15", "modbus", None), {"state": "attempt"}, "forbidden n03"),
        # B: not one of the hosts that may write
        (("10.20.1.12", "10.22.1.30", "bacnet", "WRITE"), {"strongest": 10}, "violation c01 write_hosts"),
        # C: a Who-Is carried by a BBMD, to the domain of cvc_bloc
        (("10.20.1.10", "10.22.1.255", "bacnet", "DISCOVER"), {}, "allowed c01"),
        # D: a COV notification, begun by the controller
        (("10.22.1.40", "10.20.1.10", "bacnet", "ALARM"), {}, "allowed c02"),
        # E: time from the Internet for the time server only, and only time
        (("10.20.4.10", "203.0.113.123", "ntp", "TIME"), {}, "allowed c21"),
        (("10.21.2.7", "203.0.113.123", "ntp", "TIME"), {}, "forbidden n02"),
        (("10.20.4.10", "203.0.113.123", "https", None), {}, "forbidden n02"),
        (("10.20.4.10", "203.0.113.124", "ntp", "TIME"), {}, "forbidden n02"),
        # F: both halves of remote maintenance, in and outside the window
        (("10.30.10.8", "10.20.3.5", "rdp", None), {}, "allowed c18 tls?"),
        (("10.20.3.5", "10.21.2.9", "umas", "CONTROL", 502), {}, "allowed c13"),
        (("10.30.10.8", "10.20.3.5", "rdp", None), {"time_ns": at("2026-10-13T23:00")}, "violation c18 window tls?"),
        (("10.20.3.5", "10.21.2.9", "umas", "CONTROL", 502), {"time_ns": at("2026-10-13T23:00")}, "violation c13 window"),
        (("10.30.10.8", "10.22.1.15", "rdp", None), {}, "forbidden n08"),
        # G: a unit behind a gateway is judged in its own zone
        (("10.20.1.12", "10.20.1.60/unit 17", "modbus", "WRITE"), {}, "violation c09 op"),
        (("10.20.1.12", "10.20.1.60", "modbus", "WRITE"), {}, "intra"),
        # H: a camera
        (("10.24.5.9", "10.22.1.30", "bacnet", "READ"), {}, "forbidden n05"),
        # I: the fire panel orders, and takes no orders
        (("10.24.1.3", "10.24.2.10", "modbus", "WRITE"), {}, "allowed c25"),
        (("10.24.2.10", "10.24.1.3", "modbus", "WRITE"), {}, "forbidden n04"),
        (("10.24.2.10", "10.24.1.3", "modbus", "READ"), {}, "forbidden c25 unidirectional"),
        (("10.24.1.3", "10.24.2.11", "modbus", "WRITE"), {}, "violation c25 hosts_to"),
        # J: the never rule sleeps in its window, the conduit does not
        (("10.20.1.12", "10.21.4.5", "modbus", "WRITE"), {"time_ns": at("2026-10-07T07:00")}, "violation c10 op"),
        (("10.20.1.12", "10.21.4.5", "modbus", "WRITE"), {"time_ns": at("2026-10-07T09:00")}, "forbidden n09"),
    ],
)  # fmt: skip
def test_worked_examples(verdict: Judge, words: tuple[str, ...], more: dict[str, object], expected: str) -> None:
    assert _shown(verdict(*words, **more)) == expected


def _shown(found: Verdict) -> str:
    return " ".join(part for part in (found.kind, found.rule, found.conduit, *found.reasons) if part)


@pytest.mark.parametrize(
    "words",
    [
        ("10.20.1.10", "10.22.1.15", "bacnet", "READ"),
        ("10.20.1.10", "10.22.1.16", "bacnet", "SUBSCRIBE"),
        ("10.22.1.15", "10.20.1.10", "bacnet", "DISCOVER"),
        ("10.20.1.12", "10.22.8.20", "modbus", "WRITE"),
        ("10.20.1.12", "10.21.2.10", "modbus", "READ"),
        ("10.20.1.12", "10.21.2.10/unit 3", "modbus", "DISCOVER"),
        ("10.20.1.12", "10.23.1.5", "cip", "READ"),
        ("10.20.1.12", "10.23.1.5", "enip", "SESSION"),
        ("10.20.1.11", "10.21.4.40", "snmp", "READ"),
        ("10.20.2.50", "10.24.5.9", "http", "READ"),
        ("10.20.3.5", "10.21.2.10", "modbus", "CONTROL"),
        ("10.22.8.20", "10.20.4.10", "ntp", "TIME"),
    ],
)
def test_ordinary_life_is_allowed(verdict: Judge, words: tuple[str, ...]) -> None:
    assert verdict(*words).kind == "allowed"


def test_expected_writers(policy: Policy) -> None:
    write = Request("modbus", Verb.WRITE, "Write Single Register", 6, ("unit 1",))

    def said(address: int, value: str, code: int = 6, unit: str = "unit 1") -> str | None:
        asked = write._replace(points=(Point("holding-register", address),), values=(value,), code=code, target=(unit,))
        return policy.expected(asked, "10.20.1.12", "10.22.8.20", at("2026-10-13T10:00"))

    assert said(4005, "21") == said(4000, "18") == "expected_writers[1]"
    assert [said(4000, "30"), said(3999, "21"), said(4005, "21", code=5), said(4005, "21", unit="unit 2")] == [None] * 4


def test_intervention_covers_its_hours_targets_and_verbs(policy: Policy, example: Site) -> None:
    matcher = Matcher(example)
    station, unit, plc = (placed(policy, matcher, ip) for ip in ("10.20.3.5", "10.22.1.15", "10.22.8.20"))
    morning, noon = at("2026-10-12T08:00"), at("2026-10-12T12:00")
    works = policy.intervention(station, unit, Verb.CONTROL, morning)
    assert works is not None
    assert works.id == "int-2026-118"
    for found in (
        policy.intervention(station, unit, Verb.CONTROL, noon),
        policy.intervention(station, unit, Verb.WRITE, morning),
        policy.intervention(station, plc, Verb.CONTROL, morning),
        policy.intervention(plc, unit, Verb.CONTROL, morning),
    ):
        assert found is None


def test_scanner_in_and_outside_its_window(policy: Policy) -> None:
    inside, outside = policy.scanner("10.20.4.30", at("2026-10-18T03:00")), policy.scanner("10.20.4.30", at("2026-10-13T03:00"))
    assert inside is not None
    assert outside is not None
    assert (inside[1], outside[1], policy.scanner("10.20.4.31", 0)) == (True, False, None)
