"""The site file: every fault of form and meaning is told with its line, all at once, in both languages."""

import string
from datetime import date
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from otwatch.alerts.detections import DETECTIONS
from otwatch.config import heard_site, load_site, read_site, words
from otwatch.config.site import Site
from otwatch.errors import ConfigError
from otwatch.events import Verb
from otwatch.words import Phrase

HEAD = "version: 1\nsite: {name: Test, timezone: Europe/Paris}\n"
ZONE = "zones:\n  - {id: a, kind: water, match: [{cidr: 10.0.1.0/24}]}\n"


def problems(tmp_path: Path, text: str, head: str = HEAD) -> list[str]:
    """Problems of a file as "line key where: given"."""
    path = tmp_path / "site.yaml"
    path.write_text(head + text, encoding="utf-8")
    found = read_site(path, date(2026, 10, 1))[1]
    return [" ".join((str(one.line), one.key, one.where, *map(_text, one.said.given.values()))).strip() for one in found]


def _text(value: str | float | Phrase) -> str:
    return value.text() if isinstance(value, Phrase) else str(value)


def site(tmp_path: Path, text: str) -> Site:
    path = tmp_path / "site.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_site(path, today=date(2026, 10, 1))


def test_a_message_says_where_what_and_what_would_be_right(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(HEAD + "zones:\n  - {id: a, kind: water}\n  - id: b\n    kind: ups\n    level: two\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_site(path)
    assert str(caught.value) == "site.yaml:7: zones[1].level: a number is expected, not 'two'"
    assert caught.value.text("fr") == "site.yaml:7: zones[1].level: un nombre est attendu, pas 'two'"


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = "zonse: []\nwindows:\n  - {id: w, from: '25:00'}\nretention_days: many\nzones:\n  - {id: A, kind: wat}\n"
    assert problems(tmp_path, text) == [
        "3 unknown_key  zonse  -> 'zones' ?",
        "5 clock windows[0].from 25:00",
        "5 window_days windows[0].days",
        "6 integer retention_days many 1 36500",
        "8 slug zones[0].id A",
        "8 unknown_word zones[0].kind wat unknown kind of zone  -> 'water' ?",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # the file and its form
        ("a: [", "4 not_yaml"),
        (ZONE + ZONE, "5 duplicate_key"),
        ("windows: &w []\nzones: *w\n", "4 alias"),
        ("windows: [{id: w, days: mon, from: 10:30}]\n", "3 sexagesimal windows[0].from 10:30"),
        ("assets: [{id: x, mac: 10:20:30:40:50:55}]\n", "3 sexagesimal assets[0].mac 10:20:30:40:50:55"),
        # a comma that was not quoted makes keys of the rest
        ("zones: [{id: a, name: GTB, GTC, kind: water, match: []}]\n", "3 unknown_key zones[0] GTC"),
        ("learning: 14\n", "3 mapping learning"),
        ("learning: {days: [1]}\n", "3 single learning.days"),
        ("learning: {writes_become_baseline: yes}\n", "3 boolean learning.writes_become_baseline yes"),
        ("learning: {start: 01/09/2026}\n", "3 date learning.start 01/09/2026"),
        ("time_sources: ntp1\n", "3 address time_sources ntp1"),
        ("conduits: [{id: c, from: a, to: a}]\n" + ZONE, "3 missing_key conduits[0] protocols"),
        ("scanners: [{ip: 10.0.0.1/24}]\n", "3 host_bits scanners[0].ip 10.0.0.1/24 10.0.0.0/24"),
        ("scanners: [{ip: 10.0.0.300}]\n", "3 cidr scanners[0].ip 10.0.0.300"),
        ("expected_writers: [{proto: modbus, client: 'a b'}]\n", "3 host expected_writers[0].client a b"),
        ("expected_writers: [{proto: modbus, unit: 9-300}]\n", "3 spans expected_writers[0].unit 9-300 0 255"),
        ("expected_writers: [{proto: modbus, values: {'1': [5, 2]}}]\n", "3 limits expected_writers[0].values.1"),
        ("assets: [{id: x, mac: 00-80-f4}]\n", "3 mac assets[0].mac 00-80-f4"),
        ("zones: [{id: a, kind: cctv, match: [{mac_oui: 0040}]}]\n", "3 oui zones[0].match[0].mac_oui 0040"),
        ("zones: [{id: a, kind: cctv, match: [{name: '('}]}]\n", "3 regex zones[0].match[0].name"),
        ("zones: [{id: a, kind: cctv, match: [{name: '(a+)+$'}]}]\n", "3 regex_repeat zones[0].match[0].name"),
        (f"zones: [{{id: a, kind: cctv, match: [{{name: {'x' * 201}}}]}}]\n", "3 regex_length zones[0].match[0].name"),
        ("zones: [{id: a, kind: cctv, level: 2.5}]\n", "3 word zones[0].level 2.5 0 1 2 3 3.5 4"),
        ("zones: [{id: a, kind: cctv, sl_t: {FR1: 1}}]\n", "3 missing_key zones[0].sl_t FR2"),
        ("interventions: [{id: i, start: now, end: later}]\n", "3 moment interventions[0].start now"),
        # meaning: zones.md 5.9
        ("zones:\n  - {id: a, kind: water}\n  - {id: a, kind: ups}\n", "5 duplicate_id zones[1].id a 4"),
        ("conduits: [{id: c, from: aa, to: a, protocols: [{proto: ssh}]}]\n" + ZONE, "3 unknown_reference conduits[0].from aa"),
        ("conduits:\n  - id: c\n    from: a\n    to: x\n    protocols: [{proto: ssh}]\n" + ZONE, "6 unknown_reference conduits[0].to x"),
        ("conduits: [{id: c, from: a, to: a, window: w, protocols: [{proto: ssh}]}]\n" + ZONE, "3 unknown_reference conduits[0].window w"),
        (
            "conduits: [{id: c, from: a, to: a, hosts_from: pc, protocols: [{proto: ssh}]}]\n" + ZONE,
            "3 unknown_reference conduits[0].hosts_from pc",
        ),
        ("never: [defaults, {id: n, from: any, to: nowhere}]\n", "3 unknown_reference never[1].to nowhere"),
        ("never: [{id: n, from: any, to: any, except_conduits: c}]\n", "3 unknown_reference never[0].except_conduits c"),
        ("scanners: [{ip: 10.0.0.1, window: w}]\n", "3 unknown_reference scanners[0].window w"),
        ("assets: [{id: x, ip: 10.0.0.1, zone: z}]\n", "3 unknown_reference assets[0].zone z"),
        ("zones:\n  - {id: a, kind: ups, match: [{cidr: 10.1.0.1/24}]}\n", "4 host_bits zones[0].match[0].cidr 10.1.0.1/24 10.1.0.0/24"),
        (
            ZONE + "  - id: b\n    kind: ups\n    match:\n      - {cidr: 10.0.1.0/24}\n",
            "8 same_network zones[1].match[0].cidr 10.0.1.0/24 a 4",
        ),
        ("zones: [{id: a, kind: watr}]\n", "3 unknown_word zones[0].kind watr unknown kind of zone  -> 'water' ?"),
        (
            "conduits: [{id: c, from: a, to: a, protocols: [{proto: mobdus}]}]\n" + ZONE,
            "3 unknown_word conduits[0].protocols[0].proto mobdus",
        ),
        (
            "conduits: [{id: c, from: a, to: a, protocols: [{proto: ssh, ops: RAED}]}]\n" + ZONE,
            "3 unknown_word conduits[0].protocols[0].ops RAED",
        ),
        (
            "conduits: [{id: c, from: a, to: a, protocols: [{proto: ssh}], expires: 2026-09-30}]\n" + ZONE,
            "3 expired conduits[0].expires 2026-09-30",
        ),
        ("windows: [{id: w, from: '08:00'}]\n", "3 window_days windows[0].days"),
        ("windows: [{id: w, days: mon, from: '08:00', to: '08:00'}]\n", "3 window_empty windows[0].to"),
        ("zones: [{id: a, kind: ups, match: [{priority: 1}]}]\n", "3 empty_rule zones[0].match[0]"),
        (
            "zones:\n  - {id: a, kind: ups, match: [{fallback: private}]}\n  - {id: b, kind: ups, match: [{fallback: private}]}\n",
            "5 fallback_twice zones[1].match[0].fallback private 4",
        ),
        ("zones: [{id: a, kind: serial_field, parent: b}, {id: b, kind: ups, parent: a}]\n", "3 parent_loop zones[0].parent a"),
        ("interventions: [{id: i, start: '2026-10-02T08:00', end: '2026-10-01T08:00'}]\n", "3 intervention_order interventions[0].end"),
        ("assets: [{id: x, name: nothing}]\n", "3 asset_key assets[0].id"),
    ],
)
def test_each_error_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    found = problems(tmp_path, text)
    assert any(one.startswith(told) for one in found), found


def test_the_frame_is_required(tmp_path: Path) -> None:
    assert problems(tmp_path, "", head="") == ["1 missing_key  version", "1 missing_key  site"]
    assert problems(tmp_path, "", head="version: 2\nsite: {name: x, timezone: Europe/Paris}\n") == ["1 version version 2"]
    assert problems(tmp_path, "", head="version: 1\nsite: {name: x, timezone: Europe/Pariss}\n") == [
        "2 timezone site.timezone Europe/Pariss  -> 'Europe/Paris' ?"
    ]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: cannot be read"):
        load_site(tmp_path / "none.yaml")


def test_an_empty_value_is_an_absent_key(tmp_path: Path) -> None:
    absent, null = (site(tmp_path, text)._replace(origin=("", "")) for text in ("windows:\nconduits:\n", "windows: ~\nconduits: null\n"))
    assert absent == null
    assert site(tmp_path, "conduits: []\n").conduits == ()
    assert site(tmp_path, "conduits:\n").conduits is None


def test_scalars_are_read_by_yaml_1_2(tmp_path: Path) -> None:
    text = "zones: [{id: on, kind: ups, name: no, match: [{bacnet: {network: 7, mac: 05}}]}]\nassets: [{id: '010', ip: 10.0.0.1, name: 01}]"
    read = site(tmp_path, text)
    zone = (read.zones or ())[0]
    assert (zone.id, zone.name, zone.match[0].bacnet and zone.match[0].bacnet.mac, read.assets[0].name) == ("on", "no", "05", "01")


def test_single_values_stand_for_lists_and_forms_are_normalised(tmp_path: Path) -> None:
    text = (
        ZONE
        + "conduits: [{id: c, from: a, to: a, hosts_to: 10.0.1.7, protocols: {proto: modbus, ops: READ, ports: 502-503}}]\n"
        + "expected_writers: [{proto: modbus, client: 10.0.0.0/8, unit: 1, addresses: '4000-4099,7', values: {'4000': [18, 26.5]}}]\n"
        + "assets: [{id: x, mac: 00-80-F4-01-02-03}]\n"
    )
    read = site(tmp_path, text)
    conduit, writer = (read.conduits or ())[0], read.expected_writers[0]
    assert (conduit.sources, conduit.hosts_to) == (("a",), (ip_network("10.0.1.7/32"),))
    assert (conduit.protocols[0].ops, conduit.protocols[0].ports) == (frozenset({"READ"}), ((502, 503),))
    assert (writer.unit, writer.addresses, writer.values) == (((1, 1),), ((4000, 4099), (7, 7)), ((4000, 18.0, 26.5),))
    assert read.assets[0].mac == "00:80:f4:01:02:03"


def test_networks_may_be_ipv6(tmp_path: Path) -> None:
    read = site(tmp_path, 'time_sources: ["fd00::1"]\nscanners: [{ip: "fd00::/64"}]\n')
    assert read.time_sources == (ip_address("fd00::1"),)
    assert problems(tmp_path, 'scanners: [{ip: "fd00::1/64"}]\n') == ["3 host_bits scanners[0].ip fd00::1/64 fd00::/64"]


def test_verbs_are_those_of_events() -> None:
    assert tuple(Verb) == words.VERBS


def test_findings_are_called_what_they_are() -> None:
    assert tuple(sorted(one.id for one in DETECTIONS)) == words.DETECTIONS


@pytest.mark.parametrize(("line", "fault"), [
    ("{detection: malf.fram, cap: low, reason: a}", "4 unknown_word caps[0].detection malf.fram unknown detection"),
    ("{detection: malf.frame, cap: critical, reason: a}", "4 word caps[0].cap critical"),
    ("{detection: malf.frame, cap: low}", "4 missing_key caps[0] reason"),
])  # fmt: skip
def test_a_cap_names_a_detection_and_a_reason(tmp_path: Path, line: str, fault: str) -> None:
    assert fault in problems(tmp_path, f"caps:\n  - {line}\n")[0]


@given(some.text(alphabet=string.printable, max_size=200))
def test_any_text_is_a_site_or_has_problems(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    read, found = read_site(path)
    assert read is not None or found
    assert all(problem.text(language) for problem in found for language in ("en", "fr"))


def test_what_time_alone_has_made_wrong_hinders_nobody_who_listens(tmp_path: Path) -> None:
    """But whoever makes rules of the file, or checks it, is told that it is wrong; and so is everybody of every other error."""
    path = tmp_path / "site.yaml"
    path.write_text(
        HEAD + "conduits: [{id: c, from: a, to: a, protocols: [{proto: ssh}], expires: 2026-09-30}]\n" + ZONE,
        encoding="utf-8",
    )
    told = "site.yaml:3: conduits[0].expires: expired on 2026-09-30; the conduit is closed"
    for today, past in ((date(2026, 9, 30), ()), (date(2026, 10, 1), (told,))):
        assert tuple(one.text() for one in heard_site(path, today)[1]) == past
    with pytest.raises(ConfigError, match="expired"):
        load_site(path, today=date(2026, 10, 1))
    path.write_text(path.read_text(encoding="utf-8") + "windows: [{id: w, from: '08:00'}]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"windows\[0\]"):
        heard_site(path, date(2026, 10, 1))
