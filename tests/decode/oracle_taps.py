"""The oracle's headers of taps and of rarer links; each function returns what those of oracle_links.py do."""

from collections.abc import Callable

from tests.decode.oracle_packet import LINK_WRONG, Packet

Reader = Callable[[Packet], int | None]
INNER: dict[str, Reader] = {}
"""What stands behind them, given by oracle_links.py."""


def links(ethernet: Reader, llc: Reader, wifi: Reader) -> dict[int, Reader]:
    """By LINKTYPE_ number."""
    INNER.update(ethernet=ethernet, llc=llc, wifi=wifi)
    return {
        6: token_ring, 123: atm, 138: fire_wire, 242: infiniband, 117: packet_filter, 119: prism, 163: assessment, 197: record,
        240: card, 241: transparent_card, 274: preambled,
    }  # fmt: skip


def token_ring(p: Packet) -> int | None:
    p.link(16)
    p.row["dst_mac"], p.row["src_mac"] = p.num(2, 6), p.num(8, 6) & ~(1 << 47)
    control, route = p.num(1, 1), p.num(14, 1) & 31 if p.num(8, 1) & 0x80 else 0
    p.at += 14 + route
    return INNER["llc"](p) if control >> 6 == 1 else None


def atm(p: Packet) -> int | None:
    p.link(4)
    kind = p.num(0, 1) & 15
    p.at += 4
    if kind == 1:
        p.link(2)
        p.at += 2
        return INNER["ethernet"](p)
    return INNER["llc"](p) if kind == 2 else None


def fire_wire(p: Packet) -> int | None:
    p.link(18)
    p.at += 18
    return p.num(-2, 2)


def infiniband(p: Packet) -> int | None:
    p.link(44)
    p.at += 44
    return p.num(-4, 2)


def packet_filter(p: Packet) -> int | None:
    p.link(2)
    size, number = p.num(0, 1), p.num(1, 1)
    p.at += (size + 3) // 4 * 4
    return {2: 0x0800, 24: 0x86DD, 28: 0x86DD, 30: 0x86DD}.get(number, -1)


def prism(p: Packet) -> int | None:
    p.link(8)
    if p.num(0, 4) >> 2 == 0x80211000 >> 2:
        return assessment(p)
    p.at += p.num(4, 4) if p.num(0, 4) == 0x44 else p.num(4, 2, "little")
    return INNER["wifi"](p)


def assessment(p: Packet) -> int | None:
    p.link(8)
    if p.num(0, 4) >> 2 != 0x80211000 >> 2:
        p.wrong(LINK_WRONG)
    p.at += p.num(4, 4)
    return INNER["wifi"](p)


def record(p: Packet) -> int | None:
    p.link(16)
    kind, more = p.num(8, 1) & 127, p.num(8, 1) >> 7
    p.at += 16
    for _ in range(8):
        if not more:
            break
        p.link(8)
        more = p.num(0, 1) >> 7
        p.at += 8
    if more:
        p.wrong(LINK_WRONG)
    if kind in (22, 23):
        return {22: 0x0800, 23: 0x86DD}[kind]
    if kind not in (2, 11, 16, 20):
        return None
    p.link(2)
    p.at += 2
    return INNER["ethernet"](p)


def card(p: Packet) -> int | None:
    p.link(4)
    p.at += 4
    return INNER["ethernet"](p)


def transparent_card(p: Packet) -> int | None:
    p.link(4)
    p.at += 4
    return preambled(p)


def preambled(p: Packet) -> int | None:
    p.link(8)
    begin = p.at
    while p.at < begin + 8 and p.num(0, 1) == 0x55:
        p.at += 1
    p.link(1)
    if p.num(0, 1) != 0xD5:
        p.wrong(LINK_WRONG)
    p.at += 1
    return INNER["ethernet"](p)


def ppi(p: Packet) -> int:
    p.link(8)
    if p.num(2, 2, "little") < 8:
        p.wrong(LINK_WRONG)
    kind = p.num(4, 2, "little")
    p.at += p.num(2, 2, "little")
    return kind


def packet_tap(p: Packet) -> int:
    p.link(12)
    if p.num(0, 2, "little") < 12 or p.num(4, 2, "little") != 1:
        p.wrong(LINK_WRONG)
    kind = p.num(8, 2, "little")
    p.at += p.num(0, 2, "little")
    return kind


TAPPED: dict[int, Callable[[Packet], int]] = {192: ppi, 258: packet_tap}
"""Those that name the link type behind them."""
