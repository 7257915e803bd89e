"""Supervisors and 300 BACnet devices, every tenth of them behind a router (ASHRAE 135, annex J, clauses 6 and 20).

45 % ReadPropertyMultiple of 4 objects, 15 % ReadProperty, 20 % notifications of changes (half of them confirmed),
3 % Who-Is, 7 % I-Am (a fifth of those forwarded by a BBMD), 1 % writes with priority 8.
"""

from collections.abc import Iterator
from itertools import count
from random import Random
from struct import pack
from typing import NamedTuple

from tests.bench.traffic import Exchange
from tests.bench.traffic.frames import BROADCAST, address, datagram

DEVICES, OBJECTS, ROUTED = 300, 12, 10
PORT = 47_808
EVERYBODY = address("10.20.255.255")
_WHOLE_NETWORK = bytes.fromhex("0120ffff00ff")
_ANSWERS = bytes.fromhex("2201e09103210a")
"""Tail of an I-Am: 480 octets, no segmentation, vendor 10 (clause 16.10)."""


class _Device(NamedTuple):
    """network: number and station behind the router, or None."""

    ip: bytes
    network: tuple[int, bytes] | None
    objects: list[bytes]
    instance: bytes
    values: list[float]


class _Said(NamedTuple):
    """One exchange being made: between which two, and with which invoke id."""

    supervisor: bytes
    device: _Device
    invoke: int

    def asked(self, apdu: bytes, *, expects: bool = True) -> bytes:
        return _frame(self.supervisor, self.device.ip, 0x0A, _npdu(self.device, 0x20, expects) + apdu)

    def answered(self, apdu: bytes, *, expects: bool = False) -> bytes:
        return _frame(self.device.ip, self.supervisor, 0x0A, _npdu(self.device, 0x08, expects) + apdu)


def bacnet(rng: Random) -> Iterator[Exchange]:
    """What supervisors and devices say, device after device."""
    devices = [_device(number, rng) for number in range(DEVICES)]
    supervisors = [address(f"10.2.0.{number}") for number in (1, 2, 3)]
    for step in count():
        said = _Said(supervisors[step // DEVICES % 3], devices[step % DEVICES], (step + 1) % 256)
        yield _exchange(said, step, rng)


def _exchange(said: _Said, step: int, rng: Random) -> Exchange:
    chance = rng.random()
    if chance < 0.01:
        return _write(said, rng)
    if chance < 0.55:
        return _read_many(said, step // (DEVICES * 3) % 3, rng)
    if chance < 0.70:
        return _read_one(said, rng)
    if chance < 0.90:
        return _notify(said, rng)
    return _who_is(said, rng) if chance < 0.93 else _i_am(said, rng)


def _device(number: int, rng: Random) -> _Device:
    network = (100 + number // ROUTED, bytes((number % 250 + 1,))) if number % ROUTED == 0 else None
    objects = [pack("!I", rng.choice((0, 1, 2, 3, 4, 5)) << 22 | rng.randrange(1, 50)) for _ in range(OBJECTS)]
    values = [rng.random() * 100 for _ in objects]
    return _Device(address(f"10.20.{number // 100}.{number % 100 + 1}"), network, objects, pack("!I", 8 << 22 | 1000 + number), values)


def _frame(source: bytes, target: bytes, function: int, body: bytes, to: bytes = b"") -> bytes:
    return datagram(source, target, (PORT, PORT), pack("!BBH", 0x81, function, 4 + len(body)) + body, to)


def _npdu(device: _Device, direction: int, expects: bool) -> bytes:
    """Clause 6.2: direction 0x20 to a device behind a router (with DNET), 0x08 from it (with SNET)."""
    if device.network is None:
        return bytes((1, 4 * expects))
    number, station = device.network
    hops = b"\xff" if direction == 0x20 else b""
    return pack("!BBHB", 1, direction | 4 * expects, number, len(station)) + station + hops


def _real(value: float) -> bytes:
    return b"\x44" + pack("!f", value)


def _write(said: _Said, rng: Random) -> Exchange:
    name, value = b"\x0c" + rng.choice(said.device.objects) + b"\x19\x55", b"\x3e" + _real(rng.random() * 50) + b"\x3f\x49\x08"
    return [said.asked(bytes((0, 5, said.invoke, 15)) + name + value), said.answered(bytes((0x20, said.invoke, 15)))]


def _read_many(said: _Said, group: int, rng: Random) -> Exchange:
    request, answer = bytes((2, 0x75, said.invoke, 14)), bytes((0x30, said.invoke, 14))
    for at in range(4 * group, 4 * group + 4):
        if rng.random() < 0.3:
            said.device.values[at] += rng.random() - 0.5
        name = b"\x0c" + said.device.objects[at] + b"\x1e"
        request += name + b"\x09\x55\x09\x6f\x1f"
        answer += name + b"\x29\x55\x4e" + _real(said.device.values[at]) + b"\x4f\x29\x6f\x4e\x82\x04\x00\x4f\x1f"
    return [said.asked(request), said.answered(answer)]


def _read_one(said: _Said, rng: Random) -> Exchange:
    name = b"\x0c" + rng.choice(said.device.objects) + b"\x19\x55"
    request = bytes((2, 5, said.invoke, 12)) + name
    return [said.asked(request), said.answered(bytes((0x30, said.invoke, 12)) + name + b"\x3e" + _real(rng.random()) + b"\x3f")]


def _notify(said: _Said, rng: Random) -> Exchange:
    values = b"\x4e\x09\x55\x2e" + _real(rng.random() * 10) + b"\x2f\x09\x6f\x2e\x82\x04\x00\x2f\x4f"
    body = b"\x09\x01\x1c" + said.device.instance + b"\x2c" + rng.choice(said.device.objects) + b"\x39\x3c" + values
    if rng.random() < 0.5:
        return [said.answered(b"\x10\x02" + body)]
    confirmed = said.answered(bytes((0, 5, said.invoke, 1)) + body, expects=True)
    return [confirmed, said.asked(bytes((0x20, said.invoke, 1)), expects=False)]


def _who_is(said: _Said, rng: Random) -> Exchange:
    first = 1000 + rng.randrange(30) * 10
    body = _WHOLE_NETWORK + pack("!BBBHBH", 0x10, 0x08, 0x0A, first, 0x1A, first + 9)
    return [_frame(said.supervisor, EVERYBODY, 0x0B, body, BROADCAST)]


def _i_am(said: _Said, rng: Random) -> Exchange:
    device, head = said.device, _WHOLE_NETWORK
    if device.network:
        number, station = device.network
        head = pack("!BBHBHB", 1, 0x28, 0xFFFF, 0, number, len(station)) + station + b"\xff"
    body = head + b"\x10\x00\xc4" + device.instance + _ANSWERS
    if rng.random() < 0.2:
        return [_frame(device.ip, EVERYBODY, 0x04, device.ip + pack("!H", PORT) + body, BROADCAST)]
    return [_frame(device.ip, EVERYBODY, 0x0B, body, BROADCAST)]
