"""Pseudonyms: one thing has one, everywhere; nothing that names somebody is left; what a finding says stays."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otwatch.outputs.report.redaction import redacted
from otwatch.outputs.voice import Voice
from otwatch.outputs.wording import Words
from otwatch.results import AttributeRow, FaceRow, Results
from otwatch.results.findings import DecisionRow
from tests.outputs.hostile import results, texts
from tests.outputs.large import large
from tests.outputs.samples import FRAME, HOSPITAL, alert, asset, link

KEY = b"k" * 32
NAMES = {"office_it": {"en": "Office", "fr": "Bureautique"}, "hvac_general": {"en": "General HVAC", "fr": "CVC général"}}


DECISION = DecisionRow("M. Kerbrat", "vu avec le bloc 12", 1, None)
SECRET = HOSPITAL._replace(
    assets=(
        asset("10.22.8.20", "API-CVC (10.22.8.20)", "cvc", name="API-CVC", serial="SN4711", macs=("00:80:f4:22:08:20",)),
        asset("10.22.8.20/unit 2", "10.22.8.20/unit 2", "cvc", kind="modbus-unit", parent="10.22.8.20", address="10.22.8.20", macs=()),
        asset("bacnet 210103", "CTA bloc 3", "cvc", kind="bacnet-device", address="10.22.8.20", macs=()),
        asset("bacnet 12", "bacnet 12", "cvc", kind="bacnet-device", address="net 3/0c", macs=()),
        asset("10.10.5.20", "10.10.5.20", "bureautique", macs=("00:1b:78:41:05:20",)),
        asset("fe80::1b:78ff:fe41:520", "fe80::1b:78ff:fe41:520", "bureautique", macs=()),
    ),
    attributes=(
        AttributeRow("10.22.8.20", "location", "Sous-sol Laennec", "snmp", "self", True, FRAME, 1, 2),
        AttributeRow("10.22.8.20", "device_instance", "12", "bacnet I-Am", "self", True, FRAME, 1, 2),
        AttributeRow("10.22.8.20", "firmware", "V2.4", "snmp", "self", True, FRAME, 1, 2),
    ),
    faces=(FaceRow("10.22.8.20", "00:80:f4:22:08:20", "now", "arp", "10.22.8.20", FRAME, 1, 2),),
    alerts=(
        alert(1, 4, decision=DECISION, facts={"user": "jdupont", "point": "holding-register 4001", "targets": "10.22.8.20-36"}, sentence={
            "en": "jdupont on 10.10.5.20 (zone Office) wrote to API-CVC (10.22.8.20), card 0080F4220820, seen in pcaps/hospital.pcapng.",
            "fr": "jdupont, au Sous-sol Laennec du CH de Valmont, a visé 10.22.8.20-36 et 00-80-F4-22-08-20.",
        }),
        alert(2, 3, protocol="opcua", facts={"point": "ns=2;s=Bloc3.Consigne"}),
    ),
    links=(link("10.10.5.20", "10.22.8.20/unit 2", "bureautique", "cvc"),),
)  # fmt: skip
NAMED = (
    "API-CVC", "10.22.8.20", "210103", "bacnet 12", "net 3/0c", "CTA bloc 3", "10.10.5.20", "fe80", "00:80:f4", "00-80-F4",
    "0080F4220820", "SN4711", "Laennec", "Valmont", "jdupont", "hospital.pcapng", "Bloc3.Consigne", "00:1b:78",
    "Kerbrat", "vu avec",
)  # fmt: skip


@pytest.mark.parametrize("named", NAMED)
def test_nothing_that_names_somebody_is_left(named: str) -> None:
    assert any(named in text for text in texts(SECRET))
    assert [text for text in texts(redacted(SECRET, KEY, NAMES).results) if named.lower() in text.lower()] == []


def test_one_thing_has_one_name_everywhere() -> None:
    made = redacted(SECRET, KEY, NAMES)
    host, unit, device, small, office, _ = made.results.assets
    assert re.fullmatch(r"ip-\d", host.key)
    assert host.key == host.address == unit.parent == device.address == made.results.faces[0].value
    assert unit.key == f"{host.key}/unit 2" == made.results.links[0].server
    assert host.label == f"{host.name} ({host.address})"
    assert small.key == made.results.attributes[1].value
    assert made.results.faces[0].key == host.macs[0]
    assert (made.results.links[0].client, made.results.links[0].client_zone) == (office.key, office.zone)
    assert office.key in made.results.alerts[0].sentence["en"]
    assert made.pseudonyms[host.key] == "10.22.8.20"
    assert made.pseudonyms[host.macs[0]] == "00:80:f4:22:08:20"


def test_what_a_finding_says_stays() -> None:
    first, second = redacted(SECRET, KEY, NAMES).results.alerts
    assert first.facts["point"] == "holding-register 4001"
    assert second.facts["point"] == "point-1"
    assert (first.filter, first.title) == (SECRET.alerts[0].filter, SECRET.alerts[0].title)
    assert redacted(SECRET, KEY, NAMES).results.attributes[2].value == "V2.4"


def test_zones_are_called_by_their_kind() -> None:
    zones = redacted(SECRET, KEY, NAMES).results.zones
    assert zones[0].name == {"en": f"Office ({zones[0].id})", "fr": f"Bureautique ({zones[0].id})"}
    assert zones[1].name == {"en": zones[1].id, "fr": zones[1].id}


def test_a_key_decides() -> None:
    hospital = large()
    one, same, other = (redacted(hospital, key, NAMES) for key in (KEY, KEY, b"l" * 32))
    assert one == same
    assert sum(a.key == b.key for a, b in zip(one.results.assets, other.results.assets, strict=True)) < 20
    assert len({row.key for row in one.results.assets}) == len({row.key for row in hospital.assets})


def told(text: str) -> str:
    """What becomes of the sentence of a finding."""
    return redacted(HOSPITAL._replace(alerts=(alert(1, 4, sentence={"en": text}),)), KEY, NAMES).results.alerts[0].sentence["en"]


def test_a_user_may_be_called_like_a_word_of_ours() -> None:
    found = HOSPITAL._replace(alerts=(alert(1, 4, facts={"user": "user", "outcome": "ok"}),))
    assert redacted(found, KEY, NAMES).results.alerts[0].facts == {"user": "user-1", "outcome": "ok"}


@pytest.mark.parametrize("text", ["10:00:02", "1.3.6.1.4.1.318.1.3", "V1.0.0.5", "12:34", "Foo::Bar", "frame.number in {412}", "999.1.1.1"])
def test_what_is_no_address(text: str) -> None:
    assert told(text) == text


@given(found=results())
@settings(max_examples=60)
def test_any_results_keep_their_shape(found: Results) -> None:
    made = redacted(found, KEY, NAMES).results
    for rows in ("assets", "links", "alerts", "zones", "attributes", "faces"):
        assert len(getattr(made, rows)) == len(getattr(found, rows))
    keys = {row.key for row in found.assets}
    assert len({row.key for row in made.assets}) == len(keys)
    assert {row.asset for row in made.attributes} <= {row.key for row in made.assets}
    Voice.of(Words("fr"), made.timezone, made.zones, made.assets)


@given(st.ip_addresses().map(str), st.sampled_from(["", "(", " ", "to "]), st.sampled_from(["", ")", ", ", ". ", "/32"]))
def test_an_address_in_any_text(address: str, before: str, after: str) -> None:
    assert re.fullmatch(re.escape(before) + r"(ip|net)-\d+(/32)?" + re.escape(after.removesuffix("/32")), told(before + address + after))


def test_a_suggested_zone_has_an_address_for_an_id() -> None:
    suggested = "net_10_22_8_0"
    zones = tuple(zone._replace(id=suggested) if zone.id == "cvc" else zone for zone in SECRET.zones)
    first, *others = SECRET.assets
    found = alert(3, 2, facts={"via": f"{suggested}, bureautique", "zones": f"bureautique, {suggested}"})
    made = redacted(
        SECRET._replace(zones=zones, assets=(first._replace(zone=suggested, zone_rule=suggested), *others), alerts=(found,)), KEY, NAMES
    ).results
    assert [text for text in texts(made) if suggested in text] == []
    assert made.assets[0].zone_rule == made.assets[0].zone
    assert all(re.fullmatch(r"z-\d+, z-\d+", made.alerts[0].facts[name]) for name in ("via", "zones"))


def test_steps_of_a_chain_stay_together_without_the_digest_of_their_hosts() -> None:
    digest = "4a93c5ef6610f4e6"
    made = redacted(SECRET._replace(alerts=tuple(alert(number, 3, facts={"chain_id": digest}) for number in (1, 2))), KEY, NAMES).results
    assert [found.facts["chain_id"] for found in made.alerts] == ["chain-1", "chain-1"]
