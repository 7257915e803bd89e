"""Modbus on TCP and UDP (Modbus application protocol v1.1b3, messaging on TCP/IP v1.0b).

A message is the MBAP header and a function:

    transaction 2 | protocol 2 = 0 | length 2 of what follows | unit 1 | function 1 | data

An answer repeats transaction, unit and function, with bit 7 of the function set when it is an exception. Nothing else tells
requests from answers, and many look alike, so the side that sends decides; where nobody knows the sides, the data does (`pdu`).
What stands behind a function is one row of `functions`. On serial lines the same functions travel without the header: `rtu`.
"""

from collections.abc import Iterable, Iterator

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.modbus import umas
from otwatch.dissectors.modbus.functions import KNOWN
from otwatch.dissectors.modbus.pdu import EXCEPTION, NAME, is_plausible, said
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Event, Request

PREFIX = 6
"""Bytes that the length field does not count."""

MAX_LENGTH, MAX_UMAS_LENGTH = 254, 1100
"""UMAS negotiates messages longer than Modbus allows."""


def cut(read: Reader) -> Reader | None:
    """The next message by its length field. A length of 1 is cut, to be called malformed without losing what follows it."""
    left = read.left
    if left < PREFIX:
        return None
    protocol, length = read.ahead(">2xHH")
    if protocol:
        raise Malformed(f"protocol {protocol} is not 0", read.at + 2)
    longest = MAX_LENGTH if 1 <= length <= MAX_LENGTH else _longest(read)
    if not 1 <= length <= longest:
        raise Malformed(f"length {length} is not 2..{longest}", read.at + 4)
    return read.part(PREFIX + length) if left >= PREFIX + length else None


def _longest(read: Reader) -> int:
    """What the length field may say; UMAS is believed as long as the function is not here yet."""
    return MAX_UMAS_LENGTH if read.left < PREFIX + 2 or _code(read) == umas.CODE else MAX_LENGTH


def looks_like(read: Reader, hinted: bool) -> bool:
    """Whether this is Modbus: its header, and a function we know or at least one whole message.

    Away from its ports all messages must be whole and fit the layout of their function: other protocols, DICOM
    for one, have a length at the same place.
    """
    protocol, length = read.ahead(">2xHH")
    if protocol or not 1 <= length <= MAX_UMAS_LENGTH:
        return False
    if hinted and read.left >= PREFIX + 2 and _code(read) in KNOWN:
        cut(read)
        return True
    first = read.at
    while read.left:
        message = cut(read)
        if message is None or not (hinted or _is_plausible(message)):
            return hinted and read.at > first
    return True


def decode(read: Reader, is_request: bool | None) -> Iterable[Event]:
    """The request or the answer of one unit."""
    read.ticket(2)
    (unit,) = read.fields(">4xB")
    return said(read, unit, is_request)


def joined(request: Request, read: Reader) -> Iterator[Event]:
    """UMAS answers, which do not say what they answer."""
    if request.code != umas.CODE:
        return
    read.take(PREFIX + 2)
    yield from umas.joined(request, read)


def _is_plausible(message: Reader) -> bool:
    message.take(PREFIX + 1)
    return is_plausible(message)


def _code(read: Reader) -> int:
    (code,) = read.ahead(">7xB")
    return code & ~EXCEPTION


MODBUS = Dissector(
    name=NAME,
    title="Modbus",
    transports=frozenset({"tcp", "udp"}),
    ports=frozenset({502}),
    looks_like=looks_like,
    cut=cut,
    decode=decode,
    joined=joined,
    joins=umas.joins,
    marks=((2, frozenset({0})), (3, frozenset({0}))),
)
