"""What names somebody, field by field, and what does not: the tables of `redaction`."""

FIELDS: dict[str, dict[str, str]] = {
    "Results": {"site": "site"},
    "DecisionRow": {"author": "person"},
    "CaptureRow": {"name": "capture"},
    "Frame": {"capture": "capture"},
    "AssetRow": {"name": "name", "serial": "serial"},
    "ZoneRow": {"id": "z"},
    "PointRow": {"name": "name", "description": "name"},
    "ConduitRow": {"purpose": "note", "owner": "note", "ticket": "note", "window": "note"},
}
"""Type of a row -> its fields that are replaced as a whole, and of which kind they are."""
KEPT_ATTRIBUTES = frozenset({
    "vendor", "vendor_id", "product", "product_code", "model", "firmware", "software", "hardware", "device_type", "device_type_id",
    "object_id", "application", "os", "run_state", "role", "capability", "stratum", "agent", "brand", "enterprise",
})  # fmt: skip
"""Attributes that say what a thing is; all others say which one."""
FACTS = {
    "user": "user", "users": "user", "name": "name", "station": "name", "label": "name", "source": "name", "sought": "name", "path": "name",
    "asset": "name", "password": "secret", "chain_id": "chain",
}  # fmt: skip
"""Facts of a finding that name somebody. Addresses in others are found as such."""
OURS = frozenset({"entry", "scheme", "secret", "basis", "outcome", "login", "state", "effect"})
"""Facts that are words of otwatch."""
ZONES = frozenset({"via", "zones"})
"""Facts that list zones by their ids."""
POINTS_OF_NUMBERS = frozenset({"modbus", "bacnet", "umas", "s7", "snmp", "knx", "iec104", "dnp3", ""})
"""Protocols whose points are numbers; those of others are names."""
