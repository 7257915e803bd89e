"""Modbus RTU over TCP: the frames of a serial line, sent as they are by serial device servers (Modbus over serial line v1.02, 2.5.1).

    unit 1 | function 1 | data | checksum 2 (CRC-16, polynomial A001, from FFFF, low byte first)

There is no header, no length and no number: a frame ends where its checksum holds and its data fit its function, and an answer
belongs to the request of the same unit and function before it. The checksum looks at every byte, so none is set aside.
"""

from collections.abc import Iterable

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.modbus.functions import is_public
from otwatch.dissectors.modbus.pdu import EXCEPTION, is_plausible, said
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Event

NAME = "modbus-rtu"
LEAST, MOST = 4, 256
"""Bytes of a frame (2.5.1): a function alone, and 252 bytes of data."""
_CHECKSUM = 2
_UNITS = range(248)
"""0 is everybody; those above 247 are reserved (2.2)."""
_ENOUGH = 2
"""Frames of one side, one behind the other, that show what it is where no port tells; with those of the other side it is three."""


def _step(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (0xA001 if byte & 1 else 0)
    return byte


_STEPS = tuple(map(_step, range(256)))


def checksum(frame: bytes) -> int:
    """0 over a frame with its checksum behind it."""
    value = 0xFFFF
    for byte in frame:
        value = value >> 8 ^ _STEPS[(value ^ byte) & 0xFF]
    return value


def cut(read: Reader) -> Reader | None:
    """Up to the first place where the checksum holds and the data fit; data that only their maker knows reach to the last byte here."""
    value = 0xFFFF
    for size, byte in enumerate(read.peek(MOST), 1):
        value = value >> 8 ^ _STEPS[(value ^ byte) & 0xFF]
        if not value and size >= LEAST and (size == read.left or is_plausible(_data(read, size))):
            return read.part(size)
    if read.left >= MOST:
        raise Malformed(f"no checksum holds within {MOST} bytes", read.at)
    return None


def _data(read: Reader, size: int) -> Reader:
    """Function and data of the frame that begins here."""
    return Reader(read.data, read.at + 1, read.at + size - _CHECKSUM)


def looks_like(read: Reader, hinted: bool) -> bool:
    """Whole frames of public functions that fit their layout, and enough of them where nothing hints at them."""
    frames = 0
    while read.left:
        frame = cut(read) if _may_begin(*read.ahead("BB")) else None
        if frame is None or not is_plausible(_data(frame, frame.left)):
            return hinted and frames > 0
        frames += 1
    return frames >= (1 if hinted else _ENOUGH)


def _may_begin(unit: int, code: int) -> bool:
    """Asked before any checksum is reckoned: this is tried on everything that nobody else knows."""
    return unit in _UNITS and is_public(code & ~EXCEPTION)


def decode(read: Reader, is_request: bool | None) -> Iterable[Event]:
    """The request or the answer of one unit."""
    unit = read.u8()
    return said(Reader(read.data, read.at, read.end - _CHECKSUM), unit, is_request)


MODBUS_RTU = Dissector(
    name=NAME,
    title="Modbus RTU over TCP",
    transports=frozenset({"tcp"}),
    ports=frozenset(),
    looks_like=looks_like,
    cut=cut,
    decode=decode,
)
