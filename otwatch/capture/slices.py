"""Single frames of captures as a capture of their own: evidence that can be handed over without the rest.

Written as pcapng (draft-ietf-opsawg-pcapng, sections 4.1 to 4.3): one interface for each link type, times in nanoseconds, and in the
comment of each frame where it comes from, which Wireshark shows.
"""

from collections.abc import Iterator, Sequence
from struct import pack
from typing import NamedTuple

from otwatch.capture.reading import Source

_SECTION, _INTERFACE, _PACKET = 0x0A0D0D0A, 1, 6
_MAGIC = 0x1A2B3C4D
_COMMENT, _RESOLUTION = 1, 9
_NANOSECONDS = 9


class Kept(NamedTuple):
    """A frame taken out. `wire_length`: bytes that it had on the wire."""

    capture: str
    number: int
    time_ns: int
    link_type: int
    wire_length: int
    data: bytes


def kept(source: Source, numbers: frozenset[int]) -> Iterator[Kept]:
    """These frames of a capture, in their order. CaptureError where it cannot be read; frames behind a break are missing."""
    for frames in source.read():
        for at, number in enumerate(frames.number.tolist()):
            if number in numbers:
                begin, length = int(frames.start[at]), int(frames.length[at])
                yield Kept(
                    source.name, number, int(frames.time_ns[at]), int(frames.link_type[at]), int(frames.wire_length[at]),
                    frames.data[begin : begin + length].tobytes(),
                )  # fmt: skip


def as_capture(frames: Sequence[Kept], comment: str) -> bytes:
    """A pcapng of these frames. The comment is that of the whole file."""
    links = sorted({frame.link_type for frame in frames})
    blocks = [_block(_SECTION, pack("<IHHq", _MAGIC, 1, 0, -1) + _options((_COMMENT, comment.encode())))]
    blocks += [_block(_INTERFACE, pack("<HHI", link, 0, 0) + _options((_RESOLUTION, bytes([_NANOSECONDS])))) for link in links]
    blocks += [_packet(frame, links.index(frame.link_type)) for frame in frames]
    return b"".join(blocks)


def _packet(frame: Kept, interface: int) -> bytes:
    high, low = divmod(frame.time_ns, 1 << 32)
    head = pack("<IIIII", interface, high, low, len(frame.data), frame.wire_length)
    return _block(_PACKET, head + _padded(frame.data) + _options((_COMMENT, f"{frame.capture} frame {frame.number}".encode())))


def _options(*given: tuple[int, bytes]) -> bytes:
    return b"".join(pack("<HH", code, len(value)) + _padded(value) for code, value in given) + pack("<HH", 0, 0)


def _padded(value: bytes) -> bytes:
    return value + bytes(-len(value) % 4)


def _block(kind: int, body: bytes) -> bytes:
    length = len(body) + 12
    return pack("<II", kind, length) + body + pack("<I", length)
