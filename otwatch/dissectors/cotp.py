"""ISO transport on TCP (RFC 1006, RFC 905 class 0): the envelope of S7comm and of MMS.

    TPKT   version 3 | reserved 0 | length 2 of all                    COTP   length 1 of the header | type 1 | ...
    E0 connection request, D0 confirm: references 2 + 2, class 1, parameters (code, length, value)      F0 data: end mark and number 1

A message may be cut into several data units, of which only the last has the end mark; some stacks put an empty one in front.
"""

from typing import NamedTuple

from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed

VERSION = 3
PREFIX, LEAST = 4, 7
"""Bytes of a TPKT's head, and of the shortest TPKT."""
LONGEST = 1 << 16
"""Of a message put together from data units."""
REQUEST, CONFIRM, DATA, DISCONNECT, DISCONNECTED, ERROR = 0xE0, 0xD0, 0xF0, 0x80, 0xC0, 0x70
MARKS = ((0, frozenset({VERSION})), (1, frozenset({0})), (5, frozenset({REQUEST, CONFIRM, DATA, DISCONNECT, DISCONNECTED, ERROR})))
"""Bytes that every message has (`Dissector.marks`)."""
ENDS = {DISCONNECT: "Disconnect", DISCONNECTED: "Disconnect Confirm", ERROR: "Error"}
"""What ends a connection, in the words of RFC 905."""
_LAST = 0x80
_CALLING, _CALLED = 0xC1, 0xC2
_REFERENCES = 5


class Selectors(NamedTuple):
    """Who calls whom inside the two hosts, as bytes that each application reads its own way."""

    calling: bytes = b""
    called: bytes = b""


def cut(read: Reader) -> Reader | None:
    """All data units up to the one that ends the message; anything else is a message of its own."""
    look = Reader(read.data, read.at, read.end)
    while look.left >= PREFIX:
        version, length = look.ahead(">BxH")
        if version != VERSION or length < LEAST:
            raise Malformed(f"version {version} is not 3, or length {length} is below {LEAST}", look.at)
        if look.at + length - read.at > LONGEST:
            raise Malformed(f"message longer than {LONGEST} bytes", look.at)
        if look.left < length:
            return None
        if _is_last(look.part(length)):
            return read.part(look.at - read.at)
    return None


def _is_last(unit: Reader) -> bool:
    kind, mark = unit.ahead(">5xBB")
    return kind != DATA or bool(mark & _LAST)


def kind(message: Reader) -> int:
    """The type of a message's first data unit, without moving on. The low bits of a type may hold a credit (RFC 905 13.3)."""
    (found,) = message.ahead("5xB")
    return found if found == DATA else found & 0xF0


def content(message: Reader) -> Reader:
    """What the data units of a message hold together.

    Of several parts a copy is made; its reader notes nothing for the one it came from, so all bytes of it decide.
    """
    parts = [part for part in _units(message) if part.left]
    if len(parts) == 1:
        return parts[0]
    return Reader(b"".join(part.rest() for part in parts))


def _units(message: Reader) -> list[Reader]:
    units: list[Reader] = []
    while message.left:
        (length,) = message.fields(">2xH")
        unit = message.part(length - PREFIX)
        unit.take(unit.u8())
        units.append(unit)
    return units


def selectors(message: Reader) -> Selectors:
    """Of a connection request or its confirmation (RFC 905 13.3.4)."""
    message.take(PREFIX)
    header = message.part(message.u8())
    header.take(1 + _REFERENCES)
    said: dict[int, bytes] = {}
    while header.left:
        code = header.u8()
        said[code] = header.take(header.u8())
    return Selectors(said.get(_CALLING, b""), said.get(_CALLED, b""))


def first_data(read: Reader) -> Reader | None:
    """What the first message with data holds, behind connection messages; None where there is none yet. For recognition."""
    while (message := cut(read)) is not None:
        if kind(message) == DATA:
            return content(message)
    return None
