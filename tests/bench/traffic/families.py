"""Floods in one family of protocols each: every packet brings a name, an address, a device or a connection that was never there before.

Where `hostile` goes against tables and shortcuts of the wire half, these go against what the site half keeps of things.
"""

from collections.abc import Iterator
from itertools import count
from random import Random
from struct import pack

from tests.bench.traffic import Exchange
from tests.bench.traffic.bacnet import PORT as BACNET
from tests.bench.traffic.frames import BROADCAST, UDP, Connection, address, datagram, ethernet, mac, packet

CLIENT, SERVER, GROUP = address("10.1.0.1"), address("10.10.0.1"), address("224.0.0.251")
SYN, RST = 0x02, 0x14
ICMP, IGMP = 1, 2


def arp_announcements(rng: Random) -> Iterator[Exchange]:
    """Addresses announced by invented cards (RFC 826)."""
    while True:
        card, own = b"\x02" + rng.randbytes(5), b"\x0a\x0a" + rng.randbytes(2)
        yield [ethernet(BROADCAST, card, 0x0806, pack("!HHBBH", 1, 0x0800, 6, 4, 2) + card + own + card + own)]


def lldp_names(rng: Random) -> Iterator[Exchange]:
    """Switches that nobody has (IEEE 802.1AB 8.5)."""
    while True:
        card, name = b"\x02" + rng.randbytes(5), rng.randbytes(8).hex().encode()
        parts = ((1, b"\x04" + card), (2, b"\x05port"), (3, b"\0\x78"), (5, name), (6, b"Firmware " + name), (0, b""))
        body = b"".join(pack("!H", kind << 9 | len(value)) + value for kind, value in parts)
        yield [ethernet(bytes.fromhex("0180c200000e"), card, 0x88CC, body)]


def dcp_names(rng: Random) -> Iterator[Exchange]:
    """PROFINET devices that answer Identify, each with a name of its own (IEC 61158-6-10 4.3)."""
    while True:
        name = rng.randbytes(8).hex().encode()
        block = pack("!BBHH", 2, 2, 2 + len(name), 0) + name
        body = pack("!HBBIHH", 0xFEFF, 5, 1, rng.randrange(1 << 32), 0, len(block)) + block
        yield [ethernet(b"\x02\0\0\0\0\x01", b"\x02" + rng.randbytes(5), 0x8892, body)]


def dhcp_names(rng: Random) -> Iterator[Exchange]:
    """Who asks for an address: always another card, always another name (RFC 2132 3.14)."""
    while True:
        card, name = b"\x02" + rng.randbytes(5), rng.randbytes(8).hex().encode()
        head = pack("!BBBBIHH", 1, 1, 6, 0, rng.randrange(1 << 32), 0, 0) + bytes(16) + card + bytes(10 + 192)
        body = head + b"\x63\x82\x53\x63\x35\x01\x03" + pack("!BB", 12, len(name)) + name + b"\xff"
        yield [datagram(bytes(4), b"\xff" * 4, (68, 67), body, to=BROADCAST)]


def dns_names(rng: Random) -> Iterator[Exchange]:
    """Questions for names that never come again, and their answers."""
    for step in count():
        name = pack("!B", 16) + rng.randbytes(8).hex().encode() + b"\x07example\x03com\0" + pack("!HH", 1, 1)
        ask = pack("!6H", step & 0xFFFF, 0x0100, 1, 0, 0, 0) + name
        told = pack("!6H", step & 0xFFFF, 0x8180, 1, 1, 0, 0) + name + pack("!HHHIH", 0xC00C, 1, 1, 60, 4) + rng.randbytes(4)
        yield [datagram(CLIENT, SERVER, (40_000, 53), ask), datagram(SERVER, CLIENT, (53, 40_000), told)]


def mdns_names(rng: Random) -> Iterator[Exchange]:
    """Hosts of the site that announce themselves, under other names all the time (RFC 6762 8.3)."""
    while True:
        own, name = b"\x0a\x0a" + rng.randbytes(2), pack("!B", 16) + rng.randbytes(8).hex().encode() + b"\x05local\0"
        body = pack("!6H", 0, 0x8400, 0, 1, 0, 0) + name + pack("!HHIH", 1, 0x8001, 120, 4) + own
        yield [datagram(own, GROUP, (5353, 5353), body)]


def snmp_distinct(rng: Random) -> Iterator[Exchange]:
    """Questions for objects, none asked twice."""
    while True:
        oid = b"\x06\x0d\x2b\x06\x01\x04\x01" + bytes(rng.randrange(1, 128) for _ in range(8))
        bound = b"\x30" + bytes((len(oid) + 2,)) + oid + b"\x05\0"
        pdu = b"\x02\x04\x11" + rng.randbytes(3) + b"\x02\x01\0\x02\x01\0\x30" + bytes((len(bound),)) + bound
        said = b"\x02\x01\x01\x04\x06public\xa0" + bytes((len(pdu),)) + pdu
        yield [datagram(CLIENT, SERVER, (40_000, 161), b"\x30" + bytes((len(said),)) + said)]


def bacnet_devices(rng: Random) -> Iterator[Exchange]:
    """I-Am of devices behind a router, none like another (ASHRAE 135, 16.10)."""
    while True:
        source = pack("!HBB", rng.randrange(1, 65_535), 1, rng.randrange(256))
        said = b"\x10\0\xc4" + pack("!I", 8 << 22 | rng.randrange(1 << 22)) + b"\x22\x05\xc4\x91\x03\x22\x01\x04"
        npdu = b"\x01\x28\xff\xff\0" + source + b"\xff" + said
        yield [datagram(SERVER, address("10.255.255.255"), (BACNET, BACNET), pack("!BBH", 0x81, 0x0B, 4 + len(npdu)) + npdu)]


def bacnet_writes(rng: Random) -> Iterator[Exchange]:
    """Commands at priority 8 to objects, none commanded twice, nobody answers."""
    for step in count():
        said = b"\x0c" + pack("!I", 1 << 22 | rng.randrange(1 << 22)) + b"\x19\x55\x3e\x44" + rng.randbytes(4) + b"\x3f\x39\x08"
        npdu = b"\x01\x04" + bytes((2, 5, step & 0xFF, 15)) + said
        yield [datagram(CLIENT, SERVER, (BACNET, BACNET), pack("!BBH", 0x81, 0x0A, 4 + len(npdu)) + npdu)]


def s7_distinct(rng: Random) -> Iterator[Exchange]:
    """Reads of bytes of a data block, none like another."""
    line = Connection(CLIENT, SERVER, (40_000, 102), (1, 1))
    for step in count():
        item = b"\x12\x0a\x10\x02" + pack("!HHBBH", rng.randrange(1, 200), rng.randrange(65_536), 0x84, 0, 0) + b""
        item = item[:-2] + pack("!H", rng.randrange(65_536))
        said = b"\x32\x01\0\0" + pack("!HHH", step & 0xFFFF, 2 + len(item), 0) + b"\x04\x01" + item
        yield [line.segment(0, b"\x03\0" + pack("!H", 7 + len(said)) + b"\x02\xf0\x80" + said)]


def iec104_commands(rng: Random) -> Iterator[Exchange]:
    """Single commands to objects, none commanded twice (IEC 60870-5-104 5; -101 7.3.2.1)."""
    line = Connection(CLIENT, SERVER, (40_000, 2404), (1, 1))
    for step in count():
        asdu = b"\x2d\x01\x06\0\x01\0" + rng.randbytes(3) + b"\x01"
        yield [line.segment(0, b"\x68" + bytes((4 + len(asdu),)) + pack("<HH", step << 1 & 0xFFFE, 0) + asdu)]


def http_pages(rng: Random) -> Iterator[Exchange]:
    """Pages of one server, none asked for twice, each by a program of its own, with passwords."""
    for line in _connections(80, rng):
        name = rng.randbytes(8).hex()
        ask = f"GET /{name} HTTP/1.1\r\nHost: {name}\r\nUser-Agent: {name}\r\nAuthorization: Basic {name}\r\n\r\n"
        yield [line.segment(0, ask.encode()), line.segment(1, b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")]


def ftp_logins(rng: Random) -> Iterator[Exchange]:
    """Passwords tried on one connection, none twice."""
    line = Connection(CLIENT, SERVER, (40_000, 21), (1, 1))
    while True:
        name = rng.randbytes(6).hex().encode()
        yield [
            line.segment(0, b"USER " + name + b"\r\n"), line.segment(1, b"331 Password\r\n"),
            line.segment(0, b"PASS " + name + b"\r\n"), line.segment(1, b"530 No\r\n"),
        ]  # fmt: skip


def tls_hellos(rng: Random) -> Iterator[Exchange]:
    """Client hellos that name always another server (RFC 8446 4.1.2, RFC 6066 3)."""
    for line in _connections(443, rng):
        name = rng.randbytes(8).hex().encode() + b".example.com"
        sni = pack("!HHHBH", 0, len(name) + 5, len(name) + 3, 0, len(name)) + name
        body = b"\x03\x03" + rng.randbytes(32) + b"\0\0\x02\x13\x01\x01\0" + pack("!H", len(sni)) + sni
        yield [line.segment(0, b"\x16\x03\x01" + pack("!HBxH", len(body) + 4, 1, len(body)) + body)]


def port_scan(rng: Random) -> Iterator[Exchange]:
    """One source knocks at every port of every host, and every host says no."""
    for step in count():
        server = b"\x0a\x0a" + pack("!H", rng.randrange(1, 65_535))
        line = Connection(CLIENT, server, (1024 + step % 60_000, rng.randrange(1, 65_536)), (step, 0))
        yield [line.segment(0, flags=SYN), line.segment(1, flags=RST)]


def echoes(rng: Random) -> Iterator[Exchange]:
    """Echo requests to every host, with other data every time (RFC 792)."""
    while True:
        yield [packet(CLIENT, b"\x0a\x0a" + rng.randbytes(2), ICMP, b"\x08\0" + rng.randbytes(30))]


def groups(rng: Random) -> Iterator[Exchange]:
    """Hosts that join groups, none twice (RFC 2236 2)."""
    while True:
        group = b"\xef" + rng.randbytes(3)
        yield [packet(b"\x0a\x0a" + rng.randbytes(2), group, IGMP, b"\x16\0\0\0" + group)]


def vlans(rng: Random) -> Iterator[Exchange]:
    """The same few addresses in all VLANs, tagged once and twice, from invented cards."""
    while True:
        own, tags = b"\x0a\x0a\0" + rng.randbytes(1), rng.randrange(1, 4095)
        body = packet(own, CLIENT, UDP, pack("!4H", 40_000, 40_001, 28, 0) + rng.randbytes(20))[14:]
        inner = pack("!HH", 0x8100, tags) if rng.randrange(2) else pack("!HHHH", 0x88A8, tags, 0x8100, rng.randrange(1, 4095))
        yield [mac(CLIENT) + b"\x02" + rng.randbytes(5) + inner + b"\x08\0" + body]


def ipv6_sources(rng: Random) -> Iterator[Exchange]:
    """Datagrams from addresses of one /64 that nobody has."""
    network, server = address("fd00::")[:8], address("fd00::1")
    while True:
        yield [datagram(network + rng.randbytes(8), server, (rng.randrange(1024, 65_536), rng.randrange(1, 65_536)), rng.randbytes(20))]


def _connections(port: int, rng: Random) -> Iterator[Connection]:
    for number in count():
        client = b"\x0a\x01" + pack("!H", number % 200 + 1)
        yield Connection(client, SERVER, (1024 + number // 200 % 60_000, port), (rng.randrange(1 << 32), rng.randrange(1 << 32)))
