"""Times, sizes and names as people read them."""

from datetime import UTC

import pytest

from otwatch.events import CAPABILITIES
from otwatch.inventory.roles import RULES
from otwatch.outputs.voice import Voice, clock
from otwatch.outputs.wording import LANGUAGES, Words, catalogue
from otwatch.results import AttributeRow
from otwatch.sightings import Frame
from tests.outputs.samples import BEGIN_NS, HOSPITAL, SECOND, asset

EN = Voice.of(Words("en"), "Europe/Paris", HOSPITAL.zones, HOSPITAL.assets)
FR = Voice.of(Words("fr"), "Europe/Paris", HOSPITAL.zones, HOSPITAL.assets)


def test_times_are_local_to_the_site() -> None:
    assert EN.at(BEGIN_NS) == "2026-10-13 10:00:00"
    assert EN.stamp(BEGIN_NS) == "2026-10-13T10:00:00+02:00"
    assert EN.between(BEGIN_NS, BEGIN_NS + SECOND) == "2026-10-13 10:00:00 to 10:00:01"
    assert FR.between(BEGIN_NS, BEGIN_NS + 86_400 * SECOND) == "2026-10-13 10:00:00 à 2026-10-14 10:00:00"
    assert EN.between(BEGIN_NS, BEGIN_NS) == "2026-10-13 10:00:00"


@pytest.mark.parametrize("time_ns", [-(2**63), -1, 0, 2**63 - 1])
def test_any_time_of_a_capture_can_be_said(time_ns: int) -> None:
    assert EN.at(time_ns)
    assert EN.stamp(time_ns)


@pytest.mark.parametrize("timezone", ["", "Mars/Phobos", "../etc/passwd", "\0"])
def test_unknown_time_zones_are_utc(timezone: str) -> None:
    assert clock(timezone) is UTC


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (59, "59 s"), (250, "4 min 10 s"), (3600, "1 h"), (90_061, "1 d 1 h"), (86_400 * 40, "40 d")]
)
def test_duration(seconds: int, said: str) -> None:
    assert EN.duration(seconds * SECOND) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [(0, "0 B"), (999, "999 B"), (238_892, "239 kB"), (1_500_000, "1.5 MB"), (999_999, "1,000 kB"), (2_000_000_000_000, "2,000 GB")],
)
def test_size(amount: int, said: str) -> None:
    assert EN.size(amount) == said


def test_decimals_are_those_of_the_language() -> None:
    assert FR.size(1_500_000) == "1,5 Mo"


def test_names() -> None:
    assert EN.zone("cvc") == "General HVAC"
    assert FR.zone("") == "sans zone"
    assert EN.zone("(internet)") == "Internet"
    assert EN.zone("removed") == "removed"
    assert EN.label("10.22.8.20") == "API-CVC (10.22.8.20)"
    assert EN.label("10.9.9.9") == "10.9.9.9"
    assert FR.verbs({"READ": 3, "WRITE": 9}) == "écrit, lit"


def test_zones_of_the_same_name_are_told_apart() -> None:
    twice = tuple(zone._replace(name={"en": "Unclassified"}) for zone in HOSPITAL.zones[:2])
    voice = Voice.of(Words("en"), "UTC", twice, ())
    assert [voice.zone(zone.id) for zone in twice] == ["Unclassified (bureautique)", "Unclassified (supervision)"]


def test_the_address_is_not_said_twice() -> None:
    assert EN.name(asset("10.22.1.15", "CTA bloc 3 (10.22.1.15)")) == "CTA bloc 3"
    assert EN.name(asset("10.22.1.15", "10.22.1.15")) == "10.22.1.15"


@pytest.mark.parametrize(
    ("vendor", "product", "said"),
    [("APC", "AP9631", "APC AP9631"), ("Axis", "AXIS P1448", "AXIS P1448"), ("", "M340", "M340"), ("APC", "", "APC")],
)
def test_the_vendor_is_named_once(vendor: str, product: str, said: str) -> None:
    assert EN.made(asset("a", vendor=vendor, product=product)) == said


def test_why_a_role_is_said_in_the_language_of_the_reader() -> None:
    assert EN.why("units 4") == "4 Modbus units answer behind it"
    assert FR.why("units 4") == "4 unités Modbus répondent derrière lui"


@pytest.mark.parametrize("reason", ["", "client of 6 OT servers", "answers building-system requests (clients: 3)", "unheard-of 4"])
def test_a_reason_of_another_version_stays_as_it_is(reason: str) -> None:
    assert FR.why(reason) == reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_a_role_can_be_said(language: str) -> None:
    said = {rule.key for rule in RULES}
    assert {key.removeprefix("role_reason.") for key in catalogue(language) if key.startswith("role_reason.")} == said


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("os", "Windows 10 or later", "Windows 10 ou plus récent"), ("capability", "time-server", "serveur de temps"), ("name", "run", "run")],
)
def test_our_words_for_what_is_said_are_in_the_language_of_the_reader(name: str, value: str, said: str) -> None:
    row = AttributeRow("10.0.0.1", name, value, "ntlm", "self", True, Frame("", 0), 0, 0)
    assert FR.value(row) == said


def test_every_capability_can_be_said() -> None:
    assert {f"value.capability.{one}" for one in CAPABILITIES} <= catalogue("fr").keys()
