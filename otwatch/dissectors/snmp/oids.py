"""Objects of SNMP that mean something to a monitor: what they say about the agent, and what a Set to them does."""

SYSTEM = "1.3.6.1.2.1.1"
UPS = "1.3.6.1.2.1.33.1"
ENTITY = "1.3.6.1.2.1.47.1.1.1.1"
CHASSIS = 1
"""Row of the entity table that nearly all agents use for the device itself; the other rows are its parts."""

FACTS = {
    f"{SYSTEM}.1.0": "description",
    f"{SYSTEM}.2.0": "object_id",
    f"{SYSTEM}.4.0": "contact",
    f"{SYSTEM}.5.0": "name",
    f"{SYSTEM}.6.0": "location",
    f"{UPS}.1.1.0": "vendor",
    f"{UPS}.1.2.0": "model",
    f"{UPS}.1.3.0": "firmware",
    f"{UPS}.1.4.0": "software",
    f"{UPS}.1.5.0": "title",  # not "name": it differs from sysName of the same agent
    f"{ENTITY}.2.{CHASSIS}": "product",
    f"{ENTITY}.8.{CHASSIS}": "hardware",
    f"{ENTITY}.9.{CHASSIS}": "firmware",
    f"{ENTITY}.10.{CHASSIS}": "software",
    f"{ENTITY}.11.{CHASSIS}": "serial",
    f"{ENTITY}.12.{CHASSIS}": "vendor",
    f"{ENTITY}.13.{CHASSIS}": "model",
}
"""Identity fields by object (RFC 3418, RFC 1628, RFC 6933)."""

CONTROL = (
    f"{UPS}.7",  # tests
    f"{UPS}.8",  # shutdown, startup, reboot
    f"{UPS}.9",  # configuration, with nominal and transfer voltages
    "1.3.6.1.4.1.318.1.1.1.6",  # APC: UPS control
    "1.3.6.1.4.1.318.1.1.4",  # APC: switched outlets
    "1.3.6.1.4.1.318.1.1.12",  # APC: rack PDU
    "1.3.6.1.4.1.318.1.1.26",  # APC: rack PDU, second generation
    "1.3.6.1.4.1.534.1.9",  # Eaton
    "1.3.6.1.4.1.705.1",  # MGE
    "1.3.6.1.4.1.4555",  # Socomec
    "1.3.6.1.4.1.5491",  # Riello
    "1.3.6.1.4.1.476",  # Liebert, Vertiv
    "1.3.6.1.2.1.2.2.1.7",  # ifAdminStatus: a switch port on or off
    "1.3.6.1.2.1.17",  # bridge and VLAN tables
)
"""Branches where a Set changes what the device does: it cuts power or a network port."""

SECRET = (
    "1.3.6.1.6.3.15.1.2",  # keys of SNMPv3 users
    "1.3.6.1.6.3.18",  # communities
    "1.3.6.1.4.1.9.9.96.1.1.1.1.8",  # Cisco's ccCopyUserPassword (CISCO-CONFIG-COPY-MIB)
)
"""Branches whose values are never shown."""

TRAP_OID = "1.3.6.1.6.3.1.1.4.1.0"

ENTERPRISES = {
    9: "Cisco",
    248: "Hirschmann",
    318: "APC",
    368: "Axis",
    476: "Vertiv",
    534: "Eaton",
    705: "MGE",
    3833: "Schneider Electric",
    4196: "Siemens",
    4329: "Siemens",
    4555: "Socomec",
    5491: "Riello",
    8691: "Moxa",
    9839: "Carel",
    39165: "Hikvision",
}
"""Private enterprise numbers (IANA) met in hospitals."""


def is_under(name: str, branches: tuple[str, ...]) -> bool:
    return any(name == branch or name.startswith(f"{branch}.") for branch in branches)
