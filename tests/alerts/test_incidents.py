"""One act, one incident."""

from typing import Any

import pytest

from otwatch.alerts.detections import DETECTIONS
from otwatch.alerts.incidents import rank
from otwatch.alerts.judge import Judge
from otwatch.alerts.model import Habit, Held, Setting
from otwatch.events import Point
from otwatch.results import AlertRow
from otwatch.sightings import Outcome, Sighting
from otwatch.zones.compare import Judged, Verdict
from tests.alerts import examples
from tests.alerts.examples import cip, command, connections, said, write
from tests.alerts.site import BEGIN, LATER, SECOND, THEATRE, FakeSite, asked, link, login, sighting

FORBIDDEN = Verdict(Judged.FORBIDDEN, "n03")


def rows(items: list[Any], site: FakeSite | None = None) -> tuple[AlertRow, ...]:
    judge = Judge(DETECTIONS, site or FakeSite())
    for item in items:
        judge.see(item)
    return judge.rows()


def update(service: int, **more: Any) -> Sighting:
    """A request of a firmware update."""
    name = f"Firmware update: service 0x{service:02x}"
    return sighting(asked("cip", "PROGRAM", name, service, point=Point("cip", name="0xa1/1")), service="enip", **more)


def test_order_of_specificity() -> None:
    names = ["cred.bacnet", "eng.mode.changed", "bacnet.lifesafety.operation", "bacnet.write.protective_property", "net.config.changed",
             "bacnet.write.high_priority", "bacnet.write.unexpected", "zone.internet.inbound", "zone.flow.forbidden",
             "zone.conduit.violation", "zone.level.skip", "zone.flow.undeclared", "clear.login"]  # fmt: skip
    assert sorted(names, key=rank) == names


def test_one_write_is_one_incident() -> None:
    violation = Verdict(Judged.VIOLATION, reasons=("strongest_bacnet_priority",), conduit="c01")
    (row,) = rows([*command(1)(), link(protocol="bacnet", verb="WRITE")], FakeSite(judged=violation))
    assert row.detection == "bacnet.write.high_priority"
    assert set(row.also) >= {"bacnet.write.unexpected", "zone.conduit.violation"}


def test_a_write_across_zones_is_as_serious_as_the_flow() -> None:
    alone = rows(write(outcome=Outcome.UNKNOWN)())
    (row,) = rows([*write(outcome=Outcome.UNKNOWN)(), link(verb="WRITE")], FakeSite(judged=FORBIDDEN))
    assert (alone[0].severity, row.severity) == (3, 4)
    assert row.detection == "modbus.write.unexpected"
    assert row.trace[-1] == "also:zone.flow.forbidden =4"
    assert row.facts["flows"] == "modbus"


def test_a_flow_of_the_gateway_belongs_to_the_act_behind_it() -> None:
    request = write(server="10.22.8.20/unit 5")()
    assert len(rows([*request, link(server="10.22.8.20", verb=None)], FakeSite(judged=FORBIDDEN))) == 1


def test_tries_of_a_sweep_are_part_of_it() -> None:
    tries = connections(12, 1)()
    flows = [link(server=one.conversation.server, verb=None, state="refused") for one in tries]
    (row,) = rows([*tries, *flows], FakeSite(judged=FORBIDDEN))
    assert (row.detection, row.times, row.also) == ("recon.net.sweep", 12, ("zone.flow.forbidden",))


def test_an_established_flow_is_not_hidden_by_a_sweep() -> None:
    tries = connections(12, 1)()
    found = rows([*tries, link(server="10.22.8.25", verb="READ")], FakeSite(judged=FORBIDDEN))
    assert {row.detection for row in found} == {"recon.net.sweep", "zone.flow.forbidden"}


def test_a_try_at_another_time_is_not_part_of_the_sweep() -> None:
    late = link(server="10.22.8.25", state="refused", time_ns=LATER + 3600 * SECOND)
    assert len(rows([*connections(12, 1)(), late], FakeSite(judged=FORBIDDEN))) == 2


def test_attempt_and_success_are_one_flow() -> None:
    (row,) = rows([link(state="attempt"), link(state="established", number=9)], FakeSite(judged=FORBIDDEN))
    assert (row.variant, row.times, len(row.frames)) == ("established", 2, 2)


def test_degrees_of_one_thing_are_one_finding() -> None:
    tries = [link("10.22.8.20", "8.8.8.8", state="attempt"), link("10.22.8.20", "8.8.8.8", number=9)]
    (row,) = rows(tries, FakeSite(judged=Verdict(Judged.UNDECLARED, reasons=("pair",))))
    assert (row.detection, row.variant, row.times) == ("zone.internet.outbound", "other", 2)


def test_one_service_on_the_internet_behind_many_units_is_one() -> None:
    links = [link("10.22.8.20", server) for server in ("8.8.8.8", "8.8.8.8/unit 1")]
    (row,) = rows(links, FakeSite(judged=Verdict(Judged.UNDECLARED, reasons=("pair",)), parts={"8.8.8.8/unit 1": "8.8.8.8"}))
    assert row.times == 2


def test_a_first_writer_who_goes_on_is_one_finding() -> None:
    site = FakeSite(declares=False, habits=Habit(0, 0, first_writer=True))
    judge = Judge(DETECTIONS, site)
    for number, others in ((1, 0), (2, 1)):
        site.habits = Habit(0, others, first_writer=True)
        judge.see(*write(number=number)())
    (row,) = judge.rows()
    assert (row.variant, row.times, [frame.number for frame in row.frames]) == ("success", 2, [1, 2])


def test_a_new_conversation_is_part_of_the_act_that_began_it() -> None:
    said = [*write(number=7)(), link(), link(verb="WRITE")]
    (row,) = rows(said, FakeSite(word="new"))
    assert (row.detection, row.also) == ("modbus.write.unexpected", ("inv.conversation.new", "inv.service.new", "zone.level.skip"))


def test_a_refused_write_is_not_told_as_accepted() -> None:
    found = rows([*write(number=1)(), *write(number=3, outcome=Outcome.ERROR, error_code="2")()])
    assert sorted((row.variant, row.times) for row in found) == [("failure", 1), ("success", 1)]


def test_what_a_device_refused_of_a_transfer_is_part_of_it() -> None:
    refused = update(0x51, number=1, outcome=Outcome.ERROR)
    accepted = update(0x4B, number=3)
    (row,) = rows([refused, accepted])
    assert (row.detection, row.variant, [frame.number for frame in row.frames]) == ("eng.firmware.update", "success", [3])
    (alone,) = rows([refused])
    assert alone.variant == "failure"


def test_a_transfer_refused_at_another_time_is_told() -> None:
    refused = update(0x51, outcome=Outcome.ERROR)
    later = update(0x4B, time_ns=LATER + 3600 * SECOND)
    assert {row.variant for row in rows([refused, later])} == {"failure", "success"}


def test_the_same_a_day_later_is_told_again() -> None:
    found = rows([*write()(), *write(time_ns=LATER + 2 * 86_400 * SECOND)()])
    assert [row.times for row in found] == [1, 1]


def test_what_is_at_stake_is_said_of_declared_zones_only() -> None:
    declared = rows(write(server="10.22.1.15")())[0].sentence
    guessed = FakeSite(zones={"10.22.1.15": THEATRE._replace(confidence=0.6)})
    suggested = rows(write(server="10.22.1.15")(), guessed)[0].sentence
    assert "patients" in declared["en"]
    assert "patients" not in suggested["en"]


def test_logins_stand_alone() -> None:
    items = [*write()(), sighting(login(), service="http"), link(verb="WRITE")]
    found = rows(items, FakeSite(judged=FORBIDDEN, secret=examples.DEFAULT["secret"]))
    assert {row.detection for row in found} == {"modbus.write.unexpected", "cred.default.cleartext"}


def test_a_clear_login_is_part_of_its_flow_or_of_the_act() -> None:
    items = [sighting(login(), service="http"), link(protocol="http", port=80)]
    (row,) = rows(items, FakeSite(judged=FORBIDDEN))
    assert (row.detection, row.also) == ("zone.flow.forbidden", ("clear.login", "zone.level.skip"))
    (act,) = rows([*items, *write()()], FakeSite(judged=FORBIDDEN))
    assert act.detection == "modbus.write.unexpected"
    assert "clear.login" in act.also


def test_a_storm_is_one_row_that_counts_all() -> None:
    servers = [f"10.22.8.{last}" for last in range(100, 160)]
    (row,) = rows([item for server in servers for item in write(server=server)()], FakeSite(zones={}))
    assert row.times == 60
    assert row.facts["others"] == "59"
    assert "59" in row.sentence["fr"]


def test_a_busy_hour_below_the_limit_stays_as_it_is() -> None:
    servers = [f"10.22.8.{last}" for last in range(100, 150)]
    assert len(rows([item for server in servers for item in write(server=server)()], FakeSite(zones={}))) == 50


@pytest.mark.parametrize(("items", "en", "fr"), [
    (cip("CONTROL", "Go to Program", 7, "0x8e/1"), "to stop its program (Go to Program).", "d'arrêter son programme (Go to Program)."),
    (cip("CONTROL", "PCCC: change mode", 0x80, "0x67/1"), "to change its mode (", "de changer de mode ("),
    (cip("CONTROL", "Reset", 5, "0x01/1", type="1"), "to go back to its factory settings (", "de revenir à ses réglages d'usine ("),
    (said("modbus", "CONTROL", "Restart", 8), "to restart its communication (", "de relancer sa communication ("),
    (said("ipmi", "CONTROL", "Chassis Control", 2), "to switch itself off (", "de s'éteindre ("),
], ids=["stop", "mode", "factory", "link", "off"])  # fmt: skip
def test_orders_are_said_in_words_of_people(items: examples.Items, en: str, fr: str) -> None:
    """Protocols have names of their own for them, which stand behind."""
    details = {"modbus": (("sub", "1"),), "ipmi": (("action", "power down"),)}
    (item,) = items()
    request = item.event._replace(details=item.event.details + details.get(item.event.protocol, ()))
    (row,) = [row for row in rows([item._replace(event=request)]) if row.detection.startswith("eng.")]
    for begun, told, sentence in ((" ordered ", en, row.sentence["en"]), (" a ordonné à ", fr, row.sentence["fr"])):
        assert begun in sentence
        assert told in sentence


def test_rows_are_numbered_by_severity_then_criticality() -> None:
    items = [*write(server="10.24.5.9", client="10.20.1.10")(), *write(server="10.22.1.15")(), *write(server="10.22.8.20")()]
    found = rows(items)
    assert [(row.number, row.server) for row in found] == [(1, "10.22.1.15"), (2, "10.22.8.20"), (3, "10.24.5.9")]
    assert [row.severity for row in found] == sorted((row.severity for row in found), reverse=True)


def test_objects_of_a_controller_set_in_one_session_are_one_finding() -> None:
    objects = [cip("WRITE", "Set Attribute List", 4, name)()[0] for name in ("0x8e/1/7", "0x77/1/5")]
    (row,) = rows(objects)
    assert (row.times, row.facts["point"]) == (2, "cip 0x77/1/5, cip 0x8e/1/7")
    assert "objet 0x77/1/5, objet 0x8e/1/7" in row.sentence["fr"]
    assert len(rows([*objects, *cip("WRITE", "Write Tag", 0x4D, "Setpoint")()])) == 2


def test_a_question_of_what_turned_out_to_be_the_supervision_is_none() -> None:
    site = FakeSite()
    judge = Judge(DETECTIONS, site)
    judge.see(*said("modbus", "DISCOVER", "Read Device Identification", 43, client="10.20.1.12")())
    assert [row.variant for row in judge.rows()] == ["identity"]
    site.found_roles = {"10.20.1.12": frozenset({"supervision"})}
    assert judge.rows() == ()


def test_a_write_says_what_stood_there_and_who_holds_it() -> None:
    """A manual override of three days, and the value before this one."""
    held = (Held(8, "10.20.1.10", "0", LATER - 3 * 86_400 * SECOND), Held(16, "10.20.1.11", "1", LATER - 300 * SECOND))
    (row,) = rows(command(16, "1")(), FakeSite(setting=Setting(4, BEGIN, "21.5", held)))
    assert "The value written before was 21.5." in row.sentence["en"]
    assert "priority 8 (manual override): 0, held by 10.20.1.10 for 3 days." in row.sentence["en"]
    assert "priorité 8 (forçage manuel) : 0, tenue par 10.20.1.10 depuis 3 jours." in row.sentence["fr"]
    assert "priority 16" not in row.sentence["en"].partition("array")[2]
