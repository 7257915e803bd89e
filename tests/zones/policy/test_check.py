"""Every warning of domain/zones.md 5.9, with its line."""

from pathlib import Path

import pytest

from otwatch.zones.policy.check import check_site
from tests.zones.conftest import HEAD

TWO = "zones:\n  - {id: a, kind: supervision, match: [{cidr: 10.1.0.0/24}]}\n  - {id: b, kind: ups, match: [{cidr: 10.2.0.0/24}]}\n"

ANY_TO_UPS = (
    "7 warning contradicted conduits[0] d05 a b; 7 warning contradicted conduits[0] d10 a b; "
    "10 warning any_protocol conduits[0].protocols b C4"
)


def warnings(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "site.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return [" ".join((str(one.line), one.severity, one.key, one.where, *map(str, one.said.given.values()))) for one in check_site(path)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            TWO + "conduits:\n  - {id: c, from: a, to: b, protocols: [{proto: snmp, ops: WRITE}]}\n",
            "7 warning contradicted conduits[0] d05 a b",
        ),
        ("zones: [{id: a, kind: ups}]\n", "3 warning no_match zones[0].id a"),
        (
            TWO + "conduits:\n  - id: c\n    from: a\n    to: b\n    protocols: {proto: any}\n",
            ANY_TO_UPS,
        ),
        (
            TWO + "conduits: [{id: c, from: b, to: a, protocols: [{proto: ssh, ops: ANY}]}]\n",
            "6 warning any_without_window conduits[0].protocols",
        ),
        (TWO + "assets: [{id: x, ip: 10.3.0.1, zone: a}]\n", "6 warning pin_outside assets[0].zone 10.3.0.1 a"),
        (
            "zones:\n  - {id: a, kind: cctv, match: [{vlan: 7}]}\n  - {id: b, kind: ups, match: [{vlan: [6, 7], role: ups}]}\n",
            "5 warning shared_vlan zones[1].match[0].vlan 7 a",
        ),
        ("retention_days: 30\n", "3 warning retention retention_days 30"),
    ],
)
def test_each_warning_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    assert "; ".join(warnings(tmp_path, text)) == told


def test_no_contradiction_where_the_rule_excepts_the_conduit_or_another_verb_is_meant(tmp_path: Path) -> None:
    conduit = (
        TWO + "conduits: [{id: c, from: a, to: b, protocols: [{proto: snmp, ops: %s}]}]\nnever: [{id: n, from: a, to: b, ops: WRITE%s}]\n"
    )
    assert warnings(tmp_path, conduit % ("WRITE", "")) != []
    assert warnings(tmp_path, conduit % ("WRITE", ", except_conduits: c")) == []
    assert warnings(tmp_path, conduit % ("READ", "")) == []


def test_errors_come_before_warnings(tmp_path: Path) -> None:
    assert warnings(tmp_path, "retention_days: 30\nzones: [{id: a, kind: x}]\n")[0].startswith("4 error unknown_word")
