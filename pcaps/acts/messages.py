"""What is said in the acts, written by hand from the standards that are cited."""

from ipaddress import IPv4Address, IPv6Address
from struct import pack

from pcaps.acts.frames import checksum


def modbus(pdu: str, unit: int = 1, number: int = 1) -> bytes:
    """Modbus/TCP (implementation guide V1.0b, 3.1.3)."""
    body = bytes((unit,)) + bytes.fromhex(pdu)
    return pack("!HHH", number, 0, len(body)) + body


READ, VALUES = modbus("03 0fa0 0002"), modbus("03 04 0012 0013")
"""Two holding registers from 4000."""


def wrote(register: int, value: int, number: int = 1) -> bytes:
    """Function 6; its answer is the same."""
    return modbus(f"06 {register:04x} {value:04x}", number=number)


def bacnet(apdu: str, npdu: str = "0104", function: int = 0x0A) -> bytes:
    """BACnet/IP (135-2020, J.2)."""
    body = bytes.fromhex(npdu + apdu)
    return bytes((0x81, function)) + pack("!H", 4 + len(body)) + body


def write_property(kind: int, instance: int, value: str, priority: int, invoke: int = 1) -> bytes:
    """WriteProperty of a present value (20.1.2, 15.9)."""
    target = kind << 22 | instance
    return bacnet(f"0005 {invoke:02x} 0f 0c{target:08x} 1955 3e {value} 3f 49{priority:02x}")


def done(invoke: int = 1) -> bytes:
    return bacnet(f"20 {invoke:02x} 0f")


def redirect(gateway: str, source: str, destination: str) -> bytes:
    """ICMP redirect for a host, behind its checksum: the way, and the head of the packet it is about (RFC 792)."""
    head, ends = pack("!BBHHHBB", 0x45, 0, 40, 7, 0x4000, 64, 6), IPv4Address(source).packed + IPv4Address(destination).packed
    quoted = head + pack("!H", checksum(head + b"\0\0" + ends)) + ends
    return IPv4Address(gateway).packed + quoted + bytes.fromhex("c03001f600000001")


def router(lifetime: int, prefix: str) -> bytes:
    """ICMPv6 router advertisement, behind its checksum (RFC 4861 4.2, 4.6.2)."""
    option = pack("!BBBBIII", 3, 4, 64, 0xC0, 86_400, 14_400, 0) + IPv6Address(prefix).packed
    return pack("!BBHII", 64, 0, lifetime, 0, 0) + option


def echo(number: int, data: bytes) -> bytes:
    return pack("!HH", 0x4F57, number) + data


def ring(state: int) -> bytes:
    """MRP_Test of a manager, ring open (0) or closed (1) (IEC 62439-2)."""
    test = bytes.fromhex("8000 001b1b0a0001 0000") + pack("!HHI", state, 1, 0x1234)
    return pack("!HBB", 1, 2, len(test)) + test + pack("!BBH", 1, 18, 9) + bytes(16) + bytes(2)


def trunk(wish: int) -> bytes:
    """DTP of a port: 1 on, 2 off, 3 desirable, 4 auto, behind its LLC and SNAP header."""
    return bytes.fromhex("aaaa0300000c2004 01 00010009 4f54474542") + pack("!HHB", 2, 5, wish) + bytes.fromhex("00030005 a5")


def lease(address: str, mac: str, router: str, resolver: str) -> bytes:
    """DHCPACK with a way out and a DNS server (RFC 2131, RFC 2132 3.5, 3.8)."""
    head = bytes.fromhex("020106000102030400008000") + bytes(4) + IPv4Address(address).packed + bytes(8)
    options = b"\x35\1\5" + b"\3\4" + IPv4Address(router).packed + b"\6\4" + IPv4Address(resolver).packed + b"\xff"
    return head + bytes.fromhex(mac.replace(":", "")) + bytes(10 + 64 + 128) + bytes.fromhex("63825363") + options


def read_element(instance: int, element: int, invoke: int) -> bytes:
    """ReadProperty of an element of a device's object list."""
    return bacnet(f"0005 {invoke:02x} 0c 0c{8 << 22 | instance:08x} 194c 29{element:02x}")


def element(instance: int, number: int, invoke: int) -> bytes:
    return bacnet(f"30 {invoke:02x} 0c 0c{8 << 22 | instance:08x} 194c 29{number:02x} 3e c4{number:08x} 3f")


def i_am(instance: int) -> bytes:
    return bacnet(f"1000 c4{8 << 22 | instance:08x} 2201e0 9100 2107", "0120ffff00ff")


def ber(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return bytes((tag, len(body))) + body


def snmp(kind: int, oid: str, value: bytes = b"\x05\x00", community: bytes = b"valmont-ond", number: int = 1) -> bytes:
    """SNMP v2c (RFC 3416); the object as the hex of its identifier."""
    binding = ber(0x30, ber(6, bytes.fromhex(oid)), value)
    pdu = ber(kind, ber(2, bytes((number,))), ber(2, b"\0"), ber(2, b"\0"), ber(0x30, binding))
    return ber(0x30, ber(2, b"\1"), ber(4, community), pdu)


def snmp_refused(oid: str) -> bytes:
    """An answer that says notWritable (RFC 3416 3)."""
    pdu = ber(ANSWER, ber(2, b"\1"), ber(2, b"\x11"), ber(2, b"\1"), ber(0x30, ber(0x30, ber(6, bytes.fromhex(oid)), b"\5\0")))
    return ber(0x30, ber(2, b"\1"), ber(4, b"valmont-ond"), pdu)


GET, ANSWER, SET = 0xA0, 0xA2, 0xA3
POWER_OFF = "2b06010401823e010101060201 00"
"""1.3.6.1.4.1.318.1.1.1.6.2.1.0: upsAdvControlUpsOff of APC's MIB."""
UPTIME = "2b06010201010300"


def knx(service: int, body: str) -> bytes:
    """KNXnet/IP (03_08_02, 2.3)."""
    said = bytes.fromhex(body)
    return pack("!BBHH", 6, 16, service, 6 + len(said)) + said


TUNNEL, TUNNEL_ACK = 0x0420, 0x0421


def telegram(apdu: str) -> bytes:
    """cEMI L_Data.req to the group 1/2/3 (03_06_03, 4.1.5.3)."""
    return knx(TUNNEL, "04 01 00 00  11 00 bc e0 0000 0a03 01 " + apdu)


def http(first: str, *fields: str, body: bytes = b"") -> bytes:
    head = "\r\n".join((first, *fields, f"Content-Length: {len(body)}", "", ""))
    return head.encode() + body


NTP_ASKED = bytes.fromhex("23000600") + bytes(44)
NTP_GIVEN = bytes.fromhex("240206e9 00000000 00000020 c0000201") + bytes.fromhex("ee787f0000000000") * 4
"""RFC 5905 7.3: stratum 2."""


def bridge(root: str, own: str) -> bytes:
    """A configuration BPDU of the spanning tree (IEEE 802.1D 9.3.1) behind its LLC."""
    ids = [bytes.fromhex("8000" + mac.replace(":", "")) for mac in (root, own)]
    return bytes.fromhex("424203 0000 00 00 00") + ids[0] + bytes.fromhex("00000004") + ids[1] + bytes.fromhex("8001 0000 1400 0200 0f00")


LIST_IDENTITY = bytes.fromhex("6300 0000 00000000 00000000 0000000000000000 00000000")
"""EtherNet/IP (CIP Networks Library, volume 2, 2-4.2)."""


def ipmi(function: int, command: int, data: bytes = b"") -> bytes:
    """IPMI over RMCP without a session (IPMI 2.0, 13.6, 13.8); the two sums are right."""
    head, rest = bytes((0x20, function << 2)), bytes((0x81, 4, command)) + data
    message = head + bytes((-sum(head) & 0xFF,)) + rest + bytes((-sum(rest) & 0xFF,))
    return bytes.fromhex("0600ff07 00 00000000 00000000") + bytes((len(message),)) + message


def tpkt(body: str) -> bytes:
    """ISO on TCP (RFC 1006)."""
    said = bytes.fromhex(body)
    return pack("!BBH", 3, 0, 4 + len(said)) + said


RDP_ASKED, RDP_GIVEN = tpkt("0e e0 0000 0000 00 01 00 0800 03000000"), tpkt("0e d0 0000 1234 00 02 1f 0800 02000000")
"""X.224 with the security that RDP negotiates (MS-RDPBCGR 2.2.1.1)."""


def s7(kind: int, parameters: str, number: int = 1) -> bytes:
    """S7comm behind COTP (protocols.md 6): a job (1) or its answer (3)."""
    said = bytes.fromhex(parameters)
    head = bytes((0x32, kind)) + pack("!HHHH", 0, number, len(said), 0) + (b"\0\0" if kind == 3 else b"")
    return tpkt("02 f0 80" + (head + said).hex())


def s7_userdata(group: int, sub: int, data: str, *, is_answer: bool) -> bytes:
    """A question of a programming device or its answer, in a group of functions (protocols.md 6)."""
    said = bytes.fromhex(data)
    kind, more = (0x80, bytes(4)) if is_answer else (0x40, b"")
    parameter = bytes((0, 1, 0x12, 4 + len(more), 0x12 if is_answer else 0x11, kind | group, sub, 0)) + more
    body = (b"\xff\x09" + pack("!H", len(said)) + said) if said else b"\x0a\0\0\0"
    return tpkt("02 f0 80" + (b"\x32\7" + pack("!HHHH", 0, 3, len(parameter), len(body)) + parameter + body).hex())


def ssh(kind: int, *parts: int) -> bytes:
    """A packet before there are keys (RFC 4253 6): strings of so many bytes; a proposal of keys (7.1) has a cookie and ten empty lists."""
    body = bytes(16 + 10 * 4 + 5) if kind == SSH_PROPOSES else b"".join(pack("!I", size) + bytes(size) for size in parts)
    padding = 4 + -(len(body) + 10) % 8
    return pack("!IBB", len(body) + padding + 2, padding, kind) + body + bytes(padding)


SSH_PROPOSES, SSH_KEYS_NEW, SSH_ASKS_KEY, SSH_GIVES_KEY = 20, 21, 30, 31


def client_hello(name: str) -> bytes:
    """TLS 1.2 with one suite and the name of the server (RFC 5246 7.4.1.2, RFC 6066 3)."""
    host = pack("!HBH", 3 + len(name), 0, len(name)) + name.encode()
    extensions = pack("!HH", 0, len(host)) + host
    body = b"\3\3" + bytes(32) + b"\0" + b"\0\2\xc0\x2f" + b"\1\0" + pack("!H", len(extensions)) + extensions
    return b"\x16\3\1" + pack("!HI", 4 + len(body), 1 << 24 | len(body)) + body


SERVER_HELLO = bytes.fromhex("160303002a 02000026 0303") + bytes(32) + bytes.fromhex("00 c02f 00")


S7_COMPRESSES = (
    tpkt("11 e0 0000 0001 00 c1 02 0100 c2 02 0102 c0 01 0a"), s7(1, "f0 00 0001 0001 01e0"),
    s7(1, "28 00000000 0000fd 0000 05 5f47415242", 2),
)  # fmt: skip
S7_COMPRESSED = (tpkt("11 d0 0001 0002 00 c0 01 0a c1 02 0100 c2 02 0102"), s7(3, "f0 00 0001 0001 00f0"), s7(3, "28", 2))
"""A connection, its parameters, and the program invocation service "_GARB"."""
S7_REFUSED = tpkt("02 f0 80 3203 0000 0002 0001 0000 8104 28")
"""Error class 81, code 04: the function is not available (protocols.md 6)."""


def smb(command: int, parameters: bytes, data: bytes) -> bytes:
    """SMB1 over TCP (MS-CIFS 2.2.3); answers have the flag that says so."""
    answers = 0x80 if parameters and not data.startswith(b"\0\0") else 0
    head = b"\xffSMB" + bytes((command,)) + bytes(4) + bytes((0x08 | answers, 0x01, 0x00)) + bytes(20)
    body = head + bytes((len(parameters) // 2,)) + parameters + pack("<H", len(data)) + data
    return pack("!I", len(body)) + body


def rmcp_plus(kind: int, payload: bytes) -> bytes:
    """A message of IPMI 2.0 outside of a session (13.6)."""
    return bytes.fromhex("0600ff07") + bytes((6, kind)) + bytes(8) + pack("<H", len(payload)) + payload
