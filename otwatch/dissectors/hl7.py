"""HL7 version 2 over MLLP: which applications exchange which kinds of messages. What is said of patients is never looked at.

    0B | MSH|^~\\&|application|facility|application|facility|time||type|number|..., CR, further segments | 1C 0D

Only the header (MSH, HL7 2.9 chapter 2.14.9) is read, and of an acknowledgement its code (MSA-1). All other segments are passed unread.
"""

import re
from collections.abc import Iterable, Iterator

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import UNNAMED, Answer, Event, Identity, Request, Verb, clean

NAME = "hl7"
LONGEST = 1 << 16
_BEGIN, _END, _HEADER = b"\x0b", b"\x1c\r", b"MSH"
_TYPE = re.compile(r"[A-Z]{3}(\^[A-Z0-9]{3})?")
_ACKNOWLEDGES = "ACK"
_APPLICATION, _FACILITY, _KIND, _VERSION = 2, 3, 8, 11
RESULTS = {
    b"AE": "application error", b"AR": "application reject", b"CE": "commit error", b"CR": "commit reject",
}  # fmt: skip
"""HL7 table 0008."""


def cut(read: Reader) -> Reader | None:
    """The next message, between its marks. A longer one than is waited for is none: images may stand in them."""
    look = Reader(read.data, read.at, read.end)
    if look.peek() != _BEGIN:
        raise Malformed("a message does not begin with 0B", read.at)
    return None if look.until(_END, LONGEST) is None else read.part(look.at - read.at)


def looks_like(read: Reader, _: bool) -> bool:
    return read.take(5).startswith(_BEGIN + _HEADER)


def decode(read: Reader, _: bool | None) -> Iterable[Event]:
    """Who speaks to whom about what kind of thing."""
    read.take(1)
    at = read.at
    header = read.until(b"\r", LONGEST)
    if header is None or not header.startswith(_HEADER) or len(header) < 8:
        raise Malformed("the first segment is not MSH", at)
    fields = header.split(header.removeprefix(_HEADER).decode("latin-1")[0].encode("latin-1"))
    if len(fields) <= _VERSION:
        raise Malformed("the header ends before the version", at)
    told = clean(fields[_KIND])
    kind = told if (found := _TYPE.match(told)) is None else found[0]
    if kind.startswith(_ACKNOWLEDGES):
        yield _acknowledged(read)
    else:
        read.take(read.left)
        kind = kind if _TYPE.fullmatch(kind) else "message"
        yield Request(NAME, Verb.FILE, kind, 0, details=(("version", clean(fields[_VERSION])),))
    yield from _speaker(fields)


def _acknowledged(read: Reader) -> Answer:
    """The segment behind the header: MSA, and two letters."""
    begin = read.take(min(6, read.left))
    read.take(read.left)
    code = begin.removeprefix(b"MSA|") if begin.startswith(b"MSA|") else b""
    error = RESULTS.get(code, "")
    return Answer(NAME, "ACK", UNNAMED, error=error, error_code=clean(code) if error else "")


def _speaker(fields: list[bytes]) -> Iterator[Event]:
    said = (("application", clean(fields[_APPLICATION])), ("location", clean(fields[_FACILITY])))
    if facts := tuple(fact for fact in said if fact[1]):
        yield Identity(NAME, (), facts)


HL7 = Dissector(
    name=NAME,
    title="HL7",
    transports=frozenset({"tcp"}),
    ports=frozenset({2575}),
    looks_like=looks_like,
    cut=cut,
    decode=decode,
    tells=True,
    marks=((0, frozenset(_BEGIN)), (1, frozenset(b"M"))),
)
