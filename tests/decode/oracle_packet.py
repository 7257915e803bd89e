"""One frame on its way through the oracle."""

from typing import Literal, NoReturn

from otwatch.packets import FLAWS

ADDRESS = ("src_mac", "dst_mac", "vlan", "ethertype")
COLUMNS = (
    *ADDRESS, "ip_version", "src_hi", "src_lo", "dst_hi", "dst_lo", "protocol", "src_port", "dst_port", "flags", "seq", "ack",
    "length", "missing", "ttl", "ident", "flaw", "fragment",
)  # fmt: skip
LINK_CUT, LINK_UNKNOWN, IP_CUT, IP_WRONG, L4_CUT, L4_WRONG, PIECE_WRONG, LINK_WRONG = range(1, 9)
assert FLAWS[PIECE_WRONG] == "fragment is wrong"
MAPPED = 0xFFFF << 32


class Stop(Exception):  # noqa: N818  # no error: the end of a row
    """The row cannot be read further."""


class Packet:
    """One row on its way: `data` is the frame as captured, `at` where it stands, `end` what the headers promise."""

    def __init__(self, data: bytes, wire: int) -> None:
        self.data, self.at, self.end, self.flaw = data, 0, max(wire, len(data)), 0
        self.row = dict.fromkeys(COLUMNS, 0) | dict.fromkeys(ADDRESS, -1)

    def num(self, offset: int, size: int, order: Literal["little", "big"] = "big") -> int:
        raw = self.data[self.at + offset : self.at + offset + size]
        assert len(raw) == size, "the oracle reads what it has not asked for"
        return int.from_bytes(raw, order)

    def flag(self, flaw: int) -> None:
        self.flaw = self.flaw or flaw

    def wrong(self, flaw: int) -> NoReturn:
        self.flag(flaw)
        self.end = self.at
        raise Stop

    def need(self, size: int, cut: int, wrong: int) -> None:
        if self.at + size > self.end:
            self.wrong(wrong)
        if self.at + size > len(self.data):
            self.flag(cut)
            self.at = max(self.at, len(self.data))
            raise Stop

    def link(self, size: int) -> None:
        self.need(size, LINK_CUT, LINK_WRONG)

    def net(self, size: int) -> None:
        self.need(size, IP_CUT, IP_WRONG)

    def promise(self, end: int, flaw: int) -> None:
        if end > self.end:
            self.flag(flaw)
        self.end = min(self.end, end)

    def finish(self) -> dict[str, object]:
        end = min(self.end, len(self.data))
        payload = self.data[self.at : end] if self.at < end else b""
        self.row |= {"length": len(payload), "missing": max(0, self.end - max(self.at, len(self.data))), "flaw": self.flaw}
        return self.row | {"payload": payload}
