"""What is only counted: how much was said (tallies), and what was said again and again (routine sightings)."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from otwatch.decode.conversations import Conversations, Talk
from otwatch.decode.folds import ANY, LAST, LEAST, MOST, SUM, Fold
from otwatch.decode.statements import Meanings
from otwatch.packets import I64, TCP, UDP, Packets
from otwatch.sightings import Conversation, Frame, Routine, Said, Tally

ROWS = 1 << 20
"""Rows that may wait for the end of their slot."""
_PLACE = 40
"""A place is capture << 40 | frame number, so that it fits a column."""
_MEANING = 24
_MASK = (1 << _MEANING) - 1
"""What was said is counted by direction << 24 | meaning."""
_RANK, _LAST_RANK = 6, 63
"""Where an event stands in a payload is place << 8 | its number there."""


class Captures:
    """The captures read so far, so that a frame's place is one number."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._numbers: dict[str, int] = {}

    def places(self, packets: Packets) -> I64:
        """The place of every frame of the batch."""
        numbers = np.array([self._numbered(name) for name in packets.captures], np.int64)
        return packets.number | numbers[packets.origin] << _PLACE

    def _numbered(self, name: str) -> int:
        number = self._numbers.setdefault(name, len(self._names))
        if number == len(self._names):
            self._names.append(name)
        return number

    def frame(self, place: int) -> Frame:
        return Frame(self._names[place >> _PLACE], place & ((1 << _PLACE) - 1))


class Losses(NamedTuple):
    """Bytes of a conversation that were never captured, bytes that no message explains, and packets that were captured twice."""

    lost: int = 0
    unread: int = 0
    twice: int = 0


class Counts:
    """Everything that is counted in the open slots."""

    def __init__(self, conversations: Conversations, captures: Captures) -> None:
        self._conversations = conversations
        self._captures = captures
        self.meanings = Meanings()
        self._amounts = Fold(SUM, SUM, SUM, ANY, LAST, LAST, LEAST, LEAST, MOST, LEAST)
        self._said = Fold(SUM, LEAST, MOST, LEAST)
        self._losses: dict[tuple[int, int], Losses] = {}
        self._former: dict[int, list[tuple[int, Conversation, int]]] = {}

    def crowded(self) -> bool:
        """Whether so much waits that it must be told before its slot ends (packet time may stand still)."""
        return max(len(self._said), len(self._amounts)) > ROWS

    def amounts(self, packets: Packets, talk: Talk, slot: I64, place: I64) -> None:
        """Count the packets of a batch by direction."""
        carries = (packets.protocol == TCP) | (packets.protocol == UDP) | (packets.ip_version == 0)
        payload = np.where(carries, packets.length, 0)
        ones = np.ones(len(slot), dtype=np.int64)
        self._amounts.add(
            slot, talk.direction, ones, packets.wire_length, payload, packets.flags, packets.src_mac, packets.vlan,
            packets.ttl, packets.time_ns, packets.time_ns, place,
        )  # fmt: skip

    def said(self, slot: I64, direction: I64, meaning: I64, time_ns: I64, place: I64) -> None:
        """Count what was said by meaning; -1 says nothing."""
        told = meaning >= 0
        key = (direction << _MEANING | meaning)[told]
        self._said.add(slot[told], key, np.ones(len(key), dtype=np.int64), time_ns[told], time_ns[told], place[told])

    def lose(self, slot: int, number: int, losses: Losses) -> None:
        """Count bytes that are missing or not understood; they are told with the conversation's tally of that slot."""
        before = self._losses.get((slot, number), Losses())
        self._losses[slot, number] = Losses(*map(sum, zip(before, losses, strict=True)))

    def twice(self, slot: I64, number: I64) -> None:
        """Count packets that were captured a second time, by conversation."""
        pairs, times = np.unique(np.stack([slot, number]), axis=1, return_counts=True)
        for one, of, amount in zip(*pairs.tolist(), times.tolist(), strict=True):
            self.lose(one, of, Losses(twice=amount))

    def left(self, time_ns: int, place: int) -> Iterator[Tally]:
        """Losses of conversations that are not heard of any more, as known now."""
        for (_, number), losses in sorted(self._losses.items()):
            yield self._lost(number, losses, time_ns, place)
        self._losses.clear()

    def turned(self, slot: int, number: int) -> None:
        """A conversation is about to get another name in `slot`: earlier slots keep the one it has, and its client."""
        former = (slot, self._conversations.named(number), int(self._conversations.client[number]))
        self._former.setdefault(number, []).append(former)

    def close(self, before: int) -> Iterator[tuple[int, Routine | Tally]]:
        """All that was counted in slots before `before`, with its slot, in the order of slots and frames."""
        told: list[tuple[int, int, int, Routine | Tally]] = []
        told.extend(self._tallies(before))
        told.extend(self._routines(before))
        told.sort(key=itemgetter(0, 1, 2))
        self._former = {}
        for slot, _, _, item in told:
            yield slot, item

    def _named(self, number: int, slot: int) -> Conversation:
        for turned, former, _ in self._former.get(number, ()):
            if slot < turned:
                return former
        return self._conversations.named(number)

    def _routines(self, before: int) -> Iterator[tuple[int, int, int, Routine]]:
        """What each side said in each slot: meanings are taken apart, and an event that several of them hold is counted together."""
        slot, key, times, first_ns, last_ns, place = self._said.closed(before)
        of, event, rank = self.meanings.apart(key & _MASK)
        single = Fold(SUM, LEAST, MOST, LEAST)
        rank = place[of] << _RANK | np.minimum(rank, _LAST_RANK)
        single.add(slot[of], (key[of] & ~_MASK) | event, times[of], first_ns[of], last_ns[of], rank)
        slot, key, times, first_ns, last_ns, rank = single.closed(before)
        direction = key >> _MEANING
        sorting = np.lexsort((rank, direction, slot))
        starts = np.flatnonzero(np.diff(slot[sorting], prepend=-1) | np.diff(direction[sorting], prepend=-1))
        columns = zip(*(column[sorting].tolist() for column in (rank, key & _MASK, times, first_ns, last_ns)), strict=True)
        told = [self._said_of(row) for row in columns]
        for start, end in pairwise([*starts.tolist(), len(told)]):
            here, who, first = (int(column[sorting[start]]) for column in (slot, direction, rank))
            said = sorted(told[start:end], key=_by_rank) if _tied(rank[sorting[start:end]]) else told[start:end]
            yield here, 1, first >> _RANK, Routine(*self._speaker(here, who), tuple(one for _, one in said))

    def _said_of(self, row: tuple[int, int, int, int, int]) -> tuple[int, Said]:
        rank, event, times, first_ns, last_ns = row
        return rank, (self.meanings.events[event], times, first_ns, last_ns, self._captures.frame(rank >> _RANK))

    def _speaker(self, slot: int, direction: int) -> tuple[Conversation, bool]:
        return self._named(direction >> 1, slot), bool(self._conversations.client[direction >> 1] == direction & 1)

    def _tallies(self, before: int) -> Iterator[tuple[int, int, int, Tally]]:
        slot, direction, *halves = self._amounts.closed(before)
        number = direction >> 1
        starts = np.flatnonzero(np.diff(slot, prepend=-1) | np.diff(number, prepend=-1))
        if not len(starts):
            return
        group = np.cumsum(np.isin(np.arange(len(slot)), starts)) - 1
        who = (direction & 1) ^ self._clients(number, slot)
        pairs = [_paired(half, group, who, silent) for half, silent in zip(halves[:7], _SILENT, strict=True)]
        vlan = np.where(_paired(halves[8], group, who, -1).argmax(axis=1), pairs[5][:, 1], pairs[5][:, 0])
        first_ns, last_ns = LEAST(halves[7], starts).tolist(), MOST(halves[8], starts).tolist()
        places = LEAST(halves[9], starts).tolist()
        shown = [list(map(tuple, pair.tolist())) for pair in pairs]
        for at, (here, one, place) in enumerate(zip(slot[starts].tolist(), number[starts].tolist(), places, strict=True)):
            packets, size, payload, flags, macs, _, ttl = (pair[at] for pair in shown)
            losses = self._losses.pop((here, one), _NO_LOSSES)
            frame = self._captures.frame(place)
            tally = Tally(
                self._named(one, here), packets, size, payload, flags, losses.lost, losses.unread, (_mac(macs[0]), _mac(macs[1])),
                int(vlan[at]), ttl, first_ns[at], last_ns[at], frame, losses.twice,
            )  # fmt: skip
            yield here, 0, place, tally

    def _clients(self, number: I64, slot: I64) -> I64:
        """The client's side of each conversation, as it was known in `slot`."""
        client = self._conversations.client[number].astype(np.int64)
        for turned, formers in self._former.items():
            for before, _, side in reversed(formers):
                client[(number == turned) & (slot < before)] = side
        return client

    def _lost(self, number: int, losses: Losses, time_ns: int, place: int) -> Tally:
        """A tally that only tells losses."""
        conversation, none = self._conversations.named(number), (0, 0)
        frame = self._captures.frame(place)
        return Tally(
            conversation, none, none, none, none, losses.lost, losses.unread, ("", ""), -1, none, time_ns, time_ns, frame, losses.twice
        )


_SILENT = (0, 0, 0, 0, -1, -1, 0)
"""What a side that said nothing counts: packets, bytes, payload, flags, MAC, VLAN, TTL."""
_NO_LOSSES = Losses()


def _paired(half: I64, group: I64, who: I64, silent: int) -> I64:
    """One column of each direction as a row (client, server) for each conversation."""
    pair = np.full((int(group[-1]) + 1, 2), silent, dtype=np.int64)
    pair[group, who] = half
    return pair


def _tied(rank: I64) -> bool:
    return bool((rank[1:] == rank[:-1]).any())


def _by_rank(one: tuple[int, Said]) -> tuple[int, str]:
    """Two payloads of one frame may say different things in the same place; then what they say decides, not who was met first."""
    return one[0], repr(one[1][0])


@lru_cache(maxsize=8_192)
def _mac(number: int) -> str:
    return "" if number < 0 else number.to_bytes(6).hex(":")
