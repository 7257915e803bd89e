"""What keeps a level down (domain/zones.md 12): every cap, and what is none."""

import pytest

from otwatch.outputs.wording import Words
from otwatch.results import AlertRow, AttributeRow, LinkRow
from otwatch.sightings import Frame
from otwatch.zones.analyses.caps import RULES
from otwatch.zones.analyses.scene import Scene
from tests.outputs.samples import BEGIN_NS
from tests.zones.analyses.marks import READ, heard, marks_of, told
from tests.zones.scenes import DAY, MINUTE, flow

FRS = ("FR1", "FR2", "FR3", "FR4", "FR5", "FR6", "FR7")


@pytest.mark.parametrize(
    ("flows", "alerts", "requirement", "most", "cap"),
    [
        ((READ,), (told("cred.default.cleartext", "success"),), "FR1", 0, "default_secret"),
        ((READ,), (told("cred.default.challenge", "success"),), "FR1", 0, "default_secret"),
        ((READ,), (told("cred.vnc", "success"),), "FR1", 0, "screen_open"),
        ((READ,), (told("clear.management", "open_video"),), "FR1", 0, "video_open"),
        ((READ,), (told("s7.write.unexpected", "success"),), "FR2", 1, "unexpected_writes"),
        ((READ,), (told("integ.arp.diverted", "diverted"),), "FR3", 0, "arp_spoof"),
        ((READ,), (told("integ.bacnet.dup_instance", "duplicate"),), "FR3", 1, "duplicate"),
        ((READ,), (told("zone.multihomed", "two_addresses", client_zone="air", server_zone="office"),), "FR5", 1, "two_legs"),
        ((READ,), (told("zone.flow.undeclared", "shared"),), "FR5", 1, "shared_vlan"),
        ((READ,), (told("cred.bacnet", "none"),), "FR1", 0, "no_password"),
        ((READ,), (told("cred.snmp", "set"),), "FR1", 0, "snmp_set"),
        ((READ,), (told("cred.controller", "default"),), "FR1", 0, "controller_open"),
        ((READ,), (told("cred.controller", "open"),), "FR2", 1, "no_reservation_password"),
        ((READ,), (told("integ.dup.ip", "ip"),), "FR3", 1, "duplicate"),
        ((flow("sup.1 > air.1", writes=1),), (), "FR1", 1, "unauthenticated_writes"),
        ((READ,), (told("cred.bruteforce", "failing"),), "FR1", 1, "no_lockout"),
        ((flow("remote.1 > air.1", protocol="rdp", port=3389),), (), "FR1", 1, "remote"),
        ((READ,), (told("eng.program.download", "success"),), "FR2", 0, "outsiders_program"),
        ((READ,), (told("modbus.write.unexpected", "success"),), "FR2", 1, "unexpected_writes"),
        ((flow("sup.1 > air.1"),), (), "FR3", 1, "clear_crossing"),
        ((READ,), (told("inv.firmware.changed", "upgrade"),), "FR3", 1, "firmware"),
        ((READ,), (told("clear.login", "clear"),), "FR4", 0, "login_crossing"),
        ((READ,), (told("clear.login", "clear", client_zone="air"),), "FR4", 1, "login_inside"),
        ((flow("air.1 > net.1", protocol="https", port=443),), (), "FR5", 0, "internet"),
        ((flow("office.1 > air.1", protocol="https", port=443),), (), "FR5", 0, "office"),
        ((READ._replace(verdict="undeclared"),), (), "FR5", 1, "undeclared"),
    ],
)
def test_caps(flows: tuple[LinkRow, ...], alerts: tuple[AlertRow, ...], requirement: str, most: int, cap: str) -> None:
    mark = marks_of(heard(*flows, alerts=alerts))[requirement]
    assert cap in {one.key for one in mark.caps}
    assert (mark.reached, mark.status, mark.gap) == (most, "proven_gap", 2 - most)
    assert all(one.alerts or one.frames for one in mark.caps)


@pytest.mark.parametrize(
    "one",
    [
        told("cred.default.cleartext", "failure"),
        told("cred.default.cleartext", "success", status="expected"),
        told("cred.default.cleartext", "success", client_zone="air", server_zone="sup"),
        told("cred.default.cleartext", "success", last_ns=BEGIN_NS - 31 * DAY),
        told("eng.program.download", "success", client_zone="eng"),
    ],
)
def test_what_is_no_cap(one: AlertRow) -> None:
    assert {mark.reached for mark in marks_of(heard(READ, alerts=(one,))).values()} == {None}


def test_a_host_that_has_just_come_is_transient_only_where_listening_had_begun_before() -> None:
    change = flow("eng.1 > air.1", minute=3 * 1440, writes=1)
    made = heard(change, days=5)
    for came_ns, keys in ((BEGIN_NS, set()), (change.first_ns - DAY // 2, {"transient"}), (change.first_ns - 2 * DAY, set())):
        rows = tuple(row._replace(first_ns=came_ns if row.key == "eng.1" else BEGIN_NS) for row in made.results.assets)
        found = marks_of(Scene(made.results._replace(assets=rows)))["FR2"]
        assert {cap.key for cap in found.caps} == keys


def test_backups_by_ftp_alone() -> None:
    ftp, ssh = flow("sup.1 > air.1", protocol="ftp", port=21), flow("eng.1 > air.1", protocol="ssh", port=22)
    clock = flow("air.1 > ntp.1", protocol="ntp", port=123)
    for flows, reached in (((ftp, clock), 1), ((ftp, ssh, clock), 2)):
        assert marks_of(heard(*flows, days=15))["FR7"].reached == reached


TLS = flow("sup.1 > air.1", protocol="https", port=443)
FTP_LOGIN = {"facts": {"user": "admin"}}


def _said(name: str, value: str, source: str = "tls hello") -> AttributeRow:
    return AttributeRow("air.1", name, value, source, "self", True, Frame("a.pcap", 9), BEGIN_NS, BEGIN_NS)


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ((_said("dialect", "TLS 1.0"),), {"old_tls"}),
        ((_said("dialect", "TLS 1.2"),), set()),
        ((_said("dialect", "TLS 1.0", "ssh banner"),), set()),
        ((_said("issuer", "self-signed", "tls certificate"), _said("valid_until", "2019-01-01", "tls certificate")), {"old_tls"}),
        ((_said("issuer", "self-signed", "tls certificate"), _said("valid_until", "2099-01-01", "tls certificate")), set()),
        ((_said("issuer", "Hospital CA", "tls certificate"), _said("valid_until", "2019-01-01", "tls certificate")), set()),
    ],
)
def test_tls_that_is_too_old(said: tuple[AttributeRow, ...], keys: set[str]) -> None:
    made = Scene(heard(TLS).results._replace(attributes=said))
    assert {cap.key for cap in marks_of(made)["FR4"].caps} == keys


@pytest.mark.parametrize(("hosts", "keys"), [(3, {"shared_account"}), (2, set())])
def test_an_account_that_many_use(hosts: int, keys: set[str]) -> None:
    logins = tuple(told("clear.login", "clear", client=f"sup.{at}", server="air.1", facts={"user": "admin"}) for at in range(hosts))
    assert {cap.key for cap in marks_of(heard(READ, alerts=logins))["FR1"].caps} == keys


@pytest.mark.parametrize(
    ("more", "keys"),
    [
        ({"verbs": {"SESSION": 1}}, {"shell_open"}),
        ({"verbs": {"SESSION": 1, "AUTH": 1}}, set()),
        ({"verbs": {"SESSION": 1}, "role": "port"}, set()),
        ({"verbs": {"SESSION": 1}, "bytes_received": 90}, set()),
    ],
)
def test_a_shell_that_asks_nobody(more: dict[str, object], keys: set[str]) -> None:
    shell = flow("sup.1 > air.1", **({"protocol": "telnet", "port": 23, "role": "syn", "bytes_received": 4000} | more))
    assert {cap.key for cap in marks_of(heard(shell))["FR1"].caps} == keys


@pytest.mark.parametrize(("minutes", "keys"), [(10, {"fell_over"}), (90, set()), (-10, set())])
def test_a_device_that_fell_over_what_was_malformed(minutes: int, keys: set[str]) -> None:
    flaw = told("malf.frame", "fuzzing", server="air.1")
    silent = told("avail.polling.stopped", "server_stopped", server="air.1", first_ns=BEGIN_NS + minutes * MINUTE)
    found = {cap.key for cap in marks_of(heard(READ, alerts=(flaw, silent)))["FR3"].caps}
    assert found == keys


@pytest.mark.parametrize(("zone", "status", "keys"), [("air", "new", {"pressed"}), ("air", "closed", set()), ("light", "new", set())])
def test_what_presses_vital_zones_until_somebody_settles_it(zone: str, status: str, keys: set[str]) -> None:
    clock = (flow(f"{zone}.1 > ntp.1", protocol="ntp", port=123), flow(f"sup.1 > {zone}.1"))
    storm = told("avail.exception.storm", "storm", server=f"{zone}.1", server_zone=zone, status=status)
    assert {cap.key for cap in marks_of(heard(*clock, alerts=(storm,), days=15), zone)["FR7"].caps} == keys


def test_assets_of_which_nothing_is_known() -> None:
    clock = (flow("air.1 > ntp.1", protocol="ntp", port=123), READ)
    made = heard(*clock, days=15)
    bare = tuple(row._replace(vendor="", product="", name="", roles=()) for row in made.results.assets)
    for rows, keys in ((made.results.assets, set()), (bare, {"nobody_knows"})):
        assert {cap.key for cap in marks_of(Scene(made.results._replace(assets=rows)))["FR7"].caps} == keys


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_cap_has_its_words(language: str) -> None:
    words = Words(language)
    assert all(words(f"level.cap.{rule.key}") for rule in RULES)


def test_every_requirement_has_a_rule_and_no_rule_promises_more_than_one() -> None:
    assert {rule.requirement for rule in RULES} == set(FRS)
    assert {rule.most for rule in RULES} == {0, 1}
