"""The declared site as an object: zones resolved, never rules by default, windows, writers."""

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from otwatch.config import words
from otwatch.config.site import Intervention, Site, Window, Writer
from otwatch.events import Point, Request, Verb
from otwatch.zones.policy import OUTSIDE_ID, UNKNOWN_ID, Placed, Policy, Zone, means
from otwatch.zones.policy.kinds import CRITICALITY, KINDS
from otwatch.zones.policy.windows import is_active, is_open
from otwatch.zones.policy.writers import allows
from tests.zones.conftest import at

PARIS = ZoneInfo("Europe/Paris")
ALL_KINDS = "zones:\n" + "".join(f"  - {{id: {kind}, kind: {kind}}}\n" for kind in KINDS)


def test_every_kind_has_its_row_and_every_criticality_its_meaning() -> None:
    assert tuple(KINDS) == words.KINDS
    assert tuple(sorted(CRITICALITY)) == words.CRITICALITIES
    assert all(kind.trust in words.TRUSTS and kind.level in words.LEVELS and kind.criticality in CRITICALITY for kind in KINDS.values())


def test_a_zone_is_its_kind_with_what_is_written(site_of: Callable[[str], Site]) -> None:
    text = "zones:\n - {id: a, kind: ups, level: 2, criticality: C1, trust: partner, sl_t: 4}\n - {id: b, kind: hvac_critical}\n"
    policy = Policy(site_of(text))
    a, b = policy.zone("a"), policy.zone("b")
    assert (a.level, a.criticality, a.trust, a.sl_t) == (2, "C1", "partner", (4,) * 7)
    assert (b.level, b.criticality, b.trust, b.sl_t, b.name) == (1, "C4", "internal", (3,) * 7, KINDS["hvac_critical"].fr)


def test_a_field_bus_inherits_from_its_parent(site_of: Callable[[str], Site]) -> None:
    text = (
        "zones:\n - {id: a, kind: metering, criticality: C4}\n - {id: b, kind: serial_field, parent: a}\n - {id: c, kind: serial_field}\n"
    )
    policy = Policy(site_of(text))
    assert [(policy.zone(name).criticality, policy.zone(name).sl_t[0]) for name in "bc"] == [("C4", 1), ("C2", 2)]


def test_zones_that_are_not_declared(site_of: Callable[[str], Site]) -> None:
    policy = Policy(site_of(""))
    assert (policy.zone(UNKNOWN_ID).kind, policy.zone("gone").kind, policy.zone(OUTSIDE_ID).kind) == ("unknown", "unknown", "internet")


# -- never rules (zones.md 4.2): source kind, target kind, verb -> the rules that are about it ------------------------------------------


@pytest.mark.parametrize(
    ("source", "target", "rules"),
    [
        ("internet", "supervision", "d01"),
        ("wifi_guest", "ups", "d01 d03 d05 d10"),
        ("third_party", "remote_maintenance", ""),
        ("internet", "dmz_itot", ""),
        ("supervision", "internet", "d02"),
        ("dmz_itot", "internet", ""),
        ("office_it", "supervision", "d03"),
        ("hospital_is", "water", "d03 d10"),
        ("telephony", "nurse_call", "d03 d10"),
        ("office_it", "dmz_itot", ""),
        ("engineering", "fire_safety", "d04"),
        ("engineering", "generators", "d05"),
        ("engineering", "electrical_lv", ""),
        ("cctv", "hvac_critical", "d06 d10"),
        ("energy_mgmt", "electrical_lv", "d06 d10"),
        ("access_control", "hvac_general", "d10"),
        ("biomedical", "cold_chain", "d07 d10"),
        ("biomedical", "supervision", ""),
        ("nurse_call", "hospital_is", "d08"),
        ("water", "office_it", "d08"),
        ("remote_maintenance", "hvac_general", "d09 d10"),
        ("remote_maintenance", "engineering", ""),
        ("supervision", "water", "d10"),
        ("engineering", "water", ""),
        ("engineering", "medical_gases", "d11"),
    ],
)
def test_default_never_rules(site_of: Callable[[str], Site], source: str, target: str, rules: str) -> None:
    policy = Policy(site_of(ALL_KINDS))
    assert " ".join(rule.id for rule in policy.never if means(rule, policy.zone(source), policy.zone(target))) == rules


def test_default_rules_about_verbs(site_of: Callable[[str], Site]) -> None:
    rules = {rule.id: rule.ops for rule in Policy(site_of("")).never}
    changes = frozenset({"WRITE", "CONTROL", "PROGRAM", "ADMIN"})
    assert {name: ops for name, ops in rules.items() if ops} == {"d04": changes, "d05": changes, "d10": {"PROGRAM"}, "d11": changes}
    assert tuple(rules) == tuple(f"d{number:02}" for number in range(1, 12))


def test_a_list_replaces_the_defaults_and_the_word_keeps_them(site_of: Callable[[str], Site]) -> None:
    own = "{id: n, from: any, to: {criticality_min: C4, kind: [ups, water]}}"
    assert [rule.id for rule in Policy(site_of(f"never: [{own}]\n")).never] == ["n"]
    assert len(Policy(site_of(f"never: [defaults, {own}]\n")).never) == 12
    assert Policy(site_of("never: []\n")).never == ()


def test_keys_of_a_side_are_and_lists_inside_are_or(site_of: Callable[[str], Site]) -> None:
    text = (
        ALL_KINDS
        + "never: [{id: n, from: {trust: [partner, care], level_min: 1, level_max: 3.5}, to: {criticality_min: C4, kind: [ups, cctv]}}]\n"
    )
    policy = Policy(site_of(text))
    pairs = {(a, b) for a in KINDS for b in KINDS if means(policy.never[0], policy.zone(a), policy.zone(b))}
    assert pairs == {(a, "ups") for a in ("remote_maintenance", "energy_mgmt", "sterilization", "nurse_call")}


# -- windows (5.6) ----------------------------------------------------------------------------------------------------------------------

NIGHT = Window("night", days=("mon",), opens=22 * 60, closes=6 * 60)


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-10-12T21:59", False),  # a Monday
        ("2026-10-12T22:00", True),
        ("2026-10-13T05:59", True),
        ("2026-10-13T06:00", False),
        ("2026-10-12T05:00", False),
        ("2026-10-13T23:00", False),
    ],
)
def test_what_crosses_midnight_belongs_to_the_day_it_opened(local: str, expected: bool) -> None:
    assert is_open(NIGHT, at(local), PARIS) is expected


def test_days_or_dates_in_local_time() -> None:
    window = Window("w", days=("sun",), dates=(date(2026, 10, 7),), opens=0, closes=1440)
    assert is_open(window, at("2026-10-07T00:00"), PARIS)
    assert is_open(window, at("2026-10-11T23:59"), PARIS)
    assert not is_open(window, at("2026-10-08T00:00"), PARIS)


def test_local_time_follows_summer_time() -> None:
    office = Window("w", days=words.DAYS, opens=8 * 60, closes=9 * 60)
    summer, winter = 1_783_000_000 // 86_400 * 86_400, 1_796_000_000 // 86_400 * 86_400
    assert [is_open(office, (summer + hour * 3600) * 10**9, PARIS) for hour in (6, 7)] == [True, False]
    assert [is_open(office, (winter + hour * 3600) * 10**9, PARIS) for hour in (6, 7)] == [False, True]


@given(some.integers(0, 2**62), some.integers(0, 1439), some.integers(0, 1439))
def test_a_window_and_its_complement_share_no_moment(time_ns: int, opens: int, closes: int) -> None:
    if opens != closes:
        every = Window("w", days=words.DAYS, opens=opens, closes=closes)
        assert is_open(every, time_ns, PARIS) != is_open(every._replace(opens=closes, closes=opens), time_ns, PARIS)


def test_interventions_with_an_offset_are_exact(site_of: Callable[[str], Site]) -> None:
    works = site_of('interventions: [{id: i, start: "2026-10-12T08:00+00:00", end: "2026-10-12T09:00Z"}]\n').interventions[0]
    assert [is_active(works, at(f"2026-10-12T{hour}:30"), PARIS) for hour in ("08", "09", "10", "11")] == [False, False, True, False]


def test_an_intervention_names_zones_or_assets(site_of: Callable[[str], Site]) -> None:
    text = 'assets: [{id: ahu, ip: 10.0.0.7}]\ninterventions: [{id: i, start: "2026-10-12", end: "2026-10-13", targets: ahu}]\n'
    policy = Policy(site_of(text))
    zone: Zone = policy.zone("")
    found: list[Intervention | None] = [
        policy.intervention(Placed("10.0.0.1", "10.0.0.1", zone), Placed(ip, ip, zone), Verb.WRITE, at("2026-10-12T10:00"))
        for ip in ("10.0.0.7", "10.0.0.8")
    ]
    assert [works is not None for works in found] == [True, False]


# -- expected writers (5.7) -------------------------------------------------------------------------------------------------------------

MODBUS = Writer("modbus", unit=((1, 4),), fc=(16,), addresses=((100, 110),), values=((105, 0, 50),))
MULTIPLE = Request(
    "modbus", Verb.WRITE, "Write Multiple Registers", 16, ("unit 2",), (), (Point("holding-register", 104, 3),), ("1", "50", "9999")
)
BACNET = Writer("bacnet", objects=("analog-value:*", "binary-output:3"), properties=("present-value",), strongest_priority=8)
COMMAND = Request("bacnet", Verb.WRITE, "writeProperty", 15, (), (), (Point("analog-value", 7, part="present-value"),), ("21.5",), 8)
CIP = Writer("cip", paths=("tag:AHU*", "4/101/*"), services=(0x4D, 0x10))
TAG = Request("cip", Verb.WRITE, "Write Tag", 0x4D, points=(Point("tag", name="AHU1_SP"),), values=("21.5",))
SNMP = Writer("snmp", oids=("1.3.6.1.4.1.318",))
SET = Request("snmp", Verb.WRITE, "Set", 3, points=(Point("oid", name="1.3.6.1.4.1.318.1.1"),))


@pytest.mark.parametrize(
    ("line", "request_", "expected"),
    [
        (MODBUS, MULTIPLE, True),
        (MODBUS, MULTIPLE._replace(values=("1 50 9999",)), True),
        (MODBUS, MULTIPLE._replace(values=("1", "51", "9999")), False),
        (MODBUS, MULTIPLE._replace(values=("1",)), False),  # the value of 105 cannot be shown
        (MODBUS, MULTIPLE._replace(points=()), False),
        (MODBUS, MULTIPLE._replace(points=(Point("holding-register", 109, 3),)), False),
        (MODBUS, MULTIPLE._replace(target=("unit 5",)), False),
        (MODBUS, MULTIPLE._replace(target=()), False),
        (MODBUS, MULTIPLE._replace(code=6), False),
        (MODBUS, MULTIPLE._replace(protocol="umas"), False),
        (BACNET, COMMAND, True),
        (BACNET, COMMAND._replace(priority=None), True),  # clause 19.2: 16
        (BACNET, COMMAND._replace(priority=7), False),
        (BACNET, COMMAND._replace(points=(Point("analog-value", 7, part="present-value[2]"),)), True),
        (BACNET, COMMAND._replace(points=(Point("analog-value", 7, part="object-name"),)), False),
        (BACNET, COMMAND._replace(points=(Point("binary-output", 4, part="present-value"),)), False),
        (BACNET, COMMAND._replace(points=(*COMMAND.points, Point("binary-output", 4, part="present-value"))), False),
        (CIP, TAG, True),
        (CIP._replace(proto="enip"), TAG, True),  # CIP travels in EtherNet/IP
        (CIP, TAG._replace(points=(Point("tag", name="PUMP"),)), False),
        (CIP, TAG._replace(code=0x4E), False),
        (CIP, TAG._replace(points=(Point("cip", name="0x04/101/3"),), code=0x10), True),
        (CIP, TAG._replace(points=(Point("cip", name="0x04/102/3"),), code=0x10), False),
        (SNMP, SET, True),
        (SNMP, SET._replace(points=(Point("oid", name="1.3.6.1.4.1.3180.1"),)), False),
        (Writer("umas", areas=("%MW100-199",)), Request("umas", Verb.WRITE, "w", 0x37, points=(Point("%MW", 150, 50),)), True),
        (Writer("umas", areas=("%MW100-199",)), Request("umas", Verb.WRITE, "w", 0x37, points=(Point("%MW", 150, 51),)), False),
        (Writer("knx", groups=("1/2/*",)), Request("knx", Verb.WRITE, "w", 0x80, points=(Point("group", name="1/2/7"),)), True),
        (Writer("modbus"), MULTIPLE, True),
    ],
)
def test_writers(line: Writer, request_: Request, expected: bool) -> None:
    assert allows(line, request_) is expected


def test_writers_by_host_and_window(site_of: Callable[[str], Site]) -> None:
    text = (
        "assets: [{id: gtb, ip: 10.0.0.1}]\nwindows: [{id: w, days: mon, to: '12:00'}]\n"
        "expected_writers: [{proto: modbus, client: gtb, server: 10.1.0.0/16, window: w}]\n"
    )
    policy, monday = Policy(site_of(text)), at("2026-10-12T10:00")
    assert policy.expected(MULTIPLE, "10.0.0.1", "10.1.2.3/unit 2", monday) == "expected_writers[0]"
    assert policy.expected(MULTIPLE, "gtb", "10.1.2.3", monday) == "expected_writers[0]"
    assert policy.expected(MULTIPLE, "10.0.0.2", "10.1.2.3", monday) is None
    assert policy.expected(MULTIPLE, "10.0.0.1", "10.2.2.3", monday) is None
    assert policy.expected(MULTIPLE, "10.0.0.1", "10.1.2.3", at("2026-10-12T12:00")) is None


def test_what_vital_zones_depend_on_counts_one_less(site_of: Callable[[str], Site]) -> None:
    """A lost time server in front of C4 zones counts C3 (zones.md 3.2)."""
    text = "zones:\n - {id: t, kind: time_ntp, criticality: C1}\n - {id: w, kind: water, criticality: C1}\n"
    policy = Policy(site_of(text + " - {id: b, kind: hvac_critical, depends_on: [t, w]}\n"))
    assert [policy.needed(policy.zone(zone)) for zone in ("t", "w", "b")] == ["C3", "", ""]
    assert Policy(site_of(text)).needed(policy.zone("t")) == ""
