"""The lines that `otwatch explain` gives: put into the site file, the finding is gone. Proven by doing it, from packets."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from otwatch import pipeline
from otwatch.conclusions import Allowing
from otwatch.config import load_site
from otwatch.outputs.allowed import yaml
from otwatch.results import AlertRow, Results
from otwatch.results.findings import finding
from otwatch.zones.policy import Policy
from otwatch.zones.suggestion.allowing import STAYS, _address, allowing
from tests.conftest import ROOT
from tests.outputs.samples import asset

CAPTURE = ROOT / "pcaps" / "hospital.pcapng"
WHOLE = (ROOT / "configs" / "site.yaml").read_text()


def without(key: str, text: str) -> str:
    """A site file without one of its sections."""
    return re.sub(rf"^{key}:.*\n((?:[ #-].*)?\n)*", "", text, flags=re.MULTILINE)


SITES = {
    "whole": WHOLE,
    "nothing never": without("never", WHOLE) + "never: []\n",
    "conduits only": without("expected_writers", without("never", WHOLE)) + "never: []\n",
    "writers only": without("conduits", without("never", WHOLE)) + "never: []\n",
}


@cache
def heard(name: str, text: str, folder: Path) -> Results:
    path = folder / name
    path.write_text(text)
    return pipeline.replay((str(CAPTURE),), load_site(path), None)


def pasted(text: str, lines: str) -> str:
    """As a person does it: each section's lines at the end of the section of the same name."""
    for section in re.findall(r"^(\w+):\n((?:  - .*\n)+)", lines, re.MULTILINE):
        head = re.search(rf"^{section[0]}:\n(?:[ #].*\n|\n)*", text, re.MULTILINE)
        assert head, f"the file has no section {section[0]}"
        body = head[0].rstrip("\n").split("\n")
        while body[-1].startswith("#") or not body[-1]:
            body.pop()
        at = head.start() + len("\n".join(body)) + 1
        text = text[:at] + section[1] + text[at:]
    return text


def proposed(text: str, tmp_path: Path) -> list[tuple[AlertRow, Allowing]]:
    results = heard("site.yaml", text, tmp_path)
    policy = Policy(load_site(tmp_path / "site.yaml"))
    return [(alert, allowing(alert, results, policy)) for alert in results.alerts]


@pytest.mark.parametrize(("name", "most"), [("whole", 1), ("nothing never", 2), ("conduits only", 2), ("writers only", 1)])
def test_the_finding_is_gone_once_its_lines_are_in_the_file(name: str, most: int, tmp_path: Path) -> None:
    allowed = [(alert, found) for alert, found in proposed(SITES[name], tmp_path) if not found.hindrance]
    assert len(allowed) >= most
    for alert, found in allowed:
        lines = yaml(found)
        after = heard(f"{finding(alert)}.yaml", pasted(SITES[name], lines), tmp_path)
        same = {alert.detection, *alert.also}.difference(STAYS)
        left = [one for one in after.alerts if (one.client, one.server) == (alert.client, alert.server) and one.detection in same]
        assert not left, lines
        before = heard("site.yaml", SITES[name], tmp_path)
        others = [finding(one) for one in before.alerts if (one.client, one.server) != (alert.client, alert.server)]
        assert [one for one in others if one not in {finding(one) for one in after.alerts}] == [], "nothing else was let through"


def test_lines_are_as_narrow_as_the_finding(tmp_path: Path) -> None:
    alert, found = next(one for one in proposed(WHOLE, tmp_path) if one[0].detection == "bacnet.write.high_priority")
    assert yaml(found).splitlines()[-1] == (
        '  - {client: 10.20.1.10, server: 10.22.1.15, proto: bacnet, objects: ["binary-output:1"], '
        'properties: ["present-value"], strongest_priority: 1}'
    )
    (conduit,) = found.conduits
    assert (conduit.clients, conduit.servers, conduit.writers) == (("10.20.1.10",), ("10.22.1.15",), ("10.20.1.10",))
    assert alert.number


def test_what_no_line_allows(tmp_path: Path) -> None:
    found = {alert.detection: found for alert, found in proposed(WHOLE, tmp_path)}
    assert found["modbus.control.diagnostic"].hindrance == "act"
    assert found["cred.default.cleartext"].hindrance == "act"
    forbidden = found["modbus.write.unexpected"]
    assert (forbidden.hindrance, forbidden.conduits, forbidden.writers) == ("never", (), ())


def test_the_lines_of_the_file_that_are_contradicted(tmp_path: Path) -> None:
    text = WHOLE.splitlines()
    found = {alert.detection: found for alert, found in proposed(WHOLE, tmp_path)}
    rule, writers = found["modbus.write.unexpected"].contradicted
    assert (rule.key, text[rule.lines[0] - 1].strip()) == ("never", "- id: n03")
    assert (writers.key, "10.22.8.20" in text[writers.lines[0] - 1]) == ("writer", True)
    conduit, _ = found["bacnet.write.high_priority"].contradicted
    assert (conduit.key, conduit.rule, conduit.clauses) == ("conduit", "c01", ("strongest_bacnet_priority",))
    assert text[conduit.lines[1] - 1].strip().startswith("strongest_bacnet_priority: 8")
    undeclared = {alert.detection: found for alert, found in proposed(SITES["nothing never"], tmp_path)}
    assert "no_conduit" in {one.key for one in undeclared["modbus.write.unexpected"].contradicted}


def test_no_list_is_begun(tmp_path: Path) -> None:
    """The first line of a list would make everybody else unexpected."""
    found = {alert.detection: found for alert, found in proposed(SITES["writers only"], tmp_path)}
    assert found["modbus.write.unexpected"].hindrance == "list"
    bare = proposed(without("expected_writers", SITES["writers only"]), tmp_path)
    assert {found.hindrance for _, found in bare} <= {"list", "act"}


def test_who_is_in_no_zone_is_given_one_first(tmp_path: Path) -> None:
    text = SITES["nothing never"].replace("{cidr: 10.10.0.0/15}, ", "").replace("fallback: private", "ip: 192.0.2.1")
    found = {alert.detection: found for alert, found in proposed(text, tmp_path)}
    assert found["modbus.write.unexpected"].hindrance == "zone"


def test_a_host_is_named_by_the_nearest_address_it_stands_behind() -> None:
    chain = ("bacnet 1", "bacnet 2", "10.0.0.1", "10.0.0.2", "")
    assets = {key: asset(key, parent=parent) for key, parent in pairwise(chain)}
    assert _address("bacnet 1", assets) == "10.0.0.1"
