"""Frames written by hand: Ethernet, ARP, IPv4 (RFC 791), IPv6 (RFC 8200), ICMP (RFC 792, RFC 4443), UDP (RFC 768), TCP (RFC 9293).

Checksums are true; times are the story's."""

from ipaddress import IPv4Address, IPv6Address
from itertools import count
from struct import pack
from typing import NamedTuple

from pcaps.hospital.hosts import HOSTS

BEGIN = 1_791_878_400.0
"""Tuesday 2026-10-13 08:00 UTC: 10:00 in Paris."""
_STEP = 0.002
_ARP, _IPV4, _IPV6 = 0x0806, 0x0800, 0x86DD
_ICMP, _TCP, _UDP, _ICMPV6 = 1, 6, 17, 58
_FIN, _SYN, _RST, _PSH, _ACK = 1, 2, 4, 8, 16
_EVERYBODY = "ff:ff:ff:ff:ff:ff"
_MACS = {host.address: host.mac for host in HOSTS}


class Frame(NamedTuple):
    """`time` in seconds since 1970."""

    time: float
    data: bytes


def sender(frame: Frame) -> str:
    """Of an IPv4 packet; "" for anything else."""
    return str(IPv4Address(frame.data[26:30])) if frame.data[12:14] == pack("!H", _IPV4) else ""


def mac_of(address: str) -> str:
    """Of the sample hospital; else of a maker of controllers, by the last three numbers of the address."""
    return _MACS.get(address) or "00:80:f4:" + ":".join(f"{int(part):02x}" for part in address.split(".")[1:])


def _raw(mac: str) -> bytes:
    return bytes.fromhex(mac.replace(":", ""))


def checksum(data: bytes) -> int:
    """Of Internet headers (RFC 1071)."""
    total = sum(int.from_bytes(data[at : at + 2].ljust(2, b"\0")) for at in range(0, len(data), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Story:
    """Frames one after the other; `wait` lets time pass between them. `macs` names cards that are not those of `mac_of`."""

    def __init__(self, begin: float = BEGIN, **macs: str) -> None:
        self.frames: list[Frame] = []
        self.now = begin
        self.macs: dict[str, str] = dict(macs)
        self._ports, self._numbers = count(49_200), count(1)

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def mac(self, address: str) -> str:
        if address == "255.255.255.255":
            return _EVERYBODY
        return self.macs.get(address) or mac_of(address)

    def ethernet(self, source: str, target: str, kind: int, payload: bytes) -> None:
        """Between two cards; `kind` below 1536 is the length of an 802.3 frame."""
        self.frames.append(Frame(self.now, (_raw(target) + _raw(source) + pack("!H", kind) + payload).ljust(60, b"\0")))
        self.now += _STEP

    def arp(self, owner: str, asker: str = "", mac: str = "") -> None:
        """The owner of an address answers for it; without an asker it announces itself."""
        card, target = mac or self.mac(owner), self.mac(asker) if asker else _EVERYBODY
        said = pack("!HHBBH", 1, _IPV4, 6, 4, 2) + _raw(card) + IPv4Address(owner).packed
        self.ethernet(card, target, _ARP, said + _raw(target) + IPv4Address(asker or owner).packed)

    def ip(self, source: str, target: str, protocol: int, payload: bytes) -> None:
        head = pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), next(self._numbers) & 0xFFFF, 0x4000, 64, protocol, 0)
        head += IPv4Address(source).packed + IPv4Address(target).packed
        self.ethernet(self.mac(source), self.mac(target), _IPV4, head[:10] + pack("!H", checksum(head)) + head[12:] + payload)

    def icmp(self, source: str, target: str, kind: int, body: bytes, code: int = 0) -> None:
        """`body` is what stands behind the checksum."""
        head = bytes((kind, code))
        self.ip(source, target, _ICMP, head + pack("!H", checksum(head + b"\0\0" + body)) + body)

    def icmpv6(self, source: str, target: str, macs: tuple[str, str], kind: int, body: bytes) -> None:
        """On the link, hop limit 255 (RFC 4861 6.1)."""
        ends = IPv6Address(source).packed + IPv6Address(target).packed
        head = bytes((kind, 0))
        total = checksum(ends + pack("!II", 4 + len(body), _ICMPV6) + head + b"\0\0" + body)
        frame = pack("!IHBB", 6 << 28, 4 + len(body), _ICMPV6, 255) + ends + head + pack("!H", total) + body
        self.ethernet(macs[0], macs[1], _IPV6, frame)

    def udp(self, source: str, target: str, ports: tuple[int, int], payload: bytes) -> None:
        head = pack("!HHHH", *ports, 8 + len(payload), 0)
        total = checksum(_pseudo(source, target, _UDP, len(head) + len(payload)) + head + payload)
        self.ip(source, target, _UDP, head[:6] + pack("!H", total or 0xFFFF) + payload)

    def ask(self, client: str, server: str, port: int, question: bytes, *answers: bytes, own: int = 0) -> None:
        """A datagram and what comes back; `own` is the client's port."""
        ports = own or next(self._ports), port
        self.udp(client, server, ports, question)
        for answer in answers:
            self.udp(server, client, (ports[1], ports[0]), answer)

    def segment(self, source: str, target: str, ports: tuple[int, int], at: tuple[int, int], flags: int, payload: bytes = b"") -> None:
        head = pack("!HHIIBBHHH", *ports, at[0] & 0xFFFFFFFF, at[1] & 0xFFFFFFFF, 0x50, flags, 64_240, 0, 0)
        total = checksum(_pseudo(source, target, _TCP, len(head) + len(payload)) + head + payload)
        self.ip(source, target, _TCP, head[:16] + pack("!H", total) + head[18:] + payload)

    def connect(self, client: str, server: str, port: int) -> "Connection":
        return Connection(self, client, server, (next(self._ports), port))

    def knock(self, client: str, server: str, port: int, *, refused: bool = True) -> None:
        """A connection that is refused, or to which nobody answers."""
        ports = next(self._ports), port
        self.segment(client, server, ports, (100, 0), _SYN)
        if refused:
            self.segment(server, client, (port, ports[0]), (0, 101), _RST | _ACK)


class Connection:
    """A TCP connection, opened; both sides say things in turn."""

    def __init__(self, story: Story, client: str, server: str, ports: tuple[int, int]) -> None:
        self._story = story
        self._ends = {True: (client, server, ports), False: (server, client, (ports[1], ports[0]))}
        self._next = {True: 1000, False: 5000}
        for by_client, flags in ((True, _SYN), (False, _SYN | _ACK), (True, _ACK)):
            self._send(by_client, flags)

    def say(self, payload: bytes, *, by_client: bool = True) -> None:
        self._send(by_client, _PSH | _ACK, payload)

    def ask(self, question: bytes, *answers: bytes) -> None:
        self.say(question)
        for answer in answers:
            self.say(answer, by_client=False)

    def close(self) -> None:
        for by_client, flags in ((True, _FIN | _ACK), (False, _FIN | _ACK), (True, _ACK)):
            self._send(by_client, flags)

    def _send(self, by_client: bool, flags: int, payload: bytes = b"") -> None:
        seq, ack = self._next[by_client], self._next[not by_client] if flags & _ACK else 0
        self._story.segment(*self._ends[by_client], (seq, ack), flags, payload)
        self._next[by_client] += len(payload) + bool(flags & (_SYN | _FIN))


def _pseudo(source: str, target: str, protocol: int, length: int) -> bytes:
    return IPv4Address(source).packed + IPv4Address(target).packed + pack("!BBH", 0, protocol, length)


def pcap(frames: list[Frame]) -> bytes:
    """A classic pcap with microseconds (draft-ietf-opsawg-pcap)."""
    records = [pack("<4I", int(one.time), round(one.time % 1 * 1e6), len(one.data), len(one.data)) + one.data for one in frames]
    return b"".join((pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1), *records))
