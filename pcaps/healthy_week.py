"""A healthy week of a hospital's technical network, as frames: nothing in it is wrong, so nothing may be raised.

    python -m pcaps.healthy_week FILE.pcap      writes it, some 40 000 frames, for `otwatch replay FILE.pcap --site configs/site.yaml`

Packet time is accelerated: what a supervision does every few seconds is done every ten minutes here. Monday to Sunday, with day and night,
shifts, a weekend, the programming of Wednesday in its window, the monthly test of the generator, a setting by hand and its release.
The addresses are those of configs/site.yaml.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from math import sin, tau
from operator import itemgetter
from pathlib import Path
from struct import pack
from zoneinfo import ZoneInfo

from otwatch.packets import ACK, SYN
from tests.decode.builders import Frame
from tests.wire.dialogues import End, Side, connection, modbus, udp
from tests.zones.packets import bacnet, bacnet_write, ntp

MONDAY = int(datetime(2026, 10, 5, tzinfo=ZoneInfo("Europe/Paris")).timestamp()) * 1_000_000_000
"""The week of the generator's test (2026-10-07, window essais_ge)."""
SECOND, MINUTE, HOUR = 1_000_000_000, 60_000_000_000, 3_600_000_000_000
DAY = 24 * HOUR
PERIOD = 10 * MINUTE

WEDNESDAY, THURSDAY, SATURDAY = 2, 3, 5
I_AM_210103 = bytes.fromhex("1000c4020334b72204009103210f")

GTB, PLANT, CONSOLE = "10.20.1.10", "10.20.1.12", "10.20.3.5"
METERS = tuple(f"10.21.2.{number}" for number in (10, 11, 12))
HEATING, WATER, GASES = "10.22.8.20", "10.23.1.20", "10.23.2.10"
GENERATOR, UPS = "10.21.4.5", "10.21.4.40"
THEATRE, TIME = "10.22.1.15", "10.20.4.10"
COMMUNITY = b"gtb-chu-4711"
GET, ANSWER = "a019020101020100020100300e300c06082b060102010101000500", "a21a020101020100020100300f300d06082b06010201010300430105"


class Client:
    """A station that keeps its connections open, as supervisions do."""

    def __init__(self, ip: str) -> None:
        self._ip = ip
        self._open: dict[str, tuple[Side, Side]] = {}
        self._ticket = 0

    def asks(self, server: str, question: bytes, answer: bytes, at: int, unit: int = 1) -> Iterator[Frame]:
        """One question of Modbus and its answer."""
        if server not in self._open:
            sides = self._open[server] = connection(End(self._ip, 40_000 + len(self._open)), End(server, 502))
            yield sides[0].opens(SYN, at)
            yield sides[1].opens(SYN | ACK, at + 1)
        self._ticket = self._ticket % 65_535 + 1
        client, equipment = self._open[server]
        yield client.says(modbus(self._ticket, question, unit), at + 2)
        yield equipment.says(modbus(self._ticket, answer, unit), at + 3)

    def reads(self, server: str, first: int, *values: int, at: int, function: int = 3) -> Iterator[Frame]:
        """Registers, with what they hold now."""
        words = b"".join(pack("!H", value & 0xFFFF) for value in values)
        return self.asks(server, pack("!BHH", function, first, len(values)), pack("!BB", function, len(words)) + words, at)

    def writes(self, server: str, register: int, value: int, at: int) -> Iterator[Frame]:
        """A single register."""
        said = pack("!BHH", 6, register, value)
        return self.asks(server, said, said, at)


def _daily(at: int) -> float:
    """0 at night, 1 at noon."""
    return (1 - sin(tau * (at % DAY) / DAY + tau / 4)) / 2


def _polls(gtb: Client, at: int) -> Iterator[Frame]:
    """What the supervision asks day and night, with values that follow the day."""
    for meter in METERS:
        yield from gtb.reads(meter, 1, 230, 231, int(50 + 100 * _daily(at)), at=at)
    yield from gtb.reads(HEATING, 4000, int(19 + 3 * _daily(at)), at=at)
    yield from gtb.reads(WATER, 99, 0, int(580 + 40 * _daily(at)), 0, at=at)
    yield from gtb.reads(GASES, 7, 445, at=at, function=4)
    yield from gtb.reads(GENERATOR, 1, 0, at=at)
    yield udp(End(GTB, 50_000), End(UPS, 161), _snmp(GET), at)
    yield udp(End(UPS, 161), End(GTB, 50_000), _snmp(ANSWER), at + 1)
    yield from _air(15 + 10 * _daily(at), at)


def _snmp(pdu: str) -> bytes:
    """Version 2c, with a community of the site's own (RFC 1901)."""
    body = bytes([2, 1, 1, 4, len(COMMUNITY)]) + COMMUNITY + bytes.fromhex(pdu)
    return bytes([0x30, len(body)]) + body


def _air(pascals: float, at: int) -> Iterator[Frame]:
    """The pressure of a theatre, asked and answered; now and then a door stands open."""
    is_open = at % DAY in range(10 * HOUR, 10 * HOUR + PERIOD)
    yield bacnet(GTB, THEATRE, bytes.fromhex("0005010c0c0000000c1955"), at=at)
    answer = bytes.fromhex("30010c0c0000000c19553e44") + pack("!f", 6 if is_open else pascals) + b"\x3f"
    yield bacnet(THEATRE, GTB, answer, at=at + 1)


def _shift(plant: Client, degrees: int, at: int) -> Iterator[Frame]:
    """A shift begins or ends: the theatre's air goes up or down, heating follows."""
    yield from (replace(frame, time_ns=at + frame.time_ns) for frame in bacnet_write(GTB, THEATRE, 8))
    yield from plant.writes(HEATING, 4000, degrees, at + MINUTE)


def _hours(at: int) -> Iterator[Frame]:
    """Every hour: the clocks, and who is there."""
    for client in (GTB, CONSOLE):
        yield ntp(client, TIME, 3, at)
        yield udp(End(TIME, 123), End(client, 50_123), _time(at), at + 1)
    yield bacnet(GTB, "10.22.1.255", bytes.fromhex("1008"), broadcast=True, at=at + 2)
    yield bacnet(THEATRE, "10.22.1.255", I_AM_210103, broadcast=True, at=at + 3)


def _by_hand(at: int) -> Iterator[Frame]:
    """Thursday morning: an operator forces an output from the supervision, and releases it at noon (135-2020 clause 19.2)."""
    order, release = (bytes.fromhex(f"0005020f0c0100000119553e{value}3f4908") for value in ("9100", "00"))
    for moment, said in ((at + 9 * HOUR, order), (at + 12 * HOUR, release)):
        yield bacnet(GTB, THEATRE, said, at=moment)
        yield bacnet(THEATRE, GTB, bytes.fromhex("20020f"), at=moment + 1)


def _time(at: int) -> bytes:
    """What a server of stratum 2 answers (RFC 5905 7.3): its reference, and the time of day."""
    seconds = at // SECOND + 2_208_988_800
    return pack("!BBbb3I", 0x24, 2, 6, -20, 0, 0, 0x0A140A01) + pack("!II", seconds, 0) * 4


def _day(day: int, at: int, gtb: Client, plant: Client) -> Iterator[tuple[int, Iterator[Frame]]]:
    """What is done in a day, each with its time. At the weekend nobody changes anything."""
    yield from ((moment, _polls(gtb, moment)) for moment in range(at, at + DAY, PERIOD))
    yield from ((moment, _plant(plant, moment)) for moment in range(at + MINUTE, at + DAY, PERIOD))
    yield from ((moment, _hours(moment)) for moment in range(at + 2 * MINUTE, at + DAY, HOUR))
    if day < SATURDAY:
        for hour, degrees in ((6, 22), (20, 19)):
            moment = at + hour * HOUR + 7 * MINUTE
            yield moment, _shift(plant, degrees, moment)
    if day == WEDNESDAY:  # once a month: the generator is started, runs for half an hour on load, and is stopped
        for minutes, order in ((390, 1), (420, 0)):
            moment = at + minutes * MINUTE + 4 * MINUTE
            yield moment, gtb.writes(GENERATOR, 16, order, moment)
    if day == THURSDAY:
        yield at + 9 * HOUR, _by_hand(at)


def week(began_ns: int = MONDAY) -> list[Frame]:
    """All frames, in the order of time."""
    gtb, plant = Client(GTB), Client(PLANT)
    found: list[Frame] = []
    for day in range(7):
        at = began_ns + day * DAY
        for _, frames in sorted(_day(day, at, gtb, plant), key=itemgetter(0)):
            found.extend(frames)
    return sorted(found, key=lambda frame: frame.time_ns)


def _plant(plant: Client, at: int) -> Iterator[Frame]:
    yield from plant.reads(HEATING, 4000, int(19 + 3 * _daily(at)), at=at)


def main(path: Path) -> None:
    """As a pcap with nanoseconds (magic a1b23c4d)."""
    frames = week()
    with path.open("wb") as file:
        file.write(pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262_144, 1))
        for frame in frames:
            size = len(frame.data)
            file.write(pack("<IIII", frame.time_ns // SECOND, frame.time_ns % SECOND, size, size) + frame.data)
    print(f"{path}: {len(frames)} frames")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
