"""Kinds of zones and what each gives by default (domain/zones.md 3.1), and what criticality means for care (3.2)."""

from typing import NamedTuple

from otwatch.config.words import CRITICALITIES, REQUIREMENTS, TRUSTS

__all__ = ["CRITICALITIES", "CRITICALITY", "KINDS", "POWER", "REQUIREMENTS", "TRUSTS", "Kind"]


class Kind(NamedTuple):
    """Defaults of a kind of zone. `level` of the reference model (3.5: the DMZ between IT and OT); `sl_t` for all seven requirements."""

    fr: str
    en: str
    level: float
    trust: str
    criticality: str
    sl_t: int


KINDS = {
    "internet": Kind("Internet", "Internet", 4, "external", "C0", 0),
    "third_party": Kind("Partenaire ou prestataire raccordé", "Connected partner", 4, "external", "C0", 0),
    "office_it": Kind("Bureautique", "Office", 4, "internal", "C1", 1),
    "hospital_is": Kind("SIH", "Hospital information system", 4, "care", "C3", 2),
    "biomedical": Kind("Biomédical", "Medical devices", 4, "care", "C4", 2),
    "wifi_guest": Kind("Wi-Fi patients et visiteurs", "Guest Wi-Fi", 4, "untrusted", "C0", 0),
    "telephony": Kind("Téléphonie, DECT", "Telephony", 4, "internal", "C2", 1),
    "dmz_itot": Kind("DMZ IT/OT", "IT/OT DMZ", 3.5, "internal", "C2", 2),
    "remote_maintenance": Kind("Télémaintenance", "Remote maintenance", 3.5, "partner", "C2", 3),
    "supervision": Kind("Supervision GTB/GTC/GTE, hypervision", "Supervision", 3, "internal", "C3", 2),
    "historian": Kind("Historisation", "Historian", 3, "internal", "C2", 2),
    "operator_clients": Kind("Postes de conduite et d'astreinte", "Operator clients", 3, "internal", "C2", 2),
    "engineering": Kind("Ingénierie, consoles de programmation", "Engineering", 3, "internal", "C3", 3),
    "time_ntp": Kind("Temps", "Time", 3, "internal", "C3", 2),
    "ot_services": Kind("Services OT (annuaire, DNS, sauvegarde)", "OT services (directory, DNS, backup, logs)", 3, "internal", "C2", 2),
    "ot_backbone": Kind("Cœur et anneau Ethernet", "Backbone", 2, "internal", "C3", 2),
    "electrical_hv": Kind("HTA, boucle, postes", "High and medium voltage", 1, "internal", "C4", 3),
    "electrical_lv": Kind("TGBT, BT", "Low voltage", 1, "internal", "C4", 2),
    "metering": Kind("Comptage", "Metering", 1, "internal", "C1", 1),
    "generators": Kind("Groupes électrogènes", "Generators", 1, "internal", "C4", 3),
    "ups": Kind("Onduleurs", "UPS", 1, "internal", "C4", 2),
    "hvac_critical": Kind("CVC bloc, réanimation, stérilisation, isolement", "Critical HVAC", 1, "internal", "C4", 3),
    "hvac_general": Kind("CVC général", "General HVAC", 1, "internal", "C2", 1),
    "thermal_plant": Kind("Chaufferie, groupes froids", "Heating and chilled water", 1, "internal", "C3", 2),
    "water": Kind("Eau, ECS, eau de dialyse, surpresseurs", "Water", 1, "internal", "C3", 2),
    "medical_gases": Kind("Fluides médicaux", "Medical gases", 1, "internal", "C4", 3),
    "cold_chain": Kind("Chaîne du froid (pharmacie, sang)", "Cold chain", 1, "internal", "C3", 2),
    "sterilization": Kind("Stérilisation (autoclaves, laveurs)", "Sterilisation", 1, "care", "C3", 2),
    "pneumatic_tube": Kind("Pneumatique, tortues", "Transport systems", 1, "internal", "C2", 1),
    "lifts": Kind("Ascenseurs, monte-malades", "Lifts", 1, "internal", "C3", 2),
    "access_control": Kind("Contrôle d'accès", "Access control", 1, "internal", "C2", 2),
    "intrusion": Kind("Intrusion", "Intrusion alarm", 1, "internal", "C2", 2),
    "cctv": Kind("Vidéoprotection", "CCTV", 1, "internal", "C1", 2),
    "fire_safety": Kind("SSI, désenfumage", "Fire safety", 1, "internal", "C4", 3),
    "nurse_call": Kind("Appel malade, interphonie", "Nurse call", 1, "care", "C3", 2),
    "lighting": Kind("Éclairage, stores", "Lighting", 1, "internal", "C1", 1),
    "energy_mgmt": Kind("Bornes VE, photovoltaïque, effacement", "EV charging, solar, demand response", 1, "partner", "C1", 1),
    "kitchen_laundry": Kind("Cuisine, blanchisserie", "Kitchen and laundry", 1, "internal", "C1", 1),
    "datacenter_infra": Kind("Salle informatique (PDU, clim)", "Server room (PDU, cooling)", 1, "internal", "C3", 2),
    "serial_field": Kind("Bus de terrain derrière passerelle", "Field bus", 0, "internal", "C2", 2),
    "unknown": Kind("Non classé", "Unclassified", 2, "internal", "C2", 2),
}
INHERITING = frozenset({"serial_field"})
"""Kinds whose criticality and SL-T are those of the parent zone; those of the table hold without parent."""
POWER = ("electrical_hv", "electrical_lv", "generators", "ups")


class Criticality(NamedTuple):
    """What care loses if the zone is lost or lies; `anssi_class` is proposed only, the establishment decides."""

    fr: str
    en: str
    anssi_class: int


CRITICALITY = {
    "C4": Criticality("patients en danger en quelques minutes", "patients in danger within minutes", 3),
    "C3": Criticality("soins dégradés ou arrêtés en quelques heures", "care degraded or stopped within hours", 3),
    "C2": Criticality("dégradé dans la journée, solution de repli", "degraded within a day, workaround exists", 2),
    "C1": Criticality("confort, comptage, dissuasion", "comfort, accounting, deterrence", 1),
    "C0": Criticality("aucune, ou pas à nous", "none, or not ours", 1),
}
