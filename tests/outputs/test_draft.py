"""A draft as text: it loads, it says what to look at first, and a signature makes it a policy."""

from pathlib import Path

import pytest

from otwatch import pipeline
from otwatch.conclusions import Draft
from otwatch.config import load_site
from otwatch.outputs.draft import draft_text
from otwatch.outputs.wording import Words
from otwatch.results import ZoneRow
from otwatch.zones.policy.check import check_site
from otwatch.zones.suggestion.drafting import drafted
from tests.cli.commands import HOSPITAL_PCAP


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


def test_hostile_words_stay_comments(tmp_path: Path) -> None:
    zone = ZoneRow("a", {}, "unknown", 2.0, "C2", 1, True, 0.0, ("share 0.00", "agree 0/1", "days 1"), rules=('name x"\nversion: 9',))
    path = tmp_path / "draft.yaml"
    path.write_text(draft_text(Draft((zone,), (), (), (), 0), 'a"\n\x1b[31mzones: []', "UTC", Words("en")), encoding="utf-8")
    assert [problem.key for problem in check_site(path) if problem.severity == "error"] == []
    assert load_site(path).version == 1
