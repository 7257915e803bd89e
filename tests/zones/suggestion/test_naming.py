"""Words of names (domain/zones.md 8.2)."""

import pytest

from otwatch.zones.suggestion.naming import is_critical, name_votes


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


def test_rooms_where_patients_cannot_wait() -> None:
    assert [is_critical([name]) for name in ("CTA-BLOC-3", "Isolement 2", "CTA-ADMIN", "ISOLANT")] == [True, True, False, False]
