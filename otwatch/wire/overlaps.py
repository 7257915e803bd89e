"""The same IPv4 address in several VLANs of one mirror: two machines, or one that is seen on both sides of a router?

Plants are often delivered with the addresses of the workshop, and a mirror of several VLANs then shows two 192.168.0.10. They are two where
both stand on the wire of their VLAN with different cards, and that is proven by what no router passes on:

    an ARP request     is asked with the asker's own address (RFC 826); a proxy only answers for others
    a first TTL        (32, 64, 128, 255), towards a neighbour of the same /24 or towards a group of the link

    being addressed    as a neighbour by one who was told apart in this VLAN already: he has no other way to it

So a conversation through a router, whose two sides a mirror shows, stays one: behind the router the TTL is smaller, or the two are no
neighbours. From the proving packet on, the address is another one in the VLAN that was met later: `192.168.0.10%20`, written as the zones
of IPv6 are (RFC 4007 11). Packets carry it in the upper half of their address, which is empty in IPv4, so everything behind keeps the two
apart and pays nothing for it. A batch without tags costs one look at its column.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from otwatch.decode.rows import RowIndex
from otwatch.events import Binding
from otwatch.events.virtual import virtual
from otwatch.packets import I64, U64, Bools, Packets
from otwatch.sightings import SLOT_NS, Item, Routine, Said, Tally

LIMIT = 65_536
"""Addresses with VLAN and card that are looked at; beyond it nothing new is told apart."""
APART = 4_096
"""Addresses that are told apart."""
_FIRST_TTL: Bools = np.isin(np.arange(256), (32, 64, 128, 255))
_ARP = 0x0806
_REQUEST = bytes.fromhex("0001080006040001")
"""Ethernet, IPv4, lengths 6 and 4, a request (RFC 826)."""
_SENDER, _ARP_SIZE = 14, 28
_HALF = np.uint64(0xFFFFFFFF)
_VLAN = 12
_TAG = (1 << _VLAN) - 1
_WORD, _ADDRESSED = np.uint64((1 << 44) - 1), np.uint64(1 << 44)
"""A word is address << 12 | VLAN; above it stands whether its machine was only addressed."""
_CLAIMS = frozenset({"arp", "dhcp"})
"""Services that tell whose an address is."""


class _Stand(NamedTuple):
    """Where an address was proven to stand first."""

    vlan: int
    mac: int


class Overlaps:
    """Bounded memory of who stands where. `claims`: the address and card told apart -> its VLAN, and since which slot."""

    def __init__(self) -> None:
        self._met, self._looked_at = RowIndex(2), 0
        self._first: dict[int, _Stand] = {}
        self._apart: dict[int, None] = {}
        self._words: U64 = np.empty(0, dtype=np.uint64)
        self.claims: dict[tuple[str, str], tuple[int, int]] = {}

    def told_apart(self, packets: Packets) -> Packets:
        """The same packets; addresses that mean another machine in their VLAN say so in their upper half."""
        if not len(packets.vlan) or packets.vlan.max() < 0:
            return packets
        begun = self._learn(packets)
        if not len(self._words):
            return packets
        tagged = (packets.ip_version == 4) & (packets.vlan >= 0)
        vlan = packets.vlan.astype(np.uint64)
        halves = [self._scoped(low, high, tagged, vlan, begun) for low, high in (
            (packets.src_lo, packets.src_hi), (packets.dst_lo, packets.dst_hi),
        )]  # fmt: skip
        return packets._replace(src_hi=halves[0], dst_hi=halves[1])

    def _scoped(self, low: U64, high: U64, tagged: Bools, vlan: U64, begun: dict[int, int]) -> U64:
        words = _word(low, vlan)
        there = tagged & np.isin(words, self._words)
        for word, row in begun.items():  # told apart for the first time in this batch
            there[:row] &= words[:row] != np.uint64(word)
        return np.where(there, vlan + np.uint64(1), high)

    def _learn(self, packets: Packets) -> dict[int, int]:
        """What is told apart from now on, and from which row of the batch on."""
        begun: dict[int, int] = {}
        if self._looked_at >= LIMIT:
            return begun
        rows, sender, seen = _proofs(packets)
        _, fresh = self._met.number(seen, self._met.find(seen))
        for at in fresh[: LIMIT - self._looked_at].tolist():
            word, mac, row = int(seen[0, at] & _WORD), int(seen[1, at]), int(rows[at])
            by = int(sender[at])
            if by and by not in self._apart and by not in begun:
                continue
            if self._stands_apart(word, mac, is_sender=not by) and len(self._apart) + len(begun) < APART:
                if word not in self._apart:
                    begun.setdefault(word, row)
                self.claims[_dotted(word >> _VLAN), _mac(mac)] = word & _TAG, int(packets.time_ns[row]) // SLOT_NS
        self._looked_at += len(fresh)
        if begun:
            self._apart |= dict.fromkeys(begun)
            self._words = np.array(list(self._apart), dtype=np.uint64)
        return begun

    def _stands_apart(self, word: int, mac: int, is_sender: bool) -> bool:
        stand = _Stand(word & _TAG, mac)
        first = self._first.setdefault(word >> _VLAN, stand) if is_sender else self._first.get(word >> _VLAN, stand)
        return first.vlan != stand.vlan and first.mac != mac and not virtual(_mac(mac))

    def see(self, item: Item) -> Item:
        """What is said about whose an address is, by the name that the address has there."""
        if not self.claims or isinstance(item, Tally) or item.conversation.service not in _CLAIMS:
            return item
        if isinstance(item, Routine):
            return item._replace(said=tuple(self._renamed(one) for one in item.said))
        return item._replace(event=self._renamed((item.event, 1, item.first_ns, item.last_ns, item.frame))[0])

    def _renamed(self, said: Said) -> Said:
        """What was said in slots before the proof keeps the name that it had."""
        event, _, _, last_ns, _ = said
        claim = self.claims.get((event.key, event.value)) if isinstance(event, Binding) else None
        if not isinstance(event, Binding) or claim is None or last_ns // SLOT_NS < claim[1]:
            return said
        return (event._replace(key=f"{event.key}%{claim[0]}"), *said[1:])


def _word(address: U64, vlan: U64) -> U64:
    return (address & _HALF) << np.uint64(_VLAN) | vlan & np.uint64(_TAG)


def _proofs(packets: Packets) -> tuple[I64, U64, U64]:
    """Rows that prove where somebody stands, in order; the word of the sender where it is the one addressed, else 0; and what was seen:
    its word (marked where it was only addressed) with its card. Hosts without an address, and groups, stand nowhere."""
    near = (packets.src_lo ^ packets.dst_lo) & _HALF < np.uint64(256)
    to_group = packets.dst_mac >> 40 & 1 == 1
    tagged = (packets.vlan >= 0) & (packets.src_mac >= 0) & (packets.src_mac >> 40 & 1 == 0)
    direct = np.flatnonzero(tagged & (packets.ip_version == 4) & _FIRST_TTL[packets.ttl] & (near | to_group))
    asked = np.fromiter(_asked(packets, tagged), dtype=np.int64)
    given = direct[near[direct] & ~to_group[direct]]
    rows = np.concatenate([direct, asked, given])
    asker = np.fromiter((_asker(packets, row) for row in asked), dtype=np.uint64, count=len(asked))
    address = np.concatenate([packets.src_lo[direct] & _HALF, asker, packets.dst_lo[given] & _HALF])
    vlan = packets.vlan[rows].astype(np.uint64)
    sender = np.zeros(len(rows), dtype=np.uint64)
    seen = np.stack([_word(address, vlan), packets.src_mac[rows].astype(np.uint64)])
    begin = len(rows) - len(given)
    sender[begin:] = _word(packets.src_lo[given], vlan[begin:])
    seen[0, begin:] |= _ADDRESSED
    seen[1, begin:] = packets.dst_mac[given].astype(np.uint64)
    order = np.argsort(rows, kind="stable")
    order = order[((address >> np.uint64(24) > np.uint64(0)) & (address >> np.uint64(28) < np.uint64(14)))[order]]
    return rows[order], sender[order], seen[:, order]


def _asked(packets: Packets, tagged: Bools) -> Iterator[int]:
    for row in np.flatnonzero(tagged & (packets.ethertype == _ARP) & (packets.length >= _ARP_SIZE)).tolist():
        start = int(packets.start[row])
        if packets.data[start : start + len(_REQUEST)].tobytes() == _REQUEST:
            yield row


def _asker(packets: Packets, row: int) -> int:
    start = int(packets.start[row]) + _SENDER
    return int.from_bytes(packets.data[start : start + 4].tobytes())


def _dotted(address: int) -> str:
    return ".".join(map(str, address.to_bytes(4)))


def _mac(number: int) -> str:
    return number.to_bytes(6).hex(":")
