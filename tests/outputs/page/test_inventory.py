"""Assets as lines and as dossiers."""

from otwatch.outputs.page.inventory import MOST_ASSETS, MOST_LINKS, Known, dossiers, lines
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from otwatch.results import Results
from tests.outputs.samples import HOSPITAL, asset, link


def known(found: Results) -> Known:
    return Known(found, Voice.of(Words("en"), "Europe/Paris", found.zones, found.assets))


def test_lines_the_most_critical_first_and_no_groups() -> None:
    found = HOSPITAL._replace(
        assets=(*HOSPITAL.assets, asset("10.1.1.1", "relay", "bt", criticality="C4"), asset("10.1.1.2", "pc", "", criticality=""))
    )
    assert [(line.name, line.criticality, line.findings) for line in lines(known(found))] == [
        ("relay", "C4", 0), ("API-CVC", "C2", 2), ("10.10.5.20", "C2", 2), ("gte", "C2", 0), ("unit 2", "C2", 0), ("pc", "", 0),
    ]  # fmt: skip


def test_a_dossier_has_evidence_talkers_and_findings() -> None:
    hvac = next(one for one in dossiers(known(HOSPITAL)) if one.key == "10.22.8.20")
    assert [(said.value, said.source, said.confidence, said.frame) for said in hvac.said] == [
        ("Schneider Electric", "modbus 43/14", "said by itself", "hospital.pcapng 412")
    ]
    assert [(talk.client.text, talk.verdict) for talk in hvac.talks] == [("10.10.5.20", "forbidden"), ("gte (10.20.1.12)", "allowed")]
    assert [brief.severity for brief in hvac.findings] == ["critical", "high"]


def test_what_stands_behind_a_gateway_leads_to_it() -> None:
    found = HOSPITAL._replace(assets=(asset("10.21.2.10", "EGX150", "bt"), asset("10.21.2.10/unit 2", "unit 2", "bt", parent="10.21.2.10")))
    gateway, unit = dossiers(known(found))
    assert [ref.text for ref in gateway.behind] == ["unit 2 (10.21.2.10/unit 2)"]
    assert unit.parent.text == "EGX150 (10.21.2.10)"


def test_what_one_page_shows_is_bounded_and_said() -> None:
    many = tuple(asset(f"10.{at // 250}.{at % 250}.1") for at in range(MOST_ASSETS + 5))
    assert len(lines(known(HOSPITAL._replace(assets=many)))) == MOST_ASSETS
    talk = tuple(link(f"10.9.0.{at}", "10.22.8.20", "", "cvc") for at in range(MOST_LINKS + 5))
    hvac = next(one for one in dossiers(known(HOSPITAL._replace(links=talk))) if one.key == "10.22.8.20")
    assert (len(hvac.talks), hvac.more_talks) == (MOST_LINKS, 5)
