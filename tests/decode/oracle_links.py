"""The oracle's link layers; each function returns the ethertype that may lead to further tags, or None when it is settled."""

from tests.decode import oracle_taps
from tests.decode.oracle_packet import LINK_UNKNOWN, LINK_WRONG, Packet
from tests.decode.oracle_tunnels import is_ethernet, is_ip


def ethernet(p: Packet) -> int | None:
    p.link(14)
    p.row["dst_mac"], p.row["src_mac"], kind = p.num(0, 6), p.num(6, 6), p.num(12, 2)
    p.at += 14
    return kind


def family(p: Packet) -> int | None:
    p.link(4)
    number = p.num(2, 2) if p.num(0, 2) == 0 else p.num(0, 2, "little")
    p.at += 4
    return family_type(number)


def family_type(number: int) -> int:
    return 0x0800 if number == 2 else 0x86DD if number in (10, 24, 28, 30) else -1


def nibble(p: Packet) -> int | None:
    p.link(1)
    return {4: 0x0800, 6: 0x86DD}.get(p.num(0, 1) >> 4, -1)


def sll(p: Packet) -> int | None:
    p.link(16)
    kind = p.num(14, 2)
    if p.num(4, 2) == 6:
        p.row["src_mac"] = p.num(6, 6)
    p.at += 16
    return sll_type(p, kind)


def sll2(p: Packet) -> int | None:
    p.link(20)
    kind = p.num(0, 2)
    if p.num(11, 1) == 6:
        p.row["src_mac"] = p.num(12, 6)
    p.at += 20
    return sll_type(p, kind)


def sll_type(p: Packet, kind: int) -> int | None:
    if kind == 4:
        return llc(p)
    return kind if kind > 1500 else -1


def hdlc(p: Packet) -> int | None:
    p.link(4)
    kind = p.num(2, 2)
    p.at += 4
    return kind if kind > 1500 else -1


def ppp_link(p: Packet) -> int | None:
    p.link(2)
    if p.num(0, 2) in (0x0F00, 0x8F00):
        return hdlc(p)
    if p.num(0, 2) == 0xFF03:
        p.at += 2
    return ppp(p)


def ppp(p: Packet) -> int | None:
    p.row["ethertype"] = -1
    p.link(1)
    size = 1 if p.num(0, 1) & 1 else 2
    p.link(size)
    number = p.num(0, size)
    p.at += size
    return {0x21: 0x0800, 0x57: 0x86DD, 0x281: 0x8847}.get(number, -1)


def nflog(p: Packet) -> int | None:
    p.link(4)
    kind = family_type(p.num(0, 1))
    p.at += 4
    for _ in range(32):
        p.link(4)
        size, tag = p.num(0, 2, "little"), p.num(2, 2, "little")
        if size < 4:
            p.wrong(LINK_WRONG)
        if tag == 9:
            p.at += 4
            p.end = min(p.end, p.at + size - 4)
            return kind
        p.at += (size + 3) // 4 * 4
    return p.wrong(LINK_WRONG)


def radiotap(p: Packet) -> int | None:
    p.link(4)
    size = p.num(2, 2, "little")
    if size < 4:
        p.wrong(LINK_WRONG)
    p.at += size
    return wifi(p)


def wifi(p: Packet) -> int | None:
    p.link(2)
    kind, flags = p.num(0, 1), p.num(1, 1)
    if kind & 0x0F != 0x08:
        return None
    four, qos = flags & 3 == 3, bool(kind & 0x80)
    base = 30 if four else 24
    size = base + 2 * qos + 4 * (qos and flags & 0x80 > 0)
    p.link(size)
    p.row["dst_mac"] = p.num(16 if flags & 1 else 4, 6)
    p.row["src_mac"] = p.num(24 if four else 16 if flags & 2 else 10, 6)
    piece = flags & 0x04 or p.num(22, 1) & 0x0F
    bundle = qos and p.num(base, 1) & 0x80
    p.at += size
    return None if kind & 0x40 or flags & 0x40 or piece or bundle else llc(p)


def llc(p: Packet) -> int | None:
    p.row["ethertype"] = -1
    p.link(3)
    dsap, ssap, control = p.num(0, 1), p.num(1, 1), p.num(2, 1)
    p.at += 3
    if (dsap, ssap, control) != (0xAA, 0xAA, 3):
        p.row["ethertype"] = dsap if dsap == ssap else -1
        return None
    p.link(5)
    oui, kind = p.num(0, 3), p.num(3, 2)
    p.at += 5
    if oui in (0, 0xF8) and kind > 1500:
        return kind
    if oui == 0x00000C and kind in {0x010B, 0x2000, 0x2003, 0x2004}:
        p.row["ethertype"] = kind
    if (oui, kind) == (0x001090, 1):
        p.link(3)
        p.at += 3
        mstp(p)
    return None


def mstp_bus(p: Packet) -> int | None:
    p.link(8)
    if p.num(0, 2) != 0x55FF:
        p.wrong(LINK_WRONG)
    p.row["dst_mac"], p.row["src_mac"] = p.num(3, 1), p.num(4, 1)
    p.at += 2
    return mstp(p)


def mstp(p: Packet) -> int | None:
    p.link(6)
    kind, size = p.num(0, 1), p.num(3, 2)
    p.at += 6
    p.promise(p.at + size, LINK_WRONG)
    p.row["ethertype"] = 0x82 if kind in (5, 6) else -1
    return None


def arcnet(p: Packet) -> int | None:
    p.row["ethertype"] = -1
    p.link(5)
    p.row["src_mac"], p.row["dst_mac"] = p.num(0, 1), p.num(1, 1) or 0xFFFFFFFFFFFF
    count = p.num(2, 1), p.num(3, 1)
    if p.num(4, 1) == 0xCD and (count[0] == 0) != (count[1] == 0):
        p.at += 5
        return llc(p)
    p.at += 3
    return llc(p) if count[0] == 0xCD else None


def fddi(p: Packet) -> int | None:
    p.link(13)
    control, p.row["dst_mac"], p.row["src_mac"] = p.num(0, 1), p.num(1, 6), p.num(7, 6)
    p.at += 13
    return llc(p) if control >> 4 == 5 else None


def frame_relay(p: Packet) -> int | None:
    p.link(4)
    if p.num(0, 1) & 1 or not p.num(1, 1) & 1:
        p.wrong(LINK_WRONG)
    control, number, kind = p.num(2, 1), p.num(3, 1), p.num(2, 2)
    p.at += 4
    if control != 3:
        return kind if kind > 1500 else -1
    if number:
        return {0xCC: 0x0800, 0x8E: 0x86DD}.get(number, -1)
    p.row["ethertype"] = -1
    p.link(6)
    plain, kind = p.num(0, 4) == 0x80000000, p.num(4, 2)
    p.at += 6
    return kind if plain else None


def slip(p: Packet) -> int | None:
    p.link(16)
    p.at += 16
    return nibble(p)


def ipnet(p: Packet) -> int | None:
    p.link(24)
    family_number = p.num(1, 1)
    p.at += 24
    return {2: 0x0800, 26: 0x86DD}.get(family_number, -1)


def juniper(p: Packet) -> int | None:
    p.link(4)
    if p.num(0, 3) != 0x4D4743:
        p.wrong(LINK_WRONG)
    flags = p.num(3, 1)
    p.at += 4
    if flags & 0x80:
        p.link(2)
        p.at += 2 + p.num(0, 2)
    return None if flags & 2 else ethernet(p)


def pppoe(p: Packet) -> int | None:
    p.link(6)
    if p.num(0, 2) != 0x1100:
        p.wrong(LINK_WRONG)
    size = p.num(4, 2)
    p.at += 6
    p.promise(p.at + size, LINK_WRONG)
    return ppp(p)


def ppp_direction(p: Packet) -> int | None:
    p.link(3)
    p.at += 1
    if p.num(0, 2) == 0xFF03:
        p.at += 2
    return ppp(p)


def arcnet_linux(p: Packet) -> int | None:
    p.link(5)
    p.row["src_mac"], p.row["dst_mac"] = p.num(0, 1), p.num(1, 1)
    p.at += 4
    return system_code(p)


def system_code(p: Packet) -> int | None:
    p.link(1)
    code = p.num(0, 1)
    p.at += 1
    if code == 0xCD:
        return llc(p)
    if code in (0xF0, 0xF1):
        return {0xF0: 0x0800, 0xF1: 0x0806}[code]
    if code not in (0xD4, 0xD5, 0xC4):
        return None
    p.link(3)
    if p.num(0, 1):
        return None
    p.at += 3
    return {0xD4: 0x0800, 0xD5: 0x0806, 0xC4: 0x86DD}[code]


LINKS = {
    **oracle_taps.links(ethernet, llc, wifi),
    8: slip, 10: fddi, 51: pppoe, 100: llc, 107: frame_relay, 129: arcnet_linux, 178: juniper, 204: ppp_direction, 226: ipnet,
    1: ethernet, 0: family, 108: family, 12: nibble, 14: nibble, 101: nibble, 228: lambda _: 0x0800, 229: lambda _: 0x86DD,
    113: sll, 276: sll2, 9: ppp_link, 50: ppp_link, 104: hdlc, 239: nflog, 105: wifi, 127: radiotap, 165: mstp_bus,
    7: arcnet,
}  # fmt: skip


def tag(p: Packet, kind: int) -> int | None:
    """Read one header that `kind` announces."""
    if kind <= 1500:
        p.promise(p.at + kind, LINK_WRONG)
        return llc(p)
    if kind in (0x8100, 0x88A8, 0x9100):
        p.link(4)
        if p.row["vlan"] < 0:
            p.row["vlan"] = p.num(0, 2) & 0xFFF
        kind = p.num(2, 2)
        p.at += 4
        return kind
    if kind == 0x8864:
        return pppoe(p)
    if kind in (0x88E7, 0x8903):
        p.link(18 if kind == 0x88E7 else 16)
        p.at += 4 if kind == 0x88E7 else 2
        return enclosed(p)
    if kind in (0x8926, 0x892F, 0xF1C1):
        p.link(6)
        kind = p.num(4, 2)
        p.at += 6
        return kind
    if kind == 0x8909:
        p.link(8)
        p.at += 8
        return p.num(-2, 2)
    if kind == 0x88E5:
        return sealed(p)
    if kind == 0x894F:
        return service(p)
    p.link(4)
    bottom = p.num(2, 1) & 1
    p.at += 4
    return below(p) if bottom else kind


def enclosed(p: Packet) -> int | None:
    p.row["vlan"] = -1
    return ethernet(p)


def service(p: Packet) -> int | None:
    p.link(8)
    size, kind = 4 * (p.num(1, 1) & 63), p.num(3, 1)
    if size < 8:
        p.wrong(LINK_WRONG)
    p.link(size)
    p.at += size
    return enclosed(p) if kind == 3 else {1: 0x0800, 2: 0x86DD, 4: 0x894F, 5: 0x8847}.get(kind, -1)


def sealed(p: Packet) -> int | None:
    p.link(16)
    control = p.num(0, 1)
    if control & 0x8C:
        return None
    p.at += 16 if control & 0x20 else 8
    return p.num(-2, 2)


def below(p: Packet) -> int | None:
    if not is_ip(p, 0, 4, exact=True) and not is_ip(p, 0, 6, exact=True):
        if is_ethernet(p, 4, strict=True) and p.num(0, 1) >> 4 == 0:
            p.at += 4
            return enclosed(p)
        if is_ethernet(p, 0, strict=True):
            return enclosed(p)
    return nibble(p)


TAGS = {0x8100, 0x88A8, 0x9100, 0x8864, 0x8847, 0x8848, 0x88E7, 0x8903, 0x8926, 0x892F, 0xF1C1, 0x8909, 0x88E5, 0x894F}


def is_tag(kind: int) -> bool:
    return 0 <= kind <= 1500 or kind in TAGS


def read_link(p: Packet, link_type: int) -> None:
    if link_type in oracle_taps.TAPPED:
        link_type = oracle_taps.TAPPED[link_type](p)
    if link_type not in LINKS:
        p.wrong(LINK_UNKNOWN)
    read_tags(p, LINKS[link_type](p))


def read_inner(p: Packet, kind: str | int) -> None:
    """What a tunnel announces."""
    if kind == "ppp":
        p.at += 2 * (p.num(0, 2) == 0xFF03)
    readers = {"ethernet": ethernet, "ppp": ppp, "ip": nibble}
    read_tags(p, readers[kind](p) if isinstance(kind, str) and kind in readers else 0x8847 if kind == "mpls" else int(kind))


def read_tags(p: Packet, kind: int | None) -> None:
    for _ in range(8):
        if kind is not None:
            p.row["ethertype"] = kind
        if kind is None or not is_tag(kind):
            return
        kind = tag(p, kind)
    if kind is not None:
        p.row["ethertype"] = kind
        if is_tag(kind):
            p.wrong(LINK_WRONG)
