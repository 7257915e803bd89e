"""Messages by which machines introduce themselves, written by hand from their standards; addresses are documentation addresses."""

MAC = bytes.fromhex("0080f4010203")


def dhcp(operation: int, options: str, *, own: str = "00000000", given: str = "00000000", xid: str = "01020304") -> bytes:
    """RFC 2131 section 2; options as hex, the end behind them."""
    head = bytes.fromhex(f"{operation:02x}010600{xid}00008000{own}{given}0000000000000000")
    return head + MAC + bytes(10 + 64 + 128) + bytes.fromhex("63825363" + options + "ff")


def label(name: str) -> bytes:
    """A name of DNS, without pointers."""
    return b"".join(bytes((len(part),)) + part.encode() for part in name.split(".")) + b"\0"


def record(name: bytes, kind: int, data: bytes, seconds: int = 120, space: int = 1) -> bytes:
    return name + kind.to_bytes(2) + space.to_bytes(2) + seconds.to_bytes(4) + len(data).to_bytes(2) + data


def message(flags: int, questions: tuple[bytes, ...] = (), records: tuple[bytes, ...] = (), number: int = 0) -> bytes:
    """RFC 1035 4.1; all records are answers."""
    head = b"".join(part.to_bytes(2) for part in (number, flags, len(questions), len(records), 0, 0))
    return head + b"".join((*questions, *records))


def netbios(name: str, suffix: int) -> bytes:
    """RFC 1001 14.1."""
    raw = name.encode().ljust(15) + bytes((suffix,))
    return b"\x20" + b"".join(bytes((65 + (byte >> 4), 65 + (byte & 15))) for byte in raw) + b"\0"


ASKED = label("gtb.hopital.example") + b"\0\1\0\1"
DNS_ANSWER = message(
    0x8180, (ASKED,), (record(b"\xc0\x0c", 5, b"\4srv1\xc0\x10"), record(b"\xc0\x31", 1, bytes((192, 0, 2, 10)))), 0x1234
)
"""gtb is an alias of srv1: its name points into the question, the second record to the name in the first."""
DNS_BACKWARDS = message(
    0x8180, (label("10.2.0.192.in-addr.arpa") + b"\0\x0c\0\1",), (record(b"\xc0\x0c", 12, label("srv1.hopital.example")),), 0x1235
)
DNS_QUESTION = message(0x0100, (ASKED,), (), 0x1236)

CAMERA = label("Axis-Eingang._axis-video._tcp.local")
MDNS_ANSWER = message(0x8400, (), (
    record(label("_axis-video._tcp.local"), 12, CAMERA), record(CAMERA, 16, b"\x17macaddress=00408C123456\x10model=AXIS M3046"),
    record(CAMERA, 33, bytes(4) + b"\0\x50" + label("axis-00408c123456.local")),
    record(label("axis-00408c123456.local"), 1, bytes((192, 0, 2, 77)), 120, 0x8001),
))  # fmt: skip
LLMNR_ANSWER = message(
    0x8000, (label("poste-gtb") + b"\0\1\0\1",), (record(label("poste-gtb"), 1, bytes((192, 0, 2, 30)), 30),), 0x77
)

NBNS_REGISTERS = (
    bytes.fromhex("0101291000010000") + b"\0\0\0\1" + netbios("POSTE-GTB", 0) + b"\0\x20\0\1" + b"\xc0\x0c\0\x20\0\1"
    + bytes.fromhex("000493e00006") + bytes.fromhex("0000c000021e")
)  # fmt: skip
NBNS_STATUS = message(0x8400, (), (record(
    b"\x20CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0", 0x21,
    b"\3" + b"POSTE-GTB      \0\4\0" + b"HOPITAL        \0\x84\0" + b"POSTE-GTB      \x20\4\0" + MAC + bytes(40),
),), 0x20A8)  # fmt: skip
NBNS_FOUND = message(0x8500, (), (record(netbios("SRV1", 0x20), 0x20, bytes.fromhex("6000c000020a")),), 9)

BROWSE = b"\x0f\0\x60\xea\0\0" + b"POSTE-GTB".ljust(16, b"\0") + b"\5\1" + bytes.fromhex("03100400 0f01 55aa") + b"GTB\0"
MAILSLOT = b"\\MAILSLOT\\BROWSE\0"
BROWSED = (
    b"\xffSMB\x25" + bytes(27) + b"\x11" + bytes(22) + len(BROWSE).to_bytes(2, "little") + (69 + len(MAILSLOT)).to_bytes(2, "little")
    + bytes(8) + (len(MAILSLOT) + len(BROWSE)).to_bytes(2, "little") + MAILSLOT + BROWSE
)  # fmt: skip
NETBIOS_DATAGRAM = (
    b"\x11\x0a\x12\x34" + bytes((192, 0, 2, 30)) + b"\0\x8a\0\xbb\0\0" + netbios("POSTE-GTB", 0x20) + netbios("HOPITAL", 0x1E) + BROWSED
)

NTP_ANSWER = bytes.fromhex("1c01 06e9 00000000 00000020 44434661") + bytes.fromhex("ec8f000000000000") * 4
NTP_QUESTION = bytes.fromhex("23000600") + bytes(36) + bytes.fromhex("ec8f000000000000")
NTP_UNSET = bytes.fromhex("dc0006e9") + bytes(44)

SSDP_NOTIFY = (
    b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNT: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\nNTS: ssdp:alive\r\n"
    b"LOCATION: http://192.0.2.1:49152/desc.xml\r\nSERVER: Linux/3.10 UPnP/1.0 MiniUPnPd/1.9\r\n\r\n"
)
SSDP_SEARCH = (
    b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nST: ssdp:all\r\n"
    b"USER-AGENT: Windows/10 UPnP/1.1 x/1\r\n\r\n"
)
SSDP_ANSWER = b"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nSERVER: Hikvision/1.0\r\n\r\n"

WSD_HELLO = (
    b'<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    b'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Body>'
    b"<d:ProbeMatches><d:ProbeMatch><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/type/video_encoder "
    b"onvif://www.onvif.org/hardware/DS-2CD2042WD onvif://www.onvif.org/name/Hall%20A onvif://www.onvif.org/location/niveau%200</d:Scopes>"
    b"<d:XAddrs>http://192.0.2.77/onvif/device_service</d:XAddrs></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
)
WSD_PROBE = (
    b'<s:Envelope xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types>'
    b"</d:Probe></s:Body></s:Envelope>"
)

SSH_BANNER = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"


def smb(message: bytes) -> bytes:
    """Behind the head of the NetBIOS session service."""
    return b"\0" + len(message).to_bytes(3) + message


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def ntlm_challenge(*pairs: tuple[int, str]) -> bytes:
    """MS-NLMP 2.2.1.2, Windows 10 build 17763."""
    info = b"".join(number.to_bytes(2, "little") + len(wide(text)).to_bytes(2, "little") + wide(text) for number, text in pairs) + bytes(4)
    part = len(info).to_bytes(2, "little") * 2 + (56).to_bytes(4, "little")
    return b"NTLMSSP\0\2\0\0\0" + bytes(8) + bytes.fromhex("15828962") + bytes(16) + part + bytes.fromhex("0a0063450000000f") + info


def ntlm_authenticate(domain: str, user: str, station: str) -> bytes:
    """MS-NLMP 2.2.1.3."""
    texts, at, parts = b"", 72, b""
    for text in map(wide, (domain, user, station)):
        parts += len(text).to_bytes(2, "little") * 2 + (at + len(texts)).to_bytes(4, "little")
        texts += text
    return b"NTLMSSP\0\3\0\0\0" + bytes(16) + parts + bytes(8) + bytes.fromhex("15828962") + bytes.fromhex("0601b11d0000000f") + texts


def smb1(command: int, words: bytes, body: bytes, *, reply: bool = False) -> bytes:
    """MS-CIFS 2.2.3.1, texts wide."""
    head = b"\xffSMB" + bytes((command,)) + bytes(4) + bytes((0x98 if reply else 0x18,)) + b"\1\xc8" + bytes(20)
    return smb(head + bytes((len(words) // 2,)) + words + len(body).to_bytes(2, "little") + body)


def smb2(command: int, body: bytes, *, reply: bool = False) -> bytes:
    """MS-SMB2 2.2.1.2."""
    head = b"\xfeSMB\x40\0" + bytes(6) + command.to_bytes(2, "little") + bytes(2) + int(reply).to_bytes(4, "little") + bytes(44)
    return smb(head + body)


CHALLENGE = ntlm_challenge((2, "HOPITAL"), (1, "SRV1"), (4, "hopital.example"), (3, "srv1.hopital.example"))
SMB1_SETUP = smb1(0x73, bytes(14) + (0).to_bytes(2, "little") + bytes(8), b"\0" + wide("Unix\0Samba\0"))
SMB1_SETUP_ANSWER = smb1(
    0x73, bytes(6) + len(CHALLENGE).to_bytes(2, "little"), CHALLENGE + b"\0" + wide("Windows 5.1\0Windows 2000 LAN Manager\0"), reply=True
)
SMB2_NEGOTIATED = smb2(0, bytes.fromhex("4100 0100 1103 0000") + bytes(56), reply=True)
SMB2_CHALLENGE = smb2(1, bytes(8) + CHALLENGE, reply=True)
SMB2_LOGIN = smb2(1, bytes(24) + ntlm_authenticate("HOPITAL", "technique", "POSTE-GTB"))
SMB2_READ = smb2(8, bytes(48))

RTSP_DESCRIBE = (
    b"DESCRIBE rtsp://192.0.2.77/axis-media/media.amp RTSP/1.0\r\nCSeq: 2\r\nAuthorization: Basic cm9vdDpwYXNz\r\n"
    b"User-Agent: LibVLC/3.0.16\r\n\r\n"
)
RTSP_REFUSED = (
    b"RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nServer: GStreamer RTSP server\r\n"
    b'WWW-Authenticate: Basic realm="AXIS M3046"\r\n\r\n'
)
RTSP_ANSWER = b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 12\r\n\r\nv=0\r\ns=Hall\r\n$\0\0\4abcd"

SIP_REGISTER = (
    b"REGISTER sip:192.0.2.5 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.90:5060;branch=z9hG4bK1\r\nCSeq: 1 REGISTER\r\n"
    b"User-Agent: Ascom i62/4.5\r\nContent-Length: 0\r\n\r\n"
)
SIP_LOGIN = (
    b"REGISTER sip:192.0.2.20 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.90:5060;branch=z9hG4bK2\r\nCall-ID: 7@192.0.2.90\r\nCSeq: 2 REGISTER\r\n"
    b'Authorization: Digest username="1001",realm="asterisk",nonce="4b0e6ed7",uri="sip:192.0.2.20",'
    b'response="06518f7193edd4fae5f0026822b41abd",algorithm=MD5\r\nContent-Length: 0\r\n\r\n'
)
"""The login of detections.md B.3."""
SIP_REGISTERED = (
    b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.90:5060;branch=z9hG4bK1\r\nCSeq: 1 REGISTER\r\nServer: Asterisk PBX 18.10\r\n\r\n"
)
SIP_BYE = (
    b"BYE sip:sipp@192.0.2.5 SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.90\r\nCSeq: 2 BYE\r\nUser-Agent: FreeSWITCH\r\n"
    b"Content-Length: 4\r\n\r\nbody"
)
SIP_PASSED_ON = b"SIP/2.0 180 Ringing\r\nVia: SIP/2.0/UDP 192.0.2.90\r\nCSeq: 1 INVITE\r\nServer: Somebody else\r\n\r\n"

TELNET_BANNER = b"\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0\r\nBMX NOE 0100\r\n\r\nlogin: "
VNC_VERSION, VNC_TYPES = b"RFB 003.008\n", b"\2\1\2"

MQTT_CONNECT = bytes.fromhex("101f00044d51545404c2003c0005626d733031000561646d696e000561646d696e")
"""domain/protocols.md 15.4."""
MQTT_FIVE = bytes.fromhex("1017 0004 4d515454 05 02 003c 05 110000000a 0005 626d733031")
MQTT_REFUSED = bytes.fromhex("20020005")

LLDP = bytes.fromhex(
    "02070400 80f4aabb0104090570 6f72742d303031060200780a0753572d4f542d310c104869727363686d616e6e202052535000"
    "0e0400140014100c0501c0000214020000000100fe0a0012bb06667720372e31fe0a0012bb08534e303034320000"
)  # fmt: skip
LLDP_STATION = bytes.fromhex("020607706c632d370402073106020014fe0e000ecf02706c632d372e687661630000000000000000")
CDP = bytes.fromhex(
    "02b412340001000c53572d434f455552000300094769302f31000400080000002800050028436973636f20494f5320536f6674776172652c"
    "204945323030300a436f7079726967687400060011636973636f2049452d32303030"
)  # fmt: skip
DHCP_DISCOVER = dhcp(1, "3501010c086374612d6f742d313c0c756468637020312e33362e3137040103060f")
DHCP_ACK = dhcp(2, "3501053604c0000201", given="c0000232")
DHCP_RENEWS = dhcp(1, "3501035116010000" + b"pc7.hopital.example".hex(), own="c0000232")

BPDU = bytes.fromhex("00000202788000001b1b0a0b0c000000148000 0080f4aabb018001 0100140002000f0000")
BPDU_ROOT = bytes.fromhex("000000000080000080f4aabb010000000080000080f4aabb018001 0000140002000f00")
BPDU_CHANGE = bytes.fromhex("00000080")
PVST = BPDU + bytes.fromhex("00000000020005")

DHCPV6_SOLICIT = bytes.fromhex(
    "01 10 08 74 0001 000e 0001 0001 1c39cf88 080027fe8f95 0006 0004 0017 0018 0010 000e 00000137 0008" + b"MSFT 5.0".hex()
    + "0027 000a 00 03" + b"pc7".hex() + "03" + b"chu".hex() + "00" + "0008 0002 0000"
)
DHCPV6_REPLY = bytes.fromhex("07 108 740 0001 000a 0003 0001 080027fe8f95 0002 000a 0003 0001 080027d410bb".replace(" ", ""))
DHCPV6_RELAYED = bytes.fromhex("0c 00") + bytes(32) + bytes.fromhex("0009 0004 0b 108 740".replace(" ", ""))

HSRP = bytes.fromhex("0000 10 03 0a 5a 0a 00" + b"cisco".hex() + "000000 0a1ca8fe")
HSRP_2 = bytes.fromhex("0128 02 00 06 04 0102 00000c9ff102 00000064 00000bb8 00002710 0a140001" + "00" * 12)
HSRP_COUP = bytes.fromhex("0001 08 03 0a 5a 0a 00" + b"secret1 ".hex() + "0a1ca8fe")
GLBP = bytes.fromhex("01 00 000a 0000 00800faabb01 01 06 00000000 02 04 0101")


def _title(text: str) -> bytes:
    return text.encode().ljust(16)


def _item(kind: int, value: bytes) -> bytes:
    return bytes([kind, 0]) + len(value).to_bytes(2) + value


def dicom(kind: int, software: bytes, called: str = "PACS1", calling: str = "CT_SCAN2") -> bytes:
    """An A-ASSOCIATE-RQ (1) or -AC (2)."""
    user = _item(0x51, bytes(4)) + _item(0x52, b"1.2.276.0.7230010.3") + (_item(0x55, software) if software else b"")
    body = b"\0\1\0\0" + _title(called) + _title(calling) + bytes(32) + _item(0x10, b"1.2.840.10008.3.1.1.1") + _item(0x50, user)
    return bytes([kind, 0]) + len(body).to_bytes(4) + body


DICOM_ASKS, DICOM_ACCEPTS = dicom(1, b"OFFIS_DCMTK_367"), dicom(2, b"ORTHANC_1.12")
DICOM_REJECTS = bytes.fromhex("0300 00000004 00 01 01 07")
DICOM_DATA = bytes.fromhex("0400 0000000a 00000006 01 03") + b"DOE^"

ICMP_REDIRECT = bytes.fromhex("05010000 c0000242 450000280007400040060000 c000020f c6336407 c03001f6 00000001")
ICMP_ROUTER = bytes.fromhex("0900000001020708 c0000201 00000000")
ICMP_TIMESTAMP, ICMP_TIMESTAMPED = bytes.fromhex("0d000000 4f570001") + bytes(12), bytes.fromhex("0e000000 4f570001") + bytes(12)
ICMP_MASK, ICMP_ECHO = bytes.fromhex("11000000 4f570001 00000000"), bytes.fromhex("08000000 4f570001") + b"abcdefgh"
PREFIX = bytes.fromhex("030440c0 00015180 00003840 00000000 20010db8006600000000000000000000")
ICMPV6_ROUTER = bytes.fromhex("86000000 40000708 0000000000000000") + b"\1\1" + MAC + PREFIX
ICMPV6_REDIRECT = bytes.fromhex(
    "89000000 00000000 fe800000000000000000000000000066 20010db8000000000000000000000007"
)  # fmt: skip
ICMPV6_NODE = bytes.fromhex("8b000000 00020000") + bytes(24)
MRP_OPEN = bytes.fromhex("0001 0212 8000001b1b0a00010000 0000 0001 00001234 0112 0009") + bytes(16) + bytes(2)
MRP_DOWN = bytes.fromhex("0001 040c 001b1b0a0001 0001 0014 0001 0112 0009") + bytes(16) + bytes(2)
DLR_FAULT = bytes.fromhex("020101 02 c0000207 00000009 02 0a 00000190 000007a8") + bytes(20)
DLR_LOCATES = bytes.fromhex("020105 02 c0000207 00000009") + bytes(30)
DTP_DESIRABLE = bytes.fromhex("01 00010009 4f54474542 0002 0005 03 00030005 a5 0004000a") + MAC
VTP_SUMMARY = bytes.fromhex("01010005") + b"cisco".ljust(32, b"\0") + bytes.fromhex("00000002 9b012507") + b"930301000900" + bytes(16)
VRRP_2 = bytes.fromhex("21 07 64 02 01 01 0000 0a140001 0a140002") + b"tresor\0\0"
VRRP_3 = bytes.fromhex("31 07 00 01 0064 0000 0a140001")
VRRP_6 = bytes.fromhex("31 24 64 01 03e8 341b fe800000000000000000000000003636")

GOOD: dict[str, tuple[bytes, ...]] = {
    "icmp": (ICMP_REDIRECT, ICMP_ROUTER, ICMP_TIMESTAMP, ICMP_TIMESTAMPED, ICMP_MASK),
    "icmpv6": (ICMPV6_ROUTER, ICMPV6_REDIRECT, ICMPV6_NODE),
    "mrp": (MRP_OPEN, MRP_DOWN),
    "dlr": (DLR_FAULT, DLR_LOCATES),
    "dtp": (DTP_DESIRABLE,),
    "vtp": (VTP_SUMMARY,),
    "lldp": (LLDP, LLDP_STATION),
    "cdp": (CDP,),
    "spanning-tree": (BPDU, BPDU_ROOT, BPDU_CHANGE),
    "pvst": (PVST,),
    "dhcpv6": (DHCPV6_SOLICIT, DHCPV6_REPLY, DHCPV6_RELAYED),
    "hsrp": (HSRP, HSRP_2, HSRP_COUP),
    "glbp": (GLBP,),
    "vrrp": (VRRP_2, VRRP_3, VRRP_6),
    "dicom": (DICOM_ASKS, DICOM_ACCEPTS + DICOM_DATA, DICOM_REJECTS),
    "dhcp": (DHCP_DISCOVER, DHCP_ACK, DHCP_RENEWS),
    "dns": (DNS_ANSWER, DNS_BACKWARDS, DNS_QUESTION),
    "dns-tcp": tuple(len(message).to_bytes(2) + message for message in (DNS_QUESTION, DNS_ANSWER)),
    "mdns": (MDNS_ANSWER, DNS_QUESTION),
    "llmnr": (LLMNR_ANSWER,),
    "netbios-ns": (NBNS_REGISTERS, NBNS_STATUS, NBNS_FOUND),
    "netbios-dgm": (NETBIOS_DATAGRAM,),
    "ntp": (NTP_ANSWER, NTP_QUESTION, NTP_UNSET),
    "ssdp": (SSDP_NOTIFY, SSDP_SEARCH, SSDP_ANSWER),
    "ws-discovery": (WSD_HELLO, WSD_PROBE),
    "ssh": (SSH_BANNER, b"SSH-1.99-Cisco-1.25\n"),
    "smb": (SMB1_SETUP, SMB1_SETUP_ANSWER, SMB2_NEGOTIATED, SMB2_CHALLENGE, SMB2_LOGIN, SMB2_READ),
    "rtsp": (RTSP_DESCRIBE, RTSP_REFUSED, RTSP_ANSWER),
    "sip": (SIP_REGISTER, SIP_LOGIN, SIP_REGISTERED, SIP_PASSED_ON),
    "sip-tcp": (SIP_REGISTER, SIP_REGISTERED + b"\r\n\r\n" + SIP_PASSED_ON, SIP_BYE),
    "telnet": (TELNET_BANNER, b"\xff\xfb\x01admin\r\0secret\r\n", b"\xff\xf9\r\nPassword: "),
    "vnc": (VNC_VERSION, VNC_VERSION + VNC_TYPES, b"RFB 003.003\n\0\0\0\2"),
    "mqtt": (MQTT_CONNECT, MQTT_FIVE, MQTT_REFUSED),
}
