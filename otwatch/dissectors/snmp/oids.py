"""Objects of SNMP that mean something to a monitor: what they say about the agent, and what a Set to them does."""

SYSTEM = "1.3.6.1.2.1.1"
PRIVATE = "1.3.6.1.4.1"
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
    9: "Cisco", 11: "HP", 43: "3Com", 95: "Rockwell Automation", 171: "D-Link", 188: "Ascom", 207: "Allied Telesis", 231: "Fujitsu",
    232: "HPE", 236: "Samsung", 244: "Lantronix", 248: "Hirschmann", 253: "Xerox", 318: "APC", 332: "Digi", 367: "Ricoh", 368: "Axis",
    409: "Mitsubishi Electric", 476: "Vertiv", 534: "Eaton", 641: "Lexmark", 674: "Dell", 705: "MGE", 789: "NetApp",
    850: "Tripp Lite", 890: "Zyxel", 908: "ABB", 1347: "Kyocera", 1588: "Brocade", 1602: "Canon", 1718: "Server Technology",
    1776: "Philips", 1890: "Red Lion", 1916: "Extreme Networks", 2001: "Oki", 2011: "Huawei", 2254: "Delta Electronics",
    2356: "LANCOM", 2435: "Brother", 2606: "Rittal", 2620: "Check Point", 2636: "Juniper", 3212: "Crestron", 3592: "Dräger",
    3808: "CyberPower", 3833: "Schneider Electric", 3967: "Bosch", 4131: "Tridium", 4196: "Siemens", 4329: "Siemens",
    4346: "Phoenix Contact", 4399: "Johnson Controls", 4526: "Netgear", 4555: "Socomec", 5491: "Riello", 5597: "Meinberg",
    5771: "Cisco", 6486: "Alcatel-Lucent Enterprise", 6574: "Synology", 6876: "VMware", 7061: "Automated Logic", 7239: "Legrand",
    7427: "Yokogawa", 7526: "snom", 7783: "Riello", 8691: "Moxa", 8741: "SonicWall", 9749: "Spectralink", 9839: "CAREL",
    10096: "Baxter", 10642: "Zebra", 10781: "Schneider Electric", 10876: "Supermicro", 11256: "Stormshield", 11863: "TP-Link",
    12356: "Fortinet", 13062: "Ascom", 13400: "Vertiv", 13576: "WAGO", 13742: "Raritan", 13885: "Polycom", 14823: "Aruba",
    14988: "MikroTik", 15004: "RuggedCom", 15255: "Reliable Controls", 15446: "CyberPower", 16177: "Westermo", 16838: "Omron",
    18026: "Extron", 18334: "Konica Minolta", 20540: "Red Lion", 20998: "Honeywell", 21239: "Vertiv", 21701: "Mobotix",
    23465: "Vivotek", 24149: "Milestone", 24681: "QNAP", 25053: "Ruckus", 25066: "Pelco", 25157: "Beckhoff",
    25461: "Palo Alto Networks", 25506: "H3C", 28106: "Geutebrück", 28381: "Red Lion", 28507: "Gude", 29240: "HID", 29312: "B&R",
    29671: "Meraki", 31343: "Festo", 31977: "Saia Burgess Controls", 34278: "Janitza", 36849: "Hanwha", 37459: "Yealink",
    37496: "Dahua", 38187: "Weidmüller", 38514: "Sauter", 39165: "Hikvision", 41112: "Ubiquiti", 42036: "LOYTEC",
    42397: "Grandstream", 43144: "HMS", 43236: "Pilz", 46202: "Avigilon", 47196: "HPE",
}  # fmt: skip
"""Private enterprise numbers (IANA, as of 2024-05-16) of makers met in hospitals, under the names they go by."""


def is_under(name: str, branches: tuple[str, ...]) -> bool:
    return any(name == branch or name.startswith(f"{branch}.") for branch in branches)
