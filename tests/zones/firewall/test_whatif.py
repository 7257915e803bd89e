"""What was seen, held against a site file and against a firewall: which flows would break."""

from pathlib import Path

import pytest

from otwatch import pipeline
from otwatch.config.site import Site
from otwatch.outputs.firewall import as_nftables
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from otwatch.results import Results
from otwatch.zones.firewall.permits import propose
from otwatch.zones.firewall.whatif import held_against, identified
from otwatch.zones.matching.conditions import Identified
from otwatch.zones.policy import Policy
from tests.cli.commands import HOSPITAL_PCAP, SITE
from tests.outputs.samples import asset
from tests.zones.scenes import flow, keys, scene


@pytest.fixture(scope="module")
def found(example: Site) -> Results:
    return pipeline.replay([HOSPITAL_PCAP], example, None)


def test_the_file_itself_breaks_nothing(found: Results) -> None:
    summary, *others = held_against(Path(SITE), found)
    assert summary.numbers["breaks"] == 0
    assert {one.assets["example"] for one in others if one.key == "stops"} == {("10.10.5.20", "10.22.8.20")}


def test_the_one_flow_that_a_policy_breaks_is_found(found: Results, tmp_path: Path) -> None:
    text = Path(SITE).read_text(encoding="utf-8")
    without = "\n".join(line for line in text.splitlines() if "id: c11" not in line)
    assert without != text
    path = tmp_path / "site.yaml"
    path.write_text(without, encoding="utf-8")
    broken = [one for one in held_against(path, found) if one.key == "breaks"]
    assert [(one.assets["example"], one.words["protocol"], one.words["why"]) for one in broken] == [
        (("10.20.1.11", "10.21.4.40"), "snmp", "undeclared pair")
    ]


def test_a_narrower_file_never_lets_more_pass(found: Results, tmp_path: Path) -> None:
    lines = Path(SITE).read_text(encoding="utf-8").splitlines()
    all_pass = held_against(Path(SITE), found)[0].numbers["passed"]
    for name in ("c01", "c03", "c05", "c09", "c13", "c20"):
        path = tmp_path / f"{name}.yaml"
        path.write_text("\n".join(line for line in lines if f"id: {name}," not in line), encoding="utf-8")
        assert held_against(path, found)[0].numbers["passed"] <= all_pass


RULES = """*filter
:FORWARD DROP [0:0]
-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
-A FORWARD -s 10.0.0.1/32 -p tcp -m tcp --dport 502 -j ACCEPT
-A FORWARD -s 10.0.0.0/24 -p tcp -m tcp --dport 80 -j ACCEPT
-A FORWARD -s 10.0.0.1/32 -p tcp -m tcp --dport 502 -j DROP
-A FORWARD -i eth0 -j ACCEPT
COMMIT
"""


def test_a_firewall(tmp_path: Path) -> None:
    path = tmp_path / "saved"
    path.write_text(RULES, encoding="utf-8")
    rows = scene(flow("sup.1 > air.1"), flow("sup.1 > air.2", port=80, protocol="http"), flow("air.1 > air.2")).results
    placed = {"sup.1": "10.0.0.1", "air.1": "10.1.0.1", "air.2": "10.1.0.2"}
    rows = rows._replace(assets=tuple(row._replace(address=placed[row.key]) for row in rows.assets))
    summary, *others = held_against(path, rows)
    assert (summary.numbers["passed"], summary.numbers["breaks"]) == (2, 0)
    assert [(one.key, one.words["rule"]) for one in others] == [("rule_contradicted", "FORWARD 4"), ("rule_unused", "FORWARD 5")]
    path.write_text(RULES.replace("--dport 80", "--dport 81"), encoding="utf-8")
    assert keys(list(held_against(path, rows)))[:2] == ["summary_firewall", "unsure"]
    path.write_text(RULES.replace("--dport 80", "--dport 81").replace("-i eth0 -j ACCEPT", "-j DROP"), encoding="utf-8")
    assert keys(list(held_against(path, rows)))[:2] == ["summary_firewall", "breaks"]


def test_the_proposal_lets_through_what_it_is_made_of(example: Site, found: Results) -> None:
    """Through nft's own words where nft is there; else the text alone is looked at."""
    voice = Voice.of(Words("en"), "UTC", (), ())
    text = as_nftables(propose(Policy(example), found._replace(alerts=())), voice)
    for link in found.links:
        if link.verdict == "allowed" and link.state == "established" and link.transport == "udp":
            assert f"{link.transport} dport {{ {link.port} }} counter accept" in text


@pytest.mark.parametrize(
    ("row", "known"),
    [
        (asset("10.0.0.1", macs=(), roles=(("camera", ""),), name="x"), Identified("10.0.0.1", names=("x",), roles=frozenset({"camera"}))),
        (asset("10.0.0.1/unit 5", macs=(), address="10.0.0.1"), Identified("10.0.0.1", modbus_unit=5)),
        (asset("10.0.0.1/port 1/0", macs=(), address="10.0.0.1"), Identified("10.0.0.1", cip_path="1,0")),
        (asset("bacnet 210103", macs=(), address="net 2101/05"), Identified(bacnet_instance=210103, bacnet_network=2101, bacnet_mac="05")),
    ],
)
def test_a_row_says_who_it_is(row: object, known: Identified) -> None:
    assert identified(row) == known  # type: ignore[arg-type]  # a row of the record
