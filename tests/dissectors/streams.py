"""Streams for tests of dissectors with a memory: what two sides said, in order, each conversation on its own.

Naive: what was sent twice is dropped, and what comes out of order or behind a gap as well.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from otwatch.capture import open_captures
from otwatch.decode.columns import decode
from otwatch.decode.fragments import Fragments
from otwatch.dissectors.base import Dissector, read
from otwatch.events import Event
from otwatch.packets import SYN, TCP, Packets


class Said(NamedTuple):
    """Bytes that follow those before them; `frame` as Wireshark counts."""

    conversation: Hashable
    by_client: bool
    data: bytes
    frame: int = 0


def tcp(capture: Path) -> Iterator[Said]:
    """The TCP payloads of a capture. The client is who sent the first SYN, else who spoke first."""
    following: dict[Hashable, int] = {}
    clients: dict[Hashable, Hashable] = {}
    fragments = Fragments()
    for source in open_captures([capture]):
        for frames in source.read():
            packets = decode(frames, fragments)
            for row in (packets.protocol == TCP).nonzero()[0]:
                yield from _segment(packets, int(row), following, clients)


def _segment(packets: Packets, row: int, following: dict[Hashable, int], clients: dict[Hashable, Hashable]) -> Iterator[Said]:
    src, dst = (
        (int(high[row]), int(low[row]), int(port[row]))
        for high, low, port in (
            (packets.src_hi, packets.src_lo, packets.src_port),
            (packets.dst_hi, packets.dst_lo, packets.dst_port),
        )
    )
    start, length, sequence = int(packets.start[row]), int(packets.length[row]), int(packets.seq[row])
    conversation = frozenset((src, dst))
    opens = bool(packets.flags[row] & SYN)
    client = clients.setdefault(conversation, src)
    if opens:
        following[src, dst] = sequence + 1
    if length and following.setdefault((src, dst), sequence) == sequence:
        following[src, dst] = (sequence + length) % 2**32
        yield Said(conversation, src == client, packets.data[start : start + length].tobytes(), int(packets.number[row]))


def spoken(dissector: Dissector, parts: Iterable[Said]) -> Iterator[tuple[Said, Event]]:
    """All events, each with the bytes that completed its message; what is no whole message waits for more."""
    assert dissector.session is not None
    memory: defaultdict[Hashable, object] = defaultdict(dissector.session)
    waiting: defaultdict[Hashable, bytes] = defaultdict(bytes)
    for said in parts:
        direction = (said.conversation, said.by_client)
        payload = waiting[direction] + said.data
        reading = read(dissector, payload, said.by_client, memory[said.conversation])
        waiting[direction] = payload[reading.used :]
        yield from ((said, event) for message in reading.messages for event in message.events)


def heard(dissector: Dissector, parts: Iterable[tuple[bool, bytes]]) -> list[Event]:
    """Events of one conversation given as (client speaks, bytes)."""
    return [event for _, event in spoken(dissector, (Said("", by_client, data) for by_client, data in parts))]
