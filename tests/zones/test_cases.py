"""Cases A to J of domain/zones.md 13: from packets through the whole chain, and from the captures of `pcaps/cases/`."""

from datetime import datetime

import pytest

from otwatch.alerts.model import Severity
from otwatch.config.site import Site
from otwatch.packets import SYN
from otwatch.pipeline import replay
from otwatch.zones.analyses.relays import chains
from otwatch.zones.analyses.scene import Scene
from tests.decode.builders import Frame
from tests.wire.dialogues import End, tcp

from .cases import CASES, FOLDER, captured
from .conftest import TUESDAY, at
from .packets import (
    CONFIRMED_COV,
    COV,
    PICTURES,
    READ_ANSWER,
    READ_PROPERTY,
    REMOTE_DESKTOP,
    SECOND,
    UMAS_STOP,
    WHO_IS,
    asked,
    bacnet,
    bacnet_write,
    detections,
    flows,
    ntp,
    read,
    refused,
    results,
    wrote,
)

Flow = tuple[str, str, str]


def _judged(site: Site, frames: list[Frame], flow: Flow, began_ns: int = TUESDAY) -> tuple[str, set[str]]:
    found = results(site, frames, began_ns=began_ns)
    return flows(found)[flow], detections(found)


@pytest.mark.parametrize("name", CASES)
def test_a_case_from_packets(example: Site, name: str) -> None:
    case = CASES[name]
    found = results(example, case.frames, began_ns=at(case.begins))
    assert {flow: flows(found).get(flow) for flow in case.verdicts} == case.verdicts
    assert (case.told - detections(found), case.untold & detections(found)) == (set(), set())


@pytest.mark.parametrize("name", CASES)
def test_its_capture_says_the_same(example: Site, name: str) -> None:
    """`otwatch replay --site configs/site.yaml pcaps/cases/a.pcap`."""
    case, path = CASES[name], FOLDER / f"{name}.pcap"
    assert path.read_bytes() == captured(case), "write them anew: python -m tests.zones.cases"
    found = replay([path], example, None)
    assert {flow: flows(found).get(flow) for flow in case.verdicts} == case.verdicts
    assert (case.told - detections(found), case.untold & detections(found)) == (set(), set())


@pytest.mark.parametrize("size", [1, 2, 5])
def test_batches_change_no_case(example: Site, size: int) -> None:
    for case in CASES.values():
        assert results(example, case.frames, size, at(case.begins)) == results(example, case.frames, began_ns=at(case.begins))


def test_what_matches_a_conduit_and_a_never_rule_is_told_once(example: Site) -> None:
    """Section 6: c10 reads only, n09 forbids; the never rule tells it."""
    found = results(example, wrote("10.20.1.12", "10.21.4.5"))
    told = [name for alert in found.alerts for name in (alert.detection, *alert.also) if name.startswith(("zone.flow", "zone.conduit"))]
    assert told == ["zone.flow.forbidden"]


def test_all_samples_in_one_record(example: Site) -> None:
    """`otwatch replay --site configs/site.yaml pcaps/`: of what was done twice, in hours and out of them, the worst is shown."""
    found = flows(replay([FOLDER.parent], example, None))
    for name in CASES:
        later = {"f": CASES["f-night"], "j": CASES["j-later"]}.get(name, CASES[name])
        assert {flow: found.get(flow) for flow in later.verdicts} == later.verdicts


def test_a_the_office_reads_a_controller(example: Site) -> None:
    office, plc = "10.10.5.20", "10.22.1.15"
    verdict, told = _judged(example, read(office, plc), (office, plc, "modbus"))
    assert (verdict, told >= {"zone.flow.forbidden", "zone.level.skip"}) == ("forbidden n03", True)
    for tried in ([tcp(End(office, 4000), End(plc, 502), 1, flags=SYN)], refused(office, plc, 502)):
        verdict, told = _judged(example, tried, (office, plc, "modbus"))
        assert (verdict, told) == ("forbidden n03", {"zone.flow.forbidden"})


def test_a_attempts_count_one_severity_less(example: Site) -> None:
    severe = [max(alert.severity for alert in results(example, frames).alerts) for frames in (
        read("10.10.5.20", "10.22.2.15"), refused("10.10.5.20", "10.22.2.15", 502))]  # fmt: skip
    assert severe[1] < severe[0]


def test_b_a_server_that_may_not_write(example: Site) -> None:
    verdict, told = _judged(example, bacnet_write("10.20.1.12", "10.22.1.30", 10), ("10.20.1.12", "10.22.1.30", "bacnet"))
    assert verdict == "violation c01 write_hosts"
    found = results(example, bacnet_write("10.20.1.12", "10.22.1.30", 10))
    assert len(found.alerts) == 1
    assert told == {"bacnet.write.unexpected", "zone.conduit.violation"}
    assert flows(results(example, bacnet_write("10.20.1.10", "10.22.1.30", 8)))["10.20.1.10", "10.22.1.30", "bacnet"] == "allowed c01"
    stronger = flows(results(example, bacnet_write("10.20.1.10", "10.22.1.30", 7)))
    assert stronger["10.20.1.10", "10.22.1.30", "bacnet"] == "violation c01 strongest_bacnet_priority"


def test_c_a_broadcast_through_a_bbmd_is_its_origins(example: Site) -> None:
    told = results(example, [bacnet("10.22.1.254", "10.22.1.255", WHO_IS, origin="10.20.1.10")])
    found = flows(told)
    assert found["10.20.1.10", "10.22.1.255", "bacnet"] == "allowed c01"
    assert [flow for flow, verdict in found.items() if verdict != "not judged"] == [("10.20.1.10", "10.22.1.255", "bacnet")]
    (row,) = (row for row in told.links if row.client == "10.20.1.10")
    assert (row.via, row.codes) == (("10.22.1.254",), {"who-Is": 1})
    foreign = flows(results(example, [bacnet("10.22.1.254", "10.22.1.255", WHO_IS, origin="10.24.5.9")]))
    assert foreign["10.24.5.9", "10.22.1.255", "bacnet"] == "forbidden n05"


@pytest.mark.parametrize(("origin", "verdict"), [("10.20.1.10", "allowed c01"), ("10.24.5.9", "forbidden n05"), ("10.22.1.9", "intra")])
def test_c_what_a_bbmd_tells_everybody_is_told_in_its_own_zone(example: Site, origin: str, verdict: str) -> None:
    """To 255.255.255.255, which names no network: the domain is that of the BBMD (zones.md 9.3)."""
    found = flows(results(example, [bacnet("10.22.1.254", "255.255.255.255", WHO_IS, origin=origin)]))
    assert found[origin, "255.255.255.255", "bacnet"] == verdict


@pytest.mark.parametrize("notification", [COV, CONFIRMED_COV])
def test_d_a_controller_notifies(example: Site, notification: bytes) -> None:
    flow = ("10.22.1.40", "10.20.1.10", "bacnet")
    assert _judged(example, [bacnet("10.22.1.40", "10.20.1.10", notification)], flow) == ("allowed c02", set())


def test_e_time_from_the_internet(example: Site) -> None:
    outside, clock, breaker = "203.0.113.123", "10.20.4.10", "10.21.2.7"
    assert _judged(example, [ntp(outside, clock, 4)], (clock, outside, "ntp"))[0] == "allowed c21 op?"
    verdict, told = _judged(example, [ntp(outside, breaker, 4)], (breaker, outside, "ntp"))
    assert (verdict, "zone.flow.forbidden" in told) == ("forbidden n02", True)


def test_f_remote_maintenance_by_way_of_engineering(example: Site) -> None:
    first = asked("10.30.10.8", "10.20.3.5", 3389, *REMOTE_DESKTOP)
    frames = first + asked("10.20.3.5", "10.21.2.9", 502, *UMAS_STOP, begin=240 * SECOND)
    halves = (("10.30.10.8", "10.20.3.5", "rdp"), ("10.20.3.5", "10.21.2.9", "modbus"))
    day, night = results(example, frames), results(example, frames, began_ns=at("2026-10-13T23:00"))
    assert [flows(day)[half] for half in halves] == ["allowed c18 tls?", "allowed c13"]
    assert [flows(night)[half] for half in halves] == ["violation c18 window tls?", "violation c13 window"]
    (stop,) = (one for one in day.alerts if one.detection == "eng.mode.changed")
    assert stop.facts["via"] == "telemaint"
    assert "10.30.10.8" in stop.sentence["fr"]
    assert "zone.chain.jump" not in detections(day)
    assert "zone.conduit.violation" in detections(night) - detections(day)
    (chain,) = chains(Scene(day))
    assert (chain.key, chain.zones["from"], chain.assets["via"], chain.zones["to"]) == (
        "chain_declared", ("telemaint",), ("10.20.3.5",), ("bt",)
    )  # fmt: skip
    (visit,) = day.sessions
    assert visit.via == ("10.30.10.8",)


def test_g_a_unit_behind_a_gateway_is_in_its_own_zone(example: Site) -> None:
    frames = wrote("10.20.1.12", "10.20.1.60", "10000000010200ff", unit=17)
    found = results(example, frames)
    assert flows(found)["10.20.1.12", "10.20.1.60/unit 17", "modbus"] == "violation c09 op"
    assert {row.key: row.zone for row in found.assets}["10.20.1.60/unit 17"] == "bt"
    assert {row.key: row.zone for row in found.assets}["10.20.1.60"] == "supervision"


def test_h_a_camera_begins(example: Site) -> None:
    """It is known as one by the pictures it gives to the security desk."""
    camera, controller = "10.24.5.9", "10.22.1.30"
    seen = asked("10.20.2.50", camera, 554, *PICTURES)
    asks = [bacnet(camera, controller, READ_PROPERTY, at=30 * SECOND), bacnet(controller, camera, READ_ANSWER, at=31 * SECOND)]
    found = results(example, seen + asks)
    assert flows(found)[camera, controller, "bacnet"] == "forbidden n05"
    assert flows(found)["10.20.2.50", camera, "rtsp"] == "allowed c26"
    (one,) = (alert for alert in found.alerts if alert.client == camera)
    assert (one.detection, one.facts["rule"]) == ("zone.flow.forbidden", "n05")
    assert one.also == ("clear.ics.unprotected", "zone.camera.initiator")


def test_i_the_fire_panel_orders_and_takes_no_orders(example: Site) -> None:
    assert _judged(example, wrote("10.24.1.3", "10.24.2.10", "050001ff00"), ("10.24.1.3", "10.24.2.10", "modbus"))[0] == "allowed c25"
    verdict, told = _judged(example, wrote("10.24.2.10", "10.24.1.3", "050001ff00"), ("10.24.2.10", "10.24.1.3", "modbus"))
    assert (verdict, "zone.flow.forbidden" in told) == ("forbidden n04", True)


def test_j_a_window_excepts_from_a_never_rule_and_no_more(example: Site) -> None:
    flow, frames = ("10.20.1.12", "10.21.4.5", "modbus"), wrote("10.20.1.12", "10.21.4.5")
    assert _judged(example, frames, flow, at("2026-10-07T07:00"))[0] == "violation c10 op"
    assert _judged(example, frames, flow, at("2026-10-07T10:00"))[0] == "forbidden n09"
    inside, outside = (results(example, frames, began_ns=at(f"2026-10-07T{hour}:00")).alerts for hour in ("07", "10"))
    assert {("zone.conduit.violation" in one.also, one.severity, one.status) for one in inside} == {(True, Severity.LOW, "new")}
    assert {one.severity for one in outside} == {Severity.CRITICAL}
    works = example.interventions[0]._replace(
        start=datetime(2026, 10, 7, 6), end=datetime(2026, 10, 7, 9), sources=("10.20.1.12",), targets=("ge",), ops=frozenset({"WRITE"})
    )
    covered = results(example._replace(interventions=(works,)), frames, began_ns=at("2026-10-07T07:00")).alerts
    assert {(one.status, one.severity) for one in covered} == {("expected", Severity.INFO)}
