"""Who talks to whom, and who began: a bounded table of conversations, kept in columns.

Both directions are one conversation. Its two sides are numbered 0 and 1 by the order of their addresses, which says nothing;
who is the client is decided by domain/zones.md 9.2: the sender of the SYN, else the side without a well-known port, else what the
first message says, else a guess. It is decided at the first packet, and by the first message where that one only guessed: of two
well-known ports of TCP the lower is guessed to be the server's, because systems lend the higher ones to clients; of UDP the target's,
because whoever sends datagrams writes any port on them, to pass filters or to lay them at another's door.
"""

from ipaddress import IPv6Address
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from otwatch.decode import ports
from otwatch.decode.rows import RowIndex, distinct
from otwatch.packets import ACK, I64, SYN, TCP, U64, UDP, Bools, Packets
from otwatch.sightings import Conversation, Role

BOUND = 65_536
"""Conversations remembered at once; beyond it the quarter that was silent longest is forgotten."""

UNDECIDED, NOTHING, SEALED = -1, -2, -3
"""Labels of conversations whose protocol is not known yet, or is none that we speak; SEALED and below: was recognised and cannot be
read, SEALED - index of the protocol. Only labels from 0 on are listened to."""


_COLUMNS = ("_ends", "client", "role", "label", "asker", "last_ns", "heard")
NEVER = np.iinfo(np.int64).max
NOBODY = -1
"""The asker of a conversation when nothing tells which side asks."""


class Talk(NamedTuple):
    """Which conversation, and which side of it, each packet of a batch belongs to; direction = 2 x number + side."""

    number: I64
    side: I64
    direction: I64


class Conversations:
    """The table. Columns with one entry a conversation:

    client   the side that began; `role` how we know
    label    index of the protocol that is spoken, UNDECIDED, NOTHING, or below it
    asker    the side that asks in that protocol: as a rule the client, but some devices call their supervisor
    heard    the number of the first packet of each side (all packets are numbered), NEVER without
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._index = RowIndex(5, 1024)
        self._ends = np.zeros((1024, 5), dtype=np.uint64)
        self.client: NDArray[np.int8] = np.zeros(1024, dtype=np.int8)
        self.role: NDArray[np.int8] = np.zeros(1024, dtype=np.int8)
        self.label: NDArray[np.int16] = np.full(1024, UNDECIDED, dtype=np.int16)
        self.asker: NDArray[np.int8] = np.full(1024, NOBODY, dtype=np.int8)
        self.last_ns: I64 = np.zeros(1024, dtype=np.int64)
        self.heard: I64 = np.full((1024, 2), NEVER, dtype=np.int64)
        self._named: dict[int, Conversation] = {}
        self.evicted = 0
        self._known = {TCP: ports.well_known(TCP), UDP: ports.well_known(UDP)}

    def __len__(self) -> int:
        return self._index.size

    def follow(self, packets: Packets) -> tuple[Talk, int]:
        """The conversations of the first packets, and how many packets fit in before the table is full (all, as a rule)."""
        rows, side = _canonical(packets, self._known[UDP])
        found = self._index.find(rows)
        fitting = _fitting(rows, found, BOUND - len(self))
        rows, side = rows[:, :fitting], side[:fitting]
        numbers, fresh = self._index.number(rows, found[:fitting])
        if len(fresh):
            self._enter(packets, rows, side, fresh)
        talk = Talk(numbers, side, numbers * 2 + side)
        np.maximum.at(self.last_ns, numbers, packets.time_ns[:fitting])
        return talk, fitting

    def hear(self, talk: Talk, first: int) -> None:
        """Note which sides spoke for the first time; the packets are numbered from `first` on."""
        fresh = np.flatnonzero(self.heard[talk.number, talk.side] == NEVER)[::-1]
        self.heard[talk.number[fresh], talk.side[fresh]] = first + fresh  # of several the last written counts: the earliest

    def decide(self, number: int, client: int, role: Role) -> None:
        """A better way to know the client was found."""
        if role > self.role[number]:
            self.client[number], self.role[number] = client, role
            self._named.pop(number, None)

    def speak(self, number: int, label: int, asker: int = NOBODY) -> None:
        """What is spoken in a conversation was recognised (or given up), and which side asks."""
        self.label[number], self.asker[number] = label, asker
        self._named.pop(number, None)

    def side_without(self, number: int, ports: frozenset[int]) -> int:
        """The side that does not use one of the given ports when the other does; NOBODY when both or none do."""
        meta = int(self._ends[number, 4])
        first, second = (meta >> 16 & 0xFFFF) in ports, (meta & 0xFFFF) in ports
        return NOBODY if first == second else int(first)

    def named(self, number: int) -> Conversation:
        """A conversation as the site half sees it."""
        if number not in self._named:
            self._named[number] = self._name(number)
        return self._named[number]

    def server_port(self, number: int) -> tuple[int, int, int]:
        """IP protocol (0 for none), both ports (client, server) of a conversation: hints for recognition."""
        meta = int(self._ends[number, 4])
        ends = (meta >> 16 & 0xFFFF, meta & 0xFFFF)
        client = int(self.client[number])
        return meta >> 48 & 0xFF, ends[client], ends[1 - client]

    def ethertype(self, number: int) -> int:
        return int(self._ends[number, 4]) >> 32 & 0xFFFF

    def stale(self) -> I64:
        """The numbers to keep when the table is full: all but the quarter that was silent longest, in their order."""
        size = len(self)
        return np.sort(np.lexsort((np.arange(size), self.last_ns[:size]))[size // 4 :])

    def keep(self, chosen: I64) -> None:
        """Forget all but `chosen`; what is kept is numbered anew in that order."""
        self.evicted += len(self) - len(chosen)
        self._index.keep(chosen)
        for name in _COLUMNS:
            column = getattr(self, name)
            column[: len(chosen)] = column[chosen]
        self._named.clear()

    def _enter(self, packets: Packets, rows: U64, side: I64, fresh: I64) -> None:
        size, first = self._index.size, self._index.size - len(fresh)
        while size > len(self._ends):
            self._grow()
        new = slice(first, size)
        self._ends[new] = rows[:, fresh].T
        self.label[new] = UNDECIDED
        self.heard[new] = NEVER
        self.last_ns[new] = packets.time_ns[fresh]
        self.client[new], self.role[new] = self._guess(packets, side, fresh)

    def _grow(self) -> None:
        for name in _COLUMNS:
            column = getattr(self, name)
            setattr(self, name, np.concatenate([column, np.zeros_like(column)]))

    def _guess(self, packets: Packets, side: I64, fresh: I64) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
        protocol, source, target = packets.protocol[fresh], packets.src_port[fresh], packets.dst_port[fresh]
        sender = side[fresh]
        known_source, known_target = self._has_name(protocol, source), self._has_name(protocol, target)
        client = np.where((source < target) & np.isin(protocol, (TCP, UDP)), 1 - sender, sender)
        client = np.where(known_source & ~known_target, 1 - sender, np.where(known_target & ~known_source, sender, client))
        datagram = (protocol == UDP) & known_source & known_target
        client = np.where(datagram, np.where(ports.answers(source, target), 1 - sender, sender), client)
        role = np.where(known_source ^ known_target, Role.PORT, Role.GUESS)
        opens = (protocol == TCP) & (packets.flags[fresh] & SYN > 0)
        client = np.where(opens, np.where(packets.flags[fresh] & ACK > 0, 1 - sender, sender), client)
        role = np.where(opens, Role.SYN, role)
        return client.astype(np.int8), role.astype(np.int8)

    def _has_name(self, protocol: I64, port: I64) -> Bools:
        named: Bools = np.zeros(len(port), dtype=np.bool_)
        for transport, known in self._known.items():
            named |= (protocol == transport) & known[port]
        return named

    def _name(self, number: int) -> Conversation:
        words = [int(word) for word in self._ends[number]]
        protocol, client_port, server_port = self.server_port(number)
        ends = (_address(words[0], words[1], words[4]), _address(words[2], words[3], words[4]))
        client = int(self.client[number])
        service = self._service(int(self.label[number]), ports.service(protocol, server_port, self.ethertype(number)))
        transport = "ethernet" if not words[4] >> 56 else ports.TRANSPORTS.get(protocol, f"ip {protocol}")
        return Conversation(ends[client], ends[1 - client], transport, client_port, server_port, service, Role(int(self.role[number])))

    def _service(self, label: int, suggested: str) -> str:
        """What is spoken: as it was recognised, else as the port suggests."""
        if label <= SEALED:
            return ports.known_as(self._names[SEALED - label], suggested)
        return ports.known_as(self._names[label], suggested) if label >= 0 else suggested


def _canonical(packets: Packets, served: Bools) -> tuple[U64, I64]:
    """Rows of five words (hi, lo, hi, lo, meta) with the smaller end first, and which side sent each packet.

    meta: IP version << 56 | protocol << 48 | ethertype (not IP) << 32 | first port << 16 | second port

    A datagram to or from one of the `served` ports counts without the client's port: a new one with every question is no new
    conversation.
    """
    to_server, from_server = served[packets.dst_port], served[packets.src_port]
    datagram = (packets.protocol == UDP) & (to_server != from_server)
    source = np.where(datagram & to_server, 0, packets.src_port).astype(np.uint64)
    target = np.where(datagram & from_server, 0, packets.dst_port).astype(np.uint64)
    side = np.where(
        packets.src_hi != packets.dst_hi,
        packets.src_hi > packets.dst_hi,
        np.where(packets.src_lo != packets.dst_lo, packets.src_lo > packets.dst_lo, source > target),
    )
    rows = np.empty((5, len(side)), dtype=np.uint64)
    rows[0], rows[2] = np.where(side, packets.dst_hi, packets.src_hi), np.where(side, packets.src_hi, packets.dst_hi)
    rows[1], rows[3] = np.where(side, packets.dst_lo, packets.src_lo), np.where(side, packets.src_lo, packets.dst_lo)
    ethertype = np.where(packets.ip_version == 0, packets.ethertype & 0xFFFF, 0)
    kind = (packets.ip_version << 56 | packets.protocol << 48 | ethertype << 32).astype(np.uint64)
    shift = np.uint64(16)
    rows[4] = kind | np.where(side, target << shift | source, source << shift | target)
    return rows, side.astype(np.int64)


def _fitting(rows: U64, numbers: I64, room: int) -> int:
    """How many rows can be taken before more than `room` new ones are among them; at least one."""
    missing = np.flatnonzero(numbers < 0)
    if len(missing) <= room:
        return len(numbers)
    first, _ = distinct(rows[:, missing])
    return len(numbers) if len(first) <= room else int(missing[first[room]])


def _address(hi: int, lo: int, meta: int) -> str:
    version = meta >> 56
    if version == 4:
        zone = f"%{hi - 1}" if hi else ""  # told apart from the same address in another VLAN
        return f"{lo >> 24 & 255}.{lo >> 16 & 255}.{lo >> 8 & 255}.{lo & 255}{zone}"
    if version == 6:
        return str(IPv6Address(hi << 64 | lo))
    return lo.to_bytes(8)[2:].hex(":")
