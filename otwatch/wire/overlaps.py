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
from otwatch.packets import I64, U64, Bools, Packets, words_at
from otwatch.sightings import SLOT_NS, Item, Routine, Said, Tally

LIMIT = 65_536
"""Addresses with VLAN and card that are looked at; beyond it nothing new is told apart."""
APART = 4_096
"""Addresses that are told apart."""
_FIRST_TTL: Bools = np.isin(np.arange(256), (32, 64, 128, 255))
_ARP = 0x0806
_REQUEST = np.frombuffer(bytes.fromhex("0001080006040001"), np.uint64)[0]
"""Ethernet, IPv4, lengths 6 and 4, a request (RFC 826)."""
_WORD, _SENDER, _ARP_SIZE = 8, 14, 28
_HALF = np.uint64(0xFFFFFFFF)
_VLAN = 12
_TAG, _WORDS = (1 << _VLAN) - 1, 1 << 32 + _VLAN
"""A word is address << 12 | VLAN."""
_CLAIMS = frozenset({"arp", "dhcp"})
"""Services that tell whose an address is."""


class _Stand(NamedTuple):
    """Where an address was proven to stand first."""

    vlan: int
    mac: int


class Standing(NamedTuple):
    """What was proven, for another `Overlaps`: who stood where first (address, VLAN, MAC), what was told apart, and whose address that is
    (address, MAC, VLAN)."""

    first: tuple[tuple[int, int, int], ...] = ()
    apart: tuple[int, ...] = ()
    claims: tuple[tuple[str, str, int], ...] = ()


NOBODY = Standing()


class Overlaps:
    """Bounded memory of who stands where. `claims`: the address and card told apart -> its VLAN, and since which slot; `crowded` counts
    packets with an address, VLAN and card that there was no room to look at, or to tell apart."""

    def __init__(self) -> None:
        self._met, self._addressed, self._looked_at = RowIndex(2), RowIndex(2), 0
        self._first: dict[int, _Stand] = {}
        self._apart: U64 = np.empty(0, dtype=np.uint64)
        self.claims: dict[tuple[str, str], tuple[int, int]] = {}
        self.crowded = 0

    @property
    def proven(self) -> int:
        """Grows whenever an address turns out to be another one in its VLAN."""
        return len(self._apart) + len(self.claims)

    def standing(self) -> Standing:
        """What was proven so far."""
        first = tuple((address, *stand) for address, stand in self._first.items())
        return Standing(first, tuple(self._apart.tolist()), tuple((*whose, vlan) for whose, (vlan, _) in self.claims.items()))

    def carry_on(self, standing: Standing) -> None:
        """Begin with what another has proven; ValueError where that is none. From now on it holds in any slot."""
        words = [address << _VLAN for address, *_ in standing.first] + list(standing.apart)
        if any(not 0 <= word < _WORDS for word in words):
            raise ValueError("no address of IPv4")
        self._first = {address: _Stand(vlan, mac) for address, vlan, mac in standing.first[:LIMIT]}
        self._apart = np.array(standing.apart[:APART], dtype=np.uint64)
        self.claims = {(address, mac): (vlan, 0) for address, mac, vlan in standing.claims[:LIMIT]}

    def told_apart(self, packets: Packets) -> Packets:
        """The same packets; addresses that mean another machine in their VLAN say so in their upper half."""
        if not len(packets.vlan) or packets.vlan.max() < 0:
            return packets
        batch = _Batch(packets)
        self._hear(batch, *batch.heard())
        if not len(self._apart) and not batch.begun:
            return packets
        self._address(batch, *batch.given(self._apart))
        self._apart = np.append(self._apart, np.array(list(batch.begun), dtype=np.uint64))
        high = [np.where(batch.there(words, self._apart), batch.zone, was) for words, was in (
            (batch.source, packets.src_hi), (batch.target, packets.dst_hi),
        )]  # fmt: skip
        return packets._replace(src_hi=high[0], dst_hi=high[1])

    def _hear(self, batch: "_Batch", rows: I64, seen: U64) -> None:
        """Who stands where was proven by who sent these rows."""
        for row, word, mac in self._fresh(self._met, rows, seen):
            address, stand = word >> _VLAN, _Stand(word & _TAG, mac)
            if address not in self._first:
                self._first[address], batch.since[address] = stand, row
            self._tell_apart(batch, row, word, mac)

    def _address(self, batch: "_Batch", rows: I64, seen: U64) -> None:
        """The same of whom these rows were sent to; what is only proven by a later row does not count."""
        for row, word, mac in self._fresh(self._addressed, rows, seen):
            if batch.since.get(word >> _VLAN, row) <= row:
                self._tell_apart(batch, row, word, mac)

    def _tell_apart(self, batch: "_Batch", row: int, word: int, mac: int) -> None:
        first = self._first.get(word >> _VLAN)
        if first is None or first.vlan == word & _TAG or first.mac == mac or virtual(_mac(mac)):
            return
        is_known = np.uint64(word) in self._apart
        if not (is_known or word in batch.begun or len(self._apart) + len(batch.begun) < APART):
            self.crowded += 1
            return
        if not is_known:
            batch.begun[word] = min(row, batch.begun.get(word, row))
        self.claims[_dotted(word >> _VLAN), _mac(mac)] = word & _TAG, int(batch.time_ns[row]) // SLOT_NS

    def _fresh(self, index: RowIndex, rows: I64, seen: U64) -> Iterator[tuple[int, int, int]]:
        """Row, word and card of what was never met, in order."""
        new = np.flatnonzero(index.find(seen) < 0)
        if not len(new) or self._looked_at >= LIMIT:
            self.crowded += len(new)
            return
        new = new[np.argsort(rows[new], kind="stable")]
        _, fresh = index.number(seen[:, new], np.full(len(new), -1, dtype=np.int64))
        room, self._looked_at = LIMIT - self._looked_at, self._looked_at + len(fresh)
        self.crowded += max(len(fresh) - room, 0)
        yield from zip(*(column[new[fresh[:room]]].tolist() for column in (rows, seen[0], seen[1])), strict=True)

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


class _Batch:
    """The columns of a batch that prove something. `begun`: words told apart in it, and from which row on; `since`: addresses that were
    proven to stand somewhere for the first time, and by which row."""

    def __init__(self, packets: Packets) -> None:
        self._packets = packets
        self.time_ns = packets.time_ns
        self.begun: dict[int, int] = {}
        self.since: dict[int, int] = {}
        vlan = packets.vlan.astype(np.uint64)
        self.zone = vlan + np.uint64(1)
        self.source, self.target = _word(packets.src_lo, vlan), _word(packets.dst_lo, vlan)
        self._near = self.source ^ self.target < np.uint64(256 << _VLAN)
        self._to_group = packets.dst_mac >> 40 & 1 == 1
        self._tagged = (packets.vlan >= 0) & (packets.src_mac >= 0) & (packets.src_mac >> 40 & 1 == 0)
        self._is_ip = packets.ip_version == 4
        self._direct = np.flatnonzero(self._tagged & self._is_ip & _FIRST_TTL[packets.ttl] & (self._near | self._to_group))

    def heard(self) -> tuple[I64, U64]:
        """Rows that prove where their sender stands, and its word and card."""
        asked, asker = _asked(self._packets, self._tagged)
        rows = np.concatenate([self._direct, asked])
        words = np.concatenate([self.source[self._direct], _word(asker, self.zone[asked] - np.uint64(1))])
        return _standing(rows, words, self._packets.src_mac[rows])

    def given(self, apart: U64) -> tuple[I64, U64]:
        """Rows by which somebody who is told apart addresses a neighbour, and the word and card of that one."""
        chosen = self._near & ~self._to_group & self.there(self.source, apart)
        rows = self._direct[chosen[self._direct]]
        return _standing(rows, self.target[rows], self._packets.dst_mac[rows])

    def there(self, words: U64, apart: U64) -> Bools:
        """Which rows have one of these words, or one that was told apart before them in this batch."""
        found: Bools = np.isin(words, apart)
        for word, row in self.begun.items():
            found[:row] &= words[:row] != np.uint64(word)
            found[row:] |= words[row:] == np.uint64(word)
        found &= self._tagged & self._is_ip
        return found


def _standing(rows: I64, words: U64, macs: I64) -> tuple[I64, U64]:
    """Without 0.0.0.0/8 and groups, which stand nowhere."""
    first = words >> np.uint64(24 + _VLAN)
    stands = (first > np.uint64(0)) & (first < np.uint64(224))
    return rows[stands], np.stack([words[stands], macs[stands].astype(np.uint64)])


def _word(address: U64, vlan: U64) -> U64:
    return (address & _HALF) << np.uint64(_VLAN) | vlan & np.uint64(_TAG)


def _asked(packets: Packets, tagged: Bools) -> tuple[I64, U64]:
    """Requests of ARP, and who asks."""
    rows = np.flatnonzero(tagged & (packets.ethertype == _ARP) & (packets.length >= _ARP_SIZE))
    rows = rows[words_at(packets.data, packets.start[rows], _WORD)[0] == _REQUEST]
    asker = words_at(packets.data, packets.start[rows] + _SENDER, _WORD)[0].byteswap() >> np.uint64(32)
    return rows, asker


def _dotted(address: int) -> str:
    return ".".join(map(str, address.to_bytes(4)))


def _mac(number: int) -> str:
    return number.to_bytes(6).hex(":")
