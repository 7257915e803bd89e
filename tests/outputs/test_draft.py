"""A draft as text: it loads, it says what to look at first, and a signature makes it a policy."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otwatch import pipeline
from otwatch.conclusions import Draft
from otwatch.config import load_site
from otwatch.events import Verb
from otwatch.outputs.draft import draft_text
from otwatch.outputs.wording import Words
from otwatch.results import LinkRow, Results, ZoneRow
from otwatch.zones.policy.check import check_site
from otwatch.zones.suggestion.drafting import drafted
from tests.cli.commands import HOSPITAL_PCAP
from tests.outputs.samples import asset, link


@pytest.fixture(scope="module")
def draft() -> Draft:
    return drafted(pipeline.replay([HOSPITAL_PCAP], None, None))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_loads_and_is_no_policy_yet(draft: Draft, language: str, tmp_path: Path) -> None:
    path = tmp_path / "draft.yaml"
    path.write_text(draft_text(draft, "CH", "Europe/Paris", Words(language)), encoding="utf-8")
    assert [problem.key for problem in check_site(path)] == ["not_accepted"]
    assert {zone.kind for zone in load_site(path).zones or ()} >= {"hvac_critical", "ups", "unknown"}


def test_what_to_look_at_stands_first(draft: Draft) -> None:
    text = draft_text(draft, "CH", "UTC", Words("en"))
    first = text[: text.index("version: 1")]
    writing = [one.id for one in draft.conduits if one.counted["writes"]]
    assert f"review: write - changes something: who may write, and what? {', '.join(writing)}" in first


def test_once_signed_the_same_traffic_is_allowed(draft: Draft, tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    text = draft_text(draft, "CH", "UTC", Words("en"))
    text = text.replace("# accepted_by: ", "accepted_by: me").replace("# accepted_on: ", "accepted_on: 2026-11-01")
    path.write_text(text, encoding="utf-8")
    again = pipeline.replay([HOSPITAL_PCAP], load_site(path), None)
    assert len(again.conduits) == len(draft.conduits)
    refused = [link for link in again.links if link.client_zone != link.server_zone and link.verdict not in {"allowed", "not judged"}]
    assert {(link.client, link.state) for link in refused} == {("10.10.5.20", "refused"), ("10.10.5.20", "attempt")}  # the scan


ENDS = [("10.0.1.1", "sup"), ("10.0.2.1", "air"), ("10.0.3.1", "fire"), ("203.0.113.9", "net"), ("fd00::5", "sup")]
"""Addresses and their zones."""
KINDS = {"sup": "supervision", "air": "hvac_general", "fire": "fire_safety", "net": "internet"}
SPOKEN = st.sampled_from(["", "modbus", "bacnet", "mssql", "esp", "gre", "cip", "https", "ftp-data", "what?"])
TRANSPORTS = st.sampled_from(["tcp", "udp", "ip 50", "ip 47", "ip 132", "ip 255", "ethernet"])
VERBS = st.dictionaries(st.sampled_from([*Verb]), st.integers(1, 9), max_size=3)


@st.composite
def _links(draw: st.DrawFn) -> LinkRow:
    (client, one), (server, other) = draw(st.sampled_from(ENDS)), draw(st.sampled_from(ENDS))
    verbs: dict[str, int] = dict(draw(VERBS))
    facts = {"protocol": draw(SPOKEN), "transport": draw(TRANSPORTS), "port": draw(st.integers(0, 65_535)), "verbs": verbs}
    return link(client, server, one, other, writes=verbs.get("WRITE", 0), days=draw(st.integers(1, 9)), **facts)


@given(st.lists(_links(), max_size=12))
def test_any_draft_loads_and_says_no_error(tmp_path_factory: pytest.TempPathFactory, links: list[LinkRow]) -> None:
    lines = enumerate(KINDS.items())
    zones = tuple(ZoneRow(name, {}, kind, 2.0, "C2", 1, True, 0.5, (), rules=(f"cidr 10.{at}.0.0/16",)) for at, (name, kind) in lines)
    assets = tuple(asset(key, zone=zone) for key, zone in ENDS)
    path = tmp_path_factory.mktemp("draft") / "site.yaml"
    text = draft_text(drafted(Results("", (), (), assets, (), tuple(links), zones, (), {})), "CH", "UTC", Words("fr"))
    opened = text.replace("conduits: []", "conduits:").replace("  # - {", "  - {")
    signed = opened.replace("# accepted_by: ", "accepted_by: me").replace("# accepted_on: ", "accepted_on: 2026-11-01")
    for file in (text, signed):
        path.write_text(file, encoding="utf-8")
        assert [problem.text() for problem in check_site(path) if problem.severity == "error"] == []


def test_hostile_words_stay_comments(tmp_path: Path) -> None:
    zone = ZoneRow("a", {}, "unknown", 2.0, "C2", 1, True, 0.0, ("share 0.00", "agree 0/1", "days 1"), rules=('name x"\nversion: 9',))
    path = tmp_path / "draft.yaml"
    path.write_text(draft_text(Draft((zone,), (), (), (), 0), 'a"\n\x1b[31mzones: []', "UTC", Words("en")), encoding="utf-8")
    assert [problem.key for problem in check_site(path) if problem.severity == "error"] == []
    assert load_site(path).version == 1
