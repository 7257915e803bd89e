"""DICOM: which imaging machines and archives talk to each other, by their association (PS3.8 9.3; PS3.7 D.3.3 for the implementation).

    type 1 | 0 | length 4 | version 2 | 0 2 | called title 16 | calling title 16 | 0 32 | items: type 1, 0, length 2, value
    type   1 A-ASSOCIATE-RQ, 2 -AC, 3 -RJ, 4 P-DATA, 5 and 6 A-RELEASE, 7 A-ABORT          0x50 user information: 0x52 class, 0x55 version

Of patients nothing is read: behind the association everything is only counted.
"""

from collections.abc import Iterator

from otwatch.dissectors.base import Dissector
from otwatch.dissectors.reader import Reader
from otwatch.errors import Malformed
from otwatch.events import Answer, Details, Event, Identity, Request, Verb, clean

NAME = "dicom"
REQUEST, ACCEPT, REJECT = 1, 2, 3
_ABOUT = frozenset(map(bytes, ([REQUEST], [ACCEPT], [REJECT])))
_HEAD, _FIXED, _LONGEST = 6, 68, 1 << 16
_USER, _VERSION = 0x50, 0x55
_CONTEXT, _CONTEXT_NAME = 0x10, b"1.2.840.10008.3.1.1.1"
"""The first item of every association: the application context of DICOM (PS3.7 A.2.1)."""

REASONS = {
    (1, 2): "application context not supported", (1, 3): "calling title not recognized", (1, 7): "called title not recognized",
    (2, 2): "protocol version not supported", (3, 1): "temporary congestion", (3, 2): "local limit exceeded",
}  # fmt: skip
"""PS3.8 table 9-21, by source and reason."""


class Association:
    """`is_over`: it was answered, or had begun before the capture."""

    __slots__ = ("is_over",)

    def __init__(self) -> None:
        self.is_over = False


def looks_like(read: Reader, _hinted: bool) -> bool:
    """A request for an association, with the application context of DICOM in it."""
    if read.u8() != REQUEST:
        return False
    read.take(5 + _FIXED)
    return read.u8() == _CONTEXT and read.take(1) == b"\0" and read.take(read.u16()) == _CONTEXT_NAME


def cut_in(read: Reader, _is_request: bool | None, session: object) -> Reader | None:
    """An answer or a question about the association; all there is behind it."""
    assert isinstance(session, Association)
    if session.is_over or read.peek() not in _ABOUT:
        return read.part(read.left)
    if read.left < _HEAD:
        return None
    (size,) = read.ahead(">2xI")
    if size > _LONGEST:
        raise Malformed(f"association of {size} bytes", read.at)
    return read.part(_HEAD + size) if read.left >= _HEAD + size else None


def decode_in(read: Reader, _is_request: bool | None, session: object) -> Iterator[Event]:
    assert isinstance(session, Association)
    if session.is_over or read.peek() not in _ABOUT:
        session.is_over = True
        return
    kind = read.u8()
    read.take(5)
    session.is_over = kind != REQUEST
    if kind == REJECT:
        source, reason = read.fields(">2xBB")
        yield Answer(NAME, "A-ASSOCIATE", REQUEST, error=REASONS.get((source, reason), "rejected"), error_code=f"{source}/{reason}")
        return
    called, calling, software = _association(read)
    if kind == REQUEST:
        yield Request(NAME, Verb.SESSION, "A-ASSOCIATE", REQUEST, details=(("called", called), ("calling", calling)))
        yield _who(calling, software)
    else:
        yield Answer(NAME, "A-ASSOCIATE", REQUEST)
        yield _who(called, software)


def _who(title: str, software: str) -> Event:
    fields: Details = (("application", f"DICOM {title}"), ("software", software))
    return Identity(NAME, (), tuple(field for field in fields if field[1]))


def _association(read: Reader) -> tuple[str, str, str]:
    """The titles, and the version of who speaks."""
    read.take(4)
    called, calling = (clean(read.take(16).strip()) for _ in range(2))
    read.take(32)
    software = ""
    while read.left:
        kind, value = _item(read)
        while kind == _USER and value.left:
            part, text = _item(value)
            if part == _VERSION:
                software = clean(text.rest())
        value.take(value.left)
    return called, calling, software


def _item(read: Reader) -> tuple[int, Reader]:
    kind = read.u8()
    read.take(1)
    return kind, read.part(read.u16())


DICOM = Dissector(
    name=NAME,
    title="DICOM",
    transports=frozenset({"tcp"}),
    ports=frozenset({104, 11112}),
    looks_like=looks_like,
    session=Association,
    cut_in=cut_in,
    decode_in=decode_in,
    over=lambda session: isinstance(session, Association) and session.is_over,
    ordered=True,
    names=True,
    marks=((0, frozenset({REQUEST})), (1, frozenset({0}))),
)
