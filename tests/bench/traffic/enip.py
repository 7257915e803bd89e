"""EtherNet/IP: 60 PLCs, 3 clients. 70 % of the steps are cyclic I/O, the rest are connected CIP requests with their answers.

Of those, 49 % read attributes, 50 % read tags, 1 % write; 2 in 1000 are sent twice, 2 in 1000 answers are split, and now and then
somebody looks for devices (CIP volume 2, 2-4 encapsulation, 2-6 common packet format).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random
from struct import pack

from tests.bench.traffic import Exchange
from tests.bench.traffic.frames import ACK, BROADCAST, Connection, address, datagram

PLCS = 60
CLIENTS = tuple(address(f"10.3.0.{number}") for number in (1, 2, 3))
_CLASSES = (1, 4, 0x64, 0x6B, 0x6C, 0xAC)
_LIST_IDENTITY = pack("<HHII8sI", 0x63, 0, 0, 0, b"", 0)


@dataclass(slots=True)
class _Dialogue:
    """A connected session; `sequence` counts its requests."""

    connection: Connection
    paths: list[bytes]
    tag: bytes
    session: int
    connected: int
    sequence: int = 0


@dataclass(slots=True)
class _Io:
    """Cyclic data in both directions, of a producer and its consumer."""

    ends: tuple[bytes, bytes]
    connected: tuple[int, int]
    counts: list[int]
    data: list[bytes]


def enip(rng: Random) -> Iterator[Exchange]:
    """Cyclic data and requests of all connections."""
    dialogues = [_dialogue(plc, client, rng) for plc in range(PLCS) for client in CLIENTS]
    cyclic = [_io(plc, rng) for plc in range(PLCS)]
    for step in count():
        if rng.random() < 0.7:
            yield _cycle(cyclic[step % PLCS], step // PLCS & 1, rng)
        elif rng.random() < 0.003:
            yield [datagram(rng.choice(CLIENTS), address("10.30.255.255"), (44_000, 44_818), _LIST_IDENTITY, BROADCAST)]
        else:
            yield _ask(dialogues[step % len(dialogues)], rng)


def connected(session: int, connection: int, sequence: int, cip: bytes) -> bytes:
    """SendUnitData: a CIP message in a connection (CIP volume 2, 2-4.8)."""
    said = pack("<H", sequence & 0xFFFF) + cip
    body = pack("<IHHHHIHH", 0, 0, 2, 0xA1, 4, connection, 0xB1, len(said)) + said
    return pack("<HHII8sI", 0x70, len(body), session, 0, b"", 0) + body


def _plc(number: int) -> bytes:
    return address(f"10.30.0.{number + 1}")


def _dialogue(plc: int, client: bytes, rng: Random) -> _Dialogue:
    connection = Connection(client, _plc(plc), (50_000 + plc, 44_818), (rng.randrange(1 << 32), rng.randrange(1 << 32)))
    paths = [bytes((0x20, rng.choice(_CLASSES), 0x24, rng.randrange(1, 9), 0x30, rng.randrange(1, 20))) for _ in range(6)]
    return _Dialogue(connection, paths, b"\x91\x08" + b"Tag_%04d" % plc, rng.randrange(1 << 32), rng.randrange(1 << 32))


def _io(plc: int, rng: Random) -> _Io:
    ids = (rng.randrange(1 << 32), rng.randrange(1 << 32))
    return _Io((CLIENTS[plc % 3], _plc(plc)), ids, [0, 0], [rng.randbytes(32), rng.randbytes(16)])


def _cycle(io: _Io, side: int, rng: Random) -> Exchange:
    """Class 1 data; the one who commands puts run/idle before it (CIP volume 1, 3-6.1). A bit changes in 3 of 10."""
    io.counts[side] += 1
    if rng.random() < 0.3:
        data = bytearray(io.data[side])
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        io.data[side] = bytes(data)
    said = pack("<H", io.counts[side] & 0xFFFF) + (pack("<I", 1) if side else b"") + io.data[side]
    head = pack("<HHHIIHH", 2, 0x8002, 8, io.connected[side], io.counts[side], 0xB1, len(said))
    source, target = io.ends[::-1] if not side else io.ends
    return [datagram(source, target, (2222, 2222), head + said)]


def _ask(dialogue: _Dialogue, rng: Random) -> Exchange:
    dialogue.sequence += 1
    request, answer = _operation(dialogue, rng)
    asked = dialogue.connection.segment(0, connected(dialogue.session, dialogue.connected, dialogue.sequence, request))
    frames = [asked] * (2 if rng.random() < 0.002 else 1)
    said = connected(dialogue.session, dialogue.connected ^ 1, dialogue.sequence, answer)
    parts = (said[:30], said[30:]) if rng.random() < 0.002 else (said,)
    frames += [dialogue.connection.segment(1, part) for part in parts]
    return frames + ([dialogue.connection.segment(0, flags=ACK)] if rng.random() < 0.5 else [])


def _operation(dialogue: _Dialogue, rng: Random) -> tuple[bytes, bytes]:
    """Set_Attribute_Single, Get_Attribute_Single (CIP volume 1, appendix A) or Read Tag (Rockwell 1756-PM020)."""
    chance = rng.random()
    if chance >= 0.5:
        head = bytes((0x4C, len(dialogue.tag) // 2))
        return head + dialogue.tag + b"\x01\x00", b"\xcc\x00\x00\x00\xc4\x00" + rng.randbytes(4)
    path = rng.choice(dialogue.paths)
    if chance < 0.01:
        return bytes((0x10, len(path) // 2)) + path + rng.randbytes(4), b"\x90\x00\x00\x00"
    return bytes((0x0E, len(path) // 2)) + path, b"\x8e\x00\x00\x00" + rng.randbytes(4)
