"""Ethernet frames around payloads, and a pcap of them. MAC addresses follow from IP addresses."""

from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path
from struct import Struct, pack

BROADCAST = b"\xff" * 6
SMALLEST = 60
"""Bytes of an Ethernet frame without its check sum; shorter ones are padded (IEEE 802.3 4.2.3.3)."""
STEP_US = 17
"""Between two frames: a million of them are 17 seconds."""
BEGIN_US = 1_700_000_000_000_000
ACK, PUSH = 0x10, 0x18
TCP, UDP = 6, 17

_IPV4 = Struct("!BBHHHBBH4s4s")
_TEN = Struct("!10H")
_RECORD = Struct("<4I")


def address(text: str) -> bytes:
    """An IP address as its 4 or 16 bytes."""
    return ip_address(text).packed


def mac(ip: bytes) -> bytes:
    """The locally administered MAC of the host with that IP address."""
    return b"\x02\x00" + ip[-4:]


def ethernet(target: bytes, source: bytes, ethertype: int, body: bytes, vlan: int | None = None) -> bytes:
    """A frame between two MACs, with an 802.1Q tag if `vlan` is given."""
    tag = b"" if vlan is None else pack("!HH", 0x8100, vlan)
    return target + source + tag + pack("!H", ethertype) + body


def packet(source: bytes, target: bytes, protocol: int, body: bytes, vlan: int | None = None, to: bytes = b"", *, cut: int = 0) -> bytes:
    """An IP packet in its frame, sent to the MAC `to` instead of the target's own.

    cut: identification << 16 | flags and offset in blocks of 8, for IPv4 fragments (RFC 791 3.1); else "don't fragment".
    """
    to = to or mac(target)
    if len(source) == 16:
        head = pack("!IHBB", 0x6000_0000, len(body), protocol, 64) + source + target
        return ethernet(to, mac(source), 0x86DD, head + body, vlan)
    identification, flags = divmod(cut or 0x4000, 1 << 16)
    words = (0x45, 0, 20 + len(body), identification, flags, 64, protocol)
    total = sum(_TEN.unpack(_IPV4.pack(*words, 0, source, target)))
    total = (total & 0xFFFF) + (total >> 16)
    head = _IPV4.pack(*words, ~(total + (total >> 16)) & 0xFFFF, source, target)
    return ethernet(to, mac(source), 0x0800, head + body, vlan)


def datagram(source: bytes, target: bytes, ports: tuple[int, int], payload: bytes, to: bytes = b"") -> bytes:
    """A UDP datagram without a check sum (RFC 768), from the first port to the second."""
    return packet(source, target, UDP, pack("!4H", *ports, 8 + len(payload), 0) + payload, to=to)


class Connection:
    """A TCP connection that was open before the capture began."""

    def __init__(self, client: bytes, server: bytes, ports: tuple[int, int], begin: tuple[int, int], vlan: int | None = None) -> None:
        """ports: client's, server's; begin: next sequence number of each."""
        self._ends = (client, server)
        self._ports = ports
        self._next = list(begin)
        self._vlan = vlan

    def skip(self, side: int, size: int) -> None:
        """Sequence numbers that no segment of ours carries: a SYN, or bytes that nobody captured."""
        self._next[side] = (self._next[side] + size) & 0xFFFFFFFF

    def segment(self, side: int, payload: bytes = b"", flags: int = PUSH) -> bytes:
        """What the client (side 0) or the server (side 1) sends next."""
        other = 1 - side
        head = pack("!HHIIBBHHH", self._ports[side], self._ports[other], self._next[side], self._next[other], 0x50, flags, 8192, 0, 0)
        self.skip(side, len(payload))
        return packet(self._ends[side], self._ends[other], TCP, head + payload, self._vlan)


def write_pcap(path: Path, frames: Iterable[bytes]) -> None:
    """A classic pcap, microseconds, Ethernet, a frame every STEP_US (draft-ietf-opsawg-pcap 4)."""
    with path.open("wb", 1 << 20) as out:
        out.write(pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for number, frame in enumerate(frames, 1):
            whole = frame if len(frame) >= SMALLEST else frame.ljust(SMALLEST, b"\0")
            seconds, micros = divmod(BEGIN_US + number * STEP_US, 1_000_000)
            out.write(_RECORD.pack(seconds, micros, len(whole), len(whole)) + whole)
