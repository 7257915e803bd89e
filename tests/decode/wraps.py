"""Encapsulations built from their headers: each takes a packet and gives what carries it, for literals and for strategies.py."""

from collections.abc import Callable
from struct import pack

from tests.decode.builders import ethernet, ipv4, ipv6

Body = tuple[int, bytes]
"""Protocol number or ethertype, and the bytes it announces."""

IPV4, IPV6 = 0x0800, 0x86DD
TEREDO = bytes.fromhex("20010000") + bytes(11) + b"\x01"


def datagram(port: int, payload: bytes, source: int = 50_000) -> bytes:
    return pack("!HHHH", source, port, 8 + len(payload), 0) + payload


def gre(flags: int, kind: int, inner: bytes, fields: bytes = b"") -> Body:
    return IPV4, ipv4(47, pack("!HH", flags, kind) + fields + inner)


def frame(body: Body) -> bytes:
    return ethernet(*body)


def erspan_1(body: Body) -> Body:
    return gre(0, 0x88BE, frame(body))


def erspan_2(body: Body) -> Body:
    return gre(0x1000, 0x88BE, pack("!HHI", 0x1000 | 100, 1, 0) + frame(body), pack("!I", 7))


def erspan_3(body: Body) -> Body:
    return gre(0x1000, 0x22EB, pack("!HHIHH", 0x2000 | 100, 1, 0, 0, 0) + frame(body), pack("!I", 7))


def erspan_3_platform(body: Body) -> Body:
    return gre(0x1000, 0x22EB, pack("!HHIHH", 0x2000, 1, 0, 0, 0x0801) + bytes(8) + body[1], pack("!I", 7))


def gre_plain(body: Body) -> Body:
    return gre(0, body[0], body[1])


def gre_full(body: Body) -> Body:
    """Checksum, key and sequence number, over IPv6."""
    return IPV6, ipv6(47, pack("!HHIII", 0xB000, body[0], 0, 5, 7) + body[1])


def nvgre(body: Body) -> Body:
    return gre(0x2000, 0x6558, frame(body), pack("!I", 0x00FDE8_01))


def gre_mpls(body: Body) -> Body:
    return gre(0, 0x8847, pack("!I", 0x0001_0140) + body[1])


def eoip(body: Body) -> Body:
    inner = frame(body)
    return gre(0x2001, 0x6400, inner, pack("!HH", len(inner), 25))


def wccp(body: Body) -> Body:
    return gre(0, 0x883E, bytes.fromhex("05590048") + body[1])


def wccp_1(body: Body) -> Body:
    return gre(0, 0x883E, body[1])


def pptp(body: Body) -> Body:
    inner = b"\xff\x03" + pack("!H", {IPV4: 0x21, IPV6: 0x57}.get(body[0], 0xC021)) + body[1]
    return gre(0x3081, 0x880B, inner, pack("!HHII", len(inner), 6, 1, 1))


def pptp_short(body: Body) -> Body:
    inner = bytes([{IPV4: 0x21, IPV6: 0x57}.get(body[0], 0xC1)]) + body[1]
    return gre(0x3001, 0x880B, inner, pack("!HHI", len(inner), 6, 1))


def ip_in_ip(body: Body) -> Body:
    return IPV4, ipv4(4 if body[0] == IPV4 else 41, body[1])


def ip_in_ip_6(body: Body) -> Body:
    return IPV6, ipv6(4 if body[0] == IPV4 else 41, body[1])


def etherip(body: Body) -> Body:
    return IPV4, ipv4(97, b"\x30\x00" + frame(body))


def mpls_in_ip(body: Body) -> Body:
    return IPV4, ipv4(137, pack("!II", 0x0001_0040, 0x0001_0140) + body[1])


def _over_udp(port: int, payload: bytes) -> Body:
    return IPV4, ipv4(17, datagram(port, payload))


def vxlan(body: Body) -> Body:
    return _over_udp(4789, pack("!II", 0x0800_0000, 42 << 8) + frame(body))


def vxlan_policy(body: Body) -> Body:
    return IPV6, ipv6(17, datagram(8472, pack("!II", 0x8848_0007, 42 << 8) + frame(body)))


def geneve(body: Body) -> Body:
    return _over_udp(6081, pack("!II", 0x0200_6558, 42 << 8) + bytes(8) + frame(body))


def geneve_ip(body: Body) -> Body:
    return _over_udp(6081, pack("!II", body[0], 42 << 8) + body[1])


def gtp_u(body: Body) -> Body:
    return _over_udp(2152, pack("!BBHI", 0x30, 0xFF, len(body[1]), 9) + body[1])


def gtp_u_extended(body: Body) -> Body:
    inner = pack("!HBB", 0, 0, 0x85) + bytes([1, 0, 0, 0x85]) + bytes([2, 0, 0, 0, 0, 0, 0, 0]) + body[1]
    return _over_udp(2152, pack("!BBHI", 0x34, 0xFF, len(inner), 9) + inner)


def tzsp(body: Body) -> Body:
    return _over_udp(37008, bytes.fromhex("01000001" + "00" + "0a02ffee" + "01") + frame(body))


def hp(body: Body) -> Body:
    return _over_udp(7932, bytes(8) + pack("!I", 100 << 8) + frame(body))


def teredo(body: Body) -> Body:
    return _over_udp(3544, bytes.fromhex("0001" + "0102" + "aabbcc" + "00" * 9) + bytes.fromhex("0000" + "00" * 6) + body[1])


def backbone(body: Body) -> Body:
    return 0x88E7, pack("!I", 0x0000_1234) + frame(body)


def vn_tag(body: Body) -> Body:
    return 0x8926, pack("!IH", 0x0001_0002, body[0]) + body[1]


def fabric_path(body: Body) -> Body:
    return 0x8903, b"\x00\x60" + frame(body)


def service_header(body: Body) -> Body:
    kind = {IPV4: 1, IPV6: 2, 0x8847: 5}.get(body[0], 3)
    return 0x894F, bytes.fromhex("00060101"[:6]) + bytes([kind]) + bytes(20) + (frame(body) if kind == 3 else body[1])


def pseudowire(body: Body) -> Body:
    return 0x8847, pack("!I", 0x0001_0140) + frame(body)


def pseudowire_control(body: Body) -> Body:
    return 0x8847, pack("!II", 0x0001_0140, 1) + frame(body)


def hsr(body: Body) -> Body:
    return 0x892F, pack("!HHH", len(body[1]) + 6, 9, body[0]) + body[1]


def metadata(body: Body) -> Body:
    return 0x8909, pack("!BBHHH", 1, 1, 1, 100, body[0]) + body[1]


def signed(body: Body) -> Body:
    return 0x88E5, pack("!BBIQH", 0x20, 0, 7, 1, body[0]) + body[1] + bytes(16)


def encrypted(body: Body) -> Body:
    return 0x88E5, pack("!BBIQH", 0x2C, 0, 7, 1, body[0]) + body[1] + bytes(16)


TUNNELS: list[Callable[[Body], Body]] = [
    erspan_1, erspan_2, erspan_3, erspan_3_platform, gre_plain, gre_full, nvgre, gre_mpls, eoip, wccp, wccp_1, pptp, pptp_short, ip_in_ip,
    ip_in_ip_6, etherip, mpls_in_ip, vxlan, vxlan_policy, geneve, geneve_ip, gtp_u, gtp_u_extended, tzsp, hp, teredo,
]  # fmt: skip
TAGS: list[Callable[[Body], Body]] = [backbone, vn_tag, fabric_path, service_header, pseudowire, pseudowire_control, hsr, metadata, signed]
