"""The fixed words of the site file: what may stand behind `kind`, `trust`, `ops`, `proto` ... (domain/zones.md 3 to 5)."""

from typing import NamedTuple

KINDS = (
    "internet", "third_party", "office_it", "hospital_is", "biomedical", "wifi_guest", "telephony", "dmz_itot", "remote_maintenance",
    "supervision", "historian", "operator_clients", "engineering", "time_ntp", "ot_services", "ot_backbone", "electrical_hv",
    "electrical_lv", "metering", "generators", "ups", "hvac_critical", "hvac_general", "thermal_plant", "water", "medical_gases",
    "cold_chain", "sterilization", "pneumatic_tube", "lifts", "access_control", "intrusion", "cctv", "fire_safety", "nurse_call",
    "lighting", "energy_mgmt", "kitchen_laundry", "datacenter_infra", "serial_field", "unknown",
)  # fmt: skip
CRITICALITIES = ("C0", "C1", "C2", "C3", "C4")
TRUSTS = ("internal", "care", "partner", "untrusted", "external")
REQUIREMENTS = ("FR1", "FR2", "FR3", "FR4", "FR5", "FR6", "FR7")
"""The foundational requirements of IEC 62443-3-3, in the order of an SL vector."""
LEVELS = (0.0, 1.0, 2.0, 3.0, 3.5, 4.0)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ROLES = ("server", "plc", "gateway", "hmi", "engineering", "jump", "camera", "recorder", "ups", "switch", "router", "sensor")
SEVERITIES = ("info", "low", "medium", "high", "critical")
DETECTIONS = (
    "avail.asset.silent", "avail.exception.storm", "avail.flood", "avail.operation.missed", "avail.polling.stopped",
    "bacnet.lifesafety.operation", "bacnet.override.left", "bacnet.write.high_priority", "bacnet.write.protective_property",
    "bacnet.write.unexpected", "cip.write.unexpected", "clear.ics.unprotected", "clear.login", "clear.management", "cred.bacnet",
    "cred.bruteforce", "cred.controller", "cred.default.challenge", "cred.default.cleartext", "cred.opcua", "cred.snmp", "cred.vnc",
    "cred.weak.reused", "eng.bacnet.dcc", "eng.credential.changed", "eng.device.restart", "eng.firmware.update", "eng.io.force",
    "eng.mode.changed", "eng.program.download", "eng.program.upload", "eng.session.new", "iec104.write.unexpected",
    "integ.arp.diverted", "integ.arp.spoof", "integ.bacnet.bbmd", "integ.bacnet.dup_instance", "integ.bacnet.routing", "integ.dup.ip",
    "integ.l2.control", "integ.master.changed", "integ.ntp.server", "integ.response.anomaly", "integ.time.command", "inv.asset.new",
    "inv.conversation.new", "inv.firmware.changed", "inv.identity.changed", "inv.obsolete", "inv.service.new", "inv.vendor.mismatch",
    "io.bruteforce", "knx.write.unexpected", "malf.frame", "malf.port_mismatch", "mms.write.unexpected", "modbus.control.diagnostic",
    "modbus.write.unexpected", "net.config.changed", "opcua.write.unexpected", "process.out_of_limits", "recon.bacnet.enumeration",
    "recon.bacnet.whois_sweep", "recon.enip.identity_sweep", "recon.modbus.map_scan", "recon.modbus.unit_scan", "recon.net.sweep",
    "recon.plc.fingerprint", "s7.write.unexpected", "sensor.blind", "snmp.set.unexpected", "umas.write.unexpected",
    "web.admin.change", "write.novel_target", "write.out_of_limits", "zone.camera.initiator", "zone.chain.jump",
    "zone.conduit.violation", "zone.engineering.office", "zone.field.initiator", "zone.flow.forbidden", "zone.flow.undeclared",
    "zone.internet.inbound", "zone.internet.outbound", "zone.it_protocol.cell", "zone.level.skip", "zone.multihomed",
    "zone.remote.unexpected", "zone.tunnel.echo",
)  # fmt: skip
"""What findings are called: ids of otwatch.alerts, which `config` may not import; a test holds them equal."""
LANGUAGES = ("fr", "en")
METHODS = ("v1", "v2")
INTRA = ("any", "declared")
TLS = ("required", "optional", "forbidden")
STORES = ("none", "masked", "hmac")
FALLBACKS = ("private", "public")
TRANSPORT = r"tcp|udp|icmp|ethernet|ip (?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})"
"""A transport; "ip 50" is an IP protocol that has no name here, by its number (IANA)."""
VERBS = (
    "DISCOVER", "READ", "SUBSCRIBE", "WRITE", "CONTROL", "PROGRAM", "ADMIN", "TIME", "ALARM", "FILE", "SESSION", "AUTH", "OTHER",
)  # fmt: skip
"""The verbs of otwatch.events, which `config` may not import; a test holds them equal."""
ANY = "ANY"
OT_VERBS = ("DISCOVER", "READ", "SUBSCRIBE", "SESSION")
"""What a conduit allows for an OT protocol when it says nothing (zones.md 5.4)."""
ANY_PROTOCOL = "any"


class Proto(NamedTuple):
    """A protocol a conduit can name.

    transports, ports   where it stands by default; none means any
    also                further names under which it is seen: what travels inside it, or names of well-known ports
    ot                  a protocol of the plant: told apart by verbs, and `ops` defaults to OT_VERBS
    clear               it has no encryption of its own
    """

    transports: tuple[str, ...]
    ports: tuple[int, ...]
    also: frozenset[str] = frozenset()
    ot: bool = False
    clear: bool = False


def _ot(transports: str, *ports: int, also: str = "", clear: bool = True) -> Proto:
    return Proto(tuple(transports.split()), ports, frozenset(also.split()), ot=True, clear=clear)


def _it(transports: str, *ports: int, also: str = "", clear: bool = False) -> Proto:
    return Proto(tuple(transports.split()), ports, frozenset(also.split()), clear=clear)


PROTOCOLS = {
    ANY_PROTOCOL: _it(""),
    "modbus": _ot("tcp udp", 502, also="modbus-rtu"),
    "umas": _ot("tcp", 502),
    "xway": _ot("tcp", 502),
    "bacnet": _ot("udp ethernet", 47808, also="bacnet-ethernet"),
    "modbus-tls": _it("tcp", 802, also="tls"),
    "bacnet-sc": _it("tcp", 443, also="https tls"),
    "enip": _ot("tcp udp", 44818, 2222, also="cip cip-io"),
    "cip": _ot("tcp udp", 44818, 2222, also="enip cip-io"),
    "cip-security": _it("tcp udp", 2221),
    "knx": _ot("tcp udp", 3671),
    "s7": _ot("tcp", 102, also="s7-plus"),
    "61850": _ot("tcp", 102, also="mms s7"),
    "goose": _ot("ethernet"),
    "profinet": _ot("udp ethernet", 34962, 34963, 34964),
    "opcua": _ot("tcp", 4840, clear=False),
    "fox": _ot("tcp", 1911, 4911, also="foxs", clear=False),
    "snmp": _ot("udp", 161, 162, clear=False),
    "dnp3": _ot("tcp udp", 20000),
    "iec104": _ot("tcp", 2404),
    "fins": _ot("tcp udp", 9600),
    "ads": _ot("tcp udp", 48898, 48899),
    "lon": _ot("udp", 1628, 1629, also="lon-ip"),
    "mqtt": _ot("tcp", 1883, 8883, also="mqtts", clear=False),
    "ocpp": _it("tcp", 443, also="https tls http"),
    "https": _it("tcp udp", 443, also="tls"),
    "http": _it("tcp", 80, clear=True),
    "ssh": _it("tcp", 22),
    "rdp": _it("tcp udp", 3389, also="tls"),
    "vnc": _it("tcp", 5900, 5901, also="vnc-http"),
    "telnet": _it("tcp", 23, clear=True),
    "ftp": _it("tcp", 21, also="ftp-data", clear=True),
    "tftp": _it("udp", 69, clear=True),
    "smb": _it("tcp", 445, 139, also="netbios-ssn"),
    "sql": _it("tcp", 1433, 1521, 3306, 5432, also="mssql oracle mysql postgresql"),
    "dns": _it("tcp udp", 53, clear=True),
    "ldap": _it("tcp udp", 389),
    "ldaps": _it("tcp", 636, also="tls"),
    "kerberos": _it("tcp udp", 88, 464, also="kpasswd"),
    "syslog": _it("tcp udp", 514, 6514, also="syslog-tls tls"),
    "ntp": _it("udp", 123, clear=True),
    "ptp": _it("udp ethernet", 319, 320, clear=True),
    "ipsec": Proto(("udp", "ip 50", "ip 51"), (500, 4500), frozenset({"ike", "ipsec-nat", "esp", "ah"})),
    "openvpn": _it("udp tcp", 1194),
    "wireguard": _it("udp", 51820),
    "rtsp": _it("tcp udp", 554, 8554, also="rtp", clear=True),
    "rtp": _it("udp", clear=True),
    "sip": _it("tcp udp", 5060, 5061, also="sips rtp"),
    "dicom": _it("tcp", 104, 11112),
    "hl7": _it("tcp", 2575),
    "smtp": _it("tcp", 25, 465, 587, also="smtps submission"),
}
