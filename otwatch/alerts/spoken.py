"""What protocols are called, and what their points are: words for people that grow with the dissectors."""

from otwatch.results import Texts

_SAME = {
    "modbus": "Modbus", "modbus-rtu": "Modbus RTU", "bacnet": "BACnet", "bacnet-ethernet": "BACnet Ethernet", "bacnet-sc": "BACnet/SC",
    "enip": "EtherNet/IP", "cip": "CIP", "snmp": "SNMP", "http": "HTTP", "ftp": "FTP", "arp": "ARP", "s7": "S7comm",
    "s7-plus": "S7comm-plus", "opcua": "OPC UA", "knx": "KNXnet/IP", "profinet": "PROFINET", "fox": "Niagara Fox", "hl7": "HL7",
    "dicom": "DICOM", "tls": "TLS", "ssh": "SSH", "smb": "SMB", "ldap": "LDAP", "ipmi": "IPMI", "rtsp": "RTSP", "sip": "SIP",
    "sip-tcp": "SIP", "telnet": "Telnet", "vnc": "VNC", "mqtt": "MQTT", "ntp": "NTP", "dns": "DNS", "dns-tcp": "DNS", "mdns": "mDNS",
    "llmnr": "LLMNR", "netbios-ns": "NetBIOS", "netbios-dgm": "NetBIOS", "dhcp": "DHCP", "dhcpv6": "DHCPv6", "ssdp": "SSDP (UPnP)",
    "ws-discovery": "WS-Discovery (ONVIF)", "lldp": "LLDP", "cdp": "CDP", "pvst": "PVST+", "hsrp": "HSRP", "glbp": "GLBP",
    "vrrp": "VRRP", "icmp": "ICMP", "icmpv6": "ICMPv6", "mrp": "MRP", "dlr": "DLR", "dtp": "DTP", "vtp": "VTP",
}  # fmt: skip
SPOKEN: dict[str, Texts] = {
    **{name: {"en": said, "fr": said} for name, said in _SAME.items()},
    "bacnet-websocket": {"en": "BACnet/SC without TLS", "fr": "BACnet/SC sans TLS"},
    "cip-io": {"en": "EtherNet/IP I/O", "fr": "E/S EtherNet/IP"},
    "xway": {"en": "X-Way (experimental)", "fr": "X-Way (expérimental)"},
    "iec104": {"en": "IEC 104", "fr": "CEI 104"},
    "mms": {"en": "MMS (IEC 61850)", "fr": "MMS (CEI 61850)"},
    "spanning-tree": {"en": "spanning tree", "fr": "Spanning Tree"},
}
"""Protocols as people call them, by the name of the dissector."""

KINDS: dict[str, Texts] = {
    "coil": {"en": "coil", "fr": "bobine"},
    "discrete-input": {"en": "discrete input", "fr": "entrée TOR"},
    "holding-register": {"en": "register", "fr": "registre"},
    "input-register": {"en": "input register", "fr": "registre d'entrée"},
    "file-record": {"en": "file record", "fr": "enregistrement de fichier"},
    "cip": {"en": "object", "fr": "objet"},
    "tag": {"en": "tag", "fr": "variable"},
    "s7": {"en": "address", "fr": "adresse"},
    "node": {"en": "node", "fr": "nœud"},
    "method": {"en": "method", "fr": "méthode"},
    "group": {"en": "group", "fr": "groupe"},
    "property": {"en": "property", "fr": "propriété"},
    "ioa": {"en": "object", "fr": "objet"},
    "mms": {"en": "variable", "fr": "variable"},
    "dcp": {"en": "setting", "fr": "réglage"},
    "settings": {"en": "the settings", "fr": "les réglages"},
    "account": {"en": "an account", "fr": "un compte"},
}
"""Kinds of points that have a plain word; BACnet objects are known by their own."""
