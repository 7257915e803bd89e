"""What stands on top of the page."""

from otwatch.outputs.page.overview import overview
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from tests.outputs.samples import EMPTY, HOSPITAL

VOICE = Voice.of(Words("en"), "Europe/Paris", HOSPITAL.zones, HOSPITAL.assets)


def test_overview() -> None:
    found = overview(HOSPITAL, VOICE, {})
    assert (found.site, found.duration, found.clock) == ("CH de Valmont", "4 min 10 s", "Europe/Paris")
    assert dict(found.figures) == {
        "packets": "2,078",
        "understood": "43 %",
        "assets": "4",
        "zones": "4",
        "conversations": "2",
        "findings": "2",
    }
    assert [(stake.criticality, stake.assets, stake.findings) for stake in found.stakes] == [
        ("C2", 4, (("critical", "critical", 1), ("high", "high", 1)))
    ]
    assert len(found.unseen) == 3


def test_health_comes_with_reasons_and_what_to_do() -> None:
    found = overview(HOSPITAL._replace(notes={"capture: frames cut": 2_000}), VOICE, {})
    assert found.health.verdict == "bad"
    assert "2,000" in found.health.flaws[0][0]
    assert "tcpdump -s 0" in found.health.flaws[0][1]


def test_services_that_a_site_expects_are_missed() -> None:
    found = overview(HOSPITAL, VOICE, {"knx": frozenset({"knxnet"})})
    assert [said for said, _ in found.health.flaws if "knx" in said]


def test_of_nothing() -> None:
    found = overview(EMPTY, VOICE, {})
    assert (found.period, found.stakes, found.first, found.timeline) == ("", (), (), None)
    assert found.health.verdict == "bad"
