"""Names of well-known ports (domain/protocols.md 13): a hint who is the server, and a name for what nobody decodes."""

import numpy as np

from otwatch.packets import I64, TCP, UDP, Bools

_BOTH = {
    53: "dns", 88: "kerberos", 111: "rpcbind", 135: "dce-rpc", 137: "netbios-ns", 138: "netbios-dgm", 139: "netbios-ssn", 161: "snmp",
    162: "snmp",
    389: "ldap", 443: "https", 445: "smb", 464: "kpasswd", 502: "modbus", 503: "modbus", 514: "syslog", 1812: "radius",
    2221: "cip-security",
    3389: "rdp", 3671: "knx", 5060: "sip", 5061: "sips", 5093: "sentinel", 5353: "mdns", 20000: "dnp3", 34962: "profinet",
    34963: "profinet",
    34964: "profinet", 44818: "enip", 48898: "ads", 9600: "fins", 1502: "modbus",
}  # fmt: skip
_TCP = {
    20: "ftp-data", 21: "ftp", 22: "ssh", 23: "telnet", 25: "smtp", 79: "finger", 80: "http", 102: "s7", 104: "dicom", 110: "pop3",
    113: "ident",
    119: "nntp", 143: "imap", 465: "smtps", 515: "lpd", 554: "rtsp", 587: "submission", 631: "ipp", 636: "ldaps", 802: "modbus-tls",
    873: "rsync",
    902: "vmware", 993: "imaps", 995: "pop3s", 1080: "socks", 1433: "mssql", 1521: "oracle", 1723: "pptp", 1883: "mqtt", 1911: "fox",
    2049: "nfs",
    2101: "bsap", 2323: "telnet", 2404: "iec104", 2575: "hl7", 3011: "niagara", 3128: "http-proxy", 3306: "mysql", 3690: "svn",
    4840: "opcua",
    4911: "foxs", 5011: "niagara-tls", 5222: "xmpp", 5432: "postgresql", 5800: "vnc-http", 5900: "vnc", 5901: "vnc",
    5938: "teamviewer", 5985: "winrm",
    5986: "winrm-tls", 6379: "redis", 6514: "syslog-tls", 6667: "irc", 7070: "anydesk", 8000: "http", 8008: "http", 8080: "http",
    8443: "https",
    8554: "rtsp", 8883: "mqtts", 9100: "printer", 11112: "dicom", 27017: "mongodb",
}  # fmt: skip
_UDP = {
    67: "dhcp", 68: "dhcp", 69: "tftp", 123: "ntp", 319: "ptp", 320: "ptp", 500: "ike", 546: "dhcpv6", 547: "dhcpv6", 623: "ipmi",
    1194: "openvpn",
    1628: "lon-ip", 1629: "lon-ip", 1701: "l2tp", 1900: "ssdp", 1985: "hsrp", 2029: "hsrp", 3222: "glbp",
    2222: "cip-io", 3702: "ws-discovery", 4500: "ipsec-nat", 5355: "llmnr",
    6343: "sflow",
    48899: "ads", 51820: "wireguard", **dict.fromkeys(range(47808, 47824), "bacnet"),
}  # fmt: skip

OVER_TLS = frozenset({
    "https", "ldaps", "sips", "smtps", "modbus-tls", "imaps", "pop3s", "foxs", "niagara-tls", "winrm-tls", "syslog-tls", "mqtts",
})  # fmt: skip
"""Services that are TLS on a port of their own."""
_KNOWN_AS = {"tls": OVER_TLS, "smb": frozenset({"netbios-ssn"}), "sip-tcp": frozenset({"sip"}), "dns-tcp": frozenset({"dns"})}
"""What is recognised inside a service that has a name of its own: the port's name says more."""

SERVICES: dict[int, dict[int, str]] = {TCP: _BOTH | _TCP, UDP: _BOTH | _UDP, 47: {0: "gre"}, 50: {0: "esp"}, 51: {0: "ah"}}
"""By IP protocol and port, 0 where the protocol has none."""
TRANSPORTS = {TCP: "tcp", UDP: "udp", 1: "icmp", 58: "icmp"}
ETHERTYPES = {
    0x0806: "arp", 0x0082: "bacnet", 0x0042: "spanning-tree", 0x010B: "pvst", 0x2000: "cdp", 0x2003: "vtp", 0x2004: "dtp",
    0x88CC: "lldp", 0x8892: "profinet", 0x88B8: "goose", 0x88BA: "sampled-values", 0x88A4: "ethercat",
    0x88E3: "mrp", 0x88F7: "ptp", 0x892F: "hsr", 0x88FB: "prp", 0x80E1: "dlr", 0x888E: "eapol", 0x88E5: "macsec", 0x9000: "loopback",
}  # fmt: skip


def well_known(protocol: int) -> Bools:
    """Which of the 65 536 ports of TCP (6) or UDP (17) have a name."""
    known = np.zeros(65_536, dtype=np.bool_)
    known[list(SERVICES[protocol])] = True
    return known


def answers(source: I64, target: I64) -> Bools:
    """Which datagrams go from a server to a client that has a well-known port of its own: DHCP (RFC 2131 4.1, RFC 8415 7.2)."""
    answering: Bools = ((source == 67) & (target == 68)) | ((source == 547) & (target == 546))
    return answering


def known_as(recognised: str, suggested: str) -> str:
    """The name of what was recognised: of TLS the port tells what is inside."""
    return suggested if suggested in _KNOWN_AS.get(recognised, ()) else recognised


def service(protocol: int, port: int, ethertype: int) -> str:
    """The name of what a server's port, or an ethertype, suggests; "" without."""
    if protocol == 0:
        return ETHERTYPES.get(ethertype, "")
    return SERVICES.get(protocol, {}).get(port, "")
