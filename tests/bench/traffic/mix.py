"""A hospital's core switch: four fifths video and web, 9 % building technology, the rest what every network carries."""

from collections.abc import Iterator
from itertools import count
from random import Random
from struct import pack

from tests.bench.traffic import Exchange
from tests.bench.traffic.bacnet import bacnet
from tests.bench.traffic.enip import enip
from tests.bench.traffic.frames import ACK, BROADCAST, Connection, address, datagram, ethernet, mac
from tests.bench.traffic.modbus import modbus

BULK, TECHNICAL = 0.795, 0.0915
"""Shares of the steps; the rest is chatter."""
CAMERAS, BROWSERS = 60, 400
_SERVER = address("10.6.0.1")
_SNMP_GET = bytes.fromhex("302602010104067075626c6963a019020403020100020100020100300b300906052b060102010500")
_DNS_QUERY = b"\x04host\x08hospital\x05local\0\0\x01\0\x01"


def mix(rng: Random) -> Iterator[Exchange]:
    """All of it."""
    technical, bulk, chatter = (modbus(rng), bacnet(rng), enip(rng)), _bulk(rng), _chatter(rng)
    while True:
        chance = rng.random()
        if chance < BULK:
            yield next(bulk)
        elif chance < BULK + TECHNICAL:
            yield next(rng.choice(technical))
        else:
            yield next(chatter)


def _bulk(rng: Random) -> Iterator[Exchange]:
    """Three quarters of it video."""
    noise, video, web = rng.randbytes(1 << 20), _cameras(rng), _browsers(rng)
    while True:
        place = rng.randrange(len(noise) - 2000)
        content = noise[place : place + 1340]
        if rng.random() < 0.75:
            yield [next(video)(content)]
        else:
            yield [next(web)(content)]


class _Camera:
    """RTP to its recorder: every fourth inside RTSP (RFC 2326 10.12), the others in datagrams (RFC 3550 5.1)."""

    def __init__(self, number: int, rng: Random) -> None:
        self._ends = (address(f"10.50.0.{number + 1}"), address(f"10.5.0.{number % 2 + 1}"))
        self._port = 20_000 + 2 * number
        begin = (rng.randrange(1 << 32), rng.randrange(1 << 32))
        self._rtsp = Connection(*self._ends[::-1], (33_000 + number, 554), begin) if number % 4 == 0 else None
        self._count = count(rng.randrange(1 << 16))

    def __call__(self, content: bytes) -> bytes:
        number = next(self._count)
        rtp = pack("!BBHII", 0x80, 96, number & 0xFFFF, number * 90 & 0xFFFFFFFF, 0x1234) + content
        if self._rtsp:
            return self._rtsp.segment(1, b"$\0" + pack("!H", len(rtp)) + rtp)
        return datagram(*self._ends, (self._port, self._port), rtp)


class _Browser:
    """TLS records of a download, and every third time an acknowledgement."""

    def __init__(self, number: int, rng: Random) -> None:
        client, server = address(f"10.60.{number // 200}.{number % 200 + 1}"), address(f"10.6.0.{number % 5 + 1}")
        self._connection = Connection(client, server, (51_000 + number, 443), (rng.randrange(1 << 32), rng.randrange(1 << 32)))
        self._rng = rng

    def __call__(self, content: bytes) -> bytes:
        if self._rng.random() < 0.35:
            return self._connection.segment(0, flags=ACK)
        return self._connection.segment(1, b"\x17\x03\x03\x05\x37" + content[:1335])


def _cameras(rng: Random) -> Iterator[_Camera]:
    cameras = [_Camera(number, rng) for number in range(CAMERAS)]
    while True:
        yield rng.choice(cameras)


def _browsers(rng: Random) -> Iterator[_Browser]:
    browsers = [_Browser(number, rng) for number in range(BROWSERS)]
    while True:
        yield rng.choice(browsers)


def _chatter(rng: Random) -> Iterator[Exchange]:
    """DNS, ARP, NTP, SNMP, LLDP and NetBIOS of 400 hosts."""
    kinds = (_dns, _arp, _ntp, _snmp, _lldp, _netbios)
    while True:
        host = address(f"10.60.{rng.randrange(2)}.{rng.randrange(1, 200)}")
        kind = rng.choices(kinds, (30, 25, 10, 15, 10, 10))[0]
        yield [kind(host, rng)]


def _dns(host: bytes, rng: Random) -> bytes:
    query = pack("!6H", rng.randrange(1 << 16), 0x100, 1, 0, 0, 0) + _DNS_QUERY
    return datagram(host, _SERVER, (rng.randrange(1024, 65_535), 53), query)


def _arp(host: bytes, _: Random) -> bytes:
    return ethernet(BROADCAST, mac(host), 0x0806, pack("!HHBBH", 1, 0x800, 6, 4, 1) + mac(host) + host + bytes(6) + _SERVER)


def _ntp(host: bytes, _: Random) -> bytes:
    return datagram(host, _SERVER, (123, 123), b"\x23" + bytes(47))


def _snmp(host: bytes, _: Random) -> bytes:
    return datagram(_SERVER, host, (40_161, 161), _SNMP_GET)


def _lldp(host: bytes, _: Random) -> bytes:
    """Chassis and port id, time to live (IEEE 802.1AB 8.5)."""
    return ethernet(bytes.fromhex("0180c200000e"), mac(host), 0x88CC, b"\x02\x07\x04" + mac(host) + b"\x04\x06\x05port1\x06\x02\0\x78\0\0")


def _netbios(host: bytes, rng: Random) -> bytes:
    return datagram(host, address("10.60.255.255"), (137, 137), rng.randbytes(50), BROADCAST)
