"""Dialogues made by hand, frame by frame, and what the wire half makes of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address
from struct import pack
from typing import NamedTuple

from otwatch.dissectors import DISSECTORS, Dissector
from otwatch.events import Answer, Event, Request
from otwatch.packets import ACK, SYN
from otwatch.sightings import SLOT_NS, Conversation, Outcome, Sighting, Tally
from otwatch.wire import Wire, sightings
from tests.decode.builders import Frame, batch, ethernet
from tests.wire.builders import regroup

MS = 1_000_000
Item = Sighting | Tally


class End(NamedTuple):
    ip: str
    port: int


CLIENT, SERVER = End("10.0.0.1", 40_000), End("10.0.0.2", 502)


def ip(source: End, target: End, protocol: int, body: bytes) -> bytes:
    addresses = IPv4Address(source.ip).packed + IPv4Address(target.ip).packed
    return ethernet(0x0800, pack("!BBHHHBBH", 0x45, 0, 20 + len(body), 1, 0, 64, protocol, 0) + addresses + body)


def udp(source: End, target: End, payload: bytes, time_ns: int = 0) -> Frame:
    return Frame(ip(source, target, 17, pack("!HHHH", source.port, target.port, 8 + len(payload), 0) + payload), time_ns=time_ns)


def tcp(source: End, target: End, seq: int, payload: bytes = b"", flags: int = ACK, time_ns: int = 0) -> Frame:
    head = pack("!HHIIBBHHH", source.port, target.port, seq & 0xFFFFFFFF, 0, 0x50, flags, 8192, 0, 0)
    return Frame(ip(source, target, 6, head + payload), time_ns=time_ns)


class Side:
    """One direction of a TCP connection, that knows its next sequence number."""

    def __init__(self, source: End, target: End, seq: int = 1000) -> None:
        self.source, self.target, self.seq = source, target, seq

    def opens(self, flags: int = SYN, time_ns: int = 0) -> Frame:
        self.seq += 1
        return tcp(self.source, self.target, self.seq - 1, flags=flags, time_ns=time_ns)

    def says(self, payload: bytes, time_ns: int = 0, flags: int = ACK) -> Frame:
        self.seq += len(payload)
        return tcp(self.source, self.target, self.seq - len(payload), payload, flags, time_ns)


def connection(client: End = CLIENT, server: End = SERVER, seq: int = 1000) -> tuple[Side, Side]:
    return Side(client, server, seq), Side(server, client, seq + 77_000)


def opened(client: Side, server: Side, time_ns: int = 0) -> list[Frame]:
    return [client.opens(time_ns=time_ns), server.opens(SYN | ACK, time_ns)]


def modbus(ticket: int, body: bytes, unit: int = 1) -> bytes:
    return pack("!HHHB", ticket, 0, 1 + len(body), unit) + body


def write(register: int, value: int = 1) -> bytes:
    """Write single register (Modbus v1.1b3 6.6): request and answer are alike."""
    return pack("!BHH", 6, register, value)


def hear(frames: Sequence[Frame], size: int = 16_384, dissectors: tuple[Dissector, ...] = DISSECTORS) -> list[Item]:
    """What comes out of the wire half, in batches of `size` frames."""
    return list(sightings(Wire(dissectors), regroup(batch(list(frames)), size)))


def requests(items: Iterable[Item]) -> list[Sighting]:
    return [item for item in items if isinstance(item, Sighting) and isinstance(item.event, Request)]


def answers(items: Iterable[Item]) -> list[Sighting]:
    return [item for item in items if isinstance(item, Sighting) and isinstance(item.event, Answer)]


def outcomes(items: Iterable[Item]) -> list[tuple[str, Outcome]]:
    """Values (or points) of every request with what became of it."""
    said = []
    for item in requests(items):
        assert isinstance(item.event, Request)
        said.append((" ".join(map(str, item.event.points)), item.outcome))
    return said


def tallies(items: Iterable[Item]) -> list[Tally]:
    return [item for item in items if isinstance(item, Tally)]


_Key = tuple[Conversation, bool, Event, Outcome, str, str]


class Sum(NamedTuple):
    """All that was said, whatever was told in one piece or in several."""

    said: Counter[_Key]
    amounts: dict[Conversation, tuple[int, ...]]


def summed(items: Iterable[Item]) -> Sum:
    said: Counter[_Key] = Counter()
    amounts: dict[Conversation, tuple[int, ...]] = {}
    for item in items:
        if isinstance(item, Sighting):
            said[item.conversation, item.by_client, item.event, item.outcome, item.error, item.error_code] += item.times
        else:
            new = (*item.packets, *item.bytes, *item.payload, item.lost, item.unread)
            old = amounts.get(item.conversation, (0,) * len(new))
            amounts[item.conversation] = tuple(a + b for a, b in zip(old, new, strict=True))
    return Sum(said, amounts)


def slots(number: float) -> int:
    """Nanoseconds of so many slots."""
    return int(number * SLOT_NS)
