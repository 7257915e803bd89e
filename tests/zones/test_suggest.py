"""Zones suggested from what was seen (domain/zones.md 8)."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as some

from otwatch.config.site import Place
from otwatch.zones.conditions import Identified
from otwatch.zones.matching import Matcher
from otwatch.zones.policy import UNKNOWN_ID
from otwatch.zones.suggest import Host, draft, name_votes, suggest

PLACE = Place("x", "Europe/Paris")


def hosts(cell: str, count: int, roles: Mapping[str, float] | None = None, name: str = "", vlan: int = -1, days: int = 7) -> list[Host]:
    return [Host(f"{cell}.{n}", f"{cell}.{n}", vlan, (f"{name}{n}",) if name else (), roles or {}, days) for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("CTA-BLOC-3", "hvac_critical"),
        ("Ventilation_Réanimation.2", "hvac_critical"),
        ("CTA_Salle_Op_4", "hvac_critical"),
        ("BLOC-3", ""),  # a room without an air word says nothing
        ("CTA-ADMIN", "hvac_general"),
        ("TGBT1", "electrical_lv"),
        ("HTA-BOUCLE", "electrical_hv"),
        ("Onduleur-2", "ups"),
        ("O2-CENTRALE", "medical_gases"),
        ("AIR-MED", "medical_gases"),
        ("VIDEO-12", ""),  # no vacuum
        ("ECS-SOUS-STATION", "water"),
        ("ECS_SSI_NORD", "fire_safety"),
        ("Désenfumage", "fire_safety"),
        ("frigo.labo", "cold_chain"),
        ("Appel_Malade", "nurse_call"),
        ("ASC07", "lifts"),
        ("UTL-entrée", "access_control"),
        ("PC-1234", ""),
    ],
)
def test_words_of_names(name: str, kind: str) -> None:
    votes = name_votes([name])
    assert max(votes, key=lambda one: votes[one], default="") == kind


def test_cells_are_vlans_else_networks() -> None:
    found = suggest(
        [*hosts("10.1.0", 3, {"camera": 4.0}), *hosts("10.1.1", 2, {"camera": 4.0}, vlan=7), *hosts("10.2.9", 2, {"camera": 4.0}, vlan=7)]
    )
    assert [(one.zone, one.vlan, [str(network) for network in one.cidrs], len(one.members)) for one in found] == [
        ("cctv", -1, ["10.1.0.0/24"], 3),
        ("cctv_2", 7, [], 4),
    ]


def test_share_confidence_and_criticality() -> None:
    mixed = [*hosts("10.1.0", 3, {"camera": 4.0}), Host("10.1.0.9", "10.1.0.9", roles={"controller": 3.0})]
    (one,) = suggest(mixed)
    assert (one.kind, one.share) == ("cctv", 0.8)
    assert one.confidence == pytest.approx(0.5 * 0.8 + 0.2 * 4 / 5 + 0.2 * 1 / 7 * 7)
    (air,) = suggest(hosts("10.1.0", 5, {"controller": 3.0}, "CTA_BLOC_"))
    assert (air.kind, air.confidence, air.criticality) == ("hvac_critical", 1.0, "C4")
    (general,) = suggest(hosts("10.1.0", 5, {"controller": 3.0}, "CTA_"))
    assert (general.kind, general.criticality) == ("hvac_general", "C2")


def test_too_few_or_too_mixed_stays_unknown() -> None:
    assert suggest(hosts("10.1.0", 1, {"camera": 4.0}))[0].kind == "unknown"
    assert suggest(hosts("10.1.0", 1, {"time": 5.0}))[0].kind == "time_ntp"  # one is enough
    assert suggest(hosts("10.1.0", 2))[0].kind == "unknown"
    mixed = [*hosts("10.1.0", 2, {"camera": 4.0}), *hosts("10.1.0", 4, {"office": 3.0}), *hosts("10.1.0", 3, {"telephony": 3.0})]
    assert suggest(mixed)[0].kind == "unknown"
    assert suggest(hosts("10.1.0", 2, {"camera": 2.9}))[0].kind == "unknown"  # below the floor of roles


def test_public_and_multicast_addresses_are_no_cell() -> None:
    assert suggest([Host("8.8.8.8", "8.8.8.8"), Host("224.0.0.1", "224.0.0.1"), Host("00:80:f4:00:00:01", "")]) == []


def test_a_draft_places_assets_like_a_declared_site() -> None:
    policy = draft(suggest([*hosts("10.1.0", 5, {"camera": 4.0}), *hosts("10.2.0", 5, {"office": 3.0}, vlan=12)]), PLACE)
    place = Matcher(policy.site).place
    assert policy.draft
    assert place(Identified("10.1.0.200")).zone == "cctv"
    assert place(Identified("10.9.0.1", vlan=12)).zone == "office_it"
    assert (place(Identified("10.9.0.1")).zone, place(Identified("8.8.8.8")).zone) == ("unknown", "internet")
    assert policy.zone("cctv").confidence == pytest.approx(0.9)


ADDRESSES = some.sampled_from(["10.0.0.1", "10.0.0.2", "10.0.1.1", "fe80::1%x", "", "zz"])
NAMES = some.lists(some.text(max_size=20), max_size=2).map(tuple)
ROLES = some.dictionaries(some.sampled_from(["camera", "time", "x"]), some.floats(0, 9), max_size=2)


@given(some.lists(some.builds(Host, some.text(max_size=5), ADDRESSES, some.integers(-1, 2), NAMES, ROLES, some.integers(0, 9))))
def test_any_hosts_give_a_usable_draft(seen: list[Host]) -> None:
    found = suggest(seen)
    assert all(0.0 <= one.confidence <= 1.0 and one.members for one in found)
    assert len({one.zone for one in found}) == len(found)
    draft(found, PLACE)


def test_what_no_rule_of_a_draft_holds_is_never_sure() -> None:
    policy = draft(suggest(hosts("10.1.1", 5)), PLACE)
    assert policy.zone(UNKNOWN_ID).confidence == 0.0
    assert policy.zone("internet").confidence == 1.0
