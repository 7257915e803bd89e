"""The never rules that hold where a site says nothing else (domain/zones.md 4.2, references in 4.3)."""

from otwatch.config.site import DEFAULTS, Conduit, DeclaredZone, Never, Side
from otwatch.zones.policy.kinds import KINDS, POWER

_CHANGES = frozenset({"WRITE", "CONTROL", "PROGRAM", "ADMIN"})
_ANY = Side()
_FIELD = Side(level_max=2)
_OT = Side(level_max=3)


def default_never(zones: tuple[DeclaredZone, ...], conduits: tuple[Conduit, ...]) -> tuple[Never, ...]:
    """d01 to d11. d02 lets through the conduits that begin in time zones: time from the Internet, until a GNSS receiver replaces it."""
    clocks = {zone.id for zone in zones if zone.kind == "time_ntp"}
    timed = tuple(conduit.id for conduit in conduits if conduit.sources and clocks.issuperset(conduit.sources))
    outside = Side(trusts=("external", "untrusted"))
    office = Side(kinds=("office_it", "hospital_is", "wifi_guest", "telephony"))
    weak = Side(kinds=("cctv", "access_control", "lighting", "lifts", "energy_mgmt"))
    vital = Side(kinds=(*POWER, "hvac_critical", "medical_gases", "water"))
    return (
        Never("d01", outside, _OT, reason="no way from outside into the technical networks (PA-108 R122)"),
        Never("d02", _OT, Side(kinds=("internet",)), except_conduits=timed, reason="no way from them to the Internet (R123)"),
        Never("d03", office, _OT, reason="the way in is the DMZ (R116-R118)"),
        Never("d04", _ANY, Side(kinds=("fire_safety",)), _CHANGES, reason="fire safety takes no orders from the network (R112)"),
        Never("d05", _ANY, Side(kinds=("generators", "ups", "electrical_hv")), _CHANGES, reason="standby power is read only"),
        Never("d06", weak, vital, reason="nothing from building security and comfort to power, theatre air, gases and water (R106)"),
        Never("d07", Side(kinds=("biomedical",)), _FIELD, reason="no way from medical devices into the building (R101)"),
        Never("d08", _FIELD, Side(kinds=("biomedical", "hospital_is", "office_it")), reason="no way from the building into care (R119)"),
        Never("d09", Side(kinds=("remote_maintenance",)), _FIELD, reason="remote maintenance goes through a jump host (R129-R133)"),
        Never("d10", _not_engineering(), _FIELD, frozenset({"PROGRAM"}), reason="programs come from engineering only (R190-R193)"),
        Never("d11", _ANY, Side(kinds=("medical_gases",)), _CHANGES, reason="medical gases take no orders from the network"),
    )


def _not_engineering() -> Side:
    return Side(kinds=tuple(kind for kind in KINDS if kind != "engineering"))


def never_rules(
    declared: tuple[Never | str, ...] | None, zones: tuple[DeclaredZone, ...], conduits: tuple[Conduit, ...]
) -> tuple[Never, ...]:
    """The rules of a site: its list with the word `defaults` filled in; all defaults where it has no list."""
    shipped = default_never(zones, conduits)
    rules: list[Never] = []
    for rule in (DEFAULTS,) if declared is None else declared:
        rules.extend(shipped if isinstance(rule, str) else (rule,))
    return tuple(rules)
