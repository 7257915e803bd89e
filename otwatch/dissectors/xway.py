"""X-Way/UNI-TE of old Telemecanique and Schneider controllers (XIP), on TCP beside Modbus. Experimental: no public capture, no public
specification of its framing exists (domain/protocols.md 5).

    transaction 2 | protocol 2 = 1 | length 2 of what follows | X-Way header | UNI-TE request 1, category 1, data
                                                                             | UNI-TE answer 1, data

The header of the serial form is known: type 1 (20, or 22 for a message that the network refused), network, station, gate, two bytes of
extended addressing. Where there is another one, a pair of a known request and a category is looked for behind it, and a
message that ends with one of the two plain answers is that answer. Requests are certain; run, stop, init and reservation are not.
"""

from collections.abc import Iterable
from typing import NamedTuple

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, Answer, Details, Event, Request, Route, Verb

NAME = "xway"
PREFIX, LONGEST = 6, 1100
"""Bytes that the length does not count, and the most it may say: what other protocols of these controllers need."""
PROTOCOL = 1

_PLAIN, _UNDELIVERED = 0x20, 0x22
_ADDRESS = 6
_SEARCHED = range(8, 17)
"""Offsets at which a request may stand behind a header that is not known."""
_CATEGORIES = range(8)

DONE, REFUSED, MIRROR, MIRRORED, UNSOLICITED = 0xFE, 0xFD, 0xFA, 0xFB, 0xFC
_READ = 0x30
"""What an answer with data adds to the code of its request."""


class Kind(NamedTuple):
    """A request. `step` is what it is to a transfer (events.TRANSFER_STEPS)."""

    name: str
    verb: Verb
    step: str = ""


REQUESTS: dict[int, Kind] = {
    0x00: Kind("Read Internal Bit", Verb.READ),
    0x01: Kind("Read System Bit", Verb.READ),
    0x04: Kind("Read Internal Word", Verb.READ),
    0x05: Kind("Read Constant Word", Verb.READ),
    0x06: Kind("Read System Word", Verb.READ),
    0x0F: Kind("Identification", Verb.DISCOVER),
    0x10: Kind("Write Internal Bit", Verb.WRITE),
    0x11: Kind("Write System Bit", Verb.WRITE),
    0x14: Kind("Write Internal Word", Verb.WRITE),
    0x15: Kind("Write System Word", Verb.WRITE),
    0x1D: Kind("Reserve", Verb.SESSION),
    0x1E: Kind("Release", Verb.SESSION),
    0x24: Kind("Run", Verb.CONTROL),
    0x25: Kind("Stop", Verb.CONTROL),
    0x2D: Kind("Keep Alive", Verb.SESSION),
    0x31: Kind("Status", Verb.READ),
    0x33: Kind("Init", Verb.CONTROL),
    0x36: Kind("Read Objects", Verb.READ),
    0x37: Kind("Write Objects", Verb.WRITE),
    0x3A: Kind("Open Download", Verb.PROGRAM, "download-begin"),
    0x3B: Kind("Write Download", Verb.PROGRAM, "download-block"),
    0x3C: Kind("Close Download", Verb.PROGRAM, "download-end"),
    0x3D: Kind("Open Upload", Verb.PROGRAM, "upload-begin"),
    0x3E: Kind("Write Upload", Verb.PROGRAM, "upload-block"),
    0x3F: Kind("Close Upload", Verb.PROGRAM, "upload-end"),
    0x40: Kind("Read Internal Double Word", Verb.READ),
    0x41: Kind("Read Constant Double Word", Verb.READ),
    0x43: Kind("Read Input/Output Channel", Verb.READ),
    0x46: Kind("Write Internal Double Word", Verb.WRITE),
    0x48: Kind("Write Input/Output Channel", Verb.WRITE),
    MIRROR: Kind("Mirror", Verb.SESSION),
    UNSOLICITED: Kind("Unsolicited Data", Verb.WRITE),
}
"""domain/protocols.md 5.1."""


def cut(read: Reader) -> Reader | None:
    """The next message by its length."""
    if read.left < PREFIX:
        return None
    protocol, length = read.ahead(">2xHH")
    if protocol != PROTOCOL or not 1 <= length <= LONGEST:
        raise Malformed(f"protocol {protocol} is not 1, or length {length} is not 1..{LONGEST}", read.at + 2)
    return read.part(PREFIX + length) if read.left >= PREFIX + length else None


def looks_like(read: Reader, hinted: bool) -> bool:
    """Two whole messages, one behind the other and nothing else; away from its port both with the header that is known."""
    messages = 0
    while read.left >= PREFIX and read.ahead(">2xH")[0] == PROTOCOL:
        message = cut(read)
        if message is None or not (hinted or _is_addressed(message)):
            return False
        messages += 1
    return messages >= 2 and not read.left


def decode(read: Reader, is_request: bool | None) -> Iterable[Event]:
    """One request or answer. Where nobody knows the sides, what has a category is a request."""
    start = read.at
    read.ticket(2)
    read.take(PREFIX - 2)
    target: Route = ()
    if known := _is_addressed(Reader(read.data, start, read.end)):
        kind, network, station, gate = read.fields("4B")
        read.take(_ADDRESS - 4)
        if kind == _UNDELIVERED:
            return (_answer(UNNAMED, "not delivered", "0x22"),)
        target = (f"xway {network}.{station}.{gate}",)
    if not known:
        return _searched(read, start, is_request)
    asks = is_request
    if asks is None:
        asks = _is_request(read)
        read = Reader(read.data, read.at, read.end)  # what decided which side speaks must not be set aside
    return (_asked(read, target) if asks else _told(read),)


def joined(request: Request, read: Reader) -> Iterable[Event]:
    """How much of a program was read out."""
    if ("transfer", "upload-block") in request.details and _is_addressed(read):
        read.take(PREFIX + _ADDRESS + 1)
        yield _answer(request.code)._replace(details=(("bytes", str(read.left)),))


def _is_addressed(message: Reader) -> bool:
    """Whether the X-Way header of the serial form stands there, and something behind it."""
    return message.left > PREFIX + _ADDRESS and message.ahead("6xB")[0] in (_PLAIN, _UNDELIVERED)


def _is_request(read: Reader) -> bool:
    return read.left >= 2 and _is_pair(*read.ahead("BB"))


def _is_pair(code: int, category: int) -> bool:
    return code in REQUESTS and category in _CATEGORIES


def _searched(read: Reader, start: int, is_request: bool | None) -> Iterable[Event]:
    """Behind a header that is not known only the kind of request is looked for, and an answer by its last byte.

    Parts of an address may look like a request too: where all that do so do not mean the same, none of them is believed.
    """
    if is_request is not False:
        places = (Reader(read.data, min(start + offset, read.end), read.end) for offset in _SEARCHED)
        found = [_asked(place, ()) for place in places if _is_request(place)]
        if len({request.verb for request in found}) == 1:
            return found[:1]
    if is_request:
        return (_request(-1, "", (), ()),)
    (last,) = Reader(read.data, read.end - 1, read.end).fields("B")
    return (_plain(last) if last in (DONE, REFUSED) else _answer(UNNAMED),)


def _asked(read: Reader, target: Route) -> Request:
    code = read.u8()
    category = str(read.u8()) if read.left else ""
    size = (("bytes", str(read.left)),) if REQUESTS.get(code, _UNKNOWN).step == "download-block" else ()
    read.aside(read.left)
    return _request(code, category, target, size)


_UNKNOWN = Kind("", Verb.OTHER)


def _request(code: int, category: str, target: Route, size: Details) -> Request:
    kind = REQUESTS.get(code, _UNKNOWN)
    said = (("unite", f"0x{code:02x}" if code >= 0 else ""), ("category", category), ("transfer", kind.step))
    details = (*(detail for detail in said if detail[1]), *size)
    return Request(NAME, kind.verb, _named(code), code, target, details=details, one_way=code == UNSOLICITED)


def _named(code: int) -> str:
    """What nobody knows ends with its number, like unknown functions of all protocols."""
    kind = REQUESTS.get(code)
    if kind is None:
        return f"UNI-TE (experimental) 0x{code:02x}" if code >= 0 else "UNI-TE (experimental) request"
    return f"UNI-TE 0x{code:02x} {kind.name} (experimental)"


def _told(read: Reader) -> Answer:
    code = read.u8()
    read.aside(read.left)
    if code in (DONE, REFUSED):
        return _plain(code)
    asked = MIRROR if code == MIRRORED else code - _READ
    return _answer(asked if asked in REQUESTS else UNNAMED)


def _plain(code: int) -> Answer:
    """Done or refused, without saying what."""
    return _answer(UNNAMED, "refused", "0xfd") if code == REFUSED else _answer(UNNAMED)


def _answer(code: int, error: str = "", error_code: str = "") -> Answer:
    return Answer(NAME, "UNI-TE (experimental) answer" if code == UNNAMED else _named(code), code, error=error, error_code=error_code)


XWAY = Dissector(
    name=NAME,
    title="X-Way/UNI-TE (experimental)",
    transports=frozenset({"tcp"}),
    ports=frozenset({502}),
    looks_like=looks_like,
    cut=cut,
    decode=decode,
    joined=joined,
)
