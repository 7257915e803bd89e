"""What an attacker would send to exhaust the monitor: nothing repeats, nothing ends, every table fills.

None of it is faster than it would be by chance: each kind goes against one table or one shortcut of the wire half.
"""

from collections.abc import Iterator
from itertools import count, cycle, islice
from random import Random
from struct import pack

from tests.bench.traffic import Exchange
from tests.bench.traffic.bacnet import PORT as BACNET
from tests.bench.traffic.enip import connected
from tests.bench.traffic.frames import TCP, UDP, Connection, address, datagram, packet
from tests.bench.traffic.modbus import message

SYN = 0x02
MODBUS, ENIP = 502, 44_818
CLIENT, SERVER = address("10.1.0.1"), address("10.10.0.1")
CONNECTIONS = 64
MORE_FRAGMENTS = 0x2000


def modbus_distinct(rng: Random) -> Iterator[Exchange]:
    """Reads of registers, none like another, and their answers: the memory of statements helps nobody."""
    for ticket, line in zip(count(), cycle(_connections(MODBUS, rng))):
        request = pack("!BHH", 3, rng.randrange(1 << 16), rng.randrange(1, 126))
        answer = b"\x03\x08" + rng.randbytes(8)
        unit = rng.randrange(1, 248)
        yield [line.segment(side, message(ticket & 0xFFFF, unit, pdu)) for side, pdu in enumerate((request, answer))]


def modbus_writes(rng: Random) -> Iterator[Exchange]:
    """Writes, none like another, all answered: everything is told one by one, nothing can be counted."""
    for ticket, line in zip(count(), cycle(_connections(MODBUS, rng))):
        pdu = pack("!BHH", 6, rng.randrange(1 << 16), rng.randrange(1 << 16))
        unit = rng.randrange(1, 248)
        yield [line.segment(side, message(ticket & 0xFFFF, unit, pdu)) for side in (0, 1)]


def modbus_unanswered(rng: Random) -> Iterator[Exchange]:
    """Writes with one and the same ticket that nobody answers: they wait."""
    for line in cycle(_connections(MODBUS, rng)):
        yield [line.segment(0, message(7, 1, pack("!BHH", 6, rng.randrange(1 << 16), rng.randrange(1 << 16))))]


def bacnet_distinct(rng: Random) -> Iterator[Exchange]:
    """ReadPropertyMultiple of four random objects each."""
    return _read_many(rng, 4)


def enip_distinct(rng: Random) -> Iterator[Exchange]:
    """Reads of tags with random names."""
    for step, line in zip(count(1), cycle(_connections(ENIP, rng))):
        tag = rng.randbytes(6).hex().encode()
        cip = bytes((0x4C, 1 + len(tag) // 2, 0x91, len(tag))) + tag + b"\x01\x00"
        yield [line.segment(0, connected(1, 2, step, cip))]


def syn_scan(rng: Random) -> Iterator[Exchange]:
    """SYNs from random sources to every port of a network: every packet is a conversation of its own."""
    while True:
        source, target = rng.randbytes(4), bytes((10, 10, rng.randrange(256), rng.randrange(256)))
        ports = (rng.randrange(1024, 65_536), rng.randrange(1, 65_536))
        yield [packet(source, target, TCP, pack("!HHIIBBHHH", *ports, rng.randrange(1 << 32), 0, 0x50, SYN, 1024, 0, 0))]


def udp_scan(rng: Random) -> Iterator[Exchange]:
    """Random bytes from random sources to random ports: every payload is asked what it is."""
    while True:
        target = bytes((10, 10, rng.randrange(256), rng.randrange(256)))
        ports = (rng.randrange(1024, 65_536), rng.choice((BACNET, ENIP, 161, rng.randrange(1, 65_536))))
        yield [datagram(rng.randbytes(4), target, ports, rng.randbytes(40))]


def single_bytes(rng: Random) -> Iterator[Exchange]:
    """Modbus in segments of one byte: every direction owns a stream."""
    for ticket, line in zip(count(), cycle(_connections(MODBUS, rng))):
        request = message(ticket & 0xFFFF, 1, pack("!BHH", 3, ticket % 4000, 10))
        answer = message(ticket & 0xFFFF, 1, b"\x03\x14" + rng.randbytes(20))
        yield [line.segment(side, bytes((byte,))) for side, said in enumerate((request, answer)) for byte in said]


def gaps(rng: Random) -> Iterator[Exchange]:
    """Modbus of which a third was not captured, in no good order: every stream waits behind a gap."""
    for ticket, line in zip(count(), cycle(_connections(MODBUS, rng))):
        frames = [line.segment(0, message(ticket + at & 0xFFFF, 1, pack("!BHH", 3, ticket % 4000, 10))) for at in range(6)]
        yield rng.sample(frames, 4)


def halves(rng: Random) -> Iterator[Exchange]:
    """Modbus on 8192 connections, every message in two segments: every direction owns a stream, and needs it for a moment."""
    for ticket, line in zip(count(), cycle(_connections(MODBUS, rng, 8192))):
        said = message(ticket & 0xFFFF, 1, pack("!BHH", 3, ticket % 4000, 10))
        yield [line.segment(0, said[:7]), line.segment(0, said[7:])]


def tickets(rng: Random) -> Iterator[Exchange]:
    """Writes that wait under one ticket, and answers with the same ticket that fit none of them: each is compared with all that wait."""
    (line,) = _connections(MODBUS, rng, 1)
    for value in count():
        asked, other = pack("!BHH", 6, 0, value & 0xFFFF), pack("!BHH", 5, 0, 0)
        yield [line.segment(0, message(7, 1, asked)), line.segment(1, message(7, 1, other))]


def endless(rng: Random) -> Iterator[Exchange]:
    """A whole EtherNet/IP message and one that promises 65 000 bytes but stops at 46 000, on one connection after the other."""
    whole = connected(1, 2, 3, b"\x0e\x02\x20\x01\x24\x01")
    head = whole[:2] + b"\xe8\xfd" + whole[4:]
    for line in _one_after_the_other(ENIP, rng):
        yield [line.segment(0, whole), line.segment(0, head), *(line.segment(0, rng.randbytes(1400)) for _ in range(33))]


def held(rng: Random) -> Iterator[Exchange]:
    """Segments behind a gap that never closes, on one connection after the other."""
    for line in _one_after_the_other(MODBUS, rng):
        begins = line.segment(0, message(1, 1, pack("!BHH", 3, 0, 1)))
        line.skip(0, 12)
        yield [begins, *(line.segment(0, rng.randbytes(1400)) for _ in range(33))]


def undecided(rng: Random) -> Iterator[Exchange]:
    """Connections to Modbus that are opened and then say nothing anybody understands."""
    for line in _one_after_the_other(MODBUS, rng):
        opens = line.segment(0, flags=SYN)
        line.skip(0, 1)
        yield [opens, *(line.segment(0, rng.randbytes(1400)) for _ in range(33))]


def bacnet_wide(rng: Random) -> Iterator[Exchange]:
    """Distinct ReadPropertyMultiple that name as much as fits into a statement that is remembered."""
    return _read_many(rng, 55)


def bacnet_long(rng: Random) -> Iterator[Exchange]:
    """The same beyond the length that is remembered."""
    return _read_many(rng, 60)


def bacnet_pieces(rng: Random) -> Iterator[Exchange]:
    """Segmented answers that never end, 250 at a time (ASHRAE 135, 20.1.5)."""
    for step in count():
        invoke, number = step % 250, step // 250
        npdu = b"\x01\x00" + bytes((0x3C, invoke, number & 0xFF, 4, 14)) + rng.randbytes(1400)
        yield [_bacnet(npdu)]


def fragments(rng: Random) -> Iterator[Exchange]:
    """BACnet in two fragments, the second first."""
    for step in count():
        npdu = b"\x01\x04" + bytes((2, 0x05, step & 0xFF, 12, 0x0C)) + pack("!I", step % 4096) + b"\x19\x55"
        body = pack("!BBH", 0x81, 0x0A, 4 + len(npdu)) + npdu
        whole = pack("!4H", BACNET, BACNET, 8 + len(body), 0) + body
        name = (step & 0xFFFF) << 16
        yield [
            packet(CLIENT, SERVER, UDP, whole[16:], cut=name | 2),
            packet(CLIENT, SERVER, UDP, whole[:16], cut=name | MORE_FRAGMENTS),
        ]


def orphans(rng: Random) -> Iterator[Exchange]:
    """Fragments whose other half never comes, from random sources."""
    while True:
        cut = rng.randrange(1 << 16) << 16 | MORE_FRAGMENTS | rng.randrange(8) * 185
        yield [packet(rng.randbytes(4), SERVER, UDP, rng.randbytes(1480), cut=cut)]


def _connections(port: int, rng: Random, number: int = CONNECTIONS) -> list[Connection]:
    """Connections from one client to one server, open before the capture."""
    return list(islice(_one_after_the_other(port, rng), number))


def _one_after_the_other(port: int, rng: Random) -> Iterator[Connection]:
    """Endlessly many connections of one network to one server."""
    for number in count():
        client = bytes((10, 9)) + pack("!H", number >> 14 & 0xFFFF)
        yield Connection(client, SERVER, (40_000 + (number & 0x3FFF), port), (rng.randrange(1 << 32), rng.randrange(1 << 32)))


def _read_many(rng: Random, objects: int) -> Iterator[Exchange]:
    """ReadPropertyMultiple of so many random objects, their present value (ASHRAE 135, 15.7)."""
    for step in count():
        asked = b"".join(b"\x0c" + rng.randbytes(4) + b"\x1e\x09\x55\x1f" for _ in range(objects))
        yield [_bacnet(b"\x01\x04" + bytes((2, 0x75, step & 0xFF, 14)) + asked)]


def _bacnet(npdu: bytes) -> bytes:
    return datagram(CLIENT, SERVER, (BACNET, BACNET), pack("!BBH", 0x81, 0x0A, 4 + len(npdu)) + npdu)
