"""The part of BER that SNMP and MMS use (ITU-T X.690; RFC 3417 section 8): definite lengths, and tags of one byte but for `tagged`."""

from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import clean
from otwatch.events.text import prose

INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
IP_ADDRESS, COUNTER32, GAUGE32, TIME_TICKS, OPAQUE, COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46
UNSIGNED = frozenset({COUNTER32, GAUGE32, TIME_TICKS, COUNTER64})
MISSING = {NULL: "null", 0x80: "noSuchObject", 0x81: "noSuchInstance", 0x82: "endOfMibView"}
MAX_ARCS = 128
"""Of an object identifier, and each arc below 2^32 (RFC 2578 3.5)."""


def element(read: Reader) -> tuple[int, Reader]:
    """The next tag, and a reader of what it holds."""
    tag = read.u8()
    if tag & 0x1F == 0x1F:
        raise Malformed("tag of several bytes", read.at - 1)
    return tag, read.part(length(read))


def tagged(read: Reader) -> tuple[int, int, Reader]:
    """The same with a tag of up to three bytes (8.1.2.4): class and form in the upper three bits, its number, what it holds."""
    first = read.u8()
    number = first & 0x1F
    if number == 0x1F:
        high = read.u8()
        number = high if high < 0x80 else (high & 0x7F) << 7 | read.u8()
    return first & 0xE0, number, read.part(length(read))


def length(read: Reader) -> int:
    """X.690 8.1.3, without the indefinite form."""
    first = read.u8()
    if first < 0x80:
        return first
    if not 0x81 <= first <= 0x84:
        raise Malformed(f"length form 0x{first:02x}", read.at - 1)
    return int.from_bytes(read.take(first & 0x7F))


def expect(read: Reader, tag: int) -> Reader:
    """The content of the next element, which must have this tag."""
    at = read.at
    found, body = element(read)
    if found != tag:
        raise Malformed(f"tag 0x{tag:02x} expected, 0x{found:02x} found", at)
    return body


def integer(body: Reader, signed: bool = True) -> int:
    """At most 64 bits, and a byte more where an unsigned number has a leading zero."""
    if not 1 <= body.left <= 9:
        raise Malformed(f"integer of {body.left} bytes", body.at)
    return int.from_bytes(body.rest(), signed=signed)


def oid(body: Reader) -> str:
    """X.690 8.19, dotted. The first number holds two arcs: 40 x + y."""
    numbers: list[int] = []
    while body.left or not numbers:
        numbers.append(_arc(body))
        if len(numbers) > MAX_ARCS:
            raise Malformed("object identifier too long", body.at)
    top = min(numbers[0] // 40, 2)
    return ".".join(map(str, (top, numbers[0] - 40 * top, *numbers[1:])))


def _arc(body: Reader) -> int:
    value = 0
    while True:
        byte = body.u8()
        value = value << 7 | byte & 0x7F
        if value >= 2**32:
            raise Malformed("arc beyond 32 bits", body.at - 1)
        if byte < 0x80:
            return value


def text(tag: int, body: Reader) -> str:
    """A value as people read it: numbers, printable text, else hex."""
    if tag == INTEGER or tag in UNSIGNED:
        return str(integer(body, tag == INTEGER))
    if tag == OID:
        return oid(body)
    if tag == IP_ADDRESS:
        return ".".join(map(str, body.fields(">4B")))
    raw = body.rest()
    if tag in MISSING:
        return MISSING[tag]
    return clean(raw) if tag == OCTETS and _is_text(raw) else clean(f"0x{raw.hex()}")


def described(body: Reader) -> str:
    """An octet string that describes something, on one line; hex where it is no text."""
    raw = body.rest()
    return prose(raw) if _is_text(raw) else clean(f"0x{raw.hex()}")


def ticket(read: Reader) -> None:
    """A number of 1 to 4 bytes that the answer repeats as it is."""
    number = expect(read, INTEGER)
    if not 1 <= number.left <= 4:
        raise Malformed(f"request id of {number.left} bytes", number.at)
    number.ticket(number.left)


def skip(read: Reader, tag: int) -> None:
    """Set aside the content of the next element, which must have this tag."""
    body = expect(read, tag)
    body.aside(body.left)


def _is_text(raw: bytes) -> bool:
    """Without control characters, but those that end lines; agents also send addresses and dates as octets."""
    return all((byte >= 0x20 and byte != 0x7F) or byte in b"\t\r\n" for byte in raw.rstrip(b"\0"))
