"""The oracle's tunnels: where the inner packet of one row begins, written without columns."""

from collections.abc import Callable
from typing import Any, NamedTuple

from otwatch.packets import TUNNELS
from tests.decode.oracle_packet import Packet

IPV4, IPV6, ARP, MPLS, TEB = 0x0800, 0x86DD, 0x0806, 0x8847, 0x6558
KNOWN = {
    IPV4, IPV6, ARP, 0x8035, 0x8100, 0x88A8, 0x9100, 0x8863, 0x8864, MPLS, 0x8848, 0x88E7, 0x8926, 0x88CC, 0x8892, 0x88A4, 0x88B8, 0x88BA,
    0x88E5, 0x888E, 0x88F7, 0x892F, 0x88FB, 0x9000,
}  # fmt: skip


class Inner(NamedTuple):
    """`skip` bytes of tunnel header, then a `kind` of packet: "ethernet", "ppp", "ip", "mpls", or an ethertype."""

    name: str
    skip: int
    kind: str | int
    vlan: int = -1
    strict: bool = False
    exact: bool = False


def room(p: Packet, at: int) -> bool:
    return p.at + at <= min(p.end, len(p.data))


def is_ip(p: Packet, at: int, version: int, exact: bool = False) -> bool:
    if not room(p, at + (20 if version == 4 else 40)):
        return False
    first = p.num(at, 1)
    size = p.num(at + 2, 2) if version == 4 else p.num(at + 4, 2) + 40
    good = first >> 4 == version and (version == 6 or (first & 15 >= 5 and size >= (first & 15) * 4))
    return good and not (exact and p.at + at + size > p.end)


def is_ethernet(p: Packet, at: int, strict: bool = False, exact: bool = False) -> bool:
    if not room(p, at + 14) or p.num(at + 6, 1) & 1:
        return False
    kind = p.num(at + 12, 2)
    known = kind <= 1500 and room(p, at + 16) and p.num(at + 14, 2) in (0x8282, 0xAAAA, 0x4242)
    if not p.num(at + 6, 6) and not known and kind not in (IPV4, IPV6):
        return False
    if kind <= 1500:
        return (known or not strict) and kind >= 3 and p.at + at + 14 + kind <= p.end
    if kind < 0x600 or (strict and kind not in KNOWN):
        return False
    version = {IPV4: 4, IPV6: 6}.get(kind)
    return version is None or is_ip(p, at + 14, version, exact)


def fits(p: Packet, inner: Inner) -> bool:
    at = inner.skip
    if inner.kind == "ethernet":
        return is_ethernet(p, at, inner.strict, inner.exact)
    if inner.kind == "ppp":
        at += 2 * (room(p, at + 4) and p.num(at, 2) == 0xFF03)
        return room(p, inner.skip + 4) and (p.num(at, 2) in (0x21, 0x57) or p.num(at, 1) in (0x21, 0x57))
    if inner.kind == "mpls":
        return room(p, at + 4)
    versions = {"ip": (4, 6), IPV4: (4,), IPV6: (6,)}[inner.kind]
    return any(is_ip(p, at, version, inner.exact) for version in versions)


def inside(p: Packet) -> Inner | None:
    """The tunnel that the row stands before, if something plausible is in it."""
    row = p.row
    if row["fragment"] or not row["ip_version"] or not room(p, 1):
        return None
    if row["protocol"] == 17:
        found = PORTS.get(row["dst_port"]) or (teredo if row["src_port"] == 3544 else None)
    else:
        found = PROTOCOLS.get(row["protocol"])
    inner = found(p) if found else None
    return inner if inner and fits(p, inner) else None


def ip_in_ip(p: Packet) -> Inner:
    name = {(4, 4): "ip-in-ip", (4, 41): "6in4", (6, 4): "4in6", (6, 41): "6in6"}[p.row["ip_version"], p.row["protocol"]]
    return Inner(name, 0, IPV4 if p.row["protocol"] == 4 else IPV6)


def gre(p: Packet) -> Inner | None:
    if not room(p, 4):
        return None
    flags, kind = p.num(0, 2), p.num(2, 2)
    if (flags, kind) == (0x2001, 0x6400):
        return Inner("eoip", 8, "ethernet") if room(p, 8) else None
    if flags & ~0x80 == 0x3001 and kind == 0x880B:
        return Inner("pptp", 16 if flags & 0x80 else 12, "ppp") if room(p, 16 if flags & 0x80 else 12) else None
    size = 4 + 4 * bin(flags & 0xB000).count("1")
    if flags & 0x4007 or not room(p, size):
        return None
    if kind == 0x88BE:
        return erspan_2(p, size) if flags & 0x1000 else Inner("erspan", size, "ethernet")
    if kind == 0x22EB:
        return erspan_3(p, size)
    if kind == 0x883E:
        return Inner("wccp", size if p.num(size, 1) >> 4 == 4 else size + 4, IPV4) if room(p, size + 4) else None
    carried: dict[int, Any] = {IPV4: IPV4, IPV6: IPV6, TEB: "ethernet", MPLS: "mpls", 0x8848: "mpls"}
    return Inner("gre", size, carried[kind]) if kind in carried else None


def erspan_2(p: Packet, at: int) -> Inner | None:
    if not room(p, at + 8) or p.num(at, 1) >> 4 != 1:
        return None
    return Inner("erspan", at + 8, "ethernet", p.num(at, 2) & 0xFFF or -1)


def erspan_3(p: Packet, at: int) -> Inner | None:
    if not room(p, at + 12) or p.num(at, 1) >> 4 != 2:
        return None
    last = p.num(at + 10, 2)
    kind = {0: "ethernet", 2: "ip"}.get(last >> 10 & 31)
    return Inner("erspan", at + 12 + 8 * (last & 1), kind, p.num(at, 2) & 0xFFF or -1) if kind else None


def etherip(p: Packet) -> Inner | None:
    return Inner("etherip", 2, "ethernet") if room(p, 2) and p.num(0, 2) == 0x3000 else None


def vxlan(p: Packet) -> Inner | None:
    if not room(p, 8) or p.num(7, 1):
        return None
    plain = p.num(0, 4) == 0x08000000
    policy = p.num(0, 1) == 0x88 and not p.num(1, 1) & 0xB7
    return Inner("vxlan", 8, "ethernet", exact=True) if plain or policy else None


def geneve(p: Packet) -> Inner | None:
    if not room(p, 8) or p.num(0, 1) >> 6 or p.num(1, 1) & 0x3F or p.num(7, 1):
        return None
    kinds: dict[int, Any] = {TEB: "ethernet", IPV4: IPV4, IPV6: IPV6}
    kind = kinds.get(p.num(2, 2))
    return Inner("geneve", 8 + 4 * p.num(0, 1), kind, exact=True) if kind else None


def gtp_u(p: Packet) -> Inner | None:
    if not room(p, 8) or p.num(0, 1) >> 4 != 3 or p.num(1, 1) != 0xFF or p.at + 8 + p.num(2, 2) != p.end:
        return None
    at = 8
    if p.num(0, 1) & 7:
        if not room(p, 12):
            return None
        at = 12
        following = p.num(0, 1) & 4 and p.num(11, 1)
        passed = 0
        while following:
            if passed == 4 or not room(p, at + 4) or not p.num(at, 1) or not room(p, at + 4 * p.num(at, 1)):
                return None
            at += 4 * p.num(at, 1)
            following = p.num(at - 1, 1)
            passed += 1
    return Inner("gtp-u", at, "ip", exact=True)


def tzsp(p: Packet) -> Inner | None:
    if not room(p, 5) or p.num(0, 4) not in (0x01000001, 0x01010001):
        return None
    at = 4
    for _ in range(16):
        if not room(p, at + 2):
            return None
        tag = p.num(at, 1)
        at += 2 + p.num(at + 1, 1) if tag > 1 else 1
        if tag == 1:
            return Inner("tzsp", at, "ethernet", strict=True)
    return None


def hp(p: Packet) -> Inner | None:
    return Inner("hp-erm", 12, "ethernet", p.num(9, 2) & 0xFFF or -1, strict=True) if room(p, 12) else None


def teredo(p: Packet) -> Inner | None:
    at = 0
    if not room(p, 40):
        return None
    if p.num(0, 2) == 1:
        at = 13 + p.num(2, 1) + p.num(3, 1)
    if not room(p, at + 40):
        return None
    if p.num(at, 2) == 0:
        at += 8
    if not room(p, at + 40) or p.at + at + 40 + p.num(at + 4, 2) != p.end:
        return None
    ends = (p.num(at + 8, 4), p.num(at + 24, 4))
    ours = any(end == 0x20010000 or end >> 22 == 0xFE80 >> 6 for end in ends)
    return Inner("teredo", at, IPV6, exact=True) if ours else None


Opener = Callable[[Packet], Inner | None]
PROTOCOLS: dict[int, Opener] = {4: ip_in_ip, 41: ip_in_ip, 47: gre, 97: etherip, 137: lambda _: Inner("mpls-in-ip", 0, "mpls")}
PORTS: dict[int, Opener] = {4789: vxlan, 8472: vxlan, 6081: geneve, 37008: tzsp, 7932: hp, 2152: gtp_u, 3544: teredo}


def whole_end(p: Packet, inner: Inner) -> int:
    """Where the inner packet of a mirror ends, which may have been cut."""
    at = inner.skip
    kind = inner.kind
    if kind == "ethernet":
        kind, at = p.num(at + 12, 2), at + 14
    elif kind == "ip":
        kind = IPV4 if is_ip(p, at, 4) else IPV6
    if kind == IPV4 and is_ip(p, at, 4):
        return p.at + at + p.num(at + 2, 2)
    if kind == IPV6 and is_ip(p, at, 6):
        return p.at + at + 40 + p.num(at + 4, 2)
    return p.end


def step_in(p: Packet, inner: Inner) -> tuple[Any, ...]:
    """Forget the outer packet; what is kept of it."""
    row = p.row
    port = next((port for port in (row["dst_port"], row["src_port"]) if port in PORTS), 0) if row["protocol"] == 17 else 0
    ends = tuple(row[name] for name in ("src_hi", "src_lo", "dst_hi", "dst_lo"))
    outer = (TUNNELS.index(inner.name), inner.kind == "ethernet", row["ip_version"], *ends, row["protocol"], port)
    if inner.name in ("erspan", "tzsp", "hp-erm"):
        p.end = max(p.end, whole_end(p, inner))
    row |= dict.fromkeys(("ip_version", "protocol", "src_port", "dst_port", "flags", "seq", "ack", "ttl", "ident"), 0)
    row |= dict.fromkeys(("src_hi", "src_lo", "dst_hi", "dst_lo"), 0)
    row |= {"src_mac": -1, "dst_mac": -1, "ethertype": -1, "vlan": inner.vlan}
    p.at += inner.skip
    return outer
