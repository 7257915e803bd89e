"""Supervisors that poll PLCs over Modbus/TCP: 200 PLCs, 4 supervisors, 5 polls in turn on every connection.

1 % of the requests write, half of the answers bring a changed value; 2 in 1000 messages are split over segments (a quarter of those
out of order), 3 in 1000 are sent twice, 2 in 1000 exchanges hold two requests, 5 in 10 000 answers are exceptions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from random import Random
from struct import pack

from tests.bench.traffic import Exchange
from tests.bench.traffic.frames import ACK, Connection, address

PLCS, SUPERVISORS, POLLS = 200, 4, 5
V6_PLCS = 10
"""The last PLCs speak IPv6."""
WRITES = (5, 6, 15, 16, 16)


@dataclass(slots=True)
class _Dialogue:
    """One connection; a poll is (unit, function, first, quantity), with the bytes last read beside it."""

    connection: Connection
    polls: list[tuple[int, int, int, int]]
    ticket: int
    values: list[bytes]


def modbus(rng: Random) -> Iterator[Exchange]:
    """Polls of all connections, one after the other."""
    dialogues = [_dialogue(plc, supervisor, rng) for plc in range(PLCS) for supervisor in range(SUPERVISORS)]
    for turn in cycle(range(POLLS)):
        for dialogue in dialogues:
            yield _exchange(dialogue, turn, rng)


def message(ticket: int, unit: int, pdu: bytes) -> bytes:
    """A PDU behind its MBAP header (Modbus Messaging on TCP/IP 1.0b, 3.1.3)."""
    return pack("!HHHB", ticket, 0, 1 + len(pdu), unit) + pdu


def _dialogue(plc: int, supervisor: int, rng: Random) -> _Dialogue:
    if plc >= PLCS - V6_PLCS:
        client, server = address(f"fd00::a{supervisor + 1:02x}"), address(f"fd00::{0x1000 + plc:x}")
    else:
        client, server = address(f"10.1.0.{supervisor + 1}"), address(f"10.10.{plc // 100}.{plc % 100 + 1}")
    begin = (rng.randrange(1 << 32), rng.randrange(1 << 32))
    connection = Connection(client, server, (40_000 + plc * SUPERVISORS + supervisor, 502), begin, 100 if supervisor == 3 else None)
    return _Dialogue(connection, [_poll(rng) for _ in range(POLLS)], rng.randrange(1 << 16), [rng.randbytes(130) for _ in range(POLLS)])


def _poll(rng: Random) -> tuple[int, int, int, int]:
    function = rng.choice((3, 3, 3, 4, 1, 2))
    return rng.randrange(1, 4), function, rng.randrange(4000), rng.randrange(1, 60 if function in {3, 4} else 200)


def _exchange(dialogue: _Dialogue, turn: int, rng: Random) -> Exchange:
    requests, answers = b"", b""
    for number in range(2 if rng.random() < 0.002 else 1):
        dialogue.ticket = dialogue.ticket + 1 & 0xFFFF
        asks = _write(rng) if rng.random() < 0.01 else _read(dialogue, (turn + number) % POLLS, rng)
        unit, request, answer = asks
        if rng.random() < 0.0005:
            answer = bytes((request[0] | 0x80, 2))
        requests += message(dialogue.ticket, unit, request)
        answers += message(dialogue.ticket, unit, answer)
    acknowledged = [dialogue.connection.segment(0, flags=ACK)] if rng.random() < 0.5 else []
    return _send(dialogue.connection, 0, requests, rng) + _send(dialogue.connection, 1, answers, rng) + acknowledged


def _write(rng: Random) -> tuple[int, bytes, bytes]:
    """Unit, request and answer of a write (Modbus Application Protocol 1.1b3, 6.5, 6.6, 6.11, 6.12)."""
    function, first = rng.choice(WRITES), rng.randrange(100, 140)
    if function in {5, 6}:
        value = rng.choice((0, 0xFF00)) if function == 5 else rng.randrange(1 << 16)
        echo = pack("!BHH", function, first, value)
        return 1, echo, echo
    quantity = 12 if function == 15 else rng.randrange(1, 6)
    values = rng.randbytes(2 if function == 15 else 2 * quantity)
    head = pack("!BHH", function, first, quantity)
    return 1, head + bytes((len(values),)) + values, head


def _read(dialogue: _Dialogue, at: int, rng: Random) -> tuple[int, bytes, bytes]:
    """Unit, request and answer of a poll; every second time two of the bytes read have changed."""
    unit, function, first, quantity = dialogue.polls[at]
    size = 2 * quantity if function in {3, 4} else (quantity + 7) // 8
    if rng.random() < 0.5:
        place, values = rng.randrange(120), dialogue.values[at]
        dialogue.values[at] = values[:place] + rng.randbytes(2) + values[place + 2 :]
    return unit, pack("!BHH", function, first, quantity), bytes((function, size)) + dialogue.values[at][:size]


def _send(connection: Connection, side: int, payload: bytes, rng: Random) -> Exchange:
    chance = rng.random()
    if chance >= 0.002:
        return [connection.segment(side, payload)] * (2 if chance < 0.005 else 1)
    middle = rng.randrange(1, len(payload) - 1)
    parts = [connection.segment(side, payload[:middle]), connection.segment(side, payload[middle:])]
    return parts[::-1] if chance < 0.0005 else parts
