"""SL-A from passive evidence (domain/zones.md 12): caps, NA, and never more than 2."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch.conclusions import Mark
from otwatch.results import AlertRow, LinkRow
from otwatch.zones.analyses.levels import RULES, levels
from otwatch.zones.analyses.scene import Scene
from tests.outputs.samples import BEGIN_NS, alert
from tests.zones.scenes import DAY, flow, scene

FRS = ("FR1", "FR2", "FR3", "FR4", "FR5", "FR6", "FR7")


def _scene(*flows: LinkRow, alerts: tuple[AlertRow, ...] = (), days: int = 1, target: int = 2, silent: int = 0) -> Scene:
    found = scene(*flows, days=days).results
    zones = tuple(row._replace(sl_t=(target,) * 7) for row in found.zones)
    return Scene(found._replace(zones=zones, alerts=alerts, notes={"capture: silent seconds": silent}))


def _marks(made: Scene, zone: str = "air") -> dict[str, Mark]:
    return {mark.requirement: mark for mark in levels(made) if mark.zone == zone}


def _alert(detection: str, variant: str, **more: Any) -> AlertRow:
    plain: dict[str, Any] = {"client_zone": "sup", "server_zone": "air", "last_ns": BEGIN_NS}
    return alert(1, 3, detection=detection, variant=variant, **plain | more)


READ = flow("sup.1 > air.1", protocol="https", port=443)


def test_too_little_evidence_is_no_level() -> None:
    marks = _marks(_scene(READ))
    assert {(mark.reached, mark.status, mark.gap) for mark in marks.values()} == {(None, "not_assessable", 0)}


@pytest.mark.parametrize(
    ("flows", "alerts", "requirement", "most", "cap"),
    [
        ((READ,), (_alert("cred.default.cleartext", "success"),), "FR1", 0, "default_secret"),
        ((READ,), (_alert("cred.bacnet", "none"),), "FR1", 0, "no_password"),
        ((READ,), (_alert("cred.snmp", "set"),), "FR1", 0, "snmp_set"),
        ((READ,), (_alert("cred.controller", "default"),), "FR1", 0, "controller_open"),
        ((READ,), (_alert("cred.controller", "open"),), "FR2", 1, "no_reservation_password"),
        ((READ,), (_alert("integ.dup.ip", "ip"),), "FR3", 1, "duplicate"),
        ((flow("sup.1 > air.1", writes=1),), (), "FR1", 1, "unauthenticated_writes"),
        ((READ,), (_alert("cred.bruteforce", "failing"),), "FR1", 1, "no_lockout"),
        ((flow("remote.1 > air.1", protocol="rdp", port=3389),), (), "FR1", 1, "remote"),
        ((READ,), (_alert("eng.program.download", "success"),), "FR2", 0, "outsiders_program"),
        ((READ,), (_alert("modbus.write.unexpected", "success"),), "FR2", 1, "unexpected_writes"),
        ((flow("sup.1 > air.1"),), (), "FR3", 1, "clear_crossing"),
        ((READ,), (_alert("inv.firmware.changed", "upgrade"),), "FR3", 1, "firmware"),
        ((READ,), (_alert("clear.login", "clear"),), "FR4", 0, "login_crossing"),
        ((READ,), (_alert("clear.login", "clear", client_zone="air"),), "FR4", 1, "login_inside"),
        ((flow("air.1 > net.1", protocol="https", port=443),), (), "FR5", 0, "internet"),
        ((flow("office.1 > air.1", protocol="https", port=443),), (), "FR5", 0, "office"),
        ((READ._replace(verdict="undeclared"),), (), "FR5", 1, "undeclared"),
    ],
)
def test_caps(flows: tuple[LinkRow, ...], alerts: tuple[AlertRow, ...], requirement: str, most: int, cap: str) -> None:
    mark = _marks(_scene(*flows, alerts=alerts))[requirement]
    assert cap in {one.key for one in mark.caps}
    assert (mark.reached, mark.status, mark.gap) == (most, "proven_gap", 2 - most)
    assert all(one.alerts or one.frames for one in mark.caps)


@pytest.mark.parametrize(
    "one",
    [
        _alert("cred.default.cleartext", "failure"),
        _alert("cred.default.cleartext", "success", status="expected"),
        _alert("cred.default.cleartext", "success", client_zone="air", server_zone="sup"),
        _alert("cred.default.cleartext", "success", last_ns=BEGIN_NS - 31 * DAY),
        _alert("eng.program.download", "success", client_zone="eng"),
    ],
)
def test_what_is_no_cap(one: AlertRow) -> None:
    assert {mark.reached for mark in _marks(_scene(READ, alerts=(one,))).values()} == {None}


def test_absence_counts_only_after_long_listening_without_gaps() -> None:
    short, long = _marks(_scene(READ, days=6)), _marks(_scene(READ, days=15))
    assert (short["FR6"].reached, short["FR7"].reached) == (None, None)
    assert ([cap.key for cap in long["FR6"].caps], [cap.key for cap in long["FR7"].caps]) == (["no_log"], ["no_clock"])
    logging = flow("air.1 > sup.1", protocol="syslog", port=514), flow("air.1 > ntp.1", protocol="ntp", port=123)
    heard = _marks(_scene(READ, *logging, days=15))
    assert (heard["FR6"].reached, heard["FR7"].reached) == (2, 2)
    deaf = _marks(_scene(READ, days=15, silent=10 * 86_400))
    assert [cap.key for cap in deaf["FR6"].caps] == ["not_covered"]
    assert deaf["FR7"].reached is None


def test_a_host_that_has_just_come_is_transient_only_where_listening_had_begun_before() -> None:
    change = flow("eng.1 > air.1", minute=3 * 1440, writes=1)
    made = _scene(change, days=5)
    for came_ns, keys in ((BEGIN_NS, set()), (change.first_ns - DAY // 2, {"transient"}), (change.first_ns - 2 * DAY, set())):
        rows = tuple(row._replace(first_ns=came_ns if row.key == "eng.1" else BEGIN_NS) for row in made.results.assets)
        found = _marks(Scene(made.results._replace(assets=rows)))["FR2"]
        assert {cap.key for cap in found.caps} == keys


def test_backups_by_ftp_alone() -> None:
    ftp, ssh = flow("sup.1 > air.1", protocol="ftp", port=21), flow("eng.1 > air.1", protocol="ssh", port=22)
    clock = flow("air.1 > ntp.1", protocol="ntp", port=123)
    for flows, reached in (((ftp, clock), 1), ((ftp, ssh, clock), 2)):
        assert _marks(_scene(*flows, days=15))["FR7"].reached == reached


@given(st.integers(0, 4), st.integers(1, 40), st.integers(0, 3000), st.sampled_from([(), (_alert("cred.snmp", "set"),)]))
def test_never_more_than_two_and_no_gap_without_proof(target: int, days: int, writes: int, alerts: tuple[AlertRow, ...]) -> None:
    many = flow("sup.1 > air.1", protocol="https", writes=writes, verbs={"WRITE": writes, "AUTH": 50, "SESSION": 50})
    for mark in levels(_scene(many, alerts=alerts, days=days, target=target)):
        assert mark.reached in {None, 0, 1, 2}
        assert mark.gap == 0 or (mark.caps and mark.status == "proven_gap" and mark.gap <= target)
        assert not (mark.status == "no_gap_seen" and mark.target > 2)


def test_zones_with_most_to_do_come_first() -> None:
    order = list(dict.fromkeys(mark.zone for mark in levels(_scene(flow("office.1 > air.1", writes=1), flow("sup.1 > light.1")))))
    assert order[0] == "air"


def test_every_requirement_has_a_rule_and_no_rule_promises_more_than_one() -> None:
    assert {rule.requirement for rule in RULES} == set(FRS)
    assert {rule.most for rule in RULES} == {0, 1}
