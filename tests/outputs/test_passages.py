"""What one zone begins with another."""

from otwatch.outputs.passages import done, passages, protocols
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from tests.outputs.samples import HOSPITAL, link

VOICE = Voice.of(Words("en"), "UTC", HOSPITAL.zones, HOSPITAL.assets)


def test_one_entry_for_two_zones_as_bad_as_its_worst_conversation() -> None:
    links = (
        link("a", "b", "office", "hvac"), link("a", "c", "office", "hvac", verdict="violation", packets=1),
        link("b", "a", "hvac", "office"), link("a", "d", "office", "office"),
    )  # fmt: skip
    found = passages(HOSPITAL._replace(links=links))
    assert [(one.client_zone, one.server_zone, one.verdict, len(one.links)) for one in found] == [
        ("office", "hvac", "violation", 2), ("hvac", "office", "allowed", 1),
    ]  # fmt: skip
    assert (found[0].bytes, found[0].writes) == (40_000, 4)


def test_in_words() -> None:
    rows = [link("a", "b", "x", "y"), link("a", "b", "x", "y", protocol="", port=99, verbs={"CONTROL": 900})]
    assert protocols(rows) == "modbus, tcp/99"
    assert done(rows, VOICE) == "controls, reads, writes"
    assert done([link("a", "b", "x", "y", verbs={}, state="refused")], VOICE) == "refused"
