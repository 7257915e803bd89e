"""What opens behind the map."""

from otwatch.outputs.page.inventory import Known
from otwatch.outputs.page.panels import passage_panels, zone_panels
from otwatch.outputs.page.zonemap import heard_zones, zone_map
from otwatch.outputs.passages import passages
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from tests.outputs.samples import HOSPITAL

VOICE = Voice.of(Words("en"), "Europe/Paris", HOSPITAL.zones, HOSPITAL.assets)
FOUND = passages(HOSPITAL)
KNOWN = Known(HOSPITAL, VOICE)
CROSSINGS = zone_map(HOSPITAL, VOICE).crossings


def test_a_zone_opens_its_assets_its_lines_and_its_findings() -> None:
    hvac = next(one for one in zone_panels(heard_zones(HOSPITAL, FOUND), CROSSINGS, KNOWN) if one.name == "General HVAC")
    assert [member.name for member in hvac.members] == ["API-CVC"]
    assert [one.number for one in hvac.passages] == [1, 2]
    assert len(hvac.findings) == 2
    assert hvac.criticality_said == "degraded within a day, workaround exists"


def test_a_line_opens_its_conversations_with_rules_and_frames() -> None:
    forbidden, allowed = passage_panels(FOUND, CROSSINGS, KNOWN)
    assert (forbidden.rules, allowed.rules) == (("d03",), ("c03",))
    talk = forbidden.talks[0]
    assert (talk.client.text, talk.server.text, talk.protocol, talk.done, talk.why) == (
        "10.10.5.20",
        "API-CVC (10.22.8.20)",
        "modbus",
        "writes",
        "d03, never",
    )
    assert talk.frame == "hospital.pcapng 412"


def test_why_a_zone_was_suggested_is_said_in_words() -> None:
    reasons = ("share 0.50", "agree 2/3", "days 1", "roles controller 2 lighting 1")
    first, *others = heard_zones(HOSPITAL, FOUND)
    known = Known(HOSPITAL, Voice.of(Words("fr"), "Europe/Paris", HOSPITAL.zones, HOSPITAL.assets))
    suggested, *declared = zone_panels([first._replace(reasons=reasons, assets=3, proposed="lighting"), *others], CROSSINGS, known)
    assert suggested.support == "3 équipements, 1 jour ; 50 % des voix pour lighting, accord de 2 sur 3 ; automate 2, éclairage 1"
    assert {one.support for one in declared} == {""}
