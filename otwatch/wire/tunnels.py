"""The outer ends of tunnels, counted by slot: who wrapped packets up for whom.

The packet inside is the packet of its row, with its conversation and its frames. What stands outside passes the waist as a tally of its
own that says so (`Tally.tunnel`):

    mirror   only a copy of what a switch saw: ERSPAN, TZSP, HP's; and whole frames that only ever went one way (VXLAN, GENEVE, GRE)
    tunnel   what the network carries for others: everything else, and whole frames in both directions

The ends of a mirror are a switch and us, so nobody's conversation; the ends of a tunnel are.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

import numpy as np

from otwatch.decode.folds import LEAST, MOST, SUM, Fold
from otwatch.decode.ports import TRANSPORTS
from otwatch.decode.rows import RowIndex
from otwatch.packets import I64, TUNNELS, U64, Outer, Packets
from otwatch.sightings import Conversation, Role, Tally
from otwatch.wire.counts import Captures

BOUND = 4_096
"""Different ends remembered; when all that was counted is told, they may be forgotten."""

MIRROR, TUNNEL = "mirror", "tunnel"
_MIRRORS = frozenset({"erspan", "tzsp", "hp-erm"})


class _Ends(NamedTuple):
    """Ends of a tunnel in one direction, and the first slot they were seen in."""

    conversation: Conversation
    frame: bool
    back: tuple[object, ...]
    slot: int


class Tunnels:
    """Everything that came out of tunnels; `passed` counts packets by kind, as in `packets.TUNNELS`."""

    def __init__(self, captures: Captures) -> None:
        self._captures = captures
        self._fold = Fold(SUM, SUM, LEAST, MOST, LEAST)
        self.passed: I64 = np.zeros(len(TUNNELS), dtype=np.int64)
        self._forget()

    def crowded(self) -> bool:
        """Whether there are so many ends that all must be told now."""
        return len(self._ends) > BOUND

    def take(self, outer: Outer, packets: Packets, slot: I64, place: I64) -> None:
        """Count the outer headers of the packets of a batch."""
        self.passed += np.bincount(outer.kind, minlength=len(TUNNELS))
        rows, at = _rows(outer), outer.row
        numbers, fresh = self._index.number(rows, self._index.find(rows))
        for one in fresh.tolist():
            self._meet(outer, one, int(slot[at[one]]))
        times = packets.time_ns[at]
        self._fold.add(slot[at], numbers, np.ones(len(at), dtype=np.int64), packets.wire_length[at], times, times, place[at])

    def close(self, before: int) -> Iterator[tuple[int, Tally]]:
        """All that was counted in slots before `before`, with its slot, in the order of slots and frames."""
        columns = self._fold.closed(before)
        rows = sorted(zip(*(column.tolist() for column in columns), strict=True), key=lambda row: (row[0], row[6], row[1]))
        for slot, number, times, size, first_ns, last_ns, place in rows:
            ends = self._ends[number]
            yield slot, Tally(
                ends.conversation, (times, 0), (size, 0), (size, 0), (0, 0), 0, 0, ("", ""), -1, (0, 0), first_ns, last_ns,
                self._captures.frame(place), tunnel=self._use(ends, slot),
            )  # fmt: skip
        if self.crowded() and not len(self._fold):
            self._forget()

    def _use(self, ends: _Ends, slot: int) -> str:
        if ends.conversation.service in _MIRRORS:
            return MIRROR
        both_ways = self._since.get(ends.back, slot + 1) <= slot
        return TUNNEL if both_ways or not ends.frame else MIRROR

    def _meet(self, outer: Outer, at: int, slot: int) -> None:
        version, protocol, port = int(outer.ip_version[at]), int(outer.protocol[at]), int(outer.port[at])
        source = _address(version, int(outer.src_hi[at]), int(outer.src_lo[at]))
        target = _address(version, int(outer.dst_hi[at]), int(outer.dst_lo[at]))
        name = TUNNELS[int(outer.kind[at])]
        self._since.setdefault((name, source, target), slot)
        transport = TRANSPORTS.get(protocol, f"ip {protocol}")
        conversation = Conversation(source, target, transport, 0, port, name, Role.MESSAGE)
        self._ends.append(_Ends(conversation, bool(outer.frame[at]), (name, target, source), slot))

    def _forget(self) -> None:
        self._index = RowIndex(5)
        self._ends: list[_Ends] = []
        self._since: dict[tuple[object, ...], int] = {}


def _rows(outer: Outer) -> U64:
    sort = outer.kind | outer.frame.astype(np.int64) << 8 | outer.ip_version << 16 | outer.protocol << 24 | outer.port << 32
    return np.stack([sort.astype(np.uint64), outer.src_hi, outer.src_lo, outer.dst_hi, outer.dst_lo])


def _address(version: int, hi: int, lo: int) -> str:
    return str(IPv4Address(lo & 0xFFFF_FFFF)) if version == 4 else str(IPv6Address(hi << 64 | lo))
