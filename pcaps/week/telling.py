"""Recorded exchanges told again at other times, exactly: what a host would have sent anew is made anew, all else stays.

    time, TCP sequence numbers, the port that the initiator chose, IP identification, the times within NTP and HTTP, all checksums

A recording is a list of rounds: what follows at once is one. A `Telling` is a session that goes on from round to round, whatever their
order: its next byte is always the one after the last.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from struct import pack, unpack_from
from typing import NamedTuple

from pcaps.hospital.rewrite import Taken, read_pcap
from pcaps.week.pace import APART

FOLDER = Path(__file__).parent
SECOND_US = 1_000_000
_IPV4, _ARP = b"\x08\x00", b"\x08\x06"
_TCP, _UDP = 6, 17
_FIN, _SYN, _ACK = 1, 2, 16
_CHOSEN = range(32_768, 61_000)
"""Ports that Linux gives to who asks for none (ip_local_port_range)."""
_SERVED = frozenset({47_808})
_NTP, _HTTP = 123, 80
_NTP_TIMES = (16, 24, 32, 40)
"""RFC 5905 7.3: reference, origin, receive, transmit."""
_HTTP_DATE = "%a, %d %b %Y %H:%M:%S GMT"
_DATE = re.compile(rb"(?<=\r\nDate: )\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT(?=\r\n)")
Flow = tuple[bytes, int, bytes, int]
"""Source address and port, destination address and port."""
Chosen = tuple[bytes, int]
"""Who asked from which port."""


class Round(NamedTuple):
    """Frames that belong together; times in microseconds from the first. `begins`, `ends`: for every direction of TCP known by then, the
    number that it sends next. `chosen`: the ports that initiators chose."""

    began_us: int
    frames: tuple[Taken, ...]
    begins: dict[Flow, int]
    ends: dict[Flow, int]
    chosen: frozenset[Chosen]


def kept(raw: Path, path: Path) -> int:
    """Keeps ARP and IPv4 of what tcpdump wrote; the bytes written."""
    frames = [frame for frame in read_pcap(raw) if frame.data[12:14] in (_IPV4, _ARP)]
    path.write_bytes(pcap(frames))
    return path.stat().st_size


def pcap(frames: Iterable[Taken]) -> bytes:
    """A classic pcap with microseconds (draft-ietf-opsawg-pcap)."""
    head = pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1)
    return b"".join((head, *(pack("<4I", *divmod(one.time_us, SECOND_US), len(one.data), one.wire_length) + one.data for one in frames)))


def rounds(name: str) -> tuple[Round, ...]:
    """Of a recorded scene."""
    frames = list(read_pcap(FOLDER / f"{name}.pcap"))
    chosen = frozenset(_chosen(frames))
    nexts: dict[Flow, int] = {}
    return tuple(_round(group, nexts, chosen) for group in _groups(frames))


def whole(name: str) -> Round:
    """The scene as one round, its pauses included."""
    frames = list(read_pcap(FOLDER / f"{name}.pcap"))
    return _round(frames, {}, frozenset(_chosen(frames)))


def _groups(frames: list[Taken]) -> Iterator[list[Taken]]:
    begins = [at for at, frame in enumerate(frames) if not at or frame.time_us - frames[at - 1].time_us > APART * SECOND_US]
    for begin, end in zip(begins, [*begins[1:], len(frames)], strict=True):
        yield frames[begin:end]


def _chosen(frames: list[Taken]) -> Iterator[Chosen]:
    """Whoever spoke first in a conversation chose his port, where it is none that is served."""
    known: set[Flow] = set()
    for flow in filter(None, (_flow(frame.data) for frame in frames)):
        back = (*flow[2:], *flow[:2])
        if flow not in known and back not in known and flow[1] in _CHOSEN and flow[1] not in _SERVED:
            yield flow[:2]
        known.add(flow)


def _round(frames: list[Taken], nexts: dict[Flow, int], chosen: frozenset[Chosen]) -> Round:
    begins = dict(nexts)
    for frame in frames:
        flow = _flow(frame.data)
        if flow is None or frame.data[23] != _TCP:
            continue
        sequence, after = _numbers(frame.data)
        begins.setdefault(flow, sequence)
        if (after - nexts.setdefault(flow, sequence)) & 0xFFFFFFFF < 1 << 31:
            nexts[flow] = after
    began = frames[0].time_us
    return Round(began, tuple(frame._replace(time_us=frame.time_us - began) for frame in frames), begins, dict(nexts), chosen)


def _flow(data: bytes) -> Flow | None:
    if data[12:14] != _IPV4 or data[23] not in (_TCP, _UDP):
        return None
    source, target = unpack_from("!HH", data, _transport(data))
    return data[26:30], source, data[30:34], target


def _transport(data: bytes) -> int:
    return 14 + 4 * (data[14] & 15)


def _numbers(data: bytes) -> tuple[int, int]:
    """The sequence number of a segment, and the one after it."""
    at = _transport(data)
    sequence, offset, flags = unpack_from("!I4xBB", data, at + 4)
    payload = 14 + unpack_from("!H", data, 16)[0] - at - 4 * (offset >> 4)
    return sequence, (sequence + payload + bool(flags & (_SYN | _FIN))) & 0xFFFFFFFF


class Choices:
    """What hosts choose anew for each session: ports, one after the other, and first numbers."""

    def __init__(self) -> None:
        self._ports: dict[bytes, Iterator[int]] = {}
        self._sessions = count(1)

    def port(self, host: bytes) -> int:
        return _CHOSEN[next(self._ports.setdefault(host, count(host[-1]))) * 2 % len(_CHOSEN)]

    def number(self) -> int:
        return next(self._sessions) * 2_654_435_761 & 0xFFFFFFFF


class Telling:
    """A session told anew, round after round."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._ports: dict[Chosen, int] = {}
        self._nexts: dict[Flow, int] = {}

    def tell(self, one: Round, at_us: int) -> Iterator[Taken]:
        """The round, at another time."""
        shifts = {flow: self._next(flow) - begins for flow, begins in one.begins.items()}
        for frame in one.frames:
            data = frame.data
            flow = _flow(data)
            if flow is not None:
                data = self._anew(data, flow, one, shifts, at_us - one.began_us)
            yield Taken(at_us + frame.time_us, frame.wire_length, data)
        self._nexts |= {flow: ends + shifts[flow] if flow in shifts else self._next(flow) for flow, ends in one.ends.items()}

    def _next(self, flow: Flow) -> int:
        if flow not in self._nexts:
            self._nexts[flow] = self._choices.number()
        return self._nexts[flow]

    def _port(self, host: bytes, port: int, chosen: frozenset[Chosen]) -> int:
        if (host, port) not in chosen:
            return port
        if (host, port) not in self._ports:
            self._ports[host, port] = self._choices.port(host)
        return self._ports[host, port]

    def _anew(self, data: bytes, flow: Flow, one: Round, shifts: dict[Flow, int], later_us: int) -> bytes:
        at = _transport(data)
        ports = pack("!HH", self._port(*flow[:2], one.chosen), self._port(*flow[2:], one.chosen))
        end = 14 + unpack_from("!H", data, 16)[0]
        if data[23] == _UDP:
            payload = _ntp(data[at + 8 : end], later_us) if _NTP in (flow[1], flow[3]) else data[at + 8 : end]
            return data[:at] + _summed(data, ports + data[at + 4 : at + 6] + bytes(2) + payload, 6) + data[end:]
        sequence, acknowledged, offset, flags = unpack_from("!IIBB", data, at + 4)
        numbers = pack("!II", sequence + shifts[flow] & 0xFFFFFFFF, _acknowledged(acknowledged, flags, flow, shifts))
        rest = data[at + 12 : at + 16] + bytes(2) + data[at + 18 : at + 4 * (offset >> 4)]
        payload = data[at + 4 * (offset >> 4) : end]
        if _HTTP in (flow[1], flow[3]):
            payload = _http(payload, later_us)
        return data[:at] + _summed(data, ports + numbers + rest + payload, 16) + data[end:]


def _acknowledged(number: int, flags: int, flow: Flow, shifts: dict[Flow, int]) -> int:
    return number + shifts.get((*flow[2:], *flow[:2]), 0) & 0xFFFFFFFF if flags & _ACK else number


def _ntp(payload: bytes, later_us: int) -> bytes:
    """Times that are set go with the packet's."""
    later = (later_us << 32) // SECOND_US
    times = [unpack_from("!Q", payload, at)[0] for at in _NTP_TIMES]
    return payload[:16] + b"".join(pack("!Q", (time + later) % (1 << 64) if time else 0) for time in times) + payload[48:]


def _http(payload: bytes, later_us: int) -> bytes:
    """RFC 9110 5.6.7: always of one length."""

    def later(date: re.Match[bytes]) -> bytes:
        said = datetime.strptime(date[0].decode(), _HTTP_DATE).replace(tzinfo=UTC).timestamp()
        return datetime.fromtimestamp(said + later_us / SECOND_US, UTC).strftime(_HTTP_DATE).encode()

    return _DATE.sub(later, payload)


def _sum(data: bytes) -> int:
    """RFC 1071, as one long division."""
    return 0xFFFF - int.from_bytes(data + bytes(len(data) % 2)) % 0xFFFF


def _summed(data: bytes, segment: bytes, at: int) -> bytes:
    """The segment with its checksum at that place, which holds zeros."""
    pseudo = data[26:34] + pack("!BBH", 0, data[23], len(segment))
    return segment[:at] + pack("!H", _sum(pseudo + segment) or 0xFFFF) + segment[at + 2 :]


def numbered(frames: Iterable[Taken]) -> Iterator[Taken]:
    """Every host numbers what it sends (IP identification), but for what it sent without a number (RFC 6864 4.1)."""
    counts: dict[bytes, Iterator[int]] = {}
    for frame in frames:
        data = frame.data
        if data[12:14] == _IPV4 and data[18:20] != b"\0\0":
            source = data[26:30]
            number = next(counts.setdefault(source, count(source[-1] << 8))) % 0xFFFF + 1
            end = _transport(data)
            head = data[14:18] + pack("!H", number) + data[20:24] + bytes(2) + data[26:end]
            data = data[:14] + head[:10] + pack("!H", _sum(head)) + head[12:] + data[end:]
        yield frame._replace(data=data)
