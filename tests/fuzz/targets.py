"""What is fuzzed: functions of bytes that raise when a promise of otwatch is broken.

The bytes of an input are an order to the target: the first say how (which side speaks, where a stream is cut), the rest is what is read.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from otwatch.config import read_site
from otwatch.decode.links import LINKS
from otwatch.dissectors import DISSECTORS, Dissector
from otwatch.errors import CaptureError, RecordError
from otwatch.packets import ACK, FIN, RST, SYN
from otwatch.pipeline import replay
from otwatch.record import Record
from otwatch.site import SiteHalf
from tests.capture.builders import read as read_capture
from tests.decode.builders import Frame, batch
from tests.decode.test_columns import agree
from tests.dissectors import promises
from tests.wire.dialogues import End, hear, tcp, udp

LINK_TYPES = tuple(sorted(LINKS))
SERVERS = tuple(sorted({(transport, port) for one in DISSECTORS for transport in one.transports for port in one.ports}))
"""Transport and port that a dialogue of the target `streams` is held on, by its first byte."""
CLIENT = End("10.0.0.1", 40_000)
SLOW_S = 0.05
"""A message that takes longer to read is a finding (CPU time, best of three, without the fuzzer's own work)."""


class Target(NamedTuple):
    """`longest` bytes of an input; `quick` where SLOW_S holds for an input, for it is one message."""

    call: Callable[[bytes], None]
    longest: int = 4096
    quick: bool = False


def dissector(one: Dissector, data: bytes) -> None:
    """Side and promise, then the payload."""
    if len(data) < 3:
        return
    how, size, payload = data[0], data[1], data[2:]
    side = promises.SIDES[how % 3]
    promises.recognises(one, payload)
    promises.gives_events(one, payload, side)
    promises.sets_nothing_aside_that_tells(one, payload, side, b"\xa5\x00\xff")
    here = size * len(payload) // 255
    match how >> 2 & 3:
        case 0 if promises.is_stream(one):
            promises.may_be_split(one, payload, side, [1 + size % 64] * len(payload))
        case 1 if promises.is_stream(one):
            promises.keeps_what_was_before(one, payload[:here], payload[here:], side)
        case 2:
            promises.reads_any_answer(one, payload[:here], payload[here:])
        case 3:
            promises.reads_any_pieces(one, payload[:here], payload[here:])
    if one.session is not None:
        session = promises.memory(one)
        for at, part in enumerate((payload[:here], payload[here:])):
            promises.gives_events(one, part, promises.SIDES[(how + at) % 3], session)


def dialogue(data: bytes) -> list[Frame]:
    """The script of a TCP or UDP dialogue as frames: after the server's number, segments as (how, where, time, size, payload).

    how    bit 0 the server speaks; bits 1 and 2 SYN, FIN; bit 3 RST; bits 4.. where the segment stands
    where  bytes before (128..255) or behind the end of what was sent, in steps that `how` says
    """
    transport, port = SERVERS[data[0] % len(SERVERS)] if data else ("tcp", 502)
    ends = (CLIENT, End("10.0.0.2", port))
    following, now, frames, at = [1000, 2**32 - 400], 0, [], 1
    while at + 4 <= len(data):
        how, where, later, size = data[at : at + 4]
        payload, at = data[at + 4 : at + 4 + size], at + 4 + size
        side, now = how & 1, now + later**3 * 1_000_000
        if transport != "tcp":
            frames.append(udp(ends[side], ends[1 - side], payload, now))
            continue
        flags = ACK * (how & 0x80 == 0) | SYN * (how >> 1 & 1) | FIN * (how >> 2 & 1) | RST * (how >> 3 & 1)
        step = (1, 1, 257, 70_001)[how >> 4 & 3]
        seq = (following[side] + (where - 256 if where > 127 else where) * step) & 0xFFFFFFFF
        frames.append(tcp(ends[side], ends[1 - side], seq, payload, flags, now))
        following[side] = (seq + len(payload) + (flags & SYN > 0)) & 0xFFFFFFFF
    return frames


def streams(data: bytes) -> None:
    """Segments in any order: nothing is raised, and batches may end anywhere."""
    frames = dialogue(data)
    if frames:
        assert hear(frames) == hear(frames, 1 + data[0] % 5)


def packets(data: bytes) -> list[Frame]:
    """Frames as (length, time, bytes) behind the number of their link type."""
    link_type = LINK_TYPES[data[0] % len(LINK_TYPES)] if data else 1
    frames, at, now = [], 1, 0
    while at + 2 <= len(data):
        size, later = data[at : at + 2]
        now += later * 10_000_000
        part, at = data[at + 2 : at + 2 + size * 2], at + 2 + size * 2
        frames.append(Frame(part, link_type, time_ns=now))
    return frames


def decode(data: bytes) -> None:
    """Any frame of any link type is what the oracle says (tests/decode/oracle.py)."""
    if frames := packets(data):
        agree([batch(frames)])


def wire(data: bytes) -> None:
    """Any frames, through the wire half and the site half; batches may end anywhere."""
    if frames := packets(data):
        said = hear(frames)
        assert said == hear(frames, 1 + data[0] % 5)
        half = SiteHalf(None)
        for item in said:
            half.see(item)
        half.finish()
        half.results((), {})


def capture(data: bytes) -> None:
    """A file of any bytes is a capture or not; batches and pieces change nothing."""
    path = _file(data, "capture")
    with suppress(CaptureError):
        rows, summary = read_capture(path)
        assert summary.frames == len(rows)
        assert read_capture(path, most=3, piece=37) == (rows, summary)


def whole(data: bytes) -> None:
    """`otwatch replay` of a file of any bytes, and its record."""
    path = _file(data, "replayed")
    with suppress(CaptureError):
        results = replay([str(path)])
        with Record.create(path.with_name("written.db")) as record:
            record.write(results)
            assert record.results() == results


def site(data: bytes) -> None:
    """A site file of any bytes is a site or has problems, in both languages."""
    read, found = read_site(_file(data, "site.yaml"), date(2026, 1, 1))
    assert read is not None or found
    assert all(problem.text(language) for problem in found for language in ("en", "fr"))


def record(data: bytes) -> None:
    """A record of any bytes is read or refused."""
    with suppress(RecordError), Record.open(_file(data, "record.db")) as opened:
        opened.results()


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="otwatch-fuzz-")


def _file(data: bytes, name: str) -> Path:
    path = Path(_folder().name) / name
    path.write_bytes(data)
    return path


TARGETS: dict[str, Target] = {one.name: Target(partial(dissector, one), quick=True) for one in DISSECTORS} | {
    "streams": Target(streams),
    "decode": Target(decode),
    "wire": Target(wire),
    "capture": Target(capture),
    "replay": Target(whole),
    "site": Target(site, 2048),
    "record": Target(record, 1 << 17),
}
